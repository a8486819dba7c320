"""Activities from Teams to the right conversation, and its answer to the right place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from botbuilder.core import InvokeResponse, TurnContext
from botbuilder.core.teams import TeamsActivityHandler
from botbuilder.schema import ChannelAccount
from botbuilder.schema.teams import ChannelInfo, TeamInfo
from typing_extensions import override

from bot import identity, invokes
from bot.actions import Actions, MalformedAction
from bot.replies import Replies
from cards import talk
from cards.kit import Card
from dialogs.conversation import Conversation
from dialogs.reply import Asker, Reply
from dialogs.state import PersonState
from learning.errors import LearningError
from services.outreach import Outreach
from services.people import PeopleService

log = structlog.get_logger()


class LearnweekBot(TeamsActivityHandler):
    def __init__(
        self,
        conversation: Conversation,
        actions: Actions,
        replies: Replies,
        state: PersonState,
        people: PeopleService,
        outreach: Outreach,
        *,
        zone: ZoneInfo,
    ) -> None:
        self._conversation = conversation
        self._actions = actions
        self._replies = replies
        self._state = state
        self._people = people
        self._outreach = outreach
        self._zone = zone

    @override
    async def on_message_activity(self, turn_context: TurnContext) -> None:
        activity = turn_context.activity
        asker = await self._asker(turn_context)
        reply = await self._answer(turn_context, asker)
        await self._replies.send(turn_context, asker, reply)
        await self._state.save(turn_context)
        if identity.is_personal(activity):
            await self._welcome(turn_context, asker)

    @override
    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        return await invokes.answer(turn_context, self.press)

    async def press(self, turn: TurnContext, verb: str, data: dict[str, Any]) -> Card | str:
        """What a pressed button brings about: its new card, or a line when that went elsewhere.

        Raises MalformedAction.
        """
        asker = await self._asker(turn)
        reply = await self._act(turn, asker, verb, data)
        await self._state.save(turn)
        if asker.in_public:
            return await self._replies.privately(turn, asker, reply.card)
        return reply.card

    async def _answer(self, turn: TurnContext, asker: Asker) -> Reply:
        """A message is words, or a button of a client that does not know Action.Execute."""
        value: Any = turn.activity.value
        try:
            if isinstance(value, dict) and isinstance(value.get("verb"), str):
                return await self._act(turn, asker, value["verb"], value)
            return await self._conversation.answer(turn, asker, identity.said(turn.activity))
        except MalformedAction:
            return Reply(card=talk.say("That button no longer works.", actions=talk.TRY_THREE))
        except LearningError as error:
            return Reply(card=talk.say(str(error)), private=True)

    async def _act(self, turn: TurnContext, asker: Asker, verb: str, data: dict[str, Any]) -> Reply:
        """A button answers in the presser's own chat, so it may show what is theirs."""
        source = str(data.get("source") or "card")[:40]
        alone = replace(asker, in_public=False, source=source)
        reply = await self._actions.run(alone, verb, data)
        await self._conversation.pressed(turn, reply)
        return replace(reply, private=True)

    async def _asker(self, turn: TurnContext) -> Asker:
        activity = turn.activity
        person = await self._people.meet(identity.contact_of(activity))
        in_public = not identity.is_personal(activity)
        return Asker(
            person=person,
            zone=person.zone(self._zone),
            in_public=in_public,
            channel=identity.channel_of(activity) if in_public else None,
            team_group_id=identity.team_group_id_of(activity),
        )

    async def _welcome(self, turn: TurnContext, asker: Asker) -> None:
        """Once in their life, and not to somebody who has just been forgotten."""
        if await self._people.welcome(asker.person.id):
            card = talk.welcome_card(asker.person.first_name)
            await self._replies.send(turn, asker, Reply(card=card))

    @override
    async def on_installation_update_add(self, turn_context: TurnContext) -> None:
        await self._arrived(turn_context)

    @override
    async def on_teams_members_added_dispatch(  # pyright: ignore[reportIncompatibleMethodOverride] -- the SDK's hint is no type
        self,
        members_added: list[ChannelAccount],
        team_info: TeamInfo,
        turn_context: TurnContext,
    ) -> None:
        """The SDK would ask Teams for each member; we need nothing that it would say."""
        recipient = turn_context.activity.recipient
        bot_id = recipient.id if recipient else ""
        is_bot = any(getattr(m, "id", None) == bot_id for m in members_added)
        if is_bot or identity.is_personal(turn_context.activity):
            await self._arrived(turn_context)

    async def _arrived(self, turn: TurnContext) -> None:
        """The bot was added: to a person's own chat, where it says hello, or to a team."""
        activity = turn.activity
        if not activity.from_property or not activity.from_property.id:
            return
        if not identity.is_personal(activity):
            return
        asker = await self._asker(turn)
        await self._welcome(turn, asker)

    @override
    async def on_installation_update_remove(self, turn_context: TurnContext) -> None:
        activity = turn_context.activity
        if identity.is_personal(activity):
            person_id = identity.person_id_of(activity)
            await self._people.cannot_reach(person_id, "removed the app")
        elif team_id := identity.team_id_of(activity):
            await self._outreach.leave_team(team_id)

    @override
    async def on_teams_channel_deleted(
        self, channel_info: ChannelInfo, team_info: TeamInfo, turn_context: TurnContext
    ) -> None:
        await self._outreach.unsubscribe(channel_info.id)

    @override
    async def on_teams_team_deleted(self, team_info: TeamInfo, turn_context: TurnContext) -> None:
        await self._outreach.leave_team(team_info.id)
