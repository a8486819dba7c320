"""Activities as Teams sends them: who says or presses what, and where."""

import hashlib
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid4, uuid5
from zoneinfo import ZoneInfo

from tests.support.now import now

Activity = dict[str, Any]

_message_ids = itertools.count(1_779_091_200_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in the tenant; without a timezone their Teams does not say where they are."""

    name: str
    aad_id: str
    teams_id: str
    email: str
    timezone: str | None = "Europe/London"

    @property
    def chat(self) -> str:
        """The conversation id of the bot's personal chat with this person."""
        return f"a:1{_digest(self.teams_id)}"


def a_person(name: str, timezone: str | None = "Europe/London") -> Person:
    """Somebody of that name, the same one each time."""
    return Person(
        name=name,
        aad_id=str(uuid5(NAMESPACE_URL, name)),
        teams_id=f"29:1{_digest(name)}",
        email=f"{name.lower().replace(' ', '.')}@example.gov.uk",
        timezone=timezone,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where people talk; a channel with a thread is the conversation below that message."""

    kind: Literal["personal", "groupChat", "channel"]
    id: str = ""
    name: str = ""
    team_id: str = ""
    team_name: str = ""
    thread: str = ""
    members: tuple[Person, ...] = ()

    def conversation(self, person: Person) -> str:
        if self.kind == "personal":
            return person.chat
        return f"{self.id};messageid={self.thread}" if self.thread else self.id

    def in_thread(self, message_id: str) -> "Place":
        return replace(self, thread=message_id)


PERSONAL = Place(kind="personal")


def group_chat(name: str = "Policy team", members: Iterable[Person] = ()) -> Place:
    return Place(
        kind="groupChat", id=f"19:{_digest(name)}@thread.v2", name=name, members=tuple(members)
    )


def channel(
    name: str = "General", team: str = "Learning at Work", members: Iterable[Person] = ()
) -> Place:
    return Place(
        kind="channel",
        id=f"19:{_digest(team + name)}@thread.tacv2",
        name=name,
        team_id=f"19:{_digest(team + 'General')}@thread.tacv2",
        team_name=team,
        members=tuple(members),
    )


def next_message_id() -> str:
    return str(next(_message_ids))


@dataclass(frozen=True, slots=True, kw_only=True)
class Activities:
    """Builders for one bot in one tenant; keyword arguments at the end replace whole fields."""

    app_id: str
    tenant: str
    service_url: str
    bot_name: str = "Learnweek"
    now: Callable[[], datetime] = now

    @property
    def bot(self) -> dict[str, str]:
        return {"id": f"28:{self.app_id}", "name": self.bot_name}

    def message(
        self,
        text: str,
        person: Person,
        *,
        where: Place = PERSONAL,
        mention: bool = True,
        **more: Any,
    ) -> Activity:
        """Words; outside a personal chat the bot only hears what mentions it."""
        said: Activity = {"type": "message", "text": text, "textFormat": "plain"}
        if where.kind != "personal" and mention:
            at = f"<at>{self.bot_name}</at>"
            html = f"<div><div>{at}&nbsp;{text}</div></div>"
            said["text"] = f"{at} {text}"
            said["attachments"] = [{"contentType": "text/html", "content": html}]
            more["entities"] = [
                *self._entities(person),
                {"type": "mention", "mentioned": self.bot, "text": at},
            ]
        return self._from(person, where) | said | more

    def invoke(
        self,
        verb: str,
        data: dict[str, Any],
        person: Person,
        *,
        where: Place = PERSONAL,
        trigger: Literal["manual", "automatic"] = "manual",
        **more: Any,
    ) -> Activity:
        """A press on an Action.Execute."""
        action = {"type": "Action.Execute", "verb": verb, "data": data}
        value = {"action": action, "trigger": trigger}
        return self.request("adaptiveCard/action", value, person, where=where, **more)

    def request(
        self, name: str, value: Any, person: Person, *, where: Place = PERSONAL, **more: Any
    ) -> Activity:
        """An invoke of any other name, such as composeExtension/query."""
        asked = {"type": "invoke", "name": name, "value": value, "id": f"f:{uuid4()}"}
        return self._from(person, where) | asked | more

    def submit(
        self,
        verb: str,
        data: dict[str, Any],
        person: Person,
        *,
        where: Place = PERSONAL,
        **more: Any,
    ) -> Activity:
        """A press on the Action.Submit that an Action.Execute fell back on: no text, a value."""
        pressed: Activity = {"type": "message", "value": {"verb": verb, **data}}
        return self._from(person, where) | pressed | more

    def conversation_update(
        self,
        person: Person,
        *,
        where: Place = PERSONAL,
        added: Iterable[Person] = (),
        removed: Iterable[Person] = (),
        bot_added: bool = False,
        **more: Any,
    ) -> Activity:
        """People, or the bot itself, have come or gone."""
        come = [{"id": each.teams_id, "aadObjectId": each.aad_id} for each in added]
        gone = [{"id": each.teams_id, "aadObjectId": each.aad_id} for each in removed]
        come += [{"id": self.bot["id"]}] if bot_added else []
        update: Activity = {"type": "conversationUpdate"}
        update |= {"membersAdded": come} if come else {}
        update |= {"membersRemoved": gone} if gone else {}
        made = self._from(person, where, threaded=False) | update | more
        if where.kind == "channel":
            kind = "teamMemberAdded" if come else "teamMemberRemoved"
            made["channelData"] = {**made["channelData"], "eventType": kind}
        return made

    def team_event(self, event: str, person: Person, *, where: Place, **more: Any) -> Activity:
        """Something happened to a team or one of its channels, such as channelRenamed."""
        made: Activity = self._from(person, where, threaded=False)
        made |= {"type": "conversationUpdate", **more}
        made["channelData"]["eventType"] = event
        if event.startswith("team"):
            made["conversation"]["id"] = where.team_id
            del made["channelData"]["channel"]
        return made

    def installation_update(
        self,
        person: Person,
        action: Literal["add", "remove"] = "add",
        *,
        where: Place = PERSONAL,
        **more: Any,
    ) -> Activity:
        """The app was installed or taken away."""
        update = {"type": "installationUpdate", "action": action}
        return self._from(person, where, threaded=False) | update | more

    def _from(self, person: Person, where: Place, *, threaded: bool = True) -> Activity:
        id = next_message_id()
        if where.kind == "channel" and threaded and not where.thread:
            where = where.in_thread(id)
        sent: Activity = {
            "channelId": "msteams",
            "id": id,
            "serviceUrl": self.service_url,
            "from": {"id": person.teams_id, "name": person.name, "aadObjectId": person.aad_id},
            "recipient": self.bot,
            "conversation": self._conversation(person, where),
            "channelData": self._channel_data(where),
            "entities": self._entities(person),
            "locale": "en-GB",
        }
        return sent | self._times(person)

    def _times(self, person: Person) -> dict[str, str]:
        now = self.now().astimezone(UTC)
        times = {"timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "Z")}
        if person.timezone is not None:
            local = now.astimezone(ZoneInfo(person.timezone))
            times["localTimestamp"] = local.isoformat(timespec="milliseconds")
            times["localTimezone"] = person.timezone
        return times

    def _conversation(self, person: Person, where: Place) -> dict[str, Any]:
        about: dict[str, Any] = {
            "id": where.conversation(person),
            "tenantId": self.tenant,
            "conversationType": where.kind,
        }
        return about if where.kind == "personal" else about | {"isGroup": True, "name": where.name}

    def _channel_data(self, where: Place) -> dict[str, Any]:
        about: dict[str, Any] = {"tenant": {"id": self.tenant}}
        if where.kind == "channel":
            about |= {"teamsChannelId": where.id, "teamsTeamId": where.team_id}
            about |= {"channel": {"id": where.id, "name": where.name}}
            about |= {"team": {"id": where.team_id, "name": where.team_name}}
        return about

    def _entities(self, person: Person) -> list[dict[str, Any]]:
        client = {"type": "clientInfo", "locale": "en-GB", "country": "GB", "platform": "Windows"}
        return [client if person.timezone is None else client | {"timezone": person.timezone}]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
