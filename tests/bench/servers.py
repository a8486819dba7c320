"""The PostgreSQL server under a benchmark: as careful as in earnest, and what it costs."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from store.engine import Database
from tests.bench.bots import spent
from tests.support.databases import HURRIED


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """The server on this machine; without one it costs nothing."""

    pid: int | None

    def cpu(self) -> float:
        """Seconds of processor that the server and all its connections have used."""
        if self.pid is None:
            return 0.0
        return spent(self.pid, with_ended=True) + sum(map(_spent, _children(self.pid)))


async def careful(database: Database) -> None:
    """Have what is committed outlive a power cut, which tests do without."""
    if database.writer is not None:
        return
    async with database.writing.connect() as db:
        at_once = await db.execution_options(isolation_level="AUTOCOMMIT")
        for setting in HURRIED:
            await at_once.execute(sa.text(f"ALTER SYSTEM SET {setting} = on"))
        await at_once.execute(sa.text("SELECT pg_reload_conf()"))


async def process_of(database: Database) -> ServerProcess:
    if database.writer is not None:
        return ServerProcess(None)
    async with database.reading.connect() as db:
        backend = (await db.execute(sa.text("SELECT pg_backend_pid()"))).scalar_one()
        return ServerProcess(_parents().get(backend))


def _children(pid: int) -> list[int]:
    return [child for child, parent in _parents().items() if parent == pid]


def _parents() -> dict[int, int]:
    """Every process of this machine, and which one started it."""
    found: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    return found


def _spent(pid: int) -> float:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return spent(pid)
    return 0.0  # it has just ended, and the server counts it
