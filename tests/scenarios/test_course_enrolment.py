"""A programme over months is imported, people are put on it, book its live session, and leave."""

import hashlib
from pathlib import Path
from urllib.parse import quote

from tests.scenarios.world import (
    ASHA,
    BO,
    CY,
    DI,
    GENERAL,
    ORGA,
    World,
    person_id,
    read,
)
from tests.support.activities import Activity, Person, a_person
from tests.support.courses import a_folder
from tests.support.reader import a_reader
from wiring.course_folders import course_in

DATES = (
    "{code: SHOES-A, starts: 2026-06-10T09:30}",
    "{code: SHOES-B, starts: 2026-06-17T13:00}",
)
PAGE = "/desk/courses/CUSTOMER"
ONLY = "This session is for those on the programme The customer at the heart."
PNG = b"\x89PNG\r\n\x1a\n and so on"
EVA = a_person("Eva")
"""A colleague who never wrote to the bot."""


async def imported(world: World, folder: Path) -> None:
    reading, pictures = course_in(folder, "Europe/London")
    outcome = await world.bot.core.course_imports.import_course(reading, pictures)
    assert not outcome.is_faulty, outcome


async def put_on(world: World, *people: Person) -> None:
    """As an organiser does, by their addresses."""
    for person in people:
        world.graph.directory.add_user(person)
    async with a_reader(world.bot, ORGA) as orla:
        lines = "\n".join(p.email for p in people)
        page = await orla.post(f"{PAGE}/enrol", {"people": lines, "cohort": "Spring"})
    assert page.status == 303, page.words
    await world.bot.settled()


async def test_people_are_put_on_a_programme_by_lines_or_by_group_and_told(
    world: World, tmp_path: Path
):
    world.graph.directory.add_user(EVA)
    world.connector.chats.add_person(EVA)
    world.graph.directory.add_group("inner", [EVA, BO])
    world.graph.directory.add_group("heads", [ASHA, "inner"])
    async with a_reader(world.bot, ORGA) as orla:
        empty = await orla.get("/desk/courses")
        assert "python app.py import FOLDER" in empty.words
        folder = a_folder(tmp_path, *DATES)
        (folder / "door.png").write_bytes(PNG)
        with (folder / "10-whose-service.md").open("a", encoding="utf-8") as page:
            page.write("\n![A door that is too narrow](door.png)\n")
        await imported(world, folder)
        assert "CUSTOMER" in (await orla.get("/desk/courses")).words
        assert "Nobody is on it yet" in (await orla.get(PAGE)).words

        lines = f"Asha <{ASHA.email}>\nbo\nNobody Known; nobody@elsewhere.example"
        page = await orla.post(f"{PAGE}/enrol", {"people": lines, "cohort": "spring"})
        assert page.status == 422
        assert "2 people are enrolled and told." in page.words
        kept = page.text.partition("<textarea")[2].partition("</textarea>")[0]
        assert kept.endswith(">Nobody Known\nnobody@elsewhere.example")

        page = await orla.post(
            f"{PAGE}/enrol", {"how": "group", "group": "Group heads", "cohort": "Spring"}
        )
        assert "1 person is enrolled and told. 2 people were on it already." in (
            (await orla.get(page.headers["Location"])).words
        )
        no_group = await orla.post(
            f"{PAGE}/enrol", {"how": "group", "group": "heads of nothing", "cohort": "Spring"}
        )
        assert (no_group.status, "There is no such group" in no_group.words) == (422, True)
        wrong = await orla.post(f"{PAGE}/enrol", {"people": ASHA.email, "cohort": "Winter"})
        assert (wrong.status, "Choose one of the cohorts: Spring." in wrong.words) == (422, True)
        shown = (await orla.get(PAGE)).words
        assert "0 of 8" in shown
        assert "Eva" in shown
        changes = (await orla.get("/desk/changes")).words
        assert changes.count("Person enrolled : CUSTOMER The customer at the heart") == 3

    async with a_reader(world.bot) as stranger:
        digest = hashlib.sha256(PNG).hexdigest()
        picture = await stranger.get(f"/hub/courses/pictures/{digest}")
        assert (picture.status, picture.body) == (200, PNG)
        assert picture.headers["Content-Type"] == "image/png"
        assert picture.headers["X-Content-Type-Options"] == "nosniff"
        assert "max-age=31536000" in picture.headers["Cache-Control"]
        for other in ("0" * 64, "door.png", digest.upper()):
            assert (await stranger.get(f"/hub/courses/pictures/{other}")).status == 404

    await world.bot.settled()
    for person in (ASHA, BO, EVA):
        [told] = world.told(person, "Welcome to The customer at the heart")
        assert "Whose service is it?: open now" in told.read
        assert "Promises: open now" in told.read
        assert "Before we meet: from Wednesday 20 May" in told.read
    assert world.told(CY, "Welcome") == []


