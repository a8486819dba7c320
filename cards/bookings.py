"""Cards about one person's bookings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from cards import kit, sayings
from cards.kit import Action, Card, execute
from cards.sessions import alternatives, booking_action
from learning.bookings import Booking, BookingState
from learning.sessions import Format, Session

HEADINGS = {
    BookingState.BOOKED: "You're booked",
    BookingState.WAITING: "You're on the waiting list",
    BookingState.OFFERED: "A place is being held for you",
    BookingState.CANCELLED: "Booking cancelled",
}

GONE_BACK = "Your place has gone back for someone else. You can book again if you wish."


def booking_card(
    session: Session,
    booking: Booking,
    *,
    position: int,
    zone: ZoneInfo,
    now: datetime,
    instead: Sequence[Session] = (),
    note: str = "",
) -> Card:
    """Tell a person where their booking stands."""
    is_off = session.is_cancelled and booking.is_live
    title = "This session has been cancelled" if is_off else HEADINGS[booking.state]
    return kit.card(
        f"{title}: {session.title}, {sayings.moment(session, zone)}",
        kit.heading(title),
        kit.text(session.title, weight="Bolder", size="Medium"),
        kit.text(note) if note else None,
        kit.text(meaning(session, booking, position, zone)),
        kit.facts(
            ("When", sayings.moment(session, zone)),
            ("Where", sayings.where(session)),
            ("Code", session.code),
        ),
        *alternatives(instead, zone),
        actions=_actions(session, booking, now),
    )


def meaning(session: Session, booking: Booking, position: int, zone: ZoneInfo) -> str:
    """Where a booking stands, in a sentence or two for its owner."""
    if session.is_cancelled:
        return "The session does not take place. There is nothing you need to do."
    match booking.state:
        case BookingState.BOOKED if session.link:
            return "Your place is confirmed. I'll nudge you before it starts; join from here."
        case BookingState.BOOKED if session.details.format is Format.TEAMS:
            return "Your place is confirmed. The link to join follows here and in your calendar."
        case BookingState.BOOKED if session.details.format is Format.ZOOM:
            return f"Your place is confirmed. {sayings.LINK_FOLLOWS}"
        case BookingState.BOOKED:
            return "Your place is confirmed. I'll nudge you before it starts."
        case BookingState.WAITING:
            return (
                f"Every place is taken. You are {sayings.ordinal(max(1, position))} on the waiting "
                "list, and I'll tell you as soon as a place comes free."
            )
        case BookingState.OFFERED if booking.offered_until:
            by = sayings.clock(booking.offered_until, zone)
            return f"Take it by {by}, or it goes to the next in line."
        case _:
            return GONE_BACK


def _actions(session: Session, booking: Booking, now: datetime) -> list[Action]:
    actions: list[Action | None] = []
    if booking.state is BookingState.CANCELLED:
        actions.append(booking_action(session, None, now))
    else:
        if booking.state is BookingState.BOOKED and session.link and not session.is_cancelled:
            actions.append(kit.open_url("Join", session.link))
        if booking.state is BookingState.OFFERED:
            actions.append(execute("Take the place", "waiting.accept", session=session.id))
            actions.append(execute("No, pass it on", "waiting.pass", session=session.id))
        elif session.is_open(now):
            title = "Cancel" if booking.state is BookingState.BOOKED else "Leave the waiting list"
            actions.append(execute(title, "session.cancel", session=session.id))
    actions.append(execute("My bookings", "bookings.show"))
    return [a for a in actions if a is not None]


def my_bookings_card(
    standings: Sequence[tuple[Session, Booking, int]], *, zone: ZoneInfo, now: datetime
) -> Card:
    """What this person has ahead of them."""
    if not standings:
        return kit.card(
            "You have no bookings yet",
            kit.heading("You have no bookings yet"),
            kit.text("Have a look at what's on: every session has a Book button."),
            actions=[
                execute("What's on today", "day.show", words="today"),
                execute("What's on this week", "day.show", words="this week"),
            ],
        )
    rows = kit.fitting(
        [
            kit.group(
                kit.text(f"{number}. {session.title}", weight="Bolder"),
                kit.quiet(f"{sayings.moment(session, zone)} · {sayings.where(session)}"),
                kit.quiet(_standing(booking, position, session, now)),
                kit.buttons(*_row_actions(session, booking, now)),
                separator=True,
            )
            for number, (session, booking, position) in enumerate(standings[:12], 1)
        ]
    )
    left = len(standings) - len(rows)
    title = "Your bookings"
    first = standings[0][0]
    return kit.card(
        f"{title}: {len(standings)}, next {first.title}, {sayings.moment(first, zone)}",
        kit.heading(title),
        *rows,
        kit.quiet(f"and {left} more after these") if left else None,
    )


def _standing(booking: Booking, position: int, session: Session, now: datetime) -> str:
    if session.is_cancelled:
        return "Cancelled by its organisers"
    match booking.state:
        case BookingState.WAITING:
            return f"Waiting, {sayings.ordinal(max(1, position))} in line"
        case BookingState.OFFERED:
            return "A place is held for you"
        case _:
            stands = "On now" if session.has_started(now) else "Booked"
            return (
                f"{stands}; your link to join follows" if sayings.link_follows(session) else stands
            )


def _row_actions(session: Session, booking: Booking, now: datetime) -> list[Action]:
    join = booking.state is BookingState.BOOKED and session.link and not session.is_cancelled
    actions = [
        kit.open_url("Join", session.link) if join else None,
        booking_action(session, booking, now),
    ]
    return [a for a in actions if a is not None]


def clash_card(
    session: Session, others: Sequence[Session], *, zone: ZoneInfo, source: str = ""
) -> Card:
    """Two at one time: the person chooses. `source` is what led to the booking."""
    others = others[:5]
    carried = {"source": source} if source else {}
    names = sayings.listed([s.title for s in others])
    return kit.card(
        f"{session.title} is at the same time as {names}. Book it all the same?",
        kit.heading("These two clash"),
        kit.text(f"{session.title} is {sayings.moment(session, zone)}."),
        *(kit.text(f"You already have {s.title}, {sayings.moment(s, zone)}.") for s in others),
        kit.text("Shall I book it all the same?"),
        actions=[
            execute("Book anyway", "session.book", session=session.id, anyway=True, **carried),
            *(
                execute(
                    sayings.shortened(f"Swap: give up {s.title}", 40),
                    "session.swap",
                    session=session.id,
                    instead_of=s.id,
                    **carried,
                )
                for s in others[:2]
            ),
            execute("Leave it", "session.leave", session=session.id),
        ],
    )


def refusal_card(
    heading: str,
    reason: str,
    *,
    instead: Sequence[Session] = (),
    zone: ZoneInfo,
    actions: Sequence[Action] = (),
) -> Card:
    """A no that helps: why, and what there is instead."""
    return kit.card(
        f"{heading}: {reason}",
        kit.heading(heading),
        kit.text(reason),
        *alternatives(instead, zone),
        actions=actions,
    )
