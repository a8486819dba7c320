"""The chat window on a laptop: the Microsoft 365 Agents Playground, where Node.js is present."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from pathlib import Path

PORT = 56150
PATIENCE = 30.0
"""Seconds to wait for the window; a slow machine needs a few."""

ROOT = Path(__file__).parent.parent
LOOPBACK = Path(__file__).with_name("loopback.cjs")

NO_NODE = (
    "There is no chat window, because Node.js (18 or newer) is not installed.\n"
    "Get it from https://nodejs.org or with `apt install nodejs npm`, then run `make run` again.\n"
    "Meanwhile you can chat in a second terminal: .venv/bin/python app.py chat"
)
NOT_INSTALLED = (
    "There is no chat window yet: run `npm ci`, then `make run` again.\n"
    "Meanwhile you can chat in a second terminal: .venv/bin/python app.py chat"
)
CONFIG = """\
version: "0.1.1"
tenantId: laptop
bot: {id: "28:learnweek", name: Learnweek}
currentUser: {id: you, name: Learner, userPrincipleName: learner@example.org, aadObjectId: you,
              givenName: Learner, surname: Learner, email: learner@example.org}
users:
"""


class Playground:
    """The window's process. `address` is empty until it is known, and without a window."""

    def __init__(self, bot_url: str, folder: Path) -> None:
        self.address = ""
        self._bot_url = bot_url
        self._folder = folder
        self._obstacle = ""
        self._process: Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to open the window, while other things are made ready."""
        node, program = shutil.which("node"), ROOT / "node_modules/.bin/agentsplayground"
        if node is None or not program.exists():
            self._obstacle = NOT_INSTALLED if node else NO_NODE
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / ".m365agentsplayground.yml").write_text(_config())
        self._process = await asyncio.create_subprocess_exec(
            node,
            *("--require", str(LOOPBACK), str(program.resolve())),
            *("start", "-e", self._bot_url, "-c", "msteams", "-p", str(PORT)),
            "--disable-telemetry",
            cwd=self._folder,
            env={**os.environ, **self._quietly()},
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
        )

    async def where(self) -> str:
        """Where to chat, in words, or how to get a window; nothing if none was started."""
        if self._process is None:
            return self._obstacle
        port = await self._port(self._process)
        if port is None:
            return f"The chat window did not start; {self._folder}/playground.log says why."
        self.address = f"http://localhost:{port}"
        self._reading = asyncio.create_task(_drain(self._process))
        elsewhere = "" if port == PORT else f"; port {PORT} is taken"
        return f"Chat with it:   {self.address}  (type: what's on today{elsewhere})"

    async def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()
        if self._reading is not None:
            await self._reading

    def _quietly(self) -> dict[str, str]:
        """No browser opened, nothing told to anybody."""
        return {
            "TEAMSAPPTESTER_BROWSER": "none",
            "APPLICATION_INSIGHTS_NO_STATSBEAT": "1",
            "M365_AGENTS_PLAYGROUND_LOGFILE": str(self._folder.resolve() / "playground.log"),
        }

    async def _port(self, process: Process) -> int | None:
        """The port that it says it listens on: another one where its own is taken."""
        assert process.stdout is not None
        line = b""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                line = await process.stdout.readline()
        found = re.search(rb"Listening on (\d+)", line)
        return int(found[1]) if found else None


async def _drain(process: Process) -> None:
    """Read on, so that the window never waits for somebody to."""
    assert process.stdout is not None
    while await process.stdout.readline():
        pass


def _config() -> str:
    """One person who tries things out, and five colleagues to fill a team with."""
    roles = ("Champion", "Social worker", "Contact centre adviser", "Librarian", "Team leader")
    users = "".join(
        f'  - {{id: colleague-{i}, name: {role}, userPrincipleName: "colleague-{i}@example.org",'
        f" aadObjectId: colleague-{i}, givenName: {role}, surname: Colleague,"
        f' email: "colleague-{i}@example.org"}}\n'
        for i, role in enumerate(roles, 1)
    )
    return f"""{CONFIG}{users}personalChat: {{id: "a:your-chat"}}
groupChat: {{id: "19:group@thread.v2", name: Group chat}}
team:
  id: "19:team@thread.tacv2"
  name: Learning champions
  aadGroupId: champions
  channels: [{{id: "19:announcements@thread.tacv2", name: Announcements}}]
"""
