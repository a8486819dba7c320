"""The outbox in words, for people who look at what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cards import sayings
from learning.notices import CALENDAR, ENGAGE, HUB, ZOOM, Kind, Notice
from learning.people import FORGOTTEN, Channel, PersonId
from learning.sessions import SessionId
from services.ports.storage import LedgerEntry

KINDS = {
    Kind.NUDGE: "Nudge",
    Kind.PLACE_GIVEN: "A place came free",
    Kind.PLACE_OFFERED: "Offer of a place",
    Kind.OFFER_LAPSED: "An offer ran out",
    Kind.SESSION_CHANGED: "Session changed",
    Kind.SESSION_CANCELLED: "Session cancelled",
    Kind.ADDED: "Added by an organiser",
    Kind.MOVED: "Moved by an organiser",
    Kind.TAKEN_OFF: "Taken off by an organiser",
    Kind.MESSAGE: "Message from the learning team",
    Kind.CHAMPION_NAMED: "Named as a champion",
    Kind.CHAMPION_CARD: "What a champion may promote",
    Kind.HIGHLIGHTS: "Daily highlights",
    Kind.CHANNEL_HIGHLIGHTS: "Daily highlights",
    Kind.OPEN_CHAT: "First message in their chat",
    Kind.FAN_OUT: "Highlights written for the next people",
    Kind.EVENT: "Calendar event",
    Kind.ATTENDEES: "Calendar invitations",
    Kind.ZOOM_MEETING: "Zoom meeting",
    Kind.ZOOM_REGISTRANTS: "Zoom registrations",
    Kind.ATTENDANCE: "Attendance",
    Kind.FEEDBACK: "Feedback asked for",
    Kind.FEEDBACK_REMINDER: "Reminder of feedback",
    Kind.FEEDBACK_RESULT: "What people said of a session",
    Kind.RUNS_AGAIN: "Told that a session runs again",
    Kind.COURSE_WELCOME: "Welcomed to a programme",
    Kind.COURSE_NUDGE: "Reminder of a programme",
    Kind.COLLATION: "Answers to a questionnaire",
    Kind.THEME: "Champion asked for ideas",
    Kind.IDEA_PLANNED: "Told that an idea became a session",
    Kind.PROFILES: "People's details read",
    Kind.HUB_READ: "SharePoint list read",
    Kind.HUB_ITEM: "SharePoint list item",
    Kind.HUB_FAULT: "Faults in the SharePoint list",
    Kind.ENGAGE_POST: "Post in Viva Engage",
    Kind.ENGAGE_DELETE: "Post in Viva Engage deleted",
    Kind.ENGAGE_ANSWER: "Answer in Viva Engage",
    Kind.ENGAGE_SIGN_IN: "Viva Engage needs signing in",
    Kind.SET_CARD: "Told of their action learning set",
    Kind.SET_MEETING: "Reminder of a set's meeting",
    Kind.SET_TURN: "Told whose turn it is to lead a set",
    Kind.ROUND_OVER: "End of a round in a set's meeting",
    Kind.SET_PEOPLE: "Told who joined or left a set",
    Kind.MERGE_PROPOSED: "Told that a set has become small",
    Kind.SET_SERIES: "Calendar series of a set",
    Kind.SET_CHAT: "Chat of a set",
}
STATES = {
    "queued": ("Waiting", ""),
    "leased": ("Being sent", "busy"),
    "sent": ("Sent", "good"),
    "dropped": ("No longer needed", ""),
    "held_back": ("Will be tried again", "busy"),
    "given_up": ("Given up", "bad"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What people, channels and sessions are called; those not in it are shown by their id."""

    people: Mapping[PersonId, str] = field(default_factory=dict[PersonId, str])
    channels: Mapping[str, str] = field(default_factory=dict[str, str])
    sessions: Mapping[SessionId, str] = field(default_factory=dict[SessionId, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """A row of the outbox as it is read; `tone` is the colour of its state."""

    what: str
    whom: str
    subject: str
    due: str
    due_iso: str
    state: str
    tone: str
    more: str


def row(entry: LedgerEntry, names: Names, zone: ZoneInfo) -> LedgerRow:
    notice = entry.notice
    state, tone = STATES.get(entry.state, (_plain(entry.state), ""))
    return LedgerRow(
        what=KINDS.get(notice.kind) or _plain(notice.kind),
        whom=_whom(notice, names),
        subject=_subject(notice, names),
        due=moment(notice.due_at, zone),
        due_iso=notice.due_at.isoformat(),
        state=state,
        tone=tone,
        more=". ".join(p for p in (_attempts(entry.attempts), _why(entry.last_error)) if p),
    )


def moment(instant: datetime, zone: ZoneInfo) -> str:
    """'Tuesday 19 May, 10:00'."""
    return f"{sayings.day(instant.astimezone(zone).date())}, {sayings.clock(instant, zone)}"


def channel_name(channel: Channel) -> str:
    """'General in Learning at Work', as far as Teams has told."""
    return " in ".join(part for part in (channel.name, channel.team_name) if part)


def _whom(notice: Notice, names: Names) -> str:
    if notice.channel_id is not None:
        return f"channel {names.channels.get(notice.channel_id) or notice.channel_id}"
    if notice.person_id is None:
        if notice.kind in ZOOM:
            return "Zoom"
        if notice.kind in HUB:
            return "the SharePoint list"
        if notice.kind in ENGAGE:
            return "Viva Engage"
        return "the calendar" if notice.kind in CALENDAR else "nobody in particular"
    if notice.person_id.startswith(FORGOTTEN):
        return "somebody who was forgotten"
    return names.people.get(notice.person_id) or notice.person_id


def _subject(notice: Notice, names: Names) -> str:
    if notice.session_id is not None:
        return names.sessions.get(notice.session_id) or f"session {notice.session_id}"
    try:
        return sayings.day(date.fromisoformat(str(notice.payload.get("day"))))
    except ValueError:
        return "–"


def _why(error: str) -> str:
    """What went wrong; of people who cannot be reached in words: they blocked the app."""
    return f"They {sayings.UNREACHABLE[error]}" if error in sayings.UNREACHABLE else error


def _attempts(number: int) -> str:
    return f"{number} attempts" if number > 1 else ""


def _plain(word: str) -> str:
    return word.replace("_", " ").capitalize()
