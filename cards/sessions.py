"""Cards about the programme: lists of sessions, one session, and resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cards import kit, sayings
from cards.kit import Action, Card, Element, execute
from learning.again import is_worth_asking
from learning.bookings import Booking, BookingState
from learning.sessions import Format, Session, SessionId

PAGE = 8
"""Sessions on one card: more would be too long for a phone, and too large for Teams."""

ALSO = 2
"""Resources that stand beside one session."""

ANY_TIME = "At any time"
"""What stands above the resources, where they come after sessions."""

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
    page = sessions[start : start + PAGE]
    rows = kit.fitting(
        [_row(n, s, own.get(s.id), zone=zone, now=now) for n, s in enumerate(page, start + 1)]
    )
    shown = page[: len(rows)]
    left = len(sessions) - start - len(shown)
    actions = (
        [execute(f"Show {min(left, PAGE)} more", "list.more", start=start + len(shown), **more)]
        if left > 0 and more is not None
        else []
    )
    days = {_day(s, zone) for s in sessions} - {""}
    is_said = len(days) == 1 and _names(title, *days)
    under = ["" if is_said else _day(s, zone) for s in shown]
    if days:
        under = [day if s.starts_at else ANY_TIME for day, s in zip(under, shown, strict=True)]
    return kit.card(
        _summary(title, shown, zone),
        kit.heading(title),
        kit.text(note) if note else None,
        *_under_days(under, rows),
        actions=actions,
    )


def _day(session: Session, zone: ZoneInfo) -> str:
    return sayings.day(session.starts_at.astimezone(zone).date()) if session.starts_at else ""


def _names(title: str, day: str) -> bool:
    """Whether a title says of which day a list is; "Monday 18 May to Friday 22 May" does not."""
    return day in title and " to " not in title


def _under_days(days: Sequence[str], rows: Sequence[Element]) -> Iterator[Element]:
    """The rows, with a day before each at which a new one begins."""
    for last, day, row in zip(["", *days], days, rows, strict=False):
        if day and day != last:
            yield kit.subheading(day)
        yield row


def _row(
    number: int, session: Session, own: Booking | None, *, zone: ZoneInfo, now: datetime
) -> Element:
    parts = [
        sayings.times(session, zone),
        sayings.where(session),
        sayings.platform(session),
        standing(session, own, now),
    ]
    return kit.group(
        kit.text(f"{number}. {session.title}", weight="Bolder"),
        kit.quiet(" · ".join(p for p in parts if p)),
        kit.buttons(
            booking_action(session, own, now),
            execute("Details", "session.show", session=session.id),
        ),
        separator=True,
    )


def standing(session: Session, own: Booking | None, now: datetime) -> str:
    """Where a person stands with a session, or how many places it has."""
    if session.is_cancelled:
        return sayings.places(session)
    if session.is_over(now):
        return "Over"
    if own is not None:
        return {
            BookingState.BOOKED: "You are booked",
            BookingState.WAITING: "You are on the waiting list",
            BookingState.OFFERED: "A place is held for you",
        }.get(own.state, "")
    return "Started" if session.has_started(now) else sayings.places(session)


def booking_action(
    session: Session, own: Booking | None, now: datetime, **data: str
) -> Action | None:
    """The one thing to do about a session's places, if any; booking carries `data` along."""
    if session.details.format is Format.SELF_PACED:
        return kit.open_url("Open", session.link) if session.link else None
    if not session.is_open(now):
        return None
    if own is None:
        if session.places_left == 0 and not session.details.waiting_list:
            return None
        title = "Join the waiting list" if session.places_left == 0 else "Book"
        return execute(title, "session.book", session=session.id, **data)
    match own.state:
        case BookingState.OFFERED:
            return execute("Take the place", "waiting.accept", session=session.id)
        case BookingState.WAITING:
            return execute("Leave the waiting list", "session.cancel", session=session.id)
        case _:
            return execute("Cancel booking", "session.cancel", session=session.id)


