"""Who was there: what systems and people say of it, and what comes of that for each person."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from learning.people import PersonId
from learning.sessions import Format, Session, SessionId

GIVE = timedelta(minutes=5)
"""Presence so long before the start and after the end counts as well: people come early and stay on."""

POLLS = (timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=2), timedelta(days=1))
"""How long after a session's end its systems are asked. Nobody says how soon reports are there."""

ASKED_FOR = timedelta(days=7)
"""What ended longer ago is not asked for any more."""

DOOR_OPENS, DOOR_CLOSES = timedelta(minutes=30), timedelta(minutes=15)
"""How long before the start and after the end people check themselves in."""

CHECK_IN_OPENS = timedelta(hours=1)
"""How long before the start others are checked in. Afterwards there is no end: lists come late."""

GUEST = "guest:"
"""Start of what stands for somebody without an account; unlike a person's it is of one session only."""


class Presence(StrEnum):
    ATTENDED = "attended"
    BRIEFLY = "briefly"
    ABSENT = "absent"


class Source(StrEnum):
    """Who says so."""

    TEAMS = "teams"
    ZOOM = "zoom"
    CHECK_IN = "check_in"
    DOOR = "door"
    CORRECTION = "correction"
    OWN_WORD = "own_word"
    BOOKING = "booking"


BY_HAND = frozenset({Source.CHECK_IN, Source.DOOR, Source.CORRECTION})
"""Whatever a system says later does not change these."""

FORGOTTEN_MARK = "forgotten"
"""The system of a record that only says that somebody who was there is to stay forgotten."""

Who = str
"""A person's id, or what stands for a guest."""

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One presence as a system tells of it; `meeting`, `report` and `record` are its own ids.

    `account` is the id of somebody of ours, known already or not. Where the system gives no spans,
    `seconds` is all that it says.
    """

    system: Source
    meeting: str
    report: str
    record: str
    account: str = ""
    email: str = ""
    name: str = ""
    is_organiser: bool = False
    spans: tuple[Span, ...] = ()
    seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Our own copy of it: who it was instead of names and addresses."""

    session_id: SessionId
    system: str
    meeting: str
    report: str
    record: str
    who: Who
    is_organiser: bool = False
    spans: tuple[Span, ...] = ()
    seconds: int = 0

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.system, self.meeting, self.report, self.record


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a session for one person. `seconds` are those that systems saw of it.

    `changed_by` is the person who said so, '' for a system; `name` is kept of a guest only, for a while.
    """

    session_id: SessionId
    who: Who
    state: Presence
    source: Source
    seconds: int = 0
    changed_by: str = ""
    why: str = ""
    name: str = ""
    changed_at: datetime

    @property
    def minutes(self) -> int:
        return round(self.seconds / 60)

    @property
    def is_by_hand(self) -> bool:
        return self.source in BY_HAND


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What somebody changed by hand; '' where there was nothing before, or is nothing after."""

    session_id: SessionId
    who: Who
    was: str
    state: str
    source: Source
    changed_by: str
    why: str
    changed_at: datetime


def settled(
    session: Session,
    records: Sequence[Record],
    booked: Iterable[PersonId],
    standing: Iterable[Outcome],
    *,
    share: float,
    now: datetime,
) -> list[Outcome]:
    """What is known of each by now; what people said by hand stands as it is.

    What somebody says of themselves afterwards stands unless they were seen. Who was booked, not
    seen and says nothing is absent once the systems have been asked for the last time, if anybody
    at all was seen: otherwise nobody kept a record, and nothing is known.
    """
    before = list(standing)
    kept = [outcome for outcome in before if outcome.is_by_hand]
    expected = set(booked)
    told = {outcome.who for outcome in kept}
    for who, theirs in _by_who(records).items():
        if who in told or (who not in expected and all(r.is_organiser for r in theirs)):
            continue
        if seconds := seconds_there(session, theirs):
            told.add(who)
            kept.append(_seen(session, who, theirs, seconds, share, now))
    was_kept = bool(kept)
    own = [o for o in before if o.source is Source.OWN_WORD and o.who not in told]
    kept += own
    told |= {outcome.who for outcome in own}
    if was_kept and _is_last(session, now):
        kept += [
            Outcome(
                session_id=session.id,
                who=who,
                state=Presence.ABSENT,
                source=Source.BOOKING,
                changed_at=now,
            )
            for who in sorted(expected - told)
        ]
    return kept


def seconds_there(session: Session, records: Iterable[Record]) -> int:
    """For how long somebody was there, on however many devices; never longer than the session."""
    if session.starts_at is None or session.ends_at is None:
        return 0
    begin, end = session.starts_at - GIVE, session.ends_at + GIVE
    spans, untimed = list[Span](), 0
    for record in records:
        spans += [(max(a, begin), min(b, end)) for a, b in record.spans if a < end and b > begin]
        untimed += 0 if record.spans else record.seconds
    timed = sum(((b - a) for a, b in united(spans)), timedelta())
    return min(round(timed.total_seconds()) + untimed, round(length(session).total_seconds()))


def united(spans: Iterable[Span]) -> list[Span]:
    """The same time, none of it twice, in order."""
    whole: list[Span] = []
    for begin, end in sorted(span for span in spans if span[0] < span[1]):
        if whole and begin <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        else:
            whole.append((begin, end))
    return whole


