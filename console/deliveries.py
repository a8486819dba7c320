"""`deliveries`: what was sent and what became of it, as a plain table."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from cards import deliveries as words
from learning.mailings import Deliveries, Mailing
from services.ledger import Ledger

HEADER = ("to", "sent", "sending", "to go", "held", "unneeded", "unreached", "failed", "what")


async def show(ledger: Ledger, limit: int, zone: ZoneInfo) -> int:
    print(table(await ledger.deliveries(max(1, limit)), zone))
    return 0


def table(deliveries: Deliveries, zone: ZoneInfo) -> str:
    """A line for each mailing, numbers first, and below it why some were given up."""
    rows = [_numbers(m) for m in deliveries.mailings]
    widths = [max(map(len, column)) for column in zip(HEADER[:-1], *rows, strict=True)]
    lines = [_line(HEADER[:-1], widths, HEADER[-1])] if rows else ["Nothing has been sent yet."]
    for mailing, row in zip(deliveries.mailings, rows, strict=True):
        lines.append(_line(row, widths, words.what(mailing, zone)))
        if mailing.given_up:
            lines.append(_line([""] * len(row), widths, f"  {words.reasons(mailing)}"))
    return "\n".join([*lines, *(f"{each}." for each in words.meetings_and_ahead(deliveries))])


def _numbers(mailing: Mailing) -> tuple[str, ...]:
    unreached = words.not_reached(mailing)
    numbers = (
        mailing.people,
        mailing.sent,
        mailing.being_sent,
        words.still_to_go(mailing),
        mailing.held_back,
        mailing.dropped,
        unreached,
        sum(mailing.given_up.values()) - unreached,
    )
    return tuple(map(str, numbers))


def _line(cells: Sequence[str], widths: Sequence[int], last: str) -> str:
    numbers = "  ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
    return f"{numbers}  {last}"
