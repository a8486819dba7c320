"""The report at the desk: of which edition, before and after people came, and as files."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from hub.desk import report
from integrations.documents import MISSING
from integrations.typesetting import draw
from learning.attendance import Presence
from learning.people import Person as Known
from learning.people import PersonId
from tests.scenarios.world import ORGA, World, a_bot, a_world, person_id, surroundings
from tests.support.product import sqlite_url
from tests.support.reader import a_reader

CROWD = [f"p{n}" for n in range(6)]


@pytest.fixture
async def week(tmp_path: Path) -> AsyncGenerator[World]:
    async with a_world(sqlite_url(tmp_path)) as world:
        yield world


async def attend(world: World) -> None:
    """Six who nobody else knows book a session, and five of them come."""
    session = await world.session("GM1")
    core = world.bot.core
    async with core.work() as uow:
        for who in CROWD:
            await uow.people.save(Known(id=PersonId(who), name=who))
        await uow.commit()
    for who in CROWD:
        await core.bookings.book(PersonId(who), session.id, source="hub")
    assert session.ends_at is not None
    await world.bot.move_to(session.ends_at + timedelta(hours=1))
    for who in CROWD:
        state = Presence.ABSENT if who == CROWD[0] else Presence.ATTENDED
        await core.attendance.correct(session.id, PersonId(who), state, by=person_id(ORGA), why="")


async def test_before_there_is_a_programme_it_says_what_to_do_first(tmp_path: Path):
    async with (
        surroundings() as around,
        a_bot(around, sqlite_url(tmp_path)) as world,
        a_reader(world.bot, ORGA) as orla,
    ):
        await world.know(ORGA)
        page = await orla.get("/desk/report")
        file = await orla.get("/desk/report/file/pdf")

    assert page.status == 200
    assert "There is nothing to report yet: publish a programme first." in page.words
    assert file.status == 422
    assert "There is no edition yet" in file.words


async def test_before_anybody_came_it_says_that_figures_follow(week: World):
    async with a_reader(week.bot, ORGA) as orla:
        page = await orla.get("/desk/report")

    assert page.status == 200
    assert "There are no figures yet." in page.words
    assert "<img" not in page.text
    assert 'href="/desk/report/earlier"' in page.text


async def test_what_people_did_is_reported(week: World):
    await attend(week)

    async with a_reader(week.bot, ORGA) as orla:
        page = await orla.get("/desk/report")

    assert "times somebody attended a session, 83 % of those of whom it is known 5" in page.words
    assert "Hub pages 6 5" in page.words
    assert page.text.count('src="data:image/svg+xml,') == page.text.count("<figure")
    assert "What the words mean" in page.words


async def test_an_edition_that_is_not_there_is_said_and_the_others_offered(week: World):
    async with a_reader(week.bot, ORGA) as orla:
        page = await orla.get("/desk/report?edition=Nothing%20%3Cb%3E")
        file = await orla.get("/desk/report/file/html?edition=Nothing")
        none = await orla.get("/desk/report/file/docx")

    assert page.status == 404
    assert "There is no edition “Nothing <b>”" in page.text
    assert "<b>”" not in page.body.decode()
    assert '<select id="edition"' in page.text
    assert file.status == 422
    assert none.status == 404


async def test_its_files_have_the_same_figures(week: World):
    await attend(week)

    async with a_reader(week.bot, ORGA) as orla:
        pdf = await orla.get("/desk/report/file/pdf")
        sheet = await orla.get("/desk/report/file/xlsx")
        file = await orla.get("/desk/report/file/html")

    assert pdf.body.startswith(b"%PDF-")
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert 'filename="report-' in pdf.headers["Content-Disposition"]
    rows = load_workbook(BytesIO(sheet.body))["What brought bookings"].values
    assert list(rows)[1] == ("Hub pages", 6, 5)
    assert "Hub pages 6 5" in file.words
    assert "<script" not in file.text
    assert "<link" not in file.text
    assert "<a " not in file.text


async def test_without_the_package_that_draws_the_tables_are_there_all_the_same(
    week: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    bare = tmp_path / "python"
    bare.write_text(f"#!/bin/sh\nexit {draw.MISSING}\n")
    bare.chmod(0o755)
    monkeypatch.setattr(week.bot.core.documents, "_python", str(bare))
    await attend(week)

    async with a_reader(week.bot, ORGA) as orla:
        page = await orla.get("/desk/report")
        file = await orla.get("/desk/report/file/pdf")

    assert page.status == 200
    assert MISSING in page.words
    assert "Hub pages 6 5" in page.words
    assert file.status == 422
    assert MISSING in file.words


async def test_a_report_that_takes_long_is_worked_out_while_the_page_says_so(
    week: World, monkeypatch: pytest.MonkeyPatch
):
    await attend(week)
    async with a_reader(week.bot, ORGA) as orla:
        monkeypatch.setattr(report, "PATIENCE", 0.0)
        waiting = await orla.get("/desk/report?edition=The%20week")
        monkeypatch.setattr(report, "PATIENCE", 20.0)
        shown = await orla.get("/desk/report?edition=The%20week")

    assert waiting.status == 200
    assert "The report is being worked out" in waiting.words
    assert 'content="5; url=/desk/report?edition=The+week"' in waiting.text
    assert "Hub pages 6 5" in shown.words
    assert 'http-equiv="refresh"' not in shown.text
