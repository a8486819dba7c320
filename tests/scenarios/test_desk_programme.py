"""An organiser publishes, changes, adds and cancels sessions at the desk, and sees first what it does."""

import asyncio
import io
import re
from collections.abc import AsyncGenerator

import pytest
from aiohttp import FormData

from integrations import spreadsheets
from tests.scenarios.world import (
    ASHA,
    BO,
    CY,
    ORGA,
    WEEK,
    World,
    a_bot,
    london,
    person_id,
    surroundings,
)
from tests.support.activities import a_person
from tests.support.reader import Page, Reader, a_reader


@pytest.fixture
async def orga(world: World) -> AsyncGenerator[Reader]:
    async with a_reader(world.bot, ORGA) as reader:
        yield reader


def fields_of(page: Page) -> dict[str, str]:
    """What a form of the page would send, as it was filled in, without its buttons."""
    form = re.findall(r'<form[^>]*method="post".*?</form>', page.body.decode(), re.DOTALL)[-1]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        parts = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if parts.get("type") != "checkbox" or " checked" in tag:
            found[parts.get("name", "")] = unescaped(parts.get("value", ""))
    for name, text in re.findall(
        r'<textarea[^>]*name="(\w+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL
    ):
        found[name] = unescaped(text)
    for name, choices in re.findall(r'<select[^>]*name="(\w+)".*?>(.*?)</select>', form, re.DOTALL):
        found[name] = unescaped(re.findall(r'value="([^"]*)" selected', choices)[0])
    return found


def unescaped(text: str) -> str:
    return Page(status=200, headers={}, body=text.encode()).text


async def upload(orga: Reader, name: str, data: bytes, edition: str = "The week") -> Page:
    """Choose a file; the preview that follows."""
    form = FormData()
    form.add_field("form", orga.form)
    form.add_field("edition", edition)
    form.add_field("name", "")
    form.add_field("file", io.BytesIO(data), filename=name)
    sent = await orga.ask("POST", "/desk/publish", form)
    return await seen(orga, sent)


async def seen(orga: Reader, page: Page) -> Page:
    """The page that one leads to, once no work is under way for it any more."""
    if page.status != 303:
        return page
    after = await orga.get(page.headers["Location"])
    async with asyncio.timeout(30):
        while "refresh" in after.text:  # until it says so, as a browser would ask
            after = await orga.get(page.headers["Location"])
    return after


async def journal(world: World) -> list[tuple[str, str, str]]:
    """Who did what to what, the newest first."""
    async with world.bot.core.work(read_only=True) as uow:
        entries = await uow.journal.latest(200)
    return [(e.by_id, e.what.value, e.subject) for e in entries]


# --- the programme ---------------------------------------------------------------------------


async def test_the_desk_lists_every_session_with_its_places(world: World, orga: Reader):
    await world.book(ASHA, "MC1")
    await world.book(BO, "MC1")

    page = await orga.get("/desk")

    row = page.words.partition("Mentoring or coaching")[2].partition("Mentoring circles")[0]
    assert row.split() == "MC1 Tuesday 19 May, 10:00 to 11:00 1 of 1 1 Full".split()
    assert "10 sessions in The week" in page.words
    narrowed = await orga.get("/desk?find=mentoring")
    assert "2 of 10 sessions" in narrowed.words
    assert "Growth mindset" not in narrowed.words
    assert "No session of this edition has “zzz”" in (await orga.get("/desk?find=zzz")).words


async def test_a_desk_without_a_programme_says_how_to_begin(story_database: str):
    async with (
        surroundings() as around,
        a_bot(around, story_database) as world,
        a_reader(world.bot, ORGA) as orga,
    ):
        assert "There is no programme yet." in (await orga.get("/desk")).words
        assert "Nothing has been changed yet." in (await orga.get("/desk/changes")).words
        assert (await orga.get("/desk/sessions/new")).headers["Location"] == "/desk"
        preview = await upload(orga, "week.csv", WEEK.encode(), edition="")
        assert "Learning at Work Week, May 2026" in preview.words
        done = await seen(orga, await orga.post(path_of(preview), fields_of_publish(preview)))
        assert "10 added" in done.words


# --- publishing a file -----------------------------------------------------------------------


