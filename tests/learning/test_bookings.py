"""Who gets a place, who waits, and whose turn it is when a place comes free."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning import bookings, errors
from learning.bookings import LIVE, Booking, BookingState
from learning.people import PersonId
from learning.sessions import Format, Session, SessionId, SessionState
from tests.support.values import ASHA, NINE, TEN, a_booking, a_session

BOOKED, OFFERED, WAITING, CANCELLED = (
    BookingState.BOOKED,
    BookingState.OFFERED,
    BookingState.WAITING,
    BookingState.CANCELLED,
)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("session", "state"),
    [
        (a_session(capacity=2, taken=0), BOOKED),
        (a_session(capacity=2, taken=1), BOOKED),
        (a_session(capacity=2, taken=2), WAITING),
        (a_session(capacity=2, taken=2, waiting=5), WAITING),
        # A place has come free, but it belongs to the one who waits.
        (a_session(capacity=2, taken=1, waiting=1), WAITING),
        (a_session(capacity=2, taken=1, waiting_list=False), BOOKED),
        # The capacity was lowered below those who are booked.
        (a_session(capacity=2, taken=5, kept=5), WAITING),
        (a_session(capacity=None, taken=5000), BOOKED),
    ],
)
def test_place_books_while_there_are_places_and_nobody_waits(session: Session, state: BookingState):
    placed = bookings.place(session, None, ASHA, NINE)

    assert placed.state is state


def test_place_notes_who_asked_when_where_and_in_which_turn():
    session = a_session(id=SessionId(7), next_no=12)

    placed = bookings.place(session, None, ASHA, NINE, source="channel")

    assert placed == Booking(
        session_id=SessionId(7),
        person_id=ASHA,
        state=BOOKED,
        queue_no=12,
        asked_at=NINE,
        changed_at=NINE,
        source="channel",
    )


@pytest.mark.parametrize("state", sorted(LIVE))
def test_place_refuses_a_second_booking_of_one_person(state: BookingState):
    with pytest.raises(errors.AlreadyBooked):
        bookings.place(a_session(), a_booking(state), ASHA, NINE)


@pytest.mark.parametrize(
    ("session", "now", "refusal"),
    [
        (a_session(capacity=2, taken=2, waiting_list=False), NINE, errors.SessionFull),
        (a_session(state=SessionState.CANCELLED), NINE, errors.SessionWithdrawn),
        (a_session(state=SessionState.CANCELLED), TEN, errors.SessionWithdrawn),
        (a_session(), TEN, errors.BookingClosed),
        (a_session(), TEN + DAY, errors.BookingClosed),
        (a_session(starts_at=None, format=Format.SELF_PACED), NINE, errors.NothingToBook),
    ],
)
def test_place_says_why_not(session: Session, now: datetime, refusal: type[errors.Refused]):
    with pytest.raises(refusal) as refused:
        bookings.place(session, None, ASHA, now)

    assert refused.value.session_id == session.id


def test_place_is_open_until_the_moment_of_the_start():
    placed = bookings.place(a_session(starts_at=TEN), None, ASHA, TEN - MINUTE)

    assert placed.state is BOOKED


@pytest.mark.parametrize("state", sorted(LIVE))
def test_give_back_cancels_whatever_is_live(state: BookingState):
    own = a_booking(state, id=4, asked_at=NINE - DAY, changed_at=NINE - DAY)

    given_back = bookings.give_back(a_session(), own, NINE)

    assert given_back == replace(own, state=CANCELLED, changed_at=NINE, offered_until=None)


@pytest.mark.parametrize("own", [None, a_booking(CANCELLED)])
def test_give_back_refuses_what_is_not_there(own: Booking | None):
    with pytest.raises(errors.NoSuchBooking):
        bookings.give_back(a_session(), own, NINE)


def test_give_back_refuses_once_the_session_has_started():
    with pytest.raises(errors.BookingClosed):
        bookings.give_back(a_session(starts_at=TEN), a_booking(), TEN)


def test_give_back_allows_clearing_up_after_a_cancelled_session():
    cancelled = a_session(starts_at=TEN, state=SessionState.CANCELLED)

    assert bookings.give_back(cancelled, a_booking(), TEN + DAY).state is CANCELLED


def test_accept_in_time_books():
    offer = a_booking(OFFERED, offered_until=NINE + MINUTE)

    accepted = bookings.accept(a_session(), offer, NINE)

    assert accepted == replace(offer, state=BOOKED, changed_at=NINE, offered_until=None)


def test_accept_twice_changes_nothing_the_second_time_even_after_the_start():
    accepted = bookings.accept(a_session(), a_booking(OFFERED), NINE)

    assert bookings.accept(a_session(), accepted, NINE + HOUR) is accepted


@pytest.mark.parametrize(
    "own",
    [
        None,
        a_booking(WAITING),
        a_booking(CANCELLED),
        a_booking(OFFERED, offered_until=NINE),
        a_booking(OFFERED, offered_until=NINE - MINUTE),
    ],
)
def test_accept_refuses_what_is_no_longer_held_for_them(own: Booking | None):
    with pytest.raises(errors.OfferGone):
        bookings.accept(a_session(), own, NINE)


@pytest.mark.parametrize(
    ("session", "refusal"),
    [
        (a_session(starts_at=NINE), errors.BookingClosed),
        (a_session(state=SessionState.CANCELLED), errors.SessionWithdrawn),
    ],
)
def test_accept_refuses_a_session_that_nobody_can_join_any_more(
    session: Session, refusal: type[errors.Refused]
):
    with pytest.raises(refusal):
        bookings.accept(session, a_booking(OFFERED, offered_until=TEN), NINE)


def test_lapse_takes_back_the_offers_whose_time_is_over_and_no_others():
    over = a_booking(OFFERED, id=1, offered_until=NINE - MINUTE)
    just_over = a_booking(OFFERED, id=2, offered_until=NINE)
    held = a_booking(OFFERED, id=3, offered_until=NINE + MINUTE)
    others = [a_booking(state, id=4) for state in (BOOKED, WAITING, CANCELLED)]

    lapsed = bookings.lapse([over, just_over, held, *others], NINE)

    assert lapsed == [
        replace(over, state=CANCELLED, changed_at=NINE, offered_until=None),
        replace(just_over, state=CANCELLED, changed_at=NINE, offered_until=None),
    ]


def a_queue(length: int) -> list[Booking]:
    return [
        a_booking(WAITING, person_id=PersonId(f"p{n}"), queue_no=n) for n in range(3, 3 + length)
    ]


def test_promote_books_at_once_when_the_start_is_more_than_a_day_away():
    first, second = a_queue(2)
    session = a_session(starts_at=NINE + DAY + MINUTE, capacity=5, taken=4, waiting=2)

    promoted = bookings.promote(session, [first, second], NINE)

    assert promoted == [replace(first, state=BOOKED, changed_at=NINE)]


@pytest.mark.parametrize(
    ("ahead", "held"),
    [
        (DAY, 4 * HOUR),
        (16 * HOUR, 4 * HOUR),
        (8 * HOUR, 2 * HOUR),
        (HOUR, 15 * MINUTE),
        (40 * MINUTE, 10 * MINUTE),
        (20 * MINUTE, 10 * MINUTE),
        (4 * MINUTE, 4 * MINUTE),
    ],
)
def test_promote_offers_a_place_nearer_the_start_and_holds_it_for_a_while_that_shrinks(
    ahead: timedelta, held: timedelta
):
    [first] = a_queue(1)
    session = a_session(starts_at=NINE + ahead, capacity=5, taken=4, waiting=1)

    promoted = bookings.promote(session, [first], NINE)

    assert promoted == [replace(first, state=OFFERED, changed_at=NINE, offered_until=NINE + held)]


@pytest.mark.parametrize(
    "session",
    [
        a_session(starts_at=NINE, capacity=None),
        a_session(starts_at=NINE - MINUTE, capacity=None),
        a_session(starts_at=None, capacity=None),
        a_session(state=SessionState.CANCELLED, capacity=None),
        a_session(capacity=5, taken=5),
        a_session(capacity=5, taken=7, kept=7),
    ],
)
def test_promote_gives_nothing_where_there_is_nothing_to_give(session: Session):
    assert bookings.promote(session, a_queue(2), NINE) == []


@pytest.mark.parametrize(
    ("places", "lucky"),
    [
        ({"capacity": 5, "taken": 4}, ["p3"]),
        ({"capacity": 5, "taken": 2}, ["p3", "p4", "p5"]),
        ({"capacity": 50, "taken": 2}, ["p3", "p4", "p5", "p6"]),
        ({"capacity": None, "taken": 2}, ["p3", "p4", "p5", "p6"]),
    ],
)
def test_promote_goes_down_the_queue_in_order(places: dict[str, Any], lucky: list[str]):
    promoted = bookings.promote(a_session(**places, waiting=4), a_queue(4), NINE)

    assert [b.person_id for b in promoted] == lucky


@given(st.timedeltas(min_value=timedelta(microseconds=1), max_value=bookings.BOOKED_AT_ONCE))
def test_an_offer_is_held_for_a_while_and_never_past_the_start(ahead: timedelta):
    held = bookings.hold(ahead)

    assert timedelta(0) < held <= ahead
    assert held <= bookings.LONGEST_HOLD
    assert held >= min(ahead, bookings.SHORTEST_HOLD)


@given(
    st.timedeltas(min_value=timedelta(0), max_value=bookings.BOOKED_AT_ONCE),
    st.timedeltas(min_value=timedelta(0), max_value=bookings.BOOKED_AT_ONCE),
)
def test_a_hold_is_no_longer_when_the_start_is_nearer(one: timedelta, other: timedelta):
    nearer, further = sorted([one, other])

    assert bookings.hold(nearer) <= bookings.hold(further)


@pytest.mark.parametrize(
    ("taken", "capacity", "kept"), [(15, 10, 15), (10, 10, 0), (3, 10, 0), (12, None, 0)]
)
def test_a_session_that_shrinks_keeps_everybody_who_has_a_place(
    taken: int, capacity: int | None, kept: int
):
    assert bookings.resized(a_session(taken=taken), capacity) == kept


@pytest.mark.parametrize(
    ("before", "after", "taken", "waiting", "next_no", "roster_version"),
    [
        (None, BOOKED, 6, 2, 9, 4),
        (None, WAITING, 5, 3, 9, 3),
        (WAITING, BOOKED, 6, 1, 8, 4),
        (WAITING, OFFERED, 6, 1, 8, 3),
        (OFFERED, BOOKED, 5, 2, 8, 4),
        (OFFERED, CANCELLED, 4, 2, 8, 3),
        (BOOKED, CANCELLED, 4, 2, 8, 4),
        (WAITING, CANCELLED, 5, 1, 8, 3),
        (BOOKED, BOOKED, 5, 2, 8, 3),
    ],
)
def test_counted_moves_each_counter_by_what_changed(
    before: BookingState | None,
    after: BookingState,
    taken: int,
    waiting: int,
    next_no: int,
    roster_version: int,
):
    session = a_session(capacity=9, taken=5, waiting=2, next_no=8, roster_version=3)

    assert bookings.counted(session, before, after) == replace(
        session, taken=taken, waiting=waiting, next_no=next_no, roster_version=roster_version
    )


def test_counted_lets_go_of_kept_places_one_by_one_and_for_good():
    shrunk = a_session(capacity=2, taken=4, kept=4)

    after_one = bookings.counted(shrunk, BOOKED, CANCELLED)
    after_all = bookings.counted(bookings.counted(after_one, BOOKED, CANCELLED), BOOKED, CANCELLED)

    assert (after_one.kept, after_all.kept) == (3, 1)
    assert after_all.places_left == 1


@dataclass(slots=True)
class Register:
    """One session with its bookings, worked as the product works it: whatever frees a place fills it."""

    session: Session
    now: datetime = NINE
    bookings: list[Booking] = field(default_factory=list)

    def of(self, person: PersonId) -> Booking | None:
        return next((b for b in self.bookings if b.person_id == person and b.is_live), None)

    def book(self, person: PersonId) -> None:
        self._store(None, bookings.place(self.session, self.of(person), person, self.now))

    def cancel(self, person: PersonId) -> None:
        own = self.of(person)
        self._store(own, bookings.give_back(self.session, own, self.now))

    def accept(self, person: PersonId) -> None:
        own = self.of(person)
        self._store(own, bookings.accept(self.session, own, self.now))

    def wait(self, span: timedelta) -> None:
        self.now += span
        for offer in list(self.bookings):
            for lapsed in bookings.lapse([offer], self.now):
                self._store(offer, lapsed)

    def resize(self, capacity: int | None) -> None:
        kept = bookings.resized(self.session, capacity)
        details = replace(self.session.details, capacity=capacity)
        self.session = replace(self.session, details=details, kept=kept)
        self._fill()

    def in_state(self, *states: BookingState) -> list[Booking]:
        return [b for b in self.bookings if b.state in states]

    def _store(self, before: Booking | None, after: Booking) -> None:
        if before is None:
            self.bookings.append(after)
        else:
            self.bookings[self.bookings.index(before)] = after
        self.session = bookings.counted(self.session, before and before.state, after.state)
        if not after.holds_a_place:
            self._fill()

    def _fill(self) -> None:
        waiting = sorted(self.in_state(WAITING), key=lambda b: b.queue_no)
        for before, after in zip(
            waiting, bookings.promote(self.session, waiting, self.now), strict=False
        ):
            self._store(before, after)


PEOPLE = st.sampled_from([PersonId(f"p{n}") for n in range(6)])
STEPS = st.one_of(
    st.tuples(st.sampled_from(["book", "book", "cancel", "accept"]), PEOPLE),
    st.tuples(st.just("wait"), st.sampled_from([MINUTE, 20 * MINUTE, 5 * HOUR])),
    st.tuples(st.just("resize"), st.one_of(st.none(), st.integers(1, 4))),
)


@given(
    steps=st.lists(STEPS, min_size=5, max_size=40),
    capacity=st.one_of(st.none(), st.integers(1, 3)),
    ahead=st.sampled_from([HOUR, DAY, DAY + 10 * HOUR, 30 * DAY]),
)
def test_whatever_people_do_no_place_is_given_twice_and_nobody_overtakes(
    steps: list[tuple[str, Any]], capacity: int | None, ahead: timedelta
):
    register = Register(a_session(capacity=capacity, starts_at=NINE + ahead))

    for step, value in steps:
        try:
            getattr(register, step)(value)
        except errors.Refused:
            continue
        session = register.session
        holding = register.in_state(BOOKED, OFFERED)
        waiting = register.in_state(WAITING)
        live = [b.person_id for b in register.bookings if b.is_live]

        assert (session.taken, session.waiting) == (len(holding), len(waiting))
        assert session.details.capacity is None or len(holding) <= max(
            session.details.capacity, session.kept
        )
        assert len(live) == len(set(live))
        assert len({b.queue_no for b in register.bookings}) == len(register.bookings)
        assert all(h.queue_no < w.queue_no for h in holding for w in waiting)
        if session.is_open(register.now):
            assert bookings.free_places(session, len(waiting)) == 0
        for offer in register.in_state(OFFERED):
            assert offer.offered_until is not None
            assert session.starts_at is not None
            assert register.now < offer.offered_until <= session.starts_at


def test_whoever_would_rather_not_wait_is_told_that_it_is_full():
    full = a_session(capacity=2, taken=2)

    with pytest.raises(errors.SessionFull):
        bookings.place(full, None, ASHA, NINE, may_wait=False)

    assert bookings.place(full, None, ASHA, NINE).state is WAITING
