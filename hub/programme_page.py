"""The programme as a page: a week as a calendar or as a list, filtered and searched."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from markupsafe import Markup

from hub import filters, listing, look, selection, week_grid
from hub.compression import KeptPage, keepable
from hub.filters import Filters, View
from hub.kept import Kept
from hub.own_list import OwnList
from hub.search import Answer, Search
from hub.selection import Dated, Selection
from hub.together import Together
from hub.visitors import visitor_of
from learning.people import PersonId
from learning.sessions import Session
from services.catalogue import Catalogue, Programme
from services.ports.clocks import Clock
from services.ports.commitments import Spoken

Said = Callable[[], Awaitable[Sequence[Spoken]]]
"""What people let everybody read of longer programmes, as it stands now."""

KEPT = 64
"""Ways to look at the programme that are kept as they were drawn, until anything in them changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A week that has something of what was asked for."""

    name: str
    path: str
    count: int
    is_shown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The programme, and what is on from this week's Monday with its counts of one moment.

    `key` is another one when anything of it has changed that is shown.
    """

    known: Dated
    season: Sequence[Session]
    at: datetime
    key: Hashable
    quotes: Sequence[Spoken] = ()


class ProgrammePage:
    def __init__(
        self,
        catalogue: Catalogue,
        clock: Clock,
        search: Search,
        *,
        zone: ZoneInfo,
        chat: Callable[[str], str],
        own: OwnList | None = None,
        quotes: Said | None = None,
    ) -> None:
        """`chat` gives the address that opens the chat with these words typed, or ''."""
        self._own = own
        self._quotes = quotes
        self._catalogue = catalogue
        self._clock = clock
        self._search = search
        self._zone = zone
        self._chat = chat
        self._known: Dated | None = None
        self._seen = Together(self._look)
        self._drawn = Kept[Markup](KEPT)
        self._pages = Kept[asyncio.Task[KeptPage]](KEPT)

    async def show(self, request: web.Request) -> web.StreamResponse:
        asked = filters.read(request.query)
        visitor = visitor_of(request)
        who = visitor.person_id if visitor is not None else PersonId("")
        answer = await self._search.answer(asked.q, who) if asked.q else None
        if answer is not None and answer.to:
            return look.moved(answer.to)
        seen = await self._season(await self._seen.ask(), asked)
        if asked.q or visitor is not None:
            drawn = self._body(seen, asked, answer)
            if self._own is not None:
                drawn = await self._own.filled(request, drawn, seen.season)
            return look.page(
                "programme.html", self._around(seen, asked, drawn), visitor=visitor_of(request)
            )
        return await self._for_everybody(request, seen, asked)

    async def _for_everybody(
        self, request: web.Request, seen: Seen, asked: Filters
    ) -> web.Response:
        """Who has not signed in is sent what others were, as long as nothing in it has changed."""
        key = (seen.key, asked, listing.moment(seen.at, self._zone))
        page = self._pages.get(key)
        if page is None:
            values = self._around(seen, asked, self._body(seen, asked, None))
            # The task is kept, so that a crowd that comes at once has it drawn once.
            page = asyncio.create_task(keepable(look.page("programme.html", values)))
            self._pages.put(key, page)
        return (await asyncio.shield(page)).sent(request)

    def _around(self, seen: Seen, asked: Filters, drawn: Markup) -> dict[str, Any]:
        return {
            "filters": asked,
            "body": drawn,
            "edition": _edition(seen.known.programme, seen.season),
            "zone": self._zone.key,
            "now": seen.at,
            "as_of": listing.moment(seen.at, self._zone),
            "quotes": seen.quotes,
        }

    async def _look(self) -> Seen:
        """The programme with the counts of this moment, once for all who ask meanwhile."""
        now = self._clock.now()
        known = self._dated(await self._catalogue.programme())
        season = selection.season(known, filters.BLANK, now)
        counted = await self._catalogue.counted(season)
        quotes = await self._quotes() if self._quotes is not None else ()
        return self._seen_now(known, counted, now, quotes)

    async def _season(self, seen: Seen, asked: Filters) -> Seen:
        """With what is over, where that is asked for."""
        if asked.week is None and asked.day is None:
            return seen
        wanted = selection.season(seen.known, asked, seen.at)
        if len(wanted) == len(seen.season):
            return seen
        counted = await self._catalogue.counted(wanted)
        return self._seen_now(seen.known, counted, seen.at, seen.quotes)

    def _seen_now(
        self, known: Dated, season: Sequence[Session], now: datetime, quotes: Sequence[Spoken]
    ) -> Seen:
        states = tuple((s.id, *listing.state(s, now)) for s in season)
        key = (known.programme.version, now.astimezone(self._zone).date(), states, tuple(quotes))
        return Seen(known=known, season=season, at=now, key=key, quotes=quotes)

    def _body(self, seen: Seen, asked: Filters, answer: Answer | None) -> Markup:
        """Drawn anew where anything in it changed. What somebody looked for is not kept."""
        drawn = self._drawn.get((seen.key, asked))
        if drawn is None:
            values = self._values(seen.known, asked, answer, seen.season, seen.at)
            template = look.TEMPLATES.get_template("programme_body.html")
            drawn = Markup(template.render(values))  # noqa: S704 -- the template escapes
            if not asked.q:
                self._drawn.put((seen.key, asked), drawn)
        return drawn

    def _values(
        self,
        known: Dated,
        asked: Filters,
        answer: Answer | None,
        season: Sequence[Session],
        now: datetime,
    ) -> dict[str, Any]:
        said = answer or Answer()
        is_list = answer is not None and not said.say
        pool = said.sessions if is_list else season
        # Words for the chat say nothing of what is to be shown.
        wanted = asked if is_list else replace(asked, q="")
        chosen = selection.select(known, pool, wanted, now)
        coming = selection.ahead(known, season, now)
        today = now.astimezone(self._zone).date()
        days = dict.fromkeys(day for s in season if (day := known.day(s)) is not None)
        return {
            **self._sessions(known, asked, chosen, now, is_list=is_list),
            "filters": asked,
            "fields": filters.fields(asked, season, days, today),
            "active": filters.active(asked, today),
            "views": [
                (view.value.capitalize(), asked.address(view=view), view is asked.view)
                for view in (View.LIST, View.GRID)
            ],
            "weeks": self._weeks(known, asked, chosen, today),
            "can_be_searched": bool(season or asked.q),
            "all": filters.BLANK.address(view=asked.view),
            "answer": said,
            "chat": self._chat(said.say) if said.say else "",
            "counted": _counted(wanted, chosen, len(coming)),
            "without": [] if chosen.asked else selection.without_one(known, season, asked, now),
            "earlier": None if coming else self._earlier(known, today),
            "resources": listing.resources(known.programme.sessions),
            "place": listing.place(self._zone),
        }

    def _sessions(
        self, known: Dated, asked: Filters, chosen: Selection, now: datetime, *, is_list: bool
    ) -> dict[str, Any]:
        """What is shown: in a grid, by days, or as `lines` in the order in which it was found."""
        shown: dict[str, Any] = {"grid": None, "days": [], "lines": []}
        if asked.view is View.GRID and chosen.week is not None:
            busy = {day for s in chosen.shown if (day := known.day(s)) is not None}
            days = [asked.day] if asked.day else week_grid.days_of(chosen.week, busy)
            shown["grid"] = week_grid.grid(chosen.shown, days, now, self._zone)
            paced = [s for s in chosen.shown if known.day(s) is None]
            shown["lines"] = [listing.line(s, now, self._zone) for s in paced]
        elif is_list:
            shown["lines"] = [listing.line(s, now, self._zone) for s in chosen.shown]
        else:
            shown["days"] = listing.days(chosen.shown, now, self._zone)
        return shown

    def _weeks(self, known: Dated, asked: Filters, chosen: Selection, today: date) -> list[Week]:
        """The weeks to go to, where there is more than the one."""
        if asked.day or (len(chosen.weeks) < 2 and asked.week is None):
            return []
        of = [known.monday(s) for s in chosen.asked]
        every = Week(name="All weeks", path=asked.address(week=None), count=len(of))
        weeks = [
            Week(
                name=week_grid.week_name(monday, today),
                path=asked.address(week=monday),
                count=of.count(monday),
                is_shown=monday == chosen.week,
            )
            for monday in chosen.weeks
        ]
        return weeks if asked.view is View.GRID or asked.week is None else [*weeks, every]

    def _earlier(self, known: Dated, today: date) -> Week | None:
        """The last week in which there was anything."""
        mondays = [monday for s in known.sessions if (monday := known.monday(s)) is not None]
        if not mondays:
            return None
        last = max(mondays)
        name, path = week_grid.week_name(last, today), filters.BLANK.address(week=last)
        return Week(name=name, path=path, count=mondays.count(last))

    def _dated(self, programme: Programme) -> Dated:
        if self._known is None or self._known.programme is not programme:
            self._known = selection.dated(programme, self._zone)
            self._drawn.clear()
            self._pages.clear()
        return self._known


def _counted(asked: Filters, chosen: Selection, ahead: int) -> str:
    """How many fit, in a sentence."""
    count, here = len(chosen.asked), len(chosen.shown)
    said = f"{count} session{'' if count == 1 else 's'}"
    if asked.narrows:
        said += " fits" if count == 1 else " fit"
        said += f" of {ahead}" if count <= ahead and not asked.q else ""
    return said if here == count else f"{said}, {here} of them in this week"


def _edition(programme: Programme, shown: Sequence[Session]) -> str:
    """The name of the edition that all of these belong to, or ''."""
    ids = {s.edition_id for s in shown}
    names = [e.name for e in programme.editions if e.id in ids]
    return names[0] if len(names) == 1 else ""
