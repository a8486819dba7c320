"""What the model is taught: programmes with what people type who need each session, and wishes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from language.sayings import Wish

HERE = Path(__file__).parent
PROGRAMMES = HERE / "programmes"
WISHES = HERE / "wishes.txt"


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


def programmes() -> dict[str, list[Example]]:
    """By the name of the workplace."""
    return {path.stem: read(path) for path in sorted(PROGRAMMES.glob("*.txt"))}


def read(path: Path) -> list[Example]:
    """A file as the README says. Raises ValueError for a line that belongs to no session."""
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


def wishes() -> dict[Wish, list[str]]:
    """What people type who want something else than a session, or nothing of ours."""
    found: dict[Wish, list[str]] = {}
    own = list[str]()
    for line in filter(None, WISHES.read_text().splitlines()):
        if line.startswith("# "):
            own = found[Wish(line[2:])] = []
        else:
            own.append(line)
    return found