async def test_a_file_is_previewed_and_nothing_is_stored_until_it_is_published(
    world: World, orga: Reader
):
    await world.book(ASHA, "GM1")
    changed = WEEK.replace("2026-05-18T10:00,2026-05-18T11:00", "2026-05-18T15:00,2026-05-18T16:00")
    changed = changed.replace("EDX,edX", "NEW,New").replace("NS1,Time management", "NS1,Time")

    preview = await upload(orga, "week.csv", changed.encode())

    assert (
        "1 Added" not in preview.words
    )  # the figures stand before their names for readers of screens
    for words in (
        "Growth mindset GM1 Starts was: Monday 18 May 2026, 10:00 → becomes: Monday 18 May 2026, 15:00",
        "1 message that a session has changed",
        "Growth mindset has moved",
        "Time for night teams NS1 Title was: Time management for night teams",
        "New courses NEW",
        "edX courses (EDX): stays as it is",
    ):
        assert words in preview.words
    assert (await world.session("GM1")).starts_at == london("2026-05-18T10:00")
    assert world.told(ASHA, "has moved") == []

    done = await seen(orga, await orga.post(path_of(preview), fields_of_publish(preview)))

    assert "week.csv is published. The week: 1 added, 2 changed, 7 as they were." in done.words
    await world.bot.settled()
    assert (await world.session("GM1")).starts_at == london("2026-05-18T15:00")
    assert len(world.told(ASHA, "Growth mindset has moved")) == 1
    assert [(by, what) for by, what, _ in await journal(world)][:4] == [
        (ORGA.aad_id, "published"),
        (ORGA.aad_id, "session added"),
        (ORGA.aad_id, "session changed"),
        (ORGA.aad_id, "session changed"),
    ]


def path_of(preview: Page) -> str:
    return re.findall(r'<form method="post" action="(/desk/publish/\w+)"', preview.text)[0]


def fields_of_publish(preview: Page) -> dict[str, str]:
    [form] = re.findall(
        r'<form method="post" action="/desk/publish/\w+".*?</form>',
        preview.body.decode(),
        re.DOTALL,
    )
    pairs = re.findall(r'name="(\w+)" value="([^"]*)"', form)
    return {name: unescaped(value) for name, value in pairs}


@pytest.mark.parametrize("kind", ["xlsx", "ics"])
async def test_a_workbook_and_a_calendar_are_read_too(world: World, orga: Reader, kind: str):
    if kind == "xlsx":
        rows = [tuple(line.split(",")) for line in WEEK.splitlines()]
        rows[1] = (rows[1][0], "Growth mindset anew", *rows[1][2:])
        data = spreadsheets.write_xlsx(rows[0], rows[1:])
    else:
        page = await orga.get("/calendar.ics")
        data = page.body.replace(b"SUMMARY:Growth mindset", b"SUMMARY:Growth mindset anew")

    preview = await upload(orga, f"week.{kind}", data)

    assert "Title was: Growth mindset → becomes: Growth mindset anew" in preview.words


async def test_faults_are_listed_by_line_with_what_to_do_and_nothing_can_be_published(orga: Reader):
    broken = WEEK.replace("2026-05-18T14:00", "18 May at two").replace(",15,zoom", ",many,zoom")

    preview = await upload(orga, "week.csv", broken.encode())

    assert "2 faults in the file" in preview.words
    assert "Line 4 starts" in preview.words
    assert "Write it as 2026-05-19T10:00." in preview.words
    assert "Line 7 capacity" in preview.words
    assert "Publish these changes" not in preview.words


async def test_a_file_that_cannot_be_read_says_why(orga: Reader):
    page = await upload(orga, "week.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more")

    assert (page.status, "Open it in Excel, take off the password" in page.words) == (422, True)


async def test_no_file_and_a_new_edition_without_a_name_are_asked_for(orga: Reader):
    page = await orga.post("/desk/publish", {"edition": "", "name": ""})
    assert (page.status, "Choose a file first." in page.words) == (422, True)

    page = await orga.post("/desk/publish", {"edition": "new", "name": " "})
    assert (page.status, "Give the new edition a name" in page.words) == (422, True)


async def test_a_file_that_is_too_large_is_refused_with_words(orga: Reader):
    page = await upload(orga, "week.csv", b"x" * (11 * 1024 * 1024))

    assert (page.status, "It may have 10 MB at most." in page.words) == (413, True)


async def test_a_large_form_is_for_organisers_only(world: World):
    async with a_reader(world.bot, ASHA) as asha:
        page = await upload(asha, "week.csv", b"x" * (2 * 1024 * 1024))

    assert page.status == 413


