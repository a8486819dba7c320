"""What somebody wrote on a programme stands in their own file, in words, and nobody else's does."""

import json
import zipfile
from io import BytesIO

from integrations.personal_file import as_zip
from integrations.seals import KeyedSeals
from learning.people import PersonId
from learning.sessions import CourseId
from services.missed import MissedWords
from services.personal import PersonalFiles
from services.ports.seals import of_set
from tests.services.desk import LONDON, Desk
from tests.support.any_rows import put
from tests.support.clocks import MONDAY
from tests.support.course_answers import MODULE, answer
from tests.support.courses import enrol, start, the_course
from tests.support.databases import ON_SQLITE

ASHA, BO = PersonId("asha"), PersonId("bo")
SEALS = KeyedSeals("a key")


@ON_SQLITE
async def test_answers_are_in_words_with_what_was_asked(desk: Desk):
    await desk.meet("asha", "bo")
    running = await start(desk.work, the_course(), MONDAY)
    await enrol(desk.work, running, [ASHA, BO], MONDAY)
    given = {
        "heard-yourself": 4,
        "own-line": 1,
        "what-counts": (1, 0, 2, 3, 4),
        "fail": "I let things wait",
    }
    await answer(desk.work, SEALS, running, ASHA, MODULE, given, MONDAY)
    theirs = {"fail": "Not for Asha"}
    await answer(desk.work, SEALS, running, BO, MODULE, theirs, MONDAY)
    await put(
        desk.database,
        "dilemmas",
        {
            "id": 1,
            "set_id": await a_set(desk, running.id),
            "person_id": ASHA,
            "sealed": SEALS.seal(of_set(1), "Two of my teams"),
            "presented": None,
        },
    )
    files = PersonalFiles(
        desk.work,
        desk.clock,
        MissedWords(desk.work, desk.clock, "a key"),
        as_zip,
        seals=SEALS,
        zone=LONDON,
    )

    file = await files.of(ASHA)

    with zipfile.ZipFile(BytesIO(file.data)) as packed:
        pages = {name: packed.read(name).decode() for name in packed.namelist()}
    everything = "\n".join(pages.values())
    for words in (
        "4 of 5",
        "Within the last year",
        "1. What customers say about us; 2. Staying within the budget",
        "I let things wait",
        "Where do I fail the customer, and what have I told myself about it?",
        "Two of my teams",
    ):
        assert words in everything, words
    assert "Not for Asha" not in everything
    assert "gAAAAA" not in everything
    [data] = [json.loads(text) for name, text in pages.items() if name.endswith(".json")]
    assert data


async def a_set(desk: Desk, course_id: CourseId) -> int:
    await put(desk.database, "sets", {"id": 1, "course_id": course_id, "state": "confirmed"})
    return 1
