"""What publishing a file would do, as it is read before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from hub.desk import told
from hub.desk.columns import Difference, differences, shown
from learning.programme_changes import Change
from learning.programme_text import differing, written
from learning.sessions import Details, Session
from services.programme import Import

AT_ONCE = 200
"""Sessions of one sort that are shown; the rest are one link away."""

EXAMPLES = 3
"""Sessions whose notices are shown in full: those that most people have booked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    code: str
    title: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    code: str
    title: str
    path: str
    differences: tuple[Difference, ...]
    told: str
    given: str
    keeps: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    code: str
    title: str
    path: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """`column` is called as in the file, which is where it is mended."""

    line: int
    column: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """`counts` are of all; of the lists only the first are there unless everything is asked for."""

    edition: str
    mark: str
    counts: dict[str, int]
    added: tuple[Added, ...]
    changed: tuple[Changed, ...]
    missing: tuple[Missing, ...]
    unchanged: tuple[str, ...]
    faults: tuple[Wrong, ...]
    notes: tuple[str, ...]
    told: int
    given: int
    examples: tuple[tuple[str, tuple[told.Words, ...]], ...]
    is_whole: bool

    @property
    def would_change(self) -> bool:
        return bool(self.counts["added"] or self.counts["changed"])


def preview(found: Import, zone: ZoneInfo, now: datetime, *, whole: bool) -> Preview:
    """In a thread: of thousands of sessions it takes a while."""
    changes = found.changes
    most = None if whole else AT_ONCE
    changed = changes.changed
    busiest = sorted((c for c in changed if c.told(now)), key=lambda c: -c.told(now))[:EXAMPLES]
    counts = {
        "added": len(changes.added),
        "changed": len(changed),
        "unchanged": len(changes.unchanged),
        "missing": len(changes.withdrawn),
        "faults": len(found.reading.faults),
    }
    return Preview(
        edition=found.edition,
        mark=found.mark,
        counts=counts,
        added=tuple(_added(d) for d in changes.added[:most]),
        changed=tuple(_changed(c, now) for c in changed[:most]),
        missing=tuple(_missing(s) for s in changes.withdrawn[:most]),
        unchanged=tuple(islice(_unchanged(found), most)),
        faults=tuple(
            Wrong(line=f.line, column=f.column, words=_sentence(f.message))
            for f in found.reading.faults[:most]
        ),
        notes=tuple(_sentence(note) for note in found.reading.notes[:most]),
        told=sum(c.told(now) for c in changed),
        given=sum(c.given(now) for c in changed),
        examples=tuple((c.details.title, tuple(told.of_change(c, zone, now))) for c in busiest),
        is_whole=most is None or all(count <= most for count in counts.values()),
    )


def _added(details: Details) -> Added:
    starts = written(details)["starts"]
    when = shown("starts", starts) if starts else "Any time"
    return Added(code=details.code, title=details.title, when=when)


def _changed(change: Change, now: datetime) -> Changed:
    before, after = differing(change.session.details, change.details)
    count, given, keeps = change.told(now), change.given(now), change.keeps
    return Changed(
        code=change.details.code,
        title=change.details.title,
        path=f"/desk/sessions/{change.session.id}",
        differences=tuple(differences(before, after)),
        told=f"{told.people(count)} told" if count else "",
        given=f"{told.people(given)} from the waiting list given or offered a place"
        if given
        else "",
        keeps=f"{told.people(keeps)} beyond the new number of places; they keep theirs"
        if keeps
        else "",
    )


def _missing(session: Session) -> Missing:
    return Missing(
        code=session.code,
        title=session.title,
        path=f"/desk/sessions/{session.id}",
        state="cancelled already" if session.is_cancelled else "stays as it is",
    )


def _unchanged(found: Import) -> Sequence[str]:
    others = {d.code for d in found.changes.added}
    others |= {c.details.code for c in found.changes.changed}
    folded = {code.casefold() for code in others}
    return [
        f"{d.title} ({d.code})" for d in found.reading.details if d.code.casefold() not in folded
    ]


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
