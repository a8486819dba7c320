"""The replicas: real processes, started, paused, killed and started again."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from tests.scenarios.process import APP
from tests.support.now import now

SHIFTED = Path(__file__).parent / "shifted"
PATIENCE = 60.0
AGAIN = 0.3


@dataclass(slots=True, kw_only=True)
class Life:
    """One process of a replica. Instants are seconds since 1970, by a clock that is right."""

    replica: int
    began: float
    shift: float
    ended: float = float("inf")
    how: str = ""
    pauses: list[tuple[float, float]] = field(default_factory=list)

    def __str__(self) -> str:
        return f"replica {self.replica} of {self.began:.1f}"


class Replica:
    """Kept up as by a supervisor: a process that ends unasked is noted and started again."""

    def __init__(self, number: int, settings: Mapping[str, str], folder: Path) -> None:
        self.number = number
        self.lives: list[Life] = []
        self.wrong: list[str] = []
        self.is_paused = False
        self.url = f"http://127.0.0.1:{_free_port()}"
        self._settings = {**settings, "PORT": self.url.rpartition(":")[2]}
        self._folder = folder
        self._log = folder / f"replica-{number}.log"
        self._process: Process | None = None
        self._asked = asyncio.Event()
        self._supervising: asyncio.Task[None] | None = None

    @property
    def bot_url(self) -> str:
        return f"{self.url}/api/messages"

    @property
    def is_stopping(self) -> bool:
        """Whether it was asked to, or came back since while what it said before was on its way."""
        return any(
            life.how == "stopped" and life.ended > now().timestamp() - 2.0 for life in self.lives
        )

    async def start(self, shift: float = 0.0) -> None:
        """Returns when it is ready. Where its database is away it is started until it stays up."""
        self._supervising = asyncio.create_task(self._supervise(shift))
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as http:
            end = now().timestamp() + PATIENCE
            while not await _is_ready(http, self.url):
                if now().timestamp() > end:
                    self.wrong.append(f"replica {self.number} was not ready in {PATIENCE:g} s")
                    return
                await asyncio.sleep(0.1)

    async def kill(self) -> None:
        await self._end("killed", signal.SIGKILL)

    async def terminate(self) -> None:
        await self._end("stopped", signal.SIGTERM)

    def pause(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        self.lives[-1].pauses.append((now().timestamp(), float("inf")))
        self.is_paused = True

    def resume(self) -> None:
        assert self._process is not None
        began, _ = self.lives[-1].pauses.pop()
        self.lives[-1].pauses.append((began, now().timestamp()))
        self._process.send_signal(signal.SIGCONT)
        self.is_paused = False

    async def _end(self, how: str, by: signal.Signals) -> None:
        assert self._process is not None
        assert self._supervising is not None
        self._asked.set()
        life, process = self.lives[-1], self._process
        life.how = how
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(by)
        try:
            async with asyncio.timeout(12):
                await self._supervising
        except TimeoutError:
            self.wrong.append(f"{life} did not stop within 12 s")
            process.kill()
        if how == "stopped" and process.returncode not in (0, -signal.SIGALRM):
            self.wrong.append(f"{life} stopped with exit code {process.returncode}")

    async def _supervise(self, shift: float) -> None:
        self._asked.clear()
        while True:
            began = now().timestamp()
            life = Life(replica=self.number, began=began, shift=shift)
            with self._log.open("ab") as log:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable, str(APP), cwd=self._folder, env=self._environment(shift),
                    stdout=DEVNULL, stderr=log,
                )  # fmt: skip
            self.lives.append(life)
            code = await self._process.wait()
            life.ended = now().timestamp()
            if self._asked.is_set():
                return
            life.how = f"ended by itself with exit code {code}"
            was_serving = code != 1 or life.ended - began > PATIENCE
            if was_serving:
                self.wrong.append(f"{life} {life.how}")
            await asyncio.sleep(AGAIN)

    def _environment(self, shift: float) -> dict[str, str]:
        if not shift:
            return dict(self._settings)
        more = {"PYTHONPATH": str(SHIFTED), "CHAOS_CLOCK_IS_WRONG_BY": str(shift)}
        return {**self._settings, **more}


async def _is_ready(http: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with http.get(f"{url}/readyz") as answer:
            return answer.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def machine() -> dict[str, str]:
    """What a process needs to know of this machine, and nothing of its owner's settings."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR")
    return {name: value for name, value in os.environ.items() if name in kept}
