"""`composeExtension/query`: looking for a session in any chat, to share it there."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from botbuilder.core import TurnContext
from botbuilder.schema import Activity

from bot import extension, identity
from bot.extension import Body, Found
from cards import sharing
from dialogs.state import person_id_of
from language import commands, phrases
from language.calendar import When
from language.commands import Wanted
from learning import sources
from learning.sessions import Session, by_time
from services.catalogue import Catalogue
from services.champions import ChampionService
from services.people import PeopleService
from services.ports.clocks import Clock

MOST = 50
"""Sessions that a search brings, all its pages together."""

NOTHING_AHEAD = "Nothing is planned from here on. Type a topic, a title or a code to look further."


class Zones:
    """In whose zone an asker's days begin. Who only looks is not met: nothing is stored of them."""

    def __init__(self, people: PeopleService, default: ZoneInfo) -> None:
        self._people = people
        self._default = default

    async def of(self, activity: Activity) -> ZoneInfo:
        if stated := identity.timezone_of(activity):
            return ZoneInfo(stated)
        person = await self._people.find(person_id_of(activity))
        return person.zone(self._default) if person else self._default


class SearchBox:
    def __init__(
        self, catalogue: Catalogue, clock: Clock, zones: Zones, champions: ChampionService
    ) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._zones = zones
        self._champions = champions

    async def answer(self, turn: TurnContext) -> Body:
        """The sessions that fit, as cards to share. Raises MalformedInvoke."""
        query = extension.read_query(turn.activity.value)
        zone, now = await self._zones.of(turn.activity), self._clock.now()
        sessions = await (self._find(query.text, zone) if query.text else self._ahead(zone))
        if not sessions:
            return extension.message(_nothing(query.text))
        shown = sessions[query.skip : query.skip + query.count]
        tags = await self._champions.tags(person_id_of(turn.activity), shown)
        return extension.result(
            Found(
                card=sharing.shared_card(s, zone=zone, now=now, source=_source(tags.get(s.id))),
                preview=sharing.preview(s, zone=zone, now=now),
            )
            for s in shown
        )

    async def _find(self, text: str, zone: ZoneInfo) -> Sequence[Session]:
        """What these words would find in the bot's own chat, without what is no question there."""
        programme = await self._catalogue.programme()
        match phrases.parse(text, self._catalogue.calendar(programme, zone)):
            case commands.WhatsOn(when=None, about=""):
                return await self._ahead(zone)
            case (
                commands.WhatsOn(when=when, about=about, wanted=wanted)
                | commands.Find(text=about, when=when, wanted=wanted)
            ):
                return await (self._on(when, zone, about, wanted) if when else self._about(about))
            case commands.Resources():
                return await self._catalogue.resources()
            case commands.Book(what=what) if what:
                return await self._about(what)
            case _:
                return await self._about(text)

    async def _ahead(self, zone: ZoneInfo) -> Sequence[Session]:
        """What can still be booked today; where there is nothing, on the next day with something."""
        now = self._clock.now()
        day = await self._catalogue.next_day(now.astimezone(zone).date(), zone)
        if day is None:
            return []
        found = await self._catalogue.on(When(first=day, last=day), zone)
        return [s for s in found if s.is_open(now)]

    async def _on(
        self, when: When, zone: ZoneInfo, about: str, wanted: frozenset[Wanted]
    ) -> Sequence[Session]:
        if about:
            matches = await self._catalogue.find(about, MOST, when=when, zone=zone, wanted=wanted)
            found = by_time(m.session for m in matches if m.is_sure)
        else:
            found = await self._catalogue.on(when, zone, wanted)
        ahead = [s for s in found if not s.is_over(self._clock.now())]
        return ahead or found or (await self._about(about) if about else [])

    async def _about(self, text: str) -> Sequence[Session]:
        """What fits these words; while nothing does, what they may become once they are typed out."""
        matches = await self._catalogue.find(text, limit=MOST)
        if found := [m.session for m in matches if m.is_sure]:
            return found
        now = self._clock.now()
        begun = (await self._catalogue.programme()).index.begun(text)
        ahead = [s for s in begun if not s.is_over(now) and not s.is_cancelled]
        return await self._catalogue.among(s.id for s in (ahead or begun)[:MOST])


def _source(tag: str | None) -> str:
    """What bookings by the card will say: a champion's cards carry their tag."""
    return sources.of_champion(tag) if tag else sharing.SOURCE


def _nothing(text: str) -> str:
    if not text:
        return NOTHING_AHEAD
    return f"No session fits “{text[:60]}”. Try a topic, a title, a code or a day."
