"""Who asks for the report, and where what is in it comes from: words, buttons, pages and commands."""

import asyncio
import io
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import FormData
from openpyxl import load_workbook

import app
from learning.bookings import BookingState
from learning.people import PersonId
from tests.scenarios.process import Ran, environment
from tests.scenarios.world import (
    ASHA,
    BO,
    CY,
    ORGA,
    World,
    london,
    person_id,
    surroundings,
)
from tests.support.activities import Person, a_person
from tests.support.card_parts import buttons
from tests.support.databases import read_sql
from tests.support.reader import Page, Reader, a_reader

EARLIER = "/desk/report/earlier"
LAST_YEAR = "edition,held,attended,venue\nMay 2025,2025-05-19,2,Town Hall\n"


@pytest.fixture
async def orla(world: World) -> AsyncGenerator[Reader]:
    async with a_reader(world.bot, ORGA) as reader:
        yield reader


async def crowd(world: World, count: int) -> list[Person]:
    people = [a_person(f"Colleague {n}") for n in range(count)]
    await world.know(*people)
    return people


async def upload(reader: Reader, name: str, data: bytes) -> Page:
    form = FormData()
    form.add_field("form", reader.form)
    form.add_field("file", io.BytesIO(data), filename=name)
    return await reader.ask("POST", EARLIER, form)


async def sources(world: World, code: str) -> dict[PersonId, str]:
    async with world.bot.core.work(read_only=True) as uow:
        bookings = await uow.bookings.of_session((await world.session(code)).id)
    return {b.person_id: b.source for b in bookings if b.state is BookingState.BOOKED}


# --- in chat ------------------------------------------------------------------------------------


async def test_an_organiser_asks_how_the_week_went(world: World, orla: Reader):
    session = await world.session("PB1")
    for person in await crowd(world, 6):
        await world.bot.core.bookings.book(person_id(person), session.id)
    await upload(orla, "2025.csv", LAST_YEAR.replace(",2,", ",4,").encode())

    said = await world.teams.say(ORGA, "how did the week go?")

    assert "what it did so far" in said.read
    assert "6 places booked by 6 people." in said.read
    assert "Booked 6" in said.read
    [link] = said.only.card["actions"]
    assert link["url"].startswith(f"{world.bot.core.settings.public_url}/desk/report?edition=")


async def test_of_a_few_people_no_figure_is_told_in_chat_either(world: World):
    session = await world.session("PB1")
    for person in (ASHA, BO, CY):
        await world.bot.core.bookings.book(person_id(person), session.id)

    said = await world.teams.say(ORGA, "report")

    assert "Fewer than 5 people took part" in said.read
    assert "Booked" not in said.read


async def test_nobody_else_is_shown_the_report(world: World):
    said = await world.teams.say(ASHA, "show me the report")

    assert said.read == "Only organisers can see that. Ask your learning and development team."


# --- what brought a booking ---------------------------------------------------------------------


async def test_a_booking_is_counted_for_what_brought_it(world: World):
    asha, bo, cy = ASHA, BO, CY
    await world.teams.say(asha, "send me highlights")
    await world.bot.move_to(london("2026-05-18T08:31"))
    [highlights] = world.told(asha, "Learning today")
    first = {"session": (await world.session("GM1")).id}
    await world.teams.press(asha, highlights, verb="session.book", having=first)
    shown = await world.teams.say(bo, "GM1")
    await world.teams.press(bo, shown.only, verb="session.book")
    await world.teams.say(cy, "book PB1")

    assert await sources(world, "GM1") == {person_id(asha): "highlights", person_id(bo): "card"}
    assert await sources(world, "PB1") == {person_id(cy): "chat"}


async def test_a_booking_from_the_details_of_a_highlight_is_counted_for_the_highlights(
    world: World,
):
    await world.teams.say(ASHA, "send me highlights")
    await world.bot.move_to(london("2026-05-18T08:31"))
    [highlights] = world.told(ASHA, "Learning today")
    first = {"session": (await world.session("GM1")).id}
    details = await world.teams.press(ASHA, highlights, verb="session.show", having=first)
    await world.teams.press(ASHA, details["value"], verb="session.book")

    assert await sources(world, "GM1") == {person_id(ASHA): "highlights"}


