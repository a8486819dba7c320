"""Sets that people are divided into: rules that always hold, and how near the best there is."""

import random
from collections.abc import Iterator, Sequence
from itertools import product

import pytest

from integrations.set_formation import formed
from learning.courses.sets import Candidate, Formation, ProposedSet, breaches, cost
from learning.people import PersonId

SLOTS = ["Monday morning", "Tuesday afternoon", "Wednesday morning", "Thursday lunch", "Friday"]


def some_people(
    count: int, seed: int, *, slots: int = 5, team_size: int = 6, managed: float = 0.6, met: int = 2
) -> list[Candidate]:
    """People of teams, most of them with a manager among the others, who can make some of the times."""
    chance = random.Random(seed)
    ids = [PersonId(f"p{number:03}") for number in range(count)]
    managers = chance.sample(ids, max(1, count // 10))
    times = SLOTS[:slots]
    people: list[Candidate] = []
    for person_id in ids:
        can = chance.sample(times, chance.randint(1, len(times)))
        manager = chance.choice(managers) if chance.random() < managed else ""
        people.append(
            Candidate(
                person_id=person_id,
                can=frozenset(can),
                prefers=frozenset(can[: chance.randint(0, len(can))]),
                team=f"team {chance.randrange(max(2, count // team_size))}",
                manager_id="" if manager == person_id else manager,
                met=frozenset(chance.sample(ids, min(met, count))) - {person_id},
            )
        )
    return people


def placed(formation: Formation) -> list[PersonId]:
    return [person_id for each in formation.sets for person_id in each.members]


@pytest.mark.parametrize("seed", range(6))
def test_no_rule_is_broken_and_everybody_is_placed_or_told_why(seed: int):
    chance = random.Random(seed)
    people = some_people(chance.randint(4, 90), seed, slots=chance.randint(1, 5))

    formation = formed(people, 5, 8, seconds=0.6)

    assert not breaches(people, formation.sets, 5, 8)
    assert sorted([*placed(formation), *formation.unplaced]) == [p.person_id for p in people]
    assert all(reason.endswith(".") for reason in formation.unplaced.values())
    assert formation.bound <= cost(people, formation.sets)


def test_three_hundred_people_are_all_placed_at_the_least_cost_there_can_be():
    people = some_people(300, 7)

    formation = formed(people, 5, 8)

    assert not breaches(people, formation.sets, 5, 8)
    assert not formation.unplaced
    assert cost(people, formation.sets) <= formation.bound + 100


@pytest.mark.parametrize("seed", range(12))
def test_small_divisions_are_as_good_as_the_best_of_all(seed: int):
    """Tried out one by one: every way in which seven people can make sets of two to four."""
    people = some_people(7, seed, slots=2, team_size=2, managed=0.3)
    fewest_out, best = exact(people, 2, 4)

    formation = formed(people, 2, 4, seconds=0.6)

    assert len(formation.unplaced) == fewest_out
    assert formation.bound <= best <= cost(people, formation.sets) <= best + 20


@pytest.mark.parametrize("seed", range(2))
def test_a_random_draw_is_worse(seed: int):
    people = some_people(60, seed)

    formation = formed(people, 5, 8, seconds=0.6)

    draws = [cost(people, drawn(people, draw)) for draw in range(50)]
    assert cost(people, formation.sets) < min(draws) / 4


def test_sets_of_one_time_are_of_even_size():
    people = some_people(23, 1, slots=1, met=0)

    sizes = sorted(len(each.members) for each in formed(people, 5, 8).sets)

    assert sizes in ([5, 6, 6, 6], [7, 8, 8])


def test_too_few_people_are_told_so():
    people = some_people(4, 1, slots=1)

    formation = formed(people, 5, 8, seconds=0.6)

    assert not formation.sets
    assert set(formation.unplaced.values()) == {"only 4 put themselves forward, and a set needs 5."}


def test_who_can_make_no_time_of_enough_others_is_told_so():
    people = [a_person(n) for n in range(8)]
    lonely = Candidate(person_id=PersonId("lonely"), can=frozenset({"Friday"}))
    nowhere = Candidate(person_id=PersonId("nowhere"), can=frozenset())

    formation = formed([*people, lonely, nowhere], 5, 8)

    assert len(placed(formation)) == 8
    assert formation.unplaced == {
        "lonely": "at most 1 can make a time that they can (Friday); a set needs 5.",
        "nowhere": "said no time.",
    }


def test_a_manager_whom_all_others_report_to_is_left_out_and_told_so():
    boss = a_person(0)
    people = [boss, *(a_person(n, manager="p0") for n in range(1, 11))]

    formation = formed(people, 5, 8, seconds=0.6)

    assert not breaches(people, formation.sets, 5, 8)
    assert list(formation.unplaced) == ["p0"]
    assert "the times and the rules leave no set" in formation.unplaced[boss.person_id]


def test_nobody_at_all_is_no_trouble():
    assert formed([], 5, 8) == Formation(sets=())


def test_moves_by_hand_are_checked_by_the_same_rules():
    people = [a_person(n, manager="p0" if n == 1 else "") for n in range(9)]
    ids = [p.person_id for p in people]

    found = breaches(
        people,
        [
            ProposedSet(slot="Monday", members=(ids[0], ids[1], ids[2], ids[3])),
            ProposedSet(slot="Friday", members=(*ids[3:8], PersonId("stranger"))),
        ],
        5,
        8,
    )

    assert found == [
        "Set 1 has 4 members, not 5 to 8.",
        "Set 1 has 1 with their own manager.",
        "Set 2 has somebody who did not put themselves forward.",
        "Set 2: 5 cannot make Friday.",
        "1 are in more than one set.",
    ]


def a_person(number: int, manager: str = "") -> Candidate:
    return Candidate(
        person_id=PersonId(f"p{number}"), can=frozenset({"Monday"}), manager_id=manager
    )


def drawn(people: Sequence[Candidate], seed: int) -> list[ProposedSet]:
    """Names out of a hat, six at a time, each set at the time that most of it can make."""
    shuffled = random.Random(seed).sample(people, len(people))
    sets: list[ProposedSet] = []
    for begin in range(0, len(shuffled), 6):
        those = shuffled[begin : begin + 6]
        slot = max(SLOTS, key=lambda s: sum(s in p.can for p in those))
        sets.append(ProposedSet(slot=slot, members=tuple(p.person_id for p in those)))
    return sets


def exact(people: Sequence[Candidate], fewest: int, most: int) -> tuple[int, int]:
    """How few can be left out, and the least cost of all divisions that leave out as few."""
    best = (len(people), 0)
    slots = sorted({slot for person in people for slot in person.can})
    for blocks, out in partitions(people, fewest, most):
        if out > best[0]:
            continue
        fitting = [
            [
                each
                for slot in slots
                for each in [ProposedSet(slot=slot, members=tuple(p.person_id for p in block))]
                if not breaches(people, [each], fewest, most)
            ]
            for block in blocks
        ]
        if not all(fitting):
            continue
        least = min(cost(people, division) for division in product(*fitting))
        best = min(best, (out, least))
    return best


def partitions(
    people: Sequence[Candidate], fewest: int, most: int
) -> Iterator[tuple[list[list[Candidate]], int]]:
    """Every way to put people into blocks of these sizes, with how many are in none."""

    def step(
        number: int, blocks: list[list[Candidate]], out: int
    ) -> Iterator[tuple[list[list[Candidate]], int]]:
        if number == len(people):
            if all(len(block) >= fewest for block in blocks):
                yield [list(block) for block in blocks], out
            return
        person = people[number]
        for block in blocks:
            if len(block) < most:
                block.append(person)
                yield from step(number + 1, blocks, out)
                block.pop()
        blocks.append([person])
        yield from step(number + 1, blocks, out)
        blocks.pop()
        yield from step(number + 1, blocks, out + 1)

    return step(0, [], 0)
