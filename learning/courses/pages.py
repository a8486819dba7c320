"""A page of a course as it was written: its front matter and its parts, each with its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A single value, as text."""

    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """Names and values in the order of writing; a name may stand in it twice."""

    pairs: tuple[tuple[Scalar, Node], ...] = ()
    line: int = 1

    def get(self, name: str) -> Node | None:
        """The first value of this name, in any case, with spaces, hyphens or underscores in it."""
        return next((value for key, value in self.pairs if plain(key.text) == plain(name)), None)

    def names(self) -> Iterator[Scalar]:
        return (key for key, _ in self.pairs)


Node = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    text: str
    level: int
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A paragraph or a list, as it was written."""

    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    file: str
    alt: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """A block between ``` and ```; `kind` is the word behind the first, `values` what it says."""

    kind: str
    values: Mapping
    line: int


Part = Heading | Text | Image | Fence


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFault:
    """What is wrong in a course's folder, where, and what to do; line 0 is the file as a whole."""

    page: str
    line: int
    message: str
    field: str = ""

    def __str__(self) -> str:
        place = f"{self.page}, line {self.line}" if self.line else self.page
        return (
            f"{place}, {self.field}: {self.message}" if self.field else f"{place}: {self.message}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One file. `faults` are what already went wrong in reading it."""

    name: str
    front: Mapping
    parts: tuple[Part, ...] = ()
    faults: tuple[PageFault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """All pages by name, and the names of the pictures beside them."""

    pages: tuple[Page, ...]
    pictures: frozenset[str] = frozenset()


def plain(name: str) -> str:
    return "".join(ch for ch in name.casefold() if ch.isalnum())
