"""What takes long, what was sent, what runs by itself, and what is exported, as organisers see it."""

import asyncio
import csv
import io
import json
import re
import threading
from collections.abc import AsyncGenerator, Iterable, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

import serving
from learning.notices import Kind
from learning.people import Person as Known
from services import exports
from services.errands import KEPT, Errands
from services.exports import Exports
from services.ports.errands import Done, ErrandKind, Progress
from tests.scenarios.world import ASHA, BO, CY, ORGA, World, a_bot, person_id, surroundings
from tests.support.activities import a_person
from tests.support.reader import Page, Reader, a_reader

LONDON = ZoneInfo("Europe/London")
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
async def orla(world: World) -> AsyncGenerator[Reader]:
    async with a_reader(world.bot, ORGA) as reader:
        yield reader


async def over(world: World, orla: Reader, page: Page) -> Page:
    """The page of the work that a form has begun, once it is over."""
    path = page.headers["Location"]
    await world.bot.core.errands.within(path.rpartition("/")[2], 20)
    assert not json.loads((await orla.get(f"{path}/progress")).body)["running"]
    return await orla.get(path)


async def changes(world: World) -> list[tuple[str, str, dict[str, str]]]:
    async with world.bot.core.work(read_only=True) as uow:
        latest = await uow.journal.latest(50)
    mine = [e for e in latest if e.by_id == person_id(ORGA)]
    return [(e.what.value, e.subject, dict(e.after)) for e in mine]


# Long work


async def test_one_can_leave_long_work_and_come_back(world: World, orla: Reader):
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def slowly(progress: Progress) -> Done:
        progress(1200, 3000)
        begun.set()
        await may_end.wait()
        return Done(words="3,000 rows.", file_name="week.csv", file=b"code\r\n")

    assert "Nothing is under way" in (await orla.get("/desk/work")).words
    errands = world.bot.core.errands
    errand_id = await errands.begin(ErrandKind.EXPORT, "The week", person_id(ORGA), slowly)
    path = f"/desk/work/{errand_id}"
    await begun.wait()

    page = await orla.get(path)
    assert "Under way You can leave this page and come back" in page.words
    assert "1,200 of 3,000" in page.words
    assert 'max="100" value="40"' in page.text
    assert '<noscript><meta http-equiv="refresh"' in page.text
    listed = (await orla.get("/desk/work")).words
    assert "The week Under way 1,200 of 3,000 Monday 18 May, 08:00, by Orla" in listed
    told = json.loads((await orla.get(f"{path}/progress")).body)
    assert told == {"running": True, "words": "1,200 of 3,000", "done": 1200, "total": 3000}
    assert (await orla.get(f"{path}/file")).status == 404

    may_end.set()
    await errands.within(errand_id, 20)
    page = await orla.get(path)
    assert "Finished 3,000 rows. Fetch week.csv" in page.words
    assert "refresh" not in page.text
    assert "Finished" in (await orla.get("/desk/work")).words
    file = await orla.get(f"{path}/file")
    assert (file.body, file.headers["Content-Disposition"]) == (
        b"code\r\n",
        'attachment; filename="week.csv"',
    )
    assert file.headers["X-Content-Type-Options"] == "nosniff"


async def test_work_that_ended_badly_says_so_and_where_to_begin_it_again(
    world: World, orla: Reader
):
    async def wrongly(_: Progress) -> Done:
        raise ZeroDivisionError

    errands = world.bot.core.errands
    errand_id = await errands.begin(ErrandKind.EXPORT, "The week", person_id(ORGA), wrongly)
    await errands.within(errand_id, 20)

    page = await orla.get(f"/desk/work/{errand_id}")

    assert "Failed This ended with a fault of ours" in page.words
    assert '<a href="/desk/export">' in page.text


async def test_long_work_is_gone_after_a_day(world: World, orla: Reader):
    async def quickly(_: Progress) -> Done:
        return Done(words="Nothing to it.")

    errands = world.bot.core.errands
    errand_id = await errands.begin(ErrandKind.EXPORT, "The week", person_id(ORGA), quickly)
    await errands.within(errand_id, 20)
    await world.bot.move_to(world.bot.clock.now() + KEPT + timedelta(seconds=1))

    async with a_reader(world.bot, ORGA) as later:
        page = await later.get(f"/desk/work/{errand_id}")

    assert (page.status, "kept for a day" in page.words) == (404, True)


