"""Answers to the steps of a course, stored as somebody gives them in chat."""

from collections.abc import Mapping
from datetime import datetime

from learning.courses.definition import QuestionKind
from learning.courses.enrolments import Running
from learning.courses.progress import StepState
from learning.courses.results import Answer
from learning.people import PersonId
from services.answer_seals import closed
from services.ports.course_steps import Sealed
from services.ports.seals import Seals
from services.ports.storage import NewUnitOfWork

BEFORE, MODULE = "40-before-we-meet", "10-whose-service"


async def answer(
    work: NewUnitOfWork,
    seals: Seals,
    running: Running,
    person_id: PersonId,
    step_id: str,
    answers: Mapping[str, Answer],
    now: datetime,
    *,
    done: bool = True,
) -> None:
    """Keep these, reflections apart, and the step as finished."""
    [step] = [s for s in running.course.steps if s.id == step_id]
    questions = {q.id: q for q in step.questions}
    async with work() as uow:
        for id_, given in answers.items():
            kept = Sealed(
                course_id=running.id,
                person_id=person_id,
                step_id=step_id,
                question_id=id_,
                sealed=closed(seals, person_id, questions[id_], given),
                changed_at=now,
            )
            is_private = questions[id_].kind is QuestionKind.REFLECTION
            await (uow.reflections if is_private else uow.course_answers).save([kept])
        state = StepState(
            course_id=running.id,
            person_id=person_id,
            step_id=step_id,
            screen=len(step.screens) - 1,
            started_at=now,
            done_at=now if done else None,
        )
        await uow.step_states.save(state)
        await uow.commit()


def before(hope: str, *, sure: int = 3, hard: int = 0, needs: str = "") -> dict[str, Answer]:
    """To the questionnaire before the live session."""
    given: dict[str, Answer] = {
        "how-sure": sure,
        "who-is-hard": hard,
        "hope": hope,
        "dilemma": f"about {hope}",
    }
    return given | ({"needs": needs} if needs else {})
