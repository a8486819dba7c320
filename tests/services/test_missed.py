"""Words that people looked for and did not find: counted by different people, kept of nobody."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from learning.missed_words import content_words
from learning.people import PersonId
from services.evaluation import Evaluation
from services.missed import MissedWords
from services.people import PeopleService
from services.places import Places
from tests.services.desk import LONDON, RULES, Desk
from tests.support.builders import details, meet, person
from tests.support.databases import ON_SQLITE, read_sql

ASHA = PersonId("asha")


@pytest.fixture
def missed(desk: Desk) -> MissedWords:
    return MissedWords(desk.work, desk.clock, "for tests")


async def stored(desk: Desk) -> list[tuple[str, str]]:
    found = await read_sql(desk.database, "SELECT word, mark FROM missed_words ORDER BY word, mark")
    return [(word, mark) for word, mark in found]


async def words_of(desk: Desk) -> tuple[list[tuple[str, int]], int]:
    report = await Evaluation(desk.work, desk.clock, "for tests").report()
    return [(w.word, w.people) for w in report.missed.words], report.missed.rare


async def test_the_same_person_counts_once_however_often_they_ask(desk: Desk, missed: MissedWords):
    await meet(desk.work, "asha", "bo")
    for _ in range(3):
        missed.note(ASHA, "welding for beginners")
    missed.note(PersonId("bo"), "Welding!")
    await missed.write()
    missed.note(ASHA, "welding")
    await missed.write()

    found = await stored(desk)

    assert [word for word, _ in found] == ["beginners", "welding", "welding"]
    assert len({mark for _, mark in found}) == 2
    assert not any("asha" in mark or mark == "bo" for _, mark in found)


@ON_SQLITE
async def test_a_word_is_shown_from_five_different_people_on(desk: Desk, missed: MissedWords):
    await desk.publish(details())
    people = await meet(desk.work, *(f"p{n}" for n in range(6)))
    for each in people[:4]:
        missed.note(each, "welding and pottery")
    await missed.write()
    before = await words_of(desk)
    missed.note(people[4], "welding")
    missed.note(people[5], "beekeeping")
    await missed.write()

    assert before == ([], 2)
    assert await words_of(desk) == ([("welding", 5)], 2)


@ON_SQLITE
async def test_three_people_who_ask_in_two_half_years_are_not_taken_for_six(
    desk: Desk, missed: MissedWords
):
    june, july = datetime(2026, 6, 30, 9, tzinfo=UTC), datetime(2026, 7, 1, 9, tzinfo=UTC)
    await desk.publish(details("A", june), details("B", july))
    for moment in (june, july):
        desk.clock.set(moment)
        for each in await meet(desk.work, "p1", "p2", "p3"):
            missed.note(each, "welding")
        await missed.write()

    assert len(await stored(desk)) == 6
    assert await words_of(desk) == ([], 1)


@ON_SQLITE
async def test_names_of_people_we_know_are_not_kept(desk: Desk, missed: MissedWords):
    await meet(
        desk.work, replace(person("asha"), name="Asha Begum", email="a.begum@example.org"), "bo"
    )
    missed.note(PersonId("bo"), "where is Begum, Asha: welding")
    await missed.write()

    assert [word for word, _ in await stored(desk)] == ["welding"]


@ON_SQLITE
async def test_of_somebody_whom_we_do_not_know_nothing_is_kept(desk: Desk, missed: MissedWords):
    missed.note(PersonId(""), "welding")
    missed.note(PersonId("stranger"), "welding")

    assert await missed.write() == 0
    assert await stored(desk) == []


async def test_after_forgetting_the_counts_stay_and_lead_to_nobody(desk: Desk, missed: MissedWords):
    await meet(desk.work, "asha", "bo")
    for each in ("asha", "bo"):
        missed.note(PersonId(each), "welding")
    await missed.write()
    before = await stored(desk)
    people = PeopleService(desk.work, desk.clock, Places(RULES, LONDON), missed)
    missed.note(ASHA, "pottery")

    await people.forget(ASHA)
    await missed.write()
    await meet(desk.work, "asha")
    missed.note(ASHA, "welding")
    await missed.write()

    after = await stored(desk)
    assert len(after) == len(before) + 1, "asked anew: as somebody else"
    [old] = {mark for _, mark in before} - {mark for _, mark in after[:3]} or {""}
    assert old == "" or old not in {mark for _, mark in after}
    assert [word for word, _ in after] == ["welding"] * 3


def test_nothing_of_a_question_is_left_but_its_words():
    assert (
        " ".join(content_words("I was bullied by my manager in Room 12")) == "bullied manager room"
    )
