"""What of the rules a set bends, for whom, and how good a division is."""

import pytest

from learning.courses.set_reasons import Bent, bent, proof
from learning.courses.sets import Candidate, ProposedSet
from learning.people import PersonId

ASHA, BO, CY, DI = (PersonId(name) for name in ("asha", "bo", "cy", "di"))
TUESDAY, FRIDAY = "Tuesday morning", "Friday afternoon"
ALL = frozenset({TUESDAY, FRIDAY})


def test_everything_that_is_bent_is_told_with_whom_it_is_about():
    people = [
        Candidate(person_id=ASHA, can=ALL, team="Housing", manager_id=DI),
        Candidate(person_id=BO, can=ALL, team="housing", prefers=frozenset({FRIDAY})),
        Candidate(person_id=CY, can=frozenset({FRIDAY}), met=frozenset({ASHA})),
        Candidate(person_id=DI, can=ALL, prefers=frozenset({TUESDAY})),
    ]

    found = bent(
        {p.person_id: p for p in people},
        ProposedSet(slot=TUESDAY, members=(ASHA, BO, CY, DI, PersonId("gone"))),
    )

    assert found == Bent(
        managed=((ASHA, DI),),
        cannot=(CY,),
        same_team=(("Housing", (ASHA, BO)),),
        met=((ASHA, CY),),
        second_choice=(BO,),
    )


@pytest.mark.parametrize(
    ("cost", "bound", "said"),
    [
        (120, 120, "No division of these people is better"),
        (125, 120, "a better one could save 5 points at most"),
        (20, 120, "taken out by hand"),
    ],
)
def test_how_good_a_division_is_is_said_in_a_sentence(cost: int, bound: int, said: str):
    assert said in proof(cost, bound)
