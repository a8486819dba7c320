"""The words of a day's post in Viva Engage, as things stand."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from cards import engage
from cards.notices import Today
from services.engage import EngageService
from services.outreach import Outreach
from services.ports.clocks import Clock


class EngagePosts:
    """`chat_link` opens the chat with the bot, `{text}` in it standing for what to say; or ''."""

    def __init__(
        self,
        outreach: Outreach,
        service: EngageService,
        clock: Clock,
        *,
        zone: ZoneInfo,
        chat_link: str,
        hub: str,
    ) -> None:
        self._outreach = outreach
        self._service = service
        self._clock = clock
        self._zone = zone
        self._chat_link = chat_link
        self._hub = hub

    async def today(self) -> str:
        return await self.of(self._clock.now().astimezone(self._zone).date())

    async def of(self, day: date) -> str:
        """The post of a day; '' where nothing more is on."""
        found = await self._outreach.highlights(day, self._zone)
        if not found.sessions:
            return ""
        return engage.post_text(
            Today(
                day=day,
                sessions=found.sessions,
                more=found.more,
                zone=self._zone,
                now=self._clock.now(),
                resources=found.resources,
            ),
            chat=self._chat_link,
            hub=self._hub,
            answers=await self._service.is_answering(),
        )
