"""The desk with people in it: a roster, a message, what was sent, what runs by itself, what takes long."""

import contextlib
import sqlite3
from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.support.axe import serious_faults
from tests.support.browser import LOOKS, PATIENCE, PICTURES, WANTS_PICTURES
from tests.support.playground import Laptop, a_laptop, until

pytestmark = pytest.mark.browser

FULL = "Career conversations for front line staff"
OTHER = "Leading from any seat"
LONG_WORK = "Bookings of the week as XLSX"
MINUTE = timedelta(minutes=1)


class Desk:
    """The product on a laptop, as an organiser who has signed in sees it."""

    def __init__(self, laptop: Laptop, browser: Browser, folder: Path) -> None:
        self.laptop = laptop
        self._browser = browser
        self._database = folder / "var/learnweek.db"
        day = laptop.day_of("CC1")
        self.began = datetime.fromisoformat(f"{day}T08:00").replace(
            tzinfo=ZoneInfo("Europe/London")
        )
        laptop.move_clock(f"{(self.began - timedelta(days=3)).date()}T08:00")
        self._signed_in: StorageState | None = None
        with self.page() as page:
            page.goto(f"{laptop.url}/hub/sign-in?to=/desk")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            self._signed_in = page.context.storage_state()

    @contextlib.contextmanager
    def page(self, *, width: int = 1280, **looks: Any) -> Generator[Page]:
        """One page in a window of its own, in which no script may fail."""
        context = self._browser.new_context(
            viewport={"width": width, "height": 900},
            locale="en-GB",
            timezone_id="Europe/London",
            storage_state=self._signed_in,
            **looks,
        )
        context.set_default_timeout(PATIENCE)
        problems: list[str] = []
        context.on("weberror", lambda problem: problems.append(str(problem.error)))
        yield context.new_page()
        context.close()
        assert problems == []

    def open(self, page: Page, path: str) -> None:
        page.goto(f"{self.laptop.url}{path}")

    def open_roster(self, page: Page, title: str) -> None:
        """As one comes to it: from the programme by the session's own page."""
        self.open(page, f"/desk?find={title}")
        page.get_by_role("link", name=title, exact=True).click()
        page.get_by_role("link", name="Who has a place").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Roster")

    def meet(self, *names: str) -> None:
        """As if these colleagues had written to the bot; it is their Teams that does not answer."""
        with self._written() as db:
            for name in names:
                db.execute(
                    "UPDATE people SET service_url = ?, conversation_id = ? WHERE id = ?",
                    ["http://127.0.0.1:9/", f"a:{name}", f"colleague-{name}"],
                )

    def note_work(self, errand_id: str, **values: Any) -> None:
        """As another replica does: how far its long work is."""
        seen_at = (self.began + timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S.000000")
        columns = {
            "id": errand_id,
            "kind": "export",
            "title": LONG_WORK,
            "by_id": "you",
            "state": "running",
            "done": 0,
            "total": 0,
            "result": "",
            "began_at": seen_at,
            "seen_at": seen_at,
            "file_name": "",
            **values,
        }
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        with self._written() as db:
            db.execute(
                f"INSERT OR REPLACE INTO errands ({names}) VALUES ({marks})",  # noqa: S608 -- our own names
                list(columns.values()),
            )

    @contextlib.contextmanager
    def _written(self) -> Generator[sqlite3.Connection]:
        with contextlib.closing(sqlite3.connect(self._database, timeout=20)) as db, db:
            yield db


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Desk]:
    """Three have the three places of one session, and two wait for one."""
    folder = tmp_path_factory.mktemp("desk")
    with a_laptop(folder, command="serve") as laptop:
        desk = Desk(laptop, chromium, folder)
        with desk.page() as page:
            desk.open_roster(page, FULL)
            for name in ("Ade", "Bea", "Chidi", "Dana", "Esra"):
                add(page, name)
            desk.meet("ade", "bea", "dana")
            laptop.move_clock(f"{(desk.began - timedelta(days=3)).date()}T08:10")
            has_read = page.locator("td").filter(has_text=", ")
            until(lambda: bool(page.reload()) and has_read.count() > 5, "the directory is read")
        yield desk


