"""Small groups are merged so that no figure, and no difference of figures, tells of a few people."""

import random

from learning.people import PersonId
from learning.small_groups import FEWEST, Grouping, joined, may_be_told, merged, units


def people(count: int, name: str = "p") -> set[PersonId]:
    return {PersonId(f"{name}{n}") for n in range(count)}


def test_groups_of_enough_people_stand_alone():
    assert merged({"a": people(5, "a"), "b": people(9, "b")}) == Grouping(alone=("a", "b"))


def test_small_groups_are_put_together():
    groups = {"a": people(5, "a"), "b": people(2, "b"), "c": people(3, "c")}

    assert merged(groups) == Grouping(alone=("a",), other=("b", "c"))


def test_one_small_group_takes_the_next_smallest_with_it():
    groups = {"a": people(9, "a"), "b": people(2, "b"), "c": people(6, "c")}

    assert merged(groups) == Grouping(alone=("a",), other=("b", "c"))


def test_the_same_few_people_in_several_groups_are_still_few():
    few = people(3)
    groups = {"a": few, "b": few, "c": people(5, "c")}

    assert merged(groups) == Grouping(alone=(), other=("a", "b", "c"))


def test_nothing_can_be_shown_of_fewer_people_than_that():
    assert merged({"a": people(2, "a"), "b": people(2, "b")}) is None
    assert merged({"a": people(4)}) is None


def test_a_group_of_nobody_tells_of_nobody():
    groups = {"a": people(5), "b": people(0)}

    assert merged(groups) == Grouping(alone=("a", "b"))
    assert merged({"b": people(0)}) == Grouping(alone=("b",))
    assert merged({}) == Grouping(alone=())


def test_a_small_session_is_joined_with_the_nearest():
    groups = {"A1": people(3, "x"), "B1": people(5, "y"), "A2": people(20, "z")}

    found = units(groups, lambda a, b: a[0] != b[0])

    assert found == [("A1", "A2"), ("B1",)]


def test_no_units_of_fewer_people_than_that():
    assert units({"A": people(2, "x"), "B": people(2, "y")}, lambda a, b: 0) is None
    assert units({"A": people(0), "B": people(5)}, lambda a, b: 0) == [("A",), ("B",)]


def test_what_one_unit_spans_is_one():
    assert joined([("A1", "A2"), ("B1",)], lambda k: k[0]) == [("A",), ("B",)]
    assert joined([("A1",), ("C1",), ("A2", "B1")], lambda k: k[0]) == [("C",), ("A", "B")]


def test_a_number_is_told_only_if_the_rest_may_be_known_too():
    whole = people(20)

    assert may_be_told(people(5), whole)
    assert may_be_told(set(), whole)
    assert may_be_told(whole, whole)
    assert not may_be_told(people(4), whole)
    assert not may_be_told(people(16), whole)


def test_a_number_is_not_told_where_it_splits_a_group_that_is_shown():
    """Ten of the front line, of whom eight are in a department whose number is shown: two are left."""
    shown, other = people(8), people(20) - people(8)

    assert not may_be_told(people(10), people(20), [shown, other])
    assert may_be_told(shown, people(20), [shown, other])


def test_whatever_the_groups_are_no_shown_one_and_no_rest_is_small():
    chance = random.Random(7)
    for _ in range(300):
        sizes = [chance.choice([0, 1, 2, 3, 4, 5, 6, 9, 30]) for _ in range(chance.randint(1, 9))]
        groups = {n: people(size, f"{n}-") for n, size in enumerate(sizes)}
        found, parts = merged(groups), units(groups, lambda a, b: abs(a - b))

        if found is None or parts is None:
            assert 0 < sum(sizes) < FEWEST
            assert (found, parts) == (None, None)
            continue
        rest = sum(sizes) - sum(sizes[n] for n in found.alone)
        assert rest == 0 or rest >= FEWEST
        assert all(sizes[n] == 0 or sizes[n] >= FEWEST for n in found.alone)
        of_units = [sum(sizes[n] for n in part) for part in parts]
        assert all(size == 0 or size >= FEWEST for size in of_units)
        assert sorted(n for part in parts for n in part) == list(groups)
