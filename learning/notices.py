"""What we say unasked: which kinds there are, their keys, and when each is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from learning import local_time
from learning.people import Address, PersonId
from learning.sessions import Format, Session, SessionId, by_time


class Kind(StrEnum):
    """Every effect outside our own database, by what it does there."""

    NUDGE = "nudge"
    PLACE_GIVEN = "place_given"
    PLACE_OFFERED = "place_offered"
    OFFER_LAPSED = "offer_lapsed"
    SESSION_CHANGED = "session_changed"
    SESSION_CANCELLED = "session_cancelled"
    ADDED = "added"
    MOVED = "moved"
    TAKEN_OFF = "taken_off"
    MESSAGE = "message"
    CHAMPION_NAMED = "champion_named"
    CHAMPION_CARD = "champion_card"
    HIGHLIGHTS = "highlights"
    CHANNEL_HIGHLIGHTS = "channel_highlights"
    OPEN_CHAT = "open_chat"
    FAN_OUT = "fan_out"
    EVENT = "event"
    ATTENDEES = "attendees"
    ZOOM_MEETING = "zoom_meeting"
    ZOOM_REGISTRANTS = "zoom_registrants"
    PROFILES = "profiles"
    ATTENDANCE = "attendance"
    FEEDBACK = "feedback"
    FEEDBACK_REMINDER = "feedback_reminder"
    FEEDBACK_RESULT = "feedback_result"
    RUNS_AGAIN = "runs_again"
    COURSE_WELCOME = "course_welcome"
    COURSE_NUDGE = "course_nudge"
    COLLATION = "collation"
    THEME = "theme"
    IDEA_PLANNED = "idea_planned"
    HUB_READ = "hub_read"
    HUB_ITEM = "hub_item"
    HUB_FAULT = "hub_fault"
    ENGAGE_POST = "engage_post"
    ENGAGE_DELETE = "engage_delete"
    ENGAGE_ANSWER = "engage_answer"
    ENGAGE_SIGN_IN = "engage_sign_in"
    SET_CARD = "set_card"
    SET_MEETING = "set_meeting"
    SET_TURN = "set_turn"
    ROUND_OVER = "round_over"
    SET_PEOPLE = "set_people"
    MERGE_PROPOSED = "merge_proposed"
    SET_SERIES = "set_series"
    SET_CHAT = "set_chat"


CALENDAR = frozenset({Kind.EVENT, Kind.ATTENDEES})
ZOOM = frozenset({Kind.ZOOM_MEETING, Kind.ZOOM_REGISTRANTS})
HUB = frozenset({Kind.HUB_READ, Kind.HUB_ITEM})
ENGAGE = frozenset({Kind.ENGAGE_POST, Kind.ENGAGE_DELETE, Kind.ENGAGE_ANSWER})
SETS = frozenset({Kind.SET_SERIES, Kind.SET_CHAT})
SYSTEMS = CALENDAR | ZOOM | HUB | ENGAGE | SETS | {Kind.PROFILES, Kind.ATTENDANCE}
"""What is done in other systems: none of it is said to anybody in Teams."""

SET_MEETINGS = frozenset(
    {Kind.SET_MEETING, Kind.SET_TURN, Kind.ROUND_OVER, Kind.SET_PEOPLE, Kind.MERGE_PROPOSED}
)
COURSES = frozenset({Kind.SET_CARD}) | SET_MEETINGS
"""Said about a longer programme, and about none of the week's sessions."""

MESSAGES = frozenset(Kind) - SYSTEMS - {Kind.FAN_OUT}
HIGHLIGHTS = frozenset({Kind.HIGHLIGHTS, Kind.CHANNEL_HIGHLIGHTS})
BY_ORGANISERS = frozenset({Kind.ADDED, Kind.MOVED, Kind.TAKEN_OFF})
PLACES = frozenset({Kind.PLACE_GIVEN, Kind.PLACE_OFFERED, Kind.OFFER_LAPSED}) | BY_ORGANISERS
"""Said to one person at a time: all of a session are one mailing, or each would be one."""


FEEDBACK = frozenset({Kind.FEEDBACK, Kind.FEEDBACK_REMINDER})
TO_MANY = (
    HIGHLIGHTS | FEEDBACK | {Kind.RUNS_AGAIN, Kind.COURSE_NUDGE, Kind.THEME, Kind.IDEA_PLANNED}
)
"""Said to many at once: what concerns somebody's own booking does not wait for it."""


