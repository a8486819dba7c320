"""A system that keeps failing is left alone, and tried again."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from integrations.circuits import Circuit, Circuits, State
from services.ports.systems import Conflict, Rejected, Unavailable
from tests.support.clocks import MONDAY, FixedClock

DOWN = Unavailable("Zoom: 503")


class System:
    """Answers as planned, then well; counts how often it is asked."""

    def __init__(self, *answers: Exception) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def ask(self) -> str:
        self.asked += 1
        if self.answers:
            raise self.answers.pop(0)
        return "here"


async def asked(circuit: Circuit, system: System, times: int) -> list[str]:
    """What came of asking so often: the answer, or the error's words."""
    said: list[str] = []
    for _ in range(times):
        try:
            said.append(await circuit.call(system.ask))
        except (Unavailable, Rejected) as error:
            said.append(str(error))
    return said


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def circuit(clock: FixedClock) -> Circuit:
    return Circuit("Zoom", clock)


async def test_after_five_failures_it_is_left_alone(circuit: Circuit, clock: FixedClock):
    system = System(*[DOWN] * 9)
    said = await asked(circuit, system, 7)
    assert said == ["Zoom: 503"] * 5 + ["Zoom is left alone: Zoom: 503"] * 2
    assert (system.asked, circuit.state) == (5, State.OPEN)


async def test_who_asks_meanwhile_is_told_for_how_long(circuit: Circuit, clock: FixedClock):
    await asked(circuit, System(*[DOWN] * 5), 5)
    clock.advance(timedelta(seconds=10))
    with pytest.raises(Unavailable) as told:
        await circuit.call(System().ask)
    assert told.value.retry_after == 20


async def test_after_a_rest_one_trial_decides(circuit: Circuit, clock: FixedClock):
    await asked(circuit, System(*[DOWN] * 5), 5)
    clock.advance(timedelta(seconds=30))
    assert circuit.state is State.TRYING
    assert await asked(circuit, System(), 2) == ["here", "here"]
    assert circuit.state is State.CLOSED


async def test_each_failed_trial_doubles_the_rest_up_to_five_minutes(
    circuit: Circuit, clock: FixedClock
):
    system = System(*[DOWN] * 50)
    await asked(circuit, system, 5)
    rests: list[int] = []
    for _ in range(6):
        rest = 0
        while circuit.state is State.OPEN:
            rest += 5
            clock.advance(timedelta(seconds=5))
        rests.append(rest)
        await asked(circuit, system, 1)
    assert rests == [30, 60, 120, 240, 300, 300]


async def test_while_the_trial_is_under_way_nothing_else_is_asked(
    circuit: Circuit, clock: FixedClock
):
    await asked(circuit, System(*[DOWN] * 5), 5)
    clock.advance(timedelta(seconds=30))
    beside = System()

    async def trial() -> list[str]:
        return await asked(circuit, beside, 1)

    assert (await circuit.call(trial), beside.asked) == (["Zoom is left alone: Zoom: 503"], 0)


async def test_it_waits_as_long_as_the_system_says(circuit: Circuit, clock: FixedClock):
    await asked(circuit, System(Unavailable("Zoom: 429", retry_after=90)), 1)
    clock.advance(timedelta(seconds=89))
    assert circuit.state is State.OPEN
    clock.advance(timedelta(seconds=1))
    assert await asked(circuit, System(), 1) == ["here"]


async def test_it_does_not_wait_for_a_day(circuit: Circuit, clock: FixedClock):
    await asked(circuit, System(Unavailable("Zoom: 429", retry_after=86_400)), 1)
    clock.advance(timedelta(minutes=10))
    assert await asked(circuit, System(), 1) == ["here"]


@pytest.mark.parametrize("answer", [Rejected("Zoom: 400"), Conflict("Zoom: 409")])
async def test_refusals_are_answers(circuit: Circuit, answer: Exception):
    system = System(*[DOWN] * 4, answer, *[DOWN] * 4)
    await asked(circuit, system, 9)
    assert (system.asked, circuit.state) == (9, State.CLOSED)


async def test_a_clock_that_is_set_back_does_not_keep_it_open(circuit: Circuit, clock: FixedClock):
    await asked(circuit, System(*[DOWN] * 5), 5)
    clock.set(MONDAY - timedelta(hours=2))
    assert await asked(circuit, System(), 1) == ["here"]


async def test_a_trial_that_is_broken_off_lets_the_next_one_in(circuit: Circuit, clock: FixedClock):
    await asked(circuit, System(*[DOWN] * 5), 5)
    clock.advance(timedelta(seconds=30))
    with pytest.raises(KeyError):
        await circuit.call(System(KeyError("broken off")).ask)
    assert await asked(circuit, System(), 1) == ["here"]


async def test_each_system_has_its_own(clock: FixedClock):
    circuits = Circuits(clock)
    down: Sequence[Exception] = [DOWN] * 5
    await asked(circuits.of("Zoom"), System(*down), 5)
    assert await asked(circuits.of("Viva Engage"), System(), 1) == ["here"]
    assert circuits.states() == {"Zoom": State.OPEN, "Viva Engage": State.CLOSED}
