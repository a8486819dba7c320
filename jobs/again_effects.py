"""Telling somebody that a session runs again, as they asked."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from cards.again import runs_again_card
from jobs.deliver import Effect, NoLongerNeeded, check
from learning.errors import NotFound
from learning.notices import Kind
from learning.people import NO_CHAT
from learning.sessions import SessionId
from services.again import AgainService
from services.catalogue import Catalogue
from services.people import PeopleService
from services.ports.clocks import Clock
from services.ports.deliveries import Delivery
from services.ports.systems import Messenger, Rejected, Unreachable


def again_effects(
    again: AgainService,
    people: PeopleService,
    catalogue: Catalogue,
    messenger: Messenger,
    clock: Clock,
    *,
    zone: ZoneInfo,
) -> Mapping[Kind, Effect]:
    async def tell(delivery: Delivery) -> str:
        notice = delivery.notice
        person = await people.find(notice.person_id) if notice.person_id else None
        if person is None:
            raise NoLongerNeeded("the person is gone")
        wanted = SessionId(int(notice.payload.get("wanted", 0)))
        if notice.session_id is None or not wanted:
            raise Rejected("the notice names no session")
        try:
            session = await catalogue.get(wanted)
        except NotFound as error:
            raise NoLongerNeeded(str(error)) from error
        runs = await again.news(person.id, wanted, notice.session_id)
        if not runs:
            raise NoLongerNeeded("booked meanwhile, taken back, or not running after all")
        if person.address is None or person.unreachable:
            raise Unreachable(person.unreachable or NO_CHAT)
        card = runs_again_card(session, runs, zone=person.zone(zone), now=clock.now())
        check(delivery)
        try:
            return await messenger.send(person.address, card)
        except Unreachable as error:
            await people.cannot_reach(person.id, str(error))
            raise

    return {Kind.RUNS_AGAIN: tell}