def priority(kind: Kind) -> int:
    """Higher goes first: what only writes more rows, then a person's own, what many get, the rest."""
    if kind is Kind.FAN_OUT:
        return 40
    if kind in TO_MANY:
        return 20
    return 30 if kind in MESSAGES else 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One effect to bring about, as a row of the outbox. `key` is unique for ever.

    `mailing` is the same for all that are told the same for one reason: a line of the ledger.
    """

    kind: Kind
    key: str
    due_at: datetime
    person_id: PersonId | None = None
    channel_id: str | None = None
    session_id: SessionId | None = None
    mailing: str = ""
    payload: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def lane(self) -> str | None:
        """Effects of one lane are never under way together: an event has one writer."""
        if self.kind is Kind.ATTENDANCE:
            return f"{self.kind}:{self.session_id}"
        if self.kind in ENGAGE:
            return "engage"
        if self.kind in ZOOM:
            return f"zoom:{self.session_id}"
        if self.kind in SETS:
            return f"{self.kind}:{self.payload['set']}"
        if self.kind in HUB or self.kind is Kind.HUB_FAULT:
            return f"hub:{self.session_id or ''}"
        return f"event:{self.session_id}" if self.kind in CALENDAR else None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """A span of local clock time, over midnight or not, in which nobody is nudged."""

    start: time
    end: time

    def shift(self, due: datetime, zone: ZoneInfo) -> datetime:
        """The same instant, or the end of the quiet hours it falls into."""
        local = due.astimezone(zone)
        clock = local.time()
        if self.start <= self.end:
            return self._end_on(local.date(), zone) if self.start <= clock < self.end else due
        if clock >= self.start:
            return self._end_on(local.date() + timedelta(days=1), zone)
        return self._end_on(local.date(), zone) if clock < self.end else due

    def _end_on(self, day: date, zone: ZoneInfo) -> datetime:
        return local_time.at(day, self.end, zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgeRules:
    """How long before a session people are nudged, and when they are left in peace."""

    before: tuple[timedelta, ...]
    quiet: QuietHours

    def times(self, starts_at: datetime, zone: ZoneInfo, now: datetime) -> list[datetime]:
        """When the nudges that still lie ahead are due, earliest first.

        A day before is the same time by the clock. Quiet hours move a nudge to their end; one that
        would then come at or after the start is left out, and two that would come together are one.
        """
        due = {
            self.quiet.shift(local_time.before(starts_at, span, zone), zone) for span in self.before
        }
        return sorted(t for t in due if now < t < starts_at)


def nudges(
    session: Session,
    person_id: PersonId,
    rules: NudgeRules,
    zone: ZoneInfo,
    now: datetime,
) -> list[Notice]:
    """The nudges for one booked place; `zone` is the person's own."""
    if session.starts_at is None:
        return []
    return [
        to_person(Kind.NUDGE, person_id, session, due, starts=session.starts_at.isoformat())
        for due in rules.times(session.starts_at, zone, now)
    ]


def snoozed(session: Session, person_id: PersonId, due: datetime) -> Notice:
    """A nudge that somebody asked for, at a moment of their own."""
    starts = session.starts_at
    assert starts is not None, "only what starts can be reminded of"
    return to_person(Kind.NUDGE, person_id, session, due, starts=starts.isoformat(), asked=True)


def to_person(
    kind: Kind, person_id: PersonId, session: Session, due: datetime, **payload: Any
) -> Notice:
    """A message to one person about one session."""
    moment = "" if kind in PLACES else f":{due.isoformat()}"
    return Notice(
        kind=kind,
        key=f"{kind}:{person_id}:{session.id}:{due.isoformat()}",
        mailing=f"{kind}:{session.id}{moment}",
        due_at=due,
        person_id=person_id,
        session_id=session.id,
        payload=payload,
    )


def message(session: Session, person_id: PersonId, text: str, mark: str, now: datetime) -> Notice:
    """What organisers write to somebody about a session; `mark` is the same for all who get it."""
    return Notice(
        kind=Kind.MESSAGE,
        key=f"{Kind.MESSAGE}:{person_id}:{session.id}:{mark}",
        mailing=f"{Kind.MESSAGE}:{session.id}:{mark}",
        due_at=now,
        person_id=person_id,
        session_id=session.id,
        payload={"text": text},
    )


