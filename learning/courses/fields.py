"""Values of a page by their names, each read into what it stands for; what is wrong is collected."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from learning.courses.pages import Mapping, Node, PageFault, Scalar, Sequence, plain
from learning.programme_cells import BadCell, clean, one_line

Value = TypeVar("Value")

LONGEST_TITLE, LONGEST_TEXT, LONGEST_OPTION = 120, 2000, 200
MOST_MINUTES, MOST_DAYS = 24 * 60, 730


class Troubles:
    """What is wrong on one page, and what was ignored there."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.faults: list[PageFault] = []
        self.notes: list[str] = []

    def add(self, line: int, message: str, field: str = "") -> None:
        self.faults.append(PageFault(page=self.page, line=line, field=field, message=message))


class Fields:
    """Reads each value once; those that nobody asked for are noted at the end as unknown."""

    def __init__(self, values: Mapping, troubles: Troubles) -> None:
        self._values = values
        self._troubles = troubles
        self._read: set[str] = set()
        self.line = values.line

    def one(self, name: str, read: Callable[[str], Value], missing: Value) -> Value:
        """A single value; `missing` where there is none, or where it is wrong."""
        node = self.node(name)
        if node is None:
            return missing
        if not isinstance(node, Scalar):
            self._troubles.add(node.line, "is more than one value. Write one.", name)
            return missing
        return self.as_read(node, name, read, missing)

    def needed(self, name: str, read: Callable[[str], Value], missing: Value) -> Value:
        node = self.node(name)
        if node is None or (isinstance(node, Scalar) and not one_line(node.text)):
            self._troubles.add(self.line, "is missing.", name)
            return missing
        return self.one(name, read, missing)

    def several(self, name: str, read: Callable[[str], Value]) -> tuple[Value, ...]:
        """A list, or one line with commas between."""
        node = self.node(name)
        if node is None:
            return ()
        items: list[Node] = []
        match node:
            case Scalar():
                parts = [one_line(part) for part in node.text.split(",")]
                items = [Scalar(text=part, line=node.line) for part in parts if part]
            case Sequence():
                items = list(node.items)
            case Mapping():
                self._troubles.add(node.line, "wants a list.", name)
        found: list[Value] = []
        for item in items:
            if not isinstance(item, Scalar):
                self._troubles.add(item.line, "is more than one value. Write one a line.", name)
                continue
            found += self.as_read(item, name, lambda text: [read(text)], [])
        return tuple(found)

    def mappings(self, name: str) -> list[Fields]:
        """A list of which each item has names and values of its own."""
        node = self.node(name)
        if node is None:
            return []
        if isinstance(node, Sequence):
            found = [Fields(n, self._troubles) for n in node.items if isinstance(n, Mapping)]
            for item in node.items:
                if not isinstance(item, Mapping):
                    self._troubles.add(item.line, "wants names and values.", name)
            return found
        self._troubles.add(node.line, 'wants a list. Begin each item with "- ".', name)
        return []

    def node(self, name: str) -> Node | None:
        self._read.add(plain(name))
        return self._values.get(name)

    def as_read(
        self, node: Scalar, name: str, read: Callable[[str], Value], missing: Value
    ) -> Value:
        try:
            return read(node.text)
        except BadCell as wrong:
            self._troubles.add(node.line, str(wrong), name)
            return missing

    def finish(self) -> None:
        """Say what stands there twice, and what nobody knows."""
        seen: set[str] = set()
        for key in self._values.names():
            if plain(key.text) in seen:
                self._troubles.add(key.line, "is there twice. Remove one of them.", key.text)
            seen.add(plain(key.text))
            if plain(key.text) not in self._read:
                place = f"{self._troubles.page}, line {key.line}"
                self._troubles.notes.append(f'{place}: "{one_line(key.text)}" was ignored.')


def title(text: str) -> str:
    return _within(one_line(text), LONGEST_TITLE)


def words(text: str) -> str:
    return _within(clean(text), LONGEST_TEXT)


def option(text: str) -> str:
    return _within(one_line(text), LONGEST_OPTION)


def name(text: str) -> str:
    """What other lines refer to: a word without spaces."""
    written = one_line(text).casefold()
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", written):
        raise BadCell(
            f'"{written[:40]}" is not a name: use letters, digits and hyphens, 40 at most.'
        )
    return written


def whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        written = one_line(text)
        if not re.fullmatch(r"[0-9]{1,6}", written) or not least <= int(written) <= most:
            raise BadCell(f'"{written[:40]}" is not a whole number from {least} to {most}.')
        return int(written)

    return read


minutes = whole(1, MOST_MINUTES)

_SPAN = re.compile(
    r"(?P<count>\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s+"
    r"(?P<unit>day|week|month)s?(?:\s+(?P<side>before|after))?"
)
_COUNTS = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), 1
    )
} | {"a": 1, "an": 1}
_UNITS = {"day": 1, "week": 7, "month": 30}


def offset(text: str) -> int:
    """Days from the live session, before it below zero: "6 weeks before", "on the day", "-14"."""
    written = one_line(text).casefold()
    if written in {"on the day", "the day", "0"}:
        return 0
    if re.fullmatch(r"[+-]?\d{1,3}d?", written):
        return _days(int(written.removesuffix("d")))
    found = _SPAN.fullmatch(written)
    if found is None or found["side"] is None:
        raise BadCell(
            f'"{written[:40]}" is not a time before or after the live session. '
            "Write it as 6 weeks before, 10 days after or on the day."
        )
    return _days(_length(found) * (-1 if found["side"] == "before" else 1))


def span(text: str) -> int:
    """A number of days: "4 weeks", "10 days"."""
    written = one_line(text).casefold().removeprefix("every ")
    found = _SPAN.fullmatch(written)
    if found is None or found["side"] is not None or _length(found) < 1:
        raise BadCell(f'"{written[:40]}" is not a length of time. Write it as 4 weeks or 10 days.')
    return _days(_length(found))


def sizes(text: str) -> tuple[int, int]:
    """The least and the most: "5 to 8"."""
    found = re.fullmatch(r"(\d{1,2})\s*(?:to|-|–)\s*(\d{1,2})", one_line(text))
    if found is None or not 2 <= int(found[1]) <= int(found[2]):
        raise BadCell(f'"{one_line(text)[:40]}" is not from how many to how many. Write 5 to 8.')
    return int(found[1]), int(found[2])


def _length(found: re.Match[str]) -> int:
    count = _COUNTS.get(found["count"]) or int(found["count"])
    return count * _UNITS[found["unit"]]


def _days(number: int) -> int:
    if abs(number) > MOST_DAYS:
        raise BadCell(f"is further away than {MOST_DAYS} days.")
    return number


def _within(text: str, most: int) -> str:
    if len(text) > most:
        raise BadCell(f"has {len(text)} characters where {most} fit. Shorten it.")
    return text
