"""Cards in channels of which each viewer sees their own: what Teams asks for when one comes into view."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from botbuilder.schema import Activity

from bot import identity
from bot.actions import MalformedAction
from cards import notices
from cards.kit import Card
from learning.sessions import SessionId
from services.outreach import MOST, RESOURCES, Outreach
from services.ports.clocks import Clock


class Refreshes:
    """Answers without a trace: nobody is met, nothing is sent, no question is taken as answered."""

    def __init__(self, outreach: Outreach, clock: Clock, *, zone: ZoneInfo) -> None:
        self._outreach = outreach
        self._clock = clock
        self._zone = zone

    async def card(self, activity: Activity, verb: str, data: Mapping[str, Any]) -> Card | None:
        """The viewer's own card; None for a verb that is a press like any other.

        Raises MalformedAction, also for what nobody pressed and would do more than show.
        """
        if verb == notices.OWN_HIGHLIGHTS and not identity.is_personal(activity):
            return await self._highlights(activity, data)
        if is_automatic(activity):
            raise MalformedAction("nothing of this kind refreshes itself")
        return None

    async def _highlights(self, activity: Activity, data: Mapping[str, Any]) -> Card:
        ids = _sessions(data, "sessions", MOST)
        paced = _sessions(data, "resources", RESOURCES) if "resources" in data else []
        own = await self._outreach.own_part(identity.person_id_of(activity), [*ids, *paced])
        today = notices.Today(
            day=_day(data),
            sessions=[s for s in own.sessions if s.id in ids],
            resources=[s for s in own.sessions if s.id not in ids],
            more=_count(data.get("more")),
            zone=ZoneInfo(identity.timezone_of(activity) or self._zone.key),
            now=self._clock.now(),
        )
        viewer = activity.from_property.id if activity.from_property else ""
        return notices.channel_highlights_card(today, [viewer] if viewer else [], own.bookings)


def is_automatic(activity: Activity) -> bool:
    """Whether Teams asks by itself, because a card came into view."""
    value: Any = activity.value
    return isinstance(value, dict) and value.get("trigger") == "automatic"


def _sessions(data: Mapping[str, Any], name: str, most: int) -> list[SessionId]:
    ids: Any = data.get(name)
    if not isinstance(ids, list) or not all(_count(i) for i in ids):
        raise MalformedAction(f"no {name}")
    return [SessionId(i) for i in ids[:most]]


def _day(data: Mapping[str, Any]) -> date:
    try:
        return date.fromisoformat(str(data.get("day")))
    except ValueError as error:
        raise MalformedAction("no day") from error


def _count(value: object) -> int:
    """A number as our cards carry them; 0 for anything else."""
    if not isinstance(value, int) or isinstance(value, bool):
        return 0
    return value if 0 < value < 2**63 else 0
