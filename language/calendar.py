"""The days and times of day that somebody means, and what they are judged by."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

APART = timedelta(days=10)
"""Days with nothing on that part two editions; within a fortnight's programme there are fewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Whole local days from `first` to `last`, and the clock times to start between, if any.

    `only` are the days between that count, where not all of them do: "Tuesday or Thursday".
    """

    first: date
    last: date
    start: time | None = None
    end: time | None = None
    only: tuple[date, ...] = ()

    @property
    def is_one_day(self) -> bool:
        return self.first == self.last

    def covers(self, local: datetime) -> bool:
        """Whether something that begins at this local time falls into it."""
        return (
            self.first <= local.date() <= self.last
            and (not self.only or local.date() in self.only)
            and (self.start is None or local.time() >= self.start)
            and (self.end is None or local.time() < self.end)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What dates are judged by: today where the person is, and the days on which something is on.

    `now` is the time of day there, to the minute; without it "in an hour" says nothing.
    """

    today: date
    days: Collection[date] = ()
    now: time | None = None

    def nearest(self, wanted: list[date]) -> date:
        """The first of these days with something on from today, else the first from today."""
        ahead = [d for d in wanted if d >= self.today] or wanted
        return min((d for d in ahead if d in self.days), default=min(ahead))

    @property
    def edition(self) -> list[date]:
        """The days of what is on now or next, the past ones too; of what was, where nothing is ahead."""
        ahead = min((d for d in self.days if d >= self.today), default=max(self.days, default=None))
        if ahead is None:
            return []
        found = [ahead]
        for day in sorted((d for d in self.days if d < ahead), reverse=True):
            if found[0] - day > APART:
                break
            found.insert(0, day)
        for day in sorted(d for d in self.days if d > ahead):
            if day - found[-1] > APART:
                break
            found.append(day)
        return found
