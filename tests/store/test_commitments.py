"""Commitments, what is said of them, and quotes, stored and read again."""

from dataclasses import replace
from datetime import date, timedelta

from learning.courses.commitment_figures import AtDay, Figures, Standing
from learning.courses.commitments import CheckIn, Commitment, Said, State
from learning.courses.enrolments import Enrolment, Running
from learning.courses.quotes import Place, Quote
from learning.people import PersonId
from services.ports.commitments import Released, Spoken
from store.unit_of_work import SqlWork
from tests.support.builders import WEDNESDAY
from tests.support.clocks import MONDAY
from tests.support.courses import enrol, start, the_course

ASHA, BO = PersonId("asha"), PersonId("bo")


def a_commitment(running: Running, person: PersonId = ASHA) -> Commitment:
    return Commitment(
        course_id=running.id,
        person_id=person,
        sealed="x",
        due_on=date(2026, 9, 30),
        made_at=MONDAY,
    )


async def test_commitments_are_found_by_whose_they_are_and_who_may_see_them(work: SqlWork):
    running = await start(work, the_course(), MONDAY)
    await enrol(work, running, [ASHA, BO], MONDAY)

    async with work() as uow:
        later = await uow.commitments.add(a_commitment(running))
        sooner = await uow.commitments.add(
            replace(a_commitment(running), due_on=date(2026, 6, 1), is_shared=True)
        )
        bos = await uow.commitments.add(replace(a_commitment(running, BO), is_shared=True))
        done = await uow.commitments.add(replace(a_commitment(running), state=State.DONE))
        changed = replace(later, sealed="y", due_on=date(2026, 10, 1))
        await uow.commitments.save(changed)
        await uow.commit()
    async with work() as uow:
        of_asha = await uow.commitments.of_person(ASHA)
        shared = await uow.commitments.shared_by(running.id, [BO])
        everything = await uow.commitments.of_course(running.id)
        waiting = await uow.commitments.open_of([ASHA, BO])
        locked = await uow.commitments.find(later.id, lock=True)
        await uow.enrolments.save(
            [
                Enrolment(
                    course_id=running.id,
                    person_id=ASHA,
                    enrolled_by="orla",
                    enrolled_at=MONDAY,
                    left_at=WEDNESDAY,
                )
            ]
        )
        without_asha = await uow.commitments.open_of([ASHA, BO])

    assert of_asha == [sooner, done, changed]
    assert shared == [bos]
    assert everything == [sooner, bos, done, changed]
    assert waiting == [sooner, bos, changed]
    assert locked == changed
    assert without_asha == [bos]


async def test_a_check_in_is_kept_once_a_day_of_it_and_goes_with_its_commitment(work: SqlWork):
    running = await start(work, the_course(), MONDAY)
    async with work() as uow:
        one = await uow.commitments.add(a_commitment(running))
        other = await uow.commitments.add(a_commitment(running, BO))
        first = CheckIn(
            commitment_id=one.id, day=30, person_id=ASHA, state=Said.CHANGED, sealed="z",
            said_at=MONDAY,
        )  # fmt: skip
        second = replace(first, state=Said.DONE, sealed="", said_at=WEDNESDAY)
        bos = replace(first, commitment_id=other.id, person_id=BO)
        for each in (first, second, bos):
            await uow.commitments.save_check(each)
        await uow.commit()
    async with work() as uow:
        both = await uow.commitments.checks([one.id, other.id])
        await uow.commitments.remove(one.id)
        await uow.commit()
    async with work(read_only=True) as uow:
        left = await uow.commitments.checks([one.id, other.id])
        gone = await uow.commitments.find(one.id)

    assert both == [second, bos]
    assert left == [bos]
    assert gone is None


async def test_of_two_that_make_figures_at_once_one_is_kept(work: SqlWork):
    running = await start(work, the_course(), MONDAY)
    figures = Figures(
        people=5,
        made=6,
        shared=0,
        at=(AtDay(day=30, reached=6, standings=(Standing(ways=("done", "changed"), count=6),)),),
    )
    first = Released(course_id=running.id, figures=figures, patterns=("a", "b"), made_at=MONDAY)
    second = replace(first, patterns=("c",), made_at=WEDNESDAY)

    async with work() as uow:
        before = await uow.commitments.released(running.id)
        kept = [
            await uow.commitments.release(first, instead_of=None),
            await uow.commitments.release(second, instead_of=None),
            await uow.commitments.release(second, instead_of=second),
            await uow.commitments.release(second, instead_of=first),
            await uow.commitments.release(first, instead_of=first),
        ]
        await uow.commit()
    async with work(read_only=True) as uow:
        after = await uow.commitments.released(running.id)

    assert before is None
    assert kept == [True, False, False, True, False]
    assert after == second


async def test_only_quotes_that_are_given_are_found_by_their_places(work: SqlWork):
    running = await start(work, the_course(), MONDAY)
    hub = Quote(
        course_id=running.id,
        person_id=ASHA,
        text="It helped.",
        places=frozenset({Place.HUB, Place.REPORT}),
        signed_as="Asha",
        agreed_at=MONDAY,
    )
    report = replace(hub, person_id=BO, places=frozenset({Place.REPORT}), signed_as="Bo")
    report = replace(report, agreed_at=MONDAY + timedelta(days=1))
    course = running.course

    def spoken(quote: Quote) -> Spoken:
        return Spoken(quote=quote, code=course.code, title=course.title)

    async with work() as uow:
        await uow.quotes.save(report)
        await uow.quotes.save(hub)
        await uow.commit()
    async with work() as uow:
        assert await uow.quotes.given() == [spoken(hub), spoken(report)]
        assert await uow.quotes.given(Place.HUB) == [spoken(hub)]
        assert await uow.quotes.given(Place.REPORT, course_id=running.id) == [
            spoken(hub),
            spoken(report),
        ]
        assert await uow.quotes.of_person(BO) == [spoken(report)]
        gone = replace(hub, text="", places=frozenset(), signed_as="", revoked_at=WEDNESDAY)
        await uow.quotes.save(gone)
        await uow.commit()
    async with work(read_only=True) as uow:
        assert await uow.quotes.given(Place.HUB) == []
        assert await uow.quotes.of_person(ASHA) == []
        assert await uow.quotes.find(running.id, ASHA) == gone
