"""That Teams takes what it would take, and refuses the rest in its own words."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

from tests.support.activities import a_person, channel
from tests.support.connector import Connector
from tests.support.limits import Limits
from tests.support.login import APP_ID, TENANT, Login
from tests.support.outgoing import CARD
from tests.support.tokens import BOT, GRAPH
from tests.support.troubles import DROPPED

ASHA = a_person("Asha")
BO = a_person("Bo")
STRANGER = a_person("Stranger")
HELLO = {"type": "message", "text": "Hello", "from": {"id": f"28:{APP_ID}"}}


class Bot:
    """A client of the connector with the token it should have."""

    def __init__(self, connector: Connector, login: Login, http: aiohttp.ClientSession) -> None:
        self.connector = connector
        self.http = http
        self.bearer = login.tokens.issue(BOT, tenant=TENANT, client_id=APP_ID).token

    async def call(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, Any, Mapping[str, str]]:
        headers = {"Authorization": f"Bearer {self.bearer}"} | headers
        url = f"{self.connector.service_url}v3/conversations{path}"
        async with self.http.request(method, url, json=body, headers=headers) as response:
            is_json = response.content_type == "application/json"
            told = await response.json() if is_json else await response.text()
            return response.status, told, response.headers

    async def send(self, body: Any = HELLO, to: str = ASHA.chat, above: str = "") -> Any:
        path = f"/{quote(to, safe='')}/activities" + (f"/{above}" if above else "")
        return (await self.call("POST", path, body))[:2]


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with (
        Login() as login,
        Connector(login, people=[ASHA, BO]) as connector,
        aiohttp.ClientSession() as http,
    ):
        yield Bot(connector, login, http)
        connector.faults.clear()


def create(member: str, **more: Any) -> dict[str, Any]:
    return {"bot": {"id": f"28:{APP_ID}"}, "members": [{"id": member}], "tenantID": TENANT} | more


async def test_a_message_is_kept_with_its_reply(bot: Bot):
    status, answer = await bot.send()
    await bot.send({**HELLO, "replyToId": "17"}, above="17")

    [first, second] = bot.connector.sent_to(ASHA)
    assert (status, answer) == (201, {"id": first.id})
    assert (first.text, first.reply_to, second.reply_to) == ("Hello", None, "17")
    assert bot.connector.faults == []


async def test_typing_is_a_signal_and_no_message(bot: Bot):
    await bot.send({"type": "typing"})

    assert (bot.connector.sent, len(bot.connector.signals)) == ([], 1)


@pytest.mark.parametrize("bearer", ["", "Bearer invented", "Basic abc"])
async def test_without_a_token_nothing_is_taken(bot: Bot, bearer: str):
    status, answer, _ = await bot.call("POST", "", create(ASHA.aad_id), Authorization=bearer)

    assert (status, answer["error"]["code"]) == (401, "BotNotRegistered")
    assert bot.connector.created == []


async def test_a_token_for_graph_is_none_for_teams(bot: Bot):
    grant = bot.connector._login.tokens.issue(GRAPH, tenant=TENANT, client_id=APP_ID)
    bot.bearer = grant.token

    status, _ = await bot.send()

    assert status == 401


async def test_the_same_member_has_the_same_conversation(bot: Bot):
    one = await bot.call("POST", "", create(ASHA.aad_id))
    two = await bot.call("POST", "", create(ASHA.teams_id))

    assert one[0] == 201
    assert one[1]["id"] == two[1]["id"] == ASHA.chat
    assert one[1]["serviceUrl"] == bot.connector.service_url


async def test_a_thread_in_a_channel_begins_with_its_activity(bot: Bot):
    general = channel()
    bot.connector.chats.add_place(general)
    asked = {"isGroup": True, "activity": HELLO, "channelData": {"channel": {"id": general.id}}}

    status, answer, _ = await bot.call("POST", "", {**asked, "tenantId": TENANT})

    assert status == 201
    assert answer["id"] == f"{general.id};messageid={answer['activityId']}"
    assert (await bot.send(to=answer["id"]))[0] == 201
    assert len(bot.connector.sent_to(general)) == 2


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        (create(STRANGER.aad_id), 403, "ForbiddenOperationException"),
        (create(ASHA.email), 400, "BadArgument"),
        (create(ASHA.aad_id, tenantID="another"), 400, "BadArgument"),
        (create(ASHA.aad_id, bot={"id": "28:another"}), 400, "BadArgument"),
        (create(ASHA.aad_id, members=[]), 400, "BadArgument"),
        ({"tenantId": TENANT, "channelData": {"channel": {"id": "19:x"}}}, 400, "BadArgument"),
        ("no object", 400, "BadArgument"),
    ],
)
async def test_no_conversation_for(bot: Bot, asked: Any, status: int, code: str):
    answer = await bot.call("POST", "", asked)

    assert (answer[0], answer[1]["error"]["code"]) == (status, code)


async def test_messages_go_only_where_the_bot_is(bot: Bot):
    bot.connector.chats.leave(BO)

    nowhere = await bot.send(to="a:1nowhere")
    left = await bot.send(to=BO.chat)

    assert (nowhere[0], nowhere[1]["error"]["code"]) == (404, "ConversationNotFound")
    assert (left[0], left[1]["error"]["code"]) == (403, "BotNotInConversationRoster")


def with_card(card: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "message", "attachments": [{"contentType": CARD, "content": card}], **more}


CARD_JSON = {"type": "AdaptiveCard", "version": "1.5", "body": []}


@pytest.mark.parametrize(
    ("activity", "fault"),
    [
        (with_card({**CARD_JSON, "version": "1.6"}, summary="Hi"), "version is '1.6'"),
        (with_card(CARD_JSON), "without a summary"),
        ({**HELLO, "from": {"id": "28:another"}}, "in the name of 28:another"),
        ({**HELLO, "conversation": {"id": BO.chat}}, "names the conversation"),
        ({**HELLO, "text": "<at>Bo</at> hello"}, "no mention without its entity"),
        ({**HELLO, "suggestedActions": {"actions": [{}] * 4}}, "4 suggested actions"),
        ({**HELLO, "attachments": [{"contentType": "x"}] * 11}, "11 attachments"),
        ({**HELLO, "attachments": [{}]}, "without a contentType"),
        ({"type": "trace"}, "the type is 'trace'"),
    ],
)
async def test_a_wrong_activity_is_told_in_the_faults(bot: Bot, activity: Any, fault: str):
    await bot.send(activity)

    assert fault in "\n".join(bot.connector.faults)


async def test_leaving_with_faults_fails_the_test():
    async def leave_with_faults() -> None:
        async with Login() as login, Connector(login) as connector:
            connector.faults.append("a text that does not wrap")

    with pytest.raises(AssertionError, match="does not wrap"):
        await leave_with_faults()


@pytest.mark.parametrize(
    ("activity", "status", "code"),
    [
        ({"type": "message"}, 400, "BadArgument"),
        ({"text": "of no type"}, 400, "BadArgument"),
        ({**HELLO, "text": "x" * 60_000}, 413, "MessageSizeTooBig"),
    ],
)
async def test_what_cannot_be_shown_is_refused(bot: Bot, activity: Any, status: int, code: str):
    answer = await bot.send(activity)

    assert (answer[0], answer[1]["error"]["code"]) == (status, code)


async def test_only_ones_own_messages_can_be_changed_and_only_while_they_stand(bot: Bot):
    _, sent = await bot.send()
    path = f"/{quote(ASHA.chat, safe='')}/activities/{sent['id']}"
    changed = {**HELLO, "text": "Changed"}

    updated = await bot.call("PUT", path, changed)
    deleted = await bot.call("DELETE", path)
    again = await bot.call("PUT", path, changed)

    assert (updated[:2], deleted[0]) == ((200, sent), 200)
    assert bot.connector.updated[0].activity == changed
    assert (again[0], again[1]["error"]["code"]) == (404, "ActivityNotFoundInConversation")
    assert bot.connector.shown(bot.connector.sent[0]) is None


async def test_the_roster_tells_who_is_there_in_pages(bot: Bot):
    general = channel(members=[ASHA, BO])
    bot.connector.chats.add_place(general)
    path = f"/{quote(general.id, safe='')}"

    first = await bot.call("GET", f"{path}/pagedmembers?pageSize=1")
    token = first[1]["continuationToken"]
    second = await bot.call("GET", f"{path}/pagedmembers?pageSize=1&continuationToken={token}")
    bo = await bot.call("GET", f"{path}/members/{quote(BO.teams_id, safe='')}")
    nobody = await bot.call("GET", f"{path}/members/{STRANGER.aad_id}")

    assert [each["name"] for each in first[1]["members"]] == ["Asha"]
    assert second[1] == {"members": [bo[1]]}
    assert (
        bo[1].items()
        >= {
            "aadObjectId": BO.aad_id,
            "email": BO.email,
            "userPrincipalName": BO.email,
            "tenantId": TENANT,
            "userRole": "user",
        }.items()
    )
    assert (nobody[0], nobody[1]["error"]["code"]) == (404, "MemberNotFoundInConversation")


async def test_an_unknown_call_is_a_fault(bot: Bot):
    await bot.call("GET", "/a/history")

    assert "Teams has no such call" in bot.connector.faults[0]


async def test_failures_come_in_teams_own_words_and_end(bot: Bot):
    bot.connector.fail_next(429, headers={"Retry-After": "2"})
    bot.connector.fail_next(403, code="MessageWritesBlocked")
    bot.connector.fail_next(502)
    path = f"/{quote(ASHA.chat, safe='')}/activities"

    limited, blocked, gateway, well = [await bot.call("POST", path, HELLO) for _ in range(4)]

    assert (limited[0], limited[1]["error"]["code"]) == (429, "Throttled")
    assert limited[2]["Retry-After"] == "2"
    assert (blocked[0], blocked[1]["errorCode"]) == (403, 209)
    assert '"subCode": "MessageWritesBlocked"' in blocked[1]["message"]
    assert (gateway[0], gateway[2]["Content-Type"][:9]) == (502, "text/html")
    assert well[0] == 201
    assert len(bot.connector.sent) == 1


async def test_a_failure_may_be_for_one_conversation_only(bot: Bot):
    bot.connector.fail_next(412, conversation=BO.chat)

    assert (await bot.send(to=ASHA.chat))[0] == 201
    assert (await bot.call("POST", "", create(BO.aad_id)))[0] == 412
    assert (await bot.send(to=BO.chat))[0] == 201


async def test_a_message_can_arrive_although_the_answer_is_lost(bot: Bot):
    bot.connector.fail_next(504, acted=True)
    bot.connector.fail_next(DROPPED, acted=True)

    status, _ = await bot.send()
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await bot.send()

    assert status == 504
    assert len(bot.connector.sent) == 2


async def test_waiting_finds_what_was_sent_and_what_will_be(bot: Bot):
    await bot.send()
    later = asyncio.create_task(bot.send({**HELLO, "text": "Later"}))

    assert (await bot.connector.wait_for(lambda sent: sent.text == "Hello")).text == "Hello"
    assert (await bot.connector.wait_for(lambda sent: sent.text == "Later")).text == "Later"
    await later
    with pytest.raises(AssertionError, match="not among the 2"):
        await bot.connector.wait_for(lambda sent: sent.text == "Never", timeout=0.05)


async def test_limits_refuse_the_eighth_message_of_a_second(bot: Bot):
    bot.connector.limits = Limits()

    answers = [await bot.send() for _ in range(8)]

    assert [status for status, _ in answers] == [201] * 7 + [429]
    assert bot.connector.limits.refused == 1


def test_limits_count_over_a_sliding_window():
    limits = Limits(per_app=((3, 1.0),), per_thread=((2, 1.0),))

    waits = [limits.wait(thread, at) for thread, at in [("a", 0.0), ("a", 0.5), ("a", 0.75)]]

    assert waits == [None, None, 0.25]
    assert limits.wait("b", 0.75) is None
    assert limits.wait("c", 0.875) == 0.125
    assert limits.wait("a", 1.0) is None
