"""A plain chat in the terminal with the bot that runs on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import signal
import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import aiohttp
from aiohttp import web

NOT_RUNNING = (
    "Nothing answers on this machine yet: start the bot in another terminal with `make run`."
)
STOPPED = "The bot no longer answers. Start it again with `make run`."
CLOSING = 0.5
"""Seconds for what the bot is just sending; whoever leaves does not wait for more."""

HELLO = "Type what's on today, or a number to press a button; leave with Ctrl-D."


class Terminal:
    """Plays Teams for one person: posts what is typed, prints the cards that come back."""

    def __init__(self, http: aiohttp.ClientSession, bot_url: str) -> None:
        self.address = ""
        self._http = http
        self._bot_url = bot_url
        self._buttons: list[dict[str, Any]] = []
        self._filled: dict[str, str] = {}

    async def receive(self, request: web.Request) -> web.Response:
        activity: dict[str, Any] = await request.json()
        if text := activity.get("text"):
            print(f"\n{text}\n")
        attachments: list[dict[str, Any]] = activity.get("attachments") or []
        for attachment in attachments:
            self.show(attachment["content"])
        return web.json_response({"id": uuid4().hex}, status=201)

    def show(self, card: dict[str, Any]) -> None:
        self._buttons = []
        self._filled = {i["id"]: i.get("value", "") for i in _inputs(card.get("body", []))}
        print()
        for line in _lines(card.get("body", []), self._buttons):
            print(line)
        for line in _lines(
            [{"type": "ActionSet", "actions": card.get("actions", [])}], self._buttons
        ):
            print(line)
        print()

    async def arrive(self) -> None:
        """The bot was added to the chat: it welcomes whom it does not know."""
        await self._post({"type": "installationUpdate", "action": "add"})

    async def say(self, words: str) -> None:
        if words.isdecimal() and 0 < int(words) <= len(self._buttons):
            button = self._buttons[int(words) - 1]
            if button["type"] == "Action.OpenUrl":
                print(button["url"])
                return
            filled = {id: value for id, value in self._filled.items() if value}
            await self._post({"value": button["fallback"]["data"] | filled})
            return
        field, equals, value = (part.strip() for part in words.partition("="))
        if equals and field in self._filled:
            self._filled[field] = value
            print(f"  {field}: {value}")
            return
        await self._post({"text": words})

    async def _post(self, content: dict[str, Any]) -> None:
        activity = {
            "type": "message",
            "id": uuid4().hex,
            "channelId": "msteams",
            "serviceUrl": self.address,
            "from": {"id": "terminal", "name": "Learner", "aadObjectId": "terminal"},
            "recipient": {"id": "28:learnweek", "name": "Learnweek"},
            "conversation": {"id": "a:terminal", "conversationType": "personal"},
            **content,
        }
        async with self._http.post(self._bot_url, json=activity) as response:
            if response.status >= 400:
                print(f"The bot refused this ({response.status}).")


def _lines(elements: list[dict[str, Any]], buttons: list[dict[str, Any]]) -> list[str]:
    """A card as lines of text, its buttons numbered in the order in which they stand."""
    lines: list[str] = []
    for element in elements:
        match element["type"]:
            case "TextBlock":
                lines.append(_unescaped(element["text"]))
            case "FactSet":
                lines += [f"  {f['title']}: {_unescaped(f['value'])}" for f in element["facts"]]
            case "Container":
                lines += ["", *_lines(element["items"], buttons)]
            case "ActionSet":
                for action in element["actions"]:
                    buttons.append(action)
                    lines.append(f"  [{len(buttons)}] {action['title']}")
            case "Input.Text" | "Input.ChoiceSet" | "Input.Toggle" | "Input.Number":
                choices = ", ".join(c["value"] for c in element.get("choices", []))
                lines.append(f"  {element['label']}: {element.get('value', '')}")
                lines.append(f"    (type {element['id']} = {choices or '…'})")
            case _:
                lines.append(json.dumps(element))
    return lines


def _inputs(elements: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What can be filled in on a card."""
    for element in elements:
        if element["type"].startswith("Input."):
            yield element
        yield from _inputs(element.get("items", []))


def _unescaped(words: str) -> str:
    """Without what keeps Markdown from reading it."""
    return re.sub(r"\\([^\w\s]|_)", r"\1", words).removeprefix("\u200b")


async def chat(port: int) -> int:
    """Talk until the end of input. The exit code is 1 if no bot runs here."""
    with contextlib.suppress(NotImplementedError):  # Windows
        # Wakes the loop, which a handler of Python's own cannot do once it has begun to wait.
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, signal.default_int_handler, signal.SIGINT, None)
    async with aiohttp.ClientSession() as http:
        try:
            async with http.get(f"http://127.0.0.1:{port}/healthz"):
                pass
        except aiohttp.ClientError:
            print(NOT_RUNNING)
            return 1
        terminal = Terminal(http, f"http://127.0.0.1:{port}/api/messages")
        application = web.Application()
        application.router.add_post("/v3/conversations/{tail:.*}", terminal.receive)
        runner = web.AppRunner(application, shutdown_timeout=CLOSING)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            terminal.address = f"http://127.0.0.1:{runner.addresses[0][1]}/"
            print(HELLO)
            await terminal.arrive()
            while (words := await _typed()) is not None:
                if words:
                    await terminal.say(words)
        except aiohttp.ClientConnectionError:
            print(STOPPED)
            return 1
        finally:
            await runner.cleanup()
    return 0


async def _typed() -> str | None:
    """The next line; None at the end of input.

    A thread that nothing waits for reads it, so that Ctrl-C leaves at once.
    """
    loop = asyncio.get_running_loop()
    line: asyncio.Future[str | None] = loop.create_future()

    def read() -> None:
        try:
            words = input("> ").strip()
        except EOFError:
            print()
            words = None
        loop.call_soon_threadsafe(line.set_result, words)

    threading.Thread(target=read, daemon=True).start()
    return await line
