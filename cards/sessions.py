"""Cards about the programme: lists of sessions, one session, and resources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cards import kit, sayings
from cards.kit import Action, Card, Element, execute
from learning.bookings import Booking, BookingState
from learning.sessions import Format, Session, SessionId

PAGE = 8
"""Sessions on one card: more would be too long for a phone, and too large for Teams."""

Own = Mapping[SessionId, Booking]


def list_card(
    title: str,
    sessions: Sequence[Session],
    own: Own,
    *,
    zone: ZoneInfo,
    now: datetime,
    start: int = 0,
    more: Mapping[str, Any] | None = None,
    note: str = "",
) -> Card:
    """Some sessions, numbered from `start` + 1; `more` is what *Show more* must carry."""
    shown = sessions[start : start + PAGE]
    left = len(sessions) - start - len(shown)
    days = {s.local_day() for s in sessions}
    body: list[Element | None] = [kit.heading(title), kit.text(note) if note else None]
    last: date | None = None
    for number, session in enumerate(shown, start + 1):
        day = session.starts_at.astimezone(zone).date() if session.starts_at else None
        if len(days) > 1 and day is not None and day != last:
            body.append(kit.subheading(sayings.day(day)))
        last = day
        body.append(_row(number, session, own.get(session.id), zone=zone, now=now))
    actions = (
        [execute(f"Show {min(left, PAGE)} more", "list.more", start=start + PAGE, **more)]
        if left > 0 and more is not None
        else []
    )
    return kit.card(_summary(title, shown, zone), *body, actions=actions)


def _row(
    number: int, session: Session, own: Booking | None, *, zone: ZoneInfo, now: datetime
) -> Element:
    parts = [sayings.times(session, zone), sayings.where(session), _state(session, own, now)]
    return kit.group(
        kit.text(f"{number}. {session.title}", weight="Bolder"),
        kit.quiet(" · ".join(p for p in parts if p)),
        kit.buttons(
            booking_action(session, own, now),
            execute("Details", "session.show", session=session.id),
        ),
        separator=True,
    )


def _state(session: Session, own: Booking | None, now: datetime) -> str:
    if session.is_over(now):
        return "Over"
    if own is not None:
        return {
            BookingState.BOOKED: "You are booked",
            BookingState.WAITING: "You are on the waiting list",
            BookingState.OFFERED: "A place is held for you",
        }.get(own.state, "")
    return "Started" if session.has_started(now) else sayings.places(session)


def booking_action(session: Session, own: Booking | None, now: datetime) -> Action | None:
    """The one thing to do about a session's places, if there is anything."""
    if session.details.format is Format.SELF_PACED:
        return kit.open_url("Open", session.link) if session.link else None
    if not session.is_open(now):
        return None
    if own is None:
        if session.places_left == 0 and not session.details.waiting_list:
            return None
        title = "Join the waiting list" if session.places_left == 0 else "Book"
        return execute(title, "session.book", session=session.id)
    match own.state:
        case BookingState.OFFERED:
            return execute("Take the place", "waiting.accept", session=session.id)
        case BookingState.WAITING:
            return execute("Leave the waiting list", "session.cancel", session=session.id)
        case _:
            return execute("Cancel booking", "session.cancel", session=session.id)


def session_card(
    session: Session, own: Booking | None, *, zone: ZoneInfo, now: datetime, hub: str = ""
) -> Card:
    """Everything about one session, with what this person can do about it."""
    details = session.details
    actions = [booking_action(session, own, now)]
    if own is not None and own.state is BookingState.BOOKED and session.link:
        actions.append(kit.open_url("Join", session.link))
    return kit.card(
        f"{session.title}: {sayings.moment(session, zone)}",
        kit.heading(session.title),
        kit.notice("This session has been cancelled.", "attention")
        if session.is_cancelled
        else None,
        kit.text(details.summary) if details.summary else None,
        kit.facts(
            ("When", sayings.moment(session, zone)),
            ("Where", sayings.where(session)),
            ("With", ", ".join(details.facilitators)),
            ("For", details.audience),
            ("Strand", details.strand),
            ("Topics", ", ".join(details.topics)),
            ("Places", "" if session.is_cancelled else _state(session, own, now)),
            ("Code", session.code),
        ),
        actions=[a for a in actions if a is not None],
    )


def choice_card(
    question: str,
    sessions: Sequence[Session],
    verb: str,
    title: str,
    *,
    zone: ZoneInfo,
    **data: Any,
) -> Card:
    """Which of these is meant? One button each; the number or the name can be typed too."""
    rows = [
        kit.group(
            kit.text(f"{number}. {s.title}", weight="Bolder"),
            kit.quiet(" · ".join(p for p in (sayings.moment(s, zone), sayings.places(s)) if p)),
            kit.buttons(execute(title, verb, session=s.id, **data)),
            separator=True,
        )
        for number, s in enumerate(sessions[:PAGE], 1)
    ]
    return kit.card(question, kit.heading(question), *rows)


def alternatives(sessions: Sequence[Session], zone: ZoneInfo) -> list[Element | None]:
    """What there is instead, each with its button; nothing at all where there is nothing."""
    if not sessions:
        return []
    return [
        kit.subheading("These have places left"),
        *(
            kit.group(
                kit.text(s.title, weight="Bolder"),
                kit.quiet(f"{sayings.moment(s, zone)} · {sayings.places(s)}"),
                kit.buttons(execute("Book", "session.book", session=s.id)),
            )
            for s in sessions
        ),
    ]


def resources_card(resources: Sequence[Session]) -> Card:
    """What people can learn from at any time."""
    rows = [
        kit.group(
            kit.text(r.title, weight="Bolder"),
            kit.text(r.details.summary, spacing="Small") if r.details.summary else None,
            kit.buttons(kit.open_url(f"Open {r.title}"[:60], r.link) if r.link else None),
            separator=True,
        )
        for r in resources[:10]
    ]
    title = "Learn in your own time"
    return kit.card(
        f"{title}: {sayings.listed([r.title for r in resources[:10]])}", kit.heading(title), *rows
    )


def _summary(title: str, shown: Sequence[Session], zone: ZoneInfo) -> str:
    if not shown:
        return title
    first = [
        f"{s.title} at {sayings.clock(s.starts_at, zone)}" if s.starts_at else s.title
        for s in shown[:3]
    ]
    return f"{title}: {', '.join(first)}{' and more' if len(shown) > 3 else ''}"