async def test_a_stop_waits_for_it_and_in_the_end_breaks_it_off_and_the_next_start_says_so(
    story_database: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(serving, "GRACE", 1.0)
    begun, for_ever = asyncio.Event(), asyncio.Event()

    async def nearly_done(_: Progress) -> Done:
        await begun.wait()
        return Done(words="All of it.")

    async def endless(progress: Progress) -> Done:
        progress(1, 2)
        begun.set()
        await for_ever.wait()
        raise AssertionError("nobody lets it end")

    async with surroundings() as around:
        async with a_bot(around, story_database) as world:
            ids = [
                await world.bot.core.errands.begin(ErrandKind.EXPORT, title, person_id(ORGA), run)
                for title, run in (("Short", nearly_done), ("Long", endless))
            ]
        async with a_bot(around, story_database) as world, a_reader(world.bot, ORGA) as orla:
            short, long = [(await orla.get(f"/desk/work/{i}")).words for i in ids]

    assert "Finished All of it." in short
    assert (
        "Broken off The server that did this stopped before it was finished. Begin it again" in long
    )
    assert "It came to 1 of 2." in long


# Exports


def rows(page: Page) -> list[list[str]]:
    return list(csv.reader(io.StringIO(page.body.decode())))


async def export(orla: Reader, what: str, kind: str = "csv") -> Page:
    return await orla.post("/desk/export", {"what": what, "edition": "The week", "format": kind})


async def test_a_small_export_comes_at_once_and_is_noted(world: World, orla: Reader):
    await world.book(ASHA, "GM1")
    assert "Bookings, with names and mail addresses" in (await orla.get("/desk/export")).words

    page = await export(orla, "bookings")

    assert page.status == 200
    assert page.headers["Content-Type"] == "text/csv; charset=utf-8"
    name = 'attachment; filename="learnweek-bookings-2026-05-18.csv"'
    assert page.headers["Content-Disposition"] == name
    [header, booked] = rows(page)
    assert header[:6] == ["code", "title", "starts", "person", "email", "state"]
    assert (booked[0], booked[3], booked[5]) == ("GM1", "Asha", "booked")
    [noted] = [c for c in await changes(world) if c[0] == "exported"]
    assert noted == ("exported", "bookings of The week", {"file": "csv", "rows": "1"})


async def test_an_export_is_what_the_command_line_writes(world: World, orla: Reader):
    await world.book(ASHA, "GM1")
    for what in ("sessions", "bookings", "attendance"):
        header, lines = (await world.bot.core.reports.layout(what, "The week"))()

        page = await export(orla, what)

        assert rows(page) == [list(header), *([str(cell) for cell in line] for line in lines)]


FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "=HYPERLINK(A1)")


async def test_no_text_of_an_export_is_run_as_a_formula(world: World, orla: Reader):
    people = [a_person(f"Somebody {number}") for number in range(len(FORMULAS))]
    await world.know(*people)
    for person, name in zip(people, FORMULAS, strict=True):
        async with world.bot.core.work() as uow:
            await uow.people.save(Known(id=person_id(person), name=name))
            await uow.commit()
        await world.bot.core.bookings.book(person_id(person), (await world.session("PB1")).id)

    as_csv = [line[3] for line in rows(await export(orla, "bookings"))[1:]]
    workbook = load_workbook(io.BytesIO((await export(orla, "bookings", "xlsx")).body))
    assert workbook.active is not None
    as_cells = [line[3] for line in list(workbook.active.iter_rows())[1:]]

    assert as_csv == [f"'{name}" for name in FORMULAS]
    assert {cell.data_type for cell in as_cells} == {"s"}


