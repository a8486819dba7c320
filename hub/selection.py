"""Which sessions the programme's page shows: of which weeks, and what of them fits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from hub import filters, listing
from hub.filters import Active, Filters, View
from hub.week_grid import monday_of
from learning.sessions import Session, SessionId, by_time
from services.catalogue import Programme


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """The sessions of the programme that have a time, and the local days they begin on."""

    programme: Programme
    zone: ZoneInfo
    sessions: tuple[Session, ...]
    days: Mapping[SessionId, date]

    def day(self, session: Session) -> date | None:
        return self.days.get(session.id)

    def monday(self, session: Session) -> date | None:
        day = self.days.get(session.id)
        return day and monday_of(day)

    def mondays(self, sessions: Iterable[Session]) -> set[date]:
        return {monday for s in sessions if (monday := self.monday(s)) is not None}


def dated(programme: Programme, zone: ZoneInfo) -> Dated:
    some = tuple(s for s in by_time(programme.sessions) if listing.is_dated(s))
    return Dated(
        programme=programme,
        zone=zone,
        sessions=some,
        days={s.id: day for s in some if (day := filters.local_day(s, zone)) is not None},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is `shown`, out of what was `asked` for on any day.

    `weeks` are the Mondays that the latter falls into, `week` the one that is shown; None for all.
    """

    shown: Sequence[Session]
    asked: Sequence[Session]
    weeks: Sequence[date]
    week: date | None


def season(known: Dated, asked: Filters, now: datetime) -> list[Session]:
    """What is on from this week's Monday, and what was on in a week or on a day that is asked for."""
    this_week = monday_of(now.astimezone(known.zone).date())
    named = {asked.week, monday_of(asked.day) if asked.day else None}
    return [
        s
        for s in known.sessions
        if (monday := known.monday(s)) is not None
        and (monday >= this_week or monday in named or not s.is_over(now))
    ]


def select(known: Dated, pool: Sequence[Session], asked: Filters, now: datetime) -> Selection:
    """What of these fits. A list is of what lies ahead, a week of all that is in it.

    Somebody who names a day, or looks for something, gets it though it is over.
    """
    fitting = [s for s in pool if asked.passes(s, now, known.zone)]
    named = bool(asked.day or asked.q)
    lies_ahead = fitting if named else ahead(known, fitting, now)
    weeks = sorted(known.mondays(lies_ahead) | ({asked.week} if asked.week else set()))
    week = asked.week
    if week is None and asked.view is View.GRID:
        week = _first(weeks, monday_of(now.astimezone(known.zone).date()))
    if week is None:
        return Selection(shown=lies_ahead, asked=lies_ahead, weeks=weeks, week=None)
    of_weeks = [s for s in fitting if known.monday(s) in {*weeks, None}]
    shown = [s for s in of_weeks if known.monday(s) in {week, None}]
    return Selection(shown=shown, asked=of_weeks, weeks=weeks, week=week)


def _first(weeks: Sequence[date], this_week: date) -> date | None:
    """The week to begin with: what has been going on since another is no reason to go back to that."""
    return next((w for w in weeks if w >= this_week), next(iter(weeks), None))


def ahead(known: Dated, sessions: Sequence[Session], now: datetime) -> list[Session]:
    return [s for s in sessions if listing.is_current(s, now, known.zone)]


def without_one(
    known: Dated, pool: Sequence[Session], asked: Filters, now: datetime
) -> list[tuple[Active, int]]:
    """What would help where nothing fits: each filter with how many sessions there are without it.

    `pool` is the programme, so without the words that are looked for all of it is.
    """
    today = now.astimezone(known.zone).date()
    found: list[tuple[Active, int]] = []
    for one in filters.active(asked, today):
        less = replace(asked, **{"q": "", one.name: getattr(filters.BLANK, one.name)})
        count = len(select(known, pool, less, now).asked)
        if count and (one.name == "q" or not asked.q):
            found.append((one, count))
    return found
