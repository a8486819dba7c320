"""What organisers do to sets: move people, name a facilitator, change dates, confirm."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from learning import local_time, profiles
from learning.courses import series, set_notices
from learning.courses.action_sets import ActionSet, MeetingState, Member, SetState
from learning.errors import LearningError, NotFound
from learning.notices import QuietHours
from learning.people import Address, Person, PersonId
from services.ports.clocks import Clock
from services.ports.journal import Entry, What
from services.ports.storage import NewUnitOfWork, UnitOfWork
from services.set_books import SetBook, read_book
from services.set_life import SetLife
from services.set_series import changed

log = structlog.get_logger()

LONGEST_NAME = 60

NOT_AS_SEEN = (
    "Something has changed since you opened this page: look at it as it stands now, and press"
    " again."
)
WITH_MANAGER = "Nobody is put into a set with their own manager, nor with somebody they manage."


class Breaches(LearningError):
    """A rule would be broken that an organiser may break knowingly; `lines` say which."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(" ".join(lines))
        self.lines = lines


class SetChanges:
    """Every change is one transaction: the sets, who is told, what follows outside, the journal."""

    def __init__(
        self,
        new_uow: NewUnitOfWork,
        clock: Clock,
        life: SetLife,
        *,
        zone: ZoneInfo,
        quiet: QuietHours,
    ) -> None:
        self._life = life
        self._new_uow = new_uow
        self._clock = clock
        self._zone = zone
        self._quiet = quiet

    async def move(
        self,
        code: str,
        person_id: PersonId,
        to: int | None,
        *,
        by: PersonId,
        seen: str,
        knowingly: bool = False,
    ) -> None:
        """Put somebody into that set, or into none. Raises Breaches unless `knowingly`."""
        now = self._clock.now()
        async with self._new_uow() as uow:
            book = await self._seen(uow, code, seen)
            if person_id not in book.candidates:
                raise NotFound("person in these sets", person_id)
            left = book.set_of(person_id)
            into = None if to is None else book.find(to)
            if left is not None and into is not None and left.id == into.id:
                return
            if into is not None:
                self._check_managers(book, into, person_id)
            self._check(book, person_id, left, into, knowingly=knowingly)
            if left is not None:
                await self._leave(uow, left, person_id, now)
            if into is not None:
                await uow.sets.save_members(
                    [Member(set_id=into.id, person_id=person_id, joined_at=now)]
                )
            if into is not None and into.state is SetState.CONFIRMED:
                await self._tell(uow, into, self._everybody(book, into), now, why="members")
                await self._tell(uow, into, [person_id], now)
                await changed(uow, into.id, now)
            await uow.journal.note(
                Entry(
                    at=now,
                    by_id=by,
                    what=What.SET_CHANGED,
                    subject=book.running.course.title,
                    person_id=person_id,
                    before={"set": left.name if left else ""},
                    after={"set": into.name if into else ""},
                )
            )
            await uow.commit()
        log.info("moved between sets", course=book.running.id)

    async def rename(self, code: str, set_id: int, name: str, *, by: PersonId) -> None:
        name = " ".join(name.split())
        if not name or len(name) > LONGEST_NAME:
            raise LearningError(f"Give the set a name of at most {LONGEST_NAME} characters.")
        async with self._new_uow() as uow:
            book = await read_book(uow, code, lock=True)
            found = book.find(set_id)
            if any(s.name.casefold() == name.casefold() for s in book.sets if s.id != set_id):
                raise LearningError(f"There is another set called {name}.")
            await uow.sets.save(replace(await _held(uow, found), name=name))
            await self._note(uow, book, by, {"name": found.name}, {"name": name})
            if found.state is SetState.CONFIRMED:
                await changed(uow, set_id, self._clock.now())
            await uow.commit()

    async def facilitate(self, code: str, set_id: int, person: Person, *, by: PersonId) -> None:
        """Name who leads the set. Raises LearningError for a member, or a member's manager."""
        now = self._clock.now()
        async with self._new_uow() as uow:
            book = await read_book(uow, code, lock=True)
            found = book.find(set_id)
            if found.facilitator_id == person.id:
                return
            members = book.members[set_id]
            if person.id in members:
                raise LearningError("Whoever facilitates is no member of the set. Move them first.")
            known = await uow.profiles.find(person.id)
            above = known.manager_id if known else ""
            if above in members or any(book.candidates[i].manager_id == person.id for i in members):
                raise LearningError(WITH_MANAGER)
            if await uow.people.find(person.id) is None:
                await uow.people.save(person)
                if profiles.is_in_directory(person.id):
                    await uow.outbox.add([profiles.of_newcomer(person.id, now)])
            await uow.sets.save(replace(await _held(uow, found), facilitator_id=person.id))
            await self._life.pass_turns_on(uow, set_id, found.facilitator_id, now)
            if found.state is SetState.CONFIRMED:
                await self._tell(uow, found, [person.id], now)
                await self._tell(uow, found, members, now, why="facilitator")
                await changed(uow, set_id, now)
            await uow.journal.note(
                Entry(
                    at=now,
                    by_id=by,
                    what=What.SET_CHANGED,
                    subject=book.running.course.title,
                    person_id=person.id,
                    after={"facilitates": found.name},
                )
            )
            await uow.commit()

    async def move_meeting(
        self, code: str, set_id: int, number: int, to: datetime, *, by: PersonId
    ) -> None:
        """Have a meeting at another time; `to` is local, without a zone. Raises LearningError."""
        now = self._clock.now()
        try:
            starts = local_time.instant(to, self._zone)
        except (local_time.SkippedTime, local_time.RepeatedTime) as error:
            raise LearningError(
                "The clocks change over that time on that day. Choose another hour."
            ) from error
        async with self._new_uow() as uow:
            book = await read_book(uow, code, lock=True)
            found = book.find(set_id)
            meetings = book.meetings[set_id]
            meeting = next((m for m in meetings if m.number == number), None)
            if meeting is None:
                raise NotFound("meeting", number)
            if meeting.state is not MeetingState.PLANNED or meeting.starts_at <= now:
                raise LearningError("This meeting is over or under way, so it cannot be moved.")
            all_starts = [m.starts_at.astimezone(self._zone) for m in meetings]
            here = starts.astimezone(self._zone)
            if fault := series.may_be_moved(all_starts, number, here, now):
                raise LearningError(fault)
            if starts == meeting.starts_at:
                return
            lasts = meeting.ends_at - meeting.starts_at
            await uow.sets.save_meeting(replace(meeting, starts_at=starts, ends_at=starts + lasts))
            was = {f"meeting {number}": self._said(meeting.starts_at)}
            await self._note(uow, book, by, was, {f"meeting {number}": self._said(starts)})
            if found.state is SetState.CONFIRMED:
                await self._tell(uow, found, self._everybody(book, found), now, why="dates")
                await changed(uow, set_id, now)
            await uow.commit()

    async def confirm(self, code: str, *, by: PersonId, seen: str) -> int:
        """Confirm the whole proposal as it was seen; returns how many sets it had."""
        now = self._clock.now()
        async with self._new_uow() as uow:
            book = await self._seen(uow, code, seen)
            proposed = book.proposed
            if not proposed:
                raise LearningError("There is no proposal to confirm.")
            for each in proposed:
                if book.bent(each).managed:
                    raise LearningError(WITH_MANAGER)
                if not book.members[each.id]:
                    raise LearningError(f"{each.name} has no members. Propose sets once more.")
            for each in proposed:
                held = await _held(uow, each)
                await uow.sets.save(replace(held, state=SetState.CONFIRMED, confirmed_at=now))
                await self._tell(uow, held, self._everybody(book, held), now)
                await changed(uow, each.id, now)
                await uow.outbox.add([set_notices.chat(each.id, now)])
            await self._note(
                uow,
                book,
                by,
                {},
                {
                    "sets": str(len(proposed)),
                    "people": str(sum(len(book.members[s.id]) for s in proposed)),
                },
                what=What.SETS_CONFIRMED,
            )
            await uow.commit()
        log.info("sets confirmed", course=book.running.id, sets=len(proposed))
        return len(proposed)

    async def _seen(self, uow: UnitOfWork, code: str, seen: str) -> SetBook:
        """Held until commit. Raises LearningError where it is not what the organiser looked at."""
        book = await read_book(uow, code, lock=True)
        if book.version != seen:
            raise LearningError(NOT_AS_SEEN)
        return book

    def _check_managers(self, book: SetBook, into: ActionSet, person_id: PersonId) -> None:
        """The one rule that nobody overrides."""
        own = book.candidates[person_id]
        if person_id == into.facilitator_id:
            raise LearningError("They facilitate this set, so they cannot be a member of it.")
        leads = book.profiles.get(into.facilitator_id)
        others = [book.candidates[i] for i in book.members[into.id]]
        around = {into.facilitator_id, *(c.person_id for c in others)} - {PersonId("")}
        managed = {c.manager_id for c in others} | {leads.manager_id if leads else ""}
        if own.manager_id in around or person_id in managed:
            raise LearningError(WITH_MANAGER)

    def _check(
        self,
        book: SetBook,
        person_id: PersonId,
        left: ActionSet | None,
        into: ActionSet | None,
        *,
        knowingly: bool,
    ) -> None:
        """Raises Breaches for what would be broken and is not broken already."""
        touched = [s for s in (left, into) if s is not None]
        after = {s.id: tuple(i for i in book.members[s.id] if i != person_id) for s in touched}
        if into is not None:
            after[into.id] = (*after[into.id], person_id)
        before = book.breaches(touched)
        broken = [line for line in book.breaches(touched, after) if line not in before]
        if broken and not knowingly:
            raise Breaches(broken)

    async def _leave(
        self, uow: UnitOfWork, left: ActionSet, person_id: PersonId, now: datetime
    ) -> None:
        """Out of a set that is confirmed as if they had left it themselves: the others are told."""
        if left.state is SetState.PROPOSED:
            await uow.sets.remove_member(left.id, person_id)
        else:
            await self._life.leave_all(uow, person_id, left.course_id, now)

    async def _tell(
        self,
        uow: UnitOfWork,
        action_set: ActionSet,
        people: Iterable[PersonId],
        now: datetime,
        *,
        why: str = "",
    ) -> None:
        ids = list(people)
        known = await uow.people.among(ids)
        near: Address | None = None
        if any(p.welcomed_at is None for p in known.values()):
            near = await uow.people.any_address()
        notices = [
            set_notices.card(
                action_set.id,
                i,
                now,
                due=self._quiet.shift(now + set_notices.BREATH, known[i].zone(self._zone)),
                why=why,
                near=near if known[i].welcomed_at is None else None,
            )
            for i in ids
            if i in known
        ]
        await uow.outbox.add(notices)

    def _everybody(self, book: SetBook, each: ActionSet) -> list[PersonId]:
        leads = [each.facilitator_id] if each.facilitator_id else []
        return [*book.members[each.id], *leads]

    async def _note(
        self,
        uow: UnitOfWork,
        book: SetBook,
        by: PersonId,
        before: dict[str, str],
        after: dict[str, str],
        *,
        what: What = What.SET_CHANGED,
    ) -> None:
        await uow.journal.note(
            Entry(
                at=self._clock.now(),
                by_id=by,
                what=what,
                subject=book.running.course.title,
                before=before,
                after=after,
            )
        )

    def _said(self, at: datetime) -> str:
        local = at.astimezone(self._zone)
        return f"{local.day} {local:%B %Y, %H:%M}"


async def _held(uow: UnitOfWork, action_set: ActionSet) -> ActionSet:
    """As it is now, held until commit: its calendar series may just have been made."""
    held = await uow.sets.find(action_set.id, lock=True)
    assert held is not None, "sets of a course that is held do not go away"
    return held
