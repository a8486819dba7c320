"""Adding, moving and taking off: every rule about places holds, whoever asks for it."""

import asyncio
from datetime import timedelta

import pytest

from learning.bookings import BookingState
from learning.errors import (
    AlreadyBooked,
    BookingClosed,
    Clash,
    LearningError,
    NoSuchBooking,
    NotFound,
    SessionFull,
)
from learning.notices import Kind
from learning.people import Person, PersonId
from learning.profiles import Profile
from services.places import Places
from services.ports.journal import Entry, What
from services.ports.systems import Unavailable
from services.rosters import Rosters
from tests.services.desk import LONDON, RULES, Desk
from tests.support.builders import WEDNESDAY, details, person
from tests.support.databases import ON_SQLITE
from tests.support.outside_people import FakeColleagues

ORLA, ASHA, BO, CY, DI = (PersonId(name) for name in ("orla", "asha", "bo", "cy", "di"))
NEVER_MET = Person(id=PersonId("ed"), name="Ed", email="ed@example.org")
LATER = WEDNESDAY + timedelta(hours=3)


@pytest.fixture
def colleagues() -> FakeColleagues:
    return FakeColleagues(people=[NEVER_MET])


@pytest.fixture
async def rosters(desk: Desk, colleagues: FakeColleagues) -> Rosters:
    await desk.meet("orla")
    return a_rosters(desk, colleagues)


def a_rosters(desk: Desk, colleagues: FakeColleagues) -> Rosters:
    return Rosters(desk.work, desk.clock, Places(RULES, LONDON), colleagues)


async def journal(desk: Desk) -> list[Entry]:
    async with desk.work(read_only=True) as uow:
        return await uow.journal.latest(50)


async def test_who_is_added_has_a_place_and_is_told_and_the_journal_says_who_did_it(
    desk: Desk, rosters: Rosters
):
    [session] = await desk.publish(details())
    await desk.meet("asha")

    placing = await rosters.add(session.id, ASHA, by=ORLA)

    assert (placing.booking.state, placing.booking.source) == (BookingState.BOOKED, "desk")
    assert await desk.told(Kind.ADDED) == [ASHA]
    assert (await desk.nudged())[ASHA] == 3
    assert await journal(desk) == [
        Entry(
            at=desk.clock.now(),
            by_id=ORLA,
            what=What.PERSON_ADDED,
            subject="GM1 Session GM1",
            session_id=session.id,
            person_id=ASHA,
            after={"place": "booked"},
        )
    ]


@ON_SQLITE
async def test_adding_somebody_twice_changes_nothing(desk: Desk, rosters: Rosters):
    [session] = await desk.publish(details())
    await desk.meet("asha")
    await rosters.add(session.id, ASHA, by=ORLA)
    desk.clock.advance(timedelta(seconds=1))

    again = await rosters.add(session.id, ASHA, by=ORLA)

    assert not again.is_new
    assert await desk.told(Kind.ADDED) == [ASHA]
    assert len(await journal(desk)) == 1


async def test_a_full_session_takes_nobody_more_but_on_its_waiting_list(
    desk: Desk, rosters: Rosters
):
    [session] = await desk.publish(details(capacity=1))
    await desk.book(session, "asha", "bo")
    await desk.meet("cy")

    with pytest.raises(SessionFull):
        await rosters.add(session.id, CY, by=ORLA)
    assert await desk.stands(session) == {"asha": "booked", "bo": "waiting"}
    placing = await rosters.add(session.id, CY, by=ORLA, may_wait=True)

    assert (placing.booking.state, placing.position) == (BookingState.WAITING, 2)
    assert (await journal(desk))[0].after == {"place": "waiting"}


@ON_SQLITE
async def test_a_clash_is_the_organiser_s_to_decide(desk: Desk, rosters: Rosters):
    one, other = await desk.publish(details("GM1"), details("DA1"))
    await desk.book(one, "asha")

    with pytest.raises(Clash) as refused:
        await rosters.add(other.id, ASHA, by=ORLA)
    assert refused.value.other_ids == (one.id,)
    await rosters.add(other.id, ASHA, by=ORLA, despite_clash=True)

    assert await desk.stands(other) == {"asha": "booked"}


