"""What people answered, and how far they are, at the desk in a browser: for everybody, on every screen."""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from integrations.seals import KeyedSeals
from learning.people import PersonId
from services.ports.seals import of_person
from tests.support.axe import serious_faults
from tests.support.browser import LOOKS, PATIENCE
from tests.support.courses import LEADERS
from tests.support.playground import Laptop, a_laptop, run_to_its_end

pytestmark = pytest.mark.browser

PATH = "/desk/courses/CUSTOMER"
LONG = "Ütopischdenkendlangeswortohnejedeslücke" * 3
THEN = "2026-05-18 08:00:00.000000"
LATER = "2026-05-27 08:00:00.000000"
FORCED: list[tuple[int, dict[str, Any]]] = [(360, {"forced_colors": "active"})]
SCREENS = [*((width, {"color_scheme": scheme}) for width, scheme in LOOKS), *FORCED]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laptop]:
    folder = tmp_path_factory.mktemp("answers")
    assert run_to_its_end(folder, "import", str(LEADERS)).returncode == 0
    with a_laptop(folder, command="serve") as laptop:
        fill(folder)
        yield laptop


def fill(folder: Path) -> None:
    """Six people who have finished the first module, and their answers, as they were put together."""
    seals = KeyedSeals((folder / "var/secret_key").read_text("utf-8").strip())
    with contextlib.closing(sqlite3.connect(folder / "var/learnweek.db", timeout=20)) as db, db:
        [course] = db.execute("SELECT id FROM courses").fetchone()
        [live] = db.execute("SELECT id FROM sessions WHERE code = 'SHOES-A'").fetchone()
        for number in range(6):
            who = f"somebody-{number}"
            chosen = {"how-sure": 1 + number % 5, "who-is-hard": number % 3}
            words = {"hope": f"{LONG} {number}", "dilemma": f"A dilemma {number}"}
            db.execute(
                "INSERT INTO enrolments VALUES (?, ?, 'Spring', 'orla', ?, NULL)",
                [course, who, THEN],
            )
            db.execute(
                "INSERT INTO step_states VALUES (?, ?, '10-whose-service', 0, ?, ?)",
                [course, who, THEN, LATER],
            )
            db.execute(
                "INSERT INTO collated_answers (course_id, step_id, person_id, session_id, figures,"
                " sealed, released_at) VALUES (?, '40-before-we-meet', ?, ?, ?, ?, ?)",
                [
                    course,
                    who,
                    live,
                    seals.seal(f"course:{course}", json.dumps(chosen)),
                    seals.seal(of_person(PersonId(who)), json.dumps(words)),
                    LATER,
                ],
            )


@pytest.mark.parametrize(("width", "looks"), SCREENS)
def test_answers_and_progress_are_fine_for_everybody(
    chromium: Browser, office: Laptop, width: int, looks: dict[str, Any]
):
    context = chromium.new_context(viewport={"width": width, "height": 900}, **looks)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()

    page.goto(f"{office.url}/hub/sign-in?to={PATH}")
    page.get_by_role("link", name="What people answered, without names").click()
    hard = page.get_by_role("table", name="Which customers does your service")
    expect(hard.get_by_role("row").filter(has_text="Those who are not online")).to_contain_text("2")
    expect(page.get_by_role("listitem").filter(has_text="A dilemma")).to_have_count(6)
    assert serious_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.goto(f"{office.url}{PATH}")
    page.get_by_role("link", name="Progress: who is how far").click()
    everybody = page.get_by_role("table", name="Everybody: 6 people").first
    row = everybody.get_by_role("row").filter(has_text="Whose service is it?")
    expect(row).to_contain_text("6")
    assert serious_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with page.expect_download() as download:
        page.get_by_role("button", name="List of people as a file").press("Enter")
    assert download.value.suggested_filename == "progress-customer.csv"
    context.close()
