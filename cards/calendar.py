"""One's own calendar: its address on a card, and what its events say."""

from __future__ import annotations

from cards import kit, sayings
from cards.kit import Card, execute
from learning.bookings import BookingState
from learning.own_calendar import Entry, OwnEvent

PREFIX = {BookingState.OFFERED: "Place held: ", BookingState.WAITING: "Waiting list: "}

IN_OUTLOOK = (
    "In Outlook, open the calendar and choose Add calendar, then Subscribe from web.",
    "Paste the address, call it Learnweek, and choose Import.",
    "Outlook looks for changes by itself, every few hours.",
)
KEEP_IT = (
    "Whoever has the address sees your bookings with their links to join, so keep it to yourself."
)


def calendar_card(address: str, *, is_new: bool = False) -> Card:
    """For its owner's eyes alone."""
    title = "Your new calendar address" if is_new else "Your calendar address"
    return kit.card(
        f"{title}: give it to Outlook, and your bookings appear there",
        kit.heading(title),
        kit.text("The address before it no longer works.") if is_new else None,
        kit.text("Your bookings as a calendar that follows every change:"),
        kit.text(address, weight="Bolder"),
        *(kit.text(f"{number}. {step}") for number, step in enumerate(IN_OUTLOOK, 1)),
        kit.quiet(KEEP_IT),
        actions=[
            execute("New address", "calendar.renew"),
            execute("Remove it", "calendar.remove"),
            execute("My bookings", "bookings.show"),
        ],
    )


def event(entry: Entry, page: str) -> OwnEvent:
    """`page` is the address of the session's page; the link to join is for who has a place."""
    session = entry.session
    link = session.link if entry.is_sure else ""
    parts = (
        _news(entry),
        f"Join: {link}" if link else "",
        session.details.summary,
        f"Your place: {page}",
    )
    return OwnEvent(
        entry=entry,
        title=session.title if entry.is_off else f"{PREFIX.get(entry.state, '')}{session.title}",
        text="\n\n".join(part for part in parts if part),
        where=sayings.where(session),
        url=link or page,
    )


def _news(entry: Entry) -> str:
    """What is otherwise than with a place that one has."""
    if entry.session.is_cancelled:
        return "This session has been cancelled."
    match entry.state:
        case BookingState.CANCELLED:
            return "You have no place on this session any more."
        case BookingState.OFFERED if entry.held_until:
            zone = entry.session.zone
            day = sayings.day(entry.held_until.astimezone(zone).date())
            by = sayings.clock(entry.held_until, zone)
            return f"A place is held for you until {by} on {day}. Take it or pass it on below."
        case BookingState.WAITING:
            return "You are on the waiting list."
        case _:
            return ""
