"""Somebody gets all that is kept about them: into their OneDrive, or downloaded from the hub."""

import io
import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any
from zipfile import ZipFile

import pytest

from tests.scenarios.world import ASHA, BO, ORGA, World, a_world, person_id
from tests.support.activities import Activity, Person, group_chat
from tests.support.one_drive import OneDrive
from tests.support.outgoing import Sent
from tests.support.reader import a_reader
from tests.support.teams import Answer

CONSENT = "application/vnd.microsoft.teams.card.file.consent"
INFO = "application/vnd.microsoft.teams.card.file.info"
NAME = "learnweek-my-data-2026-05-18.zip"
GROUP = group_chat()


@pytest.fixture
async def drive() -> AsyncGenerator[OneDrive]:
    async with OneDrive() as drive:
        yield drive


@pytest.fixture
async def world(story_database: str) -> AsyncGenerator[World]:
    async with a_world(story_database, file_hosts="127.0.0.1") as world:
        yield world


async def asked(world: World, person: Person = ASHA) -> Sent:
    """The question that comes with the answer to \"my data\"."""
    said = await world.teams.say(person, "my data")
    summary, question = said.sent
    assert "What I keep about you" in summary.read
    return question


def attachment(sent: Sent) -> dict[str, Any]:
    [only] = sent.activity["attachments"]
    return only


async def decided(
    world: World, question: Sent, action: str, info: Any = None, person: Person = ASHA, **more: Any
) -> Answer:
    """Agree or decline, as Teams tells the bot."""
    context = attachment(question)["content"]["acceptContext"]
    value: dict[str, Any] = {"type": "fileUpload", "action": action, "context": context}
    if info is not None:
        value["uploadInfo"] = info
    return await world.teams.post(consent(world, value | more, person, replyToId=question.id))


def consent(world: World, value: Any, person: Person = ASHA, **more: Any) -> Activity:
    return world.teams.activities.request("fileConsent/invoke", value, person, **more)


async def test_the_question_says_how_large_the_file_is_and_holds_nothing_of_it(world: World):
    question = await asked(world)

    file = attachment(question)
    assert (file["contentType"], file["name"]) == (CONSENT, NAME)
    assert set(file["content"]) == {
        "description",
        "sizeInBytes",
        "acceptContext",
        "declineContext",
    }
    assert file["content"]["sizeInBytes"] > 500
    assert ASHA.name not in json.dumps(file)
    assert question.activity["summary"]


async def test_the_file_has_what_is_kept_when_they_agree(world: World, drive: OneDrive):
    """Not what was kept when they were asked."""
    question = await asked(world)
    await world.book(ASHA, "GM1")
    await world.book(BO, "DA1")

    answer = await decided(world, question, "accept", drive.upload_info(NAME))

    assert answer.status == 200
    page, data = opened(drive.files[NAME])
    [booking] = data["kept"]["bookings"]
    assert booking["session"] == "GM1: Growth mindset"
    assert booking["person_id"] == "you"
    assert data["account"] == data["kept"]["people"][0]["id"] == person_id(ASHA)
    assert "GM1: Growth mindset" in page
    assert "Digital accessibility" not in page
    assert person_id(BO) not in page + json.dumps(data)


async def test_they_see_where_it_is_and_the_question_is_gone(world: World, drive: OneDrive):
    question, info = await asked(world), drive.upload_info(NAME)

    answer = await decided(world, question, "accept", info)

    there = attachment(answer.only)
    assert there == {
        "contentType": INFO,
        "contentUrl": info["contentUrl"],
        "name": NAME,
        "content": {"uniqueId": info["uniqueId"], "fileType": "zip"},
    }
    assert [gone.id for gone in world.connector.deleted] == [question.id]


async def test_a_question_that_cannot_be_taken_back_stays(world: World, drive: OneDrive):
    question = await asked(world)
    world.connector.fail_next(404, method="DELETE")

    answer = await decided(world, question, "accept", drive.upload_info(NAME))

    assert answer.status == 200
    assert attachment(answer.only)["contentType"] == INFO


async def test_who_declines_gets_one_line_and_nothing_is_read(world: World, drive: OneDrive):
    question = await asked(world)

    answer = await decided(world, question, "decline")

    assert (answer.status, drive.asked) == (200, 0)
    assert answer.read == "No file then. Say my data when you want it."
    assert [gone.id for gone in world.connector.deleted] == [question.id]


@pytest.mark.parametrize("statuses", [(503,), (429,), (500,)])
async def test_what_passes_by_is_tried_again(
    world: World, drive: OneDrive, statuses: tuple[int, ...]
):
    question = await asked(world)
    drive.fail_next(*statuses)

    await decided(world, question, "accept", drive.upload_info(NAME))

    assert NAME in drive.files


@pytest.mark.parametrize(
    ("statuses", "tries"), [((503, 503), 2), ((403,), 1), ((404,), 1), ((307,), 1)]
)
async def test_what_cannot_be_stored_can_be_downloaded(
    world: World, drive: OneDrive, statuses: tuple[int, ...], tries: int
):
    question = await asked(world)
    drive.fail_next(*statuses)

    answer = await decided(world, question, "accept", drive.upload_info(NAME))

    assert (answer.status, drive.asked, drive.files) == (200, tries, {})
    assert "I could not put the file into your OneDrive." in answer.read
    [action] = answer.card["actions"]
    assert action["url"] == "https://learnweek.example.org/hub/mine/data"


