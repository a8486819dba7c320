"""Cards for what we say unasked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cards import kit, sayings
from cards.kit import Action, Card, execute
from cards.sessions import alternatives, booking_action, resource_rows, standing, tell_me
from learning.bookings import Booking
from learning.sessions import Session, SessionId
from learning.sources import Source


def nudge_card(session: Session, *, zone: ZoneInfo, now: datetime, page: str = "") -> Card:
    """It is soon: when, where, how to join, how to give the place to someone else.

    `page` is the session's own, here and in the others; '' leaves its button out.
    """
    starts = session.starts_at or now
    title = f"{session.title} starts {sayings.until(starts, now, zone)}"
    return kit.card(
        title,
        kit.heading(title),
        _facts(session, zone),
        kit.text(sayings.LINK_FOLLOWS) if sayings.link_follows(session) else None,
        actions=[
            *_join(session),
            execute("I can't make it", "session.cancel", session=session.id),
            execute("Nudges off", "nudges.off"),
            *_see(page),
        ],
    )


def place_given_card(session: Session, *, zone: ZoneInfo, page: str = "") -> Card:
    title = f"A place came free: you're booked on {session.title}"
    return kit.card(
        title,
        kit.heading("A place came free: you're booked"),
        kit.text(session.title, weight="Bolder"),
        _facts(session, zone),
        kit.text(
            "If you no longer want it, give it back with one tap and it goes to the next in line."
        ),
        actions=[
            *_join(session),
            execute("Give it back", "session.cancel", session=session.id),
            *_see(page),
        ],
    )


def place_offered_card(
    session: Session, booking: Booking, *, zone: ZoneInfo, page: str = ""
) -> Card:
    until = booking.offered_until
    by = f" It is held for you until {sayings.clock(until, zone)}." if until else ""
    return kit.card(
        f"A place came free on {session.title}. Do you want it?",
        kit.heading("A place came free. Do you want it?"),
        kit.text(session.title, weight="Bolder"),
        kit.text(f"You were on the waiting list.{by} After that it goes to the next in line."),
        _facts(session, zone),
        actions=[
            execute("Take the place", "waiting.accept", session=session.id),
            execute("No, pass it on", "waiting.pass", session=session.id),
            *_see(page),
        ],
    )


def offer_lapsed_card(session: Session, *, zone: ZoneInfo, now: datetime) -> Card:
    again = booking_action(session, None, now, source=Source.NUDGE)
    return kit.card(
        f"The place on {session.title} has gone to the next in line",
        kit.heading("The place has gone to the next in line"),
        kit.text(f"It was held for you on {session.title}, {sayings.moment(session, zone)}."),
        actions=[again] if again else [],
    )


def session_changed_card(
    session: Session,
    *,
    zone: ZoneInfo,
    now: datetime,
    was: datetime | None,
    own: Booking | None,
    page: str = "",
) -> Card:
    """Where or when has changed; the booking stands."""
    moved = was is not None and was != session.starts_at
    title = f"{session.title} has {'moved' if moved else 'changed'}"
    waits = own is not None and not own.holds_a_place
    before = ""
    if moved and was is not None:
        before = f"{sayings.day(was.astimezone(zone).date())}, {sayings.clock(was, zone)}"
    return kit.card(
        f"{title}: now {sayings.moment(session, zone)}",
        kit.heading(title),
        kit.text("You keep your place in the queue." if waits else "Your booking stands."),
        kit.facts(
            ("Now", sayings.moment(session, zone)),
            ("Was", before),
            ("Where", sayings.where(session)),
        ),
        actions=[
            *([] if waits else _join(session)),
            execute(
                "Leave the waiting list" if waits else "Cancel booking",
                "session.cancel",
                session=session.id,
            ),
            *_see(page),
        ],
    )


def session_cancelled_card(
    session: Session, *, zone: ZoneInfo, instead: Sequence[Session] = ()
) -> Card:
    title = f"{session.title} is cancelled"
    return kit.card(
        f"{title} ({sayings.moment(session, zone)})",
        kit.heading(title),
        kit.text(f"It was to be {sayings.moment(session, zone)}. There is nothing you need to do."),
        *alternatives(instead, zone, source=Source.NUDGE),
        actions=[tell_me(session)],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """What a highlights card shows: some of a day's sessions, and how many more there are.

    It ends with a resource or two.
    """

    day: date
    sessions: Sequence[Session]
    more: int
    zone: ZoneInfo
    now: datetime
    resources: Sequence[Session] = ()


def highlights_card(today: Today) -> Card:
    """What is on today, in somebody's own chat."""
    return _highlights(today, {}, execute("Stop highlights", "highlights.off"))


