"""Dilemmas and the meetings of sets, stored and read again, and what is left of who is forgotten."""

from dataclasses import replace
from datetime import timedelta

from learning.courses.action_sets import MeetingState, SetState
from learning.people import PersonId
from services.ports.dilemmas import Dilemma
from store.unit_of_work import SqlWork
from tests.support.builders import WEDNESDAY
from tests.support.clocks import MONDAY
from tests.support.courses import a_set, start, the_course

ASHA, BO, NOBODY = PersonId("asha"), PersonId("bo"), PersonId("forgotten:1")
WEEK = timedelta(weeks=1)


async def test_dilemmas_of_a_set_are_kept_changed_and_removed(work: SqlWork):
    running = await start(work, the_course(), MONDAY)
    own = await a_set(work, running, [ASHA, BO], MONDAY)
    other = await a_set(work, running, [], MONDAY, name="Set 2")

    async with work() as uow:
        late = await uow.dilemmas.save(
            Dilemma(set_id=own.id, person_id=ASHA, sealed="a", brought_at=WEDNESDAY)
        )
        early = await uow.dilemmas.save(
            Dilemma(set_id=own.id, person_id=BO, sealed="b", brought_at=MONDAY)
        )
        gone = await uow.dilemmas.save(
            Dilemma(set_id=other.id, person_id=BO, sealed="c", brought_at=MONDAY)
        )
        presented = replace(late, presented=7, turn=1)
        await uow.dilemmas.save(presented)
        await uow.dilemmas.remove(gone.id)
        await uow.commit()
    async with work(read_only=True) as uow:
        assert await uow.dilemmas.of_set(own.id) == [early, presented]
        assert await uow.dilemmas.of_set(other.id) == []
    assert (early.is_open, presented.is_open) == (True, False)


async def test_meetings_that_are_near_are_those_of_confirmed_sets_and_not_over(work: SqlWork):
    running = await start(work, the_course(), MONDAY)
    dates = [MONDAY + n * WEEK for n in range(4)]
    own = await a_set(work, running, [ASHA], MONDAY, meetings=dates)
    merged = await a_set(work, running, [BO], MONDAY, meetings=dates)

    async with work() as uow:
        await uow.sets.save(replace(merged, state=SetState.MERGED))
        first, second, *_ = await uow.sets.meetings(own.id)
        await uow.sets.save_meeting(replace(first, state=MeetingState.OVER))
        await uow.commit()
    async with work(read_only=True) as uow:
        found = await uow.sets.meetings_between(MONDAY, MONDAY + 2 * WEEK)

    assert found == [second]


async def test_what_somebody_handed_over_goes_when_they_are_forgotten(work: SqlWork):
    running = await start(work, the_course(), MONDAY)
    own = await a_set(work, running, [ASHA, BO], MONDAY, meetings=[MONDAY, WEDNESDAY])

    async with work() as uow:
        for meeting, who in zip(await uow.sets.meetings(own.id), (ASHA, BO), strict=True):
            await uow.sets.save_meeting(replace(meeting, facilitator_id=who, sealed="notes"))
        await uow.dilemmas.save(
            Dilemma(set_id=own.id, person_id=ASHA, sealed="a", brought_at=MONDAY)
        )
        await uow.course_people.forget(ASHA, NOBODY)
        await uow.commit()
    async with work(read_only=True) as uow:
        left = [(m.facilitator_id, m.sealed) for m in await uow.sets.meetings(own.id)]
        dilemmas = await uow.dilemmas.of_set(own.id)

    assert left == [("", ""), (BO, "notes")]
    assert dilemmas == []