@pytest.mark.parametrize(
    "url",
    [
        "http://files.example.org/upload/1",
        "https://sharepoint.com.example.org/upload/1",
        "https://asha@contoso.sharepoint.com.example.org/",
        "file:///etc/passwd",
        "not an address",
        "",
    ],
)
async def test_nothing_is_sent_to_a_host_that_keeps_no_files(
    world: World, drive: OneDrive, url: str
):
    question = await asked(world)

    info = drive.upload_info(NAME) | {"uploadUrl": url}
    answer = await decided(world, question, "accept", info)

    assert drive.asked == 0
    assert "I could not put the file into your OneDrive." in answer.read


async def test_by_itself_only_the_hosts_of_sharepoint_are_known(
    story_database: str, drive: OneDrive
):
    async with a_world(story_database) as world:
        question = await asked(world)

        await decided(world, question, "accept", drive.upload_info(NAME))

    assert drive.asked == 0


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"action": "accept"},
        {"action": "accept", "context": {"file": "my data"}},
        {"action": "accept", "context": {"file": "another"}, "uploadInfo": {}},
        {"action": "accept", "context": {"file": "my data"}, "uploadInfo": "https://x"},
        {"action": "maybe", "context": {"file": "my data"}},
    ],
)
async def test_what_is_no_answer_to_our_question_is_refused(world: World, value: Any):
    answer = await world.teams.post(consent(world, value))

    assert (answer.status, answer.sent) == (400, [])


async def test_in_a_group_nobody_gets_a_file(world: World, drive: OneDrive):
    said = await world.teams.say(ASHA, "my data", GROUP)
    value = {
        "action": "accept",
        "context": {"file": "my data"},
        "uploadInfo": drive.upload_info(NAME),
    }

    answer = await world.teams.post(consent(world, value, where=GROUP))

    kinds = [each["contentType"] for s in said.sent for each in s.activity.get("attachments", [])]
    assert CONSENT not in kinds
    assert (answer.status, drive.asked) == (400, 0)


async def test_who_was_forgotten_meanwhile_gets_a_file_that_says_so(world: World, drive: OneDrive):
    question = await asked(world)
    await world.bot.core.people.forget(person_id(ASHA))

    await decided(world, question, "accept", drive.upload_info(NAME))

    page, data = opened(drive.files[NAME])
    assert "Nothing is kept about you." in page
    assert data["kept"] == {}
    assert await world.bot.core.people.find(person_id(ASHA)) is None


# --- from the hub --------------------------------------------------------------------------------


async def test_the_same_file_is_downloaded_by_whoever_is_signed_in(world: World):
    await world.book(ASHA, "GM1")
    async with a_reader(world.bot, ASHA) as asha:
        mine = await asha.get("/hub/mine")
        page = await asha.get("/hub/mine/data")

    assert 'href="/hub/mine/data"' in mine.text
    assert page.status == 200
    assert page.headers["Content-Type"] == "application/zip"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Content-Disposition"] == f'attachment; filename="{NAME}"'
    _, data = opened(page.body)
    assert [b["session"] for b in data["kept"]["bookings"]] == ["GM1: Growth mindset"]


async def test_what_people_type_is_shown_as_they_typed_it(world: World):
    """On a page that anybody's words stand in, none of them is taken for a tag."""
    async with world.bot.core.work() as uow:
        known = await uow.people.find(person_id(ASHA))
        assert known is not None
        await uow.people.save(replace(known, name="<b>Asha</b> & co"))
        await uow.commit()

    async with a_reader(world.bot, ASHA) as asha:
        page, data = opened((await asha.get("/hub/mine/data")).body)

    assert "&lt;b&gt;Asha&lt;/b&gt; &amp; co" in page
    assert data["kept"]["people"][0]["name"] == "<b>Asha</b> & co"


async def test_others_are_not_named_in_what_is_kept_about_oneself(world: World):
    await world.book(BO, "GM1")
    session = (await world.session("GM1")).id
    await world.bot.move_to((await world.session("GM1")).starts_at or world.bot.clock.now())
    async with world.bot.core.work() as uow:
        await uow.attendance.let(session, person_id(BO), person_id(ORGA), world.bot.clock.now())
        await uow.commit()

    async with a_reader(world.bot, BO) as bo:
        page, data = opened((await bo.get("/hub/mine/data")).body)

    [helper] = data["kept"]["check_in_helpers"]
    assert (helper["person_id"], helper["allowed_by"]) == ("you", "somebody else")
    assert ORGA.name not in page
    assert person_id(ORGA) not in page + json.dumps(data)


def opened(file: bytes) -> tuple[str, dict[str, Any]]:
    """The page to read, and the same as data."""
    with ZipFile(io.BytesIO(file)) as archive:
        assert archive.namelist() == ["my-data.html", "my-data.json"]
        return archive.read("my-data.html").decode(), json.loads(archive.read("my-data.json"))