def state_of(seconds: int, session: Session, share: float) -> Presence:
    enough = seconds >= share * length(session).total_seconds()
    return Presence.ATTENDED if enough else Presence.BRIEFLY


def length(session: Session) -> timedelta:
    if session.starts_at is None or session.ends_at is None:
        return timedelta()
    return session.ends_at - session.starts_at


def overlaps(session: Session, begin: datetime | None, end: datetime | None) -> bool:
    """Whether what lasted so long may tell of this session; what says nothing of its times may."""
    if session.starts_at is None or session.ends_at is None:
        return False
    is_before = end is not None and end <= session.starts_at - GIVE
    is_after = begin is not None and begin >= session.ends_at + GIVE
    return not is_before and not is_after


def is_recorded(session: Session) -> bool:
    """Whether it is a session of which anybody could say who was there."""
    dated = session.starts_at is not None and session.ends_at is not None
    return dated and not session.is_cancelled and session.details.format is not Format.SELF_PACED


def polls(session: Session) -> tuple[timedelta, ...]:
    """How long after its end something is to be done: where no system is asked, absences alone."""
    asked = session.details.format in {Format.TEAMS, Format.ZOOM}
    return POLLS if asked else POLLS[-1:]


def is_asked_for(session: Session, now: datetime) -> bool:
    """Whether it is over, and its systems are still asked."""
    if session.ends_at is None or not is_recorded(session):
        return False
    return timedelta() <= now - session.ends_at < ASKED_FOR


def may_be_reported(session: Session, now: datetime) -> bool:
    """Whether it has begun, and a system may yet tell of it."""
    return (
        is_recorded(session) and session.has_started(now) and not session.is_over(now - ASKED_FOR)
    )


def is_at_the_door(session: Session, now: datetime) -> bool:
    """Whether people may say of themselves that they are there."""
    if session.starts_at is None or session.ends_at is None or not is_recorded(session):
        return False
    return session.starts_at - DOOR_OPENS <= now <= session.ends_at + DOOR_CLOSES


def may_be_checked_in(session: Session, now: datetime) -> bool:
    """Whether others may say who is there."""
    if session.starts_at is None or not is_recorded(session):
        return False
    return now >= session.starts_at - CHECK_IN_OPENS


def by_hand(
    before: Outcome | None,
    session_id: SessionId,
    who: Who,
    state: Presence,
    source: Source,
    *,
    changed_by: PersonId,
    now: datetime,
    why: str = "",
    name: str = "",
) -> Outcome:
    """The outcome as a person states it; what systems saw stays beside it."""
    return Outcome(
        session_id=session_id,
        who=who,
        state=state,
        source=source,
        seconds=before.seconds if before else 0,
        changed_by=changed_by,
        why=why,
        name=name or (before.name if before else ""),
        changed_at=now,
    )


def takes_own_word(before: Outcome | None) -> bool:
    """Whether what somebody says of themselves counts: nothing that was seen or said by others does not."""
    return before is None or before.source in {Source.OWN_WORD, Source.BOOKING}


def change(before: Outcome | None, after: Outcome) -> Change:
    return Change(
        session_id=after.session_id,
        who=after.who,
        was=before.state if before else "",
        state=after.state,
        source=after.source,
        changed_by=after.changed_by,
        why=after.why,
        changed_at=after.changed_at,
    )


def is_guest(who: Who) -> bool:
    return who.startswith(GUEST)


def mark_of(session_id: SessionId, account: str) -> str:
    """What an account is known by at one session once it is forgotten."""
    return hashlib.sha256(f"{session_id}:{account.casefold()}".encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    """Somebody who is booked, was there, or both; `outcome` is None while nothing is known."""

    who: Who
    name: str
    email: str = ""
    is_booked: bool = False
    outcome: Outcome | None = None

    @property
    def is_there(self) -> bool:
        return self.outcome is not None and self.outcome.state is not Presence.ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody who may be meant by a name."""

    who: Who
    name: str
    email: str = ""


def called(words: str, people: Iterable[Named]) -> list[Named]:
    """Who of these may be meant: whoever is called just so, else those whose names begin so."""
    said = words.casefold().split()
    found = list({p.who: p for p in people}.values())
    exactly = [p for p in found if said in (p.name.casefold().split(), [p.email.casefold()])]
    if exactly or not said:
        return exactly
    return [p for p in found if _begins(said, p.name.casefold().split())]


def _begins(said: Sequence[str], name: Sequence[str]) -> bool:
    return all(any(part.startswith(word) for part in name) for word in said)


def _seen(
    session: Session, who: Who, theirs: Sequence[Record], seconds: int, share: float, now: datetime
) -> Outcome:
    return Outcome(
        session_id=session.id,
        who=who,
        state=state_of(seconds, session, share),
        source=Source(theirs[0].system),
        seconds=seconds,
        changed_at=now,
    )


def _by_who(records: Iterable[Record]) -> dict[Who, list[Record]]:
    by_who: dict[Who, list[Record]] = {}
    for record in records:
        if record.system != FORGOTTEN_MARK:
            by_who.setdefault(record.who, []).append(record)
    return by_who


def _is_last(session: Session, now: datetime) -> bool:
    return session.ends_at is not None and now >= session.ends_at + POLLS[-1]


def unchanged(before: Outcome | None, after: Outcome) -> bool:
    """Whether the two say the same, whenever they said it."""
    return before is not None and replace(after, changed_at=before.changed_at) == before
