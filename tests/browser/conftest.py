"""A real laptop mode for each story, and Chromium to look at it with."""

import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.support.browser import CHROMIUM_ARGS, PATIENCE, ChatPage, LaptopPage
from tests.support.playground import WINDOW, Laptop, a_laptop

FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("there is no Chromium: apt install chromium")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_ARGS)
        yield browser
        browser.close()


@pytest.fixture
def laptop(tmp_path: Path, chromium: Browser) -> Iterator[Laptop]:
    """The product, started from a clean folder, with its chat window."""
    if shutil.which("node") is None:
        pytest.skip("there is no Node.js for the chat window: https://nodejs.org")
    if not WINDOW.exists():
        pytest.skip("the chat window is not installed: npm ci")
    with a_laptop(tmp_path) as laptop:
        yield laptop


@pytest.fixture
def screen(
    request: pytest.FixtureRequest, chromium: Browser, tmp_path: Path
) -> Iterator[BrowserContext]:
    """A browser of one's own. No page may fail in it; a failed test leaves pictures behind."""
    context = chromium.new_context(
        viewport={"width": 1400, "height": 1000},
        locale="en-GB",
        timezone_id="Europe/London",
        device_scale_factor=1.3,
    )
    context.set_default_timeout(PATIENCE)
    problems: list[str] = []
    context.on("weberror", lambda problem: problems.append(str(problem.error)))
    yield context
    if request.node.stash.get(FAILED, False):
        for number, page in enumerate(context.pages, 1):
            page.screenshot(path=tmp_path / f"failed-{number}.png")
    context.close()
    assert problems == []


@pytest.fixture
def behind(laptop: Laptop, screen: BrowserContext) -> LaptopPage:
    """The page behind the chat, with its clock at 08:00 on the second day of the sample week.

    On the first day, today, some sessions are over by the time at which tests happen to run.
    """
    page = LaptopPage(screen.new_page(), laptop.url)
    page.wait_for("make an event with a Teams meeting: Leading from any seat")
    page.move_clock(f"{page.day_of('DA1')}T08:00")
    return page


@pytest.fixture
def chat(laptop: Laptop, screen: BrowserContext, behind: LaptopPage) -> ChatPage:
    """One's own chat, opened for the first time."""
    return ChatPage(screen.new_page(), laptop.chat)
