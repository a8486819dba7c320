"""With which other set one that has become too small could go on."""

from typing import Any

from learning.courses.merging import Merge, Standing, merges
from learning.courses.sets import Candidate
from learning.people import PersonId

MONDAY, TUESDAY = "Monday morning", "Tuesday morning"
BOTH = frozenset({MONDAY, TUESDAY})


def somebody(name: str, **more: Any) -> Candidate:
    values: dict[str, Any] = {"can": BOTH, "team": name}
    return Candidate(person_id=PersonId(name), **(values | more))


def a_set(number: int, *members: Candidate, slot: str = TUESDAY, **more: Any) -> Standing:
    return Standing(set_id=number, slot=slot, members=members, **more)


def others(count: int, prefix: str = "o") -> list[Candidate]:
    return [somebody(f"{prefix}{n}") for n in range(count)]


def found(small: Standing, *sets: Standing) -> list[int]:
    return [merge.into for merge in merges(small, sets, 8)]


SMALL = a_set(1, somebody("asha"), somebody("bo"), somebody("cy"), slot=MONDAY)


def test_a_set_without_room_for_all_is_none_to_merge_with():
    assert found(SMALL, a_set(2, *others(5)), a_set(3, *others(6)), SMALL) == [2]


def test_most_of_those_who_move_can_make_the_time_and_the_others_are_named():
    cannot = somebody("cy", can=frozenset({MONDAY}))
    small = a_set(1, somebody("asha"), somebody("bo"), cannot, slot=MONDAY)
    fewer = a_set(1, somebody("asha"), cannot, slot=MONDAY)

    [merge] = merges(small, [a_set(2, *others(5))], 8)

    assert merge == Merge(moving=1, into=2, size=8, cost=50, cannot=(PersonId("cy"),))
    assert found(fewer, a_set(2, *others(5))) == []


def test_nobody_comes_to_sit_with_their_own_manager_or_a_facilitator_who_is():
    boss = somebody("boss")
    report = somebody("asha", manager_id="boss")
    small = a_set(1, report, somebody("bo"), slot=MONDAY)

    assert found(small, a_set(2, boss, *others(4))) == []
    assert found(a_set(1, boss, somebody("bo")), a_set(2, report, *others(4))) == []
    assert found(small, a_set(2, *others(5), facilitator=boss)) == []
    assert found(small, a_set(2, *others(5), facilitator=somebody("fay"))) == [2]


def test_the_best_comes_first_teams_before_new_faces_and_the_smaller_set_of_two_alike():
    small = a_set(1, somebody("asha", team="Housing", met=frozenset({PersonId("p0")})))
    same_team = a_set(2, somebody("x", team="housing"), *others(3))
    has_met = a_set(3, *others(4, "p"))
    larger, smaller = a_set(4, *others(6, "q")), a_set(5, *others(4, "r"))

    assert found(small, same_team, has_met, larger, smaller) == [5, 4, 3, 2]


def test_two_small_sets_may_go_on_as_one():
    other = a_set(2, somebody("di"), somebody("ed"))

    assert found(SMALL, other) == [2]
    assert found(other, SMALL) == [1]
    assert found(a_set(1), other) == []
