"""The chat window and the page behind it, as somebody at the screen uses them."""

import os
import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

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

PICTURES = Path(__file__).parents[2] / "docs/pictures"
HEADER = '[aria-label="Message header"]'


class ChatPage:
    """The Agents Playground: one person's chats, and a team with its channels."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.page.goto(address)
        self.editor.wait_for()

    @property
    def editor(self) -> Locator:
        """Where one types; in a channel the first is for a new post."""
        return self.page.locator('[data-lexical-editor="true"]').first

    @property
    def messages(self) -> Locator:
        return self.page.locator(f"div:has(> {HEADER})")

    def open(self, name: str) -> None:
        self.page.get_by_role("treeitem", name=name).click()
        self.editor.wait_for()

    def reload(self) -> None:
        self.page.reload()
        self.editor.wait_for()

    def say(self, text: str) -> None:
        self.editor.click()
        self.page.keyboard.type(text)
        self.page.get_by_label("Send Message").first.click()

    def told(self, text: str | re.Pattern[str]) -> Locator:
        """The newest message that has this in it, waited for."""
        message = self.messages.filter(has_text=text).last
        expect(message).to_be_visible()
        return message

    def ask(self, text: str, expected: str) -> Locator:
        """Say something, and the newest message with the expected words in it."""
        before = self.messages.filter(has_text=expected).count()
        self.say(text)
        expect(self.messages.filter(has_text=expected)).not_to_have_count(before)
        return self.told(expected)

    def mention(self, text: str) -> None:
        """A new post in the channel that is open, to the bot."""
        self.editor.click()
        self.page.keyboard.type("@")
        self.page.get_by_role("menuitem", name="Learnweek").click()
        self.page.keyboard.type(f" {text}")
        self.page.get_by_role("button", name="Post", exact=True).click()

    def post(self, text: str) -> Locator:
        """A post with its answers."""
        return self.page.get_by_role("group").filter(has_text=text).first


class LaptopPage:
    """The page for trying things out: the clock, the jobs, what was sent."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.page.goto(f"{url}/laptop")

    def wait_for(self, text: str) -> None:
        """Look again until this is on the page."""
        for _ in range(100):
            if self.page.get_by_text(text).count():
                return
            self.page.wait_for_timeout(100)
            self.page.goto(f"{self.url}/laptop")
        raise AssertionError(f"waited in vain for {text!r}")

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

    def day_of(self, code: str) -> str:
        """The day of a session, as the programme's own page has it: 2026-05-19."""
        self.page.goto(f"{self.url}/hub")
        line = self.page.get_by_role("listitem").filter(
            has=self.page.locator(f'a[href$="/sessions/{code}"]')
        )
        starts = line.locator("time").get_attribute("datetime")
        self.page.goto(f"{self.url}/laptop")
        assert starts, f"{code} has no time"
        return starts[:10]


def picture(subject: Page | Locator, name: str) -> None:
    """Renew a picture of the documentation, if this run was asked to."""
    if os.environ.get("LEARNWEEK_PICTURES") == "1":
        PICTURES.mkdir(exist_ok=True)
        subject.screenshot(path=PICTURES / name)
