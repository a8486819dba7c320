"""That ideas are ranked by who supports them, each person once, and that forgetting leaves the counts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from learning.errors import NotFound
from learning.ideas import Idea, IdeaId, IdeaState, Theme, ThemeId
from learning.people import PersonId
from learning.sessions import SessionId
from store.unit_of_work import SqlWork
from tests.support.builders import details, publish
from tests.support.clocks import MONDAY

ASHA, BO, CY, NOBODY = map(PersonId, ("asha", "bo", "cy", "forgotten:1"))
OPEN = (IdeaState.OPEN,)
QUESTION = Theme(id=ThemeId(0), question="Why?", opened_by=ASHA, opened_at=MONDAY)


async def add(
    work: SqlWork, *texts: str, by: PersonId = ASHA, theme: Theme | None = None
) -> list[Idea]:
    """Each a minute after the other."""
    async with work() as uow:
        added = [
            await uow.ideas.add(
                Idea(
                    id=IdeaId(0),
                    text=text,
                    person_id=by,
                    made_at=MONDAY + timedelta(minutes=number),
                    theme_id=theme.id if theme else None,
                )
            )
            for number, text in enumerate(texts)
        ]
        await uow.commit()
    return added


async def support(work: SqlWork, idea: Idea, *people: PersonId) -> None:
    async with work() as uow:
        for person in people:
            await uow.ideas.support(idea.id, person, MONDAY)
        await uow.commit()


async def ranked(work: SqlWork, limit: int = 10, skip: int = 0) -> list[tuple[str, int]]:
    async with work(read_only=True) as uow:
        found = await uow.ideas.ranked(OPEN, limit, skip=skip)
    return [(idea.text, idea.supporters) for idea in found]


async def test_an_idea_comes_back_as_it_was_and_is_supported_by_its_author(work: SqlWork):
    [yoga] = await add(work, "Yoga – «ŷ» 🧘")

    assert yoga == Idea(
        id=yoga.id, text="Yoga – «ŷ» 🧘", person_id=ASHA, made_at=MONDAY, supporters=1
    )
    async with work(read_only=True) as uow:
        assert await uow.ideas.get(yoga.id) == yoga
        assert await uow.ideas.supporters([yoga.id]) == {yoga.id: [ASHA]}
        with pytest.raises(NotFound):
            await uow.ideas.get(IdeaId(99))


async def test_everybody_supports_once_and_the_most_supported_come_first(work: SqlWork):
    yoga, chess, songs = await add(work, "Yoga", "Chess", "Songs")
    await support(work, chess, BO, BO, CY)
    await support(work, songs, BO)
    await support(work, songs, BO, ASHA)

    assert await ranked(work) == [("Chess", 3), ("Songs", 2), ("Yoga", 1)]
    assert await ranked(work, limit=1, skip=1) == [("Songs", 2)]
    async with work() as uow:
        assert await uow.ideas.supported(BO, [yoga.id, chess.id]) == {chess.id}
        await uow.ideas.leave(chess.id, BO)
        assert (await uow.ideas.get(chess.id, lock=True)).supporters == 2


async def test_what_changes_is_kept(work: SqlWork):
    [session] = await publish(work, details())
    [yoga] = await add(work, "Yoga")
    planned = replace(yoga, state=IdeaState.PLANNED, session_id=session.id, reason="?")

    async with work() as uow:
        await uow.ideas.save(planned)
        await uow.commit()

    async with work(read_only=True) as uow:
        assert await uow.ideas.get(yoga.id) == planned
        assert (await uow.ideas.get(yoga.id)).session_id == SessionId(session.id)
        assert await uow.ideas.ranked(OPEN, 9) == []
        assert await uow.ideas.of_person(ASHA) == [planned]


async def test_questions_are_opened_and_closed_and_have_their_ideas(work: SqlWork):
    async with work() as uow:
        await uow.ideas.hold_themes()
        theme = await uow.ideas.add_theme(QUESTION)
        await uow.commit()
    [answer] = await add(work, "Because", theme=theme)
    [other] = await add(work, "Yoga")

    async with work(read_only=True) as uow:
        assert await uow.ideas.open_theme() == theme == replace(QUESTION, id=theme.id)
        assert await uow.ideas.ranked(OPEN, 9, theme_id=theme.id) == [answer]
        assert await uow.ideas.ranked(OPEN, 9, is_free=True) == [other]
        assert await uow.ideas.count(theme.id) == 1

    later = MONDAY + timedelta(days=1)
    async with work() as uow:
        await uow.ideas.close_theme(theme.id, later)
        await uow.ideas.close_theme(theme.id, later + timedelta(days=1))
        await uow.commit()
    async with work(read_only=True) as uow:
        assert await uow.ideas.open_theme() is None
        assert await uow.ideas.themes() == [replace(theme, closed_at=later)]
        assert await uow.ideas.theme(theme.id) == replace(theme, closed_at=later)


async def test_forgetting_keeps_the_counts_and_what_others_want(work: SqlWork):
    alone, shared = await add(work, "Tea with Tom", "Chess")
    await support(work, shared, BO)
    [of_others] = await add(work, "Songs", by=BO)
    await support(work, of_others, ASHA)
    async with work() as uow:
        await uow.ideas.add_theme(QUESTION)
        await uow.ideas.hand_over(ASHA, NOBODY)
        await uow.commit()

    assert await ranked(work) == [("Songs", 2), ("Chess", 2)]
    async with work(read_only=True) as uow:
        gone = await uow.ideas.get(alone.id)
        assert (gone.text, gone.state, gone.person_id) == ("", IdeaState.WITHDRAWN, NOBODY)
        assert (await uow.ideas.get(shared.id)).person_id == NOBODY
        assert await uow.ideas.of_person(ASHA) == []
        supporters = await uow.ideas.supporters([shared.id, of_others.id])
        assert {i: set(people) for i, people in supporters.items()} == {
            shared.id: {NOBODY, BO},
            of_others.id: {NOBODY, BO},
        }
        assert (await uow.ideas.themes())[0].opened_by == NOBODY
