"""What the members of a set commit to and share with it, for those who have a part in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from learning.courses.action_sets import ActionSet, SetState
from learning.courses.commitments import State
from learning.errors import NotAllowed
from learning.people import PersonId
from services.ports.seals import Seals, of_person
from services.ports.storage import NewUnitOfWork

NO_SUCH_SET = "Only those who are in a set, and who facilitates it, see what is shared there."


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A commitment as the others of a set see it."""

    name: str
    text: str
    due_on: date
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What those who are in a set now share with it."""

    action_set: ActionSet
    shared: tuple[Shared, ...]


class SharedCommitments:
    """Who is in the set is asked each time, and so is what they share."""

    def __init__(self, new_uow: NewUnitOfWork, seals: Seals) -> None:
        self._new_uow = new_uow
        self._seals = seals

    async def sets(self, person_id: PersonId) -> list[ActionSet]:
        """Those whose shared commitments they may see."""
        async with self._new_uow(read_only=True) as uow:
            found = await uow.sets.of_person(person_id)
        return [each for each in found if each.state is SetState.CONFIRMED]

    async def of_set(self, person_id: PersonId, set_id: int) -> Board:
        """What its members share now. Raises NotAllowed for whoever has no part in it."""
        async with self._new_uow(read_only=True) as uow:
            found = await uow.sets.find(set_id)
            members = [m.person_id for m in await uow.sets.members([set_id]) if m.is_in]
            may = found is not None and person_id in {found.facilitator_id, *members}
            if found is None or not may or found.state is not SetState.CONFIRMED:
                raise NotAllowed(NO_SUCH_SET)
            shared = await uow.commitments.shared_by(found.course_id, members)
            people = await uow.people.among(c.person_id for c in shared)
        return Board(
            action_set=found,
            shared=tuple(
                Shared(
                    name=people[each.person_id].name or "A member",
                    text=text,
                    due_on=each.due_on,
                    state=each.state,
                )
                for each in shared
                if each.person_id in people
                and (text := self._seals.open(of_person(each.person_id), each.sealed))
            ),
        )