async def test_a_big_export_is_made_by_and_by(
    world: World, orla: Reader, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(exports, "BIG", 1)
    for who in (ASHA, BO, CY):
        await world.book(who, "GM1")

    begun = await export(orla, "bookings", "xlsx")
    page = await over(world, orla, begun)

    assert "Bookings of The week as XLSX" in page.words
    assert "Finished learnweek-bookings-2026-05-18.xlsx is ready." in page.words
    file = await orla.get(f"{begun.headers['Location']}/file")
    assert file.headers["Content-Type"] == SHEET
    workbook = load_workbook(io.BytesIO(file.body))
    assert workbook.active is not None
    assert [row[3].value for row in workbook.active.iter_rows()] == ["person", "Asha", "Bo", "Cy"]
    told = json.loads((await orla.get(f"{begun.headers['Location']}/progress")).body)
    assert (told["done"], told["total"]) == (6, 6)


async def test_an_export_that_is_broken_off_leaves_no_thread_behind(
    world: World, orla: Reader, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(exports, "BIG", 1)
    for who in (ASHA, BO, CY):
        await world.book(who, "GM1")
    written, given_up, may_go_on = asyncio.Event(), asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def slowly(_: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
        try:
            for _row in rows:
                loop.call_soon_threadsafe(written.set)
                may_go_on.wait(20)
        except InterruptedError:
            loop.call_soon_threadsafe(given_up.set)
            raise
        return b""

    core = world.bot.core
    here = Errands(core.work, core.clock)
    slow = Exports(core.work, core.clock, core.reports, here, {"csv": slowly}, zone=LONDON)
    errand_id = await slow.export("bookings", "The week", "csv", by=person_id(ORGA))
    await written.wait()
    finishing = asyncio.create_task(here.finish())
    await asyncio.sleep(0)
    finishing.cancel()
    await asyncio.wait([finishing])
    may_go_on.set()

    async with asyncio.timeout(20):
        await given_up.wait()
    assert "Broken off" in (await orla.get(f"/desk/work/{errand_id}")).words


async def test_what_cannot_be_exported_says_what_to_do(world: World, orla: Reader):
    for what, edition, kind in (
        ("places", "The week", "csv"),
        ("sessions", "The week", "exe"),
        ("sessions", "Another", "csv"),
        ("", "", ""),
    ):
        page = await orla.post("/desk/export", {"what": what, "edition": edition, "format": kind})
        assert page.status == 422
    assert "Choose what to export" in page.words


# Deliveries

NUMBERS = ("Sent", "Queued", "Held back", "No longer needed", "Unreachable", "Given up")


def ledger(page: Page) -> dict[str, tuple[int, ...]]:
    """The numbers of each mailing by its title; the last is what they make together."""
    found: dict[str, tuple[int, ...]] = {}
    for row in re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</tr>", page.text, re.DOTALL):
        title = re.split(r"<br>|</th>", row)[0]
        cells = re.findall(r'data-label="([^"]+)">([\d,]+)<', row)
        assert tuple(name for name, _ in cells) == (*NUMBERS, "Together")
        found[title] = tuple(int(n.replace(",", "")) for _, n in cells)
    return found


async def test_every_row_of_the_deliveries_adds_up(world: World, orla: Reader):
    assert "Nothing has been sent yet" in (await orla.get("/desk/deliveries")).words
    for who in (ASHA, BO, CY):
        await world.book(who, "GM1")
    await world.bot.settled()
    await world.bot.core.people.cannot_reach(person_id(BO), "ConversationBlockedByUser")
    await world.bot.core.programme.cancel_session((await world.session("GM1")).id)
    await world.bot.settled()

    page = await orla.get("/desk/deliveries")

    [(title, numbers)] = ledger(page).items()
    assert title == "Cancellation of Monday 18 May, 08:00: Growth mindset"
    assert numbers == (2, 0, 0, 0, 1, 0, 3)
    assert "1 blocked the app" in page.words
    assert "1 blocked the app: Bo" in page.words.partition("Who cannot be reached")[2]


async def test_what_was_given_up_is_sent_again_and_adds_up_all_the_while(
    world: World, orla: Reader
):
    for who in (ASHA, BO):
        await world.book(who, "GM1")
    await world.bot.settled()
    for who in (ASHA, BO):
        await world.bot.core.people.cannot_reach(person_id(who), "ConversationBlockedByUser")
    await world.bot.core.programme.cancel_session((await world.session("GM1")).id)
    await world.bot.settled()
    page = await orla.get("/desk/deliveries")
    [numbers] = ledger(page).values()
    assert numbers == (0, 0, 0, 0, 2, 0, 2)
    await world.know(ASHA)  # she has written to the bot since

    mailing = re.findall(r'name="mailing" value="([^"]+)"', page.text)[0]
    done = await over(world, orla, await orla.post("/desk/deliveries", {"mailing": mailing}))
    assert "One is on the way again. One person still cannot be reached" in done.words
    await world.bot.settled()

    [numbers] = ledger(await orla.get("/desk/deliveries")).values()
    assert numbers == (1, 0, 0, 0, 1, 0, 2)
    assert len(world.told(ASHA, "is cancelled")) == 1
    again = await over(world, orla, await orla.post("/desk/deliveries", {"mailing": mailing}))
    assert "Nothing was sent again. One person still cannot be reached" in again.words
    await world.bot.settled()
    assert len(world.told(ASHA, "is cancelled")) == 1
    assert [c for c in await changes(world) if c[0] == "delivery sent again"][-1] == (
        "delivery sent again",
        "Cancellation of Monday 18 May, 08:00: Growth mindset",
        {"sent again": "1", "not reached": "1"},
    )
    assert (await world.bot.outbox(Kind.SESSION_CANCELLED))[0].attempts == 1


async def test_a_mailing_that_is_not_kept_cannot_be_sent_again(orla: Reader):
    for name in ("", "nudge:1:x", "session_cancelled:99:2026-05-18T07:00:00+00:00"):
        page = await orla.post("/desk/deliveries", {"mailing": name})
        assert (page.status, "not kept any more" in page.words) == (409, True)


# Jobs


async def test_every_job_says_what_it_does_how_it_went_and_when_it_comes(
    world: World, orla: Reader
):
    page = await orla.get("/desk/jobs")

    for entry in world.bot.product.timetable.entries:
        assert entry.words, f"{entry.name} has no words"
        assert entry.words in page.words
    assert re.search(r"Highlights .* every minute Monday 18 May, 08:00 Ran well, in", page.words)
    assert re.search(r"Guests .* once a day .* Tuesday 19 May, 04:50", page.words)
    assert "the server that answered you" in page.words


async def test_a_job_is_run_now_and_that_is_noted(world: World, orla: Reader):
    begun = await orla.post("/desk/jobs", {"name": "offers"})

    page = await over(world, orla, begun)

    assert "Job: offers Finished It ran well, in" in page.words
    assert ("job run", "offers", {}) in await changes(world)
    refused = await orla.post("/desk/jobs", {"name": "another"})
    assert (refused.status, "There is no job another" in refused.words) == (409, True)
