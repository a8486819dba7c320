"""One person's own record: what they attended, and for how many hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from learning.attendance import Outcome, Presence, is_recorded, length
from learning.sessions import Edition, EditionId, Session, SessionId

QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attended:
    """A session that somebody was at; whoever was there briefly has no hours for it."""

    session: Session
    is_brief: bool = False

    @property
    def quarters(self) -> int:
        return 0 if self.is_brief else quarters(length(self.session))


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionRecord:
    """What somebody attended in one edition, in order of time."""

    edition: Edition
    entries: tuple[Attended, ...]

    @property
    def attended(self) -> tuple[Attended, ...]:
        """What a certificate may say: not where they were only briefly."""
        return tuple(entry for entry in self.entries if not entry.is_brief)

    @property
    def quarters(self) -> int:
        return sum(entry.quarters for entry in self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The latest edition first."""

    editions: tuple[EditionRecord, ...] = ()

    @property
    def attended(self) -> int:
        """How many sessions."""
        return sum(len(each.attended) for each in self.editions)

    @property
    def quarters(self) -> int:
        return sum(each.quarters for each in self.editions)

    def of(self, edition_id: EditionId) -> EditionRecord | None:
        """None where there is nothing to certify."""
        found = next((e for e in self.editions if e.edition.id == edition_id), None)
        return found if found and found.attended else None


def record(
    outcomes: Iterable[Outcome],
    sessions: Mapping[SessionId, Session],
    editions: Mapping[EditionId, Edition],
    now: datetime,
) -> Record:
    """One person's, from what is known of where they were. What is not over does not count yet."""
    by_edition: dict[EditionId, list[Attended]] = {}
    for outcome in outcomes:
        session = sessions[outcome.session_id]
        if outcome.state is Presence.ABSENT or not is_recorded(session) or not session.is_over(now):
            continue
        entry = Attended(session=session, is_brief=outcome.state is Presence.BRIEFLY)
        by_edition.setdefault(session.edition_id, []).append(entry)
    found = [
        EditionRecord(edition=editions[i], entries=tuple(sorted(entries, key=_begins)))
        for i, entries in by_edition.items()
    ]
    return Record(
        editions=tuple(sorted(found, key=lambda each: _begins(each.entries[-1]), reverse=True))
    )


def quarters(span: timedelta) -> int:
    """Quarters of an hour, to the nearest, so that what is listed adds up to its total."""
    return max(1, int(span / QUARTER + 0.5)) if span > timedelta() else 0


def hours(count: int) -> str:
    """'1 hour', '1.25 hours', from quarters."""
    return f"{count / 4:g} hour{'' if count == 4 else 's'}"


def _begins(entry: Attended) -> tuple[float, str]:
    starts = entry.session.starts_at
    return (starts.timestamp() if starts else 0.0, entry.session.code)
