"""A council's learning week, played through the services, and its own books kept beside it.

The books are plain lists, kept by the rules as people know them: nothing in them is asked of the
product, so that its report can be checked against them.
"""

import csv
import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import config
from core import Core, opened
from integrations.spreadsheets import read_table
from learning.attendance import Presence, Seen, Source
from learning.people import Person, PersonId
from learning.profiles import Profile
from learning.sessions import SessionId
from tests.support.clocks import FixedClock

WEEK = Path(__file__).parents[2] / "sample" / "week.csv"
LONDON = ZoneInfo("Europe/London")
ORLA = PersonId("orla")
DEPARTMENTS = {
    "Adult Social Care": 85,
    "Contact Centre": 60,
    "Housing": 80,
    "Finance": 50,
    "Libraries": 40,
    "Parks": 30,
    "Planning": 25,
    "Legal": 12,
    "Emergency Planning": 3,
    "Registrars": 2,
    "": 13,
}
OFFICES = {"Town Hall": 190, "Home": 95, "Depot": 60, "Library": 45, "Mortuary": 2, "": 8}
CHANNELS = ("chat", "chat", "card", "highlights", "highlights", "nudge", "engage", "hub", "hub")
UNRECORDED = "ND1"
"""At this session nobody kept a record."""


@dataclass
class Row:
    """What one person, or one guest, has to do with one session."""

    code: str
    who: str
    booked: bool = False
    waiting: bool = False
    presence: str = ""
    channel: str = ""


@dataclass
class SessionBook:
    """One session: who has a place and who waits, in the order of asking."""

    code: str
    title: str
    strand: str
    format: str
    capacity: int | None
    starts: datetime
    ends: datetime
    id: SessionId = field(default=SessionId(0))
    called_off: bool = False
    booked: list[str] = field(default_factory=list[str])
    waiting: list[str] = field(default_factory=list[str])
    channel: dict[str, str] = field(default_factory=dict[str, str])
    presence: dict[str, str] = field(default_factory=dict[str, str])
    answers: list[tuple[int, bool | None]] = field(default_factory=list[tuple[int, bool | None]])

    def ask(self, who: str, channel: str) -> None:
        self.channel[who] = channel
        is_free = self.capacity is None or len(self.booked) < self.capacity
        (self.booked if is_free and not self.waiting else self.waiting).append(who)

    def give_back(self, who: str) -> None:
        if who in self.waiting:
            self.waiting.remove(who)
            return
        self.booked.remove(who)
        if self.waiting:
            self.booked.append(self.waiting.pop(0))

    def rows(self) -> list[Row]:
        there = [w for w, p in self.presence.items() if p != "absent"]
        return [
            Row(
                code=self.code,
                who=who,
                booked=who in self.booked,
                waiting=who in self.waiting,
                presence=self.presence.get(who, ""),
                channel=self.channel.get(who, ""),
            )
            for who in dict.fromkeys([*self.booked, *self.waiting, *there])
        ]


