"""Answers about the programme: what is on, what fits, one session, resources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from cards import sayings, sessions, talk
from dialogs.reply import Asker, Reply
from language.calendar import When
from language.when import read_when
from learning.search import Match
from learning.sessions import Session, SessionId
from services.booking import BookingService
from services.catalogue import Catalogue
from services.ports.clocks import Clock

WEAK = 0.3
"""Below this the best match of words that were no command is shown as a guess."""


class ProgrammeAnswers:
    def __init__(self, catalogue: Catalogue, bookings: BookingService, clock: Clock) -> None:
        self._catalogue = catalogue
        self._bookings = bookings
        self._clock = clock

    async def whats_on(
        self, asker: Asker, when: When | None, about: str = "", start: int = 0
    ) -> Reply:
        """What begins in these days; where nothing does, the next day on which something does."""
        today = self._today(asker)
        wanted = when or When(first=today, last=today)
        found = asker.programme.on(wanted, asker.zone, about)
        ahead = [s for s in found if not s.is_over(self._clock.now())]
        if ahead or (found and when is not None):
            title = f"What's on {_named(wanted, today)}"
            title = f"{title}: {about}" if about else title
            return await self._list(asker, title, found, start, wanted, about)
        if about:
            return await self.find(asker, about, when=when)
        nothing = f"Nothing {'more ' if found else ''}{_quietly(wanted, today)}."
        day = asker.programme.next_day(max(today, wanted.last), asker.zone, self._clock.now())
        if day is None:
            hint = "Type resources for courses to take in your own time."
            return Reply(card=talk.say(f"{nothing} Nothing is planned after it yet.", hint))
        following = When(first=day, last=day)
        return await self._list(
            asker,
            f"What's on {_named(following, today)}",
            asker.programme.on(following, asker.zone),
            start,
            following,
            note=f"{nothing} This is what comes next.",
        )

    async def more(self, asker: Asker, data: Mapping[str, Any]) -> Reply:
        """The next page of a list; `data` is what its button carried."""
        start = _whole(data.get("start"))
        when, about = _carried(data), str(data.get("about", ""))
        if when is None and about:
            return await self.find(asker, about, start=start)
        return await self.whats_on(asker, when, about, start=start)

    async def on_words(self, asker: Asker, words: str) -> Reply:
        """What is on in the days that a button names."""
        when, _ = read_when(words, self._catalogue.calendar(asker.programme, asker.zone))
        return await self.whats_on(asker, when)

    async def find(
        self,
        asker: Asker,
        text: str,
        *,
        when: When | None = None,
        asked: bool = True,
        start: int = 0,
    ) -> Reply:
        """Sessions about something, best first; one alone is shown whole."""
        matches = await self._catalogue.find(text, limit=40)
        if when is not None:
            matches = [m for m in matches if _falls(m.session, when, asker)] or matches
        if not matches:
            return await self._nothing(asker, text)
        if len(matches) == 1 or (matches[0].score == 1.0 and matches[1].score < 1.0):
            return await self.show(asker, matches[0].session.id)
        note = ""
        if not asked and matches[0].score < WEAK:
            note = "I'm not sure I understood. These come closest; type help for what I can do."
        return await self._list(
            asker, f"About “{text}”", _best(matches), start, None, text, note=note
        )

    async def show(self, asker: Asker, session_id: SessionId) -> Reply:
        """One session. Raises NotFound."""
        session, own = await self._catalogue.get(session_id), None
        if not asker.in_public:
            standing = await self._bookings.standing(asker.person.id, session_id)
            session, own = standing.session, standing.booking
        card = sessions.session_card(session, own, zone=asker.zone, now=self._clock.now())
        return Reply(card=card, private=own is not None, shown=(session_id,))

    async def resources(self) -> Reply:
        """Courses to take at any time."""
        found = await self._catalogue.resources()
        if not found:
            return Reply(card=talk.say("There are no courses to take in your own time just now."))
        return Reply(card=sessions.resources_card(found))

    async def _nothing(self, asker: Asker, text: str) -> Reply:
        nearest: list[Session] = []
        if day := await self._catalogue.next_day(self._today(asker), asker.zone):
            on_day = await self._catalogue.on(When(first=day, last=day), asker.zone)
            nearest = [s for s in on_day if s.is_open(self._clock.now())][:3]
        return Reply(card=talk.nothing_found_card(text[:60], nearest, zone=asker.zone))

    async def _list(
        self,
        asker: Asker,
        title: str,
        found: Sequence[Session],
        start: int,
        when: When | None,
        about: str = "",
        *,
        note: str = "",
    ) -> Reply:
        person = None if asker.in_public else asker.person.id
        shown, own = await self._catalogue.standing(found[: start + sessions.PAGE], person)
        card = sessions.list_card(
            title,
            [*shown, *found[start + sessions.PAGE :]],
            own,
            zone=asker.zone,
            now=self._clock.now(),
            start=start,
            more={"about": about, **_carry(when)},
            note=note,
        )
        return Reply(card=card, shown=tuple(s.id for s in found))

    def _today(self, asker: Asker) -> date:
        return self._clock.now().astimezone(asker.zone).date()


def _best(matches: Sequence[Match]) -> list[Session]:
    """Without the long tail: what is less than a third as good as the best."""
    return [m.session for m in matches if m.score * 3 >= matches[0].score]


def _falls(session: Session, when: When, asker: Asker) -> bool:
    return session.starts_at is not None and when.covers(session.starts_at.astimezone(asker.zone))


def _named(when: When, today: date) -> str:
    """'today, Monday 18 May', 'Tuesday 19 May, from 12:00 until 17:30'."""
    near = sayings.day_from(when.first, today)
    day = sayings.day(when.first)
    name = day if near == day else f"{near}, {day}"
    if not when.is_one_day:
        name = f"{day} to {sayings.day(when.last)}"
    start = f" from {when.start:%H:%M}" if when.start else ""
    return name + start + (f" until {when.end:%H:%M}" if when.end else "")


def _quietly(when: When, today: date) -> str:
    if when.is_one_day:
        name = sayings.day_from(when.first, today)
        return name if name in {"today", "tomorrow"} else f"on {name}"
    return f"from {sayings.day(when.first)} to {sayings.day(when.last)}"


def _carry(when: When | None) -> dict[str, str]:
    """Days as a button carries them."""
    if when is None:
        return {}
    return {
        "first": when.first.isoformat(),
        "last": when.last.isoformat(),
        "from": f"{when.start:%H:%M}" if when.start else "",
        "until": f"{when.end:%H:%M}" if when.end else "",
    }


def _carried(data: Mapping[str, Any]) -> When | None:
    """The days that a button carried; None where it carried none, or nonsense."""
    try:
        return When(
            first=date.fromisoformat(str(data.get("first", ""))),
            last=date.fromisoformat(str(data.get("last", ""))),
            start=_clock(data.get("from")),
            end=_clock(data.get("until")),
        )
    except ValueError:
        return None


def _clock(value: object) -> time | None:
    """A time of day where the person is; a zone that came along is left out."""
    return time.fromisoformat(str(value)).replace(tzinfo=None) if value else None


def _whole(value: object) -> int:
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else 0
