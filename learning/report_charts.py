"""The charts of a report: bars with their values, which stand beside a table of the same figures."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from learning.drawings import Bar, Chart, Fill
from learning.report import Channel, Earlier, Line, Measure, Score, rounded

MOST_BARS = 40
"""More cannot be compared by eye, and would fill pages; the table has them all."""

STARS = ("1 star", "2 stars", "3 stars", "4 stars", "5 stars")

PRESENCES = (
    (Fill.SOLID, "Attended"),
    (Fill.DOTTED, "Briefly"),
    (Fill.HATCHED, "No-show"),
    (Fill.EMPTY, "Unknown"),
)


def presence(name: str, by: str, lines: Sequence[Line]) -> Chart | None:
    """Who was there, one bar for each line; None where nobody had a place or came."""
    bars = tuple(
        Bar(label=line.name, parts=_presences(line), says=_who_came(line))
        for line in lines
        if _who(line)
    )
    if not bars:
        return None
    used = {fill for bar in bars for fill, _ in bar.parts}
    return _chart(
        name=name,
        title=f"Who was there, by {by}",
        bars=bars,
        top=max(bar.length for bar in bars),
        key=tuple((fill, words) for fill, words in PRESENCES if fill in used),
    )


def averages(name: str, by: str, lines: Sequence[Line]) -> Chart | None:
    """The average stars of those that have a score."""
    bars = tuple(
        _bar(
            line.name,
            line.score.average,
            f"{line.score.average} ({answers(line.score.answers)})",
        )
        for line in lines
        if line.score is not None
    )
    return _chart(
        name=name, title=f"Average score by {by}, of 5 stars", bars=bars, top=Decimal(len(STARS))
    )


def stars(score: Score) -> Chart | None:
    """How many gave each number of stars, the most stars first."""
    bars = tuple(
        _bar(words, Decimal(count), f"{count:,}")
        for words, count in reversed(list(zip(STARS, score.histogram, strict=True)))
    )
    return _chart(
        name="stars",
        title="How many gave how many stars",
        bars=bars,
        top=Decimal(max(score.histogram)) or Decimal(1),
    )


def goals(lines: Sequence[Line]) -> Chart | None:
    """The share that said yes, of those who answered."""
    bars = tuple(
        Bar(
            label=line.name,
            parts=((Fill.SOLID, share), (Fill.EMPTY, 100 - share)),
            says=f"{whole(share)} % of {line.score.goal_answers:,}",
        )
        for line in lines
        if line.score is not None and (share := line.score.goals_share) is not None
    )
    return _chart(
        name="goals",
        title="Said it supported their career and personal development goals",
        bars=bars,
        top=Decimal(100),
        key=((Fill.SOLID, "Yes"), (Fill.EMPTY, "No")),
    )


def channels(those: Sequence[Channel]) -> Chart | None:
    """What brought the bookings, and how many of those came."""
    bars = tuple(
        Bar(
            label=each.name,
            parts=_parts((Fill.SOLID, each.attended), (Fill.EMPTY, each.booked - each.attended)),
            says=f"{each.booked:,} booked, {each.attended:,} attended",
        )
        for each in those
        if each.booked
    )
    if not bars:
        return None
    return _chart(
        name="channels",
        title="What brought the bookings",
        bars=bars,
        top=max(bar.length for bar in bars),
        key=((Fill.SOLID, "Attended"), (Fill.EMPTY, "Booked and did not attend")),
    )


def editions(measure: Measure, title: str, now: str, earlier: Sequence[Earlier]) -> Chart | None:
    """This edition above those before it; None where none of them has a figure."""
    known = [(e.name, c) for e in earlier if (c := e.change(measure)) and c.before is not None]
    if not known or (current := known[0][1].now) is None:
        return None
    values = [(now, current), *((name, c.before) for name, c in known if c.before is not None)]
    return _chart(
        name=f"editions-{measure}",
        title=title,
        bars=tuple(_bar(label, value, number(value)) for label, value in values),
        top=max(value for _, value in values) or Decimal(1),
    )


def number(value: Decimal) -> str:
    """'1,204', '4.38'."""
    return f"{value:,f}"


def whole(share: Decimal) -> str:
    """Per cent without a fraction."""
    return str(rounded(share, Decimal(1)))


def answers(count: int) -> str:
    return f"{count:,} answer{'' if count == 1 else 's'}"


def _chart(
    *,
    name: str,
    title: str,
    bars: tuple[Bar, ...],
    top: Decimal,
    key: tuple[tuple[Fill, str], ...] = (),
) -> Chart | None:
    if not bars:
        return None
    shown = bars
    if len(bars) > MOST_BARS:
        longest = sorted(bars, key=lambda bar: -bar.length)[:MOST_BARS]
        shown = tuple(bar for bar in bars if bar in longest)[:MOST_BARS]
        title = f"{title}: the {MOST_BARS} longest of {len(bars):,} bars"
    return Chart(name=name, title=title, alt=_alt(title, shown), bars=shown, top=top, key=key)


def _alt(title: str, bars: Sequence[Bar]) -> str:
    """What is seen at a glance; the rest is in the table."""
    most = max(bars, key=lambda bar: bar.parts[0][1] if bar.parts else Decimal())
    if len(bars) == 1:
        return f"{title}. One bar: {most.label}, {most.says}."
    return f"{title}. {len(bars)} bars; the longest: {most.label}, {most.says}. The table has them all."


def _bar(label: str, amount: Decimal, says: str) -> Bar:
    return Bar(label=label, parts=((Fill.SOLID, amount),), says=says)


def _who(line: Line) -> int:
    return line.attended + line.briefly + line.no_shows + line.unknown


def _presences(line: Line) -> tuple[tuple[Fill, Decimal], ...]:
    amounts = (line.attended, line.briefly, line.no_shows, line.unknown)
    return _parts(*((fill, n) for (fill, _), n in zip(PRESENCES, amounts, strict=True)))


def _parts(*parts: tuple[Fill, int]) -> tuple[tuple[Fill, Decimal], ...]:
    return tuple((fill, Decimal(amount)) for fill, amount in parts if amount > 0)


def _who_came(line: Line) -> str:
    others = (
        (line.briefly, "briefly"),
        (line.no_shows, "no-show" if line.no_shows == 1 else "no-shows"),
        (line.unknown, "unknown"),
    )
    said = [f"{count:,} {words}" for count, words in others if count]
    return ", ".join([f"{line.attended:,} attended", *said])
