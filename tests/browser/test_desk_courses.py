"""A programme over months at the desk in a browser: people are enrolled and withdrawn."""

import contextlib
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.support.axe import serious_faults
from tests.support.browser import LOOKS, PATIENCE
from tests.support.courses import LEADERS
from tests.support.playground import Laptop, a_laptop, run_to_its_end

pytestmark = pytest.mark.browser

PATH = "/desk/courses/CUSTOMER"


class Desk:
    """The product on a laptop, as an organiser who has signed in sees it."""

    def __init__(self, laptop: Laptop, browser: Browser) -> None:
        self._laptop = laptop
        self._browser = browser
        self._signed_in: StorageState | None = None
        with self.page(f"/hub/sign-in?to={PATH}") as page:
            expect(page.get_by_role("heading", level=1)).to_have_text("The customer at the heart")
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
    folder = tmp_path_factory.mktemp("courses")
    assert run_to_its_end(folder, "import", str(LEADERS)).returncode == 0
    with a_laptop(folder, command="serve") as laptop:
        yield Desk(laptop, chromium)


def test_without_scripts_people_are_enrolled_and_withdrawn(desk: Desk):
    with desk.page(java_script_enabled=False) as page:
        expect(page.get_by_text("Nobody is on it yet")).to_be_visible()
        page.get_by_label("Mail addresses or names").fill("ade@example.org\nnobody@example.org")
        page.get_by_role("button", name="Enrol them").click()
        expect(page.get_by_role("status")).to_contain_text("1 person is enrolled and told")
        expect(page.get_by_role("alert")).to_contain_text("nobody@example.org")
        expect(page.get_by_label("Mail addresses or names")).to_have_value("nobody@example.org")

        page.get_by_label("Group of the directory").fill("Heads of service")
        page.get_by_role("button", name="Enrol the group").click()
        expect(page.get_by_role("status")).to_contain_text("4 people are enrolled and told")
        people = page.get_by_role("table", name="People on it")
        expect(people).to_contain_text("Esra")

        page.get_by_role("link", name="Withdraw Esra").click()
        page.get_by_role("button", name="Withdraw Esra").click()
        expect(page.get_by_role("status")).to_contain_text("Esra is off the programme")
        expect(people).not_to_contain_text("Esra")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_it_can_be_used_otherwise_than_by_sight_and_mouse(desk: Desk, width: int, scheme: Any):
    with desk.page(width=width, color_scheme=scheme) as page:
        people = page.get_by_label("Mail addresses or names")
        people.focus()
        page.keyboard.type("Bea; nobody@example.org")
        for _ in range(2):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#outcome")).to_be_focused()
        assert serious_faults(page) == []
        link = page.get_by_role("link", name="Withdraw Bea").get_attribute("href")
        for path in (PATH, "/desk/courses", link or ""):
            page.goto(page.url.partition("/desk")[0] + path)
            assert serious_faults(page) == [], path
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, path
