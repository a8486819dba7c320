"""The report as organisers see it: on the desk, on a phone, on paper, and as files."""

import asyncio
import contextlib
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, StorageState, expect

from learning.people import PersonId
from tests.scenarios.simulated import a_council
from tests.support.axe import serious_faults
from tests.support.browser import LOOKS, PATIENCE, PICTURES, WANTS_PICTURES
from tests.support.playground import Laptop, a_laptop

pytestmark = pytest.mark.browser

LAST_YEAR = """\
edition,held,bookings,attended,answers,score,goal_answers,goals_yes
May 2025,2025-05-12,231,111,66,3.89,63,41
"""
CHARTS = 11
A4 = (595, 842)
MARGIN = 20
"""Points of the sheet that stay white at each edge: printers cut off as much."""


async def play(database: Path) -> None:
    """The week of a council, from its first booking to its last answer."""
    async with a_council(f"sqlite+aiosqlite:///{database}", 8) as council:
        await council.core.earlier.take_in("2025.csv", LAST_YEAR.encode(), by=PersonId("orla"))
        books = await council.publish("May 2026", "2026-05")
        await council.book(books, share=0.7)
        await council.attend(books)
        await council.answer(books, share=0.6)
        for who in council.people[:6]:
            council.core.missed.note(PersonId(who), "welding")
        await council.core.missed.write()
        await council.publish("November 2026", "2026-11")


class Desk:
    """The product on a laptop, as an organiser who has signed in sees it."""

    def __init__(self, laptop: Laptop, browser: Browser) -> None:
        self._laptop = laptop
        self._browser = browser
        self._signed_in: StorageState | None = None
        with self._page() as page:
            page.goto(f"{laptop.url}/hub/sign-in?to=/desk")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            self._signed_in = page.context.storage_state()

    @contextlib.contextmanager
    def report(self, edition: str = "May 2026", **looks: Any) -> Generator[Page]:
        """Its page, with every picture loaded; nothing in it may fail or be forbidden."""
        with self._page(**looks) as page:
            page.goto(f"{self._laptop.url}/desk/report?edition={edition}")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            yield page

    @contextlib.contextmanager
    def _page(self, *, width: int = 1280, **looks: Any) -> Generator[Page]:
        context = self._browser.new_context(
            viewport={"width": width, "height": 900},
            locale="en-GB",
            timezone_id="Europe/London",
            storage_state=self._signed_in,
            **looks,
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console", lambda said: problems.append(said.text) if said.type == "error" else None
        )
        yield page
        context.close()
        assert problems == []


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("report")
    (folder / "var").mkdir()
    # The browser has a loop of its own in this thread.
    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, play(folder / "var/learnweek.db")).result()
    with a_laptop(folder, command="serve") as laptop:
        yield Desk(laptop, chromium)


def ink_from_the_edges(drawn: NDArray[Any]) -> tuple[int, ...]:
    """How far from each edge of a sheet anything is drawn, in points."""
    down, across = np.nonzero(drawn < 250)
    height, width = drawn.shape
    return (
        int(down.min()),
        int(across.min()),
        int(height - 1 - down.max()),
        int(width - 1 - across.max()),
    )


def pictures_shown(page: Page) -> list[bool]:
    return page.locator(".chart img").evaluate_all(
        "all => all.map(one => one.complete && one.naturalWidth > 0)"
    )


