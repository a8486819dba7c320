"""Where the app comes and goes, and what Teams tells of the teams and channels that it is in."""

from __future__ import annotations

from abc import ABC, abstractmethod

from botbuilder.core import TurnContext
from botbuilder.core.teams import TeamsActivityHandler
from botbuilder.schema import ChannelAccount
from botbuilder.schema.teams import ChannelInfo, TeamInfo
from typing_extensions import override

from bot import identity
from bot.replies import card_message
from cards import talk
from services.channels import TEAM_ARCHIVED, TEAM_DELETED, ChannelService
from services.people import PeopleService

REMOVED = "removed the app"


class Lifecycle(TeamsActivityHandler, ABC):
    """The hooks that the SDK calls. All may come twice or late; who or what is unknown is passed over."""

    def __init__(self, people: PeopleService, channels: ChannelService) -> None:
        self._people = people
        self._channels = channels

    @abstractmethod
    async def met(self, turn: TurnContext) -> None:
        """Somebody has the bot in a chat of their own."""

    @override
    async def on_installation_update_add(self, turn_context: TurnContext) -> None:
        """To a team or group chat hello is said here alone: Teams tells of one arrival in two ways."""
        activity = turn_context.activity
        if identity.is_personal(activity):
            await self.met(turn_context)
        else:
            in_channel = identity.channel_of(activity) is not None
            await turn_context.send_activity(card_message(talk.team_welcome_card(in_channel)))

    @override
    async def on_installation_update_remove(self, turn_context: TurnContext) -> None:
        activity = turn_context.activity
        if identity.is_personal(activity):
            await self._people.cannot_reach(identity.person_id_of(activity), REMOVED)
        elif team_id := identity.team_id_of(activity):
            await self._channels.leave_team(team_id)

    @override
    async def on_teams_members_added_dispatch(  # pyright: ignore[reportIncompatibleMethodOverride] -- the SDK's hint is no type
        self,
        members_added: list[ChannelAccount],
        team_info: TeamInfo,
        turn_context: TurnContext,
    ) -> None:
        """The SDK would ask Teams for each member; we need nothing that it would say."""
        if identity.is_personal(turn_context.activity):
            await self.met(turn_context)

    @override
    async def on_teams_members_removed_dispatch(  # pyright: ignore[reportIncompatibleMethodOverride] -- as above
        self,
        members_removed: list[ChannelAccount],
        team_info: TeamInfo,
        turn_context: TurnContext,
    ) -> None:
        """Of those who leave only the bot itself matters."""
        recipient = turn_context.activity.recipient
        bot_id = recipient.id if recipient else ""
        if any(getattr(member, "id", None) == bot_id for member in members_removed):
            await self.on_installation_update_remove(turn_context)

    @override
    async def on_teams_channel_renamed(
        self, channel_info: ChannelInfo, team_info: TeamInfo, turn_context: TurnContext
    ) -> None:
        if channel := identity.channel_of(turn_context.activity):
            await self._channels.heard_from(channel)

    @override
    async def on_teams_channel_deleted(
        self, channel_info: ChannelInfo, team_info: TeamInfo, turn_context: TurnContext
    ) -> None:
        if channel := identity.channel_of(turn_context.activity):
            await self._channels.pause(channel.id)

    @override
    async def on_teams_channel_restored(
        self, channel_info: ChannelInfo, team_info: TeamInfo, turn_context: TurnContext
    ) -> None:
        if channel := identity.channel_of(turn_context.activity):
            await self._channels.resume(channel.id)

    @override
    async def on_teams_team_renamed(  # pyright: ignore[reportIncompatibleMethodOverride] -- as above
        self, team_info: TeamInfo, turn_context: TurnContext
    ) -> None:
        activity = turn_context.activity
        if name := identity.team_name_of(activity):
            await self._channels.rename_team(identity.team_id_of(activity), name)

    @override
    async def on_teams_team_archived(self, team_info: TeamInfo, turn_context: TurnContext) -> None:
        team_id = identity.team_id_of(turn_context.activity)
        await self._channels.pause_team(team_id, TEAM_ARCHIVED)

    @override
    async def on_teams_team_deleted(self, team_info: TeamInfo, turn_context: TurnContext) -> None:
        team_id = identity.team_id_of(turn_context.activity)
        await self._channels.pause_team(team_id, TEAM_DELETED)

    @override
    async def on_teams_team_hard_deleted(
        self, team_info: TeamInfo, turn_context: TurnContext
    ) -> None:
        await self._channels.leave_team(identity.team_id_of(turn_context.activity))

    @override
    async def on_teams_team_unarchived(
        self, team_info: TeamInfo, turn_context: TurnContext
    ) -> None:
        await self._channels.resume_team(identity.team_id_of(turn_context.activity))

    @override
    async def on_teams_team_restored(self, team_info: TeamInfo, turn_context: TurnContext) -> None:
        await self._channels.resume_team(identity.team_id_of(turn_context.activity))
