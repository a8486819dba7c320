"""Bodies as activities, and activities that are delivered again."""

import asyncio
import json

import pytest

from bot import endpoint
from bot.activities import BadActivity, read_activity
from bot.endpoint import Answer, Redelivery
from tests.support.activities import Activities, a_person

ASHA = a_person("Asha")
ACTIVITIES = Activities(app_id="app", tenant="tenant", service_url="https://example.org/")


class Turns:
    """Counts how often a turn was run."""

    def __init__(self) -> None:
        self.run = 0

    async def __call__(self) -> Answer:
        self.run += 1
        await asyncio.sleep(0)
        return 200, f"turn {self.run}".encode()


def an_activity(**more: object):
    return read_activity(json.dumps(ACTIVITIES.message("help", ASHA) | more).encode())


async def test_an_activity_delivered_again_is_answered_from_memory():
    memory, turns = Redelivery(), Turns()
    activity = an_activity()

    first = await memory.once(activity, turns)
    again = await memory.once(activity, turns)

    assert first == again == (200, b"turn 1")
    assert turns.run == 1


async def test_while_the_first_is_under_way_the_second_waits_for_it():
    memory, turns = Redelivery(), Turns()
    activity = an_activity()

    answers = await asyncio.gather(*(memory.once(activity, turns) for _ in range(3)))

    assert answers == [(200, b"turn 1")] * 3


async def test_a_caller_who_hangs_up_does_not_end_the_turn_for_the_next():
    memory, turns = Redelivery(), Turns()
    activity = an_activity()
    impatient = asyncio.create_task(memory.once(activity, turns))
    await asyncio.sleep(0)
    impatient.cancel()

    assert await memory.once(activity, turns) == (200, b"turn 1")


@pytest.mark.parametrize(
    "other",
    [{"id": "other"}, {"conversation": {"id": "other"}}, {"type": "messageUpdate"}],
    ids=str,
)
async def test_another_id_conversation_or_type_is_another_activity(other: dict[str, object]):
    memory, turns = Redelivery(), Turns()
    activity = ACTIVITIES.message("help", ASHA)

    await memory.once(read_activity(json.dumps(activity).encode()), turns)
    await memory.once(read_activity(json.dumps(activity | other).encode()), turns)

    assert turns.run == 2


async def test_an_activity_without_an_id_is_never_the_same(monkeypatch: pytest.MonkeyPatch):
    memory, turns = Redelivery(), Turns()

    await memory.once(an_activity(id=None), turns)
    await memory.once(an_activity(id=None), turns)

    assert turns.run == 2


async def test_the_oldest_answers_are_forgotten(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(endpoint, "REMEMBERED", 2)
    memory, turns = Redelivery(), Turns()
    activities = [an_activity(id=str(number)) for number in range(3)]

    for activity in activities:
        await memory.once(activity, turns)
    newest, oldest = (
        await memory.once(activities[2], turns),
        await memory.once(activities[0], turns),
    )

    assert (newest, oldest) == ((200, b"turn 3"), (200, b"turn 4"))


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (r'"\ud83d"', "?"),
        (r'"a\u0000b"', "ab"),
        (r'"\ud83c\udf89"', "🎉"),
        ('"🎉"', "🎉"),
        (r'"\\ud83d"', r"\ud83d"),
    ],
)
def test_what_is_no_character_is_left_out(said: str, read: str):
    body = json.dumps(ACTIVITIES.message("WORDS", ASHA)).replace('"WORDS"', said)

    assert read_activity(body.encode()).text == read


@pytest.mark.parametrize("part", ["conversation", "from"])
@pytest.mark.parametrize("value", [None, "text", [], {}, {"id": ""}, {"id": 7}])
def test_who_and_where_must_be_there(part: str, value: object):
    with pytest.raises(BadActivity, match=part):
        an_activity(**{part: value})


@pytest.mark.parametrize("data", [7, "text", ["team"], {"team": 7}, {"channel": [1]}])
def test_what_teams_adds_must_be_readable_where_it_is_read(data: object):
    with pytest.raises(BadActivity):
        an_activity(type="conversationUpdate", channelData=data)
