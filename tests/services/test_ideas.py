"""Ideas on both databases: kept once, supported once, closed for good, and told of once."""

import asyncio
from datetime import timedelta

import numpy as np
import pytest

from language.meaning import Meaning, texts
from learning.champions import Champion
from learning.errors import LearningError
from learning.ideas import Idea, IdeaId, IdeaState
from learning.notices import Kind
from learning.people import PersonId
from learning.profiles import Profile
from services.idea_board import IdeaBoard
from services.ideas import IdeaService
from services.ports.journal import What
from tests.services.desk import LONDON, RULES, Desk
from tests.services.test_reading import Thesaurus
from tests.support.builders import details
from tests.support.databases import ON_SQLITE

ASHA, BO, CY, ORLA = map(PersonId, ("asha", "bo", "cy", "orla"))


def service(desk: Desk) -> IdeaService:
    return IdeaService(desk.work, desk.clock, desk.catalogue)


def board(desk: Desk) -> IdeaBoard:
    return IdeaBoard(desk.work, desk.clock, zone=LONDON, quiet=RULES.quiet)


async def an_idea(desk: Desk, text: str = "Yoga", by: PersonId = ASHA) -> Idea:
    await desk.meet(by)
    kept = (await service(desk).keep(by, text)).idea
    assert kept is not None
    return kept


async def all_ideas(desk: Desk) -> list[Idea]:
    return list((await service(desk).board(ORLA, 0, 100)).ideas)


async def test_the_same_message_taken_twice_at_once_is_one_idea(desk: Desk, other_desk: Desk):
    await desk.meet("asha")

    sent = await asyncio.gather(*(service(d).keep(ASHA, "Yoga!") for d in (desk, other_desk) * 3))

    assert [s.is_new for s in sent].count(True) == 1
    assert len({s.idea.id for s in sent if s.idea}) == 1
    assert [i.supporters for i in await all_ideas(desk)] == [1]


async def test_support_given_often_and_at_once_counts_each_person_once(
    desk: Desk, other_desk: Desk
):
    idea = await an_idea(desk)
    await desk.meet("bo", "cy")

    await asyncio.gather(
        *(service(d).support(p, idea.id) for d in (desk, other_desk) for p in (ASHA, BO, CY) * 2)
    )

    assert [i.supporters for i in await all_ideas(desk)] == [3]


async def test_like_ones_are_those_of_others_that_are_open_and_answer_the_question(desk: Desk):
    await an_idea(desk, "Walking meetings")
    await desk.meet("bo")
    assert [i.text for i in (await service(desk).look(BO, "walking meeting")).alike] == [
        "Walking meetings"
    ]
    assert (await service(desk).look(ASHA, "meetings while walking")).alike == ()

    await board(desk).ask("Why learn?", by=ORLA)
    assert (await service(desk).look(BO, "walking meeting")).alike == ()


@ON_SQLITE
async def test_what_means_the_same_in_other_words_is_found_where_there_is_a_model(desk: Desk):
    model = Thesaurus()  # to which flushes are the menopause
    nothing = np.zeros(384, np.float32)
    await an_idea(desk, "Flushes")
    await an_idea(desk, "Pottery")
    ideas = service(desk)
    assert (await ideas.look(BO, "Menopause")).alike == ()

    desk.catalogue.learn(Meaning(model, dict.fromkeys(texts(), nothing)))
    found = await ideas.look(BO, "Menopause")
    await ideas.look(BO, "Menopause")

    assert [i.text for i in found.alike] == ["Flushes"]
    assert sorted(model.asked) == ["Flushes", "Menopause", "Pottery"]


