"""The chat window on a laptop: the Microsoft 365 Agents Playground, where Node.js is present."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from asyncio.subprocess import PIPE, STDOUT, Process
from pathlib import Path

PORT = 56150
NO_NODE = (
    "There is no chat window, because Node.js (20 or later) is not installed.\n"
    "Get it from https://nodejs.org or with `apt install nodejs npm`, then run `make run` again.\n"
    "Meanwhile you can chat in a terminal: .venv/bin/python app.py chat"
)
NOT_INSTALLED = "There is no chat window yet: run `npm ci`, then `make run` again."
CONFIG = """\
version: "0.1.1"
tenantId: laptop
bot: {id: "28:learnweek", name: Learnweek}
currentUser: {id: you, name: You, userPrincipleName: you@example.org, aadObjectId: you,
              givenName: You, surname: Yourself, email: you@example.org}
users:
"""


class Playground:
    """The window's process; it believes whatever port it prints."""

    def __init__(self, bot_url: str, folder: Path) -> None:
        self.address = ""
        self._bot_url = bot_url
        self._folder = folder
        self._process: Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def start(self) -> str:
        """Open the window. Returns its address, or a sentence on how to get one."""
        node = shutil.which("node")
        if node is None:
            return NO_NODE
        program = _program()
        if program is None:
            return NOT_INSTALLED
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / ".m365agentsplayground.yml").write_text(_config())
        quiet = {
            "TEAMSAPPTESTER_BROWSER": "none",
            "APPLICATION_INSIGHTS_NO_STATSBEAT": "1",
            "M365_AGENTS_PLAYGROUND_LOGFILE": str(self._folder.resolve() / "playground.log"),
        }
        self._process = await asyncio.create_subprocess_exec(
            node,
            str(program),
            *("start", "-e", self._bot_url, "-c", "msteams", "-p", str(PORT)),
            "--disable-telemetry",
            cwd=self._folder,
            env={**os.environ, **quiet},
            stdout=PIPE,
            stderr=STDOUT,
        )
        assert self._process.stdout is not None
        line = (await self._process.stdout.readline()).decode()
        found = re.search(r"Listening on (\d+)", line)
        if not found:
            return f"The chat window did not start; {self._folder}/playground.log says why."
        self.address = f"http://localhost:{found[1]}"
        self._reading = asyncio.create_task(self._drain())
        return self.address

    async def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()
        if self._reading is not None:
            await self._reading

    async def _drain(self) -> None:
        """Read on, so that the window never waits for somebody to."""
        assert self._process is not None
        assert self._process.stdout is not None
        while await self._process.stdout.readline():
            pass


def _program() -> Path | None:
    """The file behind the package's command."""
    link = Path("node_modules/.bin/agentsplayground")
    return link.resolve() if link.exists() else None


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
