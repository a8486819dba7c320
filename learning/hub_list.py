"""The programme as a SharePoint list: its columns, its items as rows, and what we write beside them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from learning.people import PersonId
from learning.programme_cells import find_zone, moment_text, one_line
from learning.programme_table import COLUMNS, Fault, Row, Table
from learning.sessions import Format, Session, SessionId

NAMES: Mapping[str, str] = {
    "code": "SessionCode",
    "title": "Title",
    "summary": "SessionSummary",
    "strand": "SessionStrand",
    "topics": "SessionTopics",
    "facilitators": "SessionFacilitators",
    "starts": "SessionStarts",
    "ends": "SessionEnds",
    "timezone": "SessionTimeZone",
    "capacity": "SessionCapacity",
    "format": "SessionFormat",
    "link": "SessionLink",
    "location": "SessionLocation",
    "audience": "SessionAudience",
    "waiting_list": "SessionWaitingList",
}
"""What each column of a programme file is called inside SharePoint, whatever people rename it to."""

PLACES_LEFT, STATE, LINK = "PlacesLeft", "BookingState", "BookingLink"
OWN = (PLACES_LEFT, STATE, LINK)
"""The columns that only the bot writes; all others belong to whoever edits the list."""

TIMES = ("starts", "ends")
GONE = "or somebody deleted it. Run `python app.py hub-setup`, which adds it again, and fill it in."


@dataclass(frozen=True, slots=True, kw_only=True)
class ListColumn:
    """A column as the list has it: `label` is what people see, `kind` is '', dateTime or dateOnly."""

    name: str
    label: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An item as SharePoint tells of it; no `editor` where the bot itself changed it last."""

    id: int
    etag: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])
    editor: PersonId | None = None
    author: PersonId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HubItem:
    """What we know of an item.

    `version` is the etag of the last version that a person made, `editor` is that person; `told` is
    the version whose `faults` somebody was told of. `applied` are the fields that the programme was
    last brought up to; `own` are the values of the bot's columns.
    """

    id: int
    version: str = ""
    editor: PersonId | None = None
    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])
    applied: Mapping[str, Any] | None = None
    own: Mapping[str, Any] = field(default_factory=dict[str, Any])
    faults: tuple[str, ...] = ()
    told: str = ""
    session_id: SessionId | None = None

    @property
    def title(self) -> str:
        return one_line(_text(self.fields.get(NAMES["title"])))

    @property
    def code(self) -> str:
        return one_line(_text(self.fields.get(NAMES["code"])))


def taken_in(known: HubItem | None, seen: Seen) -> HubItem:
    """What we know once an item was seen.

    Our own write makes a new version as well: that one has no editor, nobody is told of its faults
    again, and of our columns we know what we wrote, however SharePoint shows it. Where somebody's
    change and ours came between two looks, it was the editor before.
    """
    fields = {n: v for n, v in seen.fields.items() if n in EDITORS and v not in (None, "")}
    own = {name: seen.fields.get(name) for name in OWN}
    before = known or HubItem(id=seen.id, editor=seen.author, own=own)
    if seen.editor is None:
        if before.fields == fields and known is not None:
            return known
        return replace(before, version=seen.etag, fields=fields)
    return replace(before, version=seen.etag, editor=seen.editor, fields=fields, own=own)


EDITORS = frozenset(NAMES.values())


def column_faults(columns: Iterable[ListColumn]) -> list[str]:
    """What is wrong with the list itself, so that no row of it can be trusted."""
    there = {column.name: column for column in columns}
    faults = [
        f"The column “{LABELS[column]}” ({name}) is missing: it was never made, {GONE}"
        for column, name in NAMES.items()
        if name not in there
    ]
    faults += [
        f"The column “{LABELS[name]}” ({name}), in which the bot writes, is missing: it was never made, "
        "or somebody deleted it. Run `python app.py hub-setup`, which adds it again."
        for name in OWN
        if name not in there
    ]
    for column in TIMES:
        found = there.get(NAMES[column])
        if found is not None and found.kind == "dateOnly":
            faults.append(
                f"The column “{found.label}” shows dates without times. In its settings, switch on "
                "“Include time”."
            )
    return faults


