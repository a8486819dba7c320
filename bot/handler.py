"""Activities from Teams to the right conversation, and its answer to the right place."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from botbuilder.core import InvokeResponse, TurnContext
from typing_extensions import override

from bot import identity
from bot.actions import Actions, MalformedAction
from bot.files import OwnFiles
from bot.invokes import Invokes
from bot.lifecycle import Lifecycle
from bot.refreshes import Refreshes
from bot.replies import ANSWERED, COMING, Replies
from bot.search_box import SearchBox
from bot.typing_indicator import typing_while_slow
from bot.unfurling import Unfurling
from cards import talk
from cards.kit import Card
from dialogs.conversation import Conversation
from dialogs.reply import Asker, Reply
from dialogs.state import PersonState
from learning.errors import LearningError
from learning.sources import known
from services.catalogue import Catalogue
from services.channels import ChannelService
from services.people import PeopleService
from services.ports.systems import Unavailable

log = structlog.get_logger()

PATIENCE = 2.0
"""Seconds that an answer elsewhere may take while Teams waits for that to an invoke."""

LATE = "I could not reach our own chat just now; ask me there."


class LearnweekBot(Lifecycle):
    def __init__(
        self,
        conversation: Conversation,
        actions: Actions,
        replies: Replies,
        state: PersonState,
        people: PeopleService,
        channels: ChannelService,
        catalogue: Catalogue,
        refreshes: Refreshes,
        search_box: SearchBox,
        unfurling: Unfurling,
        files: OwnFiles | None = None,
        *,
        zone: ZoneInfo,
    ) -> None:
        super().__init__(people, channels)
        self._conversation = conversation
        self._actions = actions
        self._replies = replies
        self._state = state
        self._catalogue = catalogue
        self._refreshes = refreshes
        self._files = files
        self._invokes = Invokes(self, search_box, unfurling, files)
        self._zone = zone

    @override
    async def on_message_activity(self, turn_context: TurnContext) -> None:
        activity = turn_context.activity
        async with typing_while_slow(turn_context):
            asker = await self._asker(turn_context)
            replies = await self._answer(turn_context, asker)
        await self._replies.send(turn_context, asker, replies)
        if self._files is not None and any(reply.with_file for reply in replies):
            await self._files.offer(turn_context)
        await self._state.save(turn_context)
        if identity.is_personal(activity):
            await self._welcome(turn_context, asker)

    @override
    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        return await self._invokes.answer(turn_context)

    async def press(self, turn: TurnContext, verb: str, data: dict[str, Any]) -> Card | str:
        """What a pressed button brings about: its new card, or a line when that went elsewhere.

        Only the presser sees that line, so it may say what came of it. Raises MalformedAction.
        """
        if (own := await self._refreshes.card(turn.activity, verb, data)) is not None:
            return own
        asker, reply = await self._pressed(turn, verb, data)
        if not asker.in_public:
            return reply.card
        try:
            async with asyncio.timeout(PATIENCE):
                line = await self._replies.privately(turn, asker, reply.card)
        except TimeoutError:
            line = COMING if await self._replies.reach(turn, asker) else LATE
        return line if line == ANSWERED else f"{reply.card.summary}. {line}"

    async def show(self, turn: TurnContext, verb: str, data: dict[str, Any]) -> Card:
        """The same for a dialog, which only the presser sees. Raises MalformedAction."""
        asker, reply = await self._pressed(turn, verb, data)
        await self._replies.reach(turn, asker)
        return reply.card

    async def tell(self, turn: TurnContext, verb: str, data: dict[str, Any]) -> None:
        """The same as a message. Raises MalformedAction."""
        asker, reply = await self._pressed(turn, verb, data)
        try:
            async with asyncio.timeout(PATIENCE):
                await self._replies.send(turn, asker, [reply])
        except TimeoutError as error:
            raise Unavailable("the answer to a suggestion takes too long") from error

    async def _pressed(
        self, turn: TurnContext, verb: str, data: dict[str, Any]
    ) -> tuple[Asker, Reply]:
        asker = await self._asker(turn)
        reply = await self._act(turn, asker, verb, data)
        await self._state.save(turn)
        return asker, reply

    async def _answer(self, turn: TurnContext, asker: Asker) -> list[Reply]:
        """A message is words, or a button of a client that does not know Action.Execute."""
        value: Any = turn.activity.value
        try:
            if isinstance(value, dict) and isinstance(value.get("verb"), str):
                return [await self._act(turn, asker, value["verb"], value)]
            return await self._conversation.answer(turn, asker, identity.said(turn.activity))
        except MalformedAction:
            words = "That button no longer works."
            return [Reply(card=talk.say(words, actions=talk.TRY_THREE))]
        except LearningError as error:
            return [Reply(card=talk.say(str(error)), private=True)]

    async def _act(self, turn: TurnContext, asker: Asker, verb: str, data: dict[str, Any]) -> Reply:
        """A button answers in the presser's own chat, so it may show what is theirs."""
        source = known(str(data.get("source") or ""))
        alone = replace(asker, in_public=False, source=source)
        reply = await self._actions.run(alone, verb, data)
        await self._conversation.pressed(turn, reply)
        return replace(reply, private=True)

    async def _asker(self, turn: TurnContext) -> Asker:
        activity = turn.activity
        met = await self._people.meet(identity.contact_of(activity))
        self._state.begin(turn, met.memory)
        in_public = not identity.is_personal(activity)
        channel = identity.channel_of(activity) if in_public else None
        if channel is not None:
            await self._channels.heard_from(channel)
        return Asker(
            person=met.person,
            zone=met.person.zone(self._zone),
            programme=await self._catalogue.at(met.version),
            in_public=in_public,
            channel=channel,
            team_group_id=identity.team_group_id_of(activity),
        )

    async def _welcome(self, turn: TurnContext, asker: Asker) -> None:
        """Once in their life, and not to somebody who has just been forgotten."""
        if asker.person.welcomed_at is None and await self._people.welcome(asker.person.id):
            card = talk.welcome_card(asker.person.first_name)
            await self._replies.send(turn, asker, [Reply(card=card)])

    @override
    async def met(self, turn: TurnContext) -> None:
        await self._welcome(turn, await self._asker(turn))
