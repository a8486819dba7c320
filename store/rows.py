"""Rows in, values out, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa

from learning.bookings import Booking, BookingState
from learning.notices import Kind, Notice, priority
from learning.people import Address, Channel, Person, PersonId
from learning.sessions import CourseId, Details, EditionId, Format, Session, SessionId, SessionState

T = TypeVar("T")

PORTION = 10_000


def portions(values: Iterable[T], most: int = PORTION) -> Iterator[list[T]]:
    """Some at a time: a statement takes no more than 32,767 values."""
    rest = iter(values)
    while portion := list(islice(rest, most)):
        yield portion


def details_columns(details: Details) -> dict[str, Any]:
    return {
        **asdict(details),
        "topics": list(details.topics),
        "facilitators": list(details.facilitators),
        "code_key": details.code.casefold(),
    }


def session_columns(session: Session) -> dict[str, Any]:
    return {
        **details_columns(session.details),
        **count_columns(session),
        "edition_id": session.edition_id,
        "state": session.state,
        "sequence": session.sequence,
        "join_url": session.join_url,
        "changed_at": session.changed_at,
        "course_id": session.course_id,
    }


COUNTS = ("taken", "waiting", "next_no", "kept", "roster_version")


def count_columns(session: Session) -> dict[str, Any]:
    return {name: getattr(session, name) for name in COUNTS}


def counted(session: Session, row: sa.Row[Any]) -> Session:
    return replace(session, **{name: getattr(row, name) for name in COUNTS})


def standing(session: Session, row: sa.Row[Any]) -> tuple[Session, Booking | None]:
    return counted(session, row), None if row.id is None else booking(row)


def session(row: sa.Row[Any]) -> Session:
    return Session(
        id=SessionId(row.id),
        edition_id=EditionId(row.edition_id),
        details=Details(
            code=row.code,
            title=row.title,
            summary=row.summary,
            strand=row.strand,
            topics=tuple(row.topics),
            facilitators=tuple(row.facilitators),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            timezone=row.timezone,
            capacity=row.capacity,
            format=Format(row.format),
            link=row.link,
            location=row.location,
            audience=row.audience,
            waiting_list=row.waiting_list,
        ),
        state=SessionState(row.state),
        taken=row.taken,
        waiting=row.waiting,
        next_no=row.next_no,
        kept=row.kept,
        sequence=row.sequence,
        roster_version=row.roster_version,
        join_url=row.join_url,
        changed_at=row.changed_at,
        course_id=None if row.course_id is None else CourseId(row.course_id),
    )


def booking_columns(booking: Booking) -> dict[str, Any]:
    columns = asdict(booking)
    del columns["id"]
    return columns


def booking(row: sa.Row[Any]) -> Booking:
    return Booking(
        id=row.id,
        session_id=SessionId(row.session_id),
        person_id=PersonId(row.person_id),
        state=BookingState(row.state),
        queue_no=row.queue_no,
        asked_at=row.asked_at,
        changed_at=row.changed_at,
        offered_until=row.offered_until,
        source=row.source,
    )


def _address(row: sa.Row[Any]) -> Address | None:
    if not row.conversation_id:
        return None
    return Address(
        service_url=row.service_url,
        conversation_id=row.conversation_id,
        tenant_id=row.tenant_id,
    )


def _address_columns(address: Address | None) -> dict[str, Any]:
    return {
        "service_url": address.service_url if address else "",
        "conversation_id": address.conversation_id if address else "",
        "tenant_id": address.tenant_id if address else "",
    }


def person(row: sa.Row[Any]) -> Person:
    return Person(
        id=PersonId(row.id),
        name=row.name,
        email=row.email,
        teams_id=row.teams_id,
        timezone=row.timezone,
        address=_address(row),
        unreachable=row.unreachable,
        wants_nudges=row.wants_nudges,
        wants_highlights=row.wants_highlights,
        welcomed_at=row.welcomed_at,
    )


def person_columns(value: Person) -> dict[str, Any]:
    return {
        "id": value.id,
        "name": value.name,
        "email": value.email,
        "teams_id": value.teams_id,
        "timezone": value.timezone,
        **_address_columns(value.address),
        "unreachable": value.unreachable[:200],
        "wants_nudges": value.wants_nudges,
        "wants_highlights": value.wants_highlights,
        "welcomed_at": value.welcomed_at,
    }


def channel(row: sa.Row[Any]) -> Channel:
    address = _address(row)
    assert address is not None, "a channel is stored with its address"
    return Channel(
        id=row.id,
        name=row.name,
        team_id=row.team_id,
        team_name=row.team_name,
        paused=row.paused,
        address=address,
    )


def channel_columns(value: Channel) -> dict[str, Any]:
    return {
        "id": value.id,
        "name": value.name[:300],
        "team_id": value.team_id,
        "team_name": value.team_name[:300],
        "paused": value.paused,
        **_address_columns(value.address),
    }


def notice(row: sa.Row[Any]) -> Notice:
    return Notice(
        kind=Kind(row.kind),
        key=row.key,
        due_at=row.due_at,
        person_id=None if row.person_id is None else PersonId(row.person_id),
        channel_id=row.channel_id,
        session_id=None if row.session_id is None else SessionId(row.session_id),
        mailing=row.mailing,
        payload=row.payload,
    )


def notice_columns(value: Notice) -> dict[str, Any]:
    return {
        "kind": value.kind,
        "key": value.key,
        "mailing": value.mailing,
        "lane": value.lane,
        "priority": priority(value.kind),
        "person_id": value.person_id,
        "channel_id": value.channel_id,
        "session_id": value.session_id,
        "payload": value.payload,
        "due_at": value.due_at,
        "next_at": value.due_at,
        "state": "queued",
        "attempts": 0,
        "owner": "",
        "last_error": "",
        "activity_id": "",
    }
