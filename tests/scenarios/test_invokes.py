"""Every kind of invoke: what is malformed, what is not ours, and what goes wrong inside."""

from time import monotonic
from typing import Any

import pytest

from bot.replies import ANSWERED
from tests.scenarios.world import ASHA, World
from tests.support.activities import PERSONAL, Place, group_chat
from tests.support.databases import run_sql
from tests.support.extension_answers import error_faults
from tests.support.invoke_answers import invoke_faults

shared = pytest.mark.asyncio(loop_scope="module")

SUGGESTIONS = ("suggestedAction/submit", "suggestedActions/submit")
SEARCH = "composeExtension/query"
LINKS = ("composeExtension/queryLink", "composeExtension/anonymousQueryLink")
DIALOGS = ("task/fetch", "task/submit")

NONE: tuple[Any, ...] = (None, "text", 7, [], {}, True)
NO_SEARCH: tuple[Any, ...] = (
    {"commandId": "somethingElse"},
    {"commandId": ["searchSessions"]},
    {"commandId": "searchSessions", "parameters": "text"},
    {"commandId": "searchSessions", "parameters": ["text"]},
    {"commandId": "searchSessions", "parameters": [None]},
    {"commandId": "searchSessions", "parameters": [{"name": ["text"], "value": "x"}]},
    {"commandId": "searchSessions", "parameters": [{"name": "text", "value": 7}]},
    {"commandId": "searchSessions", "parameters": [{"name": "text"}]},
    {"commandId": "searchSessions", "queryOptions": [0, 25]},
    {"commandId": "searchSessions", "queryOptions": {"skip": -1}},
    {"commandId": "searchSessions", "queryOptions": {"skip": "many"}},
    {"commandId": "searchSessions", "queryOptions": {"count": 2.5}},
    {"commandId": "searchSessions", "queryOptions": {"count": True}},
)
NO_LINK: tuple[Any, ...] = ({"url": None}, {"url": ""}, {"url": 7}, {"url": ["https://a"]})
NO_BUTTON: tuple[Any, ...] = (
    {"verb": None},
    {"verb": 7},
    {"verb": ["session.book"]},
    {"verb": "no.such.verb"},
    {"verb": "session.book"},
    {"verb": "session.book", "session": "one"},
    {"session": 1},
)
NO_DIALOG: tuple[Any, ...] = (
    {"data": None},
    {"data": "session.show"},
    *({"data": data} for data in NO_BUTTON),
)

MALFORMED = [
    *((SEARCH, value) for value in NONE + NO_SEARCH),
    *((name, value) for name in LINKS for value in NONE + NO_LINK),
    *((name, value) for name in DIALOGS for value in NONE + NO_DIALOG),
    *((name, value) for name in SUGGESTIONS for value in NONE + NO_BUTTON),
]


@shared
@pytest.mark.parametrize(("name", "value"), MALFORMED, ids=str)
async def test_what_is_malformed_is_refused_in_a_body_that_says_why(
    town: World, name: str, value: Any
):
    answer = await town.teams.post(town.teams.activities.request(name, value, ASHA))

    assert answer.status == 400
    assert error_faults(answer.body) == []
    assert answer.body["error"]["code"] == "BadRequest"


@shared
@pytest.mark.parametrize(
    "name",
    [
        "composeExtension/selectItem",
        "composeExtension/submitAction",
        "composeExtension/Query",
        "adaptivecard/action",
        "task/other",
        "tab/fetch",
        "signin",
        "__init__",
        "",
        None,
    ],
)
async def test_an_invoke_of_another_name_is_not_ours(town: World, name: Any):
    answer = await town.teams.post(town.teams.activities.request(name, {}, ASHA))

    assert (answer.status, answer.body) == (501, None)


@shared
@pytest.mark.parametrize("name", ["signin/verifyState", "signin/tokenExchange", "signin/failure"])
@pytest.mark.parametrize("value", [None, {}, {"state": "1234"}, "nonsense"], ids=str)
async def test_nobody_has_to_sign_in_so_that_is_passed_over(town: World, name: str, value: Any):
    answer = await town.teams.post(town.teams.activities.request(name, value, ASHA))

    assert (answer.status, answer.body, answer.sent) == (200, None, [])


@shared
@pytest.mark.parametrize("name", SUGGESTIONS)
async def test_a_suggestion_acts_like_the_button_and_is_answered_in_the_chat(
    town: World, name: str
):
    someone = await town.newcomer()

    answer = await town.teams.post(await a_suggestion(town, name, someone))

    assert (answer.status, answer.body) == (200, None)
    assert "You're booked" in answer.only.read
    assert answer.only.conversation == someone.chat
    assert await town.state(someone, "GM1") == "booked"


@shared
async def test_a_suggestion_in_a_group_chat_is_answered_in_ones_own(town: World):
    someone = await town.newcomer()
    chat = group_chat(members=[someone])
    town.connector.chats.add_place(chat)

    answer = await town.teams.post(await a_suggestion(town, SUGGESTIONS[0], someone, chat))

    told = {sent.conversation: sent for sent in answer.sent}
    assert told[chat.id].text == ANSWERED
    assert "You're booked" in told[someone.chat].read


@pytest.mark.parametrize(("chat", "status"), [("gone", 400), ("slow", 500)])
async def test_a_suggestion_whose_answer_cannot_be_sent_says_so(
    world: World, chat: str, status: int
):
    suggestion = await a_suggestion(world, SUGGESTIONS[0], ASHA)
    if chat == "gone":
        world.connector.chats.leave(ASHA)
    else:
        world.connector.fail_next(None, conversation=ASHA.chat, delay=30)

    started = monotonic()
    answer = await world.teams.post(suggestion)

    assert monotonic() - started < 3
    assert answer.status == status
    assert error_faults(answer.body) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (SEARCH, {"commandId": "searchSessions"}),
        (LINKS[0], {"url": "https://learnweek.example.org/hub/sessions/GM1"}),
        (DIALOGS[0], {"data": {"verb": "session.show", "session": 1}}),
        (SUGGESTIONS[0], {"verb": "session.show", "session": 1}),
        ("adaptiveCard/action", {"action": {"verb": "session.show", "data": {"session": 1}}}),
    ],
)
async def test_our_own_fault_is_told_in_the_shape_of_the_invoke(
    world: World, name: str, value: Any
):
    await run_sql(world.bot.core.database, "ALTER TABLE sessions RENAME TO mislaid")

    answer = await world.teams.post(world.teams.activities.request(name, value, ASHA))

    await run_sql(world.bot.core.database, "ALTER TABLE mislaid RENAME TO sessions")
    if name == "adaptiveCard/action":
        assert (answer.status, answer.body["statusCode"]) == (200, 500)
        assert invoke_faults(answer.body) == []
        told = answer.body["value"]
    else:
        assert answer.status == 500
        assert error_faults(answer.body) == []
        told = answer.body["error"]
    assert told["code"] == "InternalError"
    assert "something went wrong on my side" in told["message"]


async def a_suggestion(world: World, name: str, person: Any, where: Place = PERSONAL) -> Any:
    value = {"verb": "session.book", "session": (await world.session("GM1")).id}
    return world.teams.activities.request(name, value, person, where=where)
