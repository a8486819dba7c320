"""Where action learning sets are kept: who put themselves forward, who sits in which, when they meet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from learning.courses.action_sets import ActionSet, Member, SetMeeting, Wish
from learning.people import PersonId
from learning.sessions import CourseId


class SetTables(Protocol):
    async def wish(self, course_id: CourseId, person_id: PersonId) -> Wish | None: ...
    async def wishes(self, course_id: CourseId) -> list[Wish]:
        """In the order in which people put themselves forward."""
        ...

    async def save_wish(self, wish: Wish) -> None: ...
    async def remove_wish(self, course_id: CourseId, person_id: PersonId) -> None: ...

    async def find(self, set_id: int, *, lock: bool = False) -> ActionSet | None:
        """The set, its row held until commit if `lock`."""
        ...

    async def of_course(self, course_id: CourseId) -> list[ActionSet]: ...
    async def of_person(self, person_id: PersonId) -> list[ActionSet]:
        """Those in which they are now, or which they facilitate, without those that were merged."""
        ...

    async def add(self, action_set: ActionSet) -> ActionSet:
        """Keep a new one; its id is given."""
        ...

    async def save(self, action_set: ActionSet) -> None: ...
    async def remove_proposed(self, course_id: CourseId) -> None:
        """Take a proposal away, with its members; what is confirmed stays."""
        ...

    async def members(self, sets: Sequence[int]) -> list[Member]:
        """Those who have left included, by set and in the order of joining."""
        ...

    async def save_members(self, some: Iterable[Member]) -> None: ...

    async def remove_member(self, set_id: int, person_id: PersonId) -> None:
        """As if they had never been in it."""
        ...

    async def met(
        self, people: Collection[PersonId], *, besides: Collection[int] = ()
    ) -> Mapping[PersonId, set[PersonId]]:
        """With whom each of these was or is in a set, of whatever course.

        Proposals do not count, nor that two are together now in one of the sets `besides`.
        """
        ...

    async def meetings(self, set_id: int) -> list[SetMeeting]:
        """By number."""
        ...

    async def meetings_between(self, start: datetime, end: datetime) -> list[SetMeeting]:
        """Those of confirmed sets that begin in this span and are not over, the earliest first."""
        ...

    async def meeting(self, meeting_id: int, *, lock: bool = False) -> SetMeeting | None: ...
    async def save_meeting(self, meeting: SetMeeting) -> SetMeeting:
        """Keep it; one without an id is new, and is given one."""
        ...
