"""What people write on a programme is read by those whom it is meant for, wherever others look for it.

New pages, new buttons and new tables are covered by themselves: the table of addresses, the cards and the
metadata of the database are walked.
"""

import io
import re
from collections.abc import AsyncGenerator, Collection, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from hub.access import RULES, Access
from learning.courses.action_sets import MeetingState
from learning.courses.commitments import Said
from learning.people import PersonId
from services.exports import WHATS
from services.ports.seals import of_set
from store.tables import metadata
from tests.scenarios.world import (
    ASHA,
    BO,
    CY,
    DI,
    GENERAL,
    ORGA,
    PEOPLE,
    World,
    a_world,
    london,
    person_id,
)
from tests.support.activities import PERSONAL, Person
from tests.support.card_parts import shown_text
from tests.support.course_answers import BEFORE, MODULE, answer, before
from tests.support.courses import a_set, enrol, start, the_course
from tests.support.reader import Page, Reader, a_reader

CARDS = Path(__file__).parents[2] / "cards"
WEEK = """\
code,title,topics,starts,ends,capacity,format,location,link,waiting_list
GM1,Growth mindset,learning,2026-05-18T10:00,2026-05-18T11:00,12,in_person,Room 1,,
"""
LIVE = london("2026-05-28T09:30")

OWN = ("okapi-reflection", "okapi-answer", "okapi-promise", "okapi-lesson", "okapi-changed")
FOR_THE_SET = ("okapi-dilemma", "okapi-notes", "okapi-shared")
WORDS = (*OWN, *FOR_THE_SET)
"""All of them Asha's. Cy is in her set, Bo facilitates it, Di is on no programme, Orla organises."""

TYPED = (
    "my programme",
    "what do I have to do",
    "go on with my programme",
    "questionnaire answers",
    "my set",
    "dilemmas",
    "guide",
    "my commitments",
    "our commitments",
    "my timeline",
    "what was sent",
    "my data",
    "okapi",
)
OF_COURSES = re.compile(r'"((?:course|commitment|quote|set|dilemma|guide|collation)\.[a-z_]+)"')
CHANGES = re.compile(
    r"leave|withdraw|remove|finish|pass|agree|lead|next|back|more|start|send|save|delete|revoke|later"
)
"""What those who are meant to do so could do with these buttons, and do not here."""

STREAMS = {"/hub/places"}
"""It goes on for ever, and tells how many places are left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    world: World
    course: int
    live: int
    set_id: int
    meeting: int
    commitments: tuple[int, ...]

    def about(self, verb: str) -> Iterator[dict[str, Any]]:
        """What her own buttons carry."""
        ids = self.commitments if verb.startswith("commitment.") else self.commitments[:2]
        for each, screen in zip(ids, (0, 5, 0, 5), strict=False):
            yield {
                "course": self.course,
                "step": MODULE if screen else BEFORE,
                "screen": screen,
                "session": self.live,
                "set": self.set_id,
                "meeting": self.meeting,
                "id": each,
                "day": 30,
                "state": "done",
                "start": 0,
                "person": person_id(ASHA),
            }


@asynccontextmanager
async def a_programme(database: str) -> AsyncGenerator[Written]:
    async with a_world(database, week=WEEK, at=london("2026-05-18T12:00")) as world:
        yield await written(world)


async def written(world: World) -> Written:
    """A month in, with something of Asha's wherever people write."""
    core, now = world.bot.core, world.bot.clock.now()
    asha = person_id(ASHA)
    running = await start(core.work, the_course(LIVE), now)
    await enrol(core.work, running, [asha, person_id(CY)], now)
    async with core.work(read_only=True) as uow:
        [live] = [s for s in await uow.sessions.all() if s.course_id]
    for person in (ASHA, CY):
        await core.bookings.book(person_id(person), live.id)
    reflection = {"succeed": f"I succeed: {OWN[0]}"}
    await answer(core.work, core.seals, running, asha, MODULE, reflection, now)
    await answer(core.work, core.seals, running, asha, BEFORE, before(OWN[1]), now)
    today = now.date()
    ids: list[int] = []
    for words, shared in (
        (OWN[2], False),
        (OWN[3], False),
        (OWN[4], False),
        (FOR_THE_SET[2], True),
    ):
        own = await core.commitments.add(
            asha, running.id, words, today + timedelta(days=80), today=today, shared=shared
        )
        ids.append(own.commitment.id)
    made = await a_set(
        core.work,
        running,
        [asha, person_id(CY)],
        now,
        facilitator=person_id(BO),
        meetings=[now + timedelta(days=20), now + timedelta(days=48)],
    )
    await core.dilemmas.bring(asha, made.id, FOR_THE_SET[0])
    async with core.work(read_only=True) as uow:
        first, second = await uow.sets.meetings(made.id)
    await hand_over(world, first.id)
    await world.bot.move_to(now + timedelta(days=31))
    day = world.bot.clock.now().date()
    await core.commitments.check(asha, ids[1], 30, Said.DROPPED, today=day, text=OWN[3])
    await core.commitments.check(
        asha, ids[2], 30, Said.CHANGED, today=day, text=OWN[4], due_on=day + timedelta(days=9)
    )
    return Written(
        world=world,
        course=running.id,
        live=live.id,
        set_id=made.id,
        meeting=second.id,
        commitments=tuple(ids),
    )


