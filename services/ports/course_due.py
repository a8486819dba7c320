"""What else than steps of a course somebody may be reminded of, such as a check-in on a commitment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from learning.people import PersonId
from learning.sessions import CourseId
from services.ports.storage import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """`since` is the day on which it fell due, by which it is spoken of and ranks among overdue steps.

    `kind` says what to say and which card to show; nothing that somebody wrote is in it.
    """

    since: date
    course_id: CourseId
    kind: str


class OtherDue(Protocol):
    async def due(
        self, uow: UnitOfWork, person_ids: Sequence[PersonId], today: Mapping[PersonId, date]
    ) -> Mapping[PersonId, Due]:
        """The one thing of each that waits for them on their own `today`; most have none.

        Where several wait it is the one that fell due last: those before have been spoken of.
        """
        ...
