"""The tab inside Teams: it signs in by itself, looks as Teams does, and says what to do where it cannot.

Teams' page, its script's own file and our pages come over TLS, and the browser refuses third parties'
cookies, so that cookies, the policy of our pages and the script's hash are Chromium's to judge.
"""

import base64
import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

from hub import look
from tests.support.activities import a_person
from tests.support.axe import serious_faults
from tests.support.browser import CHROMIUM_ARGS, PATIENCE, PICTURES, WANTS_PICTURES
from tests.support.now import now
from tests.support.teams_tab import HOST, PACKAGE, SCRIPT, SITE, TeamsTab, teams_tab

pytestmark = pytest.mark.browser

ASHA = a_person("Asha")
CHAT = "https://teams.microsoft.com/l/chat/0/0?users=28:"
POSTED = f"POST {HOST}/hub/session"
SCRIPT_ASKED = "GET res.cdn.office.net/teams-js/2.58.0/js/MicrosoftTeams.min.js"


def a_week() -> str:
    day = now().date() + timedelta(days=1)
    return f"""\
code,title,starts,ends,capacity,format,location
GM1,Growth mindset,{day}T10:00,{day}T11:00,12,in_person,Library
MC1,Mentoring or coaching,{day}T14:00,{day}T15:00,8,in_person,Room 1
"""


@pytest.fixture(scope="module")
def around(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TeamsTab]:
    if not SCRIPT.exists():
        pytest.skip("TeamsJS is not installed: npm ci")
    with teams_tab(tmp_path_factory.mktemp("tab"), a_week()) as around:
        yield around


@pytest.fixture
def teams(around: TeamsTab) -> TeamsTab:
    around.asked.clear()
    around.drops_cookies = False
    around.script = SCRIPT.read_bytes()
    return around


@pytest.fixture(scope="module")
def strict(chromium: Browser, around: TeamsTab) -> Iterator[Browser]:
    """A Chromium that knows Teams' hosts and keeps no third party's cookies but partitioned ones."""
    own = [arg for arg in CHROMIUM_ARGS if not arg.startswith("--host-resolver-rules")]
    browser = chromium.browser_type.launch(
        executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
        args=[
            *own,
            around.rules,
            "--ignore-certificate-errors",
            "--test-third-party-cookie-phaseout",
        ],
    )
    yield browser
    browser.close()


@pytest.fixture(params=[360, 1280])
def window(request: pytest.FixtureRequest, strict: Browser) -> Iterator[Page]:
    yield from _window(strict, request.param)


@pytest.fixture
def one_window(strict: Browser) -> Iterator[Page]:
    yield from _window(strict, 1280)


def _window(browser: Browser, width: int) -> Iterator[Page]:
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": 900}, locale="en-GB", timezone_id="Europe/London"
    )
    context.set_default_timeout(PATIENCE)
    problems: list[str] = []
    context.on("weberror", lambda problem: problems.append(str(problem.error)))
    yield context.new_page()
    context.close()
    assert problems == []