@dataclass
class Council:
    """The product on one database, the people who use it, and the dice they throw."""

    core: Core
    clock: FixedClock
    dice: random.Random
    department: dict[str, str] = field(default_factory=dict[str, str])
    office: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def people(self) -> list[str]:
        return list(self.department)

    async def hire(self) -> None:
        """Four hundred people, each with a department and an office, some with neither."""
        places = [d for d, count in DEPARTMENTS.items() for _ in range(count)]
        offices = [o for o, count in OFFICES.items() for _ in range(count)]
        self.dice.shuffle(offices)
        for number, (department, office) in enumerate(zip(places, offices, strict=True)):
            self.department[f"p{number:03}"] = department
            self.office[f"p{number:03}"] = office
        async with self.core.work() as uow:
            for who in self.people:
                await uow.people.save(Person(id=PersonId(who), name=who.title()))
            await uow.profiles.save(
                Profile(
                    person_id=PersonId(who),
                    department=self.department[who],
                    office=self.office[who],
                    read_at=self.clock.now(),
                )
                for who in self.people
            )
            await uow.commit()

    async def publish(self, name: str, month: str) -> dict[str, SessionBook]:
        """The sample week in this month, such as 2025-11."""
        text = WEEK.read_text("utf-8").replace("2026-05-", f"{month}-")
        books = {
            row["code"]: SessionBook(
                code=row["code"],
                title=row["title"],
                strand=row["strand"],
                format=row["format"],
                capacity=int(row["capacity"]) if row["capacity"] else None,
                starts=datetime.fromisoformat(row["starts"]).replace(tzinfo=LONDON),
                ends=datetime.fromisoformat(row["ends"]).replace(tzinfo=LONDON),
            )
            for row in csv.DictReader(text.splitlines())
        }
        self.clock.set(min(b.starts for b in books.values()).astimezone(UTC) - timedelta(days=21))
        await self.core.programme.import_table(
            read_table("week.csv", text.encode()), edition_name=name
        )
        for session in await self.core.programme.sessions_of(name):
            books[session.code].id = session.id
        return books

    async def book(self, books: dict[str, SessionBook], share: float) -> None:
        """So many of the people ask for one to three sessions each; some give one back."""
        asks: list[tuple[str, str]] = []
        for who in self.people:
            if self.dice.random() < share:
                asks += [(who, c) for c in self.dice.sample(list(books), self.dice.randint(1, 3))]
        self.dice.shuffle(asks)
        for who, code in asks:
            channel = self.dice.choice(CHANNELS)
            books[code].ask(who, channel)
            await self.core.bookings.book(
                PersonId(who), books[code].id, source=channel, despite_clash=True
            )
        for who, code in self.dice.sample(asks, len(asks) // 10):
            books[code].give_back(who)
            await self.core.bookings.cancel(PersonId(who), books[code].id)

    async def call_off(self, book: SessionBook) -> None:
        book.called_off = True
        await self.core.programme.cancel_session(book.id, by=ORLA)

    async def attend(self, books: dict[str, SessionBook]) -> None:
        """A day after each session its record is taken in, and then here and there corrected."""
        for book in sorted(books.values(), key=lambda b: b.ends):
            self.clock.set(book.ends.astimezone(UTC) + timedelta(hours=25))
            if book.called_off or book.code == UNRECORDED:
                continue
            if book.format == "in_person":
                await self._ticked(book)
            else:
                await self._recorded(book)
            if not book.presence:
                continue
            for who in book.booked:
                book.presence.setdefault(who, "absent")
            for who in self.dice.sample(sorted(book.booked), min(1, len(book.booked))):
                state = self.dice.choice(["attended", "absent"])
                book.presence[who] = state
                await self.core.attendance.correct(
                    book.id, PersonId(who), Presence(state), by=ORLA, why="seen in the room"
                )

    async def _ticked(self, book: SessionBook) -> None:
        came = [who for who in book.booked if self.dice.random() < 0.75]
        book.presence |= dict.fromkeys(came, "attended")
        await self.core.attendance.tick(book.id, came, by=ORLA)

    async def _recorded(self, book: SessionBook) -> None:
        seen: list[Seen] = []
        for who in book.booked:
            luck = self.dice.random()
            if luck < 0.8:
                book.presence[who] = "attended" if luck < 0.7 else "briefly"
                seen.append(self._seen(book, who, 1.0 if luck < 0.7 else 0.2))
        if book.code != "CC1":  # the small one stays small
            others = [who for who in self.people if who not in book.booked]
            for who in self.dice.sample(others, 2):
                book.presence[who] = "attended"
                seen.append(self._seen(book, who, 0.9))
            if self.dice.random() < 0.3:
                book.presence[f"guest of {book.code}"] = "attended"
                seen.append(self._seen(book, "", 1.0, name="A visitor"))
        await self.core.attendance.take_in(book.id, seen)

    def _seen(self, book: SessionBook, account: str, part: float, **more: Any) -> Seen:
        begin, end = book.starts.astimezone(UTC), book.ends.astimezone(UTC)
        return Seen(
            system=Source.ZOOM if book.format == "zoom" else Source.TEAMS,
            meeting=f"m-{book.code}",
            report="r",
            record=f"{account or 'guest'}",
            account=account,
            spans=((begin, begin + (end - begin) * part),),
            **more,
        )

    async def answer(self, books: dict[str, SessionBook], share: float) -> None:
        """Some of those who were there say how it was."""
        for book in books.values():
            there = [w for w in book.presence if book.presence[w] != "absent" and w in self.people]
            for who in there:
                if self.dice.random() < share:
                    stars = self.dice.choices([1, 2, 3, 4, 5], [1, 2, 6, 14, 17])[0]
                    helped = self.dice.choice([True, True, True, False, None])
                    book.answers.append((stars, helped))
                    await self.core.feedback.give(
                        PersonId(who), book.id, stars=stars, helped=helped, comment=""
                    )
        await self.core.feedback.show()

    async def forget(self, who: str) -> None:
        """Their department and office are known no more; what they did still counts."""
        await self.core.people.forget(PersonId(who))
        self.department[f"was {who}"] = self.office[f"was {who}"] = ""
        del self.department[who], self.office[who]


@asynccontextmanager
async def a_council(database_url: str, seed: int, **settings: Any) -> AsyncGenerator[Council]:
    clock = FixedClock()
    given = config.Settings(
        _env_file=None,  # pyright: ignore[reportCallIssue] -- pydantic's own
        database_url=database_url,
        secret_key="for tests only",  # pyright: ignore[reportArgumentType]
        **settings,
    )
    async with opened(given, clock) as core:
        council = Council(core=core, clock=clock, dice=random.Random(seed))
        await council.hire()
        yield council
        async with core.work(read_only=True) as uow:
            assert await uow.audit(clock.now()) == []


def renamed(books: dict[str, SessionBook], who: str) -> None:
    """In the books somebody forgotten goes on without their name."""
    for book in books.values():
        book.booked = [f"was {w}" if w == who else w for w in book.booked]
        book.waiting = [f"was {w}" if w == who else w for w in book.waiting]
        book.presence = {f"was {w}" if w == who else w: p for w, p in book.presence.items()}
        book.channel = {f"was {w}" if w == who else w: c for w, c in book.channel.items()}
