"""What is wrong with the hub list: told to whoever edited it, and shown to organisers who ask."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from cards import kit, sayings
from cards.kit import Card
from learning.hub_list import Standing
from learning.sessions import Session

MOST_LINES = 30
LONGEST_LINE = 300
NOT_APPLIED = (
    "Until every fault is mended nothing of the list is taken over: the programme stays as it was."
)


def fault_card(faults: Sequence[str], missing: Sequence[Session] = ()) -> Card:
    """What somebody's edit led to."""
    if not faults:
        return kit.card(
            _missing_title(missing), kit.heading(_missing_title(missing)), *_gone(missing)
        )
    title = f"The hub list has {_count(len(faults), 'fault')}"
    return kit.card(
        f"{title}. {sayings.shortened(faults[0], LONGEST_LINE)}",
        kit.heading(title),
        kit.text(NOT_APPLIED),
        *_lines(faults),
        *_gone(missing),
        kit.quiet("Mend it in the SharePoint list. I look again by myself."),
    )


def standing_card(found: Standing, *, zone: ZoneInfo) -> Card:
    """How it stands with the list, for organisers."""
    title = _title(found)
    read = "The list has not been read yet."
    if found.read_at is not None:
        local = found.read_at.astimezone(zone)
        read = f"Last read: {sayings.day(local.date())}, {local:%H:%M}."
    told = "SharePoint tells me of changes." if found.is_watched else "I look every few minutes."
    return kit.card(
        title,
        kit.heading(title),
        kit.notice(f"It cannot be read: {found.trouble}.", "warning") if found.trouble else None,
        kit.notice(f"Places left cannot be written: {found.unwritten}.", "warning")
        if found.unwritten
        else None,
        kit.text(NOT_APPLIED) if found.faults else None,
        *_lines(found.faults),
        *_gone(found.missing),
        kit.quiet(f"{read} {told}"),
        *_lines(found.report.splitlines() if not found.faults else ()),
    )


def _title(found: Standing) -> str:
    if found.faults:
        return f"The hub list has {_count(len(found.faults), 'fault')}"
    if found.trouble:
        return "The hub list cannot be read"
    if found.unwritten:
        return "The hub list cannot be written"
    return "Nothing is wrong with the hub list" if found.read_at else "The hub list is new"


def _missing_title(missing: Sequence[Session]) -> str:
    if len(missing) == 1:
        return f"{sayings.shortened(missing[0].title, 100)} is no longer in the hub list"
    return f"{len(missing)} sessions are no longer in the hub list"


def _gone(missing: Sequence[Session]) -> Sequence[kit.Element]:
    if not missing:
        return []
    words = "Not in the list any more, and still published. Call them off if they are not to take place:"
    named = [f"{session.title} ({session.code})" for session in missing]
    return [kit.text(words), *_lines(named)]


def _lines(lines: Sequence[str]) -> Sequence[kit.Element]:
    shown = kit.fitting(
        [
            kit.text(sayings.shortened(line, LONGEST_LINE), spacing="Small")
            for line in lines[:MOST_LINES]
        ],
        kit.ROOM // 3,
    )
    left = len(lines) - len(shown)
    return [*shown, kit.quiet(f"and {left} more")] if left > 0 else shown


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