async def hand_over(world: World, meeting: int) -> None:
    """Asha led the first meeting, and leaves notes for whoever leads the next."""
    async with world.bot.core.work() as uow:
        led = await uow.sets.meeting(meeting, lock=True)
        assert led is not None
        sealed = world.bot.core.seals.seal(of_set(led.set_id), FOR_THE_SET[1])
        await uow.sets.save_meeting(
            replace(led, facilitator_id=person_id(ASHA), state=MeetingState.OVER, sealed=sealed)
        )
        await uow.commit()


@pytest.fixture
async def programme(story_database: str) -> AsyncGenerator[Written]:
    async with a_programme(story_database) as programme:
        yield programme


def seen(text: str, words: Collection[str] = WORDS) -> set[str]:
    return {each for each in words if each in text}


def unpacked(body: bytes) -> str:
    """What can be read of a page or a file, workbooks and archives opened."""
    if not body.startswith(b"PK"):
        return body.decode("utf-8", errors="replace")
    with ZipFile(io.BytesIO(body)) as files:
        return "\n".join(unpacked(files.read(name)) for name in files.namelist())


async def test_no_page_and_no_file_shows_them_to_anybody_else(programme: Written):
    """Every address that can be looked at, with every number that something of hers has."""
    for person in (ORGA, BO, CY, DI):
        async with a_reader(programme.world.bot, person) as reader:
            for path in paths(programme, is_organiser=person is ORGA):
                page = await reader.get(path)
                assert page.status < 500, path
                assert seen(unpacked(page.body)) == set(), (person.name, path)
    async with a_reader(programme.world.bot, ORGA) as orga:
        for what, kind in product(WHATS, ("csv", "xlsx")):
            fields = {"what": what, "edition": "The customer at the heart", "format": kind}
            page = await orga.post("/desk/export", fields)
            assert seen(unpacked((await followed(orga, page)).body)) == set(), what
        listed = await orga.post("/desk/courses/CUSTOMER/progress")
        assert ASHA.name in listed.text
        assert seen(listed.text) == set()


