"""Cards for what we say unasked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cards import kit, sayings
from cards.kit import Action, Card, execute
from cards.sessions import alternatives, booking_action
from learning.bookings import Booking
from learning.sessions import Session


def nudge_card(session: Session, *, zone: ZoneInfo, now: datetime) -> Card:
    """It is soon: when, where, how to join, how to give the place to someone else."""
    starts = session.starts_at or now
    title = f"{session.title} starts {sayings.until(starts, now, zone)}"
    return kit.card(
        title,
        kit.heading(title),
        _facts(session, zone),
        actions=[
            *_join(session),
            execute("I can't make it", "session.cancel", session=session.id),
            execute("Nudges off", "nudges.off"),
        ],
    )


def place_given_card(session: Session, *, zone: ZoneInfo) -> Card:
    title = f"A place came free: you're booked on {session.title}"
    return kit.card(
        title,
        kit.heading("A place came free: you're booked"),
        kit.text(session.title, weight="Bolder"),
        _facts(session, zone),
        kit.text(
            "If you no longer want it, give it back with one tap and it goes to the next in line."
        ),
        actions=[*_join(session), execute("Give it back", "session.cancel", session=session.id)],
    )


def place_offered_card(session: Session, booking: Booking, *, zone: ZoneInfo) -> Card:
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
        ],
    )


def offer_lapsed_card(session: Session, *, zone: ZoneInfo, now: datetime) -> Card:
    again = booking_action(session, None, now)
    return kit.card(
        f"The place on {session.title} has gone to the next in line",
        kit.heading("The place has gone to the next in line"),
        kit.text(f"It was held for you on {session.title}, {sayings.moment(session, zone)}."),
        actions=[again] if again else [],
    )


def session_changed_card(
    session: Session, *, zone: ZoneInfo, now: datetime, was: datetime | None, own: Booking | None
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
        *alternatives(instead, zone),
    )


def highlights_card(
    day: date, sessions: Sequence[Session], more: int, *, zone: ZoneInfo, in_channel: bool
) -> Card:
    """What is on today; in a channel each button answers in the presser's own chat."""
    title = f"Learning today: {sayings.day(day)}"
    first = sayings.listed([s.title for s in sessions[:3]])
    rows: list[kit.Element] = [
        kit.group(
            kit.text(s.title, weight="Bolder"),
            kit.quiet(" · ".join((sayings.times(s, zone), sayings.where(s), sayings.places(s)))),
            kit.text(_first_sentence(s.details.summary), spacing="Small")
            if s.details.summary
            else None,
            kit.buttons(
                execute(
                    "Book" if s.places_left != 0 else "Join the waiting list",
                    "session.book",
                    session=s.id,
                    source="highlights",
                ),
                execute("Details", "session.show", session=s.id),
            ),
            separator=True,
        )
        for s in sessions
    ]
    rows = list(kit.fitting(rows))
    more += len(sessions) - len(rows)
    actions: list[Action] = [execute("Everything today", "day.show", words=day.isoformat())]
    if not in_channel:
        actions.append(execute("Stop highlights", "highlights.off"))
    return kit.card(
        f"{title}. {first}",
        kit.heading(title),
        *rows,
        kit.quiet(f"and {more} more today") if more > 0 else None,
        actions=actions,
    )


def _join(session: Session) -> list[Action]:
    return [kit.open_url("Join", session.link)] if session.link else []


def _facts(session: Session, zone: ZoneInfo) -> kit.Element | None:
    return kit.facts(("When", sayings.moment(session, zone)), ("Where", sayings.where(session)))


def _first_sentence(summary: str) -> str:
    head, stop, _ = summary.partition(". ")
    return sayings.shortened(head + stop.strip(), 200)
