"""What became of every row of the outbox: who leased it when, and how each lease ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from store.engine import Database
from store.tables import bookings, outbox, sessions

NEVER = float("inf")


@dataclass(slots=True)
class Claim:
    """One lease of a row; `became` is the state that ended it, 'leased' where it was taken over."""

    owner: str
    at: float
    attempt: int
    ended: float = NEVER
    became: str = ""

    def __str__(self) -> str:
        end = f" {self.became} {self.ended:.2f}" if self.became else ""
        return f"[{self.owner[:6]} attempt {self.attempt} {self.at:.2f}{end}]"


@dataclass(slots=True, kw_only=True)
class Row:
    """A row through its life, deleted ones included. Instants are seconds since 1970."""

    id: int
    kind: str
    person_id: str
    session_id: int
    written: float
    due: float
    state: str = "queued"
    next_at: float = 0.0
    activity_id: str = ""
    last_error: str = ""
    withdrawn: bool = False
    claims: list[Claim] = field(default_factory=list)

    def holder(self, at: float) -> Claim | None:
        """Whose lease it was at that moment, ended or not."""
        return next((claim for claim in reversed(self.claims) if claim.at <= at), None)

    def __str__(self) -> str:
        end = "withdrawn" if self.withdrawn else f"{self.state} {self.last_error}".strip()
        told = " ".join(str(claim) for claim in self.claims)
        return (
            f"row {self.id} {self.kind} of {self.person_id} on {self.session_id},"
            f" written {self.written:.2f}, due {self.due:.2f}, {end}: {told}"
        )


async def rows(database: Database) -> list[Row]:
    """All rows that there ever were, in the order in which they were written."""
    async with database.reading.connect() as db:
        noted = await db.execute(sa.text("SELECT * FROM chaos_history ORDER BY no"))
        found = _replayed([dict(each._mapping) for each in noted])
        errors = {row.id: row.last_error for row in await db.execute(sa.select(outbox))}
    for row in found:
        row.last_error = "" if row.withdrawn else errors.get(row.id, "")
    return found


def _replayed(noted: Sequence[Mapping[str, Any]]) -> list[Row]:
    now_there: dict[int, Row] = {}
    all_rows: list[Row] = []
    for note in noted:
        if note["op"] == "INSERT":
            row = _row(note)
            now_there[row.id] = row
            all_rows.append(row)
        elif note["op"] == "DELETE":
            now_there.pop(note["row_id"]).withdrawn = True
        else:
            _change(now_there[note["row_id"]], note)
    return all_rows


def _row(note: Mapping[str, Any]) -> Row:
    return Row(
        id=note["row_id"],
        kind=note["kind"],
        person_id=note["person_id"] or "",
        session_id=note["session_id"] or 0,
        written=float(note["at"]),
        due=float(note["due_at"]),
        next_at=float(note["next_at"]),
    )


def _change(row: Row, note: Mapping[str, Any]) -> None:
    at, last = float(note["at"]), row.claims[-1] if row.claims else None
    is_leased = note["state"] == "leased"
    is_same = (
        last is not None and (last.owner, last.attempt) == (note["owner"], note["attempts"])
    )  # fmt: skip
    if last is not None and not last.became and not (is_leased and is_same):
        last.ended, last.became = at, note["state"]
    if is_leased and not is_same:
        row.claims.append(Claim(note["owner"], at, note["attempts"]))
    row.state, row.next_at = note["state"], float(note["next_at"])
    row.activity_id = note["activity_id"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """A live booking as the database has it."""

    person_id: str
    session_id: int
    state: str
    changed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A session as the database has it."""

    code: str
    starts: float
    is_cancelled: bool
    taken: int
    waiting: int


async def live_bookings(database: Database) -> list[Booked]:
    async with database.reading.connect() as db:
        found = await db.execute(
            sa.select(bookings).where(bookings.c.state.in_(("booked", "offered", "waiting")))
        )
        return [
            Booked(
                person_id=row.person_id,
                session_id=row.session_id,
                state=row.state,
                changed=_seconds(row.changed_at),
            )
            for row in found
        ]


async def held_sessions(database: Database) -> dict[int, Held]:
    async with database.reading.connect() as db:
        return {
            row.id: Held(
                code=row.code,
                starts=_seconds(row.starts_at),
                is_cancelled=row.state == "cancelled",
                taken=row.taken,
                waiting=row.waiting,
            )
            for row in await db.execute(sa.select(sessions))
        }


async def still_due(database: Database, now: float) -> int:
    """How many rows are open although they have been due."""
    instant = datetime.fromtimestamp(now).astimezone()
    is_open = outbox.c.state.in_(("queued", "leased", "held_back"))
    is_due = sa.or_(
        outbox.c.state == "leased", outbox.c.due_at <= instant, outbox.c.next_at <= instant
    )
    async with database.reading.connect() as db:
        counted = sa.select(sa.func.count()).where(is_open, is_due)
        return (await db.execute(counted)).scalar_one()


def _seconds(instant: datetime) -> float:
    return instant.timestamp()
