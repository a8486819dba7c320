"""What people answer, as it is kept: as JSON, sealed for them. A reflection is kept as it was written."""

from __future__ import annotations

import json
from typing import cast

from learning.courses.definition import Question, QuestionKind
from learning.courses.results import Answer, NoAnswer, read_answer
from learning.people import PersonId
from services.ports.seals import Seals, of_person


def closed(seals: Seals, person_id: PersonId, question: Question, answer: Answer) -> str:
    is_private = question.kind is QuestionKind.REFLECTION
    text = str(answer) if is_private else json.dumps(answer, ensure_ascii=False)
    return seals.seal(of_person(person_id), text)


def opened(seals: Seals, person_id: PersonId, question: Question, sealed: str) -> Answer | None:
    """The answer; None where it cannot be opened, or does not answer what is asked now."""
    text = seals.open(of_person(person_id), sealed)
    if text is None:
        return None
    try:
        return read_kept(
            question, text if question.kind is QuestionKind.REFLECTION else json.loads(text)
        )
    except ValueError:
        return None


def read_kept(question: Question, kept: object) -> Answer | None:
    """What was kept as JSON, if it answers what is asked now."""
    try:
        if question.kind is QuestionKind.RANKING and isinstance(kept, list):
            kept = ",".join(map(str, cast("list[object]", kept)))
        return read_answer(question, kept)
    except NoAnswer:
        return None
