"""Somebody's own course as they see it now: their steps, what waits for them, and their live session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from learning.bookings import Booking
from learning.courses import schedule
from learning.courses.definition import Course, Step, StepKind
from learning.courses.progress import StepState
from learning.courses.schedule import Situation, concerns
from learning.sessions import CourseId, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCourse:
    """One person's course. `today` is the day by which steps open and close; `zone` is the person's.

    `sessions` are the dates of the live session that are theirs to choose from.
    """

    id: CourseId
    course: Course
    situation: Situation
    today: date
    now: datetime
    zone: ZoneInfo
    states: Mapping[str, StepState] = field(default_factory=dict[str, StepState])
    sessions: Sequence[Session] = ()
    booking: Booking | None = None

    @property
    def steps(self) -> list[Step]:
        """Those that are for them, now or once they have a place."""
        placed = Situation(live_day=None, has_place=True, cohort=self.situation.cohort)
        return [step for step in self.course.steps if concerns(step, placed)]

    @property
    def session(self) -> Session | None:
        """The live session that they have a place on, or wait for."""
        booked = self.booking.session_id if self.booking else None
        return next((s for s in self.sessions if s.id == booked), None)

    @property
    def to_do(self) -> list[Step]:
        """What waits for them: what they have begun first, then the most overdue."""
        found = schedule.to_do(self.course.steps, self.situation, self.today)
        return sorted(found, key=lambda step: step.id not in self.states)

    @property
    def to_book(self) -> Step | None:
        """The live session, while they have no place and there is a date to choose."""
        is_offered = any(s.is_open(self.now) for s in self.sessions)
        return self.course.live if is_offered and self.booking is None else None

    def is_done(self, step: Step) -> bool:
        if step.id in self.situation.done:
            return True
        session = self.session
        is_live = step.kind is StepKind.LIVE and self.situation.has_place
        return is_live and session is not None and session.is_over(self.now)