async def test_what_is_closed_takes_no_more_support(desk: Desk):
    await desk.meet("bo")
    declined, withdrawn = await an_idea(desk, "Yoga"), await an_idea(desk, "Chess")
    await board(desk).decline(declined.id, "No room.", by=ORLA)
    await service(desk).withdraw(ASHA, withdrawn.id)

    for idea, words in ((declined, "not taken up"), (withdrawn, "taken back")):
        with pytest.raises(LearningError, match=words):
            await service(desk).support(BO, idea.id)
    with pytest.raises(LearningError, match="not taken up"):
        await service(desk).withdraw(ASHA, declined.id)
    assert (await service(desk).withdraw(ASHA, withdrawn.id)).text == ""
    with pytest.raises(LearningError, match="no idea 99"):
        await service(desk).support(BO, IdeaId(99))


async def test_nobody_who_was_forgotten_meanwhile_leaves_an_idea_behind(desk: Desk):
    idea = await an_idea(desk)
    await desk.meet("bo")
    await desk.people.forget(BO)

    with pytest.raises(LearningError, match="do not know you"):
        await service(desk).keep(BO, "Chess")
    with pytest.raises(LearningError, match="do not know you"):
        await service(desk).support(BO, idea.id)


async def test_support_while_being_forgotten_stays_as_a_count_without_a_name(
    desk: Desk, other_desk: Desk
):
    idea = await an_idea(desk)
    await desk.meet("bo")

    await asyncio.gather(
        service(desk).support(BO, idea.id), other_desk.people.forget(BO), return_exceptions=True
    )

    async with desk.work(read_only=True) as uow:
        supporters = (await uow.ideas.supporters([idea.id]))[idea.id]
    assert BO not in supporters
    assert len(supporters) in (1, 2)


# Asking


async def champions(desk: Desk, *people: PersonId) -> None:
    await desk.meet(*people)
    async with desk.work() as uow:
        for person in people:
            await uow.champions.add(
                Champion(
                    person_id=person, group="Housing", named_by=ORLA, named_at=desk.clock.now()
                )
            )
        await uow.commit()


async def test_of_two_questions_asked_at_once_one_is_open(desk: Desk, other_desk: Desk):
    await champions(desk, ASHA, BO)

    came = await asyncio.gather(
        *(board(d).ask(f"Question {n}", by=ORLA) for n, d in enumerate((desk, other_desk) * 2)),
        return_exceptions=True,
    )

    refused = [c for c in came if isinstance(c, LearningError)]
    assert len(refused) == 3
    assert sorted(str(p) for p in await desk.told(Kind.THEME)) == ["asha", "bo"]
    async with desk.work(read_only=True) as uow:
        assert len(await uow.ideas.themes()) == 1


async def test_a_question_is_for_champions_as_they_are_when_it_arrives(desk: Desk):
    await champions(desk, ASHA, BO)
    theme, asked = await board(desk).ask("Why learn?", by=ORLA)
    async with desk.work() as uow:
        await uow.champions.remove(BO, "Housing")
        await uow.commit()

    assert asked == 2
    assert await service(desk).asked_of(ASHA, theme.id) == theme
    assert await service(desk).asked_of(BO, theme.id) is None
    await board(desk).close(by=ORLA)
    assert await service(desk).asked_of(ASHA, theme.id) is None
    assert await board(desk).close(theme.id, by=ORLA) is None


async def test_at_night_nobody_is_written_to_before_the_morning(desk: Desk):
    await champions(desk, ASHA)
    desk.clock.advance(timedelta(hours=13))  # 21:00 in London

    await board(desk).ask("Why learn?", by=ORLA)

    [notice] = await desk.owed(Kind.THEME)
    assert notice.due_at.astimezone(LONDON).strftime("%a %H:%M") == "Tue 07:30"


# What becomes of one


