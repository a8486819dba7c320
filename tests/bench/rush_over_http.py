"""The booking rush as Teams would send it, to one process or two, while others chat."""

import asyncio
import itertools
import json
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp
import sqlalchemy as sa

from learning.people import Address, PersonId
from learning.people import Person as Known
from learning.sessions import Session, SessionId
from store import rows
from store.engine import Database
from store.tables import people
from tests.bench import chat, crowd, rush
from tests.bench.bots import Bot, Channel
from tests.bench.chat import Chat
from tests.bench.rush import AT_ONCE, CAPACITY, PEOPLE, SESSIONS
from tests.bench.stage import Stage, stage
from tests.support.activities import Person, a_person
from tests.support.databases import postgres, read_sql

IDLE = 10.0
PLACES = SESSIONS * CAPACITY


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """One press on Book: when it was sent and answered, and what the answer said."""

    person: PersonId
    session: SessionId
    begun: float
    ended: float
    said: str


def run() -> list[str]:
    """First without HTTP."""
    wrong = rush.run()
    with tempfile.TemporaryDirectory() as folder, postgres() as server:
        wrong += asyncio.run(_on("SQLite over HTTP", f"sqlite:///{folder}/rush.db", 1))
        with server.copy() as url:
            wrong += asyncio.run(_on("PostgreSQL over HTTP, two replicas", url, 2))
    return wrong


async def _on(name: str, url: str, count: int) -> list[str]:
    async with stage(url, capacity=CAPACITY) as there:
        crowd_of_pressers = [a_person(f"Presses {n}", crowd.ZONE) for n in range(PEOPLE)]
        await _introduce(there, crowd_of_pressers)
        async with there.replicas(count) as running:
            asking, stop = Chat(there.channel, running), asyncio.Event()
            idle = await asking.asked_for(IDLE)
            turns = asyncio.create_task(asking.asked(stop))
            await asyncio.sleep(chat.WARM)
            begun = time.perf_counter()
            presses = await _press_all(there.channel, running, crowd_of_pressers, there.offered)
            seconds = time.perf_counter() - begun
            stop.set()
            beside = await turns
        await chat.check_answer(there.region)
        wrong = await _wrong(there, presses)
        bare = await rush.bare_rate(there.database, [(p.person, p.session) for p in presses])
    latencies = sorted(1000 * (press.ended - press.begun) for press in presses)
    said = Counter(press.said for press in presses)
    print(
        f"{name}: {len(presses)} presses, {AT_ONCE} at once: {dict(said)}; "
        f"{len(presses) / seconds:.0f}/s, p50 {latencies[len(latencies) // 2]:.0f} ms, "
        f"p99 {latencies[int(0.99 * len(latencies))]:.0f} ms; yardstick, the bare transaction: "
        f"{bare:.0f}/s ({len(presses) / seconds / bare:.2f} of it)\n"
        f"  the chat  idle {idle}; meanwhile {beside}",
        flush=True,
    )
    return [f"{name}: {each}" for each in (*wrong, *idle.errors[:5], *beside.errors[:5])]


async def _introduce(there: Stage, those: Sequence[Person]) -> None:
    """They have said hello before."""
    known = [
        Known(
            id=PersonId(person.aad_id),
            name=person.name,
            teams_id=person.teams_id,
            timezone=person.timezone,
            address=Address(
                service_url=there.region.service_url,
                conversation_id=person.chat,
                tenant_id=there.channel.login.tenant,
            ),
        )
        for person in those
    ]
    async with there.database.turn(), there.database.writing.begin() as db:
        await db.execute(sa.insert(people), [rows.person_columns(each) for each in known])


async def _press_all(
    channel: Channel, running: Sequence[Bot], those: Sequence[Person], offered: Sequence[Session]
) -> list[Press]:
    wanted = [(person, offered[n % SESSIONS]) for n, person in enumerate(those)]
    random.Random(1).shuffle(wanted)
    places, urls = asyncio.Semaphore(AT_ONCE), itertools.cycle(bot.url for bot in running)

    async def one(person: Person, session: Session) -> Press:
        activity = channel.activities.invoke("session.book", {"session": session.id}, person)
        async with places:
            begun = time.perf_counter()
            said = await _said(channel, next(urls), activity)
            ended = time.perf_counter()
        return Press(
            person=PersonId(person.aad_id), session=session.id, begun=begun, ended=ended, said=said
        )

    return list(await asyncio.gather(*(one(*each) for each in wanted)))


async def _said(channel: Channel, url: str, activity: dict) -> str:
    try:
        answer = await channel.post(url, activity)
    except (AssertionError, aiohttp.ClientError, TimeoutError) as error:
        return f"error: {error}"[:200]
    shown = json.dumps(answer, ensure_ascii=False)
    return next((said for said, words in WORDS.items() if words in shown), f"error: {shown}"[:200])


WORDS = {"booked": "You're booked", "waiting": "waiting list"}


async def _wrong(there: Stage, presses: Sequence[Press]) -> list[str]:
    numbers = await _numbers(there.database)
    said = {press.said for press in presses}
    booked = {press.person for press in presses if press.said == "booked"}
    stored = {person for person, (_, _, state) in numbers.items() if state == "booked"}
    return [
        *(each for each in sorted(said) if each not in WORDS),
        *([f"{len(stored)} booked of {PLACES} places"] if len(stored) != PLACES else []),
        *(["people were told otherwise than is stored"] if booked != stored else []),
        *([f"{len(numbers)} bookings"] if len(numbers) != len(presses) else []),
        *_gaps(numbers),
        *_overtakings(presses, numbers),
        *await crowd.breaches(there.database),
    ]


Numbers = dict[PersonId, tuple[SessionId, int, str]]


async def _numbers(database: Database) -> Numbers:
    """Each person's session, number in its queue, and state."""
    found = await read_sql(database, "SELECT person_id, session_id, queue_no, state FROM bookings")
    return {person: (session, queue_no, state) for person, session, queue_no, state in found}


def _gaps(numbers: Numbers) -> list[str]:
    """Sessions whose numbers are not 1, 2, 3 …"""
    of_session: defaultdict[SessionId, list[int]] = defaultdict(list)
    for session, queue_no, _ in numbers.values():
        of_session[session].append(queue_no)
    return [
        f"the queue of session {session} has gaps"
        for session, found in of_session.items()
        if sorted(found) != list(range(1, len(found) + 1))
    ]


def _overtakings(presses: Sequence[Press], numbers: Numbers) -> list[str]:
    """Whoever was answered before another pressed stands before them: so it is in the order of commit."""
    of_session: defaultdict[SessionId, list[tuple[Press, int]]] = defaultdict(list)
    for press in presses:
        if press.person in numbers:
            of_session[press.session].append((press, numbers[press.person][1]))
    overtaken = sum(
        earlier.ended < later.begun and number > after
        for queue in of_session.values()
        for earlier, number in queue
        for later, after in queue
    )
    return [f"{overtaken} were overtaken by somebody who pressed later"] if overtaken else []
