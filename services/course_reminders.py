"""Reminding people of what waits for them on their courses: one thing a day at most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import structlog

from learning import local_time
from learning.courses import reminders as rules
from learning.courses.definition import Step
from learning.courses.reminders import CAUGHT_UP, Task, Told
from learning.courses.schedule import concerns
from learning.notices import Notice, QuietHours
from learning.people import Person, PersonId
from learning.sessions import Session
from services.course_paths import CoursePaths, Path, paths_of
from services.ports.clocks import Clock
from services.ports.course_due import Due, OtherDue
from services.ports.storage import NewUnitOfWork, UnitOfWork

log = structlog.get_logger()

AT_ONCE = 200
"""People of whom it is written in one transaction of what they are reminded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminding:
    """What one person is reminded of, as things stand now. `step` is None for what is no step;
    `sessions` are the dates that can still be chosen, where that is what waits."""

    person: Person
    path: Path
    task: Task
    today: date
    step: Step | None = None
    sessions: tuple[Session, ...] = ()


class CourseReminders:
    """`others` say what else than steps somebody may be reminded of."""

    def __init__(
        self,
        new_uow: NewUnitOfWork,
        clock: Clock,
        paths: CoursePaths,
        *,
        quiet: QuietHours,
        zone: ZoneInfo,
        others: Sequence[OtherDue] = (),
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._paths = paths
        self._quiet = quiet
        self._zone = zone
        self._others = others
        self._written: set[tuple[str | None, date]] = set()

    async def queue(self) -> None:
        """Write down of what people are reminded today; running it again changes nothing.

        Each time zone is looked at once a day, when it is time there.
        """
        now = self._clock.now()
        async with self._new_uow(glance=True) as uow:
            zones = await uow.course_nudges.zones()
        due = {
            (name, day)
            for name in zones
            if (day := rules.is_due(now, ZoneInfo(name) if name else self._zone))
        }
        if new := due - self._written:
            await self._write({name for name, _ in new}, now)
        self._written = due

    async def reminded_of(self, person_id: PersonId, notice: Notice) -> Reminding | None:
        """What this reminder is about if it still holds; None where it is done, over or of another day."""
        now = self._clock.now()
        async with self._new_uow(read_only=True) as uow:
            person = await uow.people.find(person_id)
            if person is None:
                return None
            zone = person.zone(self._zone)
            today = now.astimezone(zone).date()
            if notice.payload.get("day") != today.isoformat():
                return None
            paths = await paths_of(uow, person_id, self._zone)
            others = await self._others_due(uow, {person_id: today})
        about = notice.payload.get("course"), notice.payload.get("about")
        for path in paths:
            for task in self._tasks(path, others.get(person_id, ()), today, now):
                if (task.course_id, task.about) == about:
                    return self._reminding(person, path, task, today, now)
        return None

    async def _write(self, zones: set[str | None], now: datetime) -> None:
        paths, people = await self._everybody()
        wanted = {
            person.id: person
            for person in people.values()
            if person.timezone in zones and person.wants_nudges and person.is_reachable
        }
        todays = {i: now.astimezone(p.zone(self._zone)).date() for i, p in wanted.items()}
        ids = list(wanted)
        for start in range(0, len(ids), AT_ONCE):
            some = {i: todays[i] for i in ids[start : start + AT_ONCE]}
            await self._write_some(some, paths, wanted, now)

    async def _everybody(self) -> tuple[dict[PersonId, list[Path]], Mapping[PersonId, Person]]:
        """Where everybody stands on all of their courses."""
        async with self._new_uow(read_only=True) as uow:
            courses = await uow.courses.all()
        paths: dict[PersonId, list[Path]] = {}
        for running in courses:
            for path in await self._paths.of_course(running.id):
                paths.setdefault(path.enrolment.person_id, []).append(path)
        async with self._new_uow(read_only=True) as uow:
            return paths, await uow.people.among(paths)

    async def _write_some(
        self,
        todays: Mapping[PersonId, date],
        paths: Mapping[PersonId, Sequence[Path]],
        people: Mapping[PersonId, Person],
        now: datetime,
    ) -> None:
        since = local_time.at(min(todays.values()) - CAUGHT_UP, time.min, self._zone)
        notices: list[Notice] = []
        async with self._new_uow() as uow:
            told = await uow.course_nudges.told(list(todays), since)
            others = await self._others_due(uow, todays)
            for person_id, today in todays.items():
                said = rules.told_of(told.get(person_id, ()))
                own, due = paths[person_id], others.get(person_id, ())
                notice = self._reminder(people[person_id], own, due, said, today, now)
                notices += [notice] if notice else []
            await uow.outbox.add(notices)
            if notices:
                await uow.commit()
                log.info("course reminders written", people=len(notices))

    def _reminder(
        self,
        person: Person,
        paths: Sequence[Path],
        due: Sequence[Due],
        told: Told,
        today: date,
        now: datetime,
    ) -> Notice | None:
        tasks = [task for path in paths for task in self._tasks(path, due, today, now)]
        task = rules.chosen(tasks, told, today)
        if task is None:
            return None
        codes = {path.running.id: path.running.course.code for path in paths}
        zone, code = person.zone(self._zone), codes[task.course_id]
        return rules.reminder(task, code, person.id, today, self._quiet, zone)

    def _tasks(self, path: Path, due: Iterable[Due], today: date, now: datetime) -> list[Task]:
        running = path.running
        tasks = rules.step_tasks(running.id, running.course.steps, path.situation, today)
        if path.booking is None:
            live = running.course.live
            if live is not None and concerns(live, path.situation):
                booking = rules.booking_task(running.id, live, path.sessions, self._zone, now)
                tasks += [booking] if booking else []
        return tasks + [
            rules.other_task(each.course_id, each.kind, each.since)
            for each in due
            if each.course_id == running.id
        ]

    def _reminding(
        self, person: Person, path: Path, task: Task, today: date, now: datetime
    ) -> Reminding:
        step = path.step(task.about) if task.is_step else None
        is_booking = step is not None and step.live is not None
        open_ = tuple(s for s in path.sessions if s.is_open(now)) if is_booking else ()
        return Reminding(
            person=person, path=path, task=task, today=today, step=step, sessions=open_
        )

    async def _others_due(
        self, uow: UnitOfWork, todays: Mapping[PersonId, date]
    ) -> Mapping[PersonId, list[Due]]:
        found: dict[PersonId, list[Due]] = {}
        for each in self._others:
            for person_id, due in (await each.due(uow, list(todays), todays)).items():
                found.setdefault(person_id, []).append(due)
        return found
