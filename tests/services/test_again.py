"""Who asked to hear when something runs again is told once, however many they are."""

import asyncio
from datetime import timedelta

import pytest

from learning.again import Want
from learning.errors import NotFound
from learning.notices import Kind
from learning.people import PersonId
from learning.sessions import Format, Session, SessionId
from services import again
from services.again import AgainService
from tests.services.desk import LONDON, RULES, Desk
from tests.support.builders import WEDNESDAY, details, person
from tests.support.clocks import MONDAY
from tests.support.databases import ON_SQLITE

ASHA, BO = PersonId("asha"), PersonId("bo")
AUTUMN = WEDNESDAY + timedelta(weeks=20)


def service(desk: Desk) -> AgainService:
    return AgainService(desk.work, desk.clock, desk.catalogue, quiet=RULES.quiet, zone=LONDON)


@pytest.fixture
async def past(desk: Desk) -> Session:
    """A session that is over; whoever asks about it does so at ten on Thursday."""
    [session] = await desk.publish(details("GM1", title="Growth mindset"))
    desk.clock.set(WEDNESDAY + timedelta(days=1))
    return session


async def ask(desk: Desk, session: Session, *names: str) -> None:
    for person_id in await desk.meet(*names):
        asked = await service(desk).ask(person_id, session.id)
        assert asked.is_kept


async def crowd(desk: Desk, session: Session, count: int) -> None:
    names = [f"p{number:05}" for number in range(count)]
    await desk.meet(*names)
    async with desk.work() as uow:
        for name in names:
            await uow.again.save(
                Want(
                    person_id=PersonId(name),
                    session_id=session.id,
                    asked_at=MONDAY,
                    known_upto=session.id,
                )
            )
        await uow.commit()


async def test_each_of_many_is_told_once_by_two_replicas_at_once(
    desk: Desk, other_desk: Desk, past: Session, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(again, "PAGE", 20)
    await crowd(desk, past, 90)
    [later] = await desk.publish(details("GM1", AUTUMN), edition="Autumn")
    other_desk.clock.set(desk.clock.now())

    await asyncio.gather(service(desk).queue(), service(other_desk).queue())
    after = await service(desk).queue()

    owed = await desk.owed(Kind.RUNS_AGAIN)
    assert sorted(str(n.person_id) for n in owed) == [f"p{number:05}" for number in range(90)]
    assert {n.session_id for n in owed} == {later.id}
    assert after == 0
    async with desk.work(read_only=True) as uow:
        assert await uow.again.waiting() == {}


async def test_nothing_is_told_where_nothing_new_is_ahead(desk: Desk, past: Session):
    await ask(desk, past, "asha")
    await desk.publish(
        details("XX1", AUTUMN),  # something else
        details("GM1", WEDNESDAY),  # over, too
        details("GM2", None, title="Growth mindset", format=Format.SELF_PACED),
        edition="Autumn",
    )

    assert await service(desk).queue() == 0
    assert await desk.owed(Kind.RUNS_AGAIN) == []


@ON_SQLITE
@pytest.mark.parametrize("title", ["GROWTH MINDSET", "Growth – mindset!", "“Growth mindset”"])
async def test_a_title_is_the_same_however_it_is_punctuated(desk: Desk, past: Session, title: str):
    await ask(desk, past, "asha")
    await desk.publish(details("ZZ9", AUTUMN, title=title), edition="Autumn")

    assert await service(desk).queue() == 1


@ON_SQLITE
async def test_the_same_code_in_the_same_edition_under_another_title_is_something_else(
    desk: Desk, past: Session
):
    await ask(desk, past, "asha")
    await desk.publish(details("GM2", AUTUMN, title="Growth"))

    assert await service(desk).queue() == 0


@ON_SQLITE
async def test_who_asked_twice_under_two_editions_is_told_once(desk: Desk, past: Session):
    [second] = await desk.publish(details("GM1", WEDNESDAY - timedelta(days=9)), edition="Before")
    await ask(desk, past, "asha")
    await ask(desk, second, "asha")
    await desk.publish(details("GM1", AUTUMN), edition="Autumn")

    await service(desk).queue()

    assert await desk.told(Kind.RUNS_AGAIN) == [ASHA]


@ON_SQLITE
async def test_quiet_hours_are_those_of_each_person(desk: Desk, past: Session):
    await desk.meet(person("asha", timezone="Asia/Kolkata"), person("bo"))
    for person_id in (ASHA, BO):
        await service(desk).ask(person_id, past.id)
    night = WEDNESDAY.replace(hour=16) + timedelta(days=1)  # 17:00 in London, 21:30 in Kolkata
    desk.clock.set(night)
    await desk.publish(details("GM1", AUTUMN), edition="Autumn")

    await service(desk).queue()

    assert {n.person_id: n.due_at for n in await desk.owed(Kind.RUNS_AGAIN)} == {
        ASHA: night.replace(hour=2) + timedelta(days=1),  # 07:30 there
        BO: night,
    }


@ON_SQLITE
async def test_only_what_was_published_after_they_asked_is_news(desk: Desk, past: Session):
    full = details("GM1", AUTUMN, capacity=1, waiting_list=False)
    [early] = await desk.publish(full, edition="Autumn")
    await desk.book(early, "bo")
    await ask(desk, past, "asha")  # that one is full, so there is something to wait for

    before = await service(desk).queue()
    await desk.publish(details("GM1", AUTUMN + timedelta(weeks=20)), edition="Spring")

    assert before == 0
    assert await service(desk).queue() == 1
    [told] = await desk.owed(Kind.RUNS_AGAIN)
    assert told.session_id is not None
    assert told.session_id != early.id
    runs = await service(desk).news(ASHA, past.id, told.session_id)
    assert [run.id for run in runs] == [told.session_id]


@ON_SQLITE
async def test_nobody_we_do_not_know_is_kept(desk: Desk, past: Session):
    with pytest.raises(NotFound):
        await service(desk).ask(PersonId("stranger"), past.id)
    with pytest.raises(NotFound):
        await service(desk).ask(ASHA, SessionId(999))
