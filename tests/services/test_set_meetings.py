"""The meetings of a set on both databases: two at once, what is written to be said, who may do what."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from integrations.seals import KeyedSeals
from learning.courses.action_sets import NOBODY, ActionSet, MeetingState, SetMeeting
from learning.errors import LearningError, NotAllowed
from learning.notices import Kind, Notice, QuietHours
from learning.people import PersonId
from services.dilemmas import DilemmaService
from services.set_clock import SetClock
from services.set_life import SetLife
from services.set_meetings import SetMeetings
from services.set_turns import NotLeading, SetTurns
from store.unit_of_work import SqlWork
from tests.support import builders
from tests.support.clocks import FixedClock
from tests.support.courses import a_set, enrol, start, the_course

LONDON = ZoneInfo("Europe/London")
QUIET = QuietHours(start=time(20), end=time(7, 30))
ASHA, BO, CY, DI, FAY = (PersonId(name) for name in ("asha", "bo", "cy", "di", "fay"))
SET = (ASHA, BO, CY, DI)
TEN = datetime(2026, 5, 19, 9, 0, tzinfo=UTC)
"""10:00 in London, on a Tuesday."""

FOUR_WEEKS = timedelta(weeks=4)
LONG_AGO = TEN - timedelta(weeks=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sets:
    """A set of four whose meetings 3 to 5 are on Tuesdays, the third led by Fay."""

    work: SqlWork
    clock: FixedClock
    turns: SetTurns
    meetings: SetMeetings
    dilemmas: DilemmaService
    life: SetLife
    timer: SetClock
    set: ActionSet

    async def all(self) -> list[SetMeeting]:
        async with self.work(read_only=True) as uow:
            return await uow.sets.meetings(self.set.id)

    async def written(self, kind: Kind) -> list[Notice]:
        async with self.work(read_only=True) as uow:
            rows = await uow.outbox.recent(1000)
        return [r.notice for r in reversed(rows) if r.notice.kind is kind]


@pytest.fixture
async def sets(work: SqlWork) -> Sets:
    clock, seals = FixedClock(TEN), KeyedSeals("a key")
    await builders.meet(work, *SET, FAY, "orla")
    running = await start(work, the_course(LONG_AGO), LONG_AGO)
    await enrol(work, running, SET, LONG_AGO)
    own = await a_set(
        work,
        running,
        SET,
        LONG_AGO,
        facilitator=FAY,
        meetings=[TEN + n * FOUR_WEEKS for n in range(3)],
        first=3,
    )
    turns = SetTurns(work, clock, quiet=QUIET, zone=LONDON)
    life = SetLife(work, clock, turns, quiet=QUIET, zone=LONDON)

    async def organisers() -> list[PersonId]:
        return [PersonId("orla")]

    return Sets(
        work=work,
        clock=clock,
        turns=turns,
        meetings=SetMeetings(work, clock, seals, turns),
        dilemmas=DilemmaService(work, clock, seals),
        life=life,
        timer=SetClock(work, clock, turns, life, organisers, quiet=QUIET, zone=LONDON),
        set=own,
    )


async def twice(do: Callable[[], Awaitable[object]]) -> list[object]:
    return list(await asyncio.gather(do(), do(), return_exceptions=True))


async def test_two_who_press_at_once_move_the_meeting_on_by_one_round(sets: Sets):
    third = (await sets.all())[0].id
    await twice(lambda: sets.meetings.start(FAY, third))
    await twice(lambda: sets.meetings.go(FAY, third, 0, 1))
    await twice(lambda: sets.meetings.more_time(FAY, third, 1, TEN + timedelta(minutes=10)))
    meeting = (await sets.all())[0]
    over = await sets.written(Kind.ROUND_OVER)
    await twice(lambda: sets.meetings.finish(FAY, third))

    assert (meeting.round, meeting.round_ends_at) == (1, TEN + timedelta(minutes=15))
    assert [(n.payload["round"], n.due_at - TEN) for n in over] == [
        (0, timedelta(minutes=10)),
        (1, timedelta(minutes=10)),
        (1, timedelta(minutes=15)),
    ]
    assert [n.payload["about"] for n in await sets.written(Kind.SET_TURN)] == ["named"]


async def test_a_turn_passed_on_twice_at_once_moves_one_place(sets: Sets):
    third, fourth, _ = await sets.all()
    await sets.meetings.start(FAY, third.id)
    await sets.meetings.finish(FAY, third.id)
    assert (await sets.all())[1].facilitator_id == ASHA

    said = await twice(lambda: sets.turns.pass_on(ASHA, fourth.id))

    assert (await sets.all())[1].facilitator_id == BO
    assert sorted(type(each).__name__ for each in said) == ["NotLeading", "str"]


async def test_only_who_leads_a_meeting_moves_it_and_a_member_steps_in_on_the_day(sets: Sets):
    third, fourth, _ = await sets.all()

    with pytest.raises(NotLeading, match="Fay leads this meeting"):
        await sets.meetings.start(BO, third.id)
    with pytest.raises(NotAllowed, match="members of a set"):
        await sets.meetings.view(PersonId("orla"), third.id)
    with pytest.raises(NotAllowed, match="members of a set"):
        await sets.meetings.view(ASHA, 10_000)
    await sets.turns.step_in(BO, third.id)
    await sets.meetings.start(BO, third.id)
    with pytest.raises(NotLeading, match="Bo leads this meeting"):
        await sets.meetings.finish(FAY, third.id)
    await sets.meetings.finish(BO, third.id)
    await sets.meetings.hand_over(BO, third.id, "For the next")
    with pytest.raises(NotLeading):
        await sets.meetings.hand_over(FAY, third.id, "Mine")
    with pytest.raises(LearningError, match="from half an hour before"):
        await sets.turns.step_in(DI, fourth.id)

    # Bo has just led, so somebody else does; what was handed over is for them to read.
    assert (await sets.all())[1].facilitator_id == ASHA
    assert (await sets.meetings.view(ASHA, fourth.id)).notes == "For the next"


async def test_reminders_are_written_once_a_day_before_and_anew_when_it_moves(sets: Sets):
    third, fourth, fifth = await sets.all()
    sets.clock.set(TEN - timedelta(days=1, minutes=1))
    await sets.timer.queue()
    before = await sets.written(Kind.SET_MEETING)
    sets.clock.set(TEN - timedelta(days=1))
    await asyncio.gather(sets.timer.queue(), sets.timer.queue())
    await sets.timer.queue()
    told = await sets.written(Kind.SET_MEETING)
    async with sets.work() as uow:
        later = timedelta(hours=3)
        moved = replace(third, starts_at=TEN + later, ends_at=third.ends_at + later)
        await uow.sets.save_meeting(moved)
        await uow.commit()
    sets.clock.set(TEN - timedelta(hours=21))
    await sets.timer.queue()

    assert before == []
    assert sorted(n.person_id or "" for n in told) == sorted([*SET, FAY])
    assert {n.due_at for n in told} == {TEN - timedelta(days=1)}
    assert len(await sets.written(Kind.SET_MEETING)) == 10
    assert (fourth.state, fifth.state) == (MeetingState.PLANNED, MeetingState.PLANNED)


async def test_a_meeting_that_nobody_finished_is_over_and_the_next_leader_told_after_quiet_hours(
    sets: Sets,
):
    await sets.meetings.start(FAY, (await sets.all())[0].id)
    sets.clock.set(TEN + timedelta(hours=15))  # one in the morning in London
    await sets.timer.queue()
    await sets.timer.queue()
    third, fourth, fifth = await sets.all()
    sets.clock.set(fourth.starts_at - timedelta(days=4) + timedelta(minutes=1))
    await sets.timer.queue()
    [named, soon] = await sets.written(Kind.SET_TURN)

    assert (third.state, fourth.facilitator_id, fifth.facilitator_id) == ("over", ASHA, NOBODY)
    assert named.due_at == datetime(2026, 5, 20, 6, 30, tzinfo=UTC)
    assert soon.payload["about"] == "soon"
    assert soon.due_at == datetime(2026, 6, 12, 8, 0, tzinfo=UTC)  # Friday, 9:00 in London


async def test_who_leaves_gives_their_turn_to_the_next_and_takes_their_dilemma_with_them(
    sets: Sets,
):
    third, fourth, _ = await sets.all()
    await sets.meetings.start(FAY, third.id)
    await sets.meetings.finish(FAY, third.id)
    await sets.dilemmas.bring(ASHA, sets.set.id, "Mine")
    await sets.dilemmas.bring(BO, sets.set.id, "Bo's")
    async with sets.work() as uow:
        await uow.sets.save_meeting(replace(fourth, facilitator_id=ASHA))
        await uow.commit()

    await sets.life.leave(ASHA, sets.set.id)
    with pytest.raises(NotAllowed):
        await sets.life.leave(ASHA, sets.set.id)
    await sets.timer.queue()

    desk = await sets.dilemmas.look(CY, sets.set.id)
    assert [each.text for each in desk.others] == ["Bo's"]
    async with sets.work(read_only=True) as uow:
        assert [d.person_id for d in await uow.dilemmas.of_set(sets.set.id)] == [BO]
    assert (await sets.all())[1].facilitator_id == BO
    told = await sets.written(Kind.SET_PEOPLE)
    assert sorted(n.person_id or "" for n in told) == [BO, CY, DI, FAY]
    assert [n.payload["set"] for n in await sets.written(Kind.SET_SERIES)] == [sets.set.id]
    [proposed] = await sets.written(Kind.MERGE_PROPOSED)  # three are too few
    assert proposed.person_id == "orla"
    kinds = (Kind.SET_PEOPLE, Kind.SET_TURN, Kind.SET_SERIES, Kind.MERGE_PROPOSED)
    payloads = [str(n.payload) for kind in kinds for n in await sets.written(kind)]
    assert not any(word in payload for payload in payloads for word in ("Mine", "Bo's", "asha"))


async def test_whom_a_new_facilitator_replaces_leads_no_meeting_ahead(sets: Sets):
    _, fourth, fifth = await sets.all()
    async with sets.work() as uow:
        for meeting in (fourth, fifth):
            await uow.sets.save_meeting(replace(meeting, facilitator_id=FAY))
        await uow.sets.save(replace(sets.set, facilitator_id=PersonId("gus")))
        await sets.life.pass_turns_on(uow, sets.set.id, FAY, TEN)
        await sets.life.pass_turns_on(uow, sets.set.id, NOBODY, TEN)
        await uow.commit()

    third, fourth, fifth = await sets.all()
    assert FAY not in {fourth.facilitator_id, fifth.facilitator_id}
    assert third.facilitator_id == NOBODY
