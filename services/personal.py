"""All that is kept about somebody as one file, for themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from learning.courses.definition import Question
from learning.courses.results import said
from learning.people import PersonId
from services.answer_seals import opened
from services.missed import MissedWords
from services.ports.clocks import Clock
from services.ports.personal import Part
from services.ports.seals import Seals, of_person, of_set
from services.ports.storage import NewUnitOfWork, UnitOfWork

Asked = Mapping[tuple[Any, Any, Any], Question]
"""Questions by course, step and name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFile:
    name: str
    data: bytes


class Writing(Protocol):
    """Makes the file; called outside the event loop."""

    def __call__(
        self, person_id: PersonId, parts: Sequence[Part], *, made_at: datetime, zone: ZoneInfo
    ) -> bytes: ...


class PersonalFiles:
    def __init__(
        self,
        new_uow: NewUnitOfWork,
        clock: Clock,
        missed: MissedWords,
        write: Writing,
        *,
        seals: Seals,
        zone: ZoneInfo,
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._missed = missed
        self._write = write
        self._seals = seals
        self._zone = zone

    async def of(self, person_id: PersonId) -> OwnFile:
        """As it stands now; whoever is not known gets a file that says so."""
        async with self._new_uow(survey=True) as uow:
            person = await uow.people.find(person_id)
            parts = await uow.personal.of_person(person_id)
            parts += await uow.personal.words(self._missed.marks(person_id))
            asked = await _asked(uow)
        parts = [self._opened(person_id, part, asked) for part in parts]
        zone = person.zone(self._zone) if person else self._zone
        now = self._clock.now()
        data = await asyncio.to_thread(self._write, person_id, parts, made_at=now, zone=zone)
        name = f"learnweek-my-data-{now.astimezone(zone).date().isoformat()}.zip"
        return OwnFile(name=name, data=data)

    def _opened(self, person_id: PersonId, part: Part, asked: Asked) -> Part:
        """What is kept sealed is theirs to read, with what was asked where it answers something."""
        return Part(
            table=part.table,
            rows=tuple(
                self._row(person_id, row, asked) if "sealed" in row else row for row in part.rows
            ),
        )

    def _row(self, person_id: PersonId, row: Mapping[str, Any], asked: Asked) -> Mapping[str, Any]:
        sealed = row["sealed"]
        without = {name: value for name, value in row.items() if name != "sealed"}
        question = asked.get((row.get("course_id"), row.get("step_id"), row.get("question_id")))
        if question is not None:
            answer = opened(self._seals, person_id, question, sealed)
            if answer is not None:
                return {**without, "question": question.ask, "text": said(question, answer)}
        text = self._seals.open(of_person(person_id), sealed) if sealed else ""
        if text is None and "set_id" in row:
            text = self._seals.open(of_set(row["set_id"]), sealed)
        return {**without, "text": text or ""}


async def _asked(uow: UnitOfWork) -> Asked:
    """Every question of every course, as it is asked now."""
    return {
        (running.id, step.id, question.id): question
        for running in await uow.courses.all()
        for step in running.course.steps
        for question in step.questions
    }