async def test_whatever_is_typed_or_pressed_gives_them_to_those_whom_they_are_for(
    capfd: pytest.CaptureFixture[str], programme: Written
):
    for_the_set = set(FOR_THE_SET)
    for person, may_see in ((ORGA, set()), (DI, set()), (BO, for_the_set), (CY, for_the_set)):
        found = await all_answers(programme, person, is_meant=bool(may_see))
        assert {words for words, _ in found} == may_see, (person.name, found)

    # In a channel nothing of it is said, not even by who wrote it.
    for words in TYPED:
        said = await programme.world.teams.say(ASHA, words, where=GENERAL)
        heard = [s.read for s in said.sent if s.conversation != ASHA.chat]
        assert seen("\n".join(heard)) == set()

    # All of that left no word in a log, and changed nothing of hers.
    logged = "".join(capfd.readouterr())
    assert "commitment made" in logged
    assert seen(logged) == set()
    assert await kept(programme) == {OWN[2], OWN[3], OWN[4], FOR_THE_SET[2]}


async def test_a_dump_of_the_database_says_nothing_of_them(programme: Written):
    """Outbox, journal and memory of talks included. \"My data\" opens it, for who wrote it alone."""
    await all_answers(programme, ASHA, is_meant=True)
    await programme.world.bot.settled()
    sealed = 0

    async with programme.world.bot.core.database.reading.connect() as db:
        for table in metadata.tables.values():
            for row in await db.execute(sa.select(table)):
                text = repr(tuple(row))
                assert seen(text) == set(), table.name
                sealed += "gAAAAA" in text

    assert sealed >= len(WORDS)
    own_files = programme.world.bot.core.own_files
    files = {p.name: unpacked((await own_files.of(person_id(p))).data) for p in PEOPLE}
    others = {p.name: set[str]() for p in (BO, CY, DI, ORGA)}
    assert {name: seen(text) for name, text in files.items()} == {ASHA.name: set(WORDS), **others}


# --- parts ---------------------------------------------------------------------------------------


def paths(programme: Written, *, is_organiser: bool) -> Iterator[str]:
    """Every address that is looked at, with names and numbers that lead somewhere put into it."""
    open_to = {Access.EVERYBODY, Access.SIGNED_IN}
    if is_organiser:
        open_to |= {Access.ORGANISERS}
    for (method, path), access in RULES.items():
        if method != "GET" or access not in open_to or path in STREAMS:
            continue
        codes = ("CUSTOMER",) if "courses" in path else ("SHOES-1",)
        numbers: tuple[int, ...] = (1,) if "{id}" not in path else (1, 2, programme.live)
        for code, number in product(codes, sorted(set(numbers))):
            filled = path.replace("{code}", code).replace("{id}", str(number))
            yield re.sub(r"{[^}]*}", "1", filled)


async def followed(reader: Reader, page: Page) -> Page:
    """The file of an export, however long it takes to make."""
    if page.status == 303:
        return await reader.get(f"{page.headers['Location']}/file")
    return page


async def all_answers(
    programme: Written, person: Person, *, is_meant: bool
) -> set[tuple[str, str]]:
    """Which of her words somebody gets to read by typing and pressing whatever there is, and by what."""
    teams = programme.world.teams
    found = set[tuple[str, str]]()
    for words in TYPED:
        said = await teams.say(person, words)
        found |= {(each, words) for each in seen(f"{said.read}{said.body}")}
    for verb in verbs():
        if is_meant and CHANGES.search(verb):
            continue
        for data in programme.about(verb):
            pressed = teams.activities.invoke(verb, data, person, where=PERSONAL, trigger="manual")
            answer_ = await teams.post(pressed)
            text = f"{answer_.read}{read_body(answer_.body)}"
            found |= {(each, verb) for each in seen(text)}
    return found


def verbs() -> list[str]:
    """Of all buttons on cards about programmes."""
    texts = (file.read_text("utf-8") for file in sorted(CARDS.glob("*.py")))
    return sorted({verb for text in texts for verb in OF_COURSES.findall(text)})


def read_body(body: Any) -> str:
    value: Any = body.get("value") if isinstance(body, Mapping) else None
    return f"{body}{shown_text(value) if isinstance(value, Mapping) else ''}"


async def kept(programme: Written) -> set[str]:
    """The words of her commitments, as they stand for herself."""
    own = await programme.world.bot.core.commitments.mine(PersonId(person_id(ASHA)))
    return {each.text for each in own}
