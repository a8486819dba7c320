"""Who is on a session, as organisers see it, and how they add, move and take off somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from learning import bookings, errors, notices, profiles
from learning.attendance import Outcome
from learning.bookings import Booking, BookingState
from learning.errors import LearningError, NotFound
from learning.notices import Kind
from learning.people import FORGOTTEN, Person, PersonId
from learning.profiles import Profile
from learning.sessions import Session, SessionId
from services.booking import check_clash
from services.course_places import check_on_course, other_date
from services.places import Places
from services.ports.clocks import Clock
from services.ports.journal import Entry, What
from services.ports.storage import NewUnitOfWork, UnitOfWork
from services.ports.systems import Colleagues, Rejected, Unavailable

log = structlog.get_logger()

SOURCE = "desk"
MOST_FOUND = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendant:
    """Somebody on a roster; `position` counts from 1 and is 0 unless they wait."""

    person: Person
    booking: Booking
    position: int = 0
    profile: Profile | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Everybody with a live booking, in the order of asking."""

    session: Session
    booked: tuple[Attendant, ...] = ()
    offered: tuple[Attendant, ...] = ()
    waiting: tuple[Attendant, ...] = ()

    @property
    def everybody(self) -> tuple[Attendant, ...]:
        return self.booked + self.offered + self.waiting

    def find(self, person_id: PersonId) -> Attendant | None:
        return next((a for a in self.everybody if a.person.id == person_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Who may be meant. `is_whole`: the directory was asked as well, and answered."""

    people: tuple[Person, ...]
    is_whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """Where somebody stands now. Without `is_new` they stood there before, and nothing was done."""

    session: Session
    booking: Booking
    position: int = 0
    is_new: bool = True


class Rosters:
    """Every change is one transaction: the places, the queue, who is told, and the journal."""

    def __init__(
        self, new_uow: NewUnitOfWork, clock: Clock, places: Places, colleagues: Colleagues
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._places = places
        self._colleagues = colleagues

    async def roster(self, session_id: SessionId) -> Roster:
        """Raises NotFound."""
        async with self._new_uow(read_only=True) as uow:
            session = await uow.sessions.get(session_id)
            live = [b for b in await uow.bookings.of_session(session_id) if b.is_live]
            ids = [b.person_id for b in live]
            people = await uow.people.among(ids)
            known = await uow.profiles.among(ids)
            outcomes = {o.who: o for o in await uow.attendance.outcomes(session_id)}
        return Roster(
            session=session,
            booked=_attendants(live, BookingState.BOOKED, people, known, outcomes),
            offered=_attendants(live, BookingState.OFFERED, people, known, outcomes),
            waiting=_attendants(live, BookingState.WAITING, people, known, outcomes),
        )

    async def search(self, words: str) -> Found:
        """People by their name or mail address: those we know, then others in the directory."""
        words = " ".join(words.split())
        if not words:
            return Found(people=())
        async with self._new_uow(read_only=True) as uow:
            known = await uow.people.named(words, MOST_FOUND)
        try:
            others = await self._colleagues.called(words, MOST_FOUND)
        except (Unavailable, Rejected) as error:
            log.warning("colleagues not found", reason=str(error))
            return Found(people=tuple(known), is_whole=False)
        ids = {p.id for p in known}
        people = [*known, *(p for p in others if p.id not in ids)]
        return Found(people=tuple(people[:MOST_FOUND]))

    async def find(self, person_id: PersonId) -> Person:
        """Somebody we know, or who is in the directory. Raises NotFound."""
        async with self._new_uow(glance=True) as uow:
            person = await uow.people.find(person_id)
        if person_id.startswith(FORGOTTEN):
            raise NotFound("person", person_id)
        if person is not None:
            return person
        if not profiles.is_in_directory(person_id):
            raise NotFound("person", person_id)
        try:
            colleague = await self._colleagues.find(person_id)
        except (Unavailable, Rejected) as error:
            log.warning("colleague not found", reason=str(error))
            colleague = None
        if colleague is None:
            raise NotFound("person", person_id)
        return colleague

    async def add(
        self,
        session_id: SessionId,
        person_id: PersonId,
        *,
        by: PersonId,
        may_wait: bool = False,
        despite_clash: bool = False,
    ) -> Placing:
        """Book for somebody, or have them wait if they may. Raises Refused or NotFound."""
        person, now = await self.find(person_id), self._clock.now()
        async with self._new_uow() as uow:
            session = await uow.sessions.get(session_id, lock=True)
            own = await uow.bookings.live(session_id, person.id)
            if own is not None:
                return await _placing(uow, session, own, is_new=False)
            await self._know(uow, person, now)
            session, booking = await self._place(
                uow, session, person.id, now, may_wait=may_wait, despite_clash=despite_clash
            )
            near = await uow.people.any_address() if person.welcomed_at is None else None
            hello = {"service_url": near.service_url, "tenant_id": near.tenant_id} if near else {}
            await uow.outbox.add([notices.to_person(Kind.ADDED, person.id, session, now, **hello)])
            await uow.journal.note(
                Entry(
                    at=now,
                    by_id=by,
                    what=What.PERSON_ADDED,
                    subject=_named(session),
                    session_id=session.id,
                    person_id=person.id,
                    after={"place": booking.state},
                )
            )
            placing = await _placing(uow, session, booking)
            await uow.commit()
        log.info("person added", session=session_id, state=booking.state)
        return placing

    async def move(
        self,
        person_id: PersonId,
        from_id: SessionId,
        to_id: SessionId,
        *,
        by: PersonId,
        may_wait: bool = False,
        despite_clash: bool = False,
    ) -> Placing:
        """Give somebody's place on one session back and book another for them: both or neither.

        Raises Refused, with the reason.
        """
        if from_id == to_id:
            raise LearningError("Choose another session: this is the one they are on.")
        now = self._clock.now()
        async with self._new_uow() as uow:
            # By id, as everybody does who holds more than one: then nobody waits for each other.
            held = {i: await uow.sessions.get(i, lock=True) for i in sorted((from_id, to_id))}
            left, to = held[from_id], held[to_id]
            own = await uow.bookings.live(from_id, person_id)
            there = await uow.bookings.live(to_id, person_id)
            if own is None and there is not None:
                return await _placing(uow, to, there, is_new=False)
            given = bookings.give_back(left, own, now)
            await self._places.change(uow, left, own, given, now)
            if there is not None:
                raise errors.AlreadyBooked(to_id)
            to, booking = await self._place(
                uow, to, person_id, now, may_wait=may_wait, despite_clash=despite_clash
            )
            await uow.outbox.add([notices.to_person(Kind.MOVED, person_id, to, now, left=left.id)])
            was, now_is = {"place": str(own.state if own else "")}, {"place": str(booking.state)}
            if was == now_is:
                was, now_is = {}, {}
            await uow.journal.note(
                Entry(
                    at=now,
                    by_id=by,
                    what=What.PERSON_MOVED,
                    subject=_named(left),
                    session_id=left.id,
                    person_id=person_id,
                    before={"session": _named(left), **was},
                    after={"session": _named(to), **now_is},
                )
            )
            placing = await _placing(uow, to, booking)
            await uow.commit()
        log.info("person moved", session=from_id, to=to_id, state=booking.state)
        return placing

    async def take_off(self, session_id: SessionId, person_id: PersonId, *, by: PersonId) -> bool:
        """Give somebody's place, offer or place in the queue back; the next in line gets it.

        False where they had none. Raises Refused.
        """
        now = self._clock.now()
        async with self._new_uow() as uow:
            session = await uow.sessions.get(session_id, lock=True)
            own = await uow.bookings.live(session_id, person_id)
            if own is None:
                return False
            given = bookings.give_back(session, own, now)
            session, _ = await self._places.change(uow, session, own, given, now)
            await uow.outbox.add([notices.to_person(Kind.TAKEN_OFF, person_id, session, now)])
            await uow.journal.note(
                Entry(
                    at=now,
                    by_id=by,
                    what=What.PERSON_REMOVED,
                    subject=_named(session),
                    session_id=session.id,
                    person_id=person_id,
                    before={"place": own.state},
                )
            )
            await uow.commit()
        log.info("person taken off", session=session_id)
        return True

    async def _place(
        self,
        uow: UnitOfWork,
        session: Session,
        person_id: PersonId,
        now: datetime,
        *,
        may_wait: bool,
        despite_clash: bool,
    ) -> tuple[Session, Booking]:
        await check_on_course(uow, session, person_id, lock=True)
        placed = bookings.place(session, None, person_id, now, source=SOURCE, may_wait=may_wait)
        if other := await other_date(uow, session, person_id, now):
            raise errors.OtherDate(session.id, other.id)
        if not despite_clash:
            await check_clash(uow, session, person_id)
        return await self._places.change(uow, session, None, placed, now)

    async def _know(self, uow: UnitOfWork, person: Person, now: datetime) -> None:
        """Somebody from the directory becomes known by it."""
        if await uow.people.find(person.id) is None:
            await uow.people.save(person)
            if profiles.is_in_directory(person.id):
                await uow.outbox.add([profiles.of_newcomer(person.id, now)])


def _attendants(
    live: Sequence[Booking],
    state: BookingState,
    people: Mapping[PersonId, Person],
    known: Mapping[PersonId, Profile],
    outcomes: Mapping[str, Outcome],
) -> tuple[Attendant, ...]:
    those = [b for b in live if b.state is state]
    return tuple(
        Attendant(
            person=people[b.person_id],
            booking=b,
            position=number if state is BookingState.WAITING else 0,
            profile=known.get(b.person_id),
            outcome=outcomes.get(b.person_id),
        )
        for number, b in enumerate(those, 1)
    )


async def _placing(
    uow: UnitOfWork, session: Session, booking: Booking, *, is_new: bool = True
) -> Placing:
    waits = booking.state is BookingState.WAITING
    position = await uow.bookings.position(booking) if waits else 0
    return Placing(session=session, booking=booking, position=position, is_new=is_new)


def _named(session: Session) -> str:
    return f"{session.code} {session.title}".strip()
