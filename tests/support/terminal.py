"""A terminal with a program in it, and somebody at its keyboard."""

import os
import pty
import select
import subprocess
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

CTRL_C, CTRL_D = "\x03", "\x04"
PATIENCE = 20.0


class Terminal:
    def __init__(self, keyboard: int, process: subprocess.Popen[bytes]) -> None:
        self._keyboard = keyboard
        self._process = process

    def type(self, text: str) -> None:
        os.write(self._keyboard, text.encode())

    def read(self, expected: str, *, then: str = "> ") -> str:
        """What is shown from now on, up to the next prompt once the expected words have been."""
        shown, deadline = "", time.monotonic() + PATIENCE
        while not (expected in shown and shown.endswith(then)):
            assert time.monotonic() < deadline, f"waited in vain for {expected!r}:\n{shown}"
            more = self._more()
            assert more is not None, f"ended without {expected!r}:\n{shown}"
            shown += more
        return shown

    def ask(self, words: str, expected: str) -> str:
        self.type(f"{words}\n")
        return self.read(expected)

    def rest(self) -> tuple[int, str]:
        """What is still shown until the program ends, after its exit code."""
        shown, deadline = "", time.monotonic() + PATIENCE
        while (more := self._more()) is not None:
            assert time.monotonic() < deadline, f"does not end:\n{shown}"
            shown += more
        return self._process.wait(PATIENCE), shown

    def _more(self) -> str | None:
        """None when the program has closed the terminal."""
        ready, _, _ = select.select([self._keyboard], [], [], 0.1)
        if not ready:
            return ""
        try:
            return os.read(self._keyboard, 65536).decode() or None
        except OSError:
            return None


@contextmanager
def a_terminal(command: Sequence[str | Path], *, env: dict[str, str]) -> Generator[Terminal]:
    """A program whose input and output are a terminal of its own, so that Ctrl-C reaches it."""
    keyboard, screen = pty.openpty()
    process = subprocess.Popen(  # noqa: S603 -- what the test names
        command, env=env, preexec_fn=lambda: os.login_tty(screen), pass_fds=[screen]
    )
    os.close(screen)
    try:
        yield Terminal(keyboard, process)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        os.close(keyboard)
