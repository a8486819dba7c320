"""Forming action learning sets at the desk in a browser: proposed, changed and confirmed."""

import asyncio
import contextlib
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from learning.courses.action_sets import Wish
from learning.people import Person, PersonId
from learning.profiles import Profile
from store.engine import open_database
from store.unit_of_work import SqlWork
from tests.support import now as clock
from tests.support.axe import serious_faults
from tests.support.browser import LOOKS, PATIENCE, PICTURES, SHARPNESS, WANTS_PICTURES
from tests.support.courses import enrol, start, the_course
from tests.support.databases import sqlite_url
from tests.support.playground import Laptop, a_laptop

pytestmark = pytest.mark.browser

SETS = "/desk/courses/CUSTOMER/sets"
NAMES = "Amara Ben Carys Dev Elin Femi Grace Hari Isla Jonas Kemi Luca Mina".split()
TEAMS = ("Housing", "Libraries", "Parks")
TIMES = ("Tuesday morning", "Thursday afternoon", "Friday morning")


async def fill(database: Path) -> None:
    """Thirteen people put themselves forward; one of them can make a time that nobody else can."""
    opened = open_database(sqlite_url(database))
    work, now = SqlWork(opened), clock.now()
    running = await start(work, the_course(now - timedelta(days=3)), now)
    people = [PersonId(f"leader-{name.lower()}") for name in NAMES]
    async with work() as uow:
        for number, (person_id, name) in enumerate(zip(people, NAMES, strict=True)):
            await uow.people.save(Person(id=person_id, name=name, email=f"{name}@example.org"))
            can = {"Monday afternoon"} if name == "Mina" else {TIMES[number % 2], TIMES[2]}
            await uow.sets.save_wish(
                Wish(
                    course_id=running.id,
                    person_id=person_id,
                    can=frozenset(can),
                    prefers=frozenset(can - {TIMES[2]}),
                    put_forward_at=now + timedelta(seconds=number),
                )
            )
        await uow.profiles.save(
            Profile(person_id=person_id, department=TEAMS[number % 3], read_at=now)
            for number, person_id in enumerate(people)
        )
        await uow.commit()
    await enrol(work, running, people, now)
    await opened.close()


class Desk:
    """The product on a laptop, as an organiser who has signed in sees it."""

    def __init__(self, laptop: Laptop, browser: Browser) -> None:
        self._laptop = laptop
        self._browser = browser
        self._signed_in: StorageState | None = None
        with self.page(f"/hub/sign-in?to={SETS}") as page:
            expect(page.get_by_role("heading", level=1)).to_have_text("Action learning sets")
            self._signed_in = page.context.storage_state()

    @contextlib.contextmanager
    def page(self, path: str = SETS, *, width: int = 1280, **looks: Any) -> Generator[Page]:
        """One page in a window of its own, in which no script may fail."""
        context = self._browser.new_context(
            viewport={"width": width, "height": 900},
            storage_state=self._signed_in,
            device_scale_factor=SHARPNESS,
            **looks,
        )
        context.set_default_timeout(PATIENCE)
        problems: list[str] = []
        context.on("weberror", lambda problem: problems.append(str(problem.error)))
        page = context.new_page()
        page.goto(f"{self._laptop.url}{path}")
        yield page
        context.close()
        assert problems == []


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("sets")
    with a_laptop(folder, command="serve") as laptop:
        with ThreadPoolExecutor(1) as aside:  # Playwright has a loop of its own in this thread
            aside.submit(asyncio.run, fill(folder / "var/learnweek.db")).result()
        yield Desk(laptop, chromium)


def is_well(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    assert serious_faults(page) == [], page.url


def test_sets_are_proposed_changed_and_confirmed_without_scripts(desk: Desk):
    with desk.page(java_script_enabled=False) as page:
        expect(page.get_by_text("13 people wait for a set")).to_be_visible()
        page.get_by_role("button", name="Propose sets").click()
        expect(page.get_by_role("status")).to_contain_text("2 sets are proposed", timeout=30_000)

        page.goto(page.url.partition("/desk")[0] + SETS)
        expect(page.get_by_text("Not placed: at most 1 can make a time")).to_be_visible()
        expect(page.get_by_role("table", name="Proposal")).to_contain_text("Of one team, Housing")
        if WANTS_PICTURES:
            page.set_viewport_size({"width": 1280, "height": 1180})
            page.screenshot(path=PICTURES / "desk-sets.png")

        page.get_by_label("Set for Mina").select_option(index=1)
        page.get_by_role("button", name="Place Mina").click()
        expect(page.get_by_role("heading", name="This breaks a rule")).to_be_visible()
        page.get_by_role("link", name="No, leave it").click()

        page.get_by_role("link", name="Set 1").click()
        page.get_by_label("Name or mail address").fill("Bea")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("button", name="Name Bea as facilitator").click()
        expect(page.get_by_role("status")).to_contain_text("The facilitator is named.")
        page.get_by_label("Move meeting 2 to").fill("2020-01-01T10:00")
        page.get_by_role("button", name="Save meeting 2").click()
        expect(page.get_by_role("alert")).to_contain_text("That time is over.")
        expect(page.get_by_label("Move meeting 2 to")).to_have_value("2020-01-01T10:00")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_it_can_be_used_otherwise_than_by_sight_and_mouse(desk: Desk, width: int, scheme: Any):
    with desk.page(width=width, color_scheme=scheme) as page:
        if page.get_by_role("button", name="Propose sets").is_visible():
            page.get_by_role("button", name="Propose sets").press("Enter")
            expect(page.locator("#outcome")).to_contain_text("proposed", timeout=30_000)
            page.goto(page.url.partition("/desk")[0] + SETS)
        is_well(page)
        page.get_by_label("Set for Mina").select_option(index=1)
        page.get_by_role("button", name="Place Mina").press("Enter")
        expect(page.get_by_role("heading", name="This breaks a rule")).to_be_visible()
        is_well(page)
        page.get_by_role("link", name="No, leave it").press("Enter")
        page.get_by_role("table", name="Proposal").get_by_role("link").last.press("Enter")
        is_well(page)
        page.get_by_label("Name of the set").fill(f"The {scheme} set")
        page.get_by_role("button", name="Save the name").press("Enter")
        expect(page.locator("#outcome")).to_be_focused()


def test_what_is_confirmed_stands_apart_in_high_contrast_too(desk: Desk):
    with desk.page(forced_colors="active") as page:
        if page.get_by_role("button", name="Propose sets").is_visible():
            page.get_by_role("button", name="Propose sets").click()
            expect(page.locator("#outcome")).to_contain_text("proposed", timeout=30_000)
            page.goto(page.url.partition("/desk")[0] + SETS)
        page.get_by_role("button", name="Confirm these 2 sets").click()
        expect(page.locator("#outcome")).to_contain_text("The sets are confirmed.")
        expect(page.get_by_role("table", name="Confirmed sets").get_by_role("row")).to_have_count(3)
        is_well(page)
