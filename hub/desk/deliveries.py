"""What was sent: each mailing with numbers that add up, who cannot be reached, and sending again."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from cards import deliveries as words
from cards import sayings
from hub import look
from hub.desk.messages import SEVERAL, several
from hub.desk.session import actor
from hub.visitors import visitor_of
from learning.errors import LearningError
from learning.mailings import Mailing
from learning.people import Unreached
from services.ledger import Ledger
from services.reports import Reports
from services.second_tries import SecondTries

USUAL, MOST = 50, 1000
"""Mailings on the page, and on the one with more of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One mailing: the numbers of the parts make up `people`."""

    mailing: str
    title: str
    people: int
    sent: int
    to_go: int
    held_back: int
    dropped: int
    unreached: int
    failed: int
    reasons: str

    @property
    def parts(self) -> tuple[int, ...]:
        return (
            self.sent,
            self.to_go,
            self.held_back,
            self.dropped,
            self.unreached,
            self.failed,
        )


class DeliveryPages:
    def __init__(
        self, ledger: Ledger, reports: Reports, tries: SecondTries, *, zone: ZoneInfo
    ) -> None:
        self._ledger = ledger
        self._reports = reports
        self._tries = tries
        self._zone = zone

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/desk/deliveries", self.all),
            web.post("/desk/deliveries", self.send_again),
        ]

    async def all(self, request: web.Request) -> web.Response:
        return await self._page(request)

    async def send_again(self, request: web.Request) -> web.Response:
        """What was given up of one mailing; whatever of it was sent stays as it is."""
        name = str((await request.post()).get("mailing", ""))
        known = (await self._ledger.deliveries(MOST)).mailings
        found = next((m for m in known if m.name == name), None)
        if found is None:
            return await self._page(request, fault="That mailing is not kept any more.")
        try:
            errand_id = await self._tries.begin(
                name, words.what(found, self._zone), by=actor(request)
            )
        except LearningError as error:
            return await self._page(request, fault=str(error))
        return look.moved(f"/desk/work/{errand_id}")

    async def _page(self, request: web.Request, *, fault: str = "") -> web.Response:
        limit = MOST if "all" in request.query else USUAL
        found = await self._ledger.deliveries(limit)
        backlog = await self._reports.backlog()
        values: dict[str, Any] = {
            "lines": [line(mailing, self._zone) for mailing in found.mailings],
            "is_cut": len(found.mailings) == limit and limit < MOST,
            "others": words.meetings_and_ahead(found),
            "held_back": sum(backlog.values()),
            "unreached": [_unreached(each) for each in await self._reports.unreached(SEVERAL)],
            "fault": fault,
        }
        status = HTTPStatus.CONFLICT if fault else HTTPStatus.OK
        return look.page("desk_deliveries.html", values, visitor=visitor_of(request), status=status)


def line(mailing: Mailing, zone: ZoneInfo) -> Line:
    unreached = words.not_reached(mailing)
    return Line(
        mailing=mailing.name,
        title=words.what(mailing, zone),
        people=mailing.people,
        sent=mailing.sent,
        to_go=words.still_to_go(mailing) + mailing.being_sent,
        held_back=mailing.held_back,
        dropped=mailing.dropped,
        unreached=unreached,
        failed=sum(mailing.given_up.values()) - unreached,
        reasons=words.reasons(mailing) if mailing.given_up else "",
    )


def _unreached(each: Unreached) -> tuple[int, str, str]:
    """How many, why, and who, as far as there is room for names."""
    names = [name for name in each.names if name]
    return each.count, sayings.unreachable(each.reason), several(names, each.count)
