"""Earlier editions from a spreadsheet: one row an edition, its figures in columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from learning.past_editions import PastEdition
from learning.programme_cells import one_line
from learning.programme_table import Fault, Row, Table
from learning.report import Measure, share
from learning.small_groups import FEWEST

LONGEST_NAME = 100
MOST_ROWS = 200

COUNTS = {
    "sessions": Measure.SESSIONS,
    "bookings": Measure.BOOKED,
    "attended": Measure.ATTENDED,
    "no_shows": Measure.NO_SHOWS,
    "waiting": Measure.WAITING,
    "people": Measure.PEOPLE,
    "answers": Measure.ANSWERS,
}
COLUMNS = ("edition", "held", *COUNTS, "score", "goal_answers", "goals_yes")


class _Wrong(Exception):
    """What is wrong with a cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastReading:
    """What a file says: all of it is taken in, or with a single fault nothing."""

    editions: tuple[PastEdition, ...]
    faults: tuple[Fault, ...] = ()
    unknown: tuple[str, ...] = ()


def read(table: Table) -> PastReading:
    """Read every row, and say of each cell that cannot be read what is wrong with it."""
    columns = {name: n for n, title in enumerate(table.header) if (name := _column(title))}
    unknown = tuple(t.strip() for t in table.header if t.strip() and not _column(t))
    faults = list(table.faults)
    if "edition" not in columns:
        message = "there is no column of this name. It says which edition each row is of."
        faults.append(Fault(line=table.line, column="edition", message=message))
        return PastReading(editions=(), faults=tuple(faults), unknown=unknown)
    rows = [row for row in table.rows if any(cell.strip() for cell in row.cells)]
    if not rows:
        faults.append(Fault(line=table.line, message="there are no rows below the column names."))
    if len(rows) > MOST_ROWS:
        message = f"there are {len(rows):,} rows, and {MOST_ROWS} at most are taken in."
        return PastReading(editions=(), faults=(Fault(line=table.line, message=message),))
    found: dict[str, PastEdition] = {}
    for row in rows:
        cells = {
            name: row.cells[n].strip() if n < len(row.cells) else "" for name, n in columns.items()
        }
        edition = _edition(row, cells, faults)
        if edition.name and edition.name.casefold() in found:
            message = "is in the file twice. Leave one row of it."
            faults.append(Fault(line=row.line, column="edition", message=message))
        found[edition.name.casefold()] = edition
    return PastReading(
        editions=() if faults else tuple(found.values()), faults=tuple(faults), unknown=unknown
    )


def _edition(row: Row, cells: Mapping[str, str], faults: list[Fault]) -> PastEdition:
    before = len(faults)

    def told(column: str, reader: Callable[[str], Decimal]) -> Decimal | None:
        text = cells.get(column, "")
        try:
            return reader(text) if text else None
        except _Wrong as wrong:
            faults.append(Fault(line=row.line, column=column, message=str(wrong)))
            return None

    measures: dict[Measure, Decimal | None] = {
        measure: told(column, _count) for column, measure in COUNTS.items()
    }
    measures[Measure.SCORE] = told("score", _score)
    asked, helped = told("goal_answers", _count), told("goals_yes", _count)
    faults += [
        Fault(line=row.line, column=column, message=message)
        for column, message in _disagreements(measures, asked, helped)
    ]
    if asked is not None and helped is not None:
        measures[Measure.GOALS] = share(int(helped), int(asked))
    known = {measure: value for measure, value in measures.items() if value is not None}
    if not known and len(faults) == before:
        faults.append(
            Fault(line=row.line, message="has no figures. Fill in at least one, or delete it.")
        )
    return PastEdition(
        name=_name(row, cells, faults),
        held=_held(row, cells, faults),
        measures=known,
        is_imported=True,
    )


def _disagreements(
    measures: Mapping[Measure, Decimal | None], asked: Decimal | None, helped: Decimal | None
) -> Sequence[tuple[str, str]]:
    """What cannot be true together, or would tell of single people."""
    found: list[tuple[str, str]] = []
    answers, score = measures[Measure.ANSWERS], measures[Measure.SCORE]
    if score is not None and answers is not None and answers < FEWEST:
        found.append(("score", f"is of fewer than {FEWEST} answers. Leave it empty."))
    if (asked is None) != (helped is None):
        empty = "goal_answers" if asked is None else "goals_yes"
        found.append((empty, "is empty. Fill in both goal_answers and goals_yes, or neither."))
    if asked is not None and helped is not None and helped > asked:
        found.append(("goals_yes", f"is {helped}, more than the {asked} who answered."))
    elif asked is not None and asked < FEWEST:
        found.append(("goal_answers", f"is fewer than {FEWEST}. Leave both empty."))
    return found


def _name(row: Row, cells: Mapping[str, str], faults: list[Fault]) -> str:
    name = one_line(cells["edition"])
    if not name:
        message = "is empty. Give the edition its name."
        faults.append(Fault(line=row.line, column="edition", message=message))
    elif len(name) > LONGEST_NAME:
        message = f"has {len(name)} characters where {LONGEST_NAME} fit. Shorten it."
        faults.append(Fault(line=row.line, column="edition", message=message))
    return name


def _held(row: Row, cells: Mapping[str, str], faults: list[Fault]) -> date | None:
    text = cells.get("held", "")
    if not text:
        return None
    try:
        if british := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
            day, month, year = map(int, british.groups())
            return date(year, month, day)
        return date.fromisoformat(text.partition("T")[0].partition(" ")[0])
    except ValueError:
        message = f"{_quoted(text)} is no date. Write the first day as 2025-05-19."
        faults.append(Fault(line=row.line, column="held", message=message))
        return None


def _count(text: str) -> Decimal:
    plain = text.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+", text) else text
    if not re.fullmatch(r"[0-9]{1,9}", plain):
        raise _Wrong(f"{_quoted(text)} is no whole number. Write it in digits, such as 181.")
    return Decimal(plain)


def _score(text: str) -> Decimal:
    if not re.fullmatch(r"[0-9](?:[.,][0-9]{1,4})?", text):
        raise _Wrong(f"{_quoted(text)} is no score. Write the average of the stars, such as 4.38.")
    score = Decimal(text.replace(",", "."))
    if not 1 <= score <= 5:
        raise _Wrong(f"is {score}, and stars are from 1 to 5. Scale it before you import it.")
    return score


def _column(title: str) -> str | None:
    return _BY_LETTERS.get(_letters(title))


def _letters(name: str) -> str:
    return "".join(ch for ch in name.casefold() if ch.isalnum())


def _quoted(text: str) -> str:
    return f"“{text}”" if len(text) <= 40 else f"“{text[:39]}…”"


_BY_LETTERS = {_letters(column): column for column in COLUMNS}
