"""Going through a step as it is stored: at once from two places, over a changed file, and after its end."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from integrations.seals import KeyedSeals
from learning.courses.definition import Course, Screen, Step
from learning.courses.enrolments import Running
from learning.courses.progress import StepState
from learning.courses.screens import mark
from learning.people import PersonId
from services.course_modules import CHANGED, NOT_ANSWERED, CourseModules
from services.course_sittings import Reason, Shut, Sitting, Way
from store.unit_of_work import SqlWork
from tests.support import builders
from tests.support.builders import WEDNESDAY
from tests.support.clocks import MONDAY, FixedClock
from tests.support.courses import enrol, start, the_course
from tests.support.databases import ON_SQLITE

ASHA = PersonId("asha")
LIVE = WEDNESDAY + timedelta(weeks=4)
FIRST, LAST = "20-behind-the-numbers", "70-one-month"


class Chat:
    """Asha's presses, as cards would make them."""

    def __init__(self, work: SqlWork, running: Running) -> None:
        self.clock = FixedClock()
        self.seals = KeyedSeals("a key")
        self.work = work
        self.running = running
        self.modules = CourseModules(work, self.clock, self.seals, zone=ZoneInfo("Europe/London"))

    def step(self, step_id: str = FIRST) -> Step:
        return next(s for s in self.running.course.steps if s.id == step_id)

    async def open(self, step_id: str = FIRST) -> Sitting:
        return await self.modules.open(ASHA, self.running.id, step_id)

    async def go(
        self,
        number: int,
        way: Way = Way.ON,
        step_id: str = FIRST,
        marked: str | None = None,
        **given: object,
    ) -> Sitting:
        values = {name.replace("_", "-"): value for name, value in given.items()}

        def sent(screen: Screen) -> Mapping[str, object]:
            return {q.id: values.get(q.id) for q in screen.questions}

        shown = mark(self.step(step_id).screens[number]) if marked is None else marked
        return await self.modules.go(ASHA, self.running.id, step_id, number, way, sent, shown)

    async def through(self) -> Sitting:
        await self.go(0, green="0")
        await self.go(1, echo="5", most_common_echo="Where is my bin?")
        await self.go(2, bad_news="1", messenger="3")
        return await self.go(3, left_out="The calls nobody counts")

    async def changed(self, course: Course) -> None:
        """The file was imported again."""
        self.running = replace(self.running, course=course, version=self.running.version + 1)
        async with self.work() as uow:
            await uow.courses.save(self.running)
            await uow.commit()

    async def state(self, step_id: str = FIRST) -> StepState | None:
        async with self.work(read_only=True) as uow:
            return await uow.step_states.find(self.running.id, ASHA, step_id)


@pytest.fixture
async def chat(work: SqlWork) -> Chat:
    running = await start(work, the_course(LIVE), MONDAY)
    await builders.meet(work, "asha", "bo")
    await enrol(work, running, [ASHA, PersonId("bo")], MONDAY)
    return Chat(work, running)


async def test_two_presses_at_once_and_again_end_in_one_state(chat: Chat):
    await asyncio.gather(*(chat.open() for _ in range(5)))
    presses = [chat.go(0, green=str(n % 2)) for n in range(6)]
    sittings = await asyncio.gather(*presses)
    results = await asyncio.gather(chat.through(), chat.through())

    state = await chat.state()
    assert {s.number for s in sittings} == {1}
    assert state is not None
    assert state.is_done
    assert all(r.is_over for r in results)
    assert [r.dimension.id for r in results[0].results] == ["curiosity", "candour"]
    assert (await chat.open()).is_over


async def test_what_is_written_is_sealed_and_reflections_lie_apart(chat: Chat):
    await chat.through()

    async with chat.work(read_only=True) as uow:
        answers = await uow.course_answers.of_person(chat.running.id, ASHA, FIRST)
        private = await uow.reflections.of_person(chat.running.id, ASHA, FIRST)
    assert set(answers) == {"green", "echo", "most-common-echo", "bad-news", "messenger"}
    assert set(private) == {"left-out"}
    kept = [each.sealed for each in [*answers.values(), *private.values()]]
    assert not [text for text in kept if "bin" in text or "calls" in text]
    assert (
        chat.seals.open("person:asha", answers["most-common-echo"].sealed) == '"Where is my bin?"'
    )
    assert chat.seals.open("person:asha", private["left-out"].sealed) == "The calls nobody counts"
    assert chat.seals.open("person:bo", private["left-out"].sealed) is None


@ON_SQLITE
async def test_an_emptied_field_takes_its_answer_back_but_a_need_is_a_need(chat: Chat):
    await chat.go(1, echo="5", most_common_echo="Bins")
    emptied = await chat.go(1, Way.LATER, echo="5")
    pressed = await chat.go(1, echo="5")
    early = await chat.go(3)

    assert emptied.answers == {"echo": 5}
    assert emptied.is_left
    assert "has no answer yet" in pressed.fault
    assert (early.number, early.fault, early.is_over) == (0, NOT_ANSWERED, False)
    state = await chat.state()
    assert state is not None
    assert not state.is_done


@ON_SQLITE
async def test_a_card_of_an_older_file_loses_nothing_and_decides_nothing(chat: Chat):
    old = chat.step()
    await chat.go(1, echo="4", most_common_echo="Bins")
    marks = [mark(screen) for screen in old.screens]
    shorter = replace(old, screens=(old.screens[0], *old.screens[2:]))
    steps = tuple(shorter if s.id == FIRST else s for s in chat.running.course.steps)
    await chat.changed(replace(chat.running.course, steps=steps))

    gone = await chat.go(1, marked=marks[1], echo="1", most_common_echo="Not asked any more")
    moved = await chat.go(1, marked=marks[2], bad_news="5", messenger="0")
    beyond = await chat.go(2, marked="", left_out="Still here")

    assert (gone.number, gone.fault) == (1, CHANGED)
    assert gone.answers == {}
    assert (moved.number, moved.fault) == (2, "")
    assert moved.answers == {"bad-news": 5, "messenger": 0}
    assert beyond.fault == CHANGED
    assert beyond.answers["left-out"] == "Still here"

    await chat.changed(replace(chat.running.course, steps=steps[2:]))
    with pytest.raises(Shut) as shut:
        await chat.go(0, marked=marks[0], green="0")
    assert shut.value.reason is Reason.NOT_THERE


@ON_SQLITE
async def test_what_was_finished_can_be_changed_while_it_is_open_and_read_when_it_has_closed(
    chat: Chat,
):
    closing = replace(chat.step(), closes=-2)
    steps = tuple(closing if s.id == FIRST else s for s in chat.running.course.steps)
    await chat.changed(replace(chat.running.course, steps=steps))
    over = await chat.through()
    again = await chat.go(0, green="3")
    left = await chat.go(1, Way.LATER, echo="5", most_common_echo="Where is my bin?")
    chat.clock.set(LIVE)
    read = await chat.modules.look(ASHA, chat.running.id, FIRST, 0)
    late = await chat.go(0, green="0")

    assert over.is_over
    assert again.answers["green"] == 3
    assert left.is_over  # there is nothing left to come back to
    assert not left.is_left
    assert not read.is_open
    assert read.answers["green"] == 3
    assert late.number == 1
    assert (await chat.open()).answers["green"] == 3
    state = await chat.state()
    assert state is not None
    assert state.done_at == MONDAY
    with pytest.raises(Shut) as shut:
        await chat.open(LAST)
    assert shut.value.reason is Reason.NO_PLACE