@ON_SQLITE
async def test_somebody_from_the_directory_becomes_known_by_it(desk: Desk, rosters: Rosters):
    [session] = await desk.publish(details())

    assert (await rosters.search("ed")).people == (NEVER_MET,)
    await rosters.add(session.id, NEVER_MET.id, by=ORLA)

    assert await desk.people.find(NEVER_MET.id) == NEVER_MET
    assert await desk.told(Kind.PROFILES) == [NEVER_MET.id]
    [told] = await desk.owed(Kind.ADDED)
    assert told.payload == {"service_url": "https://smba.example.org/", "tenant_id": ""}
    with pytest.raises(NotFound):
        await rosters.add(session.id, PersonId("nobody"), by=ORLA)


@ON_SQLITE
async def test_without_the_directory_those_we_know_are_found(
    desk: Desk, rosters: Rosters, colleagues: FakeColleagues
):
    colleagues.people.append(person("asha"))
    await desk.meet("asha", "bo")
    assert [p.id for p in (await rosters.search(" ASHA ")).people] == [ASHA]

    colleagues.trouble = Unavailable("Graph: 503")
    found = await rosters.search("sha")

    assert ([p.id for p in found.people], found.is_whole) == ([ASHA], False)
    assert (await rosters.search("  ")).people == ()


@ON_SQLITE
async def test_nobody_who_asked_to_be_forgotten_can_be_added(desk: Desk, rosters: Rosters):
    one, other = await desk.publish(details("GM1"), details("GM2", LATER))
    await desk.book(one, "asha")
    desk.clock.set(WEDNESDAY + timedelta(hours=1))
    await desk.people.forget(ASHA)
    [gone] = await desk.bookings_of(one)

    with pytest.raises(NotFound):
        await rosters.add(other.id, gone.person_id, by=ORLA)


async def test_moving_somebody_gives_their_place_to_the_next_and_tells_them_once(
    desk: Desk, rosters: Rosters
):
    one, other = await desk.publish(details("GM1", capacity=1), details("GM2", LATER))
    await desk.book(one, "asha", "bo")

    placing = await rosters.move(ASHA, one.id, other.id, by=ORLA)

    assert (placing.session.id, placing.booking.state) == (other.id, BookingState.BOOKED)
    assert await desk.stands(one) == {"bo": "booked"}
    assert await desk.stands(other) == {"asha": "booked"}
    assert await desk.told(Kind.MOVED) == [ASHA]
    assert await desk.told(Kind.PLACE_GIVEN) == [BO]
    assert {n.session_id for n in await desk.owed(Kind.NUDGE) if n.person_id == ASHA} == {other.id}
    [entry] = await journal(desk)
    assert (entry.what, entry.by_id, entry.person_id) == (What.PERSON_MOVED, ORLA, ASHA)
    assert entry.before == {"session": "GM1 Session GM1"}
    assert entry.after == {"session": "GM2 Session GM2"}


async def test_where_there_is_no_place_nobody_is_moved_and_nothing_is_given_back(
    desk: Desk, rosters: Rosters
):
    one, full = await desk.publish(details("GM1", capacity=1), details("GM2", LATER, capacity=1))
    await desk.book(one, "asha", "bo")
    await desk.book(full, "cy")

    with pytest.raises(SessionFull):
        await rosters.move(ASHA, one.id, full.id, by=ORLA)
    assert await desk.stands(one) == {"asha": "booked", "bo": "waiting"}
    assert await desk.owed(Kind.MOVED, Kind.PLACE_GIVEN) == []
    assert await journal(desk) == []

    placing = await rosters.move(ASHA, one.id, full.id, by=ORLA, may_wait=True)
    assert (placing.booking.state, placing.position) == (BookingState.WAITING, 1)
    assert await desk.stands(one) == {"bo": "booked"}
    [entry] = await journal(desk)
    assert (entry.before["place"], entry.after["place"]) == ("booked", "waiting")


@ON_SQLITE
async def test_moving_twice_changes_nothing_and_other_mistakes_are_refused(
    desk: Desk, rosters: Rosters
):
    one, other, third = await desk.publish(
        details("GM1"), details("GM2", LATER), details("GM3", LATER)
    )
    await desk.book(one, "asha", "bo")
    await desk.book(other, "bo")
    await rosters.move(ASHA, one.id, other.id, by=ORLA)

    assert not (await rosters.move(ASHA, one.id, other.id, by=ORLA)).is_new
    with pytest.raises(AlreadyBooked):
        await rosters.move(BO, one.id, other.id, by=ORLA)
    with pytest.raises(NoSuchBooking):
        await rosters.move(CY, one.id, other.id, by=ORLA)
    with pytest.raises(LearningError, match="another session"):
        await rosters.move(BO, one.id, one.id, by=ORLA)
    with pytest.raises(Clash):
        await rosters.move(BO, one.id, third.id, by=ORLA)
    assert await desk.stands(one) == {"bo": "booked"}
    assert len(await journal(desk)) == 1


