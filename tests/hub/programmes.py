"""A programme in memory, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self, cast

from dialogs.programme_answers import ProgrammeAnswers
from learning.sessions import Details, Edition, EditionId, Format, Session, SessionId
from services.booking import BookingService
from services.catalogue import Catalogue
from services.ports.storage import NewUnitOfWork

TUESDAY = datetime(2026, 5, 19, 9, 0, tzinfo=UTC)
"""10:00 in London."""

WEEK = Edition(id=EditionId(1), name="Learning at Work Week 2026")


@dataclass(slots=True)
class StillClock:
    instant: datetime = TUESDAY

    def now(self) -> datetime:
        return self.instant


@dataclass(slots=True)
class Shelf:
    """Editions and sessions as a unit of work holds them; `change` is an import's doing."""

    sessions_held: list[Session] = field(default_factory=list)
    editions_held: list[Edition] = field(default_factory=lambda: [WEEK])
    changes: int = 1

    def change(self, *sessions: Session) -> None:
        self.sessions_held = list(sessions)
        self.changes += 1

    def count(self, *sessions: Session) -> None:
        """Bookings change counts and leave the programme's version as it is."""
        self.sessions_held = list(sessions)

    async def all(self) -> list[Session]:
        return list(self.sessions_held)

    async def among(self, ids: Iterable[SessionId]) -> dict[SessionId, Session]:
        wanted = set(ids)
        return {s.id: s for s in self.sessions_held if s.id in wanted}

    async def counted(self, sessions: Sequence[Session]) -> list[Session]:
        now = await self.among(s.id for s in sessions)
        return [now[s.id] for s in sessions if s.id in now]

    async def standing(
        self, sessions: Sequence[Session], person_id: object
    ) -> list[tuple[Session, None]]:
        return [(s, None) for s in await self.counted(sessions) if not s.is_cancelled]

    async def version(self) -> int:
        return self.changes


@dataclass(slots=True)
class EditionShelf:
    shelf: Shelf

    async def all(self) -> list[Edition]:
        return list(self.shelf.editions_held)


class Work:
    def __init__(self, shelf: Shelf) -> None:
        self.sessions = shelf
        self.editions = EditionShelf(shelf)

    def __call__(
        self, *, read_only: bool = False, glance: bool = False, survey: bool = False
    ) -> Self:
        assert read_only or glance or survey, "the hub changes nothing"
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass


def a_catalogue(shelf: Shelf, clock: StillClock) -> Catalogue:
    return Catalogue(cast("NewUnitOfWork", Work(shelf)), clock)


def the_answers(catalogue: Catalogue, clock: StillClock) -> ProgrammeAnswers:
    """What chat says of the programme to somebody it does not know: nobody's bookings are asked for."""
    return ProgrammeAnswers(catalogue, cast("BookingService", None), clock)


def a_session(id: int, title: str, starts_at: datetime | None = TUESDAY, **more: Any) -> Session:
    """An hour, fifteen places; keyword arguments are of the session or of its details."""
    own = {k: more.pop(k) for k in ("state", "taken", "waiting", "join_url") if k in more}
    details = Details(
        code=more.pop("code", f"S{id}"),
        title=title,
        starts_at=starts_at,
        ends_at=None if starts_at is None else starts_at + timedelta(hours=1),
        capacity=15,
    )
    return Session(id=SessionId(id), edition_id=WEEK.id, details=replace(details, **more), **own)


def a_resource(id: int, title: str, **more: Any) -> Session:
    return a_session(id, title, None, format=Format.SELF_PACED, capacity=None, **more)