def channel_highlights_card(
    today: Today, viewers: Sequence[str], own: Mapping[SessionId, Booking] | None = None
) -> Card:
    """What is on today, in a channel, where each button answers in the presser's own chat.

    `viewers` are the Teams ids of those for whom Teams asks by itself for a card of their own, with
    their bookings (`own`) on it; anybody else gets theirs by its button. Nobody sees another's.
    """
    shown = {
        "day": today.day.isoformat(),
        "sessions": [s.id for s in today.sessions],
        "more": today.more,
        **({"resources": [r.id for r in today.resources]} if today.resources else {}),
    }
    mine = execute("Show my bookings", OWN_HIGHLIGHTS, **shown)
    card = _highlights(today, own or {}, mine, room=kit.ROOM - len("".join(viewers)))
    by_itself = {name: part for name, part in mine.items() if name != "fallback"}
    card.content["refresh"] = {"action": by_itself, "userIds": list(viewers)}
    return card


OWN_HIGHLIGHTS = "highlights.mine"


def _highlights(
    today: Today, own: Mapping[SessionId, Booking], last: Action, room: int = kit.ROOM
) -> Card:
    title = f"Learning today: {sayings.day(today.day)}"
    first = sayings.listed([s.title for s in today.sessions[:3]])
    highlights = [_highlight(today, session, own.get(session.id)) for session in today.sessions]
    fitting = kit.fitting([*highlights, *resource_rows(today.resources)], room)
    rows, resources = fitting[: len(highlights)], fitting[len(highlights) :]
    more = today.more + len(today.sessions) - len(rows)
    return kit.card(
        f"{title}. {first}",
        kit.heading(title),
        *rows,
        kit.quiet(f"and {more} more today") if more > 0 else None,
        kit.subheading("Or at any time") if resources else None,
        *resources,
        actions=[execute("Everything today", "day.show", words=today.day.isoformat()), last],
    )


def _highlight(today: Today, session: Session, own: Booking | None) -> kit.Element:
    summary = session.details.summary
    about = (
        sayings.times(session, today.zone),
        sayings.where(session),
        standing(session, own, today.now),
    )
    return kit.group(
        kit.text(session.title, weight="Bolder"),
        kit.quiet(" · ".join(about)),
        kit.text(_first_sentence(summary), spacing="Small") if summary else None,
        kit.buttons(
            booking_action(session, own, today.now, source=Source.HIGHLIGHTS),
            execute("Details", "session.show", session=session.id, source=Source.HIGHLIGHTS),
        ),
        separator=True,
    )


def _join(session: Session) -> list[Action]:
    return [kit.open_url("Join", session.link)] if session.link else []


def _see(page: str) -> list[Action]:
    return [kit.open_url("See the session", page)] if page else []


def _facts(session: Session, zone: ZoneInfo) -> kit.Element | None:
    return kit.facts(("When", sayings.moment(session, zone)), ("Where", sayings.where(session)))


def _first_sentence(summary: str) -> str:
    head, stop, _ = summary.partition(". ")
    return sayings.shortened(head + stop.strip(), 200)
