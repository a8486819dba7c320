"""Champions at the desk in a browser: found, named and ended, without scripts and by keyboard."""

import contextlib
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.support.axe import serious_faults
from tests.support.browser import LOOKS, PATIENCE
from tests.support.playground import Laptop, a_laptop

pytestmark = pytest.mark.browser

PATH = "/desk/champions"
GROUP = "Carers and Working Families Network"


class Desk:
    """The product on a laptop, as an organiser who has signed in sees it."""

    def __init__(self, laptop: Laptop, browser: Browser) -> None:
        self._laptop = laptop
        self._browser = browser
        self._signed_in: StorageState | None = None
        with self.page(f"/hub/sign-in?to={PATH}") as page:
            expect(page.get_by_role("heading", level=1)).to_have_text("Champions")
            self._signed_in = page.context.storage_state()

    @contextlib.contextmanager
    def page(self, path: str = PATH, *, width: int = 1280, **looks: Any) -> Generator[Page]:
        """One page in a window of its own, in which no script may fail."""
        context = self._browser.new_context(
            viewport={"width": width, "height": 900}, storage_state=self._signed_in, **looks
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
    with a_laptop(tmp_path_factory.mktemp("champions"), command="serve") as laptop:
        yield Desk(laptop, chromium)


def name(page: Page, person: str, group: str = GROUP) -> None:
    page.get_by_label("Department or staff network").fill(group)
    page.get_by_label("Name or mail address").fill(person)
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name=f"Name {person}").click()


def test_without_scripts_somebody_is_named_and_ended(desk: Desk):
    with desk.page(java_script_enabled=False) as page:
        expect(page.get_by_text("There are no champions yet")).to_be_visible()

        name(page, "Bea", "Housing")
        expect(page.get_by_role("status")).to_contain_text("is a champion for Housing now")
        expect(page.get_by_role("table", name="Housing")).to_contain_text("Bea")

        page.get_by_role("button", name="Remove Bea").click()
        expect(page.get_by_role("status")).to_contain_text("is no longer a champion for Housing")
        expect(page.get_by_role("table", name="Housing")).to_have_count(0)


def test_by_keyboard_somebody_is_named(desk: Desk):
    with desk.page() as page:
        page.get_by_label("Department or staff network").focus()
        page.keyboard.type("Housing")
        page.keyboard.press("Tab")
        page.keyboard.type("Chidi")
        page.keyboard.press("Enter")
        named = page.get_by_role("button", name="Name Chidi")
        expect(named).to_be_visible()
        named.focus()
        page.keyboard.press("Enter")

        expect(page.get_by_role("table", name="Housing")).to_contain_text("Chidi")
        expect(page.locator("#outcome")).to_be_focused()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_it_can_be_used_otherwise_than_by_sight_and_mouse(desk: Desk, width: int, scheme: Any):
    asked = f"{PATH}?group={GROUP.replace(' ', '+')}"
    with desk.page(width=width, color_scheme=scheme) as page:
        name(page, "Ade")
        for path in (PATH, f"{asked}&find=e", f"{asked}&find=zzz", f"{PATH}?find=e"):
            page.goto(page.url.partition("/desk")[0] + path)
            assert serious_faults(page) == [], path
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, path
        page.goto(page.url.partition("/desk")[0] + PATH)
        page.get_by_role("button", name="Remove Ade").click()


def test_in_high_contrast_what_has_come_of_something_is_framed(desk: Desk):
    with desk.page(forced_colors="active") as page:
        name(page, "Dana")

        expect(page.locator("#outcome")).to_contain_text("Dana")
        assert serious_faults(page) == []
