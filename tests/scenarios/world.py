"""A council's Teams, Graph and sign-in around the real bot, in a small learning week."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import learning.people
from language.meaning import Meaning
from learning.people import Address, PersonId
from learning.sessions import Session
from tests.support.activities import Person, a_person, channel
from tests.support.card_parts import shown_text
from tests.support.connector import Connector
from tests.support.events import Event
from tests.support.graph import Graph
from tests.support.login import Login
from tests.support.outgoing import Sent
from tests.support.product import Running, running, settings_for, sqlite_url
from tests.support.teams import Teams

ASHA = a_person("Asha")
BO = a_person("Bo")
CY = a_person("Cy")
DI = a_person("Di")
ORGA = a_person("Orla")
PEOPLE = (ASHA, BO, CY, DI, ORGA)
GENERAL = channel()

WEEK = """\
code,title,topics,starts,ends,capacity,format,location,link,waiting_list
GM1,Growth mindset,learning;habits,2026-05-18T10:00,2026-05-18T11:00,12,teams,,,
DA1,Digital accessibility,documents;inclusion,2026-05-18T10:30,2026-05-18T11:30,20,in_person,Library,,
PB1,Your personal brand,careers,2026-05-18T14:00,2026-05-18T15:00,,in_person,Town Hall,,
MC1,Mentoring or coaching,mentoring,2026-05-19T10:00,2026-05-19T11:00,1,in_person,Room 1,,
MC2,Mentoring circles,mentoring,2026-05-19T14:00,2026-05-19T15:00,12,teams,,,
NS1,Time management for night teams,shifts,2026-05-19T22:00,2026-05-19T23:00,15,zoom,,,
PC1,Presenting with confidence,speaking,2026-05-20T10:00,2026-05-20T11:30,1,in_person,Room 2,,no
RE1,Resilience,wellbeing,2026-05-22T14:00,2026-05-22T15:00,1,online,,https://example.org/resilience,
LS1,Leading from any seat,leadership,2026-05-22T10:00,2026-05-22T11:00,18,in_person,Room 1,,
EDX,edX courses,science,,,,self_paced,,https://www.edx.org,
"""


def london(text: str) -> datetime:
    """The instant at which London's clocks say so."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)


_numbers = count(1)

MONDAY = london("2026-05-18T08:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    login: Login
    connector: Connector
    graph: Graph
    bot: Running
    teams: Teams

    async def know(self, *people: Person) -> None:
        """As if these people had added the app and been welcomed some time ago."""
        async with self.bot.core.work() as uow:
            for person in people:
                self.connector.chats.add_person(person)
                self.graph.directory.add_user(person)
                await uow.people.save(
                    learning.people.Person(
                        id=person_id(person),
                        name=person.name,
                        teams_id=person.teams_id,
                        timezone=person.timezone,
                        address=Address(
                            service_url=self.connector.service_url,
                            conversation_id=person.chat,
                            tenant_id=self.login.tenant,
                        ),
                        welcomed_at=self.bot.clock.now(),
                    )
                )
            await uow.commit()

    async def newcomer(self) -> Person:
        """Somebody whom no other test knows."""
        person = a_person(f"Newcomer Number {next(_numbers)}")
        await self.know(person)
        return person

    async def pass_time(self, span: timedelta = timedelta(seconds=3)) -> None:
        """Let the clock run; by itself long enough for changes of who is booked to gather."""
        await self.bot.move_to(self.bot.clock.now() + span)

    async def session(self, code: str) -> Session:
        """The session of that code as it is now."""
        programme = await self.bot.core.catalogue.programme()
        [known] = [s for s in programme.everything if s.code == code]
        return await self.bot.core.catalogue.get(known.id)

    async def bookings(self, code: str) -> dict[str, str]:
        """Who stands where with a session: names and states, in the order in which they asked."""
        async with self.bot.core.work(read_only=True) as uow:
            bookings = await uow.bookings.of_session((await self.session(code)).id)
            people = await uow.people.among(b.person_id for b in bookings)
        return {people[b.person_id].name: str(b.state) for b in bookings}

    async def state(self, person: Person, code: str) -> str:
        """Where one person stands with a session, '' for nowhere."""
        standing = await self.bot.core.bookings.standing(
            person_id(person), (await self.session(code)).id
        )
        return str(standing.booking.state) if standing.booking else ""

    async def book(self, person: Person, code: str) -> dict[str, Any]:
        """Ask for a session and press its Book button; the card that comes back."""
        shown = await self.teams.say(person, code)
        return (await self.teams.press(person, shown.only, verb="session.book"))["value"]

    def told(self, person: Person, words: str) -> list[Sent]:
        """What this person got in their own chat with these words in it."""
        return [sent for sent in self.connector.sent_to(person) if words in sent.read]


def person_id(person: Person) -> PersonId:
    return PersonId(person.aad_id)


def read(answer: dict[str, Any]) -> str:
    """All that can be read of the answer to a press."""
    value = answer["value"]
    return value if isinstance(value, str) else shown_text(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is there whether the bot runs or not."""

    login: Login
    connector: Connector
    graph: Graph


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The week as a bot left it that published it: its database, and what it put in the calendar."""

    database: Path
    events: Mapping[str, Event]


@asynccontextmanager
async def surroundings(published: Published | None = None) -> AsyncGenerator[Surroundings]:
    """Leaving them fails if the bot sent anything that Teams or Graph would not take."""
    async with Login() as login, Connector(login, PEOPLE) as connector, Graph(login) as graph:
        for person in PEOPLE:
            graph.directory.add_user(person)
        if published is not None:
            graph.calendar.events |= deepcopy(dict(published.events))
        yield Surroundings(login=login, connector=connector, graph=graph)


@asynccontextmanager
async def a_bot(
    around: Surroundings,
    database_url: str,
    *,
    at: datetime = MONDAY,
    load: Callable[[], Meaning | None] | None = None,
    **settings: Any,
) -> AsyncGenerator[World]:
    """The bot in its surroundings; leaving it fails if the database breaks one of its rules."""
    given = {"organisers": ORGA.aad_id, **settings}
    login, connector, graph = around.login, around.connector, around.graph
    async with (
        running(settings_for(database_url, login, graph, **given), at=at, load=load) as bot,
        Teams(bot.bot_url, connector, login) as teams,
    ):
        yield World(login=login, connector=connector, graph=graph, bot=bot, teams=teams)
        await bot.settled()
        assert await bot.breaches() == []


@asynccontextmanager
async def a_world(
    database_url: str, *, at: datetime = MONDAY, week: str = WEEK, **settings: Any
) -> AsyncGenerator[World]:
    """Everything up, the week published and in the calendar, and everybody known and welcomed."""
    async with surroundings() as around, a_bot(around, database_url, at=at, **settings) as world:
        await world.know(*PEOPLE)
        await world.bot.publish(week)
        await world.bot.settled()
        yield world


async def publish_once(folder: Path) -> Published:
    """For stories to begin with: to publish the week anew takes longer than most of them."""
    async with surroundings() as around:
        async with a_bot(around, sqlite_url(folder), at=MONDAY - timedelta(minutes=5)) as world:
            await world.bot.publish(WEEK)
            await world.bot.settled()
        return Published(database=folder / "learnweek.db", events=around.graph.calendar.events)


@asynccontextmanager
async def a_world_again(database_url: str, published: Published) -> AsyncGenerator[World]:
    """The same as `a_world`, in which the bot was started again since it published the week.

    The database is a copy of the one that it left.
    """
    async with surroundings(published) as around, a_bot(around, database_url) as world:
        await world.know(*PEOPLE)
        await world.bot.settled()
        yield world
