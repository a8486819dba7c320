"""The card with somebody's own way through their programmes, for their eyes alone."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from cards import kit
from cards.commitments import LIST, day
from cards.kit import Card, Element
from learning.courses.commitments import Said
from learning.courses.timeline import Event, Happened

TOLD = {
    Said.DONE: "done",
    Said.ON_THE_WAY: "on the way",
    Said.CHANGED: "changed",
    Said.DROPPED: "dropped",
}


def timeline_card(events: Sequence[Event], zone: ZoneInfo) -> Card:
    """In the order of time; where a card has no room for all, the earliest are left out."""
    title = "Your timeline"
    if not events:
        words = (
            "Nothing has happened yet. What you do on a programme will stand here, for you alone."
        )
        return kit.card(title, kit.heading(title), kit.text(words))
    rows = [_event(event, zone) for event in reversed(events)]
    shown = list(reversed(list(kit.fitting(rows))))
    left = len(rows) - len(shown)
    return kit.card(
        title,
        kit.heading(title),
        kit.quiet("Only you see this."),
        kit.quiet(f"{left} earlier are not shown") if left else None,
        *shown,
        actions=[LIST],
    )


def _event(event: Event, zone: ZoneInfo) -> Element:
    at = event.at.astimezone(zone)
    return kit.group(
        kit.quiet(f"{day(at.date())} · {event.course}" if event.course else day(at.date())),
        kit.text(_happened(event)),
        kit.text(f"“{event.text}”", isSubtle=True) if _is_quoted(event) else None,
        separator=True,
    )


def _happened(event: Event) -> str:
    match event.kind:
        case Happened.JOINED:
            return "You joined the programme"
        case Happened.LEFT:
            return "You left the programme"
        case Happened.STEP_DONE:
            return f"Done: {event.what}"
        case Happened.BOOKED:
            return f"You had a place on {event.what}"
        case Happened.WAS_THERE:
            return f"You were at {event.what}"
        case Happened.IN_A_SET:
            return f"You joined {event.what}"
        case Happened.SET_MET:
            return f"{event.what} met"
        case Happened.COMMITTED:
            return f"You committed: I will {event.text}"
        case Happened.CHECKED:
            number, _, said = event.what.partition("/")
            told = {Said.DROPPED: " What you learnt:", Said.CHANGED: " Before, it was:"}
            also = told.get(Said(said), "") if event.text else ""
            return f"Check-in after {number} days: {TOLD[Said(said)]}.{also}"
        case Happened.QUOTED:
            return "You gave a quote"


def _is_quoted(event: Event) -> bool:
    return bool(event.text) and event.kind in (Happened.CHECKED, Happened.QUOTED)
