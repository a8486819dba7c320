"""What people find while a programme of thousands, just published, is taken up."""

import asyncio
import threading

import pytest

from services import catalogue
from tests.services.desk import Desk
from tests.support.builders import details
from tests.support.databases import ON_SQLITE

pytestmark = ON_SQLITE


async def codes(desk: Desk) -> list[str]:
    return sorted(s.code for s in (await desk.catalogue.programme()).sessions)


async def test_the_last_version_serves_while_the_next_takes_long_and_then_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    await desk.publish(details("GM1"))
    assert await codes(desk) == ["GM1"]
    gate = threading.Event()
    busy = [asyncio.create_task(desk.catalogue.aside(gate.wait)) for _ in range(catalogue.THREADS)]
    await desk.publish(details("UB1"))

    monkeypatch.setattr(catalogue, "PATIENCE", 0.01)
    during = [await codes(desk) for _ in range(3)]
    gate.set()
    await asyncio.gather(*busy)
    monkeypatch.setattr(catalogue, "PATIENCE", 60.0)

    assert during == [["GM1"]] * 3
    assert await codes(desk) == ["GM1", "UB1"]


async def test_the_first_version_is_waited_for(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(catalogue, "PATIENCE", 0.0)
    await desk.publish(*(details(f"S{n}") for n in range(300)))

    assert len(await codes(desk)) == 300


async def test_many_who_ask_at_once_find_what_was_just_published(desk: Desk):
    await desk.publish(details("GM1"))
    await codes(desk)
    await desk.publish(details("UB1"))

    found = await asyncio.gather(*(codes(desk) for _ in range(20)))

    assert found == [["GM1", "UB1"]] * 20
