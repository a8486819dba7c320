"""Commitments: what can be one, when they are asked about, and counts that tell of nobody."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from learning.courses import commitment_figures as figures
from learning.courses import commitments as rules
from learning.courses.commitment_figures import AtDay, Standing
from learning.courses.commitments import CheckIn, Commitment, NoCommitment, Said, State
from learning.people import PersonId
from learning.sessions import CourseId

LONDON = ZoneInfo("Europe/London")
MADE = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
DAY = date(2026, 3, 1)
ASHA = PersonId("asha")


def a_commitment(number: int = 1, person: str = "asha", **more: object) -> Commitment:
    made = Commitment(
        id=number,
        course_id=CourseId(1),
        person_id=PersonId(person),
        sealed="x",
        due_on=DAY + timedelta(days=100),
        made_at=MADE,
    )
    return replace(made, **more)


def a_check(number: int, day: int, said: Said, person: str = "asha") -> CheckIn:
    return CheckIn(
        commitment_id=number, day=day, person_id=PersonId(person), state=said, said_at=MADE
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  ring one \n customer ", "ring one customer"),
        ("I will ring one", "ring one"),
        ("I\u2019ll ring one", "ring one"),
        ("illustrate it", "illustrate it"),
    ],
)
def test_a_commitment_is_what_follows_i_will(text: str, kept: str):
    assert rules.checked(text) == kept


@pytest.mark.parametrize("text", ["", " \n ", "x" * 501])
def test_nothing_and_too_much_are_refused(text: str):
    with pytest.raises(NoCommitment):
        rules.checked(text)


@pytest.mark.parametrize(
    ("due_on", "is_good"),
    [
        (None, False),
        (DAY - timedelta(days=1), False),
        (DAY, True),
        (DAY + timedelta(days=730), True),
        (DAY + timedelta(days=731), False),
    ],
)
def test_its_day_is_still_to_come_and_near_enough_to_mean_something(
    due_on: date | None, is_good: bool
):
    if is_good:
        assert rules.checked_day(due_on, DAY) == due_on
    else:
        with pytest.raises(NoCommitment):
            rules.checked_day(due_on, DAY)


@pytest.mark.parametrize(
    ("days", "open_one"),
    [
        (0, None),
        (29, None),
        (30, 30),
        (59, 30),
        (60, 60),
        (89, 60),
        (90, 90),
        (119, 90),
        (120, None),
    ],
)
def test_a_check_in_stays_open_until_the_next_and_the_last_lapses(days: int, open_one: int | None):
    assert rules.day_for(a_commitment(), DAY + timedelta(days=days), LONDON) == open_one


def test_days_are_counted_from_the_local_day_also_when_the_clocks_change():
    in_summer = a_commitment(made_at=datetime(2026, 6, 1, 23, 30, tzinfo=UTC))

    assert rules.made_on(in_summer, LONDON) == date(2026, 6, 2)
    assert rules.begins(a_commitment(), 30, LONDON) == date(2026, 3, 31)


def test_what_is_due_is_open_unanswered_and_the_longest_waiting_first():
    younger = a_commitment(2, made_at=MADE + timedelta(days=5))
    settled = a_commitment(3, state=State.DONE)
    answered = a_commitment(4)
    checks = [a_check(4, 30, Said.ON_THE_WAY), a_check(1, 30, Said.CHANGED)]
    today = DAY + timedelta(days=66)

    found = rules.due_checks([younger, settled, answered, a_commitment()], checks, today, LONDON)

    assert [(d.commitment.id, d.day, (today - d.since).days) for d in found] == [
        (1, 60, 6),
        (4, 60, 6),
        (2, 60, 1),
    ]
    earlier = rules.due_checks([a_commitment(), answered], checks, DAY + timedelta(40), LONDON)
    assert earlier == []


def test_saying_otherwise_takes_back_what_was_said():
    done = rules.after(a_commitment(), Said.DONE)

    assert done.state is State.DONE
    assert rules.after(done, Said.ON_THE_WAY).state is State.OPEN
    assert rules.after(done, Said.CHANGED).state is State.OPEN
    assert rules.after(done, Said.DROPPED).state is State.DROPPED


# --- counts ----------------------------------------------------------------------------------


def counted(
    said: dict[str, dict[int, Said]], *, days: int, shared: tuple[str, ...] = ()
) -> figures.Figures:
    """Of one commitment of each of these people, as many days after they were made."""
    commitments: list[Commitment] = []
    checks: list[CheckIn] = []
    for number, (person, answers) in enumerate(said.items(), 1):
        commitment = a_commitment(number, person, is_shared=person in shared)
        for day, each in answers.items():
            commitment = rules.after(commitment, each)
            checks.append(a_check(number, day, each, person))
        commitments.append(commitment)
    today = DAY + timedelta(days=days)
    return figures.figures(figures.facts(commitments, checks, today, LONDON))


def people(*answers: dict[int, Said]) -> dict[str, dict[int, Said]]:
    return {f"p{number}": each for number, each in enumerate(answers)}


def test_of_four_people_nothing_is_told():
    assert counted(people({}, {}, {}, {}), days=40) == figures.Figures()


def test_a_part_is_told_only_where_the_rest_is_of_nobody_or_of_five():
    ten = people(*({} for _ in range(10)))

    assert counted(ten, days=1, shared=tuple(f"p{n}" for n in range(5))).shared == 5
    assert counted(ten, days=1, shared=tuple(f"p{n}" for n in range(6))).shared is None
    assert counted(ten, days=1, shared=("p1",)).shared is None
    assert counted(ten, days=1).shared == 0


def test_answers_of_few_stand_together_with_the_next_fewest():
    done, way = {30: Said.DONE}, {30: Said.ON_THE_WAY}
    found = counted(people(*[done] * 7, *[way] * 5, {30: Said.DROPPED}), days=40)

    assert found.at[0] == AtDay(
        day=30,
        reached=13,
        standings=(
            Standing(ways=("done",), count=7),
            Standing(ways=("changed",), count=0),
            Standing(ways=("nothing said",), count=0),
            Standing(ways=("on the way", "dropped"), count=6),
        ),
    )
    assert found.at[1:] == (AtDay(day=60), AtDay(day=90))


def test_what_was_done_at_30_days_is_done_at_60():
    done, nothing = {30: Said.DONE}, {60: Said.ON_THE_WAY}
    found = counted(people(*[done] * 5, *[nothing] * 5), days=60)

    assert [s for s in found.at[0].standings if s.count] == [
        Standing(ways=("done",), count=5),
        Standing(ways=("nothing said",), count=5),
    ]
    assert [s for s in found.at[1].standings if s.count] == [
        Standing(ways=("done",), count=5),
        Standing(ways=("on the way",), count=5),
    ]


def test_who_has_come_less_far_is_not_told_by_subtraction():
    old = [a_commitment(n, f"p{n}") for n in range(8)]
    young = [a_commitment(n, f"p{n}", made_at=MADE + timedelta(days=20)) for n in range(8, 10)]
    today = DAY + timedelta(days=40)

    found = figures.figures(figures.facts([*old, *young], [], today, LONDON))

    assert found.made == 10
    assert found.at[0] == AtDay(day=30)


def test_a_pattern_differs_where_anything_counted_of_somebody_does():
    today = DAY + timedelta(days=40)
    both = [a_commitment(), a_commitment(2, "bo")]
    before = figures.patterns(figures.facts(both, [], today, LONDON))
    answered = figures.facts(both, [a_check(1, 30, Said.DROPPED)], today, LONDON)
    shared = figures.facts([replace(both[0], is_shared=True), both[1]], [], today, LONDON)

    assert len(before) == 2
    for after in (figures.patterns(answered), figures.patterns(shared)):
        assert len(set(before) - set(after)) == 1
