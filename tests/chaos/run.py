"""One run: the product under load, the faults of the plan, a settling, and the books held together."""

import asyncio
import sys
import time
from asyncio.subprocess import PIPE, STDOUT
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from store.engine import open_database
from tests.chaos import history
from tests.chaos.books import Happened
from tests.chaos.databases import Server
from tests.chaos.load import CALLED_OFF, Load
from tests.chaos.plan import (
    OF_A_REPLICA,
    OF_ORGANISERS,
    OF_THE_DATABASE,
    Act,
    Fault,
    Kind,
    Plan,
    Verb,
)
from tests.chaos.region import Region
from tests.chaos.replicas import Replica
from tests.chaos.week import HEADER, instant, line
from tests.scenarios import process
from tests.support.now import now

NUDGES = (timedelta(minutes=3), timedelta(minutes=2), timedelta(minutes=1))
EDITION = "Chaos"
LONGEST_SETTLING = 400.0
"""Seconds: longer than a clock is wrong, for what was put off until a time that it told."""

WATCH = 6.0
"""Seconds between looks at who waits in the database, and from which a wait is noted."""

PATIENCE = 60.0
"""Seconds for a command of an organiser."""

QUIET = 8.0
"""Seconds in which nothing is due: who wakes last still does what had been asked of it meanwhile."""

A_TICK = 3.0
"""Seconds in which the clock of some replica has come to the highlights."""

Report = Callable[[str], None]


@dataclass(slots=True, kw_only=True)
class Run:
    plan: Plan
    folder: Path
    server: Server
    replicas: Sequence[Replica]
    region: Region
    load: Load
    settings: Mapping[str, str]
    starts: Mapping[str, str]
    highlights_at: float
    report: Report
    begun: float = 0.0
    happened: list[Happened] = field(default_factory=list)
    moves: list[tuple[str, float, float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    _moved: Counter[str] = field(default_factory=Counter)
    _in_trouble: dict[int, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def through(self) -> None:
        """Acts and faults, each when it is due."""
        self.begun = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for act in self.plan.acts:
                group.create_task(self._act(act))
            faults = [group.create_task(self._fault(fault)) for fault in self.plan.faults]
            watching = group.create_task(self._watch())
            await asyncio.wait(faults)
            watching.cancel()

    async def settled(self) -> float:
        """Until nothing has been due for a while, the day's highlights included."""
        begun = quiet_since = time.monotonic()
        database = open_database(self.server.url)
        try:
            while time.monotonic() < min(quiet_since + QUIET, begun + LONGEST_SETTLING):
                instant = now().timestamp()
                waits = instant < self.highlights_at + A_TICK
                if waits or await history.still_due(database, instant):
                    quiet_since = time.monotonic()
                await asyncio.sleep(0.5)
        finally:
            await database.close()
        return time.monotonic() - begun

    async def _act(self, act: Act) -> None:
        await self._until(act.at)
        if act.verb not in OF_ORGANISERS:
            await self.load.do(act)
            return
        self._say(str(act))
        if act.verb is Verb.MOVE:
            await self._move(act.session)
        else:
            done = await self.load.do(act)
            said = "" if CALLED_OFF in done.heading else f" ({done.told})"
            self._say(f"{act}: {done.heading}{said}")

    async def _move(self, code: str) -> None:
        """An organiser imports a file in which one session is some days later than it was."""
        self._moved[code] += 1
        later = instant(self.starts[code]) + timedelta(days=self._moved[code])
        row = line(code, f"{later:%Y-%m-%dT%H:%M}")
        path = self.folder / f"{code}-{self._moved[code]}.csv"
        path.write_text(f"{HEADER}\n{row}\n")
        began = now().timestamp()
        ended, said = await command(
            self.settings, self.folder, "import", str(path), "--edition", EDITION
        )
        if ended is None:
            self._say(f"move {code}: no end in {PATIENCE:g} s")
        elif ended == 0:
            self.moves.append((code, began, now().timestamp()))
            self._say(f"move {code}: done")
        else:
            self._say(f"move {code}: {said.splitlines()[-1:]}")

    async def _fault(self, fault: Fault) -> None:
        """One after another where they strike the same, however long it took to come up again."""
        await self._until(fault.at)
        victim = self.replicas[fault.replica] if fault.kind in OF_A_REPLICA else None
        target = victim or (self.server if fault.kind in OF_THE_DATABASE else self.region)
        async with self._in_trouble[id(target)]:
            life = victim.lives[-1] if victim else None
            happened = Happened(fault=fault, began=now().timestamp(), life=life)
            self.happened.append(happened)
            self._say(f"FAULT {fault}")
            if victim is not None:
                await self._to_replica(victim, fault, happened)
            elif fault.kind in OF_THE_DATABASE:
                await self.server.stop(immediately=fault.kind is Kind.RESTART_IMMEDIATE)
                await asyncio.sleep(fault.seconds)
                await self.server.start()
            else:
                await self.region.fail(fault.kind)
                await asyncio.sleep(fault.seconds)
                await self.region.heal()
            happened.ended = now().timestamp()
        self._say(f"      over: {fault}")

    async def _to_replica(self, replica: Replica, fault: Fault, happened: Happened) -> None:
        match fault.kind:
            case Kind.PAUSE | Kind.LONG_PAUSE:
                replica.pause()
                await asyncio.sleep(fault.seconds)
                replica.resume()
            case Kind.CLOCK:
                await replica.terminate()
                await replica.start(fault.shift)
                happened.life = replica.lives[-1]
                await asyncio.sleep(fault.seconds)
                await replica.terminate()
                await replica.start()
            case Kind.KILL:
                await replica.kill()
                await asyncio.sleep(fault.seconds)
                await replica.start()
            case _:
                await replica.terminate()
                await asyncio.sleep(fault.seconds)
                await replica.start()

    async def _watch(self) -> None:
        """Note what holds others up in the database, such as a lock that a sleeping replica keeps."""
        while True:
            await asyncio.sleep(WATCH)
            if not self._in_trouble[id(self.server)].locked():
                for words in await self.server.waits(WATCH):
                    self._say(f"      held up: {words}")

    async def _until(self, at: float) -> None:
        await asyncio.sleep(max(0.0, self.begun + at - time.monotonic()))

    def _say(self, words: str) -> None:
        self.report(f"{now():%H:%M:%S.%f}"[:-4] + f" {time.monotonic() - self.begun:7.2f} {words}")


async def command(settings: Mapping[str, str], folder: Path, *words: str) -> tuple[int | None, str]:
    """Run a command of the product: its exit code, None where it did not end, and what it said."""
    ran = await asyncio.create_subprocess_exec(
        sys.executable, str(process.APP), *words,
        cwd=folder, env=settings, stdout=PIPE, stderr=STDOUT,
    )  # fmt: skip
    try:
        async with asyncio.timeout(PATIENCE):
            said, _ = await ran.communicate()
    except TimeoutError:
        ran.kill()
        await ran.wait()
        return None, ""
    return ran.returncode, said.decode()