async def test_a_session_booked_instead_of_one_called_off_is_counted_for_the_message(world: World):
    await world.teams.say(ASHA, "book MC2")
    session = await world.session("MC2")
    await world.bot.core.programme.cancel_session(session.id, by=person_id(ORGA))
    await world.bot.settled()
    told = world.told(ASHA, "is cancelled")[-1]
    [first, *_] = [p for p in buttons(told.card) if p.get("verb") == "session.book"]
    await world.teams.press(ASHA, told, verb="session.book", having=first["data"])

    async with world.bot.core.work(read_only=True) as uow:
        [booking] = [
            b for b in await uow.bookings.of_person(person_id(ASHA)) if b.session_id != session.id
        ]
    assert booking.source == "nudge"


@pytest.mark.parametrize("forged", ["somewhere else", "champion:zzzzzzzz", "<b>", "x" * 500, 7])
async def test_what_no_button_of_ours_carries_is_counted_as_a_card(world: World, forged: object):
    shown = await world.teams.say(ASHA, "GM1")
    await world.teams.press(ASHA, shown.only, verb="session.book", data={"source": forged})

    assert await sources(world, "GM1") == {person_id(ASHA): "card"}


# --- what was not found -------------------------------------------------------------------------


async def test_words_that_find_nothing_are_kept_in_chat_and_on_the_page_and_counted_by_people(
    world: World,
):
    await world.teams.say(ASHA, "find welding for Bo")
    async with a_reader(world.bot, ASHA) as asha, a_reader(world.bot) as nobody:
        await asha.get("/hub?q=welding")
        await nobody.get("/hub?q=basketry")
    async with a_reader(world.bot, BO) as bo:
        await bo.get("/hub?q=welding")
    await world.teams.say(BO, "find mentoring")
    await world.pass_time(timedelta(minutes=1))
    await world.bot.core.missed.write()

    kept = await read_sql(world.bot.core.database, "SELECT word, mark FROM missed_words")

    assert sorted(word for word, _ in kept) == ["welding", "welding"]
    assert len({mark for _, mark in kept}) == 2
    assert not any(person_id(p) in mark for _, mark in kept for p in (ASHA, BO))


# --- earlier editions at the desk ---------------------------------------------------------------


async def test_an_organiser_takes_in_last_years_figures_and_removes_them_again(
    world: World, orla: Reader
):
    empty = await orla.get(EARLIER)
    assert "None yet. Without one, the first edition run here" in empty.words

    sent = await upload(orla, "earlier.csv", LAST_YEAR.encode())
    page = await orla.get(sent.headers["Location"])
    assert "1 taken in, 0 replaced." in page.words
    assert "Other columns than edition, held," in page.words
    assert "May 2025 19 May 2025 Attended: 2" in page.words

    again = await upload(orla, "earlier.csv", LAST_YEAR.replace(",2,", ",181,").encode())
    page = await orla.get(again.headers["Location"])
    assert "0 taken in, 1 replaced." in page.words
    assert "Attended: 181" in page.words

    removed = await orla.post(f"{EARLIER}/remove", {"name": "May 2025"})
    page = await orla.get(removed.headers["Location"])
    assert "May 2025 has been removed." in page.words
    assert "None yet." in page.words
    twice = await orla.post(f"{EARLIER}/remove", {"name": "May 2025"})
    assert "is not here any more" in (await orla.get(twice.headers["Location"])).words

    async with world.bot.core.work(read_only=True) as uow:
        noted = [(e.what.value, e.subject, e.by_id) for e in await uow.journal.latest(3)]
    assert noted == [
        ("earlier edition removed", "May 2025", person_id(ORGA)),
        ("earlier edition imported", "May 2025", person_id(ORGA)),
        ("earlier edition imported", "May 2025", person_id(ORGA)),
    ]


