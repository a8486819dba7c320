"""The hub page as somebody has it before them: on a phone and a wide screen, light, dark, and on paper."""

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.support.axe import serious_faults
from tests.support.browser import PICTURES, WANTS_PICTURES, ChatPage
from tests.support.playground import Laptop

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 360, "height": 740}
WIDE: ViewportSize = {"width": 1280, "height": 900}
SIZES = [pytest.param(PHONE, id="phone"), pytest.param(WIDE, id="wide")]
PAGES = [
    "/hub",
    "/hub?view=grid",
    "/hub?q=something+about+data&places=left",
    "/hub?q=zebra+juggling",
    "/hub?format=in_person&view=grid",
    "/hub?format=zoom&strand=nothing",
    "/hub?q=nudges+off",
    "/hub/sessions/GM1",
    "/hub/sessions/DC1",
    "/hub/sessions/EDX",
]
Scheme = Literal["light", "dark"]


@pytest.fixture
def page(screen: BrowserContext) -> Page:
    return screen.new_page()


@pytest.fixture
def without_scripts(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(java_script_enabled=False, viewport=PHONE)
    yield context.new_page()
    context.close()


def sessions(page: Page) -> list[str]:
    return page.locator("[data-session] h3, .timetable h3").all_inner_texts()


def has_room(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways for."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_nobody_is_shut_out(laptop: Laptop, page: Page, size: ViewportSize, scheme: Scheme):
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    found: dict[str, list[str]] = {}
    for path in PAGES:
        page.goto(laptop.url + path)
        found[path] = [*serious_faults(page), *([] if has_room(page) else ["too wide"])]

    assert found == {path: [] for path in PAGES}


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_a_theme_that_teams_names_outdoes_the_device(laptop: Laptop, page: Page, theme: str):
    device: Scheme = "light" if theme == "dark" else "dark"
    page.emulate_media(color_scheme=device)
    paper = {"light": "rgb(247, 247, 252)", "dark": "rgb(19, 18, 41)", "contrast": "rgb(0, 0, 0)"}
    for path in ("/hub", "/hub?view=grid", "/hub/sessions/GM1"):
        page.goto(laptop.url + path)
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)

        assert serious_faults(page) == []
        expect(page.locator("body")).to_have_css("background-color", paper[theme])


def test_in_a_contrast_theme_of_windows_states_and_the_present_place_have_lines(
    laptop: Laptop, page: Page
):
    page.emulate_media(forced_colors="active")
    page.goto(f"{laptop.url}/hub")

    assert serious_faults(page) == []
    expect(page.locator(".state").first).to_have_css("border-style", "solid")
    expect(page.locator(".views [aria-current]")).to_have_css("outline-style", "solid")


def test_a_search_and_a_filter_work_by_keyboard_and_lead_to_the_outcome(laptop: Laptop, page: Page):
    page.set_viewport_size(WIDE)
    page.goto(f"{laptop.url}/hub")

    page.get_by_label("Search the programme").focus()
    page.keyboard.type("inclusion")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="About “inclusion”")).to_be_visible()
    found = sessions(page)
    assert len(found) >= 3
    assert page.url.endswith("/hub?q=inclusion#fits")

    page.get_by_label("Format").select_option("Zoom")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#fits")).to_be_focused()
    assert len(sessions(page)) < len(found)

    page.get_by_role("link", name="Show all").first.click()
    assert len(sessions(page)) > len(found)


def test_without_scripts_the_page_can_be_read_searched_and_filtered(
    laptop: Laptop, without_scripts: Page
):
    page = without_scripts
    page.goto(f"{laptop.url}/hub")
    every = len(sessions(page))

    page.get_by_text("Filters").click()
    page.get_by_label("Only with places left").check()
    page.get_by_label("Format").select_option("In person")
    page.get_by_role("button", name="Show", exact=True).click()

    assert 0 < len(sessions(page)) < every
    expect(page.locator("#fits")).to_contain_text(f"of {every}")
    expect(page.get_by_role("button", name="Copy link")).to_have_count(0)


