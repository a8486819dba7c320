"""The sample course, stored as an import would store it, with its live sessions where a test wants them."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from integrations.course_folders import read_folder
from learning.courses.action_sets import NOBODY, ActionSet, Member, SetMeeting, SetState
from learning.courses.definition import Course, LiveSession
from learning.courses.enrolments import Enrolment, Running
from learning.courses.reading import read_course
from learning.people import PersonId
from learning.sessions import CourseId, Details, EditionId
from services.ports.storage import NewUnitOfWork

LEADERS = Path(__file__).parents[2] / "sample" / "leaders"


def the_course(*live_on: datetime) -> Course:
    """The sample, with its live sessions at these instants instead of its own, coded SHOES-1 and so on."""
    course = read_course(read_folder(LEADERS), "Europe/London").course
    assert course is not None
    steps = [
        replace(
            step,
            live=replace(
                step.live,
                sessions=tuple(
                    LiveSession(code=f"SHOES-{number}", starts_at=at)
                    for number, at in enumerate(live_on, 1)
                ),
            ),
        )
        if step.live and live_on
        else step
        for step in course.steps
    ]
    return replace(course, steps=tuple(steps))


def a_folder(at: Path, *dates: str) -> Path:
    """The sample's folder, to be changed, with these lines as the dates of its live session."""
    copy = at / "leaders"
    shutil.copytree(LEADERS, copy)
    if dates:
        page = copy / "50-live.md"
        before, _, rest = page.read_text("utf-8").partition("sessions:\n")
        after = rest[rest.index("---") :]
        lines = "".join(f"  - {line}\n" for line in dates)
        page.write_text(f"{before}sessions:\n{lines}{after}", "utf-8")
    return copy


async def start(work: NewUnitOfWork, course: Course, now: datetime) -> Running:
    """Store it with its live sessions."""
    async with work() as uow:
        edition = await uow.editions.named(course.title) or await uow.editions.add(course.title)
        running = await uow.courses.add(
            Running(
                id=CourseId(0),
                edition_id=EditionId(edition.id),
                course=course,
                version=1,
                imported_at=now,
            )
        )
        live = course.live
        assert live is not None
        assert live.live is not None
        rows = [
            Details(
                code=each.code,
                title=live.title,
                starts_at=each.starts_at,
                ends_at=each.starts_at + timedelta(minutes=live.minutes),
                capacity=live.live.capacity,
                format=live.live.format,
                location=live.live.location,
            )
            for each in live.live.sessions
        ]
        await uow.sessions.add(edition.id, rows, running.id)
        await uow.commit()
    return running


async def enrol(
    work: NewUnitOfWork,
    running: Running,
    people: Sequence[PersonId],
    now: datetime,
    *,
    cohort: str = "Spring",
) -> None:
    """Have these people on it."""
    async with work() as uow:
        await uow.enrolments.save(
            Enrolment(
                course_id=running.id,
                person_id=each,
                cohort=cohort,
                enrolled_by="orla",
                enrolled_at=now,
            )
            for each in people
        )
        await uow.commit()


async def a_set(
    work: NewUnitOfWork,
    running: Running,
    members: Sequence[PersonId],
    now: datetime,
    *,
    facilitator: PersonId = NOBODY,
    meetings: Sequence[datetime] = (),
    first: int = 1,
    name: str = "Set 1",
    slot: str = "Tuesday morning",
) -> ActionSet:
    """A confirmed set that meets for two hours at these instants, numbered from `first` on."""
    async with work() as uow:
        made = await uow.sets.add(
            ActionSet(
                id=0,
                course_id=running.id,
                name=name,
                slot=slot,
                state=SetState.CONFIRMED,
                facilitator_id=facilitator,
                made_at=now,
                confirmed_at=now,
                join_url="https://teams.example.org/join",
            )
        )
        await uow.sets.save_members(
            Member(set_id=made.id, person_id=each, joined_at=now) for each in members
        )
        for number, starts_at in enumerate(meetings, first):
            await uow.sets.save_meeting(
                SetMeeting(
                    set_id=made.id,
                    number=number,
                    starts_at=starts_at,
                    ends_at=starts_at + timedelta(hours=2),
                )
            )
        await uow.commit()
    return made