def tab(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


def calls(page: Page, name: str) -> list[list[str]]:
    """What our page asked Teams for by this name."""
    return [rest for first, *rest in page.evaluate("window.calls") if first == name]


def signed_in(page: Page) -> None:
    expect(tab(page).locator("html[data-visitor]")).to_be_attached()


def test_the_script_s_hash_is_that_of_its_package_and_its_version_the_one_that_is_pinned():
    digest = base64.b64encode(hashlib.sha384(SCRIPT.read_bytes()).digest()).decode()
    source = look.ASSETS["teams.js"].decode()
    version = json.loads((PACKAGE / "package.json").read_text())["version"]
    pinned = json.loads(Path("package.json").read_text())["devDependencies"]

    assert f'"sha384-{digest}"' in source
    assert f"sha384-{digest}" in (PACKAGE / "README.md").read_text()
    address = f"https://res.cdn.office.net/teams-js/{version}/js/MicrosoftTeams.min.js"
    assert address == look.TEAMS_JS
    assert f'"{look.TEAMS_JS}"' in source
    assert pinned["@microsoft/teams-js"] == version


def test_the_tab_signs_in_by_itself_once_and_stays_so(teams: TeamsTab, window: Page):
    window.goto(teams.address(person=ASHA))

    signed_in(window)
    expect(tab(window).get_by_role("link", name="Sign in")).to_have_count(0)
    expect(tab(window).get_by_role("button", name="Sign out")).to_be_hidden()
    expect(tab(window).locator("html")).to_have_attribute("data-theme", "light")
    assert calls(window, "appInitialization.success")
    tab(window).get_by_role("link", name="Growth mindset").first.click()
    expect(tab(window).get_by_role("heading", name="Growth mindset", level=1)).to_be_visible()
    signed_in(window)
    assert len(calls(window, "authentication.getAuthToken")) == teams.asked[POSTED] == 1


@pytest.mark.parametrize(("theme", "shown"), [("dark", "dark"), ("contrast", "contrast")])
def test_the_tab_looks_as_teams_does_and_follows_it(
    teams: TeamsTab, window: Page, theme: str, shown: str
):
    window.goto(teams.address(person=ASHA))
    signed_in(window)
    body = tab(window).locator("body")
    expect(tab(window).locator("html")).to_have_attribute("data-theme", "light")
    light = body.evaluate("it => getComputedStyle(it).backgroundColor")

    window.evaluate("theme => dress(theme)", theme)

    expect(tab(window).locator("html")).to_have_attribute("data-theme", shown)
    expect(body).not_to_have_css("background-color", light)
    if WANTS_PICTURES and window.viewport_size == {"width": 1280, "height": 900}:
        window.screenshot(path=PICTURES / f"tab-{shown}.png")
    tab(window).get_by_role("link", name="Growth mindset").first.click()
    expect(tab(window).locator("html")).to_have_attribute("data-theme", shown)


@pytest.mark.parametrize("theme", ["default", "dark", "contrast"])
@pytest.mark.parametrize("page", ["/hub?in=teams", "/hub/mine?in=teams"])
def test_nobody_is_shut_out_where_signing_in_fails(
    teams: TeamsTab, window: Page, page: str, theme: str
):
    window.goto(teams.address(page, error="resourceRequiresConsent", theme=theme))
    expect(tab(window).get_by_role("status").first).to_contain_text("somebody has to agree")

    assert serious_faults(window.frames[-1]) == []
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert window.frames[-1].evaluate(wide) <= 0


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_nobody_is_shut_out_of_the_page_that_says_why_they_are_not_signed_in(
    teams: TeamsTab, window: Page, colours: Literal["light", "dark"]
):
    window.emulate_media(color_scheme=colours)
    window.goto(f"{SITE}/hub/signed-in")

    expect(window.get_by_role("heading", level=1)).to_have_text("You could not be signed in")
    expect(window.get_by_role("main").get_by_role("link", name="Sign in")).to_be_visible()
    assert serious_faults(window) == []


def test_a_deep_link_opens_its_session_and_lets_people_go_on(teams: TeamsTab, window: Page):
    window.goto(teams.address(person=ASHA, session="MC1"))

    expect(
        tab(window).get_by_role("heading", name="Mentoring or coaching", level=1)
    ).to_be_visible()
    signed_in(window)
    tab(window).get_by_role("link", name="Programme").first.click()
    expect(tab(window).get_by_role("link", name="Growth mindset").first).to_be_visible()


def test_a_page_for_those_signed_in_signs_in_first(teams: TeamsTab, window: Page):
    page = "/hub/mine?in=teams&theme=dark"
    window.goto(teams.address(page, person=ASHA, theme="dark"))

    expect(tab(window).locator("html")).to_have_attribute("data-theme", "dark")
    expect(tab(window).get_by_role("heading", level=1)).to_have_text("My week")
    signed_in(window)
    assert teams.asked[POSTED] == 1


def test_who_was_signed_out_over_night_is_told_that_nothing_was_done(
    teams: TeamsTab, one_window: Page
):
    one_window.goto(teams.address(person=ASHA, session="MC1"))
    signed_in(one_window)
    one_window.context.clear_cookies()

    tab(one_window).get_by_role("button", name="Book").click()

    expect(tab(one_window).get_by_role("heading", level=1)).to_have_text("You are signed in again")
    expect(tab(one_window).get_by_role("status")).to_contain_text("Nothing was changed")
    tab(one_window).get_by_role("link", name="Go back").click()
    tab(one_window).get_by_role("button", name="Book").click()
    expect(tab(one_window).get_by_role("heading", name="You're booked")).to_be_visible()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("resourceRequiresConsent", "somebody has to agree to it first"),
        ("consent_required", "somebody has to agree to it first"),
        ("resourceDisabled", "not set up in your organisation"),
        ("invalid_resource", "not set up in your organisation"),
        ("interaction_required", "confirm who you are"),
        ("CancelledByUser", "confirm who you are"),
        ("Something new", "could not be signed in just now"),
    ],
)
def test_where_teams_says_no_the_programme_is_read_and_the_chat_is_one_press_away(
    teams: TeamsTab, one_window: Page, error: str, words: str
):
    one_window.goto(teams.address(error=error))

    told = tab(one_window).get_by_role("status").filter(has_text=words)
    expect(told).to_be_visible()
    expect(tab(one_window).get_by_role("link", name="Growth mindset").first).to_be_visible()
    told.get_by_role("link", name="Open the chat").click()
    one_window.wait_for_function("calls.some(([name]) => name === 'executeDeepLink')")
    [[opened]] = calls(one_window, "executeDeepLink")
    assert opened.startswith(CHAT)
    assert teams.asked[POSTED] == 0


