"""Who was there: taken in from systems, said by people, corrected by organisers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from learning import attendance as rules
from learning import notices
from learning.attendance import (
    BY_HAND,
    FORGOTTEN_MARK,
    GUEST,
    Attendee,
    Change,
    Named,
    Outcome,
    Presence,
    Record,
    Seen,
    Source,
    Who,
    mark_of,
)
from learning.bookings import BookingState
from learning.errors import LearningError
from learning.people import FORGOTTEN, Person, PersonId
from learning.sessions import Session, SessionId
from services.doors import Doors
from services.ports.clocks import Clock
from services.ports.storage import NewUnitOfWork, UnitOfWork

log = structlog.get_logger()

NAMES_KEPT = timedelta(days=30)
"""How long after a session a guest's name, typed by whoever checked them in, is kept."""

MARKS_KEPT = rules.ASKED_FOR + timedelta(days=2)
"""Longer than systems are asked after a session, and asked again where they do not answer."""

MANY = 50
LONGEST_NAME = 100


class NotNow(LearningError):
    """Too early or too late to say who is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """A session's people in the order of their names, and what was changed by hand, oldest first."""

    session: Session
    attendees: tuple[Attendee, ...]
    changes: tuple[Change, ...] = ()

    def named(self, who: Who) -> str:
        return next((a.name for a in self.attendees if a.who == who and a.name), "")

    @property
    def booked(self) -> list[Attendee]:
        return [a for a in self.attendees if a.is_booked]


