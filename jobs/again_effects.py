"""Telling somebody that a session runs again, as they asked."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from cards.again import runs_again_card
from jobs.deliver import Effect, NoLongerNeeded
from jobs.telling import Telling
from learning.errors import NotFound
from learning.notices import Kind
from learning.sessions import SessionId
from services.again import AgainService
from services.catalogue import Catalogue
from services.people import PeopleService
from services.ports.clocks import Clock
from services.ports.deliveries import Delivery
from services.ports.systems import Messenger, Rejected


def again_effects(
    again: AgainService,
    people: PeopleService,
    catalogue: Catalogue,
    messenger: Messenger,
    clock: Clock,
    *,
    zone: ZoneInfo,
) -> Mapping[Kind, Effect]:
    telling = Telling(people, messenger)

    async def tell(delivery: Delivery) -> str:
        notice, person = delivery.notice, await telling.whom(delivery)
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
        card = runs_again_card(session, runs, zone=person.zone(zone), now=clock.now())
        return await telling.tell(delivery, person, card)

    return {Kind.RUNS_AGAIN: tell}