def event(session: Session, now: datetime) -> Notice:
    """Make, change or cancel the session's calendar event so that it matches the session."""
    return Notice(
        kind=Kind.EVENT,
        key=f"{Kind.EVENT}:{session.id}:{session.sequence}",
        mailing=f"{Kind.EVENT}:{session.id}",
        due_at=now,
        session_id=session.id,
    )


def attendees(session: Session, now: datetime) -> Notice:
    """Bring the event's list of attendees up to this version of the session's roster."""
    return Notice(
        kind=Kind.ATTENDEES,
        key=f"{Kind.ATTENDEES}:{session.id}:{session.roster_version}",
        mailing=f"{Kind.ATTENDEES}:{session.id}",
        due_at=now,
        session_id=session.id,
        payload={"version": session.roster_version},
    )


def zoom_meeting(session: Session, now: datetime) -> Notice:
    """Make, change or remove the session's Zoom meeting so that it matches the session."""
    return Notice(
        kind=Kind.ZOOM_MEETING,
        key=f"{Kind.ZOOM_MEETING}:{session.id}:{session.sequence}",
        mailing=f"{Kind.ZOOM_MEETING}:{session.id}",
        due_at=now,
        session_id=session.id,
    )


def zoom_registrants(session: Session, now: datetime) -> Notice:
    """Have those registered with Zoom who are on this version of the session's roster."""
    return Notice(
        kind=Kind.ZOOM_REGISTRANTS,
        key=f"{Kind.ZOOM_REGISTRANTS}:{session.id}:{session.roster_version}",
        mailing=f"{Kind.ZOOM_REGISTRANTS}:{session.id}",
        due_at=now,
        session_id=session.id,
        payload={"version": session.roster_version},
    )


def zoom_again(session_id: SessionId, now: datetime) -> Notice:
    """Look once more after a Zoom meeting that is not as its session is: once an hour at most."""
    return Notice(
        kind=Kind.ZOOM_MEETING,
        key=f"{Kind.ZOOM_MEETING}:{session_id}:{now:%Y-%m-%dT%H}",
        mailing=f"{Kind.ZOOM_MEETING}:{session_id}",
        due_at=now,
        session_id=session_id,
    )


def meetings(session: Session, now: datetime, *, was: Session | None = None) -> list[Notice]:
    """What brings the meeting of a session up to date, and takes that of its former format away."""
    formats = {session.details.format, (was or session).details.format}
    return [write(session, now) for each, write in MEETINGS.items() if each in formats]


MEETINGS = {Format.TEAMS: event, Format.ZOOM: zoom_meeting}


def attendance(session: Session, due: datetime, *, again: bool = False) -> Notice:
    """Ask who was there of a session that ended; one that has moved is asked for anew."""
    assert session.ends_at is not None, "only what ends is asked for"
    when = f"again:{due.isoformat(timespec='minutes')}" if again else due.isoformat()
    return Notice(
        kind=Kind.ATTENDANCE,
        key=f"{Kind.ATTENDANCE}:{session.id}:{session.ends_at.isoformat()}:{when}",
        mailing=f"{Kind.ATTENDANCE}:{session.id}",
        due_at=due,
        session_id=session.id,
        payload={"ends": session.ends_at.isoformat()},
    )


def channel_highlights(channel_id: str, day: date, due: datetime) -> Notice:
    return Notice(
        kind=Kind.CHANNEL_HIGHLIGHTS,
        key=f"{Kind.CHANNEL_HIGHLIGHTS}:{channel_id}:{day.isoformat()}",
        mailing=f"{Kind.CHANNEL_HIGHLIGHTS}:{day.isoformat()}",
        due_at=due,
        channel_id=channel_id,
        payload={"day": day.isoformat()},
    )


def person_highlights(person_id: PersonId, day: date, due: datetime) -> Notice:
    return Notice(
        kind=Kind.HIGHLIGHTS,
        key=f"{Kind.HIGHLIGHTS}:{person_id}:{day.isoformat()}",
        mailing=f"{Kind.HIGHLIGHTS}:{day.isoformat()}",
        due_at=due,
        person_id=person_id,
        payload={"day": day.isoformat()},
    )


