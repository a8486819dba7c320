"""A session as people show it to each other: the same for everybody, so nothing on it is personal."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cards import kit, sayings
from cards.kit import Action, Card, Element, execute
from cards.sessions import booking_action
from learning.sessions import Session

SOURCE = "share"
"""What a booking that came of a shared card says of where it came from."""

UNFURLED_VERSION = "1.3"
"""The newest that Teams unfurls a link into; it knows neither Action.Execute nor headings."""


def shared_card(session: Session, *, zone: ZoneInfo, now: datetime, source: str = SOURCE) -> Card:
    """A session sent into a chat, for whoever is there to book. `zone` is that of who sends it."""
    return kit.card(
        _summary(session, zone),
        kit.heading(session.title),
        *_told(session, zone, now),
        actions=[
            *_some(booking_action(session, None, now, source=source)),
            execute("Details", "session.show", session=session.id, source=source),
        ],
    )


def unfurled_card(
    session: Session,
    *,
    zone: ZoneInfo,
    now: datetime,
    page: str,
    chat: str,
    dialog: bool,
    source: str = SOURCE,
) -> Card:
    """What a link to a session's page becomes. `chat` opens the bot's chat with the booking typed in.

    Only those who have the app can open a `dialog`.
    """
    details = kit.open_dialog("Details", "session.show", session=session.id, source=source)
    card = kit.card(
        _summary(session, zone),
        kit.text(session.title, size="Large", weight="Bolder"),
        *_told(session, zone, now),
        actions=[
            *_some(_link(booking_action(session, None, now), chat)),
            *_some(details if dialog else None),
            kit.open_url("Open its page", page),
        ],
    )
    return Card(card.summary, {**card.content, "version": UNFURLED_VERSION})


def preview(session: Session, *, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    """A session in the list of what was found: a thumbnail card, which only who searched can see."""
    state = _state(session, now) or sayings.places(session)
    parts = [sayings.moment(session, zone), sayings.where(session), state]
    text = kit.plain(" · ".join(part for part in parts if part))
    return {"title": sayings.shortened(session.title, 120), "text": text}


def _summary(session: Session, zone: ZoneInfo) -> str:
    return f"{session.title}: {_moment(session, zone)}"


def _told(session: Session, zone: ZoneInfo, now: datetime) -> list[Element | None]:
    """Without how many places are left: it would soon be wrong, and the card stays."""
    details = session.details
    state = _state(session, now)
    return [
        kit.text(state, weight="Bolder") if state else None,
        kit.text(sayings.shortened(details.summary, 300)) if details.summary else None,
        kit.facts(
            ("When", _moment(session, zone)),
            ("Where", sayings.where(session)),
            ("With", sayings.shortened(", ".join(details.facilitators), 200)),
            ("Code", session.code),
        ),
    ]


def _state(session: Session, now: datetime) -> str:
    """Why nobody can book it any more, or ''."""
    if session.is_cancelled:
        return "This session has been cancelled."
    if session.is_over(now):
        return "This session is over."
    return "This session has started." if session.has_started(now) else ""


def _moment(session: Session, zone: ZoneInfo) -> str:
    """As in the sender's zone, which is named where it is not the session's: others read it too."""
    if session.starts_at is None or session.ends_at is None:
        return "Any time"
    starts, ends = session.starts_at, session.ends_at
    day = sayings.day(starts.astimezone(zone).date())
    span = f"{day}, {sayings.clock(starts, zone)} to {sayings.clock(ends, zone)}"
    if starts.astimezone(zone).utcoffset() == starts.astimezone(session.zone).utcoffset():
        return span
    there = f"{sayings.clock(starts, session.zone)} {session.details.timezone}"
    return f"{span} {zone.key} ({there})"


def _link(action: Action | None, chat: str) -> Action | None:
    """The same thing to do as a link, for where no button of ours works."""
    if action is None or action["type"] == "Action.OpenUrl":
        return action
    return kit.open_url(action["title"], chat) if chat else None


def _some(action: Action | None) -> list[Action]:
    return [] if action is None else [action]
