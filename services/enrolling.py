"""Whom an organiser means: mail addresses and names, a line each, or a group of the directory."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from learning.courses.enrolments import Running
from learning.errors import LearningError
from learning.people import FORGOTTEN, Person, PersonId
from services.enrolments import Enrolled, Enrolments
from services.ports.storage import NewUnitOfWork
from services.ports.systems import Colleagues, Missing, Rejected, Unavailable

log = structlog.get_logger()

MOST_LINES = 300
LONGEST_LINE = 200
MOST_MEANT = 20
AT_ONCE = 4
"""Questions that the directory is asked at a time."""

ADDRESS = re.compile(r"[^\s<>;,\"']+@[^\s<>;,\"']+")

NO_DIRECTORY = "The directory does not answer just now. Try again in a while: nothing was changed."
NO_GROUP = "There is no such group in the directory. Nothing was changed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolling:
    """What came of it. `unknown` and `unclear` are lines as they were written: nothing of them is lost."""

    enrolled: Enrolled
    unknown: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    """More than one person is called so."""

    unasked: tuple[str, ...] = ()
    """The directory did not answer."""

    @property
    def left(self) -> tuple[str, ...]:
        return self.unknown + self.unclear + self.unasked


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meant:
    line: str
    people: Sequence[Person] = ()
    is_whole: bool = True


class WhoIsMeant:
    def __init__(
        self, new_uow: NewUnitOfWork, enrolments: Enrolments, colleagues: Colleagues
    ) -> None:
        self._new_uow = new_uow
        self._enrolments = enrolments
        self._colleagues = colleagues

    async def enrol_lines(
        self, running: Running, text: str, cohort: str, *, by: PersonId
    ) -> Enrolling:
        """Enrol whoever is named, and say which lines name nobody. Raises LearningError."""
        lines = list(dict.fromkeys(_lines(text)))
        if not lines:
            raise LearningError("Write at least one mail address or name.")
        if len(lines) > MOST_LINES:
            raise LearningError(
                f"These are {len(lines)} lines where {MOST_LINES} can be taken at once. Split them."
            )
        gate = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as tasks:
            asked = [tasks.create_task(self._meant(line, gate)) for line in lines]
        found = [task.result() for task in asked]
        clear = [meant.people[0] for meant in found if len(meant.people) == 1]
        enrolled = await self._enrolments.enrol(running.id, clear, cohort, by=by)
        missing = [meant for meant in found if not meant.people]
        return Enrolling(
            enrolled=enrolled,
            unknown=tuple(m.line for m in missing if m.is_whole),
            unclear=tuple(m.line for m in found if len(m.people) > 1),
            unasked=tuple(m.line for m in missing if not m.is_whole),
        )

    async def enrol_group(
        self, running: Running, group: str, cohort: str, *, by: PersonId
    ) -> Enrolling:
        """Enrol everybody in a group, and in the groups in it. Raises LearningError."""
        group = " ".join(group.split())
        if not group:
            raise LearningError("Write the group's name or its object id.")
        try:
            people = await self._colleagues.in_group(group)
        except Missing as error:
            raise LearningError(NO_GROUP) from error
        except (Unavailable, Rejected) as error:
            log.warning("group not read", reason=str(error))
            raise LearningError(NO_DIRECTORY) from error
        return Enrolling(enrolled=await self._enrolments.enrol(running.id, people, cohort, by=by))

    async def _meant(self, line: str, gate: asyncio.Semaphore) -> _Meant:
        """Whoever has that very address or that very name, among those we know and in the directory."""
        address = ADDRESS.search(line)
        words = address[0] if address else line
        fits = _has_address(words) if address else _is_called(words)
        async with self._new_uow(read_only=True) as uow:
            known = await (
                uow.people.with_emails([words]) if address else uow.people.named(words, MOST_MEANT)
            )
        people = {p.id: p for p in known if fits(p) and not p.id.startswith(FORGOTTEN)}
        if address and people:
            return _Meant(line=line, people=list(people.values()))
        try:
            async with gate:
                others = await self._colleagues.called(words, MOST_MEANT)
        except (Unavailable, Rejected) as error:
            log.warning("colleagues not found", reason=str(error))
            return _Meant(line=line, people=list(people.values()), is_whole=False)
        if address and len(others) == 1:
            return _Meant(line=line, people=others)  # another address of theirs
        people |= {p.id: p for p in others if fits(p)}
        return _Meant(line=line, people=list(people.values()))


def _lines(text: str) -> list[str]:
    parts = (" ".join(part.split())[:LONGEST_LINE] for part in re.split(r"[\n;]", text))
    return [part for part in parts if part]


def _has_address(address: str) -> Callable[[Person], bool]:
    return lambda person: person.email.casefold() == address.casefold()


def _is_called(name: str) -> Callable[[Person], bool]:
    return lambda person: " ".join(person.name.split()).casefold() == name.casefold()