def table(items: Iterable[HubItem], columns: Iterable[ListColumn], timezone: str) -> Table:
    """The items as a programme file has them; the line of a row is its item's id.

    Columns of dates hold instants, so they are written in the row's own zone, to be judged there.
    """
    kinds = {column.name: column.kind for column in columns}
    ordered = sorted(items, key=lambda item: item.id)
    return Table(
        header=COLUMNS,
        rows=tuple(
            Row(line=item.id, cells=_cells(item.fields, kinds, timezone)) for item in ordered
        ),
    )


def _cells(fields: Mapping[str, Any], kinds: Mapping[str, str], timezone: str) -> tuple[str, ...]:
    named = find_zone(one_line(_text(fields.get(NAMES["timezone"]))))
    zone = ZoneInfo(named or timezone)
    return tuple(
        _moment(text, zone) if kinds.get(name) == "dateTime" and column in TIMES else text
        for column, name in NAMES.items()
        for text in [_text(fields.get(name))]
    )


def _text(value: Any) -> str:
    """A field as text: choices of which several are ticked come as a list, numbers as 15.0."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():
            return str(int(value))
        case list():
            return "; ".join(_text(each) for each in cast("list[Any]", value))
        case dict():
            held = cast("dict[str, Any]", value)
            return _text(held.get("Url") or held.get("LookupValue") or "")
        case _:
            return str(value)


def _moment(text: str, zone: ZoneInfo) -> str:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment_text(instant if instant.tzinfo else instant.replace(tzinfo=UTC), zone)


def digest(rows: Table) -> str:
    """The same for the same rows."""
    return hashlib.sha256(repr(rows).encode(errors="backslashreplace")).hexdigest()


def shown(session: Session, now: datetime, link: str) -> dict[str, Any]:
    """What the bot's columns say of a session; `link` opens the chat, `{text}` is what to say."""
    is_open = session.is_open(now)
    return {
        PLACES_LEFT: session.places_left if is_open else None,
        STATE: _state(session, now),
        LINK: link if is_open else None,
    }


def _state(session: Session, now: datetime) -> str:
    if session.is_cancelled:
        return "Cancelled"
    if session.details.format is Format.SELF_PACED or session.starts_at is None:
        return "Any time"
    if session.is_over(now):
        return "Over"
    if session.has_started(now):
        return "Started"
    if session.places_left == 0:
        return "Waiting list" if session.details.waiting_list else "Full"
    return "Open"


def differing(own: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Which of the bot's columns must be written so that they say what is wanted."""
    return {n: v for n, v in wanted.items() if _text(own.get(n)) != _text(v)}


def fault_words(fault: Fault, item: HubItem | None, columns: Mapping[str, str]) -> str:
    """A fault as somebody who looks at the list reads it; `columns` are its labels by our names."""
    named = f"“{item.title}” (item {fault.line})" if item and item.title else f"Item {fault.line}"
    label = columns.get(fault.column) or LABELS.get(fault.column, "")
    return f"{named}{f', {label}' if label else ''}: {in_list_words(fault.message)}"


def in_list_words(text: str) -> str:
    """What is said of files, of a list: rows have items' numbers for lines."""
    text = re.sub(r"\bline (\d+)\b", r"item \1", text)
    return text.replace(" in the file", " in the list").replace("The file has", "The list has")


def labels(columns: Sequence[ListColumn]) -> dict[str, str]:
    """What people see above each column of a programme file."""
    by_name = {column.name: column.label for column in columns}
    return {column: by_name.get(name) or LABELS[column] for column, name in NAMES.items()}


LABELS: Mapping[str, str] = {
    "code": "Code",
    "title": "Title",
    "summary": "Summary",
    "strand": "Strand",
    "topics": "Topics",
    "facilitators": "Facilitators",
    "starts": "Starts",
    "ends": "Ends",
    "timezone": "Time zone",
    "capacity": "Places",
    "format": "Format",
    "link": "Link",
    "location": "Location",
    "audience": "Audience",
    "waiting_list": "Waiting list",
    PLACES_LEFT: "Places left",
    STATE: "Booking",
    LINK: "Book",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How it stands with the hub list, for organisers.

    `missing` are sessions that the list has no longer; the rest as `faults`, `report` and what went
    wrong with reading, writing and being told of changes.
    """

    read_at: datetime | None = None
    faults: tuple[str, ...] = ()
    missing: tuple[Session, ...] = ()
    report: str = ""
    trouble: str = ""
    unwritten: str = ""
    unwatched: str = ""
    is_watched: bool = False
