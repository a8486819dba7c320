"""Who was in a set with whom, as it is stored; and a proposal that goes as a whole."""

from datetime import timedelta

from learning.courses.action_sets import ActionSet, Member, SetMeeting, SetState
from learning.people import PersonId
from store.unit_of_work import SqlWork
from tests.support.builders import WEDNESDAY
from tests.support.clocks import MONDAY
from tests.support.courses import start, the_course

ASHA, BO, CY, DI = (PersonId(name) for name in ("asha", "bo", "cy", "di"))


async def a_set(
    work: SqlWork, course: int, state: SetState, *members: PersonId, left: str = ""
) -> int:
    """With one meeting; `left` is who is in it no longer."""
    async with work() as uow:
        [running] = [c for c in await uow.courses.all() if c.id == course]
        kept = await uow.sets.add(
            ActionSet(
                id=0,
                course_id=running.id,
                name=f"Set of {len(members)}",
                slot="Monday morning",
                state=state,
                made_at=MONDAY,
            )
        )
        await uow.sets.save_members(
            Member(
                set_id=kept.id,
                person_id=each,
                joined_at=MONDAY,
                left_at=WEDNESDAY if each == left else None,
            )
            for each in members
        )
        await uow.sets.save_meeting(
            SetMeeting(
                set_id=kept.id,
                number=1,
                starts_at=WEDNESDAY,
                ends_at=WEDNESDAY + timedelta(hours=2),
            )
        )
        await uow.commit()
    return kept.id


async def test_people_have_met_in_sets_that_were_and_are_but_not_in_proposals(work: SqlWork):
    running = await start(work, the_course(), MONDAY)
    await a_set(work, running.id, SetState.MERGED, ASHA, BO)
    now = await a_set(work, running.id, SetState.CONFIRMED, ASHA, CY, DI, left=DI)
    await a_set(work, running.id, SetState.PROPOSED, BO, CY)

    async with work(read_only=True) as uow:
        met = await uow.sets.met([ASHA, BO])
        besides = await uow.sets.met([ASHA], besides=[now])

    assert met == {ASHA: {BO, CY, DI}, BO: {ASHA}}
    assert besides == {
        ASHA: {BO, DI}
    }  # who left was there before; who is there now is no former mate


async def test_a_proposal_goes_with_its_members_and_dates(work: SqlWork):
    running = await start(work, the_course(), MONDAY)
    stays = await a_set(work, running.id, SetState.CONFIRMED, ASHA)
    goes = await a_set(work, running.id, SetState.PROPOSED, BO, CY)

    async with work() as uow:
        await uow.sets.remove_proposed(running.id)
        left = [s.id for s in await uow.sets.of_course(running.id)]
        members = await uow.sets.members([stays, goes])
        dates = [len(await uow.sets.meetings(each)) for each in (stays, goes)]
        await uow.commit()

    assert left == [stays]
    assert [m.person_id for m in members] == [ASHA]
    assert dates == [1, 0]


async def test_a_member_taken_out_of_a_proposal_leaves_no_trace(work: SqlWork):
    running = await start(work, the_course(), MONDAY)
    proposed = await a_set(work, running.id, SetState.PROPOSED, ASHA, BO)

    async with work() as uow:
        await uow.sets.remove_member(proposed, ASHA)
        await uow.commit()

    async with work(read_only=True) as uow:
        assert [m.person_id for m in await uow.sets.members([proposed])] == [BO]