def test_where_cookies_are_blocked_that_is_said_once(teams: TeamsTab, one_window: Page):
    teams.drops_cookies = True
    one_window.goto(teams.address(person=ASHA))

    told = tab(one_window).get_by_role("status").filter(has_text="cookies are blocked")
    expect(told.get_by_role("link", name="Open the chat")).to_be_visible()
    assert teams.asked[POSTED] == teams.asked[f"GET {HOST}/hub"] == 1

    teams.drops_cookies = False
    told.get_by_role("button", name="Try again").click()
    signed_in(one_window)


def test_a_token_that_is_not_ours_leaves_the_page_to_be_read(teams: TeamsTab, one_window: Page):
    one_window.goto(teams.address(person=ASHA, scp="User.Read"))

    expect(tab(one_window).get_by_role("status").first).to_contain_text(
        "could not be signed in here"
    )
    expect(tab(one_window).get_by_role("link", name="Growth mindset").first).to_be_visible()


def test_a_script_that_was_tampered_with_is_not_run(teams: TeamsTab, one_window: Page):
    teams.script += b"\nwindow.tampered = true;"
    one_window.goto(teams.address(person=ASHA))

    expect(tab(one_window).get_by_role("status").first).to_contain_text(
        "could not be signed in just"
    )
    assert one_window.frames[-1].evaluate("window.tampered") is None


def test_outside_teams_nothing_is_loaded_from_anybody_else(teams: TeamsTab, one_window: Page):
    one_window.goto(f"{SITE}/hub")

    expect(one_window.get_by_role("link", name="Sign in")).to_be_visible()
    assert {each.split()[1].partition("/")[0] for each in teams.asked} == {HOST}


def test_outside_teams_people_sign_in_with_their_work_account_and_out(
    teams: TeamsTab, window: Page
):
    teams.login.seat(ASHA)
    window.goto(f"{SITE}/hub/mine")

    window.wait_for_url(f"{SITE}/hub/mine")
    expect(window.get_by_role("heading", level=1)).to_have_text("My week")
    [cookie] = window.context.cookies()
    kept = {name: cookie.get(name) for name in ("name", "secure", "httpOnly", "sameSite")}
    assert kept == {
        "name": "__Host-learnweek",
        "secure": True,
        "httpOnly": True,
        "sameSite": "None",
    }
    window.get_by_role("button", name="Sign out").click()
    expect(window.get_by_role("link", name="Sign in")).to_be_visible()
    assert window.context.cookies() == []


def test_who_does_not_agree_outside_teams_is_offered_the_chat(teams: TeamsTab, one_window: Page):
    teams.login.seat(ASHA)
    teams.login.refuse_at_browser("access_denied")

    one_window.goto(f"{SITE}/hub/mine")

    expect(one_window.get_by_role("main")).to_contain_text("did not allow Learnweek to see who you")
    chat = one_window.get_by_role("link", name="Open the chat in Teams")
    assert (chat.get_attribute("href") or "").startswith(CHAT)


def test_inside_teams_its_script_comes_from_the_pinned_address(teams: TeamsTab, one_window: Page):
    one_window.goto(teams.address(person=ASHA))

    signed_in(one_window)
    assert teams.asked[SCRIPT_ASKED] >= 1
