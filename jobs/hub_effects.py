"""What the hub list's rows of the outbox bring about: reading it, writing an item, telling of faults."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from cards.hub_list import fault_card
from jobs.deliver import Effect, NoLongerNeeded, check
from learning.notices import Kind
from services.hub_items import HubWriter
from services.hub_list import HubReader
from services.hub_report import HubReports
from services.hub_watch import HubWatch
from services.people import PeopleService
from services.ports.deliveries import Delivery
from services.ports.systems import Messenger, Rejected, Unavailable, Unreachable

log = structlog.get_logger()


class HubEffects:
    def __init__(
        self,
        reader: HubReader,
        writer: HubWriter,
        watch: HubWatch,
        reports: HubReports,
        people: PeopleService,
        messenger: Messenger,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._watch = watch
        self._reports = reports
        self._people = people
        self._messenger = messenger

    def table(self) -> Mapping[Kind, Effect]:
        return {
            Kind.HUB_READ: self._read,
            Kind.HUB_ITEM: self._write,
            Kind.HUB_FAULT: self._tell,
        }

    async def _read(self, delivery: Delivery) -> str:
        if not await self._reader.read(delivery.notice.due_at):
            raise NoLongerNeeded("read since")
        await self._watch.keep()
        return ""

    async def _write(self, delivery: Delivery) -> str:
        session_id = delivery.notice.session_id
        if session_id is None or not await self._writer.write(session_id):
            raise NoLongerNeeded("the list says so already")
        return ""

    async def _tell(self, delivery: Delivery) -> str:
        person_id = delivery.notice.person_id
        person = await self._people.find(person_id) if person_id else None
        if person is None:
            raise NoLongerNeeded("the person is gone")
        try:
            await self._reader.read(delivery.notice.due_at)  # it may be mended by now
        except (Unavailable, Rejected) as error:
            log.info("told of faults as last read", reason=str(error))
        told = await self._reports.still(delivery.notice.payload)
        if not told.faults and not told.missing:
            raise NoLongerNeeded("mended since")
        if person.address is None or person.unreachable:
            raise Unreachable(person.unreachable or "no chat with this person")
        check(delivery)
        try:
            return await self._messenger.send(person.address, fault_card(told.faults, told.missing))
        except Unreachable as error:
            await self._people.cannot_reach(person.id, str(error))
            raise


async def off(delivery: Delivery) -> str:
    """For rows that were written while there was a list."""
    raise NoLongerNeeded("the hub list is off")


def without_list() -> Mapping[Kind, Effect]:
    return dict.fromkeys((Kind.HUB_READ, Kind.HUB_ITEM, Kind.HUB_FAULT), off)