def add(page: Page, name: str) -> None:
    page.get_by_label("Name or mail address").fill(name)
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name=f"Add {name}").click()
    expect(page.get_by_role("status").first).to_contain_text(f"{name} ")


def table(page: Page, name: str) -> list[str]:
    """The names in a table, in order."""
    return (
        page.get_by_role("table", name=name)
        .get_by_role("rowheader")
        .get_by_role("link")
        .all_inner_texts()
    )


def test_the_roster_has_who_has_a_place_and_who_waits_in_order(desk: Desk):
    with desk.page() as page:
        desk.open_roster(page, FULL)

        assert sorted(table(page, "Who has a place")) == ["Ade", "Bea", "Chidi"]
        assert table(page, "Who waits") == ["Dana", "Esra"]
        expect(page.get_by_role("main")).to_contain_text("Every place is taken")
        if WANTS_PICTURES:
            page.screenshot(path=PICTURES / "desk-roster.png", full_page=True)


def test_by_keyboard_somebody_is_moved_and_the_next_in_line_has_the_place(desk: Desk):
    with desk.page() as page:
        desk.open_roster(page, FULL)
        page.get_by_role("link", name="Ade", exact=True).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Ade")
        choice = page.get_by_label("Session", exact=True)
        value = choice.locator("option").filter(has_text=OTHER).get_attribute("value")
        choice.select_option(value)
        choice.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")

        said = page.get_by_role("status").first
        expect(said).to_have_text("Ade has been moved here, has a place now, and is told.")
        expect(said).to_be_focused()
        assert table(page, "Who has a place") == ["Ade"]
        desk.open_roster(page, FULL)
        assert sorted(table(page, "Who has a place")) == ["Bea", "Chidi", "Dana"]
        assert table(page, "Who waits") == ["Esra"]


def test_without_scripts_a_message_is_written_looked_at_and_sent(desk: Desk):
    with desk.page(java_script_enabled=False) as page:
        desk.open_roster(page, FULL)
        page.get_by_role("link", name="Write to them").click()
        page.get_by_label("All of them").check()
        page.get_by_label("Message").fill("The room is upstairs.\nBring a pen.")
        page.get_by_role("button", name="Look at it first").click()
        expect(page.locator(".words")).to_contain_text("The room is upstairs.")
        expect(page.get_by_role("main")).to_contain_text("2 can be reached in Teams; 2 cannot")
        page.get_by_role("button", name="Change the text").click()
        expect(page.get_by_label("All of them")).to_be_checked()
        page.get_by_label("Message").fill("The room is downstairs.\nBring a pen.")
        page.get_by_role("button", name="Look at it first").click()
        page.get_by_role("button", name="Send it now").click()

        expect(page.get_by_role("status").first).to_contain_text("on its way to 4")
        desk.open(page, "/desk/messages")
        expect(page.get_by_role("main")).to_contain_text("4 people")


def test_what_cannot_be_delivered_is_seen_and_sent_again(desk: Desk):
    with desk.page() as page:
        desk.open(page, "/desk/deliveries")
        row = (
            page.get_by_role("row")
            .filter(has_text="Offers")
            .or_(page.get_by_role("row").filter(has_text="added by organisers"))
        )
        expect(row.first).to_contain_text("never had a chat with the app")
        if WANTS_PICTURES:
            page.screenshot(path=PICTURES / "desk-deliveries.png", full_page=True)
        row.get_by_role("button", name="Send again").first.click()

        expect(page.get_by_role("heading", level=1)).to_contain_text("Sending again")
        expect(page.get_by_role("status")).to_contain_text("still cannot be reached")


def test_a_job_is_run_now(desk: Desk):
    with desk.page() as page:
        desk.open(page, "/desk/jobs")
        page.get_by_role("button", name="Run now the job “offers”").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("Job: offers")
        expect(page.get_by_role("status")).to_contain_text("It ran well")


