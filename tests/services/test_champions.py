"""Champions: naming, tags that stay, whom they brought, and cards that are written once."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from learning import sources
from learning.errors import LearningError
from learning.notices import Kind
from learning.people import Person, PersonId
from learning.sessions import Session, SessionId
from services.champions import ChampionService
from services.ports.journal import Entry, What
from tests.services.desk import LONDON, RULES, Desk
from tests.support.builders import WEDNESDAY, details, person
from tests.support.databases import ON_SQLITE

ASHA, BO, CY, ORLA = (PersonId(name) for name in ("asha", "bo", "cy", "orla"))
FRIDAY = datetime(2026, 5, 15, 9, 0, tzinfo=UTC)
HALF_PAST_NINE = datetime(2026, 5, 18, 8, 30, tzinfo=UTC)


@pytest.fixture
async def champions(desk: Desk) -> ChampionService:
    desk.clock.set(FRIDAY)
    await desk.meet("asha", "bo", "cy", "orla")
    return a_service(desk)


def a_service(desk: Desk) -> ChampionService:
    return ChampionService(desk.work, desk.clock, desk.catalogue, zone=LONDON, quiet=RULES.quiet)


async def the_tag(champions: ChampionService, who: PersonId, session: Session) -> str:
    _, tag = await champions.share(who, session.id)
    return tag


async def test_naming_is_told_and_noted_in_the_same_step(desk: Desk, champions: ChampionService):
    named = await champions.name(person("asha"), " Housing ", by=ORLA)

    assert named == ("Housing", True)
    assert await desk.told(Kind.CHAMPION_NAMED) == [ASHA]
    async with desk.work(read_only=True) as uow:
        assert await uow.journal.latest(5) == [
            Entry(
                at=FRIDAY,
                by_id=ORLA,
                what=What.CHAMPION_NAMED,
                subject="Housing",
                person_id=ASHA,
            )
        ]


async def test_named_at_the_same_time_by_two_somebody_is_told_once(
    desk: Desk, other_desk: Desk, champions: ChampionService
):
    other_desk.clock.set(FRIDAY + timedelta(seconds=1))
    both = (champions, a_service(other_desk))

    named = await asyncio.gather(*(c.name(person("asha"), "Housing", by=ORLA) for c in both))

    assert sorted(is_new for _, is_new in named) == [False, True]
    assert await desk.told(Kind.CHAMPION_NAMED) == [ASHA]


@ON_SQLITE
async def test_somebody_from_the_directory_becomes_known(desk: Desk, champions: ChampionService):
    await champions.name(Person(id=PersonId("ed"), name="Ed"), "Housing", by=ORLA)

    known = await desk.people.find(PersonId("ed"))
    assert known is not None
    assert known.name == "Ed"
    [notice] = await desk.owed(Kind.CHAMPION_NAMED)
    assert notice.payload["near"]["service_url"]
    assert await desk.told(Kind.PROFILES) == [PersonId("ed")]


async def test_a_tag_stays_the_same_however_often_and_wherever_it_is_asked_for(
    desk: Desk, other_desk: Desk, champions: ChampionService
):
    sessions = await desk.publish(details(), details("MC1"))
    other_desk.clock.set(FRIDAY)
    await champions.name(person("asha"), "Housing", by=ORLA)
    both = (champions, a_service(other_desk))

    found: list[Mapping[SessionId, str]] = await asyncio.gather(
        *(c.tags(ASHA, sessions) for c in both * 3)
    )
    shared = [await the_tag(champions, ASHA, s) for s in sessions]

    assert all(list(each.values()) == shared for each in found)
    assert len(set(shared)) == 2


@ON_SQLITE
async def test_who_is_no_champion_has_no_tags_and_leaves_none(
    desk: Desk, champions: ChampionService
):
    [session] = await desk.publish(details())

    assert await champions.tags(BO, [session]) == {}
    for refused in (
        champions.share(BO, session.id),
        champions.posts(BO),
        champions.promotion(BO),
    ):
        with pytest.raises(LearningError, match="Only champions"):
            await refused
    async with desk.work(read_only=True) as uow:
        assert await uow.champions.shares_of(BO) == []


@ON_SQLITE
async def test_what_is_over_is_neither_shared_nor_given_a_tag(
    desk: Desk, champions: ChampionService
):
    [session] = await desk.publish(details())
    await champions.name(person("asha"), "Housing", by=ORLA)
    desk.clock.set(WEDNESDAY)

    assert await champions.tags(ASHA, [session]) == {}
    with pytest.raises(LearningError, match="can no longer be booked"):
        await champions.share(ASHA, session.id)


async def test_only_a_tag_of_this_session_stays_with_a_booking(
    desk: Desk, champions: ChampionService
):
    growth, mentoring = await desk.publish(
        details(), details("MC1", WEDNESDAY + timedelta(hours=3))
    )
    await champions.name(person("asha"), "Housing", by=ORLA)
    tag = await the_tag(champions, ASHA, growth)

    for who, session, source in (
        (BO, growth, sources.of_champion(tag)),
        (BO, mentoring, sources.of_champion(tag)),
        (CY, growth, sources.of_champion("zzzzzzz9")),
    ):
        await desk.bookings.book(who, session.id, source=source, beside="hub")

    kept = [[b.source for b in await desk.bookings_of(s)] for s in (growth, mentoring)]
    assert kept == [[f"champion:{tag}", "hub"], ["hub"]]
    assert (await champions.posts(ASHA)).brought == 1


@ON_SQLITE
async def test_what_brought_people_in_another_edition_is_not_counted_now(
    desk: Desk, champions: ChampionService
):
    [session] = await desk.publish(details())
    await champions.name(person("asha"), "Housing", by=ORLA)
    tag = await the_tag(champions, ASHA, session)
    await desk.bookings.book(BO, session.id, source=sources.of_champion(tag))
    desk.clock.set(WEDNESDAY + timedelta(days=100))
    assert (await champions.posts(ASHA)).brought == 1

    await desk.publish(details(starts_at=WEDNESDAY + timedelta(days=180)), edition="Autumn")

    assert (await champions.posts(ASHA)).brought == 0
    assert (await champions.posts(ASHA)).sessions == ()


async def test_a_card_is_written_once_however_many_replicas_look_and_how_often(
    desk: Desk, other_desk: Desk, champions: ChampionService
):
    await desk.publish(details())
    await champions.name(person("asha"), "Housing", by=ORLA)
    await champions.name(person("asha"), "Carers", by=ORLA)
    desk.clock.set(HALF_PAST_NINE)
    other_desk.clock.set(HALF_PAST_NINE + timedelta(minutes=5))

    for _ in range(2):
        await asyncio.gather(champions.queue_cards(), a_service(other_desk).queue_cards())
    desk.clock.set(HALF_PAST_NINE + timedelta(days=1))
    await champions.queue_cards()

    assert await desk.told(Kind.CHAMPION_CARD) == [ASHA]


@ON_SQLITE
@pytest.mark.parametrize(
    ("who", "named_at", "starts", "at"),
    [
        (person("bo", wants_nudges=False), FRIDAY, WEDNESDAY, HALF_PAST_NINE),
        (person("bo", unreachable="ConversationBlockedByUser"), FRIDAY, WEDNESDAY, HALF_PAST_NINE),
        (person("bo", address=None), FRIDAY, WEDNESDAY, HALF_PAST_NINE),
        (person("bo"), HALF_PAST_NINE - timedelta(hours=1), WEDNESDAY, HALF_PAST_NINE),
        (person("bo"), FRIDAY, WEDNESDAY + timedelta(weeks=9), HALF_PAST_NINE),
        (person("bo"), FRIDAY, WEDNESDAY, HALF_PAST_NINE - timedelta(minutes=1)),
        (person("bo"), FRIDAY, WEDNESDAY, HALF_PAST_NINE + timedelta(hours=3)),
        (person("bo", timezone="America/New_York"), FRIDAY, WEDNESDAY, HALF_PAST_NINE),
    ],
)
async def test_no_card_is_written(
    desk: Desk,
    champions: ChampionService,
    who: Person,
    named_at: datetime,
    starts: datetime,
    at: datetime,
):
    await desk.publish(details(starts_at=starts))
    await desk.meet(who)
    desk.clock.set(named_at)
    await champions.name(who, "Housing", by=ORLA)
    desk.clock.set(at)

    await champions.queue_cards()

    assert await desk.owed(Kind.CHAMPION_CARD) == []


@ON_SQLITE
async def test_each_gets_the_card_in_the_morning_where_they_are(
    desk: Desk, champions: ChampionService
):
    await desk.publish(details())
    await desk.meet(person("bo", timezone="America/New_York"))
    for name in ("asha", "bo"):
        await champions.name(person(name), "Housing", by=ORLA)

    desk.clock.set(HALF_PAST_NINE)
    await champions.queue_cards()
    assert await desk.told(Kind.CHAMPION_CARD) == [ASHA]

    desk.clock.set(HALF_PAST_NINE + timedelta(hours=5))
    await champions.queue_cards()
    assert await desk.told(Kind.CHAMPION_CARD) == [ASHA, BO]


@ON_SQLITE
async def test_a_champion_who_is_forgotten_leaves_counts_and_no_name(
    desk: Desk, champions: ChampionService
):
    [session] = await desk.publish(details())
    await champions.name(person("asha"), "Housing", by=ORLA)
    tag = await the_tag(champions, ASHA, session)
    await desk.bookings.book(BO, session.id, source=sources.of_champion(tag))

    await desk.people.forget(ASHA)

    assert await champions.overview() == []
    async with desk.work(read_only=True) as uow:
        share = await uow.champions.share(tag)
        assert share is not None
        assert share.person_id.startswith("forgotten:")
        assert await uow.champions.brought([share]) == {tag: frozenset({BO})}