class AttendanceService:
    def __init__(self, new_uow: NewUnitOfWork, clock: Clock, doors: Doors, *, share: float) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._doors = doors
        self._share = share

    async def of(self, session_id: SessionId) -> Attendance:
        """Who is booked, and who was there as far as is known. Raises NotFound."""
        async with self._new_uow(read_only=True) as uow:
            return await _attendance(uow, await uow.sessions.get(session_id))

    async def take_in(self, session_id: SessionId, seen: Sequence[Seen]) -> int:
        """Keep what a system tells and settle anew; how many records were new."""
        now = self._clock.now()
        async with self._new_uow() as uow:
            session = await uow.sessions.get(session_id, lock=True)
            known = {r.key: r for r in await uow.attendance.records(session_id)}
            records = await self._identified(uow, session, seen, known)
            await uow.attendance.keep(records, now)
            await self._settle(uow, session)
            await uow.commit()
        return sum(record.key not in known for record in records)

    async def tick(
        self,
        session_id: SessionId,
        came: Iterable[Who],
        came_not: Iterable[Who] = (),
        *,
        by: PersonId,
        guests: Iterable[str] = (),
    ) -> list[str]:
        """Check people in, or take that back, as their card says; others are named.

        Returns the names that more than one person bears: of them nobody was checked in. Raises
        NotNow.
        """
        unclear: list[str] = []
        async with self._new_uow() as uow:
            session = await uow.sessions.get(session_id, lock=True)
            if not rules.may_be_checked_in(session, self._clock.now()):
                raise NotNow("People can be checked in from an hour before the start.")
            whole = await _attendance(uow, session)
            ids = {a.who: "" for a in whole.attendees if a.who in set(came)}
            for name in dict.fromkeys(" ".join(g.split())[:LONGEST_NAME] for g in guests):
                found = await self._called(uow, whole, name) if name else []
                exact = [p for p in found if p.name.casefold() == name.casefold()]
                if len(exact) > 1:
                    unclear.append(name)
                elif exact:
                    ids[exact[0].who] = ""
                elif name:
                    ids.setdefault(f"{GUEST}{self._doors.guest(session_id, name)}", name)
            for who, name in ids.items():
                await self._check_in(uow, session_id, who, Source.CHECK_IN, by, name)
            for who in came_not:
                await self._take_back(uow, session_id, who, by)
            await self._settle(uow, session)
            await uow.commit()
        return unclear

    async def arrive(self, person_id: PersonId, session_id: SessionId) -> Session:
        """Somebody stands at the door and has typed its word. Raises NotNow."""
        async with self._new_uow() as uow:
            session = await uow.sessions.get(session_id, lock=True)
            if not rules.is_at_the_door(session, self._clock.now()):
                raise NotNow("You can check in from half an hour before the start.")
            await self._check_in(uow, session_id, person_id, Source.DOOR, person_id, "")
            await uow.commit()
        log.info("arrived", session=session_id)
        return session

    async def correct(
        self, session_id: SessionId, who: Who, state: Presence, *, by: PersonId, why: str
    ) -> Outcome:
        """What an organiser knows better; kept with who says so, why, and what was said before."""
        async with self._new_uow() as uow:
            session = await uow.sessions.get(session_id, lock=True)
            if not rules.may_be_checked_in(session, self._clock.now()):
                raise NotNow("Nobody can have been there yet.")
            before = await uow.attendance.outcome(session_id, who)
            after = rules.by_hand(
                before,
                session_id,
                who,
                state,
                Source.CORRECTION,
                changed_by=by,
                now=self._clock.now(),
                why=why,
            )
            await uow.attendance.save([after])
            await uow.attendance.add_change(rules.change(before, after))
            await uow.commit()
        log.info("attendance corrected", session=session_id)
        return after

    async def called(self, session_id: SessionId, name: str) -> list[Named]:
        """Who may be meant: somebody of this session first, then anybody we know."""
        async with self._new_uow(read_only=True) as uow:
            whole = await _attendance(uow, await uow.sessions.get(session_id))
            return await self._called(uow, whole, name)

    async def name_of(self, who: Who) -> str:
        async with self._new_uow(glance=True) as uow:
            person = await uow.people.find(PersonId(who))
        return person.name or person.email if person else ""

    async def may_check_in(self, person_id: PersonId, session_id: SessionId) -> bool:
        """Whether an organiser let this person say who is there."""
        async with self._new_uow(glance=True) as uow:
            return person_id in await uow.attendance.helpers(session_id)

    async def let(self, session_id: SessionId, person_id: PersonId, *, by: PersonId) -> None:
        async with self._new_uow() as uow:
            await uow.attendance.let(session_id, person_id, by, self._clock.now())
            await uow.commit()

    async def let_no_more(self, session_id: SessionId, person_id: PersonId) -> None:
        async with self._new_uow() as uow:
            await uow.attendance.let_no_more(session_id, person_id)
            await uow.commit()

    async def ask_again(self, session_id: SessionId) -> bool:
        """Have its system asked once more; False before its end, and a week later."""
        now = self._clock.now()
        async with self._new_uow() as uow:
            session = await uow.sessions.get(session_id)
            if not rules.is_asked_for(session, now):
                return False
            await uow.outbox.add([notices.attendance(session, now, again=True)])
            await uow.commit()
        return True

    async def forget_guests(self) -> int:
        """Names of guests are kept for a month, and marks of the forgotten until they have served."""
        now = self._clock.now()
        async with self._new_uow() as uow:
            gone = await uow.attendance.forget_guests(now - NAMES_KEPT, now - MARKS_KEPT)
            await uow.commit()
        return gone

    async def _settle(self, uow: UnitOfWork, session: Session) -> None:
        standing = {o.who: o for o in await uow.attendance.outcomes(session.id)}
        settled = rules.settled(
            session,
            await uow.attendance.records(session.id),
            await _booked(uow, session.id),
            standing.values(),
            share=self._share,
            now=self._clock.now(),
        )
        await uow.attendance.save(
            [o for o in settled if not rules.unchanged(standing.get(o.who), o)]
        )
        gone = standing.keys() - {o.who for o in settled}
        await uow.attendance.remove(session.id, sorted(gone))

    async def _check_in(
        self,
        uow: UnitOfWork,
        session_id: SessionId,
        who: Who,
        source: Source,
        by: PersonId,
        name: str,
    ) -> None:
        """Nothing changes for somebody who is checked in, or of whom an organiser has decided."""
        before = await uow.attendance.outcome(session_id, who)
        if before is not None and before.is_by_hand:
            return
        after = rules.by_hand(
            before,
            session_id,
            who,
            Presence.ATTENDED,
            source,
            changed_by=by,
            now=self._clock.now(),
            name=name,
        )
        await uow.attendance.save([after])
        await uow.attendance.add_change(rules.change(before, after))

    async def _take_back(
        self, uow: UnitOfWork, session_id: SessionId, who: Who, by: PersonId
    ) -> None:
        """A tick that is taken away leaves what systems say."""
        before = await uow.attendance.outcome(session_id, who)
        if before is None or before.source not in BY_HAND - {Source.CORRECTION}:
            return
        await uow.attendance.remove(session_id, [who])
        taken = rules.change(before, replace(before, changed_by=by, changed_at=self._clock.now()))
        await uow.attendance.add_change(replace(taken, state=""))

    async def _called(self, uow: UnitOfWork, whole: Attendance, name: str) -> list[Named]:
        here = [Named(who=a.who, name=a.name, email=a.email) for a in whole.attendees if a.name]
        if not name.split():
            return []
        key = max(name.split(), key=len)
        others = [
            Named(who=p.id, name=p.name, email=p.email) for p in await uow.people.named(key, MANY)
        ]
        everybody = rules.called(name, [*here, *others])
        nearby = {p.who for p in here}
        return [p for p in everybody if p.who in nearby] or everybody

    async def _identified(
        self,
        uow: UnitOfWork,
        session: Session,
        seen: Sequence[Seen],
        known: Mapping[tuple[str, str, str, str], Record],
    ) -> list[Record]:
        """Whose presence each is: by account, then by mail address, else a guest's.

        A colleague who never wrote to us becomes known by it; one who asked to be forgotten does not.
        """
        forgotten = {r.record: r.who for r in known.values() if r.system == FORGOTTEN_MARK}
        people = await uow.people.among({PersonId(s.account.casefold()) for s in seen if s.account})
        by_email = {
            p.email.casefold(): p for p in await uow.people.with_emails(s.email for s in seen)
        }
        records: list[Record] = []
        for each in seen:
            key = (str(each.system), each.meeting, each.report, each.record)
            if key in known:
                who = known[key].who
            elif (mark := mark_of(session.id, each.account or each.email)) in forgotten:
                who = forgotten[mark]
            elif each.account:
                person_id = PersonId(each.account.casefold())
                if person_id not in people and not person_id.startswith(FORGOTTEN):
                    person = Person(id=person_id, name=each.name[:300], email=each.email[:320])
                    await uow.people.save(person)
                    people[person_id] = person
                    by_email.setdefault(each.email.casefold(), person)
                who = person_id
            elif each.email and each.email.casefold() in by_email:
                who = by_email[each.email.casefold()].id
            else:
                said = each.email or each.name or f"{each.report}:{each.record}"
                who = f"{GUEST}{self._doors.guest(session.id, said)}"
            records.append(_record(session.id, each, who))
        return records


