"""Commitments where several things happen at once, and who is reminded of which check-in."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from integrations.seals import KeyedSeals
from learning.courses.action_sets import ActionSet, Member, SetState
from learning.courses.commitments import MOST, NoCommitment, Said
from learning.courses.enrolments import Running
from learning.errors import NotAllowed
from learning.people import PersonId
from services.commitment_figures import CommitmentFigures
from services.commitments import COMMITMENT, CommitmentService, NotNow
from services.ports.course_due import Due
from services.shared_commitments import SharedCommitments
from tests.services.desk import LONDON, Desk
from tests.support.builders import WEDNESDAY
from tests.support.clocks import MONDAY
from tests.support.courses import enrol, start, the_course
from tests.support.databases import ON_SQLITE

ASHA, BO, CY = (PersonId(name) for name in ("asha", "bo", "cy"))
SEPTEMBER = date(2026, 9, 30)
TODAY = MONDAY.date()


def a_service(desk: Desk) -> CommitmentService:
    return CommitmentService(desk.work, desk.clock, KeyedSeals("a key"), zone=LONDON)


@pytest.fixture
async def running(desk: Desk) -> Running:
    await desk.meet("asha", "bo", "cy")
    running = await start(desk.work, the_course(WEDNESDAY), MONDAY)
    await enrol(desk.work, running, [ASHA, BO], MONDAY)
    return running


async def due(desk: Desk, service: CommitmentService, *people: PersonId) -> dict[PersonId, Due]:
    today = desk.clock.now().astimezone(LONDON).date()
    async with desk.work(read_only=True) as uow:
        return dict(await service.due(uow, people, dict.fromkeys(people, today)))


async def test_the_same_pressed_many_times_at_once_is_kept_once(desk: Desk, running: Running):
    service = a_service(desk)

    await asyncio.gather(
        *(service.add(ASHA, running.id, "listen", SEPTEMBER, today=TODAY) for _ in range(8))
    )
    for number in range(MOST - 1):
        await service.add(ASHA, running.id, f"listen {number}", SEPTEMBER, today=TODAY)

    assert len(await service.mine(ASHA)) == MOST
    with pytest.raises(NoCommitment, match="Delete one"):
        await service.add(ASHA, running.id, "one too many", SEPTEMBER, today=TODAY)
    with pytest.raises(NotAllowed):
        await service.add(CY, running.id, "listen", SEPTEMBER, today=TODAY)


@ON_SQLITE
async def test_people_are_reminded_of_what_fell_due_last_while_they_are_on_it(
    desk: Desk, running: Running
):
    service = a_service(desk)
    first = await service.add(ASHA, running.id, "listen", SEPTEMBER, today=TODAY)
    await service.add(BO, running.id, "listen", SEPTEMBER, today=TODAY)
    desk.clock.set(MONDAY + timedelta(days=5))
    second = await service.add(ASHA, running.id, "ask", SEPTEMBER, today=TODAY)

    desk.clock.set(MONDAY + timedelta(days=29))
    assert await due(desk, service, ASHA, BO) == {}
    desk.clock.set(MONDAY + timedelta(days=36))
    waiting = await due(desk, service, ASHA, BO, CY)
    asked = await service.first_due(ASHA)
    await service.check(ASHA, second.commitment.id, 30, Said.ON_THE_WAY, today=TODAY)
    left = await due(desk, service, ASHA)
    async with desk.work() as uow:
        enrolment = await uow.enrolments.find(running.id, ASHA)
        assert enrolment is not None
        await uow.enrolments.save([replace(enrolment, left_at=desk.clock.now())])
        await uow.commit()
    away = await due(desk, service, ASHA, BO)

    day = TODAY + timedelta(days=30)
    older = Due(since=day, course_id=running.id, kind=COMMITMENT)
    assert waiting == {ASHA: replace(older, since=day + timedelta(days=5)), BO: older}
    assert asked is not None
    assert asked.commitment.id == first.commitment.id
    assert left == {ASHA: older}
    assert away == {BO: older}


@ON_SQLITE
async def test_an_answer_counts_only_while_its_check_in_is_open(desk: Desk, running: Running):
    service = a_service(desk)
    own = await service.add(ASHA, running.id, "listen", SEPTEMBER, today=TODAY)
    number = own.commitment.id

    with pytest.raises(NotNow):
        await service.check(ASHA, number, 30, Said.DONE, today=TODAY)
    desk.clock.set(MONDAY + timedelta(days=59))
    await service.check(ASHA, number, 30, Said.DONE, today=TODAY)
    back = await service.check(ASHA, number, 30, Said.ON_THE_WAY, today=TODAY)
    desk.clock.set(MONDAY + timedelta(days=60))
    with pytest.raises(NotNow, match="after 60 days"):
        await service.check(ASHA, number, 30, Said.DONE, today=TODAY)
    both = [
        await service.check(
            ASHA, number, 60, Said.CHANGED, today=TODAY, text="ask", due_on=SEPTEMBER
        )
        for _ in range(2)
    ]
    desk.clock.set(MONDAY + timedelta(days=120))
    with pytest.raises(NotNow, match="is over"):
        await service.check(ASHA, number, 90, Said.DONE, today=TODAY)

    assert back.commitment.is_open
    for changed in both:  # pressed twice it is still known how it read before
        assert [(c.day, c.state, words) for c, words in changed.said] == [
            (30, Said.ON_THE_WAY, ""),
            (60, Said.CHANGED, "listen"),
        ]
        assert changed.text == "ask"


@ON_SQLITE
async def test_a_set_that_is_only_proposed_or_went_on_elsewhere_shows_nothing(
    desk: Desk, running: Running
):
    service = a_service(desk)
    shared = SharedCommitments(desk.work, KeyedSeals("a key"))
    await service.add(ASHA, running.id, "listen", SEPTEMBER, today=TODAY, shared=True)
    seen: dict[SetState, bool] = {}
    for state in SetState:
        async with desk.work() as uow:
            made = await uow.sets.add(
                ActionSet(
                    id=0,
                    course_id=running.id,
                    name="Set 1",
                    slot="Monday morning",
                    state=state,
                    made_at=MONDAY,
                )
            )
            await uow.sets.save_members(
                Member(set_id=made.id, person_id=each, joined_at=MONDAY) for each in (ASHA, BO)
            )
            await uow.commit()
        try:
            board = await shared.of_set(BO, made.id)
        except NotAllowed:
            seen[state] = False
        else:
            seen[state] = [each.text for each in board.shared] == ["listen"]

    assert seen == {SetState.PROPOSED: False, SetState.CONFIRMED: True, SetState.MERGED: False}


async def test_figures_asked_for_at_once_are_the_same(desk: Desk, running: Running):
    service = a_service(desk)
    people = [PersonId(f"p{number}") for number in range(6)]
    await desk.meet(*people)
    await enrol(desk.work, running, people, MONDAY)
    for each in people:
        await service.add(each, running.id, "listen", SEPTEMBER, today=TODAY)
    figures = CommitmentFigures(desk.work, desk.clock, "a key", zone=LONDON)

    found = await asyncio.gather(*(figures.of_course("customer") for _ in range(5)))

    assert {each.figures.made for each in found if each} == {6}
    assert await figures.of_course("nowhere") is None
