"""All there is about the sets of one course, read together: people, wishes, sets, what is bent and why."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from learning.courses.action_sets import ActionSet, SetMeeting, SetState, Wish
from learning.courses.definition import SetPlan, Step, StepKind
from learning.courses.enrolments import Running
from learning.courses.set_reasons import Bent, bent
from learning.courses.sets import Candidate, ProposedSet, breaches, cost, why_left_out
from learning.errors import LearningError, NotFound
from learning.people import Person, PersonId
from learning.profiles import Profile
from services.ports.storage import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class SetBook:
    """As of one moment. `members` are those who are in a set now; merged sets are left out.

    `candidates` are all who put themselves forward or are in a set.
    """

    running: Running
    step: Step
    plan: SetPlan
    wishes: Sequence[Wish]
    sets: Sequence[ActionSet]
    members: Mapping[int, tuple[PersonId, ...]]
    meetings: Mapping[int, tuple[SetMeeting, ...]]
    people: Mapping[PersonId, Person]
    candidates: Mapping[PersonId, Candidate]
    profiles: Mapping[PersonId, Profile]

    @property
    def proposed(self) -> list[ActionSet]:
        return [s for s in self.sets if s.state is SetState.PROPOSED]

    @property
    def confirmed(self) -> list[ActionSet]:
        return [s for s in self.sets if s.state is SetState.CONFIRMED]

    @property
    def cost(self) -> int:
        """Of the proposal."""
        return cost(self._known(), [self.division(s) for s in self.proposed])

    @property
    def bound(self) -> int:
        return max((s.bound for s in self.proposed), default=0)

    @property
    def version(self) -> str:
        """Another one as soon as anything that an organiser decides on is."""
        told = [
            (s.id, s.name, s.slot, s.state, s.facilitator_id, self.members[s.id]) for s in self.sets
        ]
        dates = [[m.starts_at.isoformat() for m in self.meetings[s.id]] for s in self.sets]
        able = [(w.person_id, sorted(w.can), sorted(w.prefers)) for w in self.wishes]
        return hashlib.sha256(repr((told, dates, able)).encode()).hexdigest()[:16]

    def find(self, set_id: int) -> ActionSet:
        """Raises NotFound."""
        for each in self.sets:
            if each.id == set_id:
                return each
        raise NotFound("set", set_id)

    def set_of(self, person_id: PersonId) -> ActionSet | None:
        return next((s for s in self.sets if person_id in self.members[s.id]), None)

    def division(self, each: ActionSet) -> ProposedSet:
        return ProposedSet(slot=each.slot, members=self.members[each.id])

    def bent(self, each: ActionSet) -> Bent:
        return bent(self.candidates, self.division(each))

    def breaches(
        self,
        among: Sequence[ActionSet],
        moved: Mapping[int, tuple[PersonId, ...]] | None = None,
    ) -> list[str]:
        """What hard rules these sets break, as they are or with other members in those of `moved`."""
        members = {**self.members, **(moved or {})}
        sets = [ProposedSet(slot=s.slot, members=members[s.id]) for s in among]
        names = [s.name for s in among]
        return breaches(self._known(), sets, self.plan.fewest, self.plan.most, names=names)

    def waiting(self) -> list[PersonId]:
        """Who put themselves forward and is in no set, in the order of doing so."""
        return [w.person_id for w in self.wishes if self.set_of(w.person_id) is None]

    def why_waiting(self, person_id: PersonId) -> str:
        """Only right beside a proposal: why that has no place for somebody."""
        placed = {i for s in self.confirmed for i in self.members[s.id]}
        others = [c for i, c in self.candidates.items() if i not in placed]
        return why_left_out(self.candidates[person_id], others, self.plan.fewest)

    def to_place(self) -> list[Candidate]:
        """Whom a proposal is about: whoever put themselves forward and is in no confirmed set."""
        placed = {i for s in self.confirmed for i in self.members[s.id]}
        return [self.candidates[w.person_id] for w in self.wishes if w.person_id not in placed]

    def name(self, person_id: PersonId) -> str:
        person = self.people.get(person_id)
        return (person.name or person.email if person else "") or "somebody without a name"

    def _known(self) -> list[Candidate]:
        return list(self.candidates.values())


async def read_book(uow: UnitOfWork, code: str, *, lock: bool = False) -> SetBook:
    """Raises NotFound, or LearningError for a course without sets."""
    running = await uow.courses.coded(code, lock=lock)
    if running is None:
        raise NotFound("programme", code)
    step = set_step(running)
    assert step.sets is not None, "a step of this kind has a plan"
    on = {e.person_id for e in await uow.enrolments.of_course(running.id) if e.is_on}
    wishes = [w for w in await uow.sets.wishes(running.id) if w.person_id in on]
    sets = [s for s in await uow.sets.of_course(running.id) if s.state is not SetState.MERGED]
    members: dict[int, tuple[PersonId, ...]] = {s.id: () for s in sets}
    for each in await uow.sets.members(list(members)):
        if each.is_in:
            members[each.set_id] = (*members[each.set_id], each.person_id)
    meetings = {s.id: tuple(await uow.sets.meetings(s.id)) for s in sets}
    inside = [i for some in members.values() for i in some]
    ids = list(dict.fromkeys([*(w.person_id for w in wishes), *inside]))
    profiles = await uow.profiles.among([*ids, *(s.facilitator_id for s in sets)])
    met = await uow.sets.met(ids, besides=list(members))
    own = {w.person_id: w for w in wishes}
    nobody = Wish(
        course_id=running.id,
        person_id=PersonId(""),
        can=frozenset(),
        put_forward_at=running.imported_at,
    )
    return SetBook(
        running=running,
        step=step,
        plan=step.sets,
        wishes=wishes,
        sets=sets,
        members=members,
        meetings=meetings,
        people=await uow.people.among([*ids, *(s.facilitator_id for s in sets)]),
        profiles=profiles,
        candidates={
            i: candidate(i, own.get(i, nobody), profiles.get(i), frozenset(met.get(i, ())))
            for i in ids
        },
    )


def candidate(
    person_id: PersonId, wish: Wish, profile: Profile | None, met: frozenset[PersonId]
) -> Candidate:
    """`met`: with whom they were in a set before this one."""
    return Candidate(
        person_id=person_id,
        can=wish.can,
        prefers=wish.prefers,
        team=profile.department if profile else "",
        manager_id=profile.manager_id if profile else "",
        met=met,
    )


def set_step(running: Running) -> Step:
    for step in running.course.steps:
        if step.kind is StepKind.SETS and step.sets is not None:
            return step
    raise LearningError(f"{running.course.title} has no action learning sets in its files.")
