"""Sessions of many workplaces, with what people type who need each: what is meant is learnt from them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from language.subjects import SUBJECTS

WORKPLACES = Path(__file__).with_name("workplaces")


@dataclass(slots=True)
class Example:
    """A session as a programme has it, and what people type who need it."""

    title: str
    topics: list[str]
    summary: str = ""
    sayings: list[str] = field(default_factory=list)

    def parts(self) -> Iterator[str]:
        """What it says of itself, as `language.meaning` takes it apart; the longest come last."""
        yield self.title
        yield from self.topics
        yield f"{self.title}. {self.summary}"
        yield from re.split(r"(?<=[.!?;:])\s+", self.summary)


def programmes(folder: Path = WORKPLACES) -> dict[str, list[Example]]:
    """By the name of the workplace."""
    return {path.stem: read(path) for path in sorted(folder.glob("*.txt"))}


def needs(folder: Path = WORKPLACES) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """What something is called that people need, and what they say who need it."""
    for some in programmes(folder).values():
        yield from (([example.title], example.sayings) for example in some)
    for subject in SUBJECTS:
        yield subject.names, (*subject.sayings, *subject.names)


def contents(folder: Path = WORKPLACES) -> bytes:
    """All of it as it is written, by which a change is told."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("*.txt")))


def read(path: Path) -> list[Example]:
    """A file as `training/README.md` says. Raises ValueError for a line that belongs to no session."""
    found: list[Example] = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match line[:2]:
            case "# ":
                title, _, topics = line[2:].partition("|")
                found.append(Example(title.strip(), [t.strip() for t in topics.split(";")]))
            case "> " if found:
                found[-1].summary = line[2:]
            case "":
                pass
            case _ if found and found[-1].summary:
                found[-1].sayings.append(line)
            case _:
                raise ValueError(f"{path.name}, line {number}: no session before it")
    return found