async def test_what_was_seen_is_what_is_published_or_it_is_shown_anew(world: World, orga: Reader):
    preview = await upload(
        orga, "week.csv", WEEK.replace(",20,in_person", ",25,in_person").encode()
    )
    await world.bot.publish(WEEK.replace("GM1,Growth mindset", "GM1,Growth"))

    again = await seen(orga, await orga.post(path_of(preview), fields_of_publish(preview)))

    assert (again.status, "It was not published" in again.words) == (409, True)
    assert "Title was: Growth → becomes: Growth mindset" in again.words
    assert (await world.session("GM1")).title == "Growth"
    assert (await world.session("DA1")).details.capacity == 20

    done = await seen(orga, await orga.post(path_of(again), fields_of_publish(again)))
    assert "is published" in done.words
    assert (await world.session("GM1")).title == "Growth mindset"


async def test_pressing_publish_twice_publishes_once(world: World, orga: Reader):
    await world.book(ASHA, "GM1")
    moved = WEEK.replace("2026-05-18T10:00,2026-05-18T11:00", "2026-05-18T15:00,2026-05-18T16:00")
    preview = await upload(orga, "week.csv", moved.encode())
    fields = fields_of_publish(preview)

    pressed = await asyncio.gather(*(orga.post(path_of(preview), fields) for _ in range(2)))
    pressed.append(await orga.post(path_of(preview), fields))
    after = [(await seen(orga, page)).words for page in pressed]

    assert sum("week.csv is published." in words for words in after) == 1
    assert sum("Everything is as the file has it already." in words for words in after) == 2
    assert not any("It was not published" in words for words in after)
    await world.bot.settled()
    assert len(world.told(ASHA, "Growth mindset has moved")) == 1
    assert [what for _, what, _ in await journal(world)].count("session changed") == 1


async def test_a_file_may_become_a_new_edition(world: World, orga: Reader):
    form = FormData()
    form.add_field("form", orga.form)
    form.add_field("edition", "new")
    form.add_field("name", "Autumn")
    form.add_field("file", WEEK.replace("2026-05", "2026-10").encode(), filename="autumn.csv")
    preview = await seen(orga, await orga.ask("POST", "/desk/publish", form))
    assert "autumn.csv in Autumn , a new edition" in preview.words.replace("  ", " ")

    done = await seen(orga, await orga.post(path_of(preview), fields_of_publish(preview)))

    assert "Autumn: 10 added" in done.words
    assert {e.name for e in await world.bot.core.programme.editions()} == {"The week", "Autumn"}


async def test_a_draft_that_is_gone_is_asked_for_again(orga: Reader):
    page = await orga.get("/desk/publish/nothing")

    assert (page.status, "files are kept for a day" in page.words) == (404, True)


# --- one session -----------------------------------------------------------------------------


async def edit(world: World, orga: Reader, code: str, **typed: str) -> Page:
    """Fill in the form of a session; the confirmation, or what else comes."""
    path = f"/desk/sessions/{(await world.session(code)).id}/edit"
    return await orga.post(path, fields_of(await orga.get(path)) | typed)


async def test_a_change_is_shown_with_the_words_people_get_and_then_done_once(
    world: World, orga: Reader
):
    for person in (ASHA, BO):
        await world.book(person, "MC1")
    path = f"/desk/sessions/{(await world.session('MC1')).id}/edit"

    asked = await edit(world, orga, "MC1", location="Room 9")

    assert "Where was: Room 1 → becomes: Room 9" in asked.words
    assert "2 people are told at once" in asked.words
    assert "To 1 person with a place" in asked.words
    assert "Your booking stands." in asked.words
    assert "You keep your place in the queue." in asked.words
    assert (await world.session("MC1")).details.location == "Room 1"

    fields = fields_of(asked) | {"step": "save"}
    first, second = await asyncio.gather(*(orga.post(path, fields) for _ in range(2)))

    after = [(await orga.get(page.headers["Location"])).words for page in (first, second)]
    assert any("Saved. 2 people are told." in words for words in after)
    assert any("saved already" in words for words in after)
    await world.bot.settled()
    assert len(world.told(ASHA, "Mentoring or coaching has changed")) == 1
    assert len(world.told(BO, "Mentoring or coaching has changed")) == 1
    assert (ORGA.aad_id, "session changed", "MC1 Mentoring or coaching") in await journal(world)


async def test_what_was_typed_is_kept_where_something_is_wrong_with_it(world: World, orga: Reader):
    page = await edit(world, orga, "GM1", title="", capacity="a dozen", summary="Two\r\nlines")

    assert page.status == 422
    assert "2 things need another look" in page.words
    assert "Title is missing. Give the session a title." in page.words
    assert 'value="a dozen"' in page.text
    assert fields_of(page)["summary"] == "Two\nlines"
    assert (await world.session("GM1")).title == "Growth mindset"


