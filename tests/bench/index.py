"""A programme of thousands: how long until it can be asked, and how long an answer takes then."""

import asyncio
import contextlib
import itertools
import random
import re
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from language.meaning import ProgrammeMeaning, texts_of_all
from learning.search import SearchIndex
from learning.sessions import Details, Session
from services.catalogue import Catalogue
from services.listing import Programme
from store import migrate
from store.engine import Database, open_database
from store.unit_of_work import SqlWork
from tests.bench.stage import number
from tests.support import builders
from tests.support.clocks import FixedClock
from tests.understanding import lines
from tests.understanding.lines import FILES, PROGRAMMES, Line, read_lines
from tests.understanding.measure import YARDSTICK
from tests.understanding.today import answer, fresh, meaning

MANY = number("SESSIONS", 2_200)
ASKED = 60
"""So many of the lines are asked, each by itself."""

VARIED = 0.35
"""The share of long words that a copy of a session has from another one."""

TICK = 0.005
LONG = 10.0
"""Seconds: reading a programme for the first time should not take far longer."""

Ready = tuple[float, float]
"""Seconds until a version is found by words, and until what it means has been read."""


def run() -> list[str]:
    return asyncio.run(_run())


async def _run() -> list[str]:
    many = details(MANY)
    async with _published(many) as (work, stored):
        texts = {t for some in texts_of_all(stored) for t in some}
        print(f"{len(stored)} sessions, {len(texts)} different texts")
        week = lines.sessions("week")
        for some in (stored, week):
            taken = _seconds(lambda some=some: SearchIndex(some))
            print(f"SearchIndex of {len(some)} sessions: {taken:.3f} s")
        catalogue = Catalogue(work, FixedClock())
        catalogue.learn(meaning())
        async with _ticking() as gaps:
            first = await _ready(catalogue)
        _print_ready("read for the first time", first, gaps)
        if first[1] > LONG:
            print(
                f"  that is {first[1] / LONG:.1f} times the {LONG:g} s it should take; until then"
            )
            print("  sessions are found by words alone")
        await _change(work, stored[len(stored) // 2])
        async with _ticking() as gaps:
            again = await _ready(catalogue)
        _print_ready("after one session changed", again, gaps)
        meanwhile = Catalogue(work, FixedClock())
        await _print_meanwhile(meanwhile)
        programme = await catalogue.programme()
        await catalogue.close()
    print("\none message understood and answered from memory; ms p50, p99")
    for known in (programme, _known(week)):
        _print_answers(known)
    p50, p99 = _percentiles(
        [_milliseconds(lambda: meaning().embed([YARDSTICK])) for _ in range(100)]
    )
    print(f"{'yardstick: embedding ten words':<44}{p50:>8.2f}{p99:>8.2f}")
    return [] if programme.meaning is not None else ["the programme was not read"]


def details(count: int) -> list[Details]:
    """So many sessions of the three programmes over and over, each time with other words in them."""
    chance = random.Random(2_200)
    originals = [s.details for name in PROGRAMMES for s in lines.sessions(name)]
    pool = sorted({w for d in originals for w in _LONG_WORD.findall(f"{d.title} {d.summary}")})

    def varied(text: str) -> str:
        return _LONG_WORD.sub(
            lambda found: chance.choice(pool) if chance.random() < VARIED else found[0], text
        )

    def one(of: Details, copy: int) -> Details:
        weeks = timedelta(weeks=copy)
        return replace(
            of,
            code=f"{of.code}-{copy}",
            title=varied(of.title),
            summary=varied(of.summary),
            topics=tuple(dict.fromkeys(map(varied, of.topics))),
            starts_at=of.starts_at and of.starts_at + weeks,
            ends_at=of.ends_at and of.ends_at + weeks,
        )

    every = (one(of, copy) for copy in itertools.count() for of in originals)
    return list(itertools.islice(every, count))


_LONG_WORD = re.compile(r"\b[a-z]{5,}\b")


@contextlib.asynccontextmanager
async def _published(some: Sequence[Details]) -> AsyncGenerator[tuple[SqlWork, list[Session]]]:
    with tempfile.TemporaryDirectory() as folder:
        database: Database = open_database(f"sqlite:///{Path(folder, 'index.db')}")
        try:
            await migrate.upgrade(database)
            work = SqlWork(database)
            yield work, await builders.publish(work, *some)
        finally:
            await database.close()


async def _change(work: SqlWork, session: Session) -> None:
    new = replace(session.details, title="Repairing bicycles", summary="Brakes, gears and chains.")
    async with work() as uow:
        await uow.sessions.save(replace(session, details=new))
        await uow.commit()


async def _ready(catalogue: Catalogue) -> Ready:
    begun = time.perf_counter()
    await catalogue.programme()
    by_words = time.perf_counter() - begun
    await catalogue.settled()
    return by_words, time.perf_counter() - begun


@dataclass(slots=True, kw_only=True)
class Gaps:
    """How long others on the event loop had to wait, in seconds."""

    waits: list[float]

    def __str__(self) -> str:
        p50, p99 = _percentiles(self.waits)
        return (
            f"a tick of {1000 * TICK:g} ms took {1000 * max(self.waits):.0f} ms at the longest, "
            f"p99 {1000 * p99:.0f}, p50 {1000 * p50:.1f}"
        )


@contextlib.asynccontextmanager
async def _ticking() -> AsyncGenerator[Gaps]:
    """Beside it, a task that wants to go on every few milliseconds."""
    gaps = Gaps(waits=[])

    async def tick() -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(TICK)
            gaps.waits.append(time.perf_counter() - begun)

    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0)
    try:
        yield gaps
    finally:
        ticking.cancel()
        await asyncio.gather(ticking, return_exceptions=True)


async def _print_meanwhile(catalogue: Catalogue) -> None:
    """Another replica reads it all, and is asked what people ask."""
    await catalogue.programme()
    catalogue.learn(meaning())
    spent: list[float] = []
    async with _ticking() as gaps:
        for line in _asked():
            begun = time.perf_counter()
            await catalogue.find(line.utterance)
            spent.append(1000 * (time.perf_counter() - begun))
            await asyncio.sleep(TICK)
    is_reading = (await catalogue.programme()).meaning is None
    await catalogue.close()
    p50, p99 = _percentiles(spent)
    state = "by words, while it is read" if is_reading else "while and after it was read"
    print(f"{len(spent)} questions found {state}: ms p50 {p50:.1f}, p99 {p99:.1f};")
    print(f"  on the event loop {gaps}")


def _print_ready(name: str, ready: Ready, gaps: Gaps) -> None:
    by_words, all_of_it = ready
    print(f"{name}: found by words after {by_words:.2f} s, by meaning after {all_of_it:.2f} s;")
    print(f"  on the event loop {gaps}")


def _known(sessions: Sequence[Session]) -> Programme:
    texts = [t for some in texts_of_all(sessions) for t in some]
    vectors = dict(zip(texts, meaning().embed(texts), strict=True))
    means = ProgrammeMeaning(meaning(), sessions, vectors)
    return Programme(version=1, editions=(), index=SearchIndex(sessions), meaning=means)


def _asked() -> list[Line]:
    """Evenly from the lines that need nothing shown before."""
    alone = [x for x in read_lines(FILES["tune"]) if not (x.before or x.shown or x.booked)]
    about = [x for x in alone if x.sessions]
    return about[:: max(1, len(about) // ASKED)][:ASKED]


def _print_answers(programme: Programme) -> None:
    by_words = replace(programme, meaning=None)
    for name, known, before in (
        ("words alone", by_words, None),
        ("with meaning, nothing cached", programme, fresh),
        ("with meaning, the embedding known", programme, None),
    ):
        spent = [_quickest(partial(answer, line, known), before) for line in _asked()]
        p50, p99 = _percentiles(spent)
        label = f"{len(programme.sessions)} sessions, {name}"
        print(f"{label:<44}{p50:>8.2f}{p99:>8.2f}", flush=True)


def _quickest(work: Callable[[], object], before: Callable[[], None] | None) -> float:
    work()
    return min(_milliseconds(work, before) for _ in range(3))


def _milliseconds(work: Callable[[], object], before: Callable[[], None] | None = None) -> float:
    if before is not None:
        before()
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun)


def _seconds(work: Callable[[], object]) -> float:
    return sorted(_milliseconds(work) for _ in range(3))[1] / 1000


def _percentiles(spent: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(spent)
    return ordered[len(ordered) // 2], ordered[int(0.99 * len(ordered))]
