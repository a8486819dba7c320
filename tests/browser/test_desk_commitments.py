"""Counts of commitments, and quotes, at the desk and on the hub: for everybody, on every screen."""

import contextlib
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.axe import serious_faults
from tests.support.browser import LOOKS, PATIENCE
from tests.support.courses import LEADERS
from tests.support.playground import Laptop, a_laptop, run_to_its_end

pytestmark = pytest.mark.browser

PATH = "/desk/courses/CUSTOMER"
MADE = "2026-01-05 08:00:00.000000"
LONG = "Ütopischdenkendlangeswortohnejedeslücke" * 3
FORCED: list[tuple[int, dict[str, Any]]] = [(360, {"forced_colors": "active"})]
SCREENS = [*((width, {"color_scheme": scheme}) for width, scheme in LOOKS), *FORCED]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laptop]:
    folder = tmp_path_factory.mktemp("commitments")
    assert run_to_its_end(folder, "import", str(LEADERS)).returncode == 0
    with a_laptop(folder, command="serve") as laptop:
        with contextlib.closing(sqlite3.connect(folder / "var/learnweek.db", timeout=20)) as db, db:
            fill(db)
        yield laptop


def fill(db: sqlite3.Connection) -> None:
    """Twelve commitments of long ago, of which seven are done, and two quotes."""
    [course] = db.execute("SELECT id FROM courses").fetchone()
    for number in range(12):
        state = "done" if number < 7 else "open"
        db.execute(
            "INSERT INTO commitments (id, course_id, person_id, sealed, is_shared, due_on, made_at,"
            " state) VALUES (?, ?, ?, 'x', ?, '2026-02-01', ?, ?)",
            [number + 1, course, f"somebody-{number}", number < 6, MADE, state],
        )
        if number < 7:
            db.execute(
                "INSERT INTO commitment_checks VALUES (?, 30, ?, 'done', '', ?)",
                [number + 1, f"somebody-{number}", MADE],
            )
    for number, places in enumerate(('["hub", "engage"]', '["report"]')):
        db.execute(
            "INSERT INTO quotes (course_id, person_id, text, places, signed_as, agreed_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [course, f"somebody-{number}", f"It helped. {LONG}", places, "A head of service", MADE],
        )


def is_fine(page: Page) -> bool:
    """Nothing serious is wrong with it for anybody, and it fits its screen."""
    assert serious_faults(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url
    return True


@pytest.mark.parametrize(("width", "looks"), SCREENS)
def test_the_pages_are_fine_for_everybody(
    chromium: Browser, office: Laptop, width: int, looks: dict[str, Any]
):
    context = chromium.new_context(viewport={"width": width, "height": 900}, **looks)
    context.set_default_timeout(PATIENCE)
    problems: list[str] = []
    context.on("weberror", lambda problem: problems.append(str(problem.error)))
    page = context.new_page()

    page.goto(f"{office.url}/hub/sign-in?to={PATH}")
    page.get_by_role("link", name="Commitments: how they stand").click()
    after = page.get_by_role("table", name="After 30 days")
    expect(after.get_by_role("row").filter(has_text="Done")).to_contain_text("7")
    expect(after.get_by_role("row").filter(has_text="Nothing said")).to_contain_text("5")
    assert is_fine(page)

    page.goto(f"{office.url}{PATH}")
    page.get_by_role("link", name="What people say").click()
    expect(page.get_by_label("For a post on Viva Engage")).to_have_count(1)
    page.get_by_role("button", name="Copy quote 1").press("Enter")
    expect(page.get_by_role("status").filter(has_text="opied")).not_to_be_empty()
    assert is_fine(page)

    page.goto(f"{office.url}/hub")
    said = page.get_by_role("region", name="What people say")
    expect(said.get_by_role("listitem")).to_have_count(1)
    expect(said).to_contain_text("A head of service, on “The customer at the heart”")
    assert is_fine(page)
    context.close()
    assert problems == []