async def test_its_live_session_is_for_those_on_it_wherever_others_come_upon_it(
    world: World, tmp_path: Path
):
    await imported(world, a_folder(tmp_path, *DATES))
    await put_on(world, ASHA)
    shoes = await world.session("SHOES-A")

    shown = await world.teams.say(ASHA, "SHOES-A")
    pressed = read(await world.teams.press(ASHA, shown.only, verb="session.book"))
    assert "You're booked" in pressed
    assert "In their shoes" in (await world.teams.say(ASHA, "my bookings")).read

    for words in ("SHOES-A", "book in their shoes", "what's on in June", "find customer"):
        assert "In their shoes" not in (await world.teams.say(CY, words)).read, words
    for verb in ("session.book", "session.show"):
        answer = await world.teams.post(pressing(world, verb, CY, shoes.id))
        assert ONLY in str(answer.body), verb
    in_channel = await world.teams.say(ASHA, "SHOES-A", where=GENERAL)
    assert ["In their shoes" in s.read for s in in_channel.sent] == [
        s.conversation == ASHA.chat for s in in_channel.sent
    ]

    async with a_reader(world.bot, CY) as cy, a_reader(world.bot, ASHA) as asha:
        assert (await cy.get("/hub/sessions/SHOES-A")).status == 404
        assert "In their shoes" in (await asha.get("/hub/sessions/SHOES-A")).words
        refused = await cy.post("/hub/sessions/SHOES-A/book", {"session": shoes.id})
        assert (refused.status, ONLY in refused.words) == (403, True)
        for path in ("/hub", "/hub?view=week", "/calendar.ics"):
            assert b"In their shoes" not in (await asha.get(path)).body, path
        assert b"In their shoes" in (await asha.get("/hub/mine")).body
    async with a_reader(world.bot, ORGA) as orla:
        page = await orla.post(f"/desk/sessions/{shoes.id}/roster/add", {"person": person_id(CY)})
        assert "Cy is not on the programme The customer at the heart" in page.words
        assert "Asha" in (await orla.get(f"/desk/sessions/{shoes.id}/roster")).words
        form = {"code": "X1", "title": "X", "starts": "2026-06-10T09:30", "format": "in_person"}
        form |= {"ends": "2026-06-10T10:30", "edition": str(shoes.edition_id), "step": "look"}
        added = await orla.post("/desk/sessions/new", form)
        assert "are those of its folder" in added.words
        assert "Whose service is it?" in (await orla.get(PAGE)).words

    for words in ("check in SHOES-A", "who came to SHOES-A", "cancel session SHOES-A"):
        refused_in_chat = (await world.teams.say(CY, words)).read
        assert "In their shoes" not in refused_in_chat, words
        assert "Asha" not in refused_in_chat, words
    await world.teams.say(ORGA, "let Di check in SHOES-A")
    assert "of 1 booked" in (await world.teams.say(DI, "check in SHOES-A")).read
    assert ONLY in str((await world.teams.post(pressing(world, "session.book", DI, shoes.id))).body)
    assert "In their shoes" in (await world.teams.say(ORGA, "cancel session SHOES-A")).read
    assert await world.bookings("SHOES-A") == {"Asha": "booked"}


def pressing(world: World, verb: str, person: Person, session_id: int) -> Activity:
    """A card from before, or of somebody else, is pressed."""
    return world.teams.activities.invoke(verb, {"session": session_id}, person)