def is_wider_than_the_window(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


def text_of(page: Page, table: str) -> list[list[str]]:
    rows = page.get_by_role("table", name=table, exact=False).first.locator("tbody tr")
    return [row.locator("th, td").all_inner_texts() for row in rows.all()]


def test_the_report_begins_with_what_one_would_tell_others(desk: Desk):
    with desk.report() as page:
        told = page.locator(".headlines").inner_text()

        assert "Attendance rose by" in told
        assert "said it supported their career and personal development goals" in told
        assert pictures_shown(page) == [True] * CHARTS
        expect(page.get_by_role("table")).not_to_have_count(0)
        if WANTS_PICTURES:
            page.set_viewport_size({"width": 1280, "height": 1250})
            page.screenshot(path=PICTURES / "desk-report.png")


def test_the_edition_is_chosen_and_an_empty_one_says_so(desk: Desk):
    with desk.report() as page:
        choice = page.get_by_label("Edition", exact=True)
        expect(choice).to_have_value("May 2026")
        choice.select_option("November 2026")
        page.get_by_role("button", name="Show").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("November 2026: what it did")
        expect(page.get_by_role("main")).to_contain_text("There are no figures yet")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_it_shuts_nobody_out_whatever_the_window(desk: Desk, width: int, scheme: str):
    with desk.report(width=width, color_scheme=scheme) as page:
        assert serious_faults(page) == []
        assert not is_wider_than_the_window(page)


def test_it_can_be_read_with_the_readers_own_colours(desk: Desk):
    with desk.report(forced_colors="active") as page:
        assert serious_faults(page) == []
        assert pictures_shown(page) == [True] * CHARTS


def test_without_scripts_it_is_all_there(desk: Desk):
    with desk.report(java_script_enabled=False) as page:
        expect(page.locator(".chart img")).to_have_count(CHARTS)
        expect(page.get_by_role("link", name="PDF")).to_be_visible()


def test_each_picture_says_what_is_seen_in_it(desk: Desk):
    with desk.report() as page:
        said = page.locator(".chart img").evaluate_all("all => all.map(one => one.alt)")

        assert all("bar" in alt for alt in said)
        assert len(set(said)) == CHARTS


@pytest.mark.parametrize(
    ("link", "begins"), [("PDF", b"%PDF-"), ("Excel", b"PK"), ("Web page", b"<!doctype html>")]
)
def test_it_is_fetched_as_a_file(desk: Desk, link: str, begins: bytes):
    with desk.report() as page:
        with page.expect_download() as coming:
            page.get_by_role("link", name=link).click()

        assert coming.value.suggested_filename.startswith("report-may-2026.")
        assert Path(coming.value.path()).read_bytes().startswith(begins)


def test_the_file_needs_nothing_else_and_looks_the_same(desk: Desk, tmp_path: Path):
    with desk.report() as page:
        shown = text_of(page, "Places, bookings and attendance by session")
        with page.expect_download() as coming:
            page.get_by_role("link", name="Web page").click()
        coming.value.save_as(tmp_path / "report.html")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto((tmp_path / "report.html").as_uri())

        assert pictures_shown(page) == [True] * CHARTS
        assert text_of(page, "Places, bookings and attendance by session") == shown
        assert [url for url in asked if not url.startswith(("data:", "file:"))] == []
        assert serious_faults(page) == []
        page.set_viewport_size({"width": 360, "height": 700})
        assert not is_wider_than_the_window(page)


def test_the_pdf_looks_as_it_should_on_every_page(desk: Desk, tmp_path: Path):
    with desk.report() as page:
        with page.expect_download() as coming:
            page.get_by_role("link", name="PDF").click()
        coming.value.save_as(tmp_path / "report.pdf")

    with pdfium.PdfDocument(tmp_path / "report.pdf") as document:
        sheets = [document[number] for number in range(len(document))]
        sizes = {(round(sheet.get_width()), round(sheet.get_height())) for sheet in sheets}
        words = " ".join(sheet.get_textpage().get_text_bounded() for sheet in sheets)
        drawn = [sheet.render(scale=1, grayscale=True).to_numpy() for sheet in sheets]

    assert "Attendance rose by" in words
    assert "said it supported their career" in words
    assert sizes == {A4}
    for each in drawn:
        assert min(ink_from_the_edges(each)) > MARGIN, "nothing is cut off at an edge"
        assert 0.01 < (each < 250).mean() < 0.5, "there is something on it, and it is no black box"


def test_on_paper_the_tables_are_tables_and_what_is_pressed_is_gone(desk: Desk):
    with desk.report() as page:
        page.emulate_media(media="print")

        expect(page.get_by_role("link", name="PDF")).to_be_hidden()
        expect(page.get_by_label("Edition", exact=True)).to_be_hidden()
        header = page.get_by_role("columnheader", name="No-shows").first
        expect(header).to_be_visible()
        expect(page.locator(".chart img").first).to_be_visible()
