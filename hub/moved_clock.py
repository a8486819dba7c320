"""The clock of somebody trying things out: what it shows, and how it is moved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cards import sayings
from hub import listing
from learning import local_time

MORNING = time(8, 30)
YEARS = range(2000, 2100)
UNREADABLE = "Choose a day and a time first."


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """The time in words and for machines; `local` is what the field for a new time begins with."""

    words: str
    iso: str
    local: str
    moved: str


class MovedClock:
    """Remembers how far it was moved, and so finds its way back to the real time."""

    def __init__(
        self, now: Callable[[], datetime], set_clock: Callable[[datetime], None], zone: ZoneInfo
    ) -> None:
        self._now = now
        self._set_clock = set_clock
        self._zone = zone
        self._moved = timedelta()

    def face(self) -> Face:
        local = self._now().astimezone(self._zone)
        return Face(
            words=f"{self._words(local)}, {listing.place(self._zone)}",
            iso=local.isoformat(timespec="seconds"),
            local=f"{local:%Y-%m-%dT%H:%M}",
            moved=_moved_words(self._moved),
        )

    def step(self, name: str) -> str:
        """Move it by one of the buttons; what happened."""
        now = self._now()
        tomorrow = now.astimezone(self._zone).date() + timedelta(days=1)
        steps = {
            "hour": now + timedelta(hours=1),
            "morning": local_time.at(tomorrow, MORNING, self._zone),
            "real": now - self._moved,
        }
        return self._to(steps[name]) if name in steps else UNREADABLE

    def set(self, text: str) -> str:
        """Move it to a local time as browsers write it; what happened."""
        try:
            wanted = datetime.fromisoformat(text)
        except ValueError:
            return UNREADABLE
        if wanted.tzinfo is not None or wanted.year not in YEARS:
            return UNREADABLE
        return self._to(local_time.at(wanted.date(), wanted.time(), self._zone))

    def _to(self, instant: datetime) -> str:
        if instant.astimezone(UTC).year not in YEARS:
            return UNREADABLE
        self._moved += instant - self._now()
        self._set_clock(instant)
        return f"The clock is now at {self._words(instant.astimezone(self._zone))}."

    def _words(self, local: datetime) -> str:
        return f"{sayings.day(local.date())} {local.year}, {local:%H:%M}"


def _moved_words(moved: timedelta) -> str:
    minutes = round(abs(moved).total_seconds() / 60)
    if not minutes:
        return "This is the real time."
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    counts = ((days, "day"), (hours, "hour"), (minutes, "minute"))
    parts = [f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in counts if n]
    return (
        f"{sayings.listed(parts)} {'ahead of' if moved > timedelta() else 'behind'} the real time."
    )