def again_action(session: Session, now: datetime) -> Action | None:
    """The button that asks to hear when it runs again, where it can no longer be had."""
    return tell_me(session) if is_worth_asking(session, now) else None


def tell_me(session: Session) -> Action:
    return execute("Tell me when it runs again", "again.ask", session=session.id)


def session_card(
    session: Session,
    own: Booking | None,
    *,
    zone: ZoneInfo,
    now: datetime,
    note: str = "",
    also: Sequence[Session] = (),
    source: str = "",
) -> Card:
    """Everything about one session, with what this person can do about it; then some resources.

    `source` is what led here, so that a booking is counted as brought by that.
    """
    details = session.details
    actions = [booking_action(session, own, now, **({"source": source} if source else {}))]
    has_place = own is not None and own.state is BookingState.BOOKED
    if has_place and session.link and not session.is_cancelled:
        actions.append(kit.open_url("Join", session.link))
    if own is None or session.is_over(now) or session.is_cancelled:
        actions.append(again_action(session, now))
    return kit.card(
        f"{session.title}: {sayings.moment(session, zone)}",
        kit.text(note) if note else None,
        kit.heading(session.title),
        kit.notice("This session has been cancelled.", "attention")
        if session.is_cancelled
        else None,
        kit.text(sayings.shortened(details.summary, 1000)) if details.summary else None,
        kit.facts(
            ("When", sayings.moment(session, zone)),
            ("Where", sayings.where(session)),
            ("With", sayings.shortened(", ".join(details.facilitators), 200)),
            ("For", sayings.shortened(details.audience, 200)),
            ("Strand", details.strand),
            ("Topics", sayings.shortened(", ".join(details.topics), 200)),
            ("Places", "" if session.is_cancelled else standing(session, own, now)),
            ("Code", session.code),
        ),
        kit.subheading(ANY_TIME) if also else None,
        *kit.fitting(resource_rows(also)),
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


def alternatives(
    sessions: Sequence[Session], zone: ZoneInfo, source: str = ""
) -> list[Element | None]:
    """What there is instead, each with its button; nothing at all where there is nothing."""
    if not sessions:
        return []
    led_by = {"source": source} if source else {}
    return [
        kit.subheading("These have places left"),
        *(
            kit.group(
                kit.text(s.title, weight="Bolder"),
                kit.quiet(f"{sayings.moment(s, zone)} · {sayings.places(s)}"),
                kit.buttons(execute("Book", "session.book", session=s.id, **led_by)),
            )
            for s in sessions
        ),
    ]


def resources_card(resources: Sequence[Session]) -> Card:
    """What people can learn from at any time."""
    rows = kit.fitting(resource_rows(resources[:10]))
    title = "Learn in your own time"
    left = len(resources) - len(rows)
    return kit.card(
        f"{title}: {sayings.listed([r.title for r in resources[:3]])}",
        kit.heading(title),
        *rows,
        kit.quiet(f"and {left} more") if left else None,
    )


def resource_rows(resources: Sequence[Session]) -> list[Element]:
    """Each with what it is, on which platform, and the way there."""
    return [_resource(resource) for resource in resources]


def _resource(resource: Session) -> Element:
    summary = sayings.shortened(resource.details.summary, 300)
    name = sayings.shortened(f"Open {resource.title}", 40)
    platform = sayings.platform(resource)
    return kit.group(
        kit.text(resource.title, weight="Bolder"),
        kit.quiet(platform) if platform else None,
        kit.text(summary, spacing="Small") if summary else None,
        kit.buttons(kit.open_url(name, resource.link) if resource.link else None),
        separator=True,
    )


def _summary(title: str, shown: Sequence[Session], zone: ZoneInfo) -> str:
    if not shown:
        return title
    first = [
        sayings.shortened(s.title, 80)
        + (f" at {sayings.clock(s.starts_at, zone)}" if s.starts_at else "")
        for s in shown[:3]
    ]
    return f"{title}: {', '.join(first)}{' and more' if len(shown) > 3 else ''}"
