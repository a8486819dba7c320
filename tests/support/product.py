"""The real product, served on a free port, with the outside world played by stand-ins."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import config
import core
import parts
import serving
from integrations import spreadsheets
from integrations.clock import SystemClock
from integrations.laptop import LaptopClock
from language.meaning import Meaning
from learning.notices import Kind
from services.ports.storage import LedgerEntry
from services.programme import Import
from store import migrate
from store.engine import open_database
from store.tables import outbox
from tests.support.connector import Connector
from tests.support.graph import ORGANISER, Graph
from tests.support.login import SECRET, Login
from wiring.outside import connected


@dataclass(frozen=True, kw_only=True)
class Running:
    """A product that serves; its clock can be moved, and then tells the sender to look again."""

    url: str
    core: core.Core
    product: parts.Product
    clock: LaptopClock

    @property
    def bot_url(self) -> str:
        return f"{self.url}/api/messages"

    async def publish(self, csv: str, edition: str = "The week") -> Import:
        table = spreadsheets.read_table("week.csv", csv.encode())
        return await self.core.programme.import_table(table, edition_name=edition)

    async def move_to(self, instant: datetime) -> None:
        """Finish what is under way, move the clock, let every job look, and send what is due then.

        A clock that jumps under a delivery would end its lease while it is still being sent, and one
        that jumps under a job gives another process its turn while it is still at work.
        """
        await self.product.timetable.finish()
        await self.settled()
        self.clock.set(instant)
        await self.tick()
        await self.settled()

    async def learned(self) -> None:
        """Wait until what the words of the programme mean has been read."""
        async with asyncio.timeout(60):
            while (await self.core.catalogue.programme()).meaning is None:
                await self.core.catalogue.settled()
                await asyncio.sleep(0.02)

    async def tick(self) -> None:
        for entry in self.product.timetable.entries:
            await entry.run()
        self.product.deliverer.wake()

    async def settled(self) -> None:
        """Wait until nothing is under way in the outbox and nothing in it is due."""
        self.product.deliverer.wake()
        async with asyncio.timeout(20):
            while await self._is_owing():  # noqa: ASYNC110 -- a table calls nobody
                await asyncio.sleep(0.02)

    async def under_way(self) -> None:
        """Wait until the sender has taken something up and not yet brought it about."""
        async with asyncio.timeout(5):
            while not any(row.state == "leased" for row in await self.outbox()):  # noqa: ASYNC110 -- as above
                await asyncio.sleep(0.01)

    async def _is_owing(self) -> bool:
        is_open = outbox.c.state.in_(("queued", "held_back"))
        owed = sa.select(sa.func.count()).where(
            sa.or_(
                outbox.c.state == "leased",
                sa.and_(is_open, outbox.c.next_at <= self.clock.now()),
            )
        )
        async with self.core.database.reading.connect() as db:
            return bool((await db.execute(owed)).scalar_one())

    async def outbox(self, *kinds: Kind) -> list[LedgerEntry]:
        """The rows of the outbox of these kinds, or all of them, in the order of writing."""
        async with self.core.work(read_only=True) as uow:
            rows = await uow.outbox.recent(10_000)
        return [row for row in reversed(rows) if not kinds or row.notice.kind in kinds]

    async def breaches(self) -> list[str]:
        async with self.core.work(read_only=True) as uow:
            return await uow.audit(self.clock.now())


def settings_for(
    database_url: str, login: Login, graph: Graph | None = None, **others: Any
) -> config.Settings:
    """Production settings that point at the stand-ins."""
    given: dict[str, Any] = {
        "microsoft_app_id": login.app_id,
        "microsoft_app_password": SECRET,
        "microsoft_app_tenant_id": login.tenant,
        "bot_openid_metadata_url": f"{login.url}/v1/.well-known/openidconfiguration",
        "bot_service_hosts": "127.0.0.1",
        "entra_authority": login.url,
        "database_url": database_url,
        "secret_key": "for tests only",
        "public_url": "https://learnweek.example.org",
    }
    if graph is not None:
        given |= {"graph_base_url": graph.base_url, "graph_organiser": ORGANISER.email}
    return config.load(_env_file=None, **(given | others))


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'learnweek.db'}"


@contextlib.asynccontextmanager
async def running(
    settings: config.Settings,
    *,
    at: datetime | None = None,
    load: Callable[[], Meaning | None] | None = None,
) -> AsyncGenerator[Running]:
    """Start the product as `app.py` does, with its clock at this instant.

    Without `load` it understands words and their spelling alone, and so the same in every run.
    """
    clock = LaptopClock(SystemClock())
    if at is not None:
        clock.set(at)
    database = open_database(settings.database_url)
    await migrate.upgrade(database)
    await database.close()
    async with core.opened(settings, clock) as base, connected(base) as outside:
        product = parts.assemble(base, outside)
        async with serving.serving(product, "127.0.0.1", 0, load=load) as port:
            yield Running(url=f"http://127.0.0.1:{port}", core=base, product=product, clock=clock)


__all__ = ["Connector", "Running", "running", "settings_for", "sqlite_url"]
