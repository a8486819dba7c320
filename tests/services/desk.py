"""The services on a real database, around them a clock that stands and outside systems in memory."""

from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from learning.bookings import Booking
from learning.notices import FanOut, Kind, Notice, NudgeRules, QuietHours
from learning.people import Person, PersonId
from learning.sessions import Details, Session, SessionId
from services.attendance import AttendanceService
from services.booking import BookingService
from services.catalogue import Catalogue
from services.channels import ChannelService
from services.doors import Doors
from services.meetings import MeetingService
from services.outreach import Outreach
from services.people import PeopleService
from services.places import Places
from services.ports.deliveries import Outcome, Settlement
from services.programme import ProgrammeService
from store.engine import Database
from store.unit_of_work import SqlWork
from tests.support import builders
from tests.support.clocks import MONDAY, FixedClock
from tests.support.deliveries import a_queue
from tests.support.outside import FakeCalendar, FakeDirectory

LONDON = ZoneInfo("Europe/London")
RULES = NudgeRules(
    before=(timedelta(days=1), timedelta(hours=1), timedelta(minutes=10)),
    quiet=QuietHours(start=time(20, 0), end=time(7, 30)),
)
UNSENT = ("queued", "held_back")
FAR = MONDAY + timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One replica of the product without its edges."""

    database: Database
    work: SqlWork
    clock: FixedClock
    calendar: FakeCalendar
    directory: FakeDirectory
    bookings: BookingService
    people: PeopleService
    programme: ProgrammeService
    catalogue: Catalogue
    channels: ChannelService
    outreach: Outreach
    meetings: MeetingService
    attendance: AttendanceService

    async def publish(self, *rows: Details, edition: str = builders.WEEK) -> list[Session]:
        return await builders.publish(self.work, *rows, edition=edition)

    async def meet(self, *people: Person | str) -> list[PersonId]:
        return await builders.meet(self.work, *people)

    async def book(self, session: Session, *names: str, **more: Any) -> None:
        """Book for each in turn, whom we have not met before."""
        for person_id in await self.meet(*names):
            await self.bookings.book(person_id, session.id, **more)

    async def session(self, session: Session | SessionId) -> Session:
        """The session as it is now."""
        session_id = session.id if isinstance(session, Session) else session
        async with self.work(read_only=True) as uow:
            return await uow.sessions.get(session_id)

    async def bookings_of(self, session: Session) -> list[Booking]:
        """In the order of asking."""
        async with self.work(read_only=True) as uow:
            return await uow.bookings.of_session(session.id)

    async def stands(self, session: Session) -> dict[str, str]:
        """Each live booking's state by the person's id, in the order of asking."""
        live = [b for b in await self.bookings_of(session) if b.is_live]
        return {b.person_id: b.state.value for b in live}

    async def owed(self, *kinds: Kind) -> list[Notice]:
        """What is written and not yet sent, in the order of writing."""
        async with self.work(read_only=True) as uow:
            rows = await uow.outbox.recent(100_000)
        return [
            row.notice
            for row in reversed(rows)
            if row.state in UNSENT and (not kinds or row.notice.kind in kinds)
        ]

    async def highlights(self) -> list[Notice]:
        """The daily highlights that are written and not yet sent, whatever page they came with."""
        await self.write_pages()
        return await self.owed(Kind.HIGHLIGHTS, Kind.CHANNEL_HIGHLIGHTS)

    async def write_pages(self) -> None:
        """Bring about every page of a fan-out, as the sender does when it is due."""
        pages, done = a_queue(self.database), list[Settlement]()
        while claimed := await pages.exchange(done, FAR, 1, 0):
            page = FanOut.of(claimed[0].notice)
            await self.outreach.write_page(page)
            done = [Settlement(delivery=claimed[0], outcome=Outcome.SENT, at=FAR)]

    async def told(self, kind: Kind) -> list[PersonId | None]:
        """Who is to be told this, in the order of writing."""
        return [notice.person_id for notice in await self.owed(kind)]

    async def nudged(self) -> Counter[PersonId | None]:
        """How many nudges lie ahead of each."""
        return Counter(await self.told(Kind.NUDGE))

    async def breaches(self) -> list[str]:
        async with self.work(read_only=True) as uow:
            return await uow.audit(self.clock.now())


@asynccontextmanager
async def a_desk(database: Database) -> AsyncGenerator[Desk]:
    """The services; leaving them fails if a rule about bookings or notices was broken."""
    work, clock = SqlWork(database), FixedClock()
    places = Places(RULES, LONDON)
    calendar, directory = FakeCalendar(), FakeDirectory()
    people = PeopleService(work, clock, places)
    catalogue = Catalogue(work, clock)
    desk = Desk(
        database=database,
        work=work,
        clock=clock,
        calendar=calendar,
        directory=directory,
        bookings=BookingService(work, clock, places),
        people=people,
        programme=ProgrammeService(work, clock, places, timezone="Europe/London"),
        catalogue=catalogue,
        channels=ChannelService(work),
        outreach=Outreach(work, clock, catalogue, zone=LONDON, at=time(8, 30), rate=40),
        meetings=MeetingService(work, calendar, directory, people, clock),
        attendance=AttendanceService(work, clock, Doors("for tests only"), share=0.5),
    )
    yield desk
    assert await desk.breaches() == []
