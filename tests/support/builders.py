"""Sessions, people and notices that show only what matters to a test."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from learning.notices import Kind, Notice
from learning.people import Address, Person, PersonId
from learning.sessions import Details, Format, Session, SessionId
from services.ports.storage import NewUnitOfWork
from tests.support.clocks import MONDAY

WEDNESDAY = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
"""10:00 in London, two days and an hour after the `FixedClock` stands."""

WEEK = "Learning at Work Week 2026"


def details(code: str = "GM1", starts_at: datetime | None = WEDNESDAY, **more: Any) -> Details:
    """An hour on Wednesday at ten in London, in person, with twelve places."""
    usual = Details(
        code=code,
        title=f"Session {code}",
        starts_at=starts_at,
        ends_at=None if starts_at is None else starts_at + timedelta(hours=1),
        capacity=12,
        format=Format.IN_PERSON,
    )
    return replace(usual, **more)


def person(name: str, **more: Any) -> Person:
    return replace(Person(id=PersonId(name), name=name.title(), address=address(name)), **more)


def address(name: str) -> Address:
    return Address(service_url="https://smba.example.org/", conversation_id=f"a:{name}")


def notice(key: str, *, due_at: datetime = MONDAY, kind: Kind = Kind.NUDGE, **more: Any) -> Notice:
    return Notice(kind=kind, key=key, due_at=due_at, **more)


def effect(key: str, *, of: int, due_at: datetime = MONDAY) -> Notice:
    """Something to do in the calendar about one session: it has a lane."""
    return notice(key, due_at=due_at, kind=Kind.EVENT, session_id=SessionId(of))


async def publish(work: NewUnitOfWork, *rows: Details, edition: str = WEEK) -> list[Session]:
    """Store these sessions as they are, with nothing else done about them."""
    async with work() as uow:
        found = await uow.editions.named(edition) or await uow.editions.add(edition)
        sessions = await uow.sessions.add(found.id, rows)
        await uow.commit()
    return sessions


async def meet(work: NewUnitOfWork, *people: Person | str) -> list[PersonId]:
    """Store these people, those who are only named with nothing special about them."""
    known = [p if isinstance(p, Person) else person(p) for p in people]
    async with work() as uow:
        for each in known:
            await uow.people.save(each)
        await uow.commit()
    return [p.id for p in known]


async def queue(work: NewUnitOfWork, *notices: Notice | Sequence[Notice]) -> None:
    """Write these into the outbox."""
    async with work() as uow:
        for each in notices:
            await uow.outbox.add([each] if isinstance(each, Notice) else each)
        await uow.commit()


async def outbox(work: NewUnitOfWork) -> dict[str, str]:
    """The state of every row of the outbox, by its key."""
    async with work(read_only=True) as uow:
        return {row.notice.key: row.state for row in await uow.outbox.recent(100_000)}
