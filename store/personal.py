"""All that is kept about one person: read for themselves, and taken out of what others wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.notices import Kind
from learning.people import FORGOTTEN, Person, PersonId
from services.ports.personal import Part
from store.person_columns import PERSON_COLUMNS
from store.tables import metadata, outbox, sessions
from store.week_tables import missed_words

YOU, SOMEBODY, NOBODY = "you", "somebody else", "somebody who was forgotten"
REMOVED = "[removed]"

UNREADABLE = "without our secret key it says nothing, and opens nothing"
NUMBER = "a number by which the row is found"
INNER = "how a delivery is kept apart from others, and on its way"
NOT_SHOWN: Mapping[str, str] = {
    "attendance_changes.id": NUMBER,
    "attendance_records.id": NUMBER,
    "bookings.id": NUMBER,
    "calendar_keys.digest": UNREADABLE,
    "calendar_keys.salt": UNREADABLE,
    "changes.id": NUMBER,
    "collated_answers.figures": "a copy of what was chosen, which stands among the answers as well",
    "conversation_state.etag": NUMBER,
    "errands.file": "a file for organisers, mostly about others; it is fetched from the desk for a day",
    "errands.id": NUMBER,
    "outbox.attempts": INNER,
    "outbox.id": NUMBER,
    "outbox.key": INNER,
    "outbox.lane": INNER,
    "outbox.leased_until": INNER,
    "outbox.mailing": INNER,
    "outbox.next_at": INNER,
    "outbox.owner": INNER,
    "outbox.priority": INNER,
    "hub_items.list_key": INNER,
    "hub_items.told": INNER,
    "feedback.mark": "by which it is seen whether an answer was changed",
    "feedback.shown": "by which it is seen whether an answer was changed",
    "sets.attempt": INNER,
    "sets.bound": INNER,
    "past_editions.figures": "figures of a whole year, which name nobody",
}
"""Columns of one's own rows that are no part of one's data, and why."""

AS_THEY_ARE = frozenset({"people.id", "person_profiles.manager_id"})
"""Ids that are shown to whom they are about."""

OF_OTHERS = frozenset({"person_profiles.manager_id"})
"""Where somebody stands in the rows of others: that is kept about those."""

NOT_PERSONAL: Mapping[str, str] = {
    "call_times": "when we last asked another system something",
    "channels": "channels of Teams",
    "commitment_releases": "sums; what each person adds to them is unreadable without our secret key",
    "course_pictures": "pictures of the programmes",
    "courses": "programmes as organisers wrote them",
    "editions": "names of the weeks",
    "engage": "how far Viva Engage was read",
    "engage_answers": "kept two days by ids of Viva Engage, which we cannot tell from each other",
    "engage_posts": "our own posts",
    "feedback_releases": "sums and words of five people or more, of which nobody can say whose they are",
    "hub_list": "the list in SharePoint as a whole",
    "mailing_totals": "counts",
    "meetings": "events of sessions",
    "missed_words": "single words, found by a mark that only the secret key makes of somebody's id",
    "pace": "how fast messages go out",
    "report_releases": "sums; what each person adds to them is unreadable without our secret key",
    "secrets": "sign-ins of our own accounts",
    "sessions": "the programme, which everybody can read, with facilitators as organisers wrote them",
    "versions": "a number",
    "zoom_calls": "counts",
    "zoom_meetings": "meetings of sessions",
}
"""Tables in which nobody is found by who they are, and what is in them instead."""

WRITTEN: tuple[tuple[str, str], ...] = (
    ("attendance", "name"),
    ("attendance", "why"),
    ("attendance_changes", "why"),
    ("changes", "after"),
    ("changes", "before"),
    ("changes", "subject"),
    ("conversation_state", "data"),
    ("engage_answers", "parts"),
    ("errands", "result"),
    ("errands", "title"),
    ("feedback", "comment"),
    ("feedback_releases", "comments"),
    ("ideas", "reason"),
    ("ideas", "text"),
    ("outbox", "payload"),
    ("quotes", "text"),
    ("themes", "question"),
)
"""Where people write what they like, or what they wrote is kept. The programme, with its facilitators,
is for organisers to change."""


WORDLESS = (Kind.NUDGE, Kind.HIGHLIGHTS, Kind.CHANNEL_HIGHLIGHTS)
"""By far the most deliveries: they say when, and nobody writes anything in them."""


class SqlPersonal:
    """Inside a unit of work."""

    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def of_person(self, person_id: PersonId) -> list[Part]:
        found: dict[str, list[Mapping[str, Any]]] = {}
        for name in sorted(PERSON_COLUMNS):
            table = metadata.tables[name]
            whose = [table.c[c] == person_id for c in _of_oneself(name)]
            statement = sa.select(table).where(sa.or_(*whose)).order_by(*table.primary_key.columns)
            if theirs := (await self._db.execute(statement)).mappings().all():
                found[name] = [dict(row) for row in theirs]
        titles = await self._titles(row for rows in found.values() for row in rows)
        return [
            Part(table=name, rows=tuple(_shown(name, row, person_id, titles) for row in rows))
            for name, rows in found.items()
        ]

    async def words(self, marks: Collection[str]) -> list[Part]:
        statement = (
            sa.select(missed_words.c.word, missed_words.c.asked_on)
            .where(missed_words.c.mark.in_(list(marks)))
            .order_by(missed_words.c.asked_on, missed_words.c.word)
        )
        found = (await self._db.execute(statement)).all()
        rows = tuple({"word": row.word, "asked_on": _plain(row.asked_on)} for row in found)
        return [Part(table=missed_words.name, rows=rows)] if rows else []

    async def _titles(self, rows: Iterable[Mapping[str, Any]]) -> dict[int, str]:
        ids = {row["session_id"] for row in rows if row.get("session_id") is not None}
        statement = sa.select(sessions.c.id, sessions.c.code, sessions.c.title)
        named = await self._db.execute(statement.where(sessions.c.id.in_(sorted(ids))))
        return {row.id: f"{row.code}: {row.title}" for row in named}

    async def scrub(self, person: Person) -> None:
        await self._leave_pages(person.id)
        named = _named(person)
        if not named:
            return
        pattern = re.compile(
            "|".join(rf"(?<!\w){re.escape(each)}(?!\w)" for each in named), re.IGNORECASE
        )
        for name, column in WRITTEN:
            await self._scrub(metadata.tables[name], column, named, pattern)

    async def _scrub(
        self, table: sa.Table, name: str, named: Iterable[str], pattern: re.Pattern[str]
    ) -> None:
        key, text = list(table.primary_key.columns), table.c[name]
        is_json = isinstance(text.type, sa.JSON)
        # In JSON letters with accents are escaped.
        looked_for = [json.dumps(each)[1:-1] if is_json else each for each in named]
        raw = sa.cast(text, sa.Text)
        has_one = sa.or_(*(raw.icontains(each, autoescape=True) for each in looked_for))
        if table is outbox:
            has_one = sa.and_(outbox.c.kind.not_in(WORDLESS), has_one)
        found = await self._db.execute(sa.select(*key, text).where(has_one))
        for row in found.mappings().all():
            without = _without(row[name], pattern)
            this = sa.and_(*(c == row[c.name] for c in key))
            await self._db.execute(sa.update(table).where(this).values({name: without}))

    async def _leave_pages(self, person_id: PersonId) -> None:
        """A page of a fan-out says after whom it begins: what is still to be written begins just before."""
        kinds = outbox.c.kind.in_((Kind.FAN_OUT, Kind.PROFILES))
        raw = sa.cast(outbox.c.payload, sa.Text)
        statement = sa.select(outbox).where(kinds, raw.contains(person_id, autoescape=True))
        for row in (await self._db.execute(statement)).all():
            if row.payload.get("after") != person_id:
                continue
            after = person_id[: len(person_id) // 2] if row.settled_at is None else ""
            new = {
                "payload": {**row.payload, "after": after},
                "key": f"{row.key.removesuffix(person_id)}{FORGOTTEN}{row.id}",
            }
            await self._db.execute(sa.update(outbox).where(outbox.c.id == row.id).values(new))


def _of_oneself(table: str) -> tuple[str, ...]:
    return tuple(c for c in PERSON_COLUMNS[table] if f"{table}.{c}" not in OF_OTHERS)


def _shown(
    table: str, row: Mapping[str, Any], person_id: PersonId, titles: Mapping[int, str]
) -> Mapping[str, Any]:
    shown: dict[str, Any] = {}
    for name, value in row.items():
        where = f"{table}.{name}"
        if where in NOT_SHOWN:
            continue
        if name in PERSON_COLUMNS[table] and where not in AS_THEY_ARE:
            shown[name] = _who(value, person_id)
        elif name == "session_id" and value is not None:
            shown["session"] = titles.get(value, str(value))
        else:
            shown[name] = _plain(value)
    return shown


def _who(value: str | None, person_id: PersonId) -> str:
    if not value or value == person_id:
        return YOU if value else ""
    return NOBODY if value.startswith(FORGOTTEN) else SOMEBODY


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


def _named(person: Person) -> list[str]:
    """What they are called: a name of one word may mean anybody, and anything."""
    chat = person.address.conversation_id if person.address else ""
    known = [person.id, person.email, person.teams_id, chat]
    if len(person.name.split()) > 1:
        known.append(person.name)
    return sorted({each for each in known if len(each) > 4}, key=len, reverse=True)


def _without(part: Any, pattern: re.Pattern[str]) -> Any:
    match part:
        case str():
            return pattern.sub(REMOVED, part)
        case dict():
            known = cast("dict[str, Any]", part)
            return {
                pattern.sub(REMOVED, name): _without(value, pattern)
                for name, value in known.items()
            }
        case list():
            return [_without(each, pattern) for each in cast("list[Any]", part)]
        case _:
            return part