async def test_a_faulty_file_is_refused_whole_with_every_fault(world: World, orla: Reader):
    await upload(orla, "earlier.csv", LAST_YEAR.encode())

    bad = LAST_YEAR + "Nov 2025,soon,many,\n"
    page = await upload(orla, "<b>bad</b>.csv", bad.encode())

    assert page.status == 422
    assert "2 faults in <b>bad</b>.csv Nothing of it was stored." in page.text.replace(
        "\n", " "
    ) or ("2 faults in" in page.words)
    assert "<b>bad" not in page.body.decode()
    assert "“soon” is no date" in page.words
    assert "“many” is no whole number" in page.words
    assert "Attended: 2" in page.words
    for name, data, words in (
        ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", "This is an old Excel file"),
        ("x.csv", b"", "The file is empty."),
        ("x.csv", b"\xff\xfe\xfd", "not UTF-8 text"),
    ):
        refused = await upload(orla, name, data)
        assert refused.status == 422
        assert words in refused.words


async def test_what_the_form_before_said_cannot_be_made_up(orla: Reader):
    page = await orla.get(f"{EARLIER}?done=taken&new=<script>&replaced=x")
    removed = await orla.get(f"{EARLIER}?done=removed&name=<script>alert(1)</script>")

    assert page.status == 200
    assert "taken in" not in page.words.split("Take in a file")[0].split("Earlier editions")[-1]
    assert b"<script>alert" not in removed.body


# --- on the command line ------------------------------------------------------------------------

Command = Callable[..., Awaitable[Ran]]


@pytest.fixture
async def command(
    story_database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> AsyncGenerator[Command]:
    """Runs one command with production settings, in a folder of its own."""
    async with surroundings() as around:
        for name, value in environment(around, tmp_path).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("DATABASE_URL", story_database)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(app, "configure_logs", lambda **_: None)

        async def run(*words: str) -> Ran:
            code = await asyncio.to_thread(app.main, words)
            told = capsysbinary.readouterr()
            return Ran(code=code, out=told.out, error=told.err.decode())

        yield run


async def test_earlier_editions_are_read_from_a_file(command: Command, tmp_path: Path):
    (tmp_path / "earlier.csv").write_text(LAST_YEAR)
    (tmp_path / "bad.csv").write_text("edition,attended\nMay 2024,many\n")

    first = await command("earlier", "earlier.csv")
    again = await command("earlier", "earlier.csv")
    bad = await command("earlier", "bad.csv")
    missing = await command("earlier", "nowhere.csv")

    assert (first.code, first.text.strip()) == (0, "New: May 2025.")
    assert "Not read: “venue”." in first.error
    assert (again.code, again.text.strip()) == (0, "Replaced: May 2025.")
    assert bad.code == 1
    assert "line 2, attended: “many” is no whole number." in bad.error
    assert bad.error.strip().endswith("Nothing was stored.")
    assert (missing.code, missing.error.strip()) == (1, "nowhere.csv: No such file or directory.")


async def test_the_report_is_written_as_a_workbook(command: Command, tmp_path: Path):
    (tmp_path / "earlier.csv").write_text(LAST_YEAR)
    (tmp_path / "week.csv").write_bytes((Path(app.SAMPLE) / "week.csv").read_bytes())
    await command("import", "week.csv", "--edition", "May 2026")
    await command("earlier", "earlier.csv")

    done = await command("report", "--edition", "may 2026", "--out", "report.xlsx")
    wrong = await command("report", "--out", "report.docx")
    unknown = await command("report", "--edition", "2031", "--out", "report.xlsx")

    assert done.code == 0, done.error
    assert done.text.splitlines()[0] == "report.xlsx: the report of May 2026."
    book = load_workbook(tmp_path / "report.xlsx")
    sheets = book.sheetnames
    assert sheets[:2] == ["Report", "By session"]
    rows = [[cell.value for cell in row] for row in book["By session"].iter_rows()]
    assert rows[0][:4] == ["session", "sessions", "capacity", "booked"]
    assert rows[1][:4] == ["Hybrid working without the hiccups (DC1)", 1, 20, 0]
    assert len(rows) == 23
    earlier = [[cell.value for cell in row] for row in book["Earlier editions"].iter_rows()]
    assert ["May 2025", "2025-05-19", "Attended", 2, 0, -100, None] in earlier
    assert wrong.code == 1
    assert "end the name of the file with .html, .pdf or .xlsx." in wrong.error
    assert unknown.code == 1
    assert "There is no edition “2031”" in unknown.error
