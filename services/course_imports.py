"""Importing a course from its folder: its steps, its pictures, and the dates of its live session."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from learning import programme_changes
from learning.courses.definition import Course, Picture, Step, Words
from learning.courses.enrolments import Running
from learning.courses.pages import PageFault
from learning.courses.reading import CourseReading
from learning.errors import LearningError
from learning.people import PersonId
from learning.programme_changes import Changes
from learning.programme_file import Reading
from learning.programme_table import COLUMNS
from learning.sessions import CourseId, Details, Edition, EditionId, Session
from services.places import Places
from services.ports.clocks import Clock
from services.ports.courses import StoredPicture
from services.ports.journal import NOBODY, Entry, What
from services.ports.storage import NewUnitOfWork, UnitOfWork
from services.publishing import Publishing

log = structlog.get_logger()

COLUMNS_OF_LIVE = frozenset(COLUMNS) - {"strand", "topics", "facilitators", "waiting_list"}
"""What a folder says of its live sessions; the rest stays as organisers have made it."""

LONGEST_SUMMARY = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class StepChanges:
    """What is not as it was; of `withdrawn` each says whether people have been at it."""

    is_new: bool = False
    is_changed: bool = False
    """What is said of the whole, or a picture."""

    added: tuple[Step, ...] = ()
    changed: tuple[Step, ...] = ()
    unchanged: int = 0
    withdrawn: tuple[tuple[Step, bool], ...] = ()

    @property
    def are_any(self) -> bool:
        return bool(self.is_new or self.is_changed or self.added or self.changed or self.withdrawn)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseImport:
    """What an import did, or would do; with faults, nothing."""

    reading: CourseReading
    steps: StepChanges = field(default_factory=StepChanges)
    dates: Changes = field(default_factory=Changes)
    notes: tuple[str, ...] = ()

    @property
    def is_faulty(self) -> bool:
        return bool(self.reading.faults)

    def __str__(self) -> str:
        notes = [f"note: {note}" for note in (*self.reading.notes, *self.notes)]
        if self.reading.course is None:
            count = len(self.reading.faults)
            words = "fault" if count == 1 else "faults"
            heading = f"Nothing was imported: {count} {words} in the folder."
            return "\n".join([heading, *map(str, self.reading.faults), *notes])
        dates = programme_changes.report(self.dates, Reading(details=()))
        return "\n".join(
            [
                f"{self.reading.course.title}: {_counts(self.steps)}",
                *_lines(self.steps),
                f"Live sessions: {dates}",
                *notes,
            ]
        )


class CourseImports:
    def __init__(
        self, new_uow: NewUnitOfWork, clock: Clock, places: Places, *, timezone: str
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._publishing = Publishing(places)
        self._timezone = timezone

    async def import_course(
        self,
        reading: CourseReading,
        pictures: Mapping[str, bytes],
        *,
        dry_run: bool = False,
        by: PersonId = NOBODY,
    ) -> CourseImport:
        """Bring the course of this code to what its folder says: all of it or, with any fault, nothing.

        The same folder once more changes nothing. Raises LearningError where its title is that of an
        edition with other sessions.
        """
        course = reading.course
        if course is not None and (bad := _no_pictures(course, pictures)):
            reading = replace(reading, course=None, faults=tuple(bad))
        if course is None or reading.faults:
            return CourseImport(reading=reading)
        now = self._clock.now()
        stored = [_stored(file, pictures[file]) for file in sorted(_files(course))]
        async with self._new_uow(survey=dry_run) as uow:
            if not dry_run:
                await uow.editions.hold()
            before = await uow.courses.coded(course.code, lock=not dry_run)
            # The code that people know stays, in whatever case a later folder has it.
            course = replace(course, code=before.course.code) if before else course
            edition = await self._edition(uow, before, course)
            sessions = await _live_sessions(uow, edition, before, lock=not dry_run)
            details = _details(course, self._timezone)
            dates = programme_changes.changes(sessions, details, _columns(course))
            steps = await _steps(uow, before, course, stored)
            done = CourseImport(
                reading=reading,
                steps=steps,
                dates=dates,
                notes=tuple(await _notes(uow, before, course)),
            )
            if dry_run:
                return done
            if not (steps.are_any or dates.added or dates.changed):
                return done
            if not edition.id:
                edition = await uow.editions.add(edition.name)
            running = await _keep(uow, before, course, edition, now, is_changed=steps.are_any)
            await uow.courses.save_pictures(running.id, stored)
            await self._publishing.write(
                uow,
                edition,
                dates,
                by=by,
                now=now,
                progress=lambda done, total: None,
                course_id=running.id,
            )
            await uow.journal.note(_entry(course, steps, by, now))
            await uow.commit()
        log.info("course imported", course=running.id, version=running.version)
        return done

    async def _edition(self, uow: UnitOfWork, before: Running | None, course: Course) -> Edition:
        """That of its live sessions; its id is 0 where it is to be made."""
        if before is not None:
            return Edition(id=before.edition_id, name=course.title)
        there = await uow.editions.named(course.title)
        if there is None:
            return Edition(id=EditionId(0), name=course.title)
        if await uow.sessions.of_edition(there.id):
            raise LearningError(
                f"There is an edition “{there.name}” already, with sessions of its own. "
                "Give the programme another title."
            )
        return there


def _no_pictures(course: Course, pictures: Mapping[str, bytes]) -> list[PageFault]:
    """Files that are called pictures and are none."""
    message = "is neither a PNG nor a JPEG. Save it as one of them."
    return [
        PageFault(page=file, line=0, message=message)
        for file in sorted(_files(course))
        if not kind_of(pictures[file])
    ]


def kind_of(content: bytes) -> str:
    """The content type of a picture by its first bytes; '' for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    return "image/jpeg" if content.startswith(b"\xff\xd8\xff") else ""


