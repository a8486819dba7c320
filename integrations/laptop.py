"""The systems around us, played on one machine: what they were asked is kept to be looked at."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe

from learning.people import Person, PersonId
from learning.programme_table import Row, Table
from learning.sessions import Session
from services.ports.clocks import Clock
from services.ports.systems import CalendarEvent


class LaptopClock:
    """The real time, moved by as much as somebody trying things out wants."""

    def __init__(self, real: Clock) -> None:
        self._real = real
        self._moved = timedelta()

    def now(self) -> datetime:
        return self._real.now() + self._moved

    def set(self, instant: datetime) -> None:
        self._moved = instant.astimezone(UTC) - self._real.now()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One thing that an outside system would have been asked."""

    at: datetime
    system: str
    what: str


class Asks:
    """The newest of what was asked, for the page that shows it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.newest: deque[Asked] = deque(maxlen=200)

    def note(self, system: str, what: str) -> None:
        self.newest.appendleft(Asked(at=self._clock.now(), system=system, what=what))


class LaptopCalendar:
    """Plays the organiser's calendar. An event's id is its transaction, so nothing is made twice."""

    def __init__(self, asks: Asks, public_url: str) -> None:
        self._asks = asks
        self._public_url = public_url

    async def create(
        self, session: Session, attendees: Sequence[Person], transaction: str
    ) -> CalendarEvent:
        self._asks.note("Calendar", f"make an event with a Teams meeting: {session.title}")
        return self._event(transaction)

    async def change(self, event_id: str, session: Session) -> CalendarEvent:
        self._asks.note("Calendar", f"change the event: {session.title}")
        return self._event(event_id)

    async def invite(self, event_id: str, attendees: Sequence[Person]) -> None:
        names = ", ".join(p.name or p.id for p in attendees) or "nobody"
        self._asks.note("Calendar", f"attendees of {event_id} are now: {names}")

    async def cancel(self, event_id: str, session: Session) -> None:
        self._asks.note("Calendar", f"cancel the event: {session.title}")

    def _event(self, event_id: str) -> CalendarEvent:
        return CalendarEvent(id=event_id, join_url=f"{self._public_url}/laptop/meetings/{event_id}")


class LaptopDirectory:
    """Plays Entra: everybody has an address, and is in every group."""

    async def email_of(self, person: Person) -> str:
        return f"{'.'.join(person.name.casefold().split()) or 'someone'}@example.org"

    async def is_member(self, person_id: PersonId, group_id: str) -> bool:
        return True

    async def owns_team(self, person: Person, team_group_id: str) -> bool:
        return True


def from_today(table: Table, today: date) -> Table:
    """The sample programme with its first day today and the others on the days that follow.

    Weekends too: a week with a gap would be joined by another that begins in the gap.
    """
    starts, ends = table.header.index("starts"), table.header.index("ends")
    days = sorted({row.cells[starts][:10] for row in table.rows if row.cells[starts]})
    moved = {day: (today + timedelta(days=n)).isoformat() for n, day in enumerate(days)}

    def cells(row: Row) -> tuple[str, ...]:
        return tuple(
            f"{moved[cell[:10]]}{cell[10:]}" if i in (starts, ends) and cell else cell
            for i, cell in enumerate(row.cells)
        )

    rows = tuple(Row(line=row.line, cells=cells(row)) for row in table.rows)
    return Table(header=table.header, rows=rows)


def kept_secret(folder: Path) -> str:
    """The secret key of this machine, made once and kept where only its owner reads it."""
    path = folder / "secret_key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(token_urlsafe(48))
    return path.read_text().strip()
