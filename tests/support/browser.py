"""The chat window and the page behind it, as somebody at the screen uses them."""

import os
import re
from pathlib import Path

from playwright.sync_api import FloatRect, Locator, Page, expect

CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]

PATIENCE = 20_000
"""Milliseconds that a busy machine may take to show something."""

LOOKS = [(360, "dark"), (1280, "light")]
"""Widths and colours in which pages are looked at: the two have nothing to do with each other."""

PICTURES = Path(__file__).parents[2] / "docs/pictures"
WANTS_PICTURES = os.environ.get("LEARNWEEK_PICTURES") == "1"
SHARPNESS = 1.35 if WANTS_PICTURES else 1.0
MARGIN = 8
WRITTEN_AT = re.compile(r"^(\d\d/\d\d, )?\d\d:\d\d$")
"""When a message was written: the hour of the test run, which is not that of the story."""

HEADER = '[aria-label="Message header"]'
AUTHOR = '[aria-label="Message author"]'
"""One's own messages have none."""


class ChatPage:
    """The Agents Playground: one person's chats, and a team with its channels."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.page.goto(address)
        self._wait_until_open()

    def _wait_until_open(self) -> None:
        """Until then the window may lose what is said, or the answer to it."""
        log = self.page.locator('[contenteditable="true"][spellcheck="false"]').first
        expect(log).to_contain_text("installationUpdate")
        self.editor.wait_for()

    @property
    def editor(self) -> Locator:
        """Where one types; in a channel the first is for a new post."""
        return self.page.locator('[data-lexical-editor="true"]').first

    @property
    def messages(self) -> Locator:
        return self.page.locator(f"div:has(> {HEADER})")

    @property
    def answers(self) -> Locator:
        return self.page.locator(f"div:has(> {HEADER} {AUTHOR})")

    def open(self, name: str) -> None:
        self.page.get_by_role("treeitem", name=name).click()
        self.editor.wait_for()

    def reload(self) -> None:
        self.page.reload()
        self._wait_until_open()

    def say(self, text: str) -> None:
        self.editor.click()
        self.page.keyboard.type(text)
        self.page.get_by_label("Send Message").first.click()

    def told(self, text: str) -> Locator:
        """The bot's newest message that has this in it, waited for."""
        message = self.answers.filter(has_text=text).last
        expect(message).to_be_visible()
        return message

    def ask(self, text: str, expected: str) -> Locator:
        """Say something; the answer, which has the expected words in it."""
        answers = self.answers.filter(has_text=expected)
        before = answers.count()
        self.say(text)
        expect(answers).not_to_have_count(before)
        return answers.last

    def buttons(self, message: Locator) -> Locator:
        """Those of its card; the message has one of its own besides."""
        return message.locator(".ac-adaptiveCard").get_by_role("button")

    def press(self, message: Locator, name: str) -> None:
        self.buttons(message).get_by_text(name, exact=True).click()

    def book(self, listed: Locator, title: str) -> None:
        """Press the Book button of one session in a list."""
        row = listed.locator(".ac-container").filter(has_text=title).last
        row.get_by_role("button", name="Book", exact=True).click()

    def join_link(self, message: Locator) -> Locator:
        return message.get_by_text("Join", exact=True)

    def follow(self, link: Locator) -> str:
        """The heading of the page that a card's link opens.

        The page is closed again, for a browser hardly draws what lies behind another.
        """
        with self.page.context.expect_page() as opened:
            link.click()
        heading = opened.value.get_by_role("heading").first.inner_text()
        opened.value.close()
        return heading

    def title(self, listed: Locator, number: int) -> str:
        """What a list has at this number."""
        row = listed.locator(".ac-adaptiveCard .ac-container").nth(number - 1)
        return re.sub(r"^\W*\d+\W+", "", row.locator(".ac-textBlock").first.inner_text())

    def mention(self, text: str, expected: str) -> Locator:
        """A new post to the bot in the channel that is open; the post with its answer.

        Now and then the window loses the answer to a fresh post: then it is written once more.
        """
        self._mention(text)
        try:
            expect(self.post(f"Learnweek {text}")).to_contain_text(expected, timeout=PATIENCE / 2)
        except AssertionError:
            self._mention(text)
            expect(self.post(f"Learnweek {text}")).to_contain_text(expected)
        return self.post(f"Learnweek {text}")

    def _mention(self, text: str) -> None:
        self.editor.click()
        self.page.keyboard.type("@")
        self.page.get_by_role("menuitem", name="Learnweek").click()
        self.page.keyboard.type(f" {text}")
        self.page.get_by_role("button", name="Post", exact=True).click()

    def post(self, text: str) -> Locator:
        """The newest post with this in it, with its answers."""
        return self.page.get_by_role("group").filter(has_text=text).first


class LaptopPage:
    """The page for trying things out: the clock, the jobs, what was sent."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.page.goto(f"{url}/laptop")

    @property
    def first_screen(self) -> list[Locator]:
        """From the top to the newest few that were sent."""
        return [self.page.get_by_role("banner"), self.page.get_by_role("row").nth(4)]

    def press(self, name: str) -> str:
        """Press a button; what the page says to it."""
        self.page.get_by_role("button", name=name, exact=True).click()
        said = self.page.get_by_role("status")
        expect(said).to_be_visible()
        return said.inner_text()

    def move_clock(self, to: str) -> str:
        """To a local time as a browser's field has it, such as 2026-05-19T08:00."""
        self.page.get_by_label("Or move it to").fill(to)
        return self.press("Move")


def picture(page: Page, name: str, *shown: Locator, width: int = 1400) -> None:
    """Renew a picture of the documentation, if this run was asked to: these, and what is between."""
    if not WANTS_PICTURES:
        return
    hide = "all => all.forEach(one => one.style.visibility = 'hidden')"
    page.get_by_text(WRITTEN_AT).or_(page.get_by_label("Show more information")).evaluate_all(hide)
    page.set_viewport_size({"width": width, "height": 1600})
    page.wait_for_timeout(500)
    boxes = [box for box in (locator.bounding_box() for locator in shown) if box]
    left = max(0, min(b["x"] for b in boxes) - MARGIN)
    top = min(b["y"] for b in boxes)
    right = max(b["x"] + b["width"] for b in boxes) + MARGIN
    bottom = max(b["y"] + b["height"] for b in boxes) + MARGIN
    PICTURES.mkdir(exist_ok=True)
    clip: FloatRect = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    page.screenshot(path=PICTURES / name, clip=clip)