async def _live_sessions(
    uow: UnitOfWork, edition: Edition, before: Running | None, *, lock: bool
) -> list[Session]:
    if before is None:
        return []
    found = await uow.sessions.of_edition(edition.id, lock=lock)
    return [s for s in found if s.course_id == before.id]


async def _keep(
    uow: UnitOfWork,
    before: Running | None,
    course: Course,
    edition: Edition,
    now: datetime,
    *,
    is_changed: bool,
) -> Running:
    if before is None:
        return await uow.courses.add(
            Running(
                id=CourseId(0),
                edition_id=edition.id,
                course=course,
                version=1,
                imported_at=now,
            )
        )
    if not is_changed:
        return before
    running = replace(before, course=course, version=before.version + 1, imported_at=now)
    await uow.courses.save(running)
    return running


async def _steps(
    uow: UnitOfWork, before: Running | None, course: Course, stored: Sequence[StoredPicture]
) -> StepChanges:
    if before is None:
        return StepChanges(is_new=True, added=course.steps)
    was = {step.id: step for step in before.course.steps}
    said = {state.step_id for state in await uow.step_states.of_course(before.id)}
    there = await uow.courses.pictures(before.id)
    bare = replace(course, steps=())
    return StepChanges(
        is_changed=bare != replace(before.course, steps=())
        or there != {each.file: each.digest for each in stored},
        added=tuple(s for s in course.steps if s.id not in was),
        changed=tuple(s for s in course.steps if s.id in was and was[s.id] != s),
        unchanged=sum(was.get(s.id) == s for s in course.steps),
        withdrawn=tuple(
            (step, step.id in said)
            for step in was.values()
            if step.id not in {s.id for s in course.steps}
        ),
    )


async def _notes(uow: UnitOfWork, before: Running | None, course: Course) -> list[str]:
    """Cohorts that people are in and the folder no longer names."""
    if before is None:
        return []
    named = {name.casefold() for name in course.cohorts}
    lost: dict[str, int] = {}
    for enrolment in await uow.enrolments.of_course(before.id):
        if enrolment.is_on and enrolment.cohort and enrolment.cohort.casefold() not in named:
            lost[enrolment.cohort] = lost.get(enrolment.cohort, 0) + 1
    return [
        f"{count} {'person is' if count == 1 else 'people are'} in the cohort “{name}”, "
        "which programme.md no longer names."
        for name, count in sorted(lost.items())
    ]


def _details(course: Course, timezone: str) -> list[Details]:
    """The dates of the live session as the sessions that they are."""
    step = course.live
    if step is None or step.live is None:
        return []
    words = [b.text for s in step.screens for b in s.blocks if isinstance(b, Words)]
    return [
        Details(
            code=each.code,
            title=step.title,
            summary="\n\n".join(words)[:LONGEST_SUMMARY],
            starts_at=each.starts_at,
            ends_at=each.starts_at + timedelta(minutes=step.minutes),
            timezone=timezone,
            capacity=step.live.capacity,
            format=step.live.format,
            link=step.live.link,
            location=step.live.location,
            facilitators=step.live.facilitators,
            audience=", ".join(part for part in (course.title, each.cohort) if part),
        )
        for each in step.live.sessions
    ]


def _columns(course: Course) -> frozenset[str]:
    """Who leads is for organisers to say where the folder says nothing of it."""
    is_said = course.live and course.live.live and course.live.live.facilitators
    return COLUMNS_OF_LIVE | {"facilitators"} if is_said else COLUMNS_OF_LIVE


def _files(course: Course) -> set[str]:
    screens = [*course.screens, *(screen for step in course.steps for screen in step.screens)]
    return {b.file for screen in screens for b in screen.blocks if isinstance(b, Picture)}


def _stored(file: str, content: bytes) -> StoredPicture:
    return StoredPicture(file=file, digest=hashlib.sha256(content).hexdigest(), content=content)


def _counts(steps: StepChanges) -> str:
    return (
        f"added {len(steps.added)}, changed {len(steps.changed)}, "
        f"unchanged {steps.unchanged}, withdrawn {len(steps.withdrawn)}"
    )


def _lines(steps: StepChanges) -> list[str]:
    return [
        *(["- programme: changed"] if steps.is_changed else []),
        *(f"- {s.id} {s.title}: added" for s in steps.added),
        *(f"- {s.id} {s.title}: changed" for s in steps.changed),
        *(_withdrawn_line(step, has_answers) for step, has_answers in steps.withdrawn),
    ]


def _withdrawn_line(step: Step, has_answers: bool) -> str:
    kept = "what people answered there is kept" if has_answers else "nobody had begun it"
    return f"- {step.id} {step.title}: withdrawn, no longer in the folder, {kept}"


def _entry(course: Course, steps: StepChanges, by: PersonId, now: datetime) -> Entry:
    counts = {
        "steps added": len(steps.added),
        "steps changed": len(steps.changed),
        "steps not in the folder": len(steps.withdrawn),
    }
    return Entry(
        at=now,
        by_id=by,
        what=What.COURSE_IMPORTED,
        subject=subject(course),
        after={name: str(count) for name, count in counts.items() if count},
    )


def subject(course: Course) -> str:
    """What the journal calls it."""
    return f"{course.code} {course.title}"
