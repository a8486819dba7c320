"""A person's Teams: says and presses things to the bot, and hears what comes back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import ClientSession, ClientTimeout

from tests.support.activities import PERSONAL, Activities, Activity, Person, Place
from tests.support.card_parts import button, typed_in
from tests.support.connector import Connector
from tests.support.invoke_answers import invoke_faults
from tests.support.login import Login
from tests.support.outgoing import Sent, Updated

PATIENCE = ClientTimeout(total=15)
SIGNED = "signed"

# A message of the bot as it was sent or as it was changed, a card, or the answer to a press.
Pressable = Sent | Updated | Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one activity led to while its request was open."""

    status: int
    sent: list[Sent]
    updated: list[Updated]
    body: Any
    activity: Activity

    @property
    def only(self) -> Sent:
        assert len(self.sent) == 1, f"{self.status}, and {len(self.sent)} messages: {self.sent}"
        return self.sent[0]

    @property
    def card(self) -> dict[str, Any]:
        """The only card of the only message."""
        return self.only.card

    @property
    def read(self) -> str:
        """All that a person can read of it."""
        return "\n".join(each.read for each in self.sent)


class Teams:
    """One bot, reached as Teams reaches it, by the people of one tenant."""

    def __init__(
        self,
        bot_url: str,
        connector: Connector,
        login: Login,
        app_id: str | None = None,
        tenant: str | None = None,
    ) -> None:
        """The address is the one of POST /api/messages."""
        self._bot_url = bot_url
        self._connector = connector
        self._login = login
        self.activities = Activities(
            app_id=app_id or login.app_id,
            tenant=tenant or login.tenant,
            service_url=connector.service_url,
        )

    async def __aenter__(self) -> Self:
        self._http = ClientSession(timeout=PATIENCE)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    async def install(self, person: Person, *, where: Place = PERSONAL) -> Answer:
        """Install the app for a person, or in a team or group chat; Teams tells the bot twice."""
        self._meet(person, where)
        joined = self.activities.conversation_update(
            person, where=where, bot_added=True, added=[person] if where is PERSONAL else []
        )
        first = await self.post(joined)
        second = await self.post(self.activities.installation_update(person, where=where))
        return Answer(
            status=max(first.status, second.status),
            sent=first.sent + second.sent,
            updated=first.updated + second.updated,
            body=second.body,
            activity=second.activity,
        )

    async def uninstall(self, person: Person, *, where: Place = PERSONAL) -> Answer:
        gone = self.activities.installation_update(person, "remove", where=where)
        self._connector.chats.leave(person if where is PERSONAL else where)
        return await self.post(gone)

    async def say(self, person: Person, text: str, where: Place = PERSONAL) -> Answer:
        """Say something; outside a personal chat the bot is mentioned."""
        self._meet(person, where)
        return await self.post(self.activities.message(text, person, where=where))

    async def press(
        self,
        person: Person,
        on: Pressable,
        *,
        title: str | None = None,
        verb: str | None = None,
        having: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        where: Place | None = None,
    ) -> dict[str, Any]:
        """Press an Action.Execute and get the body of the bot's answer to the invoke.

        The button is the one of that title, verb and data (`having`); `data` is
        what the person typed into the inputs of the card, or a forgery.
        """
        action = button(_card(on), title=title, verb=verb, having=having)
        assert action["type"] == "Action.Execute", f"{action} is pressed with submit()"
        sent = action.get("data", {}) | typed_in(_card(on), data or {})
        return await self._execute(person, on, action["verb"], sent, where, "manual")

    async def refresh(
        self, person: Person, on: Pressable, *, where: Place | None = None
    ) -> dict[str, Any]:
        """Do what Teams does when a card with a refresh comes into view."""
        action = _card(on)["refresh"]["action"]
        return await self._execute(
            person, on, action["verb"], action.get("data", {}), where, "automatic"
        )

    async def submit(
        self,
        person: Person,
        on: Pressable,
        *,
        title: str | None = None,
        verb: str | None = None,
        having: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        where: Place | None = None,
    ) -> Answer:
        """Press the same button where Teams only knows the Action.Submit behind it."""
        action = button(_card(on), title=title, verb=verb, having=having)
        action = action.get("fallback", action)
        sent = action.get("data", {}) | typed_in(_card(on), data or {})
        place = self._place(on, where)
        self._meet(person, place)
        value_verb = sent.pop("verb", "")
        return await self.post(
            self.activities.submit(value_verb, sent, person, where=place, **_reply_to(on))
        )

    async def post(
        self,
        activity: Activity,
        *,
        token: str | None = SIGNED,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Deliver any activity, with the right token, another one, or none."""
        if token == SIGNED:
            claims = (self.activities.app_id, activity.get("serviceUrl", ""))
            token = self._login.channel_token(*claims)
        conversation = (activity.get("conversation") or {}).get("id", "")
        sent_headers = {
            "x-ms-conversation-id": conversation,
            "x-ms-tenant-id": self.activities.tenant,
            **({"Authorization": f"Bearer {token}"} if token is not None else {}),
            **(headers or {}),
        }
        sent, updated = len(self._connector.sent), len(self._connector.updated)
        async with self._http.post(self._bot_url, json=activity, headers=sent_headers) as response:
            status, text = response.status, await response.text()
        heard = {conversation, self._chat_of(activity)}
        return Answer(
            status=status,
            sent=[each for each in self._connector.sent[sent:] if each.conversation in heard],
            updated=[
                each for each in self._connector.updated[updated:] if each.conversation in heard
            ],
            body=_json(text),
            activity=activity,
        )

    async def _execute(
        self,
        person: Person,
        on: Pressable,
        verb: str,
        data: dict[str, Any],
        where: Place | None,
        trigger: Any,
    ) -> dict[str, Any]:
        place = self._place(on, where)
        self._meet(person, place)
        pressed = self.activities.invoke(
            verb, data, person, where=place, trigger=trigger, **_reply_to(on)
        )
        answer = await self.post(pressed)
        assert answer.status == 200, f"{verb} was answered with HTTP {answer.status}: {answer.body}"
        self._connector.faults += invoke_faults(answer.body)
        return answer.body

    def _meet(self, person: Person, where: Place) -> None:
        """Whoever talks to the bot has it there; talking in a channel gives no personal chat."""
        if where.kind == "personal":
            self._connector.chats.add_person(person)
        else:
            self._connector.chats.add_member(where, person)

    def _place(self, on: Pressable, where: Place | None) -> Place:
        found = (
            self._connector.chats.place(on.conversation) if isinstance(on, Sent | Updated) else None
        )
        return where or found or PERSONAL

    def _chat_of(self, activity: Activity) -> str | None:
        person = self._connector.chats.person((activity.get("from") or {}).get("id", ""))
        return person.chat if person else None


def _card(on: Pressable) -> Mapping[str, Any]:
    if isinstance(on, Sent | Updated):
        return on.card
    return on if on.get("type") == "AdaptiveCard" else on["value"]


def _reply_to(on: Pressable) -> dict[str, str]:
    return {"replyToId": on.id} if isinstance(on, Sent | Updated) else {}


def _json(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text
