"""Courses, who is on them and how far they got, stored and read again."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from integrations.seals import KeyedSeals
from learning.courses.action_sets import ActionSet, Member, SetMeeting, SetState, Wish
from learning.courses.progress import StepState
from learning.people import PersonId
from services.course_paths import CoursePaths
from services.ports.course_steps import Sealed
from services.ports.courses import StoredPicture
from services.ports.seals import of_person
from store.unit_of_work import SqlWork
from tests.support import builders
from tests.support.builders import WEDNESDAY
from tests.support.clocks import MONDAY
from tests.support.courses import enrol, start, the_course

ASHA, BO = PersonId("asha"), PersonId("bo")


async def test_a_course_is_read_as_it_was_stored_with_every_kind_of_block(work: SqlWork):
    course = the_course()
    running = await start(work, course, MONDAY)

    async with work(read_only=True) as uow:
        found = await uow.courses.coded("customer")
        everything = await uow.courses.all()

    assert found == running
    assert found is not None
    assert found.course == course
    assert everything == [running]


async def test_pictures_are_found_by_their_digest_and_replaced_as_a_whole(work: SqlWork):
    running = await start(work, the_course(), MONDAY)
    old = StoredPicture(file="a.png", digest="d1", content=b"one")
    new = StoredPicture(file="b.png", digest="d2", content=b"two")

    async with work() as uow:
        await uow.courses.save_pictures(running.id, [old])
        await uow.courses.save_pictures(running.id, [new])
        await uow.commit()
    async with work(read_only=True) as uow:
        named = await uow.courses.pictures(running.id)
        found = [await uow.courses.picture(digest) for digest in ("d1", "d2")]

    assert named == {"b.png": "d2"}
    assert found == [None, new]


async def test_a_path_goes_by_ones_own_live_session_and_by_the_first_before(work: SqlWork):
    first, second = WEDNESDAY + timedelta(weeks=5), WEDNESDAY + timedelta(weeks=6)
    running = await start(work, the_course(first, second), MONDAY)
    await builders.meet(work, "asha", "bo")
    await enrol(work, running, [ASHA, BO], MONDAY)
    paths = CoursePaths(work, zone=ZoneInfo("Europe/London"))

    [before] = await paths.of_person(ASHA)
    state = StepState(
        course_id=running.id, person_id=ASHA, step_id="10-whose-service", started_at=MONDAY
    )
    async with work() as uow:
        await uow.step_states.save(state)
        await uow.step_states.save(
            StepState(
                course_id=running.id,
                person_id=ASHA,
                step_id="10-whose-service",
                screen=2,
                started_at=MONDAY,
                done_at=WEDNESDAY,
            )
        )
        await uow.commit()
    both = await paths.of_course(running.id)

    assert before.situation.live_day == first.date()
    assert not before.situation.has_place
    assert [s.code for s in before.sessions] == ["SHOES-1", "SHOES-2"]
    assert [(p.enrolment.person_id, set(p.situation.done)) for p in both] == [
        (ASHA, {"10-whose-service"}),
        (BO, set()),
    ]
    assert await paths.find(PersonId("cy"), running.id) is None


async def test_what_is_written_is_kept_by_question_and_replaced(work: SqlWork):
    running = await start(work, the_course(), MONDAY)
    first = Sealed(
        course_id=running.id,
        person_id=ASHA,
        step_id="s",
        question_id="q",
        sealed="one",
        changed_at=MONDAY,
    )
    other = Sealed(
        course_id=running.id,
        person_id=BO,
        step_id="s",
        question_id="q",
        sealed="two",
        changed_at=MONDAY,
    )

    async with work() as uow:
        await uow.course_answers.save([first, other])
        await uow.reflections.save([first])
        await uow.reflections.remove(running.id, ASHA, "s", ["q"])
        await uow.commit()
    async with work(read_only=True) as uow:
        everybody = await uow.course_answers.of_step(running.id, "s")
        own = await uow.course_answers.of_person(running.id, ASHA, "s")
        private = await uow.reflections.of_person(running.id, ASHA, "s")

    assert everybody == [first, other]
    assert own == {"q": first}
    assert private == {}


async def test_sets_are_found_by_who_is_in_them_now_and_a_proposal_goes_as_a_whole(work: SqlWork):
    running = await start(work, the_course(), MONDAY)
    blank = ActionSet(
        id=0,
        course_id=running.id,
        name="Set 1",
        slot="Monday morning",
        state=SetState.PROPOSED,
        facilitator_id=PersonId("fay"),
        made_at=MONDAY,
    )
    wish = Wish(
        course_id=running.id,
        person_id=ASHA,
        can=frozenset({"Monday morning"}),
        put_forward_at=MONDAY,
    )
    async with work() as uow:
        await uow.sets.save_wish(wish)
        kept = await uow.sets.add(blank)
        await uow.sets.save_members(
            [
                Member(set_id=kept.id, person_id=ASHA, joined_at=MONDAY),
                Member(set_id=kept.id, person_id=BO, joined_at=MONDAY, left_at=WEDNESDAY),
            ]
        )
        meeting = await uow.sets.save_meeting(
            SetMeeting(set_id=kept.id, number=1, starts_at=WEDNESDAY, ends_at=WEDNESDAY)
        )
        await uow.commit()
    async with work(read_only=True) as uow:
        of = {who: await uow.sets.of_person(PersonId(who)) for who in ("asha", "bo", "fay")}
        wishes = await uow.sets.wishes(running.id)
        meetings = await uow.sets.meetings(kept.id)

    assert of == {"asha": [kept], "bo": [], "fay": [kept]}
    assert wishes == [wish]
    assert meetings == [meeting]

    async with work() as uow:
        await uow.sets.save_meeting(meeting)
        other = await uow.sets.add(blank)
        await uow.sets.save_members([Member(set_id=other.id, person_id=ASHA, joined_at=MONDAY)])
        await uow.sets.save(kept_as_confirmed := _confirmed(kept))
        await uow.sets.remove_proposed(running.id)
        await uow.commit()
    async with work(read_only=True) as uow:
        assert await uow.sets.of_course(running.id) == [kept_as_confirmed]
        assert len(await uow.sets.members([kept.id, other.id])) == 2


def _confirmed(kept: ActionSet) -> ActionSet:
    return replace(kept, state=SetState.CONFIRMED, confirmed_at=WEDNESDAY)


def test_what_is_sealed_for_one_person_opens_for_nobody_else():
    seals = KeyedSeals("a key")

    sealed = seals.seal(of_person(ASHA), "Where do I fail?")

    assert "fail" not in sealed
    assert seals.open(of_person(ASHA), sealed) == "Where do I fail?"
    assert seals.open(of_person(BO), sealed) is None
    assert KeyedSeals("another key").open(of_person(ASHA), sealed) is None
