"""Keeping the calendar series of each set, its Teams meeting and its attendees, up to date."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4
from zoneinfo import ZoneInfo

import structlog

from learning.courses import series, set_notices
from learning.courses.action_sets import ActionSet, SetState
from learning.people import Person
from services.ports.clocks import Clock
from services.ports.set_systems import SeriesCalendar, SeriesPlan
from services.ports.storage import NewUnitOfWork, UnitOfWork
from services.ports.systems import EventVanished
from services.set_books import set_step

if TYPE_CHECKING:
    from services.addresses import Addresses  # which knows people, who may leave their sets

log = structlog.get_logger()


async def changed(uow: UnitOfWork, set_id: int, now: datetime) -> None:
    """Who is in a set, who leads it, when it meets or whether it goes on has changed.

    Its calendar series follows once this transaction is through.
    """
    await uow.outbox.add([set_notices.series(set_id, now)])


class SetSeries:
    """Never two at once for one set: the outbox gives each series one writer."""

    def __init__(
        self,
        new_uow: NewUnitOfWork,
        calendar: SeriesCalendar,
        addresses: Addresses,
        clock: Clock,
        *,
        zone: ZoneInfo,
    ) -> None:
        self._new_uow = new_uow
        self._calendar = calendar
        self._addresses = addresses
        self._clock = clock
        self._zone = zone

    async def bring_up_to_date(self, set_id: int) -> bool:
        """Make, change, fill or cancel the series. False when there is nothing to do.

        Raises Unavailable or Rejected.
        """
        async with self._new_uow(read_only=True) as uow:
            found = await uow.sets.find(set_id)
            if found is None or found.state is SetState.PROPOSED:
                return False
            plan = await self._plan(uow, found)
            people = await self._people(uow, found)
        if found.state is SetState.MERGED or not people:
            return await self._remove(found, plan)
        if not any(starts > self._clock.now() for starts, _ in plan.dates):
            return False
        try:
            await self._update(found, plan, people)
        except EventVanished:
            log.warning("series vanished, making it again", set=set_id)
            await self._update(replace(found, event_id="", attempt=""), plan, people)
        return True

    async def _update(self, found: ActionSet, plan: SeriesPlan, people: list[Person]) -> None:
        attendees = await self._addresses.added(people)
        event_id, is_new = found.event_id, not found.event_id
        if is_new:
            found = found if found.attempt else await self._begin(found)
            try:
                event = await self._calendar.create(plan, attendees, found.attempt)
            except EventVanished:
                found = await self._begin(found)
                event = await self._calendar.create(plan, attendees, found.attempt)
            event_id = event.id
            await self._save(found, event_id=event_id, join_url=event.join_url)
        event = await self._calendar.change(event_id, plan, self._clock.now())
        if event.join_url and event.join_url != found.join_url:
            await self._save(found, event_id=event_id, join_url=event.join_url)
        if not is_new:
            await self._calendar.invite(event_id, attendees)

    async def _begin(self, found: ActionSet) -> ActionSet:
        """Name the attempt, and store the name before anything is asked for under it."""
        found = replace(found, attempt=f"learnweek-set-{uuid4()}")
        await self._save(found, event_id="", join_url="")
        return found

    async def _remove(self, found: ActionSet, plan: SeriesPlan) -> bool:
        if not found.attempt:
            return False
        try:
            event_id = found.event_id
            if (
                not event_id
            ):  # of a try that never answered: asked for once more, with nobody invited
                event_id = (await self._calendar.create(plan, (), found.attempt)).id
            await self._calendar.cancel(event_id, plan.subject)
        except EventVanished:
            log.info("series was gone already", set=found.id)
        await self._save(replace(found, attempt=""), event_id="", join_url="")
        return True

    async def _save(self, found: ActionSet, *, event_id: str, join_url: str) -> None:
        async with self._new_uow() as uow:
            now = await uow.sets.find(found.id, lock=True)
            if now is not None:
                await uow.sets.save(
                    replace(now, attempt=found.attempt, event_id=event_id, join_url=join_url)
                )
            await uow.commit()

    async def _plan(self, uow: UnitOfWork, found: ActionSet) -> SeriesPlan:
        running = await uow.courses.find(found.course_id)
        assert running is not None, "a set is of a course"
        step = set_step(running)
        assert step.sets is not None, "a step of this kind has a plan"
        meetings = await uow.sets.meetings(found.id)
        return SeriesPlan(
            subject=f"{found.name}: {running.course.title}",
            dates=tuple((m.starts_at, m.ends_at) for m in meetings),
            begins=series.rhythm([m.starts_at for m in meetings], step.sets.every, self._zone)
            if meetings
            else self._clock.now().astimezone(self._zone).replace(tzinfo=None),
            weeks=series.weeks(step.sets.every),
            zone=self._zone,
        )

    async def _people(self, uow: UnitOfWork, found: ActionSet) -> list[Person]:
        inside = [m.person_id for m in await uow.sets.members([found.id]) if m.is_in]
        if not inside:
            return []
        people = await uow.people.among([*inside, found.facilitator_id])
        return [people[i] for i in [*inside, found.facilitator_id] if i in people]