def open_chat(person_id: PersonId, near: Address, now: datetime) -> Notice:
    """Open the chat with somebody who booked and has never had one: tried once a week at most."""
    year, week, _ = now.isocalendar()
    return Notice(
        kind=Kind.OPEN_CHAT,
        key=f"{Kind.OPEN_CHAT}:{person_id}:{year}-{week}",
        mailing=f"{Kind.OPEN_CHAT}:{year}-{week}",
        due_at=now,
        person_id=person_id,
        payload={"service_url": near.service_url, "tenant_id": near.tenant_id},
    )


FIRST = PersonId("")
"""Comes before everybody, in order of their ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FanOut:
    """One page of a day's highlights to everybody who wants them in one time zone.

    Pages are written on a timetable that `began` sets, each with the next in its own transaction:
    what waits to be sent stays short however many people there are. `zone` is None for the
    organisation's own; `after` is the last person of the page before; `again` marks a repetition.
    """

    day: date
    zone: str | None
    began: datetime
    again: bool = False
    after: PersonId = FIRST
    number: int = 0

    def notice(self, due: datetime) -> Notice:
        """The row that has this page written."""
        mark = f":{self.began.isoformat()}" if self.again else ""
        return Notice(
            kind=Kind.FAN_OUT,
            key=f"{Kind.FAN_OUT}:{self.day.isoformat()}{mark}:{self.zone or ''}:{self.after}",
            mailing=f"{Kind.HIGHLIGHTS}:{self.day.isoformat()}{mark}",
            due_at=due,
            payload={
                "day": self.day.isoformat(),
                "zone": self.zone,
                "began": self.began.isoformat(),
                "again": self.again,
                "after": self.after,
                "number": self.number,
            },
        )

    @classmethod
    def of(cls, notice: Notice) -> FanOut:
        told = notice.payload
        return cls(
            day=date.fromisoformat(told["day"]),
            zone=told["zone"],
            began=datetime.fromisoformat(told["began"]),
            again=told["again"],
            after=PersonId(told["after"]),
            number=told["number"],
        )

    def highlights(self, people: Iterable[PersonId], due: datetime) -> list[Notice]:
        written = [person_highlights(p, self.day, due) for p in people]
        return [once_more(n, self.began) for n in written] if self.again else written

    def around(self) -> tuple[str, str]:
        """What stands before and after a person's id in the keys of these highlights."""
        [written] = self.highlights([PersonId("\n")], self.began)
        before, after = written.key.split("\n")
        return before, after


def highlights_due(now: datetime, zone: ZoneInfo, at: time, days: Iterable[date]) -> date | None:
    """The day whose highlights are due in this zone by now, if it is one of `days`.

    They may be caught up until the evening; after that, yesterday's news is not sent.
    """
    local = now.astimezone(zone)
    ready = local.time() >= at and local.time() < LATEST_HIGHLIGHTS
    return local.date() if ready and local.date() in set(days) else None


LATEST_HIGHLIGHTS = time(18, 0)


def of_interest(sessions: Sequence[Session], most: int) -> list[Session]:
    """Which of a day's open sessions to highlight: those with places left first, in order of time."""
    ranked = sorted(by_time(sessions), key=lambda s: s.places_left == 0)
    return by_time(ranked[:most])


def in_turn(
    resources: Sequence[Session], sessions: Sequence[Session], day: date, most: int
) -> list[Session]:
    """Which resources a day's highlights end with, the same for everybody.

    Those with a topic or the strand of one of the day's sessions, and of all where none has, take
    turns day by day.
    """
    today = frozenset[str]().union(*map(_kinds, sessions))
    fitting = [r for r in resources if today & _kinds(r)] or resources
    ordered = sorted(fitting, key=lambda r: (r.code, r.id))
    first = day.toordinal() * most % len(ordered) if ordered else 0
    return (ordered[first:] + ordered[:first])[:most]


def _kinds(session: Session) -> frozenset[str]:
    names = (session.details.strand, *session.details.topics)
    return frozenset(name.casefold() for name in names if name)


def once_more(notice: Notice, at: datetime) -> Notice:
    """The same notice to be said again, as somebody asked at this instant."""
    mark = at.isoformat()
    return replace(notice, key=f"{notice.key}:{mark}", mailing=f"{notice.mailing}:{mark}")
