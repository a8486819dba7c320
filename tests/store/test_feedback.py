"""What people say of sessions, on both databases."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from learning import feedback
from learning.feedback import Answer, Release
from learning.notices import Kind
from learning.people import PersonId
from learning.sessions import Session, SessionId
from store.unit_of_work import SqlWork
from tests.support.builders import details, notice, publish, queue
from tests.support.clocks import MONDAY

ASHA, BO = PersonId("asha"), PersonId("bo")
NOBODY = PersonId("forgotten:1")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def gm1(work: SqlWork) -> Session:
    [session] = await publish(work, details())
    return session


def an_answer(session: Session, who: str, stars: int = 4, comment: str = "") -> Answer:
    return Answer(
        session_id=session.id,
        who=who,
        stars=stars,
        helped=None,
        comment=comment,
        given_at=MONDAY,
        changed_at=MONDAY + HOUR,
    )


async def save(work: SqlWork, *answers: Answer) -> None:
    async with work() as uow:
        for answer in answers:
            await uow.feedback.save(answer)
        await uow.commit()


async def release(work: SqlWork, session: Session) -> Release | None:
    """Show what may be shown now."""
    async with work() as uow:
        made = feedback.release(session.id, await uow.feedback.of_session(session.id), MONDAY)
        if made is not None:
            await uow.feedback.save_release(made)
        await uow.commit()
    return made


async def test_an_answer_is_kept_and_overwritten(work: SqlWork, gm1: Session):
    first = an_answer(gm1, "asha", 2, comment="“Zu schnell”, sagte niemand")
    second = replace(first, stars=5, helped=False, comment="", changed_at=MONDAY + DAY)
    await save(work, first, an_answer(gm1, "bo"))
    async with work(read_only=True) as uow:
        before = await uow.feedback.find(gm1.id, ASHA)
    await save(work, second)

    async with work(read_only=True) as uow:
        assert before == first
        assert await uow.feedback.find(gm1.id, ASHA) == second
        assert await uow.feedback.of_session(gm1.id) == [second, an_answer(gm1, "bo")]
        assert await uow.feedback.of_person(ASHA) == [second]
        assert await uow.feedback.find(gm1.id, PersonId("cy")) is None


async def test_a_release_is_kept_and_is_no_news_any_more(work: SqlWork, gm1: Session):
    people = [an_answer(gm1, f"p{n}", 1 + n % 5, comment=f"c{n}") for n in range(6)]
    await save(work, *people[:4])
    async with work(read_only=True) as uow:
        too_few = await uow.feedback.ripe(5)
    await save(work, *people[4:])
    async with work(read_only=True) as uow:
        ripe = await uow.feedback.ripe(5)

    made = await release(work, gm1)

    async with work(read_only=True) as uow:
        assert (too_few, ripe) == ([], [gm1.id])
        assert await uow.feedback.releases_of([gm1.id]) == {gm1.id: made}
        assert await uow.feedback.releases_of([]) == {}
        assert await uow.feedback.ripe(5) == []
    assert made is not None
    assert (made.stars, made.comments) == ((2, 1, 1, 1, 1), ("c0", "c1", "c2", "c3", "c4", "c5"))
    assert await release(work, gm1) is None


async def test_what_was_changed_back_is_no_news(work: SqlWork, gm1: Session):
    people = [an_answer(gm1, f"p{n}") for n in range(5)]
    await save(work, *people)
    await release(work, gm1)
    async with work(read_only=True) as uow:
        shown = await uow.feedback.of_session(gm1.id)
    await save(work, *(replace(a, stars=1) for a in shown))
    async with work(read_only=True) as uow:
        changed = await uow.feedback.ripe(5)
    await save(work, replace(shown[0], changed_at=MONDAY + DAY))

    async with work(read_only=True) as uow:
        assert (changed, await uow.feedback.ripe(5)) == ([gm1.id], [])


async def test_somebody_forgotten_stays_as_a_count_without_words(work: SqlWork, gm1: Session):
    words = ["mine", "theirs", "mine", "", "more"]
    await save(
        work, *(an_answer(gm1, who, comment=c) for who, c in zip("abcde", words, strict=True))
    )
    made = await release(work, gm1)
    await save(work, an_answer(gm1, "f", comment="later"))
    async with work() as uow:
        for n, who in enumerate("af"):
            await uow.feedback.hand_over(PersonId(who), PersonId(f"forgotten:{n}"))
        await uow.commit()

    async with work(read_only=True) as uow:
        found = await uow.feedback.of_session(gm1.id)
        shown = await uow.feedback.releases_of([gm1.id])
        gone = await uow.feedback.of_person(PersonId("a"))
    assert made is not None
    assert shown == {gm1.id: replace(made, comments=("mine", "more", "theirs"))}
    assert gone == []
    by_who = {a.who: (a.stars, a.comment, a.is_news) for a in found}
    assert by_who["forgotten:0"] == (4, "", False)
    assert by_who["forgotten:1"] == (4, "", True)
    assert len(found) == 6


async def test_it_is_known_of_what_somebody_is_reminded_on_one_day(work: SqlWork):
    one, two, three = await publish(work, details(), details("GM2"), details("GM3"))
    reminds: dict[str, Any] = {"kind": Kind.FEEDBACK_REMINDER, "person_id": ASHA}
    await queue(
        work,
        notice("1", due_at=MONDAY, session_id=one.id, **reminds),
        notice("2", due_at=MONDAY + HOUR, session_id=two.id, **reminds),
        notice("3", due_at=MONDAY + DAY, session_id=three.id, **reminds),
        notice("4", due_at=MONDAY, session_id=three.id, kind=Kind.FEEDBACK, person_id=ASHA),
        replace(notice("5", due_at=MONDAY, session_id=three.id, **reminds), person_id=BO),
    )

    async with work(read_only=True) as uow:

        async def reminded(ids: list[SessionId], at: datetime) -> list[str]:
            return [n.key for n in await uow.feedback.reminded_with(ASHA, ids, at)]

        ids = [one.id, two.id, three.id]
        assert await reminded(ids, MONDAY) == ["1", "2"]
        assert await reminded([two.id], MONDAY) == ["2"]
        assert await reminded(ids, MONDAY + DAY) == ["3"]
