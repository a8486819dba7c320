"""How times, places and counts are said."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from learning.people import NO_CHAT
from learning.sessions import Format, Session

FORMATS = {
    Format.TEAMS: "Teams",
    Format.ZOOM: "Zoom",
    Format.IN_PERSON: "In person",
    Format.ONLINE: "Online",
    Format.SELF_PACED: "In your own time",
}


UNREACHABLE = {
    "removed the app": "took the app away",
    "BotDisabledByAdmin": "may not use the app: an administrator's policy",
    "BotNotInConversationRoster": "no longer have the app",
    "ConversationBlockedByUser": "blocked the app",
    "ConversationNotFound": "have a chat that no longer exists",
    "ForbiddenOperationException": "never added the app",
    "InvalidBotApiHost": "are served from another address than the one we know",
    "MessageWritesBlocked": "blocked, muted or removed the app",
    "Teams opened no chat": "were given no chat by Teams",
    "connector: 403": "are refused by Teams",
    "connector: 404": "are not known to Teams",
    "forgotten": "asked to be forgotten",
    "no Teams account known": "have no Teams account that we know of",
    NO_CHAT: "never had a chat with the app",
}
"""Why people cannot be written to, in Teams' words and in ours."""


def unreachable(reason: str) -> str:
    """'blocked the app'; what Teams says without a name is shown as it came."""
    return UNREACHABLE.get(reason, f"refused by Teams ({reason})")


@lru_cache(1024)
def day(value: date) -> str:
    """'Tuesday 19 May'."""
    return f"{value:%A} {value.day} {value:%B}"


def day_from(value: date, today: date) -> str:
    """'today', 'tomorrow', or the day itself."""
    near = {today: "today", today + timedelta(days=1): "tomorrow"}
    return near.get(value, day(value))


def clock(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%H:%M}"


def times(session: Session, zone: ZoneInfo) -> str:
    """'10:00 to 11:30' in this zone, named where it is not the session's own."""
    if session.starts_at is None or session.ends_at is None:
        return "Any time"
    return _times(session.starts_at, session.ends_at, session.details.timezone, zone)


@lru_cache(4096)
def _times(starts_at: datetime, ends_at: datetime, its_own: str, zone: ZoneInfo) -> str:
    span = f"{clock(starts_at, zone)} to {clock(ends_at, zone)}"
    there = starts_at.astimezone(ZoneInfo(its_own))
    if starts_at.astimezone(zone).utcoffset() == there.utcoffset():
        return span
    return f"{span} your time ({there:%H:%M} {its_own})"


def moment(session: Session, zone: ZoneInfo) -> str:
    """'Tuesday 19 May, 10:00 to 11:30'."""
    if session.starts_at is None:
        return "Any time"
    return f"{day(session.starts_at.astimezone(zone).date())}, {times(session, zone)}"


def places(session: Session) -> str:
    left = session.places_left
    if session.is_cancelled:
        return "Cancelled"
    if session.details.format is Format.SELF_PACED:
        return ""
    if left is None:
        return "Places for everyone"
    if left == 0:
        waiting = f", {session.waiting} waiting" if session.waiting else ""
        return f"Full{waiting}"
    return f"{left} place{'' if left == 1 else 's'} left"


def where(session: Session) -> str:
    name = FORMATS[session.details.format]
    location = shortened(session.details.location, 120)
    return f"{name}, {location}" if location else name


def platform(session: Session) -> str:
    """Whose course it is, of one to take at any time; '' where its title says so, or nobody does."""
    if session.details.format is not Format.SELF_PACED:
        return ""
    by = shortened(", ".join(session.details.facilitators), 120)
    return "" if by.casefold() in session.title.casefold() else by


LINK_FOLLOWS = "Your own link to join follows: look under My bookings."


def link_follows(session: Session) -> bool:
    """Whether somebody with a place is still to get a link of their own."""
    return session.details.format is Format.ZOOM and not session.link


def ordinal(number: int) -> str:
    ending = (
        "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    return f"{number}{ending}"


def until(instant: datetime, now: datetime, zone: ZoneInfo) -> str:
    """'in 10 minutes', 'in an hour', 'tomorrow at 10:00', 'on Tuesday 19 May at 10:00'."""
    minutes = round((instant - now).total_seconds() / 60)
    if minutes <= 1:
        return "now"
    if minutes < 50:
        return f"in {minutes} minutes"
    if minutes < 80:
        return "in an hour"
    name = day_from(instant.astimezone(zone).date(), now.astimezone(zone).date())
    return f"{name if name in {'today', 'tomorrow'} else f'on {name}'} at {clock(instant, zone)}"


def listed(words: list[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def shortened(words: str, most: int) -> str:
    """The words where they fit, else as many of them as do, and an ellipsis."""
    if len(words) <= most:
        return words
    whole = re.match(r"(.*\S)\s", words[:most], re.DOTALL)
    return f"{whole[1] if whole and 2 * len(whole[1]) > most else words[: most - 1]}…"
