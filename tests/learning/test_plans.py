"""Which sessions go together in a plan, and that no better set could have been found."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning import plans
from learning.plans import BETWEEN_PLACES, Candidate, Span
from learning.profiles import Profile
from learning.sessions import Format, Session, SessionId
from tests.support.values import ASHA, HOUR, NINE, TEN, a_session

MINUTE = timedelta(minutes=1)


def at(minutes: int, length: int = 60, **more: Any) -> Session:
    """A session that begins so many minutes after NINE, on Teams unless it has a room."""
    starts = NINE + minutes * MINUTE
    more = {"format": Format.IN_PERSON if "location" in more else Format.TEAMS} | more
    return a_session(starts_at=starts, ends_at=starts + length * MINUTE, **more)


def candidate(id: int, session: Session, worth: float = 1.0, *about: str) -> Candidate:
    named = replace(session, id=SessionId(id), details=replace(session.details, code=f"S{id}"))
    return Candidate(session=named, worth=worth, about=frozenset(about))


def codes(chosen: Sequence[Candidate]) -> list[str]:
    return [c.session.code for c in chosen]


# --- what clashes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        (at(0), at(30), True),
        (at(0, 120), at(30, 30), True),
        (at(0), at(60), False),
        (at(0), at(60, location="Library"), False),
        (at(0, location="Library"), at(60, location="Library"), False),
        (at(0, location="Library"), at(60, location="LIBRARY"), False),
        (at(0, location="Library"), at(60, location="Town Hall"), True),
        (at(0, location="Library"), at(69, location="Town Hall"), True),
        (at(0, location="Library"), at(70, location="Town Hall"), False),
        (at(0, location=""), at(60, location=""), True),  # who knows whether it is one room?
    ],
)
def test_people_are_in_one_place_at_a_time_and_need_a_while_to_the_next(
    one: Session, other: Session, clash: bool
):
    assert plans.clashes(one, other) is clash
    assert plans.clashes(other, one) is clash


def test_a_session_is_taken_where_it_overlaps_what_stands_in_the_diary():
    until_ten, from_eleven = Span(start=NINE, end=TEN), Span(start=TEN + HOUR, end=TEN + 2 * HOUR)

    assert not plans.is_taken(at(60), [until_ten, from_eleven])
    assert plans.is_taken(at(59), [until_ten, from_eleven])
    assert plans.is_taken(at(61), [until_ten, from_eleven])
    assert not plans.is_taken(at(60), [])


# --- the best set ------------------------------------------------------------------------------


def test_two_small_ones_are_worth_more_than_one_good_one_that_takes_as_long():
    some = [candidate(1, at(0, 120), 1.0), candidate(2, at(0), 0.6), candidate(3, at(60), 0.6)]

    assert codes(plans.best(some, 5)) == ["S2", "S3"]
    assert codes(plans.best(some, 1)) == ["S1"]


def test_another_strand_comes_before_more_of_the_same():
    same = [candidate(n, at(n * 60), 1.0, "strand A") for n in range(3)]
    other = candidate(9, at(600), 0.8, "strand B")

    assert "S9" in codes(plans.best([*same, other], 3))
    assert len(plans.best([*same, other], 3)) == 3


def test_nobody_runs_from_room_to_room_also_not_by_way_of_a_call():
    library, hall = at(0, location="Library"), at(65, location="Town Hall")
    call = at(60, 5)
    some = [candidate(1, library), candidate(2, call, 0.1), candidate(3, hall)]

    assert codes(plans.best(some, 5)) in (["S1", "S2"], ["S2", "S3"])


def test_nothing_comes_of_nothing():
    assert plans.best([], 5) == []
    assert plans.best([candidate(1, at(0))], 0) == []


def test_a_whole_programme_of_equally_good_sessions_is_planned_all_the_same():
    many = [
        candidate(n, at(n % 10 * 45), 1.0, f"strand {n % 7}", f"interest {n % 3}")
        for n in range(200)
    ]

    chosen = plans.best(many, plans.MOST)

    assert len(chosen) == 5
    assert not any(plans.clashes(a.session, b.session) for a, b in combinations(chosen, 2))


ROOMS = st.sampled_from([None, None, "Library", "Town Hall"])


@st.composite
def some_candidates(draw: st.DrawFn) -> list[Candidate]:
    found: list[Candidate] = []
    for id in range(draw(st.integers(0, 8))):
        room = draw(ROOMS)
        place = {} if room is None else {"location": room}
        minutes = 5 * draw(st.integers(0, 40))
        session = at(minutes, 5 * draw(st.integers(1, 18)), **place)
        about = draw(st.sets(st.sampled_from(["A", "B", "C", "D"]), max_size=2))
        worth = draw(st.integers(0, 10)) / 10
        found.append(candidate(id, session, worth, *about))
    return found


@settings(max_examples=300, deadline=None)
@given(some_candidates(), st.integers(0, 5))
def test_no_set_that_anybody_can_attend_is_worth_more(some: list[Candidate], most: int):
    def fits(chosen: Sequence[Candidate]) -> bool:
        pairs = combinations([c.session for c in chosen], 2)
        return not any(plans.clashes(a, b) for a, b in pairs)

    every = [c for n in range(most + 1) for c in combinations(some, n) if fits(c)]
    best = max(plans.worth_of(c) for c in every)

    chosen = plans.best(some, most)

    assert fits(chosen)
    assert len(chosen) <= most
    assert chosen == sorted(chosen, key=lambda c: c.session.starts_at or NINE)
    assert plans.worth_of(chosen) == pytest.approx(best)


def test_the_way_between_places_is_a_few_minutes():
    assert timedelta(minutes=5) <= BETWEEN_PLACES <= timedelta(minutes=15)


# --- interests ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ()),
        ("leadership", ("leadership",)),
        ("leadership and excel", ("leadership", "excel")),
        ("leadership, mentoring and Excel.", ("leadership", "mentoring", "Excel")),
        ("a; b & c/d plus a", ("a", "b", "c", "d")),
        ("understanding", ("understanding",)),
        ("diversity and inclusion, brand and style", ("diversity and inclusion", "brand", "style")),
        (",".join("abcdefghij"), ("a", "b", "c", "d", "e", "f")),
        ("x" * 200, ("x" * 60,)),
    ],
)
def test_interests_are_named_one_by_one(words: str, found: tuple[str, ...]):
    assert plans.interests(words, {"diversity and inclusion"}) == found


# --- one's own department and building -----------------------------------------------------------


@pytest.mark.parametrize(
    ("details", "more"),
    [
        ({}, 0),
        ({"audience": "Everyone"}, 0),
        ({"audience": "Staff of housing and parks"}, 1),
        ({"location": "Town Hall, Room 2"}, 1),
        ({"location": "Town Hall, Room 2", "format": Format.TEAMS}, 0),
        ({"location": "TOWN HALL", "audience": "Housing"}, 2),
    ],
)
def test_what_is_for_ones_own_department_or_near_is_worth_a_little_more(
    details: dict[str, Any], more: int
):
    profile = Profile(
        person_id=ASHA, department="Housing", office="Town Hall", manager_id="", read_at=NINE
    )

    assert plans.suits(at(0, **details), profile) == pytest.approx(more * plans.NEARER)
    assert plans.suits(at(0, **details), replace(profile, department="", office="")) == 0
    assert plans.suits(at(0, **details), None) == 0
