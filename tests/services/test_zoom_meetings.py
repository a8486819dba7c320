"""Each session's Zoom meeting follows it, and who has a place gets a link of their own."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from integrations.circuits import Circuit
from integrations.laptop import Asks
from integrations.laptop_zoom import LaptopZoom
from integrations.zoom import RATES
from integrations.zoom import Zoom as RealZoom
from integrations.zoom_tokens import ZoomApp
from learning.notices import Kind
from learning.people import FORGOTTEN, PersonId
from learning.sessions import Format, Session
from services import zoom_meetings
from services.addresses import Addresses
from services.ports.clocks import Clock
from services.ports.systems import Rejected, Unavailable
from services.ports.zoom import NotToday, Registrant, ZoomMeeting
from services.zoom_meetings import ZoomMeetings
from tests.services.desk import Desk
from tests.support.builders import WEDNESDAY, details, person
from tests.support.databases import ON_SQLITE, run_sql
from tests.support.troubles import DROPPED, FOREVER
from tests.support.zoom import ACCOUNT_ID, CLIENT_ID, HOST, SECRET, Meeting, Zoom

HOUR = timedelta(hours=1)
ASHA, BO, CY = PersonId("asha"), PersonId("bo"), PersonId("cy")
FAST = dict.fromkeys(RATES, 10_000.0)
ON_ZOOM = details(format=Format.ZOOM, capacity=2)


@dataclass(frozen=True, kw_only=True)
class Office:
    """The desk with Zoom beside it, which is spoken to over HTTP."""

    desk: Desk
    zoom: Zoom
    service: ZoomMeetings
    http: aiohttp.ClientSession

    async def up_to_date(self, session: Session) -> bool:
        return await self.service.bring_up_to_date(session.id)

    async def kept(self, session: Session) -> ZoomMeeting | None:
        async with self.desk.work(read_only=True) as uow:
            return await uow.zoom.find(session.id)

    async def registrants(self, session: Session) -> list[Registrant]:
        async with self.desk.work(read_only=True) as uow:
            return await uow.zoom.registrants(session.id)

    async def links(self, session: Session) -> dict[str, str]:
        """What each who has a place finds on their card."""
        standings = {
            b.person_id: await self.desk.bookings.standing(b.person_id, session.id)
            for b in await self.desk.bookings_of(session)
            if b.is_live
        }
        return {who: standing.session.link for who, standing in standings.items()}

    async def change(self, session: Session, **values: Any) -> None:
        """Change a session as an import does."""
        now = await self.desk.session(session)
        changed = replace(now, details=replace(now.details, **values), sequence=now.sequence + 1)
        async with self.desk.work() as uow:
            await uow.sessions.save(changed)
            await uow.commit()

    async def people(self, *names: str) -> None:
        await self.desk.meet(*(person(n, email=f"{n}@example.gov.uk") for n in names))


def a_service(desk: Desk, zoom: Zoom, http: aiohttp.ClientSession, clock: Clock) -> ZoomMeetings:
    app = ZoomApp(
        token_url=f"{zoom.url}/oauth/token",
        account_id=ACCOUNT_ID,
        client_id=CLIENT_ID,
        client_secret=SECRET,
    )
    ours = RealZoom(
        http, f"{zoom.url}/v2", app, Circuit("Zoom", clock), lambda: 0.0, host=HOST, rates=FAST
    )
    return ZoomMeetings(desk.work, ours, Addresses(desk.directory, desk.people), clock)


@pytest.fixture
async def office(desk: Desk) -> AsyncIterator[Office]:
    async with Zoom() as zoom, aiohttp.ClientSession() as http:
        service = a_service(desk, zoom, http, desk.clock)
        yield Office(desk=desk, zoom=zoom, service=service, http=http)


@pytest.fixture
async def session(office: Office) -> Session:
    """A session on Zoom with two places; Asha and Bo have them, Cy waits. All have addresses."""
    [session] = await office.desk.publish(ON_ZOOM)
    await office.people("asha", "bo", "cy")
    for who in (ASHA, BO, CY):
        await office.desk.bookings.book(who, session.id)
    return await office.desk.session(session)


def emails(meeting: Meeting) -> list[str]:
    return sorted(meeting.approved)


# --- making and changing it ----------------------------------------------------------------------


async def test_a_session_gets_one_meeting_and_who_has_a_place_a_link_of_their_own(
    office: Office, session: Session
):
    assert await office.up_to_date(session)

    [meeting] = office.zoom.meetings
    assert (meeting.topic, meeting.starts) == (session.title, session.starts_at)
    assert emails(meeting) == ["asha@example.gov.uk", "bo@example.gov.uk"]
    assert await office.links(session) == {
        "asha": meeting.approved["asha@example.gov.uk"].join_url,
        "bo": meeting.approved["bo@example.gov.uk"].join_url,
        "cy": "",
    }
    assert (await office.desk.session(session)).link == ""
    kept = await office.kept(session)
    assert kept == ZoomMeeting(
        session_id=session.id,
        meeting_id=str(meeting.id),
        mark=meeting.data["agenda"].split("\n")[0],
        sequence=session.sequence,
        roster_version=session.roster_version,
    )


async def test_doing_it_again_does_nothing(office: Office, session: Session):
    await office.up_to_date(session)
    asked = len(office.zoom.log)

    assert not await office.up_to_date(session)
    assert len(office.zoom.log) == asked


@ON_SQLITE
async def test_many_changes_are_folded_into_one(office: Office, session: Session):
    await office.up_to_date(session)
    await office.people("di")
    await office.desk.bookings.cancel(ASHA, session.id)
    await office.desk.bookings.cancel(BO, session.id)
    await office.desk.bookings.book(PersonId("di"), session.id)

    done = [await office.up_to_date(session) for _ in range(4)]

    assert done == [True, False, False, False]
    assert emails(office.zoom.meetings[0]) == ["cy@example.gov.uk", "di@example.gov.uk"]


@ON_SQLITE
async def test_a_changed_session_changes_its_meeting_and_links_stay_good(
    office: Office, session: Session
):
    await office.up_to_date(session)
    before = await office.links(session)
    await office.change(session, title="Mindset", starts_at=WEDNESDAY + HOUR)

    assert await office.up_to_date(session)

    [meeting] = office.zoom.meetings
    assert (meeting.topic, meeting.starts) == ("Mindset", WEDNESDAY + HOUR)
    assert await office.links(session) == before
    assert office.zoom.made("POST", "/registrants") == 2


@ON_SQLITE
async def test_a_place_that_is_given_back_ends_the_registration_and_the_next_gets_theirs(
    office: Office, session: Session
):
    await office.up_to_date(session)
    await office.desk.bookings.cancel(ASHA, session.id)

    assert await office.up_to_date(session)

    [meeting] = office.zoom.meetings
    assert emails(meeting) == ["bo@example.gov.uk", "cy@example.gov.uk"]
    assert (await office.desk.bookings.standing(ASHA, session.id)).session.link == ""
    assert (await office.links(session))["cy"] == meeting.approved["cy@example.gov.uk"].join_url


@ON_SQLITE
async def test_who_books_again_is_registered_again(office: Office, session: Session):
    await office.up_to_date(session)
    await office.desk.bookings.cancel(ASHA, session.id)
    await office.up_to_date(session)
    await office.desk.bookings.cancel(BO, session.id)
    await office.desk.bookings.book(ASHA, session.id)

    await office.up_to_date(session)

    assert emails(office.zoom.meetings[0]) == ["asha@example.gov.uk", "cy@example.gov.uk"]
    assert (await office.links(session))["asha"]


async def test_bookings_go_on_while_the_meeting_is_made(office: Office, other_desk: Desk):
    [session] = await office.desk.publish(details(format=Format.ZOOM, capacity=10))
    names = [f"p{n}" for n in range(20)]
    await office.people(*names)
    beside = a_service(other_desk, office.zoom, office.http, other_desk.clock)

    async def keep_up() -> None:
        for _ in range(6):
            await beside.bring_up_to_date(session.id)

    books = (office.desk.bookings.book(PersonId(n), session.id) for n in names)
    await asyncio.gather(keep_up(), *books)
    await beside.bring_up_to_date(session.id)

    booked = [b.person_id for b in await office.desk.bookings_of(session) if b.holds_a_place]
    [meeting] = office.zoom.meetings
    assert emails(meeting) == sorted(f"{p}@example.gov.uk" for p in booked)
    assert len(booked) == 10


# --- addresses and names -------------------------------------------------------------------------


@ON_SQLITE
async def test_addresses_are_looked_up_and_names_taken_apart(office: Office):
    [session] = await office.desk.publish(ON_ZOOM)
    rao = replace(person("asha"), name="Rao, Asha (Finance)")
    await office.desk.meet(rao, person("bo"))
    office.desk.directory.emails["asha"] = "asha@example.gov.uk"
    for who in (ASHA, BO):
        await office.desk.bookings.book(who, session.id)

    await office.up_to_date(session)

    [one] = office.zoom.meetings[0].approved.values()
    assert (one.email, one.first_name, one.last_name) == ("asha@example.gov.uk", "Asha", "Rao")
    assert await office.links(session) == {"asha": one.join_url, "bo": ""}


@ON_SQLITE
async def test_whom_zoom_refuses_does_not_keep_the_others_from_theirs(
    office: Office, session: Session
):
    async with office.desk.work() as uow:
        await uow.people.save(person("asha", email=HOST))
        await uow.commit()

    assert await office.up_to_date(session)
    assert not await office.up_to_date(session)

    assert emails(office.zoom.meetings[0]) == ["bo@example.gov.uk"]
    assert (await office.links(session))["asha"] == ""


@ON_SQLITE
async def test_where_nobody_is_accepted_it_is_not_taken_for_done(office: Office, session: Session):
    granted = office.zoom.scopes
    office.zoom.scopes = [s for s in granted if "registrant" not in s]
    with pytest.raises(Rejected, match="Zoom: 400 4711"):
        await office.up_to_date(session)
    office.zoom.scopes = granted
    office.zoom.expire()

    assert await office.up_to_date(session)

    assert len(office.zoom.meetings[0].approved) == 2


# --- when it is not wanted -----------------------------------------------------------------------


@ON_SQLITE
async def test_a_cancelled_session_removes_its_meeting_once(office: Office, session: Session):
    await office.up_to_date(session)
    await office.desk.programme.cancel_session(session.id)

    done = [await office.up_to_date(session) for _ in range(2)]

    assert (done, office.zoom.meetings) == ([True, False], [])
    assert await office.kept(session) == ZoomMeeting(session_id=session.id)
    assert await office.registrants(session) == []


@ON_SQLITE
async def test_a_session_that_leaves_zoom_and_comes_back_gets_a_new_meeting(
    office: Office, session: Session
):
    await office.up_to_date(session)
    first = office.zoom.meetings[0].id
    await office.change(session, format=Format.IN_PERSON)
    await office.up_to_date(session)
    between = (list(office.zoom.meetings), await office.links(session))
    await office.change(session, format=Format.ZOOM)

    assert await office.up_to_date(session)

    [meeting] = office.zoom.meetings
    assert between == ([], {"asha": "", "bo": "", "cy": ""})
    assert meeting.id != first
    assert emails(meeting) == ["asha@example.gov.uk", "bo@example.gov.uk"]
    assert str(meeting.id) in (await office.links(session))["asha"]


@ON_SQLITE
async def test_a_link_of_teams_is_not_shown_for_zoom(office: Office):
    [session] = await office.desk.publish(details(format=Format.TEAMS, link="https://x.example"))
    await office.people("asha")
    await office.desk.bookings.book(ASHA, session.id)
    await office.desk.meetings.bring_up_to_date(session.id)
    on_teams = (await office.links(session))["asha"]
    await office.change(session, format=Format.ZOOM, link="")

    at_once = (await office.links(session))["asha"]
    await office.desk.meetings.bring_up_to_date(session.id)

    assert on_teams.startswith("https://teams.example.org/")
    assert at_once == ""
    assert (await office.desk.session(session)).join_url == ""


@ON_SQLITE
@pytest.mark.parametrize("its_format", [Format.IN_PERSON, Format.TEAMS, Format.SELF_PACED])
async def test_other_sessions_have_no_meeting(office: Office, its_format: Format):
    [session] = await office.desk.publish(details(format=its_format))

    assert not await office.up_to_date(session)
    assert office.zoom.log == []


@ON_SQLITE
async def test_what_is_over_is_left_as_it_was(office: Office, session: Session):
    office.desk.clock.set(WEDNESDAY + 2 * HOUR)

    assert not await office.up_to_date(session)
    assert office.zoom.log == []


# --- when Zoom fails -----------------------------------------------------------------------------


async def test_a_meeting_whose_answer_was_lost_is_found_and_not_made_twice(
    office: Office, session: Session
):
    office.zoom.fail_next(DROPPED, method="POST", where="/users/", acted=True)
    with pytest.raises(Unavailable):
        await office.up_to_date(session)
    await office.change(session, title="Mindset")

    assert await office.up_to_date(session)

    [meeting] = office.zoom.all.values()
    assert meeting.topic == "Mindset"
    assert len(meeting.approved) == 2


@ON_SQLITE
async def test_a_meeting_that_was_never_made_is_looked_for_and_made(
    office: Office, session: Session
):
    office.zoom.fail_next(503, method="POST", where="/users/", times=2)
    for _ in range(2):
        with pytest.raises(Unavailable):
            await office.up_to_date(session)

    assert await office.up_to_date(session)

    assert len(office.zoom.all) == 1


@ON_SQLITE
async def test_a_meeting_whose_answer_was_lost_is_removed_with_its_session(
    office: Office, session: Session
):
    office.zoom.fail_next(504, method="POST", where="/users/", acted=True)
    with pytest.raises(Unavailable):
        await office.up_to_date(session)
    await office.desk.programme.cancel_session(session.id)

    assert await office.up_to_date(session)

    assert (office.zoom.meetings, len(office.zoom.all)) == ([], 1)


@ON_SQLITE
async def test_a_crash_after_the_meeting_was_made_makes_no_second_one(
    office: Office, session: Session
):
    """The row that would have said so was never written."""
    await office.up_to_date(session)
    await run_sql(office.desk.database, "UPDATE zoom_meetings SET meeting_id = ''")

    assert await office.up_to_date(session)

    assert len(office.zoom.all) == 1


async def test_a_registration_whose_answer_was_lost_is_looked_for(office: Office, session: Session):
    office.zoom.fail_next(DROPPED, method="POST", where="registrants", acted=True)
    with pytest.raises(Unavailable):
        await office.up_to_date(session)

    assert await office.up_to_date(session)

    [meeting] = office.zoom.meetings
    links = {email: r.join_url for email, r in meeting.approved.items()}
    found = await office.links(session)
    assert [found["asha"], found["bo"]] == [links[f"{n}@example.gov.uk"] for n in ("asha", "bo")]
    assert office.zoom.made("POST", "/registrants") == 2


@ON_SQLITE
async def test_a_lost_registration_of_who_left_meanwhile_is_cancelled(
    office: Office, session: Session
):
    office.zoom.fail_next(DROPPED, method="POST", where="registrants", acted=True)
    with pytest.raises(Unavailable):
        await office.up_to_date(session)
    await office.desk.bookings.cancel(ASHA, session.id)

    await office.up_to_date(session)

    assert emails(office.zoom.meetings[0]) == ["bo@example.gov.uk", "cy@example.gov.uk"]


@ON_SQLITE
@pytest.mark.parametrize("noticed_by", ["a change", "a booking"])
async def test_a_meeting_that_somebody_deleted_is_made_again_with_everybody(
    office: Office, session: Session, noticed_by: str
):
    await office.up_to_date(session)
    office.zoom.meetings[0].is_deleted = True
    before = await office.links(session)
    if noticed_by == "a change":
        await office.change(session, title="Mindset")
    else:
        await office.desk.bookings.cancel(BO, session.id)

    assert await office.up_to_date(session)

    [meeting] = office.zoom.meetings
    assert len(meeting.approved) == 2
    after = await office.links(session)
    assert after["asha"] == meeting.approved["asha@example.gov.uk"].join_url != before["asha"]


@ON_SQLITE
async def test_a_directory_that_is_down_is_waited_for(office: Office):
    [session] = await office.desk.publish(ON_ZOOM)
    await office.desk.book(session, "asha")
    office.desk.directory.trouble = Unavailable("Graph: 503")

    with pytest.raises(Unavailable):
        await office.up_to_date(session)

    assert (len(office.zoom.meetings), office.zoom.made("POST", "/registrants")) == (1, 0)


# --- what a day allows ---------------------------------------------------------------------------


async def test_no_more_are_made_than_a_day_allows_and_the_rest_follows(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(zoom_meetings, "MOST_A_DAY", 2)
    rows = [details(f"Z{n}", format=Format.ZOOM) for n in range(3)]
    sessions = await office.desk.publish(*rows)
    for each in sessions[:2]:
        await office.up_to_date(each)

    with pytest.raises(NotToday) as told:
        await office.up_to_date(sessions[2])
    today = len(office.zoom.all)
    office.desk.clock.advance(timedelta(days=1))
    await office.up_to_date(sessions[2])

    assert (today, len(office.zoom.all), told.value.retry_after) == (2, 3, 3600)


@ON_SQLITE
async def test_what_failed_does_not_use_up_what_a_day_allows(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(zoom_meetings, "MOST_A_DAY", 1)
    [session] = await office.desk.publish(ON_ZOOM)
    office.zoom.fail_next(503, method="POST", where="/users/", times=3)
    for _ in range(3):
        with pytest.raises(Unavailable, match="503"):
            await office.up_to_date(session)

    assert await office.up_to_date(session)


@ON_SQLITE
async def test_who_was_registered_too_often_today_waits_and_keeps_nobody_waiting(
    office: Office, session: Session
):
    office.zoom.enough_of.add("asha@example.gov.uk")
    with pytest.raises(NotToday) as told:
        await office.up_to_date(session)
    today = emails(office.zoom.meetings[0])
    office.zoom.midnight()

    assert await office.up_to_date(session)

    assert (today, told.value.retry_after) == (["bo@example.gov.uk"], 3600)
    assert emails(office.zoom.meetings[0]) == ["asha@example.gov.uk", "bo@example.gov.uk"]


# --- catching up ---------------------------------------------------------------------------------


async def test_what_is_not_as_its_session_is_is_looked_after(office: Office, session: Session):
    await run_sql(office.desk.database, "UPDATE outbox SET state = 'given_up'")
    first = await office.service.catch_up()
    again = [await office.service.catch_up() for _ in range(2)]
    owed = await office.desk.owed(Kind.ZOOM_MEETING)
    await run_sql(office.desk.database, "UPDATE outbox SET state = 'sent'")
    within_the_hour = await office.service.catch_up()
    still = await office.desk.owed(Kind.ZOOM_MEETING)
    await office.up_to_date(session)

    assert (first, again, len(owed), owed[0].session_id) == (1, [0, 0], 1, session.id)
    assert (within_the_hour, still) == (1, [])
    assert await office.service.catch_up() == 0


@ON_SQLITE
async def test_catching_up_leaves_alone_what_needs_nothing(office: Office, session: Session):
    await office.up_to_date(session)
    await office.desk.publish(details("IP1"), details("TE1", format=Format.TEAMS))
    past = details("PA1", starts_at=WEDNESDAY - timedelta(days=30), format=Format.ZOOM)
    await office.desk.publish(past)
    await run_sql(office.desk.database, "UPDATE outbox SET state = 'sent'")

    assert await office.service.catch_up() == 0
    await office.change(session, format=Format.IN_PERSON)
    assert await office.service.catch_up() == 1
    await office.up_to_date(session)
    assert await office.service.catch_up() == 0


# --- whose links and registrations they are ------------------------------------------------------


@ON_SQLITE
async def test_each_sees_their_own_link_wherever_their_bookings_are_shown(
    office: Office, session: Session
):
    await office.up_to_date(session)
    links = await office.links(session)

    mine = {who: (await office.desk.bookings.mine(who))[0].session.link for who in (ASHA, BO, CY)}
    stranger = await office.desk.bookings.standing(PersonId("di"), session.id)

    assert mine == links
    assert len({links["asha"], links["bo"]}) == 2
    assert stranger.session.link == ""


@ON_SQLITE
async def test_who_is_forgotten_is_taken_out_of_zoom_and_no_link_of_theirs_is_kept(
    office: Office, session: Session
):
    await office.up_to_date(session)
    before = (await office.desk.people.data_of(ASHA)).zoom
    await office.desk.people.forget(ASHA)
    kept = {r.person_id: r.join_url for r in await office.registrants(session)}

    assert await office.up_to_date(session)

    assert before == 1
    assert [who[: len(FORGOTTEN)] for who, url in kept.items() if not url] == [FORGOTTEN]
    assert emails(office.zoom.meetings[0]) == ["bo@example.gov.uk", "cy@example.gov.uk"]
    assert {r.person_id for r in await office.registrants(session)} == {"bo", "cy"}


@ON_SQLITE
async def test_who_is_forgotten_while_being_registered_leaves_nothing_behind(
    office: Office, session: Session
):
    office.zoom.fail_next(503, method="POST", where="/users/", times=FOREVER)
    with pytest.raises(Unavailable):
        await office.up_to_date(session)
    office.zoom.heal()
    office.desk.clock.advance(HOUR)
    registering = asyncio.create_task(office.up_to_date(session))
    await office.desk.people.forget(ASHA)
    await registering

    while await office.up_to_date(session):
        pass

    assert emails(office.zoom.meetings[0]) == ["bo@example.gov.uk", "cy@example.gov.uk"]
    assert "asha" not in {r.person_id for r in await office.registrants(session)}


async def test_a_month_after_a_session_nobodys_link_is_kept(office: Office, session: Session):
    await office.up_to_date(session)
    office.desk.clock.set(WEDNESDAY + HOUR + timedelta(days=30))
    early = await office.service.forget_old()
    office.desk.clock.advance(timedelta(minutes=1))

    assert (early, await office.service.forget_old()) == (0, 2)
    assert await office.registrants(session) == []
    assert await office.kept(session) is not None


@ON_SQLITE
async def test_on_one_machine_zoom_is_played(desk: Desk):
    asks = Asks(desk.clock)
    played = LaptopZoom(asks, "http://localhost:3978")
    service = ZoomMeetings(desk.work, played, Addresses(desk.directory, desk.people), desk.clock)
    [session] = await desk.publish(ON_ZOOM)
    await desk.meet(person("asha", email="asha@example.gov.uk"))
    await desk.bookings.book(ASHA, session.id)

    assert await service.bring_up_to_date(session.id)
    mine = (await desk.bookings.mine(ASHA))[0].session.link
    await desk.bookings.cancel(ASHA, session.id)
    assert await service.bring_up_to_date(session.id)
    await desk.programme.cancel_session(session.id)
    assert await service.bring_up_to_date(session.id)
    assert not await service.bring_up_to_date(session.id)

    assert mine.startswith("http://localhost:3978/laptop/zoom/learnweek-")
    said = [asked.what.split()[0] for asked in reversed(asks.newest)]
    assert said == ["make", "register", "cancel", "remove"]


@ON_SQLITE
async def test_nothing_is_kept_by_which_others_could_be_the_host(office: Office, session: Session):
    await office.up_to_date(session)

    async with office.desk.database.reading.connect() as db:
        raw = await db.get_raw_connection()
        dump = "\n".join([line async for line in raw.driver_connection.iterdump()])  # type: ignore[union-attr]

    assert "only-for-the-host" not in dump
    assert "/w/" in dump
