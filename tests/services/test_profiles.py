"""People's details: read soon after somebody's first words and each weekend, once, and no more."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from learning.notices import Kind
from learning.people import Person, PersonId
from learning.profiles import Profile, ProfilePage
from services.people import Contact
from services.ports.systems import Rejected, Unavailable
from services.profiles import PAGE, ProfileService
from tests.services.desk import LONDON, Desk
from tests.support.builders import outbox
from tests.support.clocks import MONDAY
from tests.support.databases import ON_SQLITE
from tests.support.outside_people import FakeProfiles

SATURDAY = datetime(2026, 5, 23, 8, 0, tzinfo=UTC)
THIS_WEEKEND = ProfilePage(saturday=SATURDAY.date())
ASHA, BO = PersonId("asha"), PersonId("bo")


@pytest.fixture
def source() -> FakeProfiles:
    return FakeProfiles()


@pytest.fixture
def service(desk: Desk, source: FakeProfiles) -> ProfileService:
    return ProfileService(desk.work, source, desk.clock, zone=LONDON)


async def department(desk: Desk, person: PersonId) -> str | None:
    profile = (await desk.people.data_of(person)).profile
    return None if profile is None else profile.department


# --- newcomers ---------------------------------------------------------------------------------


async def test_who_writes_for_the_first_time_is_to_be_asked_about_once(desk: Desk):
    await desk.people.meet(Contact(person_id=ASHA, name="Asha"))
    await desk.people.meet(Contact(person_id=ASHA, name="Asha Ali"))
    await desk.people.meet(Contact(person_id=PersonId("29:guest")))

    [owed] = await desk.owed(Kind.PROFILES)
    assert owed.person_id == ASHA
    assert MONDAY < owed.due_at <= MONDAY + timedelta(minutes=10)


async def test_a_newcomer_and_the_others_are_asked_about_together(
    desk: Desk, service: ProfileService, source: FakeProfiles
):
    await desk.meet("asha", "bo", "cy")

    did = await asyncio.gather(*(service.read_newcomer(PersonId(p)) for p in ("bo", "asha", "cy")))

    assert sorted(did) == [False, False, True]
    assert source.asked == [["bo", "asha", "cy"]]
    assert await department(desk, ASHA) == "Policy"


@ON_SQLITE
async def test_no_more_are_asked_about_at_once_than_one_request_takes(
    desk: Desk, service: ProfileService, source: FakeProfiles
):
    await desk.meet(*(f"person {n:02}" for n in range(30)))

    await service.read_newcomer(PersonId("person 29"))

    assert [len(asked) for asked in source.asked] == [20]
    assert "person 29" in source.asked[0]


async def test_somebody_who_is_gone_by_then_is_not_asked_about(
    desk: Desk, service: ProfileService, source: FakeProfiles
):
    assert not await service.read_newcomer(ASHA)
    assert source.asked == []


# --- the weekend -------------------------------------------------------------------------------


async def test_on_working_days_nothing_is_written_and_at_the_weekend_once(
    desk: Desk, service: ProfileService
):
    await service.queue()
    on_monday = await desk.owed(Kind.PROFILES)
    desk.clock.set(SATURDAY)
    await service.queue()
    desk.clock.advance(timedelta(days=1))
    await service.queue()

    assert on_monday == []
    assert [ProfilePage.of(n) for n in await desk.owed(Kind.PROFILES)] == [THIS_WEEKEND]


async def test_at_the_weekend_everybody_is_asked_about_who_was_not_yet(
    desk: Desk, service: ProfileService, source: FakeProfiles
):
    await desk.meet("asha", "bo", "29:guest")
    await service.read_newcomer(ASHA)
    desk.clock.set(SATURDAY)
    source.department = "Parks"
    source.asked.clear()

    first = await service.refresh(THIS_WEEKEND)
    again = await service.refresh(THIS_WEEKEND)

    assert (first, again) == (True, False)
    assert source.asked == [["asha", "bo"]]
    assert await department(desk, ASHA) == "Parks"


@ON_SQLITE
async def test_many_people_are_asked_about_page_by_page(
    desk: Desk, service: ProfileService, source: FakeProfiles
):
    names = [f"person {n:03}" for n in range(PAGE + 5)]
    await desk.meet(*names)
    desk.clock.set(SATURDAY)

    await service.refresh(THIS_WEEKEND)
    [following] = await desk.owed(Kind.PROFILES)
    await service.refresh(ProfilePage.of(following))

    assert [name for asked in source.asked for name in asked] == names
    assert {len(asked) for asked in source.asked} == {20, 5}
    assert len(await outbox(desk.work)) == 1


async def test_who_was_not_told_of_is_asked_about_again_and_nobody_else(
    desk: Desk, service: ProfileService, source: FakeProfiles
):
    await desk.meet("asha", "bo")
    desk.clock.set(SATURDAY)
    source.shy = {"bo"}

    with pytest.raises(Unavailable) as raised:
        await service.refresh(THIS_WEEKEND)
    told = await department(desk, ASHA)
    source.shy.clear()
    await service.refresh(THIS_WEEKEND)

    assert raised.value.retry_after == 17
    assert told == "Policy"
    assert source.asked == [["asha", "bo"], ["bo"]]
    assert await department(desk, BO) == "Policy"


# --- not allowed, and off ----------------------------------------------------------------------


async def test_without_the_permission_it_is_asked_for_once_an_hour_and_nothing_else_breaks(
    desk: Desk, service: ProfileService, source: FakeProfiles
):
    await desk.meet("asha", "bo")
    source.troubles = [Rejected("Graph: 403")]

    with pytest.raises(Rejected):
        await service.read_newcomer(ASHA)
    meanwhile = await service.read_newcomer(BO), await service.refresh(THIS_WEEKEND)
    desk.clock.advance(timedelta(hours=1))
    granted = await service.read_newcomer(BO)

    assert meanwhile == (False, False)
    assert granted
    assert len(source.asked) == 2


async def test_where_nobody_can_be_asked_there_is_nothing_to_do(desk: Desk):
    off = ProfileService(desk.work, None, desk.clock, zone=LONDON)
    await desk.meet("asha")
    desk.clock.set(SATURDAY)

    await off.queue()

    assert await desk.owed(Kind.PROFILES) == []
    assert not await off.read_newcomer(ASHA)
    assert not await off.refresh(THIS_WEEKEND)


# --- my data, forget me ------------------------------------------------------------------------


async def test_forgetting_somebody_forgets_their_details_and_that_they_are_to_be_asked_about(
    desk: Desk, service: ProfileService
):
    await desk.people.meet(Contact(person_id=ASHA, name="Asha"))
    await service.read_newcomer(ASHA)
    before = await desk.people.data_of(ASHA)

    await desk.people.forget(ASHA)

    assert before.profile == Profile(person_id=ASHA, department="Policy", read_at=MONDAY)
    assert (await desk.people.data_of(ASHA)).profile is None
    assert await desk.owed(Kind.PROFILES) == []
    assert "asha" not in str(await outbox(desk.work))


async def test_who_comes_back_after_being_forgotten_is_asked_about_anew(desk: Desk):
    await desk.people.meet(Contact(person_id=ASHA, name="Asha"))
    await desk.people.forget(ASHA)

    await desk.people.meet(Contact(person_id=ASHA, name="Asha"))

    assert [n.person_id for n in await desk.owed(Kind.PROFILES)] == [ASHA]


async def test_somebody_without_details_has_none_among_their_data(desk: Desk):
    await desk.meet(Person(id=ASHA, name="Asha"))

    assert (await desk.people.data_of(ASHA)).profile is None
