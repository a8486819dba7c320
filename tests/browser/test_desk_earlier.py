"""Earlier editions at the desk in a browser, on a phone and a wide screen, by light and by dark."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.axe import serious_faults
from tests.support.browser import LOOKS, PATIENCE, SHARPNESS
from tests.support.playground import Laptop, a_laptop

pytestmark = pytest.mark.browser

SAMPLE = Path(__file__).parents[2] / "sample" / "earlier.csv"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Laptop]:
    with a_laptop(tmp_path_factory.mktemp("office"), command="serve") as office:
        yield office


@pytest.mark.parametrize(("width", "look"), LOOKS)
def test_figures_of_earlier_editions_are_taken_in_and_removed(
    width: int, look: str, chromium: Browser, office: Laptop, tmp_path: Path
):
    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if look == "dark" else "light",
        locale="en-GB",
        device_scale_factor=SHARPNESS,
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{office.url}/hub/sign-in?to=/desk/report/earlier")
    expect(page.get_by_role("heading", name="Earlier editions")).to_be_visible()
    expect(page.get_by_text("None yet.")).to_be_visible()
    _is_well(page, tmp_path / f"empty-{width}-{look}.png")

    bad = tmp_path / "bad.csv"
    bad.write_text("edition,attended\nMay 2025,many\n,5\n")
    page.get_by_label("File").set_input_files(bad)
    page.get_by_role("button", name="Take in the file").click()
    expect(page.get_by_role("alert")).to_contain_text("2 faults in bad.csv")
    _is_well(page, tmp_path / f"faults-{width}-{look}.png")

    page.get_by_label("File").set_input_files(SAMPLE)
    page.get_by_role("button", name="Take in the file").click()
    expect(page.get_by_role("status")).to_contain_text("2 taken in, 0 replaced.")
    expect(page.get_by_role("status")).to_be_focused()
    _is_well(page, tmp_path / f"taken-{width}-{look}.png")

    for name in ("Learning at Work Week 2025", "Learning at Work Week 2024"):
        page.get_by_role("button", name=f"Remove {name}").click()
        expect(page.get_by_role("status")).to_contain_text(f"{name} has been removed.")
    context.close()


def _is_well(page: Page, picture: Path) -> None:
    """Nothing runs out of the screen, and no serious fault of accessibility."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious_faults(page) == []
    page.screenshot(path=picture, full_page=True)