def test_an_export_is_a_file(desk: Desk):
    with desk.page() as page:
        desk.open(page, "/desk/export")
        page.get_by_label("Bookings").check()
        page.get_by_label("CSV").check()
        with page.expect_download() as coming:
            page.get_by_role("button", name="Export", exact=True).click()

        file = Path(coming.value.path()).read_text("utf-8")
        assert coming.value.suggested_filename.startswith("learnweek-bookings-")
        assert "Chidi" in file


def test_long_work_shows_how_far_it_is_and_says_when_it_is_over(desk: Desk):
    desk.note_work("e1")
    with desk.page() as page:
        desk.open(page, "/desk/work/e1")
        bar = page.get_by_role("progressbar", name="Progress")
        expect(bar).not_to_have_attribute("value", "0")
        desk.note_work("e1", done=1200, total=3000)
        expect(page.get_by_text("1,200 of 3,000").first).to_be_visible()
        expect(bar).to_have_js_property("value", 1200)

        desk.note_work(
            "e1",
            done=3000,
            total=3000,
            state="done",
            result="bookings.csv is ready.",
            file_name="bookings.csv",
            file=b"code\r\n",
        )

        said = page.get_by_role("status")
        expect(said).to_contain_text("Finished bookings.csv is ready.")
        expect(said).to_be_focused()
        with page.expect_download() as coming:
            page.get_by_role("link", name="Fetch bookings.csv").click()
        assert Path(coming.value.path()).read_bytes() == b"code\r\n"


def test_without_scripts_long_work_is_looked_at_again_by_itself(desk: Desk):
    desk.note_work("e2", done=1, total=2)
    with desk.page(java_script_enabled=False) as page:
        desk.open(page, "/desk/work/e2")
        expect(page.get_by_text("1 of 2").first).to_be_visible()
        desk.note_work("e2", done=2, total=2, state="done", result="All of it.")

        expect(page.get_by_role("status")).to_contain_text("Finished All of it.")


def addresses(desk: Desk, page: Page) -> Iterator[str]:
    """Every page of this half of the desk, reached by its links."""
    yield from ("/desk/messages", "/desk/deliveries", "/desk/export", "/desk/jobs", "/desk/work")
    desk.note_work("e3", done=1, total=4)
    desk.note_work("e4", state="failed", result="There is no edition.")
    yield from ("/desk/work/e3", "/desk/work/e4")
    desk.open_roster(page, FULL)
    roster = page.url.removeprefix(desk.laptop.url).partition("?")[0]
    person = page.get_by_role("link", name="Bea", exact=True).get_attribute("href") or ""
    yield from (f"{roster}?find=e", roster.replace("/roster", "/message"), person)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_every_page_can_be_used_otherwise_than_by_sight_and_mouse(
    desk: Desk, width: int, scheme: str
):
    with desk.page(width=width, color_scheme=scheme) as page:
        for path in addresses(desk, page):
            desk.open(page, path)
            assert serious_faults(page) == [], path
            assert fits(page), f"{path} is wider than {width}"
        desk.open_roster(page, FULL)
        page.get_by_role("link", name="Write to them").click()
        page.get_by_label("Message").fill("x" * 2100)
        page.get_by_role("button", name="Look at it first").click()
        expect(page.get_by_role("alert")).to_contain_text("100 characters too long")
        assert serious_faults(page) == []
        page.get_by_label("Message").fill("Hello\n\n" + "w" * 300)
        page.get_by_role("button", name="Look at it first").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Send this to")
        assert serious_faults(page) == []
        assert fits(page)


def test_in_high_contrast_what_has_come_of_something_is_framed(desk: Desk):
    desk.note_work("e5", state="done", result="All of it.")
    with desk.page(forced_colors="active") as page:
        desk.open(page, "/desk/work/e5")
        style = page.get_by_role("status").evaluate("e => getComputedStyle(e).borderLeftStyle")

        assert style == "solid"
        assert serious_faults(page) == []


def fits(page: Page) -> bool:
    """Nothing is to be scrolled for sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
