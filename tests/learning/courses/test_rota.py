"""Whose turn it is to lead a set's meeting, whoever joins and leaves."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from learning.courses.action_sets import NOBODY, ActionSet, Member, SetMeeting, SetState
from learning.courses.definition import SetPlan
from learning.courses.rota import in_line, leader, next_after, working_days_before
from learning.people import PersonId
from learning.sessions import CourseId

START = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
PLAN = SetPlan(fewest=5, most=8, meetings=6, every=28, self_facilitating_from=4, rounds=())
SET = ActionSet(
    id=1,
    course_id=CourseId(1),
    name="Set 1",
    slot="Monday morning",
    state=SetState.CONFIRMED,
    facilitator_id=PersonId("fay"),
    made_at=START,
)


def a_member(name: str, joined: datetime = START) -> Member:
    return Member(set_id=1, person_id=PersonId(name), joined_at=joined)


def a_meeting(number: int, led_by: str = "") -> SetMeeting:
    at = START + timedelta(weeks=4 * number)
    return SetMeeting(
        id=number,
        set_id=1,
        number=number,
        starts_at=at,
        ends_at=at + timedelta(hours=2),
        facilitator_id=PersonId(led_by),
    )


@dataclass
class Set:
    """A set over its meetings; people join and leave between them."""

    members: list[Member]
    meetings: list[SetMeeting] = field(default_factory=list[SetMeeting])
    joined: int = 0

    def present(self) -> list[Member]:
        return [m for m in self.members if m.is_in]

    def meet(self) -> PersonId:
        led_by = in_line(self.members, self.meetings)[0]
        self.meetings.append(a_meeting(len(self.meetings) + 1, led_by))
        return led_by

    def join(self) -> None:
        self.joined += 1
        since = a_meeting(len(self.meetings)).starts_at + timedelta(days=1)
        self.members.append(a_member(f"new{self.joined}", since))

    def leave(self, which: int) -> None:
        present = self.present()
        if len(present) > 1:
            gone = present[which % len(present)]
            at = a_meeting(len(self.meetings)).starts_at + timedelta(days=1)
            self.members[self.members.index(gone)] = replace(gone, left_at=at)


events = st.lists(st.one_of(st.just("meet"), st.just("join"), st.integers(0, 9)), max_size=40)


@example(size=1, happens=["meet", "join", "meet"])
@example(size=4, happens=["meet", "meet", 0, "join", "meet", "join", "meet", 2, "meet", "meet"])
@given(size=st.integers(1, 8), happens=events)
def test_turns_are_fair_whoever_joins_and_leaves(size: int, happens: list[str | int]):
    some = Set([a_member(f"m{n}") for n in range(size)])
    led: Counter[PersonId] = Counter()

    for each in happens:
        match each:
            case "meet":
                last = some.meetings[-1] if some.meetings else None
                new = {m.person_id for m in some.present() if last and m.joined_at > last.starts_at}
                here = {m.person_id for m in some.present()}
                leads = some.meet()
                led[leads] += 1
                assert leads in here
                assert leads not in new or here == new, "a newcomer leads while others are there"
                if last is not None and leads == last.facilitator_id:
                    assert here - new == {leads}, "somebody leads twice in a row"
            case "join":
                some.join()
            case _:
                some.leave(int(each))
        stayed = [m.person_id for m in some.present() if m.joined_at == START]
        if stayed:
            assert max(led[p] for p in stayed) - min(led[p] for p in stayed) <= 1


@given(before=st.integers(1, 12), after=st.integers(1, 12))
def test_who_joins_comes_after_all_who_waited_longer(before: int, after: int):
    some = Set([a_member(f"m{n}") for n in range(5)])
    for _ in range(before):
        some.meet()
    waiting = in_line(some.members, some.meetings)

    some.join()
    then = [some.meet() for _ in range(after)]

    turns = [*waiting, "new1", *waiting, "new1", *waiting]
    assert then == turns[:after]


def test_who_passes_their_turn_on_leads_the_next_time():
    some = Set([a_member(name) for name in ("asha", "bo", "cy")])
    line = in_line(some.members, some.meetings)

    instead = next_after(line, PersonId("asha"))
    some.meetings.append(a_meeting(1, instead))

    assert (line, instead) == (["asha", "bo", "cy"], "bo")
    assert in_line(some.members, some.meetings) == ["asha", "cy", "bo"]
    assert next_after([PersonId("asha")], PersonId("asha")) == NOBODY
    assert next_after(line, PersonId("fay")) == "asha"


def test_the_facilitator_leads_at_first_and_whoever_left_no_longer():
    asha = a_member("asha")
    gone = replace(a_member("bo"), left_at=START)

    def leads(number: int, named: str = "") -> PersonId:
        return leader(a_meeting(number, named), SET, [asha, gone], PLAN)

    assert [leads(3), leads(3, "asha"), leads(4), leads(4, "asha")] == ["fay", "asha", "", "asha"]
    assert [leads(3, "bo"), leads(4, "bo"), leads(4, "fay")] == ["fay", "", "fay"]


def test_two_working_days_before_a_monday_is_the_thursday():
    assert working_days_before(date(2027, 3, 8), 2) == date(2027, 3, 4)
    assert working_days_before(date(2027, 3, 5), 2) == date(2027, 3, 3)
