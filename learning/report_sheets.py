"""A report as tables, one sheet of a workbook each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from learning.report import DEFINITIONS, Line, Report

Cell = str | int | Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A sheet: its name, the names of its columns, and its rows; None is an empty cell."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


FIGURES = (
    "sessions",
    "capacity",
    "booked",
    "attended",
    "briefly",
    "no_shows",
    "unknown",
    "without_booking",
    "waiting_in_vain",
    "attended_percent",
)
SCORES = (
    "answers",
    "average",
    "1",
    "2",
    "3",
    "4",
    "5",
    "goal_answers",
    "goals_yes",
    "goals_percent",
)


def tables(report: Report) -> list[Table]:
    """Every table of the report, those without a row left out; the first says what it is about."""
    lines: tuple[tuple[str, str, Sequence[Line], bool], ...] = (
        ("By session", "session", report.by_session, True),
        ("By strand", "strand", report.by_strand, True),
        ("By format", "format", report.by_format, True),
        ("By department", "department", report.by_department, False),
        ("By office", "office", report.by_location, False),
    )
    found = [
        _about(report),
        *(_lines(name, of, those, scored=scored) for name, of, those, scored in lines),
        Table(
            name="What brought bookings",
            header=("channel", "booked", "attended"),
            rows=tuple((c.name, c.booked, c.attended) for c in report.channels),
        ),
        Table(
            name="Asked for and not found",
            header=("word", "people"),
            rows=tuple((w.word, w.people) for w in report.missed.words),
        ),
        _earlier(report),
        Table(name="What the words mean", header=("word", "meaning"), rows=DEFINITIONS),
    ]
    return [table for table in found if table.rows]


def _about(report: Report) -> Table:
    reach = report.reach
    rows: list[tuple[Cell, ...]] = [
        ("Edition", report.edition),
        ("First day", report.first_day.isoformat() if report.first_day else None),
        ("Last day", report.last_day.isoformat() if report.last_day else None),
        ("Figures of", f"{report.made_at:%Y-%m-%d %H:%M} UTC"),
    ]
    if report.totals is not None:
        named = zip((*FIGURES, *SCORES), _figures(report.totals, scored=True), strict=True)
        rows += [(name.replace("_", " ").capitalize(), value) for name, value in named]
    rows += [
        ("Different people", reach.people),
        ("First-timers", reach.first_timers),
        ("Front line staff", reach.front_line),
        ("Remote staff", reach.remote),
        ("Words that fewer than 5 people asked for", report.missed.rare),
        *(("Note", note) for note in report.notes),
    ]
    return Table(name="Report", header=("figure", "value"), rows=tuple(rows))


def _lines(name: str, of: str, lines: Iterable[Line], *, scored: bool) -> Table:
    return Table(
        name=name,
        header=(of, *FIGURES, *(SCORES if scored else ())),
        rows=tuple((line.name, *_figures(line, scored=scored)) for line in lines),
    )


def _figures(line: Line, *, scored: bool) -> tuple[Cell, ...]:
    """In the order of the columns; those of a score are empty where there is none."""
    figures: tuple[Cell, ...] = (
        line.sessions,
        line.capacity,
        line.booked,
        line.attended,
        line.briefly,
        line.no_shows,
        line.unknown,
        line.unbooked,
        line.waiting,
        line.attended_share,
    )
    if not scored:
        return figures
    score = line.score
    if score is None:
        return (*figures, *([None] * len(SCORES)))
    return (
        *figures,
        score.answers,
        score.average,
        *score.histogram,
        score.goal_answers,
        score.helped,
        score.goals_share,
    )


def _earlier(report: Report) -> Table:
    return Table(
        name="Earlier editions",
        header=("edition", "held", "measure", "before", "now", "change_percent", "difference"),
        rows=tuple(
            (
                earlier.name,
                earlier.held.isoformat() if earlier.held else None,
                change.name,
                change.before,
                change.now,
                change.per_cent,
                change.apart,
            )
            for earlier in report.earlier
            for change in earlier.changes
        ),
    )
