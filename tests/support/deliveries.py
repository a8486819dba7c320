"""The sender's part, played by hand on the real queue."""

from collections.abc import Sequence
from datetime import datetime

from integrations.clock import steady
from services.ports.deliveries import Delivery, Settlement
from store.delivery_queue import SqlDeliveryQueue
from store.engine import Database
from tests.support.clocks import MONDAY
from tests.support.databases import run_sql


def a_queue(database: Database) -> SqlDeliveryQueue:
    """The outbox as another replica sees it."""
    return SqlDeliveryQueue(database, steady)


async def claim(queue: SqlDeliveryQueue, now: datetime, limit: int) -> list[Delivery]:
    return await queue.exchange((), now, limit, limit)


async def settle(queue: SqlDeliveryQueue, settlements: Sequence[Settlement]) -> None:
    await queue.exchange(settlements, MONDAY, 0, 0)


async def leases_run_out(database: Database) -> None:
    """As if the whole time of every lease had passed by the database's clock."""
    await run_sql(database, "UPDATE outbox SET leased_until = 1 WHERE state = 'leased'")
