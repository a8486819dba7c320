"""That what people asked to hear of is kept, found page by page, told once, and forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest

from learning.again import Want
from learning.people import PersonId
from learning.sessions import Session, SessionId
from store.unit_of_work import SqlWork
from tests.support.builders import details, publish
from tests.support.clocks import MONDAY

ASHA, BO, CY = PersonId("asha"), PersonId("bo"), PersonId("cy")
HOUR = timedelta(hours=1)


@pytest.fixture
async def two(work: SqlWork) -> list[Session]:
    return await publish(work, details("GM1"), details("MC1"))


def want(person_id: PersonId, session: Session, known_upto: int = 2) -> Want:
    return Want(
        person_id=person_id,
        session_id=session.id,
        asked_at=MONDAY,
        known_upto=SessionId(known_upto),
    )


async def keep(work: SqlWork, *wants: Want) -> None:
    async with work() as uow:
        for each in wants:
            await uow.again.save(each)
        await uow.commit()


async def test_a_want_comes_back_as_it_was_and_asking_again_begins_anew(
    work: SqlWork, two: list[Session]
):
    first = want(ASHA, two[0])
    await keep(work, first)
    async with work() as uow:
        assert await uow.again.find(ASHA, two[0].id) == first
        await uow.again.told([first], MONDAY + HOUR)
        assert await uow.again.find(ASHA, two[0].id) == replace(first, told_at=MONDAY + HOUR)
        await uow.commit()

    anew = replace(first, asked_at=MONDAY + 2 * HOUR, known_upto=SessionId(9))
    await keep(work, anew)

    async with work(read_only=True) as uow:
        assert await uow.again.find(ASHA, two[0].id) == anew
        assert await uow.again.find(BO, two[0].id) is None


async def test_who_waits_is_found_in_pages_and_only_who_has_not_heard(
    work: SqlWork, two: list[Session]
):
    gm1, mc1 = two
    wants = [want(ASHA, gm1), want(BO, gm1, 1), want(CY, gm1, 7), want(ASHA, mc1, 5)]
    await keep(work, *wants)

    async with work() as uow:
        assert await uow.again.newest() == mc1.id
        assert await uow.again.waiting() == {gm1.id: 1, mc1.id: 5}
        page = await uow.again.untold(gm1.id, SessionId(7), 1)
        await uow.again.told(page, MONDAY)
        rest = await uow.again.untold(gm1.id, SessionId(7), 9)
        assert (page, rest) == ([wants[0]], [wants[1]])
        await uow.again.told([*rest, *await uow.again.untold(gm1.id, SessionId(8), 9)], MONDAY)
        assert await uow.again.waiting() == {mc1.id: 5}
        await uow.again.not_told(BO, gm1.id)
        assert await uow.again.waiting() == {gm1.id: 1, mc1.id: 5}
        await uow.commit()


async def test_what_is_taken_back_or_forgotten_is_gone_and_the_rest_stays(
    work: SqlWork, two: list[Session]
):
    gm1, mc1 = two
    later = replace(want(ASHA, mc1), asked_at=MONDAY + HOUR)
    await keep(work, want(ASHA, gm1), later, want(BO, gm1), want(BO, mc1))

    async with work() as uow:
        assert await uow.again.of_person(ASHA) == [later, want(ASHA, gm1)]
        assert await uow.again.remove(ASHA, gm1.id)
        assert not await uow.again.remove(ASHA, gm1.id)
        await uow.again.forget(BO)
        await uow.commit()

    async with work(read_only=True) as uow:
        assert await uow.again.of_person(ASHA) == [later]
        assert await uow.again.of_person(BO) == []
        assert await uow.again.waiting() == {mc1.id: 2}


async def test_with_no_session_at_all_nothing_is_the_newest(work: SqlWork):
    async with work(read_only=True) as uow:
        assert await uow.again.newest() == 0
        assert await uow.again.waiting() == {}
