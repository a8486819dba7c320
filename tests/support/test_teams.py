"""That a person's Teams sends what Teams sends, seen from a very small bot."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import quote

import jwt
import pytest
from aiohttp import ClientSession, web

from tests.support.activities import Activity, a_person, channel, group_chat
from tests.support.connector import Connector
from tests.support.login import APP_ID, TENANT, Login
from tests.support.outgoing import CARD
from tests.support.server import Server, application
from tests.support.teams import Teams
from tests.support.tokens import BOT

ASHA = a_person("Asha", timezone="Europe/Berlin")
BO = a_person("Bo", timezone=None)


def button(title: str, code: str) -> dict[str, Any]:
    data = {"verb": "session.book", "code": code}
    return {
        "type": "Action.Execute",
        "title": title,
        "verb": "session.book",
        "data": {"code": code},
        "fallback": {"type": "Action.Submit", "title": title, "data": data},
    }


NOTE = {"type": "Input.Text", "id": "note", "label": "Note", "value": "none"}
SESSIONS = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "body": [NOTE, {"type": "Input.Toggle", "id": "quiet", "label": "Quiet", "title": "Quiet"}],
    "actions": [button("Book", "GM1"), button("Book", "GM2")],
}
BOOKED = {"statusCode": 200, "type": CARD, "value": {**SESSIONS, "body": [], "actions": []}}


@dataclass
class SmallBot:
    """Answers everything with a card, and every invoke with `answer`."""

    login: Login
    heard: list[Activity] = field(default_factory=list)
    headers: list[Any] = field(default_factory=list)
    answer: Any = field(default_factory=lambda: BOOKED)

    async def __aenter__(self) -> Self:
        self._server = Server(application(web.post("/api/messages", self._hear)))
        self.url = f"{await self._server.start()}/api/messages"
        self._http = ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()
        await self._server.stop()

    async def _hear(self, request: web.Request) -> web.Response:
        activity = await request.json()
        self.heard.append(activity)
        self.headers.append(request.headers)
        if activity["type"] == "invoke":
            return web.json_response(self.answer)
        where = quote(activity["conversation"]["id"], safe="")
        card = {"contentType": CARD, "content": SESSIONS}
        grant = self.login.tokens.issue(BOT, tenant=TENANT, client_id=APP_ID)
        await self._http.post(
            f"{activity['serviceUrl']}v3/conversations/{where}/activities",
            json={"type": "message", "summary": "Sessions", "attachments": [card]},
            headers={"Authorization": f"Bearer {grant.token}"},
        )
        return web.Response(status=201)


@dataclass
class World:
    bot: SmallBot
    teams: Teams
    connector: Connector


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with (
        Login() as login,
        Connector(login) as connector,
        SmallBot(login) as bot,
        Teams(bot.url, connector, login) as teams,
    ):
        yield World(bot, teams, connector)


async def test_saying_something_brings_back_what_the_bot_said(world: World):
    answer = await world.teams.say(ASHA, "what's on today")

    [heard] = world.bot.heard
    assert (answer.status, answer.card) == (201, SESSIONS)
    assert (heard["text"], heard["channelId"]) == ("what's on today", "msteams")
    assert heard["from"] == {"id": ASHA.teams_id, "name": "Asha", "aadObjectId": ASHA.aad_id}
    assert heard["conversation"] == {
        "id": ASHA.chat,
        "tenantId": TENANT,
        "conversationType": "personal",
    }
    assert heard["entities"][0]["timezone"] == "Europe/Berlin"
    assert heard["localTimestamp"][-6:] in ("+01:00", "+02:00")
    assert world.bot.headers[0]["x-ms-tenant-id"] == TENANT
    assert "Quiet" in answer.read


async def test_the_token_is_for_this_bot_and_this_service(world: World):
    await world.teams.say(ASHA, "hello")

    token = world.bot.headers[0]["Authorization"].removeprefix("Bearer ")
    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["aud"], claims["serviceurl"]) == (APP_ID, world.connector.service_url)


async def test_a_channel_message_mentions_the_bot_in_a_thread(world: World):
    general = channel()

    first = await world.teams.say(BO, "help", where=general)
    thread = general.in_thread(first.activity["id"])
    second = await world.teams.say(ASHA, "help", where=thread)

    heard = world.bot.heard[0]
    assert heard["text"] == "<at>Learnweek</at> help"
    assert heard["entities"][-1]["mentioned"]["id"] == f"28:{APP_ID}"
    assert heard["conversation"]["id"] == f"{general.id};messageid={heard['id']}"
    assert heard["channelData"]["team"]["id"] == general.team_id
    assert "timezone" not in heard["entities"][0]
    assert second.activity["conversation"] == heard["conversation"]
    assert len(world.connector.sent_to(general)) == 2
    assert set(world.connector.chats.members(general.id)) == {ASHA, BO}
    assert world.connector.chats.person(ASHA.aad_id) is None


async def test_a_group_chat_is_one_conversation(world: World):
    await world.teams.say(BO, "help", where=group_chat())

    assert world.bot.heard[0]["conversation"].items() >= {"isGroup": True}.items()
    assert world.bot.heard[0]["conversation"]["id"] == group_chat().id


async def test_pressing_sends_the_invoke_with_what_was_typed(world: World):
    sent = (await world.teams.say(ASHA, "sessions")).only

    body = await world.teams.press(ASHA, sent, title="Book", having={"code": "GM2"})

    heard = world.bot.heard[-1]
    assert body == BOOKED
    assert (heard["name"], heard["replyToId"]) == ("adaptiveCard/action", sent.id)
    assert heard["value"] == {
        "action": {
            "type": "Action.Execute",
            "verb": "session.book",
            "data": {"code": "GM2", "note": "none", "quiet": "false"},
        },
        "trigger": "manual",
    }


async def test_submitting_sends_the_same_as_a_message_without_text(world: World):
    sent = (await world.teams.say(ASHA, "sessions")).only

    answer = await world.teams.submit(ASHA, sent, having={"code": "GM1"}, data={"note": "hi"})

    heard = world.bot.heard[-1]
    assert (heard["type"], "text" in heard, heard["replyToId"]) == ("message", False, sent.id)
    data = {"code": "GM1", "note": "hi", "quiet": "false"}
    assert heard["value"] == {"verb": "session.book", **data}
    assert answer.card == SESSIONS


async def test_a_button_must_be_there_and_be_the_only_one(world: World):
    with pytest.raises(AssertionError, match="2 buttons title='Book'"):
        await world.teams.press(ASHA, SESSIONS, title="Book")
    with pytest.raises(AssertionError, match="0 buttons"):
        await world.teams.press(ASHA, SESSIONS, verb="session.cancel")


async def test_teams_does_not_send_while_a_required_input_is_empty(world: World):
    needed = {"type": "Input.Text", "id": "why", "label": "Why", "isRequired": True}

    with pytest.raises(AssertionError, match=r"while \['why'\] are empty"):
        await world.teams.press(ASHA, {**SESSIONS, "body": [needed]}, having={"code": "GM1"})


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {"statusCode": 200, "type": CARD, "value": "a card"},
        {"statusCode": 418, "type": CARD, "value": {}},
        {"statusCode": 200, "type": CARD, "value": {**SESSIONS, "version": "1.3"}},
    ],
)
async def test_a_wrong_answer_to_a_press_is_a_fault(world: World, answer: Any):
    world.bot.answer = answer

    await world.teams.press(ASHA, SESSIONS, having={"code": "GM1"})

    assert len(world.connector.faults) == 1
    world.connector.faults.clear()


async def test_installing_and_taking_away_tell_the_bot(world: World):
    await world.teams.install(ASHA)
    await world.teams.uninstall(ASHA)

    assert [(each["type"], each.get("action")) for each in world.bot.heard] == [
        ("conversationUpdate", None),
        ("installationUpdate", "add"),
        ("installationUpdate", "remove"),
    ]
    assert {"id": f"28:{APP_ID}"} in world.bot.heard[0]["membersAdded"]
    assert world.connector.chats.was_left(ASHA.chat)


async def test_anything_can_be_delivered_with_any_token_or_none(world: World):
    activity = world.teams.activities.message("hello", ASHA)

    await world.teams.post(activity, token=None)
    await world.teams.post(activity, token="forged")

    assert "Authorization" not in world.bot.headers[0]
    assert world.bot.headers[1]["Authorization"] == "Bearer forged"
