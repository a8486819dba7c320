"""Each session's calendar event follows it, whatever the calendar does meanwhile."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from learning.errors import NotFound
from learning.people import PersonId
from learning.sessions import Format, Session, SessionId
from services import meetings
from services.ports.storage import Meeting
from services.ports.systems import Rejected, Unavailable
from tests.services.desk import Desk
from tests.support.builders import WEDNESDAY, details, person
from tests.support.databases import ON_SQLITE, run_sql

HOUR = timedelta(hours=1)
LINK = "https://teams.example.org/event-1"


@pytest.fixture
async def session(desk: Desk) -> Session:
    """A Teams session with two places; Asha and Bo have them, Cy waits. All have addresses."""
    [session] = await desk.publish(details(format=Format.TEAMS, capacity=2))
    for name in ("asha", "bo", "cy"):
        await desk.meet(person(name, email=f"{name}@example.org"))
        await desk.bookings.book(PersonId(name), session.id)
    return await desk.session(session)


async def meeting(desk: Desk, session: Session) -> Meeting | None:
    async with desk.work(read_only=True) as uow:
        return await uow.meetings.find(session.id)


async def change(desk: Desk, session: Session, **values: Any) -> None:
    """Change a session as an import does."""
    now = await desk.session(session)
    changed = replace(now, details=replace(now.details, **values), sequence=now.sequence + 1)
    async with desk.work() as uow:
        await uow.sessions.save(changed)
        await uow.commit()


# --- making and changing it ------------------------------------------------------------------


async def test_a_session_gets_one_event_with_those_who_have_a_place(desk: Desk, session: Session):
    assert await desk.meetings.bring_up_to_date(session.id)

    [event] = desk.calendar.live
    assert event.invited == ("asha@example.org", "bo@example.org")
    assert event.session == session
    after = await desk.session(session)
    assert after == replace(session, join_url=LINK)
    assert after.link == LINK
    assert await meeting(desk, session) == Meeting(
        session_id=session.id,
        event_id="event-1",
        transaction=event.transaction,
        sequence=session.sequence,
        roster_version=session.roster_version,
    )


@ON_SQLITE
async def test_doing_it_again_does_nothing(desk: Desk, session: Session):
    await desk.meetings.bring_up_to_date(session.id)

    assert not await desk.meetings.bring_up_to_date(session.id)
    assert desk.calendar.asked == ["create"]


@ON_SQLITE
async def test_many_changes_are_folded_into_one(desk: Desk, session: Session):
    """However many notices are written, the first to be sent does the work of all."""
    await desk.meetings.bring_up_to_date(session.id)
    for name in ("di", "ed", "flo"):
        await desk.meet(person(name, email=f"{name}@example.org"))
    await desk.bookings.cancel(PersonId("asha"), session.id)
    await desk.bookings.cancel(PersonId("bo"), session.id)
    for name in ("di", "ed", "flo"):
        await desk.bookings.book(PersonId(name), session.id)

    done = [await desk.meetings.bring_up_to_date(session.id) for _ in range(5)]

    assert done == [True, False, False, False, False]
    assert desk.calendar.asked == ["create", "invite"]
    assert desk.calendar.live[0].invited == ("cy@example.org", "di@example.org")


@ON_SQLITE
async def test_a_changed_session_changes_its_event(desk: Desk, session: Session):
    await desk.meetings.bring_up_to_date(session.id)
    await change(desk, session, title="Mindset", starts_at=WEDNESDAY + HOUR)

    assert await desk.meetings.bring_up_to_date(session.id)

    [event] = desk.calendar.live
    assert (event.session.title, event.session.starts_at) == ("Mindset", WEDNESDAY + HOUR)
    assert event.invited == ("asha@example.org", "bo@example.org")
    assert desk.calendar.asked == ["create", "change"]


@ON_SQLITE
async def test_making_the_event_does_not_undo_a_booking_that_came_meanwhile(
    desk: Desk, session: Session
):
    desk.calendar.meanwhile = lambda: desk.bookings.cancel(PersonId("asha"), session.id)

    await desk.meetings.bring_up_to_date(session.id)

    assert await desk.stands(session) == {"bo": "booked", "cy": "booked"}
    assert await desk.meetings.bring_up_to_date(session.id)
    assert desk.calendar.live[0].invited == ("bo@example.org", "cy@example.org")


async def test_bookings_go_on_while_the_event_is_made(desk: Desk, other_desk: Desk):
    [session] = await desk.publish(details(format=Format.TEAMS, capacity=10))
    crowd = await desk.meet(*(person(f"p{n}", email=f"p{n}@example.org") for n in range(20)))

    async def keep_up() -> None:
        for _ in range(6):
            await other_desk.meetings.bring_up_to_date(session.id)

    await asyncio.gather(keep_up(), *(desk.bookings.book(p, session.id) for p in crowd))
    await other_desk.meetings.bring_up_to_date(session.id)

    booked = [b.person_id for b in await desk.bookings_of(session) if b.holds_a_place]
    [event] = other_desk.calendar.live
    assert event.invited == tuple(f"{p}@example.org" for p in booked)
    assert len(booked) == 10


# --- addresses -------------------------------------------------------------------------------


@ON_SQLITE
async def test_addresses_are_looked_up_where_unknown_and_remembered(desk: Desk):
    [session] = await desk.publish(details(format=Format.TEAMS))
    await desk.book(session, "asha", "nobody knows")
    desk.directory.emails["asha"] = "asha@example.org"

    await desk.meetings.bring_up_to_date(session.id)

    asha = await desk.people.find(PersonId("asha"))
    assert asha is not None
    assert asha.email == "asha@example.org"
    assert desk.calendar.live[0].invited == ("asha@example.org",)
    assert desk.directory.asked == 2


@ON_SQLITE
async def test_who_has_no_mailbox_does_not_keep_the_others_from_theirs(
    desk: Desk, session: Session
):
    async with desk.work() as uow:
        await uow.people.save(person("asha"))
        await uow.commit()
    desk.directory.trouble = Rejected("Graph: 404")

    await desk.meetings.bring_up_to_date(session.id)

    assert desk.calendar.live[0].invited == ("bo@example.org",)


@ON_SQLITE
async def test_a_directory_that_is_down_is_waited_for(desk: Desk):
    [session] = await desk.publish(details(format=Format.TEAMS))
    await desk.book(session, "asha")
    desk.directory.trouble = Unavailable("Graph: 503")

    with pytest.raises(Unavailable):
        await desk.meetings.bring_up_to_date(session.id)

    assert desk.calendar.asked == []


@ON_SQLITE
async def test_no_more_are_invited_than_one_event_takes(
    desk: Desk, session: Session, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(meetings, "MOST_ATTENDEES", 1)

    await desk.meetings.bring_up_to_date(session.id)

    assert desk.calendar.live[0].invited == ("asha@example.org",)


# --- when it is not wanted -------------------------------------------------------------------


@ON_SQLITE
async def test_a_cancelled_session_cancels_its_event_once(desk: Desk, session: Session):
    await desk.meetings.bring_up_to_date(session.id)
    await desk.programme.cancel_session(session.id)

    done = [await desk.meetings.bring_up_to_date(session.id) for _ in range(2)]

    assert done == [True, False]
    assert desk.calendar.events["event-1"].is_cancelled
    assert await meeting(desk, session) == Meeting(session_id=session.id)


@ON_SQLITE
async def test_a_session_that_no_longer_takes_place_in_teams_cancels_its_event(
    desk: Desk, session: Session
):
    await desk.meetings.bring_up_to_date(session.id)
    await change(desk, session, format=Format.IN_PERSON)

    assert await desk.meetings.bring_up_to_date(session.id)

    assert desk.calendar.live == []


@ON_SQLITE
async def test_a_session_that_comes_back_to_teams_gets_a_new_event(desk: Desk, session: Session):
    for its_format in (Format.TEAMS, Format.IN_PERSON, Format.TEAMS):
        await change(desk, session, format=its_format)
        await desk.meetings.bring_up_to_date(session.id)

    assert list(desk.calendar.events) == ["event-1", "event-2"]
    [event] = desk.calendar.live
    assert event.invited == ("asha@example.org", "bo@example.org")
    assert (await desk.session(session)).join_url == "https://teams.example.org/event-2"


@ON_SQLITE
@pytest.mark.parametrize("its_format", [Format.IN_PERSON, Format.ZOOM, Format.SELF_PACED])
async def test_other_sessions_have_no_event(desk: Desk, its_format: Format):
    [session] = await desk.publish(details(format=its_format))

    assert not await desk.meetings.bring_up_to_date(session.id)
    assert desk.calendar.asked == []


@ON_SQLITE
async def test_what_is_over_is_left_as_it_was(desk: Desk, session: Session):
    desk.clock.set(WEDNESDAY + 2 * HOUR)

    assert not await desk.meetings.bring_up_to_date(session.id)
    assert desk.calendar.asked == []


@ON_SQLITE
async def test_a_session_that_is_not_there_is_not_found(desk: Desk):
    with pytest.raises(NotFound):
        await desk.meetings.bring_up_to_date(SessionId(99))


# --- when the calendar fails -----------------------------------------------------------------


@ON_SQLITE
@pytest.mark.parametrize("acts_all_the_same", [False, True])
async def test_an_unavailable_calendar_is_asked_again_and_makes_one_event(
    desk: Desk, session: Session, acts_all_the_same: bool
):
    troubles = desk.calendar.late_troubles if acts_all_the_same else desk.calendar.troubles
    troubles += [Unavailable("Graph: timeout"), Unavailable("Graph: 503")]

    for _ in range(2):
        with pytest.raises(Unavailable):
            await desk.meetings.bring_up_to_date(session.id)
    assert await desk.meetings.bring_up_to_date(session.id)

    assert list(desk.calendar.events) == ["event-1"]
    assert (await desk.session(session)).join_url == LINK


@ON_SQLITE
async def test_a_crash_after_the_event_was_made_makes_no_second_one(desk: Desk, session: Session):
    """The row that would have said so was never written."""
    await desk.meetings.bring_up_to_date(session.id)
    await run_sql(desk.database, "UPDATE meetings SET event_id = ''")

    assert await desk.meetings.bring_up_to_date(session.id)

    assert list(desk.calendar.events) == ["event-1"]


@ON_SQLITE
async def test_who_came_while_the_calendar_was_down_is_invited_with_the_others(
    desk: Desk, session: Session
):
    desk.calendar.late_troubles.append(Unavailable("Graph: timeout"))
    with pytest.raises(Unavailable):
        await desk.meetings.bring_up_to_date(session.id)
    await desk.bookings.cancel(PersonId("asha"), session.id)

    while await desk.meetings.bring_up_to_date(session.id):
        pass

    assert desk.calendar.live[0].invited == ("bo@example.org", "cy@example.org")


@ON_SQLITE
@pytest.mark.parametrize("what", ["change", "invite", "cancel"])
async def test_a_change_that_failed_is_made_up_for(desk: Desk, session: Session, what: str):
    await desk.meetings.bring_up_to_date(session.id)
    match what:
        case "change":
            await change(desk, session, title="Mindset")
        case "invite":
            await desk.bookings.cancel(PersonId("asha"), session.id)
        case _:
            await desk.programme.cancel_session(session.id)
    desk.calendar.troubles.append(Unavailable("Graph: 503"))

    with pytest.raises(Unavailable):
        await desk.meetings.bring_up_to_date(session.id)
    assert await desk.meetings.bring_up_to_date(session.id)

    assert desk.calendar.asked == ["create", what, what]
    assert not await desk.meetings.bring_up_to_date(session.id)


@ON_SQLITE
@pytest.mark.parametrize("what", ["change", "invite"])
async def test_an_event_that_somebody_deleted_is_made_again(
    desk: Desk, session: Session, what: str
):
    await desk.meetings.bring_up_to_date(session.id)
    desk.calendar.delete("event-1")
    if what == "change":
        await change(desk, session, title="Mindset")
    else:
        await desk.bookings.cancel(PersonId("asha"), session.id)

    assert await desk.meetings.bring_up_to_date(session.id)

    assert list(desk.calendar.events) == ["event-2"]
    assert (await desk.session(session)).join_url == "https://teams.example.org/event-2"
    assert not await desk.meetings.bring_up_to_date(session.id)


@ON_SQLITE
async def test_an_event_deleted_before_we_knew_of_it_is_made_under_another_name(
    desk: Desk, session: Session
):
    desk.calendar.late_troubles.append(Unavailable("Graph: timeout"))
    with pytest.raises(Unavailable):
        await desk.meetings.bring_up_to_date(session.id)
    desk.calendar.delete("event-1")

    assert await desk.meetings.bring_up_to_date(session.id)

    assert list(desk.calendar.events) == ["event-2"]


@ON_SQLITE
async def test_an_event_that_may_have_been_made_for_what_is_now_cancelled_does_not_stay(
    desk: Desk, session: Session
):
    desk.calendar.late_troubles.append(Unavailable("Graph: timeout"))
    with pytest.raises(Unavailable):
        await desk.meetings.bring_up_to_date(session.id)
    await desk.programme.cancel_session(session.id)

    await desk.meetings.bring_up_to_date(session.id)

    assert desk.calendar.live == []
    assert not await desk.meetings.bring_up_to_date(session.id)


@ON_SQLITE
async def test_nor_is_it_missed_when_somebody_deleted_it(desk: Desk, session: Session):
    desk.calendar.late_troubles.append(Unavailable("Graph: timeout"))
    with pytest.raises(Unavailable):
        await desk.meetings.bring_up_to_date(session.id)
    desk.calendar.delete("event-1")
    await desk.programme.cancel_session(session.id)

    await desk.meetings.bring_up_to_date(session.id)

    assert desk.calendar.live == []
    assert not await desk.meetings.bring_up_to_date(session.id)