def _record(session_id: SessionId, seen: Seen, who: Who) -> Record:
    return Record(
        session_id=session_id,
        system=seen.system,
        meeting=seen.meeting,
        report=seen.report,
        record=seen.record,
        who=who,
        is_organiser=seen.is_organiser,
        spans=seen.spans,
        seconds=seen.seconds,
    )


async def _booked(uow: UnitOfWork, session_id: SessionId) -> list[PersonId]:
    roster = await uow.bookings.of_session(session_id)
    return [b.person_id for b in roster if b.state is BookingState.BOOKED]


async def _attendance(uow: UnitOfWork, session: Session) -> Attendance:
    booked = await _booked(uow, session.id)
    outcomes = {o.who: o for o in await uow.attendance.outcomes(session.id)}
    ids: set[Who] = {*booked, *outcomes}
    changes = await uow.attendance.changes(session.id)
    people = await uow.people.among(PersonId(who) for who in ids if not rules.is_guest(who))
    attendees = [
        Attendee(
            who=who,
            name=person.name
            if (person := people.get(PersonId(who)))
            else _guest_name(outcomes, who),
            email=person.email if person else "",
            is_booked=who in booked,
            outcome=outcomes.get(who),
        )
        for who in ids
    ]
    return Attendance(
        session=session,
        attendees=tuple(sorted(attendees, key=lambda a: (a.name.casefold(), a.who))),
        changes=tuple(changes),
    )


def _guest_name(outcomes: Mapping[Who, Outcome], who: Who) -> str:
    return outcomes[who].name if who in outcomes else ""