async def test_what_another_organiser_changed_meanwhile_is_shown_and_kept(
    world: World, orga: Reader
):
    path = f"/desk/sessions/{(await world.session('GM1')).id}/edit"
    opened = fields_of(await orga.get(path))
    await world.bot.publish(
        WEEK.replace("GM1,Growth mindset", "GM1,Growth").replace(",12,teams", ",30,teams", 1)
    )

    page = await orga.post(path, opened | {"capacity": "9", "audience": "Everybody"})

    assert (page.status, "changed while you had it open" in page.words) == (409, True)
    assert "Title was: Growth mindset → becomes: Growth" in page.words
    kept = fields_of(page)
    assert (kept["title"], kept["capacity"], kept["audience"]) == ("Growth", "9", "Everybody")

    asked = await orga.post(path, kept)
    await orga.post(path, fields_of(asked) | {"step": "save"})
    details = (await world.session("GM1")).details
    assert (details.title, details.capacity, details.audience) == ("Growth", 9, "Everybody")


async def test_a_change_made_between_seeing_and_saving_is_shown(world: World, orga: Reader):
    path = f"/desk/sessions/{(await world.session('GM1')).id}/edit"
    asked = fields_of(await edit(world, orga, "GM1", audience="Everybody"))
    await world.bot.publish(WEEK.replace("GM1,Growth mindset", "GM1,Growth"))

    page = await orga.post(path, asked | {"step": "save"})

    assert (page.status, "changed while you had it open" in page.words) == (409, True)
    assert (await world.session("GM1")).details.audience == ""


async def test_more_places_go_to_who_waits_and_fewer_are_kept(world: World, orga: Reader):
    for person in (ASHA, BO, CY):
        await world.book(person, "MC1")

    more = await edit(world, orga, "MC1", capacity="2")
    assert "1 person who waits is given or offered a place" in more.words
    path = f"/desk/sessions/{(await world.session('MC1')).id}/edit"
    await orga.post(path, fields_of(more) | {"step": "save"})
    assert await world.state(BO, "MC1") in {"booked", "offered"}

    fewer = await edit(world, orga, "MC1", capacity="1")
    assert "1 person is booked beyond the new number of places." in fewer.words


async def test_nothing_is_saved_that_was_not_shown_first(world: World, orga: Reader):
    asked = fields_of(await edit(world, orga, "GM1", audience="Everybody"))
    path = f"/desk/sessions/{(await world.session('GM1')).id}/edit"

    page = await orga.post(path, asked | {"audience": "Nobody", "step": "save"})

    assert "For whom was: nothing → becomes: Nobody" in page.words
    assert (await world.session("GM1")).details.audience == ""


async def test_nothing_different_changes_nothing(world: World, orga: Reader):
    page = await edit(world, orga, "GM1")

    assert "Nothing was different" in (await orga.get(page.headers["Location"])).words
    assert (await world.session("GM1")).sequence == 0


async def test_one_may_go_back_to_the_form_with_what_was_typed(world: World, orga: Reader):
    asked = await edit(world, orga, "GM1", audience="Everybody")
    path = f"/desk/sessions/{(await world.session('GM1')).id}/edit"

    page = await orga.post(path, fields_of(asked) | {"step": "form"})

    assert fields_of(page)["audience"] == "Everybody"


async def test_a_session_is_added_and_another_s_code_is_refused(world: World, orga: Reader):
    blank = fields_of(await orga.get("/desk/sessions/new"))
    new = blank | {
        "code": "gm1",
        "title": "Night owls",
        "starts": "2026-05-21T22:00",
        "ends": "2026-05-21T23:00",
        "format": "in_person",
        "capacity": "8",
    }

    taken = await orga.post("/desk/sessions/new", new)
    assert (taken.status, "GM1 is that of “Growth mindset” already" in taken.words) == (422, True)

    asked = await orga.post("/desk/sessions/new", new | {"code": "NO1"})
    assert "Nobody is told" in asked.words
    done = await orga.post("/desk/sessions/new", fields_of(asked) | {"step": "save"})
    assert "Added. People can find it" in (await orga.get(done.headers["Location"])).words
    assert (await world.session("NO1")).details.capacity == 8
    again = await orga.post("/desk/sessions/new", fields_of(asked) | {"step": "save"})
    assert "saved already" in (await orga.get(again.headers["Location"])).words
    assert [s for _, w, s in await journal(world) if w == "session added"][:1] == ["NO1 Night owls"]


async def test_a_duplicate_has_a_code_of_its_own(world: World, orga: Reader):
    page = await orga.get(f"/desk/sessions/{(await world.session('MC1')).id}/copy")

    fields = fields_of(page)
    assert (fields["code"], fields["title"], fields["location"]) == (
        "MC3",
        "Mentoring or coaching",
        "Room 1",
    )


