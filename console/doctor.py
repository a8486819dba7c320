"""`doctor`: what works, what is off, what is wrong and how to mend it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

SLOW = 15.0


class Off(Exception):
    """This part has no settings, so it is off; says which would switch it on."""


class Wrong(Exception):
    """This part cannot do its job; says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One part; `run` returns what it found, or raises Off or Wrong."""

    part: str
    run: Callable[[], Awaitable[str]]


async def examine(checks: Sequence[Check]) -> int:
    """Print a line for each part. The exit code is 1 if any is wrong."""
    wrong = 0
    for check in checks:
        mark, words = await _finding(check)
        wrong += mark == "WRONG"
        print(f"{mark:<5}  {check.part}: {words}")
    if wrong:
        print(f"\n{wrong} to mend before the bot can do its job.")
    return 1 if wrong else 0


async def _finding(check: Check) -> tuple[str, str]:
    try:
        async with asyncio.timeout(SLOW):
            return "ok", await check.run()
    except Off as off:
        return "off", str(off)
    except Wrong as wrong:
        return "WRONG", str(wrong)
    except TimeoutError:
        return "WRONG", f"no answer within {SLOW:.0f} seconds. Check the address and the firewall."
