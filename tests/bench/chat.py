"""People who ask what is on today, so many a second, whatever else is under way."""

import asyncio
import itertools
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import aiohttp

from tests.bench.bots import Bot, Channel
from tests.bench.crowd import TODAY, ZONE
from tests.bench.region import Region
from tests.support.activities import Person, a_person
from tests.support.now import now

PEOPLE, RATE = 25, 5.0
"""Few enough to be warm soon, and so many that none asks faster than Teams answers one chat."""

WARM = 3.0
POPULATION = "a"
"""What the ids of chats that people began themselves start with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One question: whose chat, when it was due, and how many milliseconds later it was answered."""

    chat: str
    due: float
    took: float

    def met(self, refusals: Sequence[tuple[str, float]]) -> bool:
        """Whether Teams refused its answer at first."""
        over = self.due + self.took / 1000
        return any(chat == self.chat and self.due <= at <= over for chat, at in refusals)


@dataclass(slots=True)
class Latencies:
    """How long turns took from when they were due, and what went wrong."""

    turns: list[Turn] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def spared(self, refusals: Sequence[tuple[str, float]]) -> "Latencies":
        """Those of them whose answers Teams took at once."""
        return Latencies([turn for turn in self.turns if not turn.met(refusals)])

    def percentile(self, share: float) -> float:
        took = sorted(turn.took for turn in self.turns)
        return took[min(int(share * len(took)), len(took) - 1)]

    def __str__(self) -> str:
        return (
            f"p50 {self.percentile(0.5):.0f} ms, p99 {self.percentile(0.99):.0f} ms"
            f" ({len(self.turns)} turns, {len(self.errors)} errors)"
        )


class Chat:
    def __init__(self, channel: Channel, bots: Sequence[Bot]) -> None:
        people = [a_person(f"Asks {number}", ZONE) for number in range(PEOPLE)]
        self._channel = channel
        self._turns = itertools.cycle(itertools.product(people, bots))

    async def asked(self, stop: asyncio.Event) -> Latencies:
        """Turns until then, the first of which only warm up."""
        async with asyncio.TaskGroup() as group:
            await self._send(group, Latencies(), seconds=WARM)
            measured = Latencies()
            await self._send(group, measured, stop=stop)
        return measured

    async def asked_for(self, seconds: float) -> Latencies:
        stop = asyncio.Event()
        asyncio.get_running_loop().call_later(WARM + seconds, stop.set)
        return await self.asked(stop)

    async def _send(
        self,
        group: asyncio.TaskGroup,
        measured: Latencies,
        *,
        stop: asyncio.Event | None = None,
        seconds: float = float("inf"),
    ) -> None:
        begun = time.perf_counter()
        for number in itertools.count():
            due = begun + number / RATE
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            if (stop is not None and stop.is_set()) or number / RATE >= seconds:
                return
            person, bot = next(self._turns)
            group.create_task(self._turn(person, bot, due, measured))

    async def _turn(self, person: Person, bot: Bot, due: float, measured: Latencies) -> None:
        activity = self._channel.activities.message("what's on today", person)
        at = now().timestamp() - (time.perf_counter() - due)
        try:
            await self._channel.post(bot.url, activity)
        except (AssertionError, aiohttp.ClientError, TimeoutError) as error:
            measured.errors.append(f"a turn failed: {str(error)[:200]}")
        took = 1000 * (time.perf_counter() - due)
        measured.turns.append(Turn(chat=person.chat, due=at, took=took))


async def check_answer(region: Region) -> None:
    """That the reply was the whole list of the day."""
    activity = await region.last(POPULATION)
    card = json.dumps(activity["attachments"][0]["content"])
    listed = sum(f"part {number + 1}:" in card for number in range(TODAY))
    assert listed == TODAY, f"a card of {len(card)} characters with {listed} sessions"