async def test_somebody_changes_from_one_date_to_the_other_and_never_has_both(
    world: World, tmp_path: Path
):
    await imported(world, a_folder(tmp_path, *DATES))
    await put_on(world, ASHA, BO)
    which = await world.teams.say(ASHA, "book in their shoes")
    assert "Which date" in which.read
    first = {"session": (await world.session("SHOES-A")).id}
    await world.teams.press(ASHA, which.only, verb="session.book", having=first)
    assert await world.state(ASHA, "SHOES-A") == "booked"

    asked = await world.teams.say(ASHA, "book SHOES-B")
    assert "You already have another date" in asked.read
    assert await world.state(ASHA, "SHOES-B") == ""
    changed = read(await world.teams.press(ASHA, asked.only, verb="session.swap"))
    assert "given back" in changed
    assert [await world.state(ASHA, f"SHOES-{x}") for x in "AB"] == ["", "booked"]

    await world.teams.say(ASHA, "book SHOES-A")
    assert "You're booked" in (await world.teams.say(ASHA, "yes")).read
    assert [await world.state(ASHA, f"SHOES-{x}") for x in "AB"] == ["booked", ""]

    async with a_reader(world.bot, ASHA) as asha:
        shoes = {code: (await world.session(code)).id for code in ("SHOES-A", "SHOES-B")}
        page = await asha.post("/hub/sessions/SHOES-B/book", {"session": shoes["SHOES-B"]})
        question = await asha.get(page.headers["Location"])
        assert "You already have another date" in question.words
        fields = {"session": shoes["SHOES-B"], "instead_of": shoes["SHOES-A"]}
        page = await asha.post("/hub/sessions/SHOES-B/book", fields)
        assert "You're booked" in (await asha.get(page.headers["Location"])).words
    assert [await world.state(ASHA, f"SHOES-{x}") for x in "AB"] == ["", "booked"]


async def test_somebody_leaves_or_is_withdrawn_and_comes_back(world: World, tmp_path: Path):
    await imported(world, a_folder(tmp_path, *DATES))
    await put_on(world, ASHA, BO)
    for person in (ASHA, BO):
        await world.teams.say(person, "book SHOES-A")

    asked = await world.teams.say(BO, "leave programme")
    assert "Your place is given back: In their shoes" in asked.read
    stranger = read(await world.teams.press(CY, asked.only, verb="course.leave"))
    assert "You are not on that programme" in stranger
    assert "left everything as it was" in (await world.teams.say(BO, "no")).read
    await world.teams.say(BO, "I want to leave the programme")
    assert "You have left" in (await world.teams.say(BO, "yes")).read
    assert "You are on no programme" in (await world.teams.say(BO, "leave the programme")).read
    assert await world.state(BO, "SHOES-A") == ""
    shoes = await world.session("SHOES-A")
    assert ONLY in str((await world.teams.post(pressing(world, "session.book", BO, shoes.id))).body)

    async with a_reader(world.bot, ORGA) as orla:
        assert "Bo" not in (await orla.get(PAGE)).words
        question = await orla.get(f"{PAGE}/withdraw?person={quote(person_id(ASHA))}")
        assert "Withdraw Asha?" in question.words
        assert await world.state(ASHA, "SHOES-A") == "booked"
        page = await orla.post(f"{PAGE}/withdraw", {"person": person_id(ASHA)})
        assert "Asha is off the programme" in (await orla.get(page.headers["Location"])).words
        again = await orla.post(f"{PAGE}/withdraw", {"person": person_id(ASHA)})
        assert "not on the programme" in (await orla.get(again.headers["Location"])).words
    await world.bot.settled()
    assert await world.state(ASHA, "SHOES-A") == ""
    assert len(world.told(ASHA, "In their shoes")) > 0

    await world.pass_time()
    await put_on(world, ASHA)
    assert len(world.told(ASHA, "Welcome to The customer at the heart")) == 2
    await world.teams.say(ASHA, "book SHOES-A")
    assert await world.state(ASHA, "SHOES-A") == "booked"
    await world.teams.say(ASHA, "cancel SHOES-A")
    assert await world.state(ASHA, "SHOES-A") == ""
