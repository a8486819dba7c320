"""Sessions, bookings and people as values, of which a test says only what matters to it."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from learning.bookings import Booking, BookingState
from learning.people import Address, Person, PersonId
from learning.sessions import Details, EditionId, Session, SessionId

LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)

NINE = datetime(2026, 5, 19, 9, 0, tzinfo=UTC)
"""A Tuesday. Clocks in London say ten."""

TEN = NINE + HOUR
ELEVEN = TEN + HOUR

ASHA = PersonId("asha")

GROWTH = Details(code="GM1", title="Growth mindset", starts_at=TEN, ends_at=ELEVEN, capacity=15)
DETAILS = frozenset(field.name for field in fields(Details))


def a_session(**more: Any) -> Session:
    """Growth mindset from TEN to ELEVEN, changed in fields of the session or of its details.

    One that starts at another time lasts an hour as well, unless it is told otherwise.
    """
    details: dict[str, Any] = {name: more.pop(name) for name in DETAILS & more.keys()}
    if "starts_at" in details:
        starts = details["starts_at"]
        details = {"ends_at": starts and starts + HOUR} | details
    known: dict[str, Any] = {"id": SessionId(1), "edition_id": EditionId(1)}
    return Session(details=replace(GROWTH, **details), **(known | more))


def a_booking(state: BookingState = BookingState.BOOKED, **more: Any) -> Booking:
    """Asha's booking on that session; an offer is held until a quarter past NINE."""
    is_offer = state is BookingState.OFFERED
    known: dict[str, Any] = {
        "session_id": SessionId(1),
        "person_id": ASHA,
        "queue_no": 1,
        "asked_at": NINE,
        "changed_at": NINE,
        "offered_until": NINE + timedelta(minutes=15) if is_offer else None,
    }
    return Booking(state=state, **(known | more))


def a_person_record(**more: Any) -> Person:
    """Asha as we know her once she has said hello."""
    known: dict[str, Any] = {
        "id": ASHA,
        "name": "Asha",
        "email": "asha@example.gov.uk",
        "timezone": "Europe/London",
        "address": Address(service_url="https://smba.example.org/uk/", conversation_id="a:1"),
    }
    return Person(**(known | more))
