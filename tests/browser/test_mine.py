"""Booking on the hub and one's own week, in a real browser: by mouse and keyboard, small, large, dark."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.axe import serious_faults
from tests.support.browser import LOOKS, PATIENCE, SHARPNESS, ChatPage, picture
from tests.support.playground import Laptop

pytestmark = pytest.mark.browser

BOOKED, CLASHES = "Digital accessibility", "Presenting with confidence"


@pytest.fixture(autouse=True)
def emptied(chromium: Browser, laptop: Laptop) -> Iterator[None]:
    """Each test leaves nothing booked and no address behind, however it ends."""
    yield
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(f"{laptop.url}/hub/sign-in?to=/hub/mine")
    back = page.get_by_role("button", name=re.compile("^(Give the place back|Leave)"))
    while back.count():
        before = back.count()
        back.first.click()
        expect(back).to_have_count(before - 1)
    if page.get_by_role("button", name="Remove the address").count():
        page.get_by_role("button", name="Remove the address").click()
        expect(page.get_by_role("button", name="Make an address")).to_be_visible()
    context.close()


@pytest.fixture
def page(screen: BrowserContext, laptop: Laptop) -> Page:
    """Signed in: on a laptop as the person of its chat window."""
    page = screen.new_page()
    page.goto(f"{laptop.url}/hub/sign-in?to=/hub/mine")
    expect(page.get_by_role("heading", name="My week", level=1)).to_be_visible()
    return page


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]} {look[1]}")
def looked_at(request: pytest.FixtureRequest, chromium: Browser, laptop: Laptop) -> Iterator[Page]:
    """The same, as wide and as dark as one looks at it."""
    width, scheme = request.param
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, locale="en-GB"
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{laptop.url}/hub/sign-in?to=/hub/mine")
    yield page
    context.close()


def book(page: Page, laptop: Laptop, code: str) -> None:
    page.goto(f"{laptop.url}/hub/sessions/{code}")
    page.get_by_role("button", name=re.compile("^Book: ")).click()


def fits(page: Page) -> bool:
    """Whether nothing is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_booked_with_the_mouse_is_told_and_has_the_focus(page: Page, laptop: Laptop):
    book(page, laptop, "DA1")

    news = page.get_by_role("status").filter(has_text="You're booked")
    expect(news).to_be_visible()
    expect(news).to_be_focused()
    expect(page.get_by_role("link", name=re.compile("^Join"))).to_be_visible()
    page.reload()
    expect(news).to_be_visible()
    page.get_by_role("link", name="My week").click()
    expect(page.get_by_role("link", name=re.compile(BOOKED))).to_have_count(1)


def test_a_booking_is_made_and_given_back_with_the_keyboard_alone(page: Page, laptop: Laptop):
    page.goto(f"{laptop.url}/hub/sessions/DA1")
    page.get_by_role("link", name="All sessions").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="You're booked")).to_be_focused()

    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status").filter(has_text="Booking cancelled")).to_be_focused()
    expect(page.get_by_role("button", name=re.compile("^Book: "))).to_be_visible()


def test_without_scripts_everything_works(chromium: Browser, laptop: Laptop):
    context = chromium.new_context(java_script_enabled=False, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{laptop.url}/hub/sessions/DA1")
    page.get_by_role("link", name="Sign in to book").click()

    page.get_by_role("button", name=re.compile("^Book: ")).click()
    expect(page.get_by_text("You're booked")).to_be_visible()
    page.get_by_role("link", name="My week").click()
    page.get_by_role("button", name="Make an address").click()
    expect(page.get_by_label("Private address of your calendar")).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()
    page.get_by_role("button", name="Remove the address").click()
    page.get_by_role("button", name=re.compile("^Give the place back")).click()
    expect(page.get_by_text("You have nothing booked ahead.")).to_be_visible()
    context.close()


def test_two_at_one_time_are_a_question(page: Page, laptop: Laptop):
    book(page, laptop, "DA1")
    book(page, laptop, "PC1")

    expect(page.get_by_role("heading", name="These two clash")).to_be_visible()
    assert serious_faults(page) == []
    page.get_by_role("button", name=re.compile("^Swap: give up Digital")).click()

    news = page.get_by_role("status").filter(has_text="You're booked")
    expect(news).to_contain_text("has gone back")
    page.goto(f"{laptop.url}/hub/mine")
    expect(page.get_by_role("link", name=re.compile(CLASHES))).to_have_count(1)
    expect(page.get_by_role("link", name=re.compile(BOOKED))).to_have_count(0)


def test_the_private_address_is_copied_and_opens_a_calendar(page: Page, laptop: Laptop):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=laptop.url)
    page.get_by_role("button", name="Make an address").click()
    field = page.get_by_label("Private address of your calendar")
    page.get_by_role("button", name="Copy").click()

    expect(page.get_by_text("Copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == field.input_value()
    assert laptop.read(copied.removeprefix(laptop.url)).startswith("BEGIN:VCALENDAR")
    page.get_by_role("button", name="Remove the address").click()
    expect(page.get_by_role("status").filter(has_text="no address any more")).to_be_focused()


def test_nudges_are_switched_and_told(page: Page):
    page.get_by_role("button", name="Turn nudges off").click()
    expect(page.get_by_role("status").filter(has_text="Nudges are off.")).to_be_focused()

    page.get_by_role("button", name="Turn nudges on").click()
    expect(page.get_by_role("status").filter(has_text="Nudges are on")).to_be_focused()


def test_it_can_be_used_by_everybody(looked_at: Page, laptop: Laptop):
    assert (serious_faults(looked_at), fits(looked_at)) == ([], True)
    for code in ("DA1", "LS1"):
        book(looked_at, laptop, code)
        assert (serious_faults(looked_at), fits(looked_at)) == ([], True)
    looked_at.goto(f"{laptop.url}/hub/mine")
    looked_at.get_by_role("button", name="Make an address").click()
    expect(looked_at.get_by_label("Private address of your calendar")).to_be_visible()
    assert (serious_faults(looked_at), fits(looked_at)) == ([], True)
    for path in ("/hub", "/hub?view=grid"):
        looked_at.goto(laptop.url + path)
        expect(looked_at.get_by_text("You’re booked")).to_have_count(2)
        assert (serious_faults(looked_at), fits(looked_at)) == ([], True)


def test_contrast_themes_keep_what_matters_visible(chromium: Browser, laptop: Laptop):
    context = chromium.new_context(forced_colors="active", viewport={"width": 360, "height": 900})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{laptop.url}/hub/sign-in?to=/hub/mine")
    book(page, laptop, "DA1")

    news = page.get_by_role("status").filter(has_text="You're booked")
    assert news.evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"
    context.close()


def test_a_picture_of_one_s_week(chromium: Browser, laptop: Laptop, chat: ChatPage):
    chat.ask("hello", "I'm Learnweek")
    context = chromium.new_context(
        viewport={"width": 1100, "height": 1000}, locale="en-GB", device_scale_factor=SHARPNESS
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{laptop.url}/hub/sign-in?to=/hub/mine")
    for code in ("DA1", "LS1"):
        book(page, laptop, code)
    page.goto(f"{laptop.url}/hub/mine")

    expect(page.get_by_role("heading", name="Your places")).to_be_visible()
    picture(page, "my-week.png", page.get_by_role("banner"), page.get_by_role("main"), width=1100)
    context.close()