@ON_SQLITE
async def test_what_one_leaves_is_no_clash_with_what_one_is_moved_to(desk: Desk, rosters: Rosters):
    one, other = await desk.publish(details("GM1"), details("GM2"))
    await desk.book(one, "asha")

    await rosters.move(ASHA, one.id, other.id, by=ORLA)

    assert await desk.stands(other) == {"asha": "booked"}


async def test_those_who_are_swapped_at_once_wait_for_each_other_only_a_moment(
    desk: Desk, other_desk: Desk, rosters: Rosters, colleagues: FakeColleagues
):
    one, other = await desk.publish(details("GM1"), details("GM2", LATER))
    here, there = [f"a{n}" for n in range(6)], [f"b{n}" for n in range(6)]
    await desk.book(one, *here)
    await desk.book(other, *there)
    elsewhere = a_rosters(other_desk, colleagues)

    async with asyncio.timeout(60):
        await asyncio.gather(
            *(rosters.move(PersonId(p), one.id, other.id, by=ORLA) for p in here),
            *(elsewhere.move(PersonId(p), other.id, one.id, by=ORLA) for p in there),
        )

    assert sorted(await desk.stands(one)) == there
    assert sorted(await desk.stands(other)) == here


async def test_the_last_place_is_given_once_whoever_gives_it(
    desk: Desk, other_desk: Desk, rosters: Rosters, colleagues: FakeColleagues
):
    one, full = await desk.publish(details("GM1"), details("GM2", LATER, capacity=1))
    await desk.book(one, "asha", "bo", "cy", "di")
    elsewhere = a_rosters(other_desk, colleagues)

    ended = await asyncio.gather(
        *(
            each.move(who, one.id, full.id, by=ORLA)
            for each, who in ((rosters, ASHA), (elsewhere, BO), (rosters, CY), (elsewhere, DI))
        ),
        return_exceptions=True,
    )

    assert sorted(type(e).__name__ for e in ended) == ["Placing", *["SessionFull"] * 3]
    assert len(await desk.stands(full)) == 1
    assert len(await desk.stands(one)) == 3


async def test_who_is_taken_off_is_told_and_the_next_in_line_has_the_place(
    desk: Desk, rosters: Rosters
):
    [session] = await desk.publish(details(capacity=1))
    await desk.book(session, "asha", "bo")

    assert await rosters.take_off(session.id, ASHA, by=ORLA)
    assert not await rosters.take_off(session.id, ASHA, by=ORLA)

    assert await desk.stands(session) == {"bo": "booked"}
    assert await desk.told(Kind.TAKEN_OFF) == [ASHA]
    assert await desk.told(Kind.PLACE_GIVEN) == [BO]
    [entry] = await journal(desk)
    assert (entry.what, entry.before, entry.after) == (
        What.PERSON_REMOVED,
        {"place": "booked"},
        {},
    )


@ON_SQLITE
async def test_after_the_start_nobody_is_moved_or_taken_off(desk: Desk, rosters: Rosters):
    one, other = await desk.publish(details("GM1"), details("GM2", LATER))
    await desk.book(one, "asha")
    desk.clock.set(WEDNESDAY)

    with pytest.raises(BookingClosed):
        await rosters.take_off(one.id, ASHA, by=ORLA)
    with pytest.raises(BookingClosed):
        await rosters.move(ASHA, one.id, other.id, by=ORLA)
    with pytest.raises(BookingClosed):
        await rosters.add(one.id, ORLA, by=ORLA)


async def test_the_roster_tells_who_stands_where_and_where_they_work(desk: Desk, rosters: Rosters):
    [session] = await desk.publish(details(capacity=1))
    await desk.book(session, "asha")
    await desk.book(session, "bo", "cy", source="plan")
    async with desk.work() as uow:
        works = Profile(
            person_id=ASHA, department="Housing", office="Depot", read_at=desk.clock.now()
        )
        await uow.profiles.save([works])
        await uow.commit()

    roster = await rosters.roster(session.id)

    assert [(a.person.id, a.profile, a.position) for a in roster.booked] == [(ASHA, works, 0)]
    assert [(a.person.id, a.position, a.booking.source) for a in roster.waiting] == [
        (BO, 1, "plan"),
        (CY, 2, "plan"),
    ]
    assert roster.find(CY) == roster.waiting[1]
