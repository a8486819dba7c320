"""How late nudges come that are all due at one minute, beyond what the limit makes them wait."""

import asyncio
import math
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta

from learning.notices import Kind
from learning.people import PersonId
from tests.bench import crowd
from tests.bench.stage import RATE, Stage, number, stage
from tests.support.databases import postgres
from tests.support.now import now

NUDGED = number("NUDGED", number("PEOPLE", 1000))
SPREAD, AMONG = 300, timedelta(minutes=1)
"""Nudges that are due one after the other within this time, while highlights are being sent."""

CROWD = math.ceil(RATE * 80)
"""People whose highlights take longer than that."""

NUDGE, FAN = "nudge", "fan"
HEAD_START = 20.0
"""Seconds in which the product starts; writing down thousands of rows comes on top."""


def run() -> list[str]:
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder, postgres() as server:
        for name, measure in (("at one minute", _at_once), ("beside highlights", _beside)):
            wrong += asyncio.run(measure(f"SQLite, {name}", f"sqlite:///{folder}/{name}.db", 1))
            with server.copy() as url:
                wrong += asyncio.run(measure(f"PostgreSQL, two replicas, {name}", url, 2))
    return wrong


async def _at_once(name: str, url: str, count: int) -> list[str]:
    async with stage(url) as there:
        due = _due(NUDGED)
        nudged = await _nudged(there, [due] * NUDGED)
        async with there.replicas(count):
            assert now() < due, "the nudges were due before the product was there"
            await there.reached(NUDGE, NUDGED)
            await there.settled()
        taken = await there.region.taken(NUDGE)
        figures = await there.region.figures(NUDGE)
        # All are due together, so each place in the order has its own limit, whoever it goes to.
        late = _lateness([at for _, at in taken], [due.timestamp()] * len(taken))
        wrong = await _wrong(name, there, nudged, taken)
    print(
        f"{name}: {len(nudged)} nudges in {taken[-1][1] - due.timestamp():.1f} s "
        f"({len(nudged) / RATE:.1f} s at the limit of {RATE:g}/s), "
        f"the first {taken[0][1] - due.timestamp():+.2f} s; lateness beyond the limit {_of(late)}; "
        f"429s {100 * figures.refused_share:.2f} %",
        flush=True,
    )
    return wrong


async def _beside(name: str, url: str, count: int) -> list[str]:
    async with stage(url) as there:
        await crowd.add_people(
            there.database, FAN, CROWD, there.region.service_url, highlights=True
        )
        first = _due(CROWD)
        due = [first + AMONG * place / SPREAD for place in range(SPREAD)]
        nudged = await _nudged(there, due)
        async with there.replicas(count):
            assert now() < first, "the nudges were due before the product was there"
            await there.reached(NUDGE, SPREAD)
            await there.settled(Kind.NUDGE)
        taken = await there.region.taken(NUDGE)
        fans = await there.region.taken(FAN)
        wrong = await _wrong(name, there, nudged, taken)
    came = dict(taken)
    pairs = [
        (came[who], at.timestamp()) for who, at in zip(nudged, due, strict=True) if who in came
    ]
    late = _lateness([at for at, _ in pairs], [at for _, at in pairs])
    meanwhile = [at for _, at in fans if first.timestamp() <= at <= taken[-1][1]]
    print(
        f"{name}: {len(nudged)} nudges due over {AMONG.total_seconds():.0f} s, "
        f"{len(meanwhile)} highlights sent meanwhile; "
        f"lateness beyond the limit {_of(late)}",
        flush=True,
    )
    return wrong


def _due(rows: int) -> datetime:
    """A whole second, when everything is written down and the product is there."""
    ahead = timedelta(seconds=HEAD_START + rows / 1000)
    return (now() + ahead).replace(microsecond=0)


async def _nudged(there: Stage, due: Sequence[datetime]) -> list[PersonId]:
    people = await crowd.add_people(there.database, NUDGE, len(due), there.region.service_url)
    await crowd.add_nudges(there.database, there.offered, list(zip(people, due, strict=True)))
    return people


def _lateness(came: Sequence[float], due: Sequence[float]) -> list[float]:
    """Seconds after the earliest moment that the limit leaves to each, given what goes before it."""
    late: list[float] = []
    free = 0.0
    for at, wanted in zip(came, due, strict=True):
        slot = max(wanted, free)
        free = slot + 1 / RATE
        late.append(at - slot)
    return late


def _of(late: Sequence[float]) -> str:
    ordered = sorted(late)
    half, most = ordered[len(late) // 2], ordered[int(0.99 * len(late))]
    return f"p50 {half:.2f} s, p99 {most:.2f} s, most {ordered[-1]:.2f} s"


async def _wrong(
    name: str, there: Stage, nudged: Sequence[PersonId], taken: Sequence[tuple[str, float]]
) -> list[str]:
    lost, twice = set(nudged) - {who for who, _ in taken}, crowd.twice(taken)
    return [
        *([f"{name}: {len(lost)} lost"] if lost else []),
        *([f"{name}: {len(twice)} came twice"] if twice else []),
        *(f"{name}: {breach}" for breach in await crowd.breaches(there.database)),
    ]