async def test_everybody_who_wants_it_is_told_once_that_a_session_came_of_it(
    desk: Desk, other_desk: Desk
):
    idea = await an_idea(desk)
    await desk.meet("bo", "cy")
    await service(desk).support(BO, idea.id)
    [session, other] = await desk.publish(details("YO1"), details("YO2"))

    told = await asyncio.gather(
        board(desk).plan(idea.id, session.id, by=ORLA),
        board(other_desk).plan(idea.id, session.id, by=ORLA),
    )

    assert sorted(told) == [0, 2]
    assert await board(desk).plan(idea.id, other.id, by=ORLA) == 0
    assert sorted(str(p) for p in await desk.told(Kind.IDEA_PLANNED)) == ["asha", "bo"]
    found = await board(desk).find(idea.id)
    assert (found.idea.state, found.session) == (IdeaState.PLANNED, session)
    planned = await service(desk).planned_for(BO, idea.id)
    assert planned is not None
    assert planned.session_id == session.id
    assert await service(desk).planned_for(CY, idea.id) is None
    async with desk.work(read_only=True) as uow:
        [entry] = await uow.journal.latest(5, what=[What.IDEA_PLANNED])
    assert (entry.session_id, entry.after) == (session.id, {"people told": "2"})


async def test_one_that_was_declined_may_become_a_session_after_all(desk: Desk):
    idea = await an_idea(desk)
    await board(desk).decline(idea.id, "No room.", by=ORLA)
    await board(desk).decline(idea.id, "No room.", by=ORLA)
    [session] = await desk.publish(details("YO1"))

    assert await board(desk).plan(idea.id, session.id, by=ORLA) == 1

    async with desk.work(read_only=True) as uow:
        assert len(await uow.journal.latest(9, what=[What.IDEA_DECLINED])) == 1


@ON_SQLITE
@pytest.mark.parametrize(
    ("people", "shown", "others"),
    [
        ({"Housing": 5, "Parks": 5}, {"Housing": 5, "Parks": 5}, 0),
        ({"Housing": 9, "Parks": 3, "Arts": 3}, {"Housing": 9}, 6),
        ({"Housing": 8, "Parks": 5, "Arts": 2}, {"Housing": 8}, 7),
        ({"Housing": 6, "Parks": 2, "Arts": 2}, {}, 0),
        ({"Housing": 9, "": 1}, {}, 0),
        ({"Housing": 4}, {}, 0),
        ({"": 10}, {}, 0),
    ],
)
async def test_departments_are_told_only_where_nobody_can_be_told_from_them(
    desk: Desk, people: dict[str, int], shown: dict[str, int], others: int
):
    supporters = await colleagues(desk, people)
    idea = await an_idea(desk, by=supporters[0])
    for person in supporters:
        await service(desk).support(person, idea.id)

    found = await board(desk).find(idea.id)

    assert (dict(found.departments), found.others) == (shown, others)


@ON_SQLITE
async def test_looking_before_and_after_one_more_has_come_tells_nothing_of_them(desk: Desk):
    supporters = await colleagues(desk, {"Housing": 5, "Parks": 5, "Arts": 5})
    idea = await an_idea(desk, by=supporters[0])
    seen: list[tuple[int, dict[str, int]]] = []
    for person in supporters:
        desk.clock.advance(timedelta(minutes=1))
        await service(desk).support(person, idea.id)
        found = await board(desk).find(idea.id)
        seen.append((found.idea.supporters, dict(found.departments)))

    one, two = {"Housing": 5}, {"Housing": 5, "Parks": 5}
    assert [told for _, told in seen] == [{}] * 4 + [one] * 5 + [two] * 5 + [two | {"Arts": 5}]
    assert [count for count, _ in seen] == list(range(1, 16))


async def colleagues(desk: Desk, departments: dict[str, int]) -> list[PersonId]:
    """So many of each department; '' for those of whom the directory does not say."""
    names = [
        (PersonId(f"{department or 'none'}-{n}"), department)
        for department, count in departments.items()
        for n in range(count)
    ]
    await desk.meet(*(person for person, _ in names))
    async with desk.work() as uow:
        await uow.profiles.save(
            Profile(person_id=p, department=d, read_at=desk.clock.now()) for p, d in names if d
        )
        await uow.commit()
    return [person for person, _ in names]
