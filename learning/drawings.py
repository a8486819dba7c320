"""What a document holds, whoever draws it: figures, bars, tables. Every number is a text already."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Fill(StrEnum):
    """How a part of a bar is drawn; each is told from the others without colour."""

    SOLID = "solid"
    HATCHED = "hatched"
    DOTTED = "dotted"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar of several parts, from left to right; `says` is its value in words."""

    label: str
    parts: tuple[tuple[Fill, Decimal], ...]
    says: str

    @property
    def length(self) -> Decimal:
        return sum((amount for _, amount in self.parts), Decimal())


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars below one another. `key` says what the parts are; there is none where they are of one kind.

    `top` is the value of a bar as long as the chart is wide. `alt` is for those who do not see it.
    """

    name: str
    title: str
    alt: str
    bars: tuple[Bar, ...]
    top: Decimal
    key: tuple[tuple[Fill, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table. The first cell of a row names it; the columns of `words` are read, the others compared."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: frozenset[int] = frozenset({0})


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A figure in large type, and what it is of."""

    figure: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One heading with its charts and tables; `empty` says why there are none."""

    name: str
    heading: str
    lead: str = ""
    charts: tuple[Chart, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    empty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A report as it is read from top to bottom."""

    title: str
    subtitle: str
    made: str
    headlines: tuple[Headline, ...] = ()
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = ()
    definitions: tuple[tuple[str, str], ...] = ()

    @property
    def charts(self) -> tuple[Chart, ...]:
        return tuple(chart for section in self.sections for chart in section.charts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What somebody attended in one edition. `rows` are the sessions: title, day, hours."""

    name: str
    edition: str
    organisation: str
    rows: tuple[tuple[str, str, str], ...]
    total: str
