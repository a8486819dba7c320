"""The real process, `python app.py`, started with its settings in the environment, and stopped."""

import asyncio
import json
import os
import signal
import sqlite3
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import aiohttp

from core import opened
from integrations import spreadsheets
from integrations.clock import SystemClock
from tests.scenarios.world import ORGA, Surroundings
from tests.support.graph import ORGANISER
from tests.support.login import SECRET
from tests.support.now import now
from tests.support.product import settings_for, sqlite_url

APP = Path(__file__).parents[2] / "app.py"
PATIENCE = 30.0


def environment(around: Surroundings, folder: Path, **more: str) -> dict[str, str]:
    """Production settings that point at the stand-ins, and nothing of this machine's own."""
    machine = {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "HOME", "LANG", "TMPDIR") or name.startswith("PYTHON")
    }
    return machine | {
        "MICROSOFT_APP_ID": around.login.app_id,
        "MICROSOFT_APP_PASSWORD": SECRET,
        "MICROSOFT_APP_TENANT_ID": around.login.tenant,
        "BOT_OPENID_METADATA_URL": around.login.bot_metadata_url,
        "BOT_SERVICE_HOSTS": "127.0.0.1",
        "ENTRA_AUTHORITY": around.login.url,
        "GRAPH_BASE_URL": around.graph.base_url,
        "GRAPH_ORGANISER": ORGANISER.email,
        "ORGANISERS": ORGA.aad_id,
        "DATABASE_URL": f"sqlite:///{folder / 'learnweek.db'}",
        "SECRET_KEY": "for tests only",
        "PUBLIC_URL": "https://learnweek.example.org",
        "PORT": "0",
        "LOG_FORMAT": "json",
        **more,
    }


class App:
    """One run of the process. Leaving it ends the run, if it has not ended by itself."""

    def __init__(self, settings: dict[str, str], folder: Path, *, app: Path = APP) -> None:
        self.url = ""
        self._app = app
        self.log: list[dict[str, Any]] = []
        self.seconds_to_ready = 0.0
        self._settings = settings
        self._folder = folder

    async def __aenter__(self) -> Self:
        started = time.monotonic()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(self._app),
            cwd=self._folder,
            env=self._settings,
            stdout=DEVNULL,
            stderr=PIPE,
        )
        self._reading = asyncio.create_task(self._read(self._process))
        async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as http:
            while not self.url or not await _is_ready(http, self.url):
                assert self._process.returncode is None, self.log
                await asyncio.sleep(0.02)
        self.seconds_to_ready = time.monotonic() - started
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process.returncode is None:
            await self.kill()

    @property
    def bot_url(self) -> str:
        return f"{self.url}/api/messages"

    async def kill(self) -> None:
        """As when the machine fails: nothing is finished."""
        self._process.kill()
        await self._ended()

    async def terminate(self, by: signal.Signals = signal.SIGTERM) -> int:
        """As when it is told to stop. Returns the exit code; waits no longer than ten seconds."""
        self._process.send_signal(by)
        async with asyncio.timeout(10):
            return await self._ended()

    async def _ended(self) -> int:
        code = await self._process.wait()
        await self._reading
        return code

    async def _read(self, process: Process) -> None:
        assert process.stderr is not None
        async for line in process.stderr:
            entry = _entry(line.decode())
            self.log.append(entry)
            if entry.get("event") == "serving":
                self.url = f"http://127.0.0.1:{entry['port']}"


def _entry(line: str) -> dict[str, Any]:
    try:
        return json.loads(line)
    except ValueError:
        return {"text": line}


async def _is_ready(http: aiohttp.ClientSession, url: str) -> bool:
    async with http.get(f"{url}/readyz") as answer:
        return answer.status == 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What one command did."""

    code: int
    out: bytes
    error: str

    @property
    def text(self) -> str:
        return self.out.decode()


async def run(settings: Mapping[str, str], folder: Path, *words: str, app: Path = APP) -> Ran:
    """Run one command as a process, to its end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(app), *words, cwd=folder, env=settings, stdout=PIPE, stderr=PIPE
    )
    async with asyncio.timeout(PATIENCE):
        out, error = await process.communicate()
    return Ran(code=process.returncode or 0, out=out, error=error.decode())


# --- its database, looked at from beside it -----------------------------------------------------


async def published(folder: Path, around: Surroundings) -> None:
    """The process finds the week in its database."""
    settings = settings_for(sqlite_url(folder), around.login)
    async with opened(settings, SystemClock()) as core:
        table = spreadsheets.read_table("week.csv", a_week().encode())
        await core.programme.import_table(table)


def a_week() -> str:
    """One session, the day after tomorrow."""
    day = f"{now() + timedelta(days=2):%Y-%m-%d}"
    return (
        "code,title,starts,ends,timezone,capacity,format\n"
        f"GM1,Growth mindset,{day}T10:00,{day}T11:00,Etc/UTC,,teams\n"
    )


def half_a_minute_passes(folder: Path) -> None:
    """The leases of the process that is no more run out."""
    with closing(sqlite3.connect(folder / "learnweek.db")) as db:
        db.execute("UPDATE outbox SET leased_until = 1 WHERE state = 'leased'")
        db.commit()


def outbox_states(folder: Path, kind: str) -> dict[str, int]:
    with closing(sqlite3.connect(folder / "learnweek.db")) as db:
        query = "SELECT state, count(*) FROM outbox WHERE kind = ? GROUP BY state"
        return dict(db.execute(query, (kind,)).fetchall())


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 -- nothing here can tell that it has come about
            await asyncio.sleep(0.01)
