"""Bookings as events: which there are, and that each change makes them newer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from learning.bookings import Booking, BookingState
from learning.own_calendar import Entry, entries
from learning.people import PersonId
from learning.sessions import Details, EditionId, Format, Session, SessionId, SessionState

NINE = datetime(2026, 5, 19, 9, 0, tzinfo=UTC)
BEFORE = NINE - timedelta(days=7)


def a_session(id: int = 1, starts_at: datetime | None = NINE) -> Session:
    details = Details(
        code=f"S{id}",
        title="Growth mindset",
        starts_at=starts_at,
        ends_at=None if starts_at is None else starts_at + timedelta(hours=1),
        format=Format.TEAMS,
    )
    return Session(id=SessionId(id), edition_id=EditionId(1), details=details)


def a_booking(
    state: BookingState, session: int = 1, queue_no: int = 1, changed_at: datetime = BEFORE
) -> Booking:
    return Booking(
        session_id=SessionId(session),
        person_id=PersonId("asha"),
        state=state,
        queue_no=queue_no,
        asked_at=BEFORE,
        changed_at=changed_at,
    )


def entries_of(bookings: list[Booking], *sessions: Session) -> list[Entry]:
    return entries(bookings, {s.id: s for s in sessions}, lambda id: f"{id}@x")


def test_there_is_one_for_each_session_in_order_of_time():
    sooner, later = a_session(2, NINE - timedelta(hours=2)), a_session(1)
    bookings = [
        a_booking(BookingState.CANCELLED, queue_no=1),
        a_booking(BookingState.WAITING, queue_no=7),
        a_booking(BookingState.BOOKED, session=2),
    ]

    found = entries_of(bookings, sooner, later)

    assert [(e.uid, e.state) for e in found] == [("2@x", "booked"), ("1@x", "waiting")]


def test_what_has_no_times_has_no_event():
    assert entries_of([a_booking(BookingState.BOOKED)], a_session(1, None)) == []


def test_what_was_given_back_or_called_off_is_off():
    off = replace(a_session(), state=SessionState.CANCELLED)
    [given_back] = entries_of([a_booking(BookingState.CANCELLED)], a_session())
    [called_off] = entries_of([a_booking(BookingState.BOOKED)], off)

    assert (given_back.is_off, called_off.is_off) == (True, True)
    assert (given_back.is_sure, called_off.is_sure) == (False, False)


def test_a_session_that_changed_last_says_when():
    changed = replace(a_session(), sequence=3, changed_at=BEFORE + timedelta(days=2))
    [entry] = entries_of([a_booking(BookingState.BOOKED)], changed)

    assert entry.changed_at == BEFORE + timedelta(days=2)


NEXT = {
    BookingState.WAITING: [BookingState.OFFERED, BookingState.BOOKED, BookingState.CANCELLED],
    BookingState.OFFERED: [BookingState.BOOKED, BookingState.CANCELLED],
    BookingState.BOOKED: [BookingState.CANCELLED],
}


@given(st.data())
def test_whatever_happens_each_change_makes_the_event_newer(data: st.DataObject):
    session, now = a_session(), BEFORE
    history = [a_booking(data.draw(st.sampled_from(sorted(NEXT))))]
    [before] = entries_of(history, session)
    for _ in range(12):
        now += timedelta(minutes=1)
        last = history[-1]
        if data.draw(st.booleans()):
            session = replace(session, sequence=session.sequence + 1, changed_at=now)
        elif last.state is BookingState.CANCELLED:
            state = data.draw(st.sampled_from(sorted(NEXT)))
            history.append(a_booking(state, queue_no=last.queue_no + 3, changed_at=now))
        else:
            state = data.draw(st.sampled_from(NEXT[last.state]))
            history[-1] = replace(last, state=state, changed_at=now)

        [after] = entries_of(history, session)

        assert after.uid == before.uid
        assert after.sequence > before.sequence
        assert after.changed_at > before.changed_at
        before = after
