"""Ideas at the desk: a list, a question to everybody, one idea, and the session that comes of it."""

import contextlib
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.axe import serious_faults
from tests.support.browser import LOOKS, PATIENCE
from tests.support.playground import Laptop, a_laptop

pytestmark = pytest.mark.browser

QUESTION = "What does Made for Learning mean to you?"
IDEAS = {
    "A session on how we listen to tenants who are angry, with actors, in small groups": 23,
    "Sign language for receptionists": 9,
    "Ütopischdenkendlangeswortohnejedeslücke" * 3: 2,
}
MADE = "2026-05-18 08:00:00.000000"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Laptop]:
    """The product without its chat window, with ideas of people in two departments."""
    folder = tmp_path_factory.mktemp("ideas")
    with a_laptop(folder, command="serve") as office:
        with contextlib.closing(sqlite3.connect(folder / "var/learnweek.db", timeout=20)) as db, db:
            fill(db)
        yield office


def fill(db: sqlite3.Connection) -> None:
    for number in range(25):
        person = f"somebody-{number}"
        department = "Housing and Homelessness" if number < 7 else f"Department {number // 9}"
        db.execute(
            "INSERT INTO people (id, name, email, teams_id, service_url, conversation_id, tenant_id,"
            " unreachable, wants_nudges, wants_highlights) VALUES (?, '', '', '', '', '', '', '', 1, 0)",
            [person],
        )
        db.execute(
            "INSERT INTO person_profiles (person_id, department, office, manager_id, language,"
            " read_at) VALUES (?, ?, '', '', '', ?)",
            [person, department, MADE],
        )
    for number, (text, supporters) in enumerate(IDEAS.items(), 1):
        db.execute(
            "INSERT INTO ideas (id, text, person_id, made_at, state, reason)"
            " VALUES (?, ?, 'somebody-0', ?, 'open', '')",
            [number, text, MADE],
        )
        for person in range(supporters):
            db.execute(
                "INSERT INTO idea_supports VALUES (?, ?, ?)", [number, f"somebody-{person}", MADE]
            )


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]} {look[1]}")
def desk(request: pytest.FixtureRequest, chromium: Browser, office: Laptop) -> Iterator[Page]:
    width, look = request.param
    yield from signed_in(chromium, office, width=width, color_scheme=look)


def signed_in(chromium: Browser, office: Laptop, *, width: int, **looks: Any) -> Iterator[Page]:
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, locale="en-GB", **looks
    )
    context.set_default_timeout(PATIENCE)
    problems: list[str] = []
    context.on("weberror", lambda problem: problems.append(str(problem.error)))
    page = context.new_page()
    page.goto(f"{office.url}/hub/sign-in?to=/desk/ideas")
    yield page
    context.close()
    assert problems == []


def is_fine(page: Page) -> bool:
    """Nothing serious is wrong with it for anybody, and it fits its screen."""
    assert serious_faults(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url
    return True


def test_the_pages_about_ideas_are_fine_for_everybody(desk: Page, office: Laptop):
    expect(desk.get_by_role("heading", level=1)).to_have_text("Ideas")
    row = desk.get_by_role("row").filter(has_text="with actors")
    expect(row).to_contain_text("7 from Housing and Homelessness, 5 from Department 2")
    assert is_fine(desk)

    desk.get_by_label("Question to everybody").fill("?")
    desk.get_by_role("button", name="Ask for ideas").press("Enter")
    expect(desk.get_by_role("alert")).to_contain_text("Write the question")
    expect(desk.get_by_role("alert")).to_be_focused()
    expect(desk.get_by_label("Question to everybody")).to_have_value("?")
    assert is_fine(desk)

    desk.get_by_label("Question to everybody").fill(QUESTION)
    desk.get_by_role("button", name="Ask for ideas").press("Enter")
    expect(desk.get_by_role("status")).to_contain_text("You are asking for ideas now.")
    assert is_fine(desk)
    desk.get_by_role("button", name="Close the question").press("Enter")
    expect(desk.get_by_role("status")).to_contain_text("The question is closed.")

    desk.get_by_label("State").select_option("declined")
    desk.get_by_role("button", name="Show").click()
    expect(desk.get_by_text("There are no such ideas.")).to_be_visible()
    assert is_fine(desk)


def test_an_idea_leads_to_the_form_of_a_session(desk: Page, office: Laptop):
    desk.get_by_role("link", name="Sign language for receptionists", exact=True).click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Idea")
    assert is_fine(desk)
    desk.get_by_role("button", name="Decline the idea").press("Enter")
    expect(desk.get_by_label("Why it is not taken up")).to_be_focused()

    desk.get_by_role("link", name="Make a session").click()

    expect(desk.get_by_label("Title")).to_have_value("Sign language for receptionists")
    expect(desk.get_by_text("Of an idea that 9 people want.")).to_be_visible()
    assert is_fine(desk)


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_lost_where_colours_are_forced(chromium: Browser, office: Laptop, width: int):
    for page in signed_in(chromium, office, width=width, forced_colors="active"):
        expect(page.get_by_role("row").filter(has_text="Sign language")).to_be_visible()
        assert is_fine(page)
