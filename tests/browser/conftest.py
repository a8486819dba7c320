"""A real laptop mode for each story, and Chromium to look at it with."""

import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.support.browser import CHROMIUM_ARGS, PATIENCE, SHARPNESS, ChatPage, LaptopPage
from tests.support.playground import WINDOW, Laptop, a_laptop, until

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


@pytest.fixture(scope="module")
def laptop(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Laptop]:
    """The product with its chat window, from a clean folder, at 08:00 on its second day.

    The sample week begins today, of which much may be over by the time at which tests run.
    """
    if shutil.which("node") is None:
        pytest.skip("there is no Node.js for the chat window: https://nodejs.org")
    if not WINDOW.exists():
        pytest.skip("the chat window is not installed: npm ci")
    with a_laptop(tmp_path_factory.mktemp("laptop")) as laptop:
        meeting = "make an event with a Teams meeting: Leading from any seat"
        until(lambda: meeting in laptop.read("/laptop"), "the meetings are made")
        laptop.move_clock(f"{laptop.day_of('DA1')}T08:00")
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
        device_scale_factor=SHARPNESS,
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
def chat(laptop: Laptop, screen: BrowserContext) -> ChatPage:
    """One's own chat."""
    return ChatPage(screen.new_page(), laptop.chat)


@pytest.fixture
def behind(laptop: Laptop, screen: BrowserContext, chat: ChatPage) -> LaptopPage:
    """The page behind the chat, which stays in front: Chromium hardly draws what is covered."""
    page = LaptopPage(screen.new_page(), laptop.url)
    chat.page.bring_to_front()
    return page
