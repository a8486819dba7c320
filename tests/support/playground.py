"""The product on one machine, started as `make run` starts it, and its chat window over HTTP."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

APP = Path(__file__).parents[2] / "app.py"
WINDOW = APP.parent / "node_modules/.bin/agentsplayground"

FORM = "application/x-www-form-urlencoded"
READY = "Ctrl-C stops it."
SLOWEST_START = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Laptop:
    """A product that runs by itself in its own folder; `chat` is '' without a window."""

    url: str
    chat: str
    process: subprocess.Popen[bytes]
    output: Path

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    @property
    def printed(self) -> str:
        return self.output.read_text()

    def read(self, path: str) -> str:
        """One of its pages."""
        return fetch(f"{self.url}{path}")

    def day_of(self, code: str) -> str:
        """The day of a session, 2026-05-19, as the programme's page has it."""
        line = self.read("/hub").partition(f'/sessions/{code}"')[0]
        return line.rpartition('datetime="')[2][: len("2026-05-19")]

    def move_clock(self, to: str) -> None:
        """To a local time, 2026-05-19T08:00, by the form for it."""
        fetch(f"{self.url}/laptop/clock", urlencode({"to": to}), FORM)

    def stop(self) -> int:
        """As Ctrl-C does. Its exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(15)


@contextlib.contextmanager
def a_laptop(folder: Path, *, command: str = "laptop", **settings: str) -> Generator[Laptop]:
    """Start it in this folder, where it makes its own `var`, on a free port."""
    port = free_port()
    output = folder / "printed.txt"
    with output.open("wb") as file:
        process = subprocess.Popen(  # noqa: S603 -- the product itself
            [sys.executable, APP, command],
            cwd=folder,
            env=environment(PORT=str(port), **settings),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        found = re.search(r"Chat with it: +(http://localhost:\d+)", _start(process, output))
        chat = found[1] if found else ""
        yield Laptop(url=f"http://localhost:{port}", chat=chat, process=process, output=output)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(15)


def _start(process: subprocess.Popen[bytes], output: Path) -> str:
    """Wait for it to be ready; what it printed."""
    until(
        lambda: READY in output.read_text() or process.poll() is not None,
        "the product is ready",
        seconds=SLOWEST_START,
    )
    assert process.poll() is None, f"it did not start:\n{output.read_text()}"
    return output.read_text()


def run_to_its_end(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    return subprocess.run(  # noqa: S603 -- the product itself
        [sys.executable, APP, *words],
        cwd=folder,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=SLOWEST_START,
    )


def environment(**settings: str) -> dict[str, str]:
    """None of the machine's own settings; London's time, as everybody in the stories has."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "TZ": "Europe/London", **settings}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Colleague:
    """Somebody else in the same team, who speaks over the window's HTTP surface.

    No page shows their chat: look elsewhere for what they bring about.
    """

    def __init__(self, chat: str, id: str) -> None:
        self._chat = chat
        self._id = id
        body = {"isGroup": False, "members": [{"id": id}]}
        self._conversation = call(f"{chat}/_connector/v3/conversations", body)["id"]

    def say(self, text: str) -> None:
        """Returns before the bot has answered."""
        activities = f"{self._chat}/_internal/v1/customActivities"
        where = quote(self._conversation, safe="")
        blank = call(f"{activities}/template?conversationId={where}")
        said = {
            "type": "message",
            "text": text,
            "textFormat": "plain",
            "from": {"id": self._id, "name": self._id, "aadObjectId": self._id},
            "channelData": {"tenant": {"id": "laptop"}},
        }
        call(activities, blank | said)


def call(url: str, body: dict[str, Any] | None = None) -> Any:
    """Ask for JSON; a body makes it a POST."""
    answer = fetch(url, None if body is None else json.dumps(body))
    return json.loads(answer) if answer.startswith(("{", "[")) else answer


def fetch(url: str, body: str | None = None, kind: str = "application/json") -> str:
    assert url.startswith("http://localhost:"), "these tests stay on this machine"
    data = None if body is None else body.encode()
    request = Request(url, data=data, headers={"Content-Type": kind})  # noqa: S310 -- as just asserted
    with urlopen(request, timeout=10) as response:  # noqa: S310 -- likewise
        return response.read().decode()


def answers(url: str) -> bool:
    try:
        fetch(url)
    except URLError:
        return False
    return True


def until(is_so: Callable[[], bool], what: str, *, seconds: float = 15.0) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.05)
