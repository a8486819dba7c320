"""Answers about the programme: what is on, what fits, one session, others like it, resources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from cards import sayings, sessions, talk
from dialogs import asked as packed
from dialogs.reply import Asker, Reply
from language.calendar import When
from language.commands import Find, Than, Wanted, WhatsOn
from language.when import read_when
from learning.search import Match
from learning.sessions import Format, Session, SessionId
from services.booking import BookingService
from services.catalogue import Catalogue
from services.listing import ALL
from services.missed import MissedWords
from services.ports.clocks import Clock

MOST = 40

NEAREST, STRANDS = 4, 6
"""Sessions and strands that are offered where nothing surely fits."""

ONLY = {
    Wanted.PLACES_LEFT: "with places left",
    Wanted.IN_PERSON: "in person",
    Wanted.TEAMS: "on Teams",
    Wanted.ZOOM: "on Zoom",
    Wanted.ONLINE: "online",
    Wanted.SELF_PACED: "in your own time",
}
LIKE = {
    Than.ANOTHER_TIME: "at another time",
    Than.SHORTER: "but shorter",
    Than.LONGER: "but longer",
    Than.EARLIER: "but earlier",
    Than.LATER: "but later",
}


class ProgrammeAnswers:
    def __init__(
        self,
        catalogue: Catalogue,
        bookings: BookingService,
        clock: Clock,
        missed: MissedWords | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._bookings = bookings
        self._clock = clock
        self._missed = missed

    async def whats_on(self, asker: Asker, asked: WhatsOn, start: int = 0) -> Reply:
        """What begins in these days; where nothing does, the next day on which something does."""
        today = self._today(asker)
        days = asked.when or When(first=today, last=today)
        asked = WhatsOn(days, asked.about, asked.wanted)
        if asked.about:
            return await self._about_on(asker, asked, days, start)
        found = asker.programme.on(days, asker.zone, asked.wanted)
        ahead = [s for s in found if not s.is_over(self._clock.now())]
        if ahead or (found and days is asked.when):
            title = f"What's on {_named(days, today)}{_only(asked.wanted)}"
            return await self._list(asker, title, found, asked, start)
        nothing = f"Nothing {'more ' if found else ''}{_quietly(days, today)}{_only(asked.wanted)}."
        return await self._next(asker, max(today, days.last), nothing, start)

    async def more(self, asker: Asker, data: Mapping[str, Any]) -> Reply:
        """The next page of a list; `data` is what its button carried."""
        start = packed.upto(data)
        match packed.unpack(data):
            case Find() as asked:
                return await self.find(asker, asked, start)
            case asked:
                return await self.whats_on(asker, asked or WhatsOn(), start)

    async def more_of(
        self, asker: Asker, data: Mapping[str, Any] | None, shown: Sequence[SessionId]
    ) -> Reply:
        """What else there is, after what was shown: its next page, the next day, the next best."""
        asked, start = packed.unpack(data or {}), packed.upto(data or {})
        if asked is not None and start < len(shown):
            return await self.more(asker, data or {})
        if isinstance(asked, WhatsOn) and not asked.about:
            last = asked.when.last if asked.when else self._today(asker)
            return await self._next(asker, _after(last), "That was all. This is what comes next.")
        if asked is not None:
            about = asked.about if isinstance(asked, WhatsOn) else asked.text
            matches = await self._catalogue.find(f"like {about}", MOST)
            found = [m.session for m in matches if m.session.id not in shown]
            if found:
                title = f"More like “{about}”"
                return await self._list(asker, title, found, Find(about, asked=False))
        if len(shown) == 1:
            session = await self._catalogue.get(shown[0])
            if others := await self._catalogue.others(session, Than.ANOTHER_TIME):
                title = f"Like {sayings.shortened(session.title, 60)}"
                return await self._list(asker, title, others, Find(session.title, asked=False))
        return Reply(card=talk.say("That is all there is.", actions=talk.TRY_THREE[:2]))

    async def on_words(self, asker: Asker, words: str) -> Reply:
        """What is on in the days that a button names."""
        when, _ = read_when(words, self._catalogue.calendar(asker.programme, asker.zone))
        return await self.whats_on(asker, WhatsOn(when))

    async def find(self, asker: Asker, asked: Find, start: int = 0) -> Reply:
        """What is about something, best first; one session alone is shown whole."""
        text, note = asked.text, ""
        matches = await self._find(asker, text, asked.when, asked.wanted)
        if not _fits(matches) and (asked.when is not None or asked.wanted):
            elsewhere = await self._find(asker, text)
            if _fits(elsewhere):
                note = f"None {_as_asked(asked, self._today(asker))}."
            matches = elsewhere if note else matches or elsewhere
        if not _fits(matches):
            if self._missed is not None and not start:
                self._missed.note(asker.person.id, text)
            return await self._nothing(asker, asked, matches)
        dated, paced = _apart(matches)
        if not _fits(dated) and Wanted.SELF_PACED not in asked.wanted:
            return await self._at_any_time(asker, asked, paced, start)
        if len(matches) == 1 or (matches[0].score == 1.0 and matches[1].score < 1.0):
            also = [m.session for m in paced if m is not matches[0]][: sessions.ALSO]
            return await self.show(asker, matches[0].session.id, note=note, also=also)
        found = [m.session for m in matches]
        return await self._list(asker, f"About “{text}”", found, asked, start, note=note)

    async def _at_any_time(
        self, asker: Asker, asked: Find, paced: Sequence[Match], start: int
    ) -> Reply:
        """Nothing in the programme is about it, but there are resources that are."""
        today = self._today(asker)
        days = _as_asked(asked, today)
        if not days:
            following = asker.programme.next_day(today, asker.zone, self._clock.now())
            is_near = following is not None and following - today < timedelta(7 - today.weekday())
            days = "this week" if is_near else "in the programme"
        title = f"Nothing on “{asked.text}” {days}"
        note = f"But {'this can' if len(paced) == 1 else 'these can'} be taken at any time:"
        found = [m.session for m in paced]
        return await self._list(asker, title, found, Find(asked.text), start, note=note)

    async def others(
        self, asker: Asker, what: str, shown: Sequence[SessionId], than: Than
    ) -> Reply:
        """Sessions like the one named, or just shown, at another time or otherwise different."""
        matches = await self._catalogue.find(what) if what else []
        if _fits(matches):
            session_id = matches[0].session.id
        elif shown:
            session_id = shown[0]
        else:
            return await self.whats_on(asker, WhatsOn())
        session = await self._catalogue.get(session_id)
        found = await self._catalogue.others(session, than)
        title = f"Like {sayings.shortened(session.title, 60)}, {LIKE[than]}"
        if not found:
            words = f"There is nothing like {session.title} {LIKE[than]}."
            return Reply(card=talk.say(words, actions=talk.TRY_THREE[:2]), shown=(session_id,))
        return await self._list(asker, title, found, Find(session.title, asked=False))

    async def show(
        self,
        asker: Asker,
        session_id: SessionId,
        *,
        note: str = "",
        also: Sequence[Session] = (),
    ) -> Reply:
        """One session, with what may be taken at any time besides. Raises NotFound."""
        session, own = await self._catalogue.get(session_id), None
        await self._catalogue.check_shown_to(session, asker.person.id)
        if not asker.in_public:
            standing = await self._bookings.standing(asker.person.id, session_id)
            session, own = standing.session, standing.booking
        card = sessions.session_card(
            session,
            own,
            zone=asker.zone,
            now=self._clock.now(),
            note=note,
            also=also,
            source=asker.led_by,
        )
        return Reply(
            card=card,
            private=own is not None or session.course_id is not None,
            shown=(session_id,),
            asked=Find(session.title, asked=False),
            upto=1,
        )

    async def resources(self) -> Reply:
        """Courses to take at any time."""
        found = await self._catalogue.resources()
        if not found:
            return Reply(card=talk.say("There are no courses to take in your own time just now."))
        return Reply(card=sessions.resources_card(found), shown=tuple(s.id for s in found))

    async def _about_on(self, asker: Asker, asked: WhatsOn, days: When, start: int) -> Reply:
        """What fits a subject in these days; where nothing does, what fits it on others."""
        today = self._today(asker)
        matches = await self._find(asker, asked.about, days, asked.wanted)
        if _fits(matches):
            title = f"What's on {_named(days, today)}{_only(asked.wanted)}: {asked.about}"
            return await self._list(asker, title, [m.session for m in matches], asked, start)
        return await self.find(asker, Find(asked.about, asked.when, wanted=asked.wanted), start)

    async def _find(
        self, asker: Asker, text: str, when: When | None = None, wanted: frozenset[Wanted] = ALL
    ) -> list[Match]:
        matches = await self._catalogue.find(text, MOST, when=when, zone=asker.zone, wanted=wanted)
        if Wanted.PLACES_LEFT in wanted:
            left = [m for m in matches if m.session.places_left != 0]
            return left or matches
        return matches

    async def _next(self, asker: Asker, after: date, note: str, start: int = 0) -> Reply:
        """The next day from then on which something can be attended."""
        day = asker.programme.next_day(after, asker.zone, self._clock.now())
        if day is None:
            hint = "Type resources for courses to take in your own time."
            return Reply(card=talk.say(f"{note} Nothing is planned after it yet.", hint))
        following = When(first=day, last=day)
        if "comes next" not in note:
            note = f"{note} This is what comes next."
        return await self._list(
            asker,
            f"What's on {_named(following, self._today(asker))}",
            asker.programme.on(following, asker.zone),
            WhatsOn(following),
            start,
            note=note,
        )

    async def _nothing(self, asker: Asker, asked: Find, matches: Sequence[Match]) -> Reply:
        """Nothing surely fits: what comes closest, or is on next, and the strands to look through."""
        nearest = [m.session for m in matches][:NEAREST]
        if not nearest and (day := await self._catalogue.next_day(self._today(asker), asker.zone)):
            on_day = await self._catalogue.on(When(first=day, last=day), asker.zone)
            nearest = [s for s in on_day if s.is_open(self._clock.now())][:NEAREST]
        now = self._clock.now()
        strands = dict.fromkeys(
            s.details.strand
            for s in asker.programme.sessions
            if s.details.strand and s.is_open(now)
        )
        card = talk.nothing_found_card(
            asked.text[:60],
            nearest,
            list(strands)[:STRANDS],
            zone=asker.zone,
            is_near=bool(matches),
        )
        return Reply(card=card, shown=tuple(s.id for s in nearest), asked=asked, upto=len(nearest))

    async def _list(
        self,
        asker: Asker,
        title: str,
        found: Sequence[Session],
        asked: WhatsOn | Find,
        start: int = 0,
        *,
        note: str = "",
    ) -> Reply:
        person = None if asker.in_public else asker.person.id
        shown, own = await self._catalogue.standing(found[: start + sessions.PAGE], person)
        if Wanted.PLACES_LEFT in asked.wanted:
            kept = [s for s in shown if s.places_left != 0]
            shown, found = (
                (kept, [*kept, *found[start + sessions.PAGE :]]) if kept else (shown, found)
            )
        card = sessions.list_card(
            title,
            [*shown, *found[start + sessions.PAGE :]],
            own,
            zone=asker.zone,
            now=self._clock.now(),
            start=start,
            more=packed.pack(asked),
            note=note,
        )
        return Reply(
            card=card,
            shown=tuple(s.id for s in found),
            asked=asked,
            upto=min(len(found), start + sessions.PAGE),
        )

    def _today(self, asker: Asker) -> date:
        return self._clock.now().astimezone(asker.zone).date()


def _fits(matches: Sequence[Match]) -> bool:
    return bool(matches) and matches[0].is_sure


def _apart(matches: Sequence[Match]) -> tuple[list[Match], list[Match]]:
    """Sessions, and the resources that surely fit; of these alone where no session surely does."""
    paced = [m for m in matches if m.session.details.format is Format.SELF_PACED and m.is_sure]
    dated = [m for m in matches if m.session.details.format is not Format.SELF_PACED]
    return dated if any(m.is_sure for m in dated) or not paced else [], paced


def _after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _only(wanted: frozenset[Wanted]) -> str:
    """', in person, with places left'."""
    return "".join(f", {ONLY[w]}" for w in ONLY if w in wanted)


def _as_asked(asked: Find, today: date) -> str:
    days = f" {_quietly(asked.when, today)}" if asked.when else ""
    return f"{days}{_only(asked.wanted)}".removeprefix(", ").strip()


def _named(when: When, today: date) -> str:
    """'today, Monday 18 May', 'Tuesday 19 May, from 12:00 until 17:30'."""
    near = sayings.day_from(when.first, today)
    day = sayings.day(when.first)
    name = day if near == day else f"{near}, {day}"
    if when.only:
        name = sayings.listed([sayings.day(d) for d in when.only])
    elif not when.is_one_day:
        name = f"{day} to {sayings.day(when.last)}"
    start = f" from {when.start:%H:%M}" if when.start else ""
    return name + start + (f" until {when.end:%H:%M}" if when.end else "")


def _quietly(when: When, today: date) -> str:
    hours = "".join(
        (
            f" from {when.start:%H:%M}" if when.start else "",
            f" until {when.end:%H:%M}" if when.end else "",
        )
    )
    if when.only:
        return f"on {sayings.listed([sayings.day(d) for d in when.only])}{hours}"
    if when.is_one_day:
        name = sayings.day_from(when.first, today)
        return f"{name if name in {'today', 'tomorrow'} else f'on {name}'}{hours}"
    return f"from {sayings.day(when.first)} to {sayings.day(when.last)}{hours}"