# --- calling off -----------------------------------------------------------------------------


async def test_a_session_is_called_off_once_with_the_words_shown_first(world: World, orga: Reader):
    for person in (ASHA, BO):
        await world.book(person, "MC1")
    path = f"/desk/sessions/{(await world.session('MC1')).id}/cancel"

    asked = await orga.get(path)

    assert "2 people are told at once" in asked.words
    assert "Mentoring or coaching is cancelled" in asked.words
    assert "There is nothing you need to do." in asked.words

    done = await orga.post(path, fields_of(asked))
    assert "Called off. 2 people are told." in (await orga.get(done.headers["Location"])).words
    again = await orga.post(path, fields_of(asked))
    assert "not done twice" in (await orga.get(again.headers["Location"])).words
    await world.bot.settled()
    assert len(world.told(ASHA, "Mentoring or coaching is cancelled")) == 1
    assert (await journal(world))[0] == (
        ORGA.aad_id,
        "session cancelled",
        "MC1 Mentoring or coaching",
    )
    refused = await orga.get(path.replace("cancel", "edit"))
    assert (refused.status, "Duplicate it" in refused.words) == (409, True)


async def test_a_stale_page_calls_nothing_off(world: World, orga: Reader):
    path = f"/desk/sessions/{(await world.session('GM1')).id}/cancel"
    asked = fields_of(await orga.get(path))
    await world.bot.publish(WEEK.replace("GM1,Growth mindset", "GM1,Growth"))

    page = await orga.post(path, asked)

    assert (page.status, "It was not cancelled." in page.words) == (409, True)
    assert not (await world.session("GM1")).is_cancelled


# --- who changed what ------------------------------------------------------------------------


async def test_every_change_is_noted_wherever_it_was_made(world: World, orga: Reader):
    question = await world.teams.say(ORGA, "cancel session PB1")
    await world.teams.press(ORGA, question.only, verb="organiser.cancel")
    asked = await edit(world, orga, "GM1", audience="Everybody")
    gm1 = (await world.session("GM1")).id
    await orga.post(f"/desk/sessions/{gm1}/edit", fields_of(asked) | {"step": "save"})

    page = await orga.get("/desk/changes")

    assert "Session changed : GM1 Growth mindset Orla" in page.words
    assert "For whom was: nothing → becomes: Everybody" in page.words
    assert "Session cancelled : PB1 Your personal brand Orla" in page.words
    assert "Programme published : The week Learnweek itself" in page.words
    of_one = await orga.get(f"/desk/changes?session={gm1}")
    assert "Your personal brand" not in of_one.words
    only = await orga.get("/desk/changes?what=session+cancelled")
    assert "Growth mindset" not in only.words
    assert "Nothing like that" in (await orga.get("/desk/changes?what=exported")).words


async def test_an_organiser_who_never_spoke_to_the_bot_is_named(world: World):
    stranger = a_person("Greta")
    async with a_reader(world.bot, stranger) as reader:
        assert (await reader.get("/desk")).status == 403  # she is no organiser, and so not met
    async with world.bot.core.work(read_only=True) as uow:
        assert await uow.people.find(person_id(stranger)) is None
    async with a_reader(world.bot, ORGA) as orga:
        await world.bot.core.people.forget(person_id(ORGA))
        asked = await edit(world, orga, "GM1", audience="Everybody")
        path = f"/desk/sessions/{(await world.session('GM1')).id}/edit"
        await orga.post(path, fields_of(asked) | {"step": "save"})

        page = await orga.get("/desk/changes")

    assert "Session changed : GM1 Growth mindset Orla, Monday 18 May 2026" in page.words


async def test_who_was_forgotten_stays_in_it_without_a_name(world: World, orga: Reader):
    asked = await edit(world, orga, "GM1", audience="Everybody")
    path = f"/desk/sessions/{(await world.session('GM1')).id}/edit"
    await orga.post(path, fields_of(asked) | {"step": "save"})

    await world.bot.core.people.forget(person_id(ORGA))

    page = await orga.get("/desk/changes?what=session+changed")
    assert "Session changed : GM1 Growth mindset Somebody who was forgotten" in page.words
    assert f"{ORGA.name}, Monday" not in page.words


async def test_an_address_of_no_session_says_so(orga: Reader):
    for path in ("/desk/sessions/999", "/desk/sessions/x/edit", "/desk/sessions/999/cancel"):
        assert (await orga.get(path)).status == 404
