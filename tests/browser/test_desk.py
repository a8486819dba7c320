"""The organisers' desk in a browser, on a phone and a wide screen, by light and by dark."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, FloatRect, Page, expect

from tests.support.axe import serious_faults
from tests.support.browser import LOOKS, PATIENCE, PICTURES, SHARPNESS, WANTS_PICTURES
from tests.support.playground import Laptop, a_laptop

pytestmark = pytest.mark.browser

SIZES = [360, 1280]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Laptop]:
    """The product without its chat window, at 08:00 on its second day."""
    with a_laptop(tmp_path_factory.mktemp("office"), command="serve") as office:
        office.move_clock(f"{office.day_of('DA1')}T08:00")
        yield office


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]} {look[1]}")
def desk(request: pytest.FixtureRequest, chromium: Browser, office: Laptop) -> Iterator[Page]:
    """Signed in as an organiser, with a screen of this width and look."""
    width, look = request.param
    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=look,
        locale="en-GB",
        timezone_id="Europe/London",
        device_scale_factor=SHARPNESS,
    )
    yield from _signed_in(context, office)


@pytest.fixture
def plain_desk(chromium: Browser, office: Laptop) -> Iterator[Page]:
    """Likewise, in a browser that runs no scripts."""
    context = chromium.new_context(
        viewport={"width": 360, "height": 900}, java_script_enabled=False
    )
    yield from _signed_in(context, office)


def _signed_in(context: BrowserContext, office: Laptop) -> Iterator[Page]:
    context.set_default_timeout(PATIENCE)
    problems: list[str] = []
    context.on("weberror", lambda problem: problems.append(str(problem.error)))
    page = context.new_page()
    page.goto(f"{office.url}/hub/sign-in?to=/desk")
    yield page
    context.close()
    assert problems == []


def is_fine(page: Page) -> bool:
    """Nothing serious is wrong with it for anybody, and it fits its screen."""
    assert serious_faults(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url
    return True


def a_week(office: Laptop, folder: Path, *, change: tuple[str, str] = ("", "")) -> Path:
    """A file of two sessions near the sample week: one that is new, and one with a change of its own."""
    day = office.day_of("DA1")
    text = (
        "code,title,starts,ends,capacity,format,location\n"
        f"NEW1,Plain English,{day}T16:00,{day}T17:00,12,in_person,Library\n"
        f"NEW2,Minutes that get read,{day}T17:00,{day}T18:00,12,in_person,Library\n"
    )
    file = folder / "autumn.csv"
    file.write_text(text.replace(*change))
    return file


def upload(page: Page, office: Laptop, file: Path, edition: str) -> None:
    page.goto(f"{office.url}/desk/publish")
    page.get_by_label("File").set_input_files(file)
    page.get_by_label("Edition", exact=True).select_option("new")
    page.get_by_label("Name of the new edition").fill(edition)
    page.get_by_role("button", name="See what it would change").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What this file would change")


def test_every_page_of_the_programme_is_fine_for_everybody(desk: Page, office: Laptop):
    expect(desk.get_by_role("heading", level=1)).to_have_text("Programme")
    assert is_fine(desk)
    desk.get_by_role("link", name="Digital accessibility").click()
    assert is_fine(desk)
    for name in ("Change it", "Duplicate it", "Cancel this session"):
        desk.get_by_role("link", name=name).click()
        assert is_fine(desk)
        desk.go_back()
    for path in ("/desk/publish", "/desk/changes", "/desk/sessions/new", "/desk?find=nothing"):
        desk.goto(office.url + path)
        assert is_fine(desk)


def test_a_file_is_looked_through_and_published(desk: Page, office: Laptop, tmp_path: Path):
    look = desk.evaluate("`${innerWidth} ${matchMedia('(prefers-color-scheme: dark)').matches}`")
    edition = f"Autumn {look}"
    upload(desk, office, a_week(office, tmp_path), edition)
    expect(desk.get_by_text("Plain English NEW1")).to_be_visible()
    assert is_fine(desk)

    desk.get_by_role("button", name="Publish these changes").click()

    done = desk.get_by_role("status")
    expect(done).to_contain_text(f"autumn.csv is published. {edition}: 2 added")
    expect(done).to_be_focused()
    assert is_fine(desk)
    upload(desk, office, a_week(office, tmp_path, change=("Library", "Town Hall")), edition)
    expect(desk.get_by_role("link", name="Minutes that get read")).to_be_visible()
    expect(desk.locator("del").first).to_have_text("was: Library")
    assert is_fine(desk)


def test_faults_of_a_file_are_read_first(desk: Page, office: Laptop, tmp_path: Path):
    upload(desk, office, a_week(office, tmp_path, change=("T16:00", " at four")), "Faulty")

    expect(desk.get_by_role("alert")).to_contain_text("1 fault in the file")
    expect(desk.get_by_role("row").filter(has_text="starts")).to_contain_text("Write it as")
    expect(desk.get_by_role("button", name="Publish these changes")).to_have_count(0)
    assert is_fine(desk)


def test_a_session_is_changed_by_keyboard_alone(desk: Page, office: Laptop):
    desk.get_by_role("link", name="Neurodiversity at work").press("Enter")
    desk.get_by_role("link", name="Change it").press("Enter")
    desk.get_by_label("Title").fill("")
    desk.get_by_label("Places").fill("a few")
    desk.get_by_role("button", name="See what this changes").press("Enter")

    fault = desk.get_by_role("alert")
    expect(fault).to_be_focused()
    expect(fault).to_contain_text("2 things need another look")
    expect(desk.get_by_label("Places")).to_have_value("a few")
    assert is_fine(desk)
    fault.get_by_role("link", name="Title is missing").press("Enter")
    expect(desk.get_by_label("Title")).to_be_focused()

    places = desk.evaluate("(10 + Math.floor(performance.timeOrigin) % 9000).toString()")
    desk.get_by_label("Title").fill("Neurodiversity at work")
    desk.get_by_label("Places").fill(places)
    desk.get_by_role("button", name="See what this changes").press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Change this session?")
    expect(desk.get_by_text("Nobody is told")).to_be_visible()
    assert is_fine(desk)
    desk.get_by_role("button", name="Save it").press("Enter")
    expect(desk.get_by_role("status")).to_contain_text("Saved.")
    expect(desk.get_by_role("status")).to_be_focused()
    assert is_fine(desk)


def test_a_session_is_added_changed_and_called_off_without_scripts(
    plain_desk: Page, office: Laptop
):
    page, day = plain_desk, office.day_of("DA1")
    page.get_by_role("link", name="Add a session").click()
    for label, text in (
        ("Code", "PLAIN1"),
        ("Title", "Plain forms"),
        ("Starts", f"{day}T18:00"),
        ("Ends", f"{day}T19:00"),
    ):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("Format").select_option("in_person")
    page.get_by_role("button", name="See it before it is added").click()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("status")).to_contain_text("Added.")

    page.get_by_role("link", name="Cancel this session").click()
    page.get_by_role("button", name="Cancel this session").click()

    expect(page.get_by_role("status")).to_contain_text("Called off. Nobody needs to be told.")
    page.goto(f"{office.url}/desk/changes")
    expect(page.get_by_role("listitem").filter(has_text="Session cancelled")).to_contain_text(
        "PLAIN1 Plain forms"
    )


@pytest.mark.parametrize("width", SIZES)
def test_nothing_is_lost_where_colours_are_forced(chromium: Browser, office: Laptop, width: int):
    context = chromium.new_context(viewport={"width": width, "height": 900}, forced_colors="active")
    for page in _signed_in(context, office):
        here = page.get_by_role("navigation", name="Desk").locator("[aria-current]")
        expect(here).to_have_text("Programme")
        expect(here).to_have_css("border-bottom-style", "solid")
        assert is_fine(page)


@pytest.mark.skipif(not WANTS_PICTURES, reason="the pictures of the documentation stay as they are")
def test_the_pictures_of_the_documentation(chromium: Browser, office: Laptop, tmp_path: Path):
    context = chromium.new_context(
        viewport={"width": 1100, "height": 900},
        color_scheme="light",
        locale="en-GB",
        device_scale_factor=SHARPNESS,
    )
    for page in _signed_in(context, office):
        page.goto(f"{office.url}/desk/publish")
        sample = page.get_by_label("Edition", exact=True).locator(
            "option", has_text="Sample week of"
        )
        week = a_week(office, tmp_path, change=("NEW", "PIC"))
        upload(page, office, week, sample.inner_text())
        page.get_by_role("button", name="Publish these changes").click()
        expect(page.get_by_role("status")).to_be_visible()
        for code in ("DA1", "ND1", "PIC1"):
            page.goto(f"{office.url}/hub/sessions/{code}")
            page.get_by_role("button", name="Book").first.click()
        page.goto(f"{office.url}/desk")
        top: FloatRect = {"x": 0, "y": 0, "width": 1100, "height": 800}
        page.screenshot(path=PICTURES / "desk.png", clip=top)
        text = week.read_text().replace("PIC2,Minutes that get read", "PIC3,Good notes")
        week.write_text(text.replace("Library", "Town Hall"))
        upload(page, office, week, sample.inner_text())
        page.get_by_text("What they read about").click()
        top["height"] = 1250
        page.set_viewport_size({"width": 1100, "height": 1250})
        page.screenshot(path=PICTURES / "desk-publish.png", clip=top)