def test_the_grid_has_days_beside_each_other_and_on_a_phone_below(laptop: Laptop, page: Page):
    page.set_viewport_size(WIDE)
    page.goto(f"{laptop.url}/hub?view=grid")
    days = page.locator(".week .day:not(.free)")
    first, second = days.nth(0), days.nth(1)

    def sides() -> tuple[bool, bool]:
        one, other = first.bounding_box(), second.bounding_box()
        assert one is not None
        assert other is not None
        return other["x"] > one["x"], other["y"] > one["y"]

    assert sides() == (True, False)
    page.set_viewport_size(PHONE)
    assert sides() == (False, True)


def test_places_change_while_the_page_is_open_and_only_what_matters_is_read_out(
    laptop: Laptop, page: Page, chat: ChatPage
):
    page.goto(f"{laptop.url}/hub")
    line = page.locator("[data-session]").filter(has_text="Presenting with confidence")
    expect(line.locator(".state")).to_have_text("8 places left")
    expect(page.locator("[data-live]")).to_have_count(1)

    chat.ask("book PC1", "You're booked")
    page.bring_to_front()

    expect(line.locator(".state")).to_have_text("7 places left")
    expect(line.locator(".state")).to_have_class("state open")
    expect(page.locator("[data-told]")).to_have_text("")


def test_what_becomes_full_is_read_out_once_with_all_that_does(laptop: Laptop, page: Page):
    """The browser is told by a line that plays ours, for nobody can fill a session in a moment."""
    page.goto(f"{laptop.url}/hub")
    ids = page.locator("[data-session]").evaluate_all("all => all.map(one => one.dataset.session)")
    full = ",".join(f'"{one}":["full","Full"]' for one in ids)
    page.route(
        "**/hub/places",
        lambda route: route.fulfill(
            content_type="text/event-stream", body=f"id: x-1\ndata: {{{full}}}\n\n"
        ),
    )
    page.reload()

    expect(page.locator("[data-told]")).to_contain_text(f"And {len(ids) - 3} more.")
    assert page.locator("[data-told]").inner_text().count("Full") == 3
    expect(page.locator("li.full")).to_have_count(len(ids))


def test_printed_it_is_a_list_a_day_to_a_sheet_with_the_places_of_that_moment(
    laptop: Laptop, page: Page
):
    for view in ("list", "grid"):
        page.goto(f"{laptop.url}/hub?view={view}")
        expect(page.locator("[data-live]")).to_have_count(1)
        on = page.locator(".day:not(.free)").count()
        page.emulate_media(media="print")
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")

        expect(
            page.get_by_text(re.compile(r"^Places as of 0[89]:\d\d on \w+day \d+ \w+ \d{4}\.$"))
        ).to_be_visible()
        for gone in (".masthead", "form.find", ".views", "footer"):
            expect(page.locator(gone)).to_be_hidden()
        sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))
        assert on <= sheets <= on + 1
        page.emulate_media(media="screen")


def test_a_session_s_link_can_be_copied(laptop: Laptop, page: Page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=laptop.url)
    page.goto(f"{laptop.url}/hub/sessions/GM1")

    page.get_by_role("button", name="Copy link").click()

    expect(page.get_by_text("Link copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{laptop.url}/hub/sessions/GM1"


@pytest.mark.parametrize(
    ("name", "size", "path"),
    [("hub.png", WIDE, "/hub?view=grid"), ("hub-phone.png", PHONE, "/hub")],
)
def test_it_looks_as_the_documentation_shows(
    laptop: Laptop, page: Page, name: str, size: ViewportSize, path: str
):
    page.set_viewport_size(size)
    page.goto(laptop.url + path)

    expect(page.get_by_role("heading", name="What’s on")).to_be_visible()
    if WANTS_PICTURES:
        page.screenshot(path=PICTURES / name)
