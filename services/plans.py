"""Plan my week: sessions to somebody's interests that fit into their diary, booked in one go."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import structlog

from language.calendar import When
from learning import errors, local_time, plans
from learning.people import Person, PersonId
from learning.plans import Candidate, Looked, Outcome, Proposal, Result, Span
from learning.sessions import Format, Session, SessionId, by_time
from services.addresses import Addresses
from services.booking import BookingService
from services.catalogue import Catalogue
from services.people import PeopleService
from services.ports.clocks import Clock
from services.ports.profiles import Diary
from services.ports.systems import Rejected, Unavailable

log = structlog.get_logger()

FOUND = 60
"""Sessions that are looked at for each interest."""

LONGEST = timedelta(days=28)
"""A plan is for no more days than that."""

FURTHEST = timedelta(days=3 * 366)
"""And for none that are further away."""

PATIENCE = 4.0
"""Seconds that a calendar may take to tell: Teams waits ten for an answer."""

FULL, RESOURCES, TOPICS = 3, 2, 3
"""Full sessions, resources, and topics of earlier bookings that a plan goes by, at most."""

SOURCE = "plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """From one moment to another, and what of the days between is wanted."""

    start: datetime
    end: datetime
    when: When


class PlanService:
    """Free and busy are asked for at the moment of planning, for who asks; nothing of it is kept."""

    def __init__(
        self,
        catalogue: Catalogue,
        bookings: BookingService,
        people: PeopleService,
        addresses: Addresses,
        diary: Diary | None,
        clock: Clock,
    ) -> None:
        self._catalogue = catalogue
        self._bookings = bookings
        self._people = people
        self._addresses = addresses
        self._diary = diary
        self._clock = clock

    async def propose(
        self,
        person: Person,
        interests: Sequence[str],
        zone: ZoneInfo,
        *,
        most: int = plans.USUAL,
        when: When | None = None,
        guessed: bool = False,
    ) -> Proposal:
        """The best set of sessions to these interests that this person has time for."""
        proposal = Proposal(interests=tuple(interests), most=most, guessed=guessed)
        days = await self._days(when, zone)
        if days is None:
            return replace(proposal, missing=proposal.interests)
        found = {i: await self._about(i, days, zone) for i in interests}
        mine = [s.session for s in await self._bookings.mine(person.id)]
        ahead = [s for s in mine if s.starts_at is not None and not s.is_cancelled]
        busy, looked = await self._busy(person, days)
        fresh = {c.session.id: c for some in found.values() for c in some}
        profile = (await self._people.data_of(person.id)).profile
        fits = [
            replace(candidate, worth=candidate.worth + plans.suits(candidate.session, profile))
            for candidate in (_joined(s, found) for s in fresh)
            if not any(s.id == candidate.session.id for s in mine)
            and not any(plans.clashes(s, candidate.session) for s in ahead)
            and not plans.is_taken(candidate.session, busy)
        ]
        free = [c for c in fits if c.session.places_left != 0]
        full = [c for c in fits if c.session.places_left == 0 and c.session.details.waiting_list]
        chosen = await self._catalogue.aside(partial(plans.best, free, most))
        missing = tuple(i for i in interests if not found[i])
        return replace(
            proposal,
            sessions=tuple(c.session for c in chosen),
            full=tuple(by_time(c.session for c in _likeliest(full, FULL))),
            missing=missing,
            resources=tuple(await self._instead(missing)),
            looked=looked,
        )

    async def book(self, person_id: PersonId, ids: Sequence[SessionId]) -> list[Outcome]:
        """Book each of these as if it were the only one; what was done before is done."""
        return [
            outcome
            for session_id in dict.fromkeys(ids)
            if (outcome := await self._book(person_id, session_id)) is not None
        ]

    async def liked(self, person_id: PersonId) -> tuple[str, ...]:
        """What somebody's bookings were about most often, the newest first among equals."""
        data = await self._people.data_of(person_id)
        newest = [s for s, b in reversed(data.bookings) if b.is_live]
        topics = Counter(t for s in newest for t in s.details.topics)
        return tuple(topic for topic, _ in topics.most_common(TOPICS))

    async def interests(self, text: str) -> tuple[str, ...]:
        """The interests in somebody's words, with strands and topics as they are called."""
        programme = await self._catalogue.programme()
        details = [s.details for s in programme.sessions]
        known = {name.casefold() for d in details for name in (d.strand, *d.topics)}
        return plans.interests(text, known)

    async def subjects(self, most: int) -> list[str]:
        """What the sessions ahead are about: strands, then the topics that most of them share."""
        now = self._clock.now()
        ahead = [s for s in (await self._catalogue.programme()).sessions if s.is_open(now)]
        strands = dict.fromkeys(s.details.strand for s in ahead if s.details.strand)
        topics = Counter(t for s in ahead for t in s.details.topics)
        return list(dict.fromkeys([*strands, *(t for t, _ in topics.most_common(most))]))[:most]

    async def _book(self, person_id: PersonId, session_id: SessionId) -> Outcome | None:
        """None for a session that is gone altogether."""
        try:
            standing = await self._bookings.book(
                person_id, session_id, source=SOURCE, may_wait=False
            )
            return Outcome(session=standing.session, result=Result.BOOKED)
        except errors.NotFound:
            return None
        except errors.Refused as refused:
            standing = await self._bookings.standing(person_id, session_id)
            match refused:
                case errors.AlreadyBooked():
                    result = Result.HAD
                case errors.SessionFull():
                    result = Result.GONE
                case _:
                    result = Result.REFUSED
            return Outcome(session=standing.session, result=result, reason=str(refused))

    async def _days(self, when: When | None, zone: ZoneInfo) -> Days | None:
        """The days asked for, or what is left of this week, or of the next with anything in it."""
        now = self._clock.now()
        today = now.astimezone(zone).date()
        if when is None:
            programme = await self._catalogue.programme()
            first = programme.next_day(today, zone, now)
            if first is None:
                return None
            monday = first - timedelta(days=first.weekday())
            when = When(first=max(today, monday), last=monday + timedelta(days=6))
        first = max(when.first, today)
        if first - today > FURTHEST:
            return None
        last = min(when.last, first + LONGEST)
        start = max(now, local_time.at(first, time(), zone))
        end = local_time.at(last + timedelta(days=1), time(), zone)
        return Days(start=start, end=end, when=when) if start < end else None

    async def _about(self, interest: str, days: Days, zone: ZoneInfo) -> list[Candidate]:
        """What surely fits an interest in these days, each as good as it is beside the best."""
        now = self._clock.now()
        found = [
            (match.session, match.rank or match.score)
            for match in await self._catalogue.find(interest, FOUND)
            if match.is_sure
            and (begins := match.session.starts_at) is not None
            and match.session.is_open(now)
            and begins < days.end
            and days.when.covers(begins.astimezone(zone))
        ]
        most = max((rank for _, rank in found), default=1.0) or 1.0
        return [
            Candidate(session=session, worth=rank / most, about=_kinds(session, interest))
            for session, rank in found
        ]

    async def _instead(self, interests: Sequence[str]) -> list[Session]:
        """Resources about what nothing in the programme is about."""
        found: dict[SessionId, Session] = {}
        for interest in interests:
            for match in await self._catalogue.find(interest, FOUND):
                if match.is_sure and match.session.details.format is Format.SELF_PACED:
                    found[match.session.id] = match.session
        return list(found.values())[:RESOURCES]

    async def _busy(self, person: Person, days: Days) -> tuple[list[Span], Looked]:
        """When the person is taken, as far as their calendar may be asked."""
        if self._diary is None:
            return [], Looked.NOT_ALLOWED
        try:
            async with asyncio.timeout(PATIENCE):
                for known in await self._addresses.added([person]):
                    busy = await self._diary.busy(known.email, days.start, days.end)
                    return busy, Looked.CALENDAR
                return [], Looked.NOT_ALLOWED
        except Rejected as error:
            log.info("free and busy not told", reason=str(error))
            return [], Looked.NOT_ALLOWED
        except (Unavailable, TimeoutError) as error:
            log.warning("free and busy not told", reason=str(error) or type(error).__name__)
            return [], Looked.NOT_NOW


def _joined(session_id: SessionId, found: dict[str, list[Candidate]]) -> Candidate:
    """One session as all interests together see it."""
    same = [c for some in found.values() for c in some if c.session.id == session_id]
    about = frozenset[str]().union(*(c.about for c in same))
    return replace(same[0], worth=max(c.worth for c in same), about=about)


def _kinds(session: Session, interest: str) -> frozenset[str]:
    strand = session.details.strand
    return frozenset({f"interest {interest}", *([f"strand {strand}"] if strand else [])})


def _likeliest(candidates: Sequence[Candidate], most: int) -> list[Candidate]:
    return sorted(candidates, key=lambda c: -c.worth)[:most]
