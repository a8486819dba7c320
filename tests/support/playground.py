"""The product on one machine, started as `make run` starts it, with its chat window over HTTP."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[2]
WINDOW = ROOT / "node_modules/.bin/agentsplayground"
READY = "Ctrl-C stops it."
SLOWEST_START = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Laptop:
    """A product that runs by itself in its own folder. `chat` is '' without a window."""

    url: str
    chat: str
    process: subprocess.Popen[bytes]
    output: Path

    @property
    def printed(self) -> str:
        return self.output.read_text()

    def read(self, path: str) -> str:
        """One of its pages."""
        with urlopen(f"{self.url}{path}", timeout=10) as response:
            return response.read().decode()

    def stop(self) -> int:
        """As Ctrl-C does. Its exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(15)


@contextlib.contextmanager
def a_laptop(folder: Path, *, command: str = "laptop", **settings: str) -> Iterator[Laptop]:
    """Start it in this folder, where it makes its own `var`, on a free port."""
    port = free_port()
    output = folder / "printed.txt"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, ROOT / "app.py", command],
            cwd=folder,
            env=environment(PORT=str(port), **settings),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        printed = _once_ready(process, output)
        found = re.search(r"Chat with it at (\S+?)[. ]*(?=\s|$)", printed)
        chat = found[1] if found else ""
        yield Laptop(url=f"http://localhost:{port}", chat=chat, process=process, output=output)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(15)


def environment(**settings: str) -> dict[str, str]:
    """Nothing of the machine's own settings; London's time, as the people of the stories have."""
    kept = ("PATH", "HOME", "LANG", "PYTHONDONTWRITEBYTECODE")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "TZ": "Europe/London",
        **settings,
    }


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def until(is_so: Callable[[], bool], what: str, *, seconds: float = 15.0) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain: {what}")
        time.sleep(0.05)


def _once_ready(process: subprocess.Popen[bytes], output: Path) -> str:
    until(
        lambda: process.poll() is not None or READY in output.read_text(),
        "the product has started",
        seconds=SLOWEST_START,
    )
    printed = output.read_text()
    assert process.poll() is None, f"it did not start:\n{printed}"
    return printed


class Colleague:
    """Somebody else in the same team, who speaks over the window's HTTP surface.

    No page shows their chat; what they bring about is seen elsewhere.
    """

    def __init__(self, chat: str, id: str) -> None:
        self._chat = chat
        self._id = id
        opened = call(
            f"{chat}/_connector/v3/conversations", {"isGroup": False, "members": [{"id": id}]}
        )
        self._conversation = opened["id"]

    def say(self, text: str) -> None:
        """The bot's own answer is not waited for."""
        path = "_internal/v1/customActivities"
        where = quote(self._conversation, safe="")
        activity = call(f"{self._chat}/{path}/template?conversationId={where}")
        activity |= {
            "type": "message",
            "text": text,
            "textFormat": "plain",
            "from": {"id": self._id, "name": self._id, "aadObjectId": self._id},
            "channelData": {"tenant": {"id": "laptop"}},
        }
        call(f"{self._chat}/{path}", activity)


def call(url: str, body: Any = None) -> Any:
    """Ask for JSON; a body makes it a POST."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data=data, headers={"Content-Type": "application/json"})  # noqa: S310 -- our own address
    with urlopen(request, timeout=10) as response:  # noqa: S310
        answer = response.read()
    return json.loads(answer) if answer.startswith((b"{", b"[")) else answer.decode()


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=2):  # noqa: S310
            return True
    except URLError:
        return False
