"""The load: what people do, sent to a replica that lives, and what they were told of it."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from typing import Any

import aiohttp

from tests.chaos.plan import Act, Verb
from tests.chaos.region import Region
from tests.chaos.replicas import Replica
from tests.support.activities import Activities, Activity, Person
from tests.support.login import Login
from tests.support.now import now, seconds

PATIENCE = aiohttp.ClientTimeout(total=15)
"""As long as Teams waits for an answer."""

LONGEST_SEARCH = 30.0
"""Seconds for which a living replica is looked for."""

NOTICED = 2.0
"""Seconds after which whoever spreads the load has noticed that a replica does not answer."""


class Told(StrEnum):
    """What an answer said, as far as a booking goes. UNKNOWN may or may not have come about."""

    BOOKED = "You're booked"
    WAITING = "You're on the waiting list"
    OFFERED = "A place is being held for you"
    CANCELLED = "Booking cancelled"
    NOTHING = "something else"
    UNKNOWN = "no answer"
    LATE = "no answer in time"
    NOT_SENT = "could not be connected"


HIGHLIGHTS_SAID = "I'll send you the highlights each morning"
CALLED_OFF = " is cancelled. I'm telling "
APOLOGY = "something went wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """An act, when it was begun and answered, and the answer."""

    act: Act
    began: float
    ended: float
    told: Told
    heading: str = ""


@dataclass(slots=True, kw_only=True)
class Answer:
    """`status` is 0 where there was none, and then `told` says why."""

    status: int = 0
    body: Any = None
    told: Told = Told.UNKNOWN


class Sender:
    """Teams' way to the replicas: the next one that answers, in turn."""

    def __init__(self, replicas: Sequence[Replica], token: str) -> None:
        self.statuses: Counter[int] = Counter()
        self.elsewhere = 0
        self.unconnected = 0
        self.wrong: list[str] = []
        self._replicas = replicas
        self._turn = count()
        self._headers = {"Authorization": f"Bearer {token}"}

    async def __aenter__(self) -> "Sender":
        self._http = aiohttp.ClientSession(
            timeout=PATIENCE, headers=self._headers, connector=aiohttp.TCPConnector(limit=0)
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    async def post(self, activity: Activity) -> Answer:
        """Tried elsewhere where it was not taken, and never again where it may have been."""
        end = now().timestamp() + LONGEST_SEARCH
        while now().timestamp() < end:
            for _ in self._replicas:
                answer = await self._once(self._next(), activity)
                if answer.told is not Told.NOT_SENT:
                    return answer
                self.elsewhere += 1
            await asyncio.sleep(0.2)
        self.unconnected += 1
        return Answer(told=Told.NOT_SENT)

    def _next(self) -> Replica:
        """A pause is noticed after a while; until then it is sent to as the others are."""
        up = [each for each in self._replicas if not _is_noticed(each)] or self._replicas
        return up[next(self._turn) % len(up)]

    async def _once(self, replica: Replica, activity: Activity) -> Answer:
        try:
            async with self._http.post(replica.bot_url, json=activity) as response:
                body = await response.json(content_type=None) if response.status == 200 else None
                text = "" if response.status < 400 else await response.text()
        except aiohttp.ClientConnectorError:
            return Answer(told=Told.NOT_SENT)
        except TimeoutError:
            return Answer(told=Told.LATE)
        except (aiohttp.ClientError, ConnectionError):
            return Answer(told=Told.UNKNOWN)
        self.statuses[response.status] += 1
        if response.status == 503 and replica.is_stopping:
            return Answer(status=503, told=Told.NOT_SENT)
        if response.status >= 400:
            self.wrong.append(f"HTTP {response.status} from replica {replica.number}: {text[:200]}")
        return Answer(status=response.status, body=body)


def _is_noticed(replica: Replica) -> bool:
    if not replica.is_paused:
        return False
    began, _ = replica.lives[-1].pauses[-1]
    return now().timestamp() - began > NOTICED


@dataclass(slots=True)
class Load:
    """Everybody does one thing after another, each when it is due."""

    sender: Sender
    region: Region
    activities: Activities
    people: Sequence[Person]
    organiser: Person
    ids: Mapping[str, int]
    done: list[Done] = field(default_factory=list)
    apologies: list[str] = field(default_factory=list)
    _one_at_a_time: dict[int, asyncio.Lock] = field(
        default_factory=lambda: defaultdict(asyncio.Lock)
    )

    async def install(self) -> None:
        places = asyncio.Semaphore(12)

        async def one(person: Person) -> None:
            async with places:
                await self.sender.post(self.activities.installation_update(person))

        await asyncio.gather(*(one(person) for person in [*self.people, self.organiser]))

    async def all_of(self, acts: Sequence[Act]) -> None:
        """One soon after another, whatever their times."""
        places = asyncio.Semaphore(12)

        async def one(act: Act) -> None:
            async with places:
                await self.do(act)

        await asyncio.gather(*(one(act) for act in acts))

    async def do(self, act: Act) -> Done:
        async with self._one_at_a_time[-1 if act.verb is Verb.CALL_OFF else act.person]:
            activity = self._activity(act)
            began = now().timestamp()
            answer = await self.sender.post(activity)
            done = self._done(act, began, activity, answer)
        self.done.append(done)
        return done

    def _activity(self, act: Act) -> Activity:
        person = self.people[act.person]
        match act.verb:
            case Verb.SAY_BOOK | Verb.SAY_CANCEL:
                return self.activities.message(f"{act.verb} {act.session}", person)
            case Verb.LOOK | Verb.HIGHLIGHTS:
                return self.activities.message(act.verb, person)
            case Verb.CALL_OFF:
                data = {"session": self.ids[act.session]}
                return self.activities.invoke(act.verb, data, self.organiser)
            case _:
                data = {"session": self.ids[act.session], "anyway": True}
                return self.activities.invoke(act.verb, data, person)

    def _done(self, act: Act, began: float, activity: Activity, answer: Answer) -> Done:
        told, heading = answer.told, ""
        if answer.status:
            heading = _heading(answer.body) or self.region.replies.get(activity["id"], "")
            told = _told(heading)
        if APOLOGY in heading:
            self.apologies.append(f"{now():%H:%M:%S} {act}: {heading}")
        return Done(act=act, began=began, ended=now().timestamp(), told=told, heading=heading)


def _heading(body: Any) -> str:
    """The first line of the card that an invoke is answered with, or its error."""
    match body:
        case {"value": {"body": [{"text": str(text)}, *_]}}:
            return text
        case {"value": {"message": str(text)}}:
            return text
        case _:
            return ""


def _told(heading: str) -> Told:
    if not heading or APOLOGY in heading:
        return Told.UNKNOWN
    found = (
        told
        for told in (Told.BOOKED, Told.WAITING, Told.OFFERED, Told.CANCELLED)
        if told == heading
    )
    return next(found, Told.NOTHING)


def channel_token(login: Login, service_url: str) -> str:
    """Good for long, and for clocks that are wrong by minutes."""
    since = seconds() - 7200
    return login.channel_token(
        login.app_id, service_url, iat=since, nbf=since, exp=seconds() + 6 * 3600
    )
