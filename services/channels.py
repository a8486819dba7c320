"""Channels that asked for highlights: kept as Teams last said they are, and left alone while away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from learning.people import Channel
from services.ports.storage import NewUnitOfWork

DELETED = "channel deleted"
TEAM_DELETED = "team deleted"
TEAM_ARCHIVED = "team archived"
"""Why a channel is left alone. It may come back; then it is posted to again."""


class ChannelService:
    def __init__(self, new_uow: NewUnitOfWork) -> None:
        self._new_uow = new_uow

    async def subscribe(self, channel: Channel) -> None:
        async with self._new_uow() as uow:
            known = await uow.channels.find(channel.id)
            await uow.channels.save(_newer(known, channel) if known else channel)
            await uow.commit()

    async def find(self, channel_id: str) -> Channel | None:
        async with self._new_uow(read_only=True) as uow:
            return await uow.channels.find(channel_id)

    async def unsubscribe(self, channel_id: str) -> bool:
        """Stop posting to a channel; false if it never asked."""
        async with self._new_uow() as uow:
            was_on = await uow.channels.remove(channel_id)
            await uow.outbox.withdraw_channel(channel_id)
            await uow.commit()
        return was_on

    async def leave_team(self, team_id: str) -> None:
        """The bot is no longer in a team: its channels are no longer posted to."""
        if not team_id:
            return
        async with self._new_uow() as uow:
            await uow.channels.remove_team(team_id)
            await uow.commit()

    async def heard_from(self, channel: Channel) -> None:
        """Somebody spoke in it, so it is there; one that never asked for highlights stays unknown."""
        known = await self.find(channel.id)
        if known is not None and _newer(known, channel) != known:
            await self._change(channel.id, lambda known: _newer(known, channel))

    async def pause(self, channel_id: str) -> None:
        """Leave a deleted channel alone until it is restored."""
        await self._change(channel_id, lambda known: replace(known, paused=DELETED))

    async def resume(self, channel_id: str) -> None:
        await self._change(channel_id, lambda known: replace(known, paused=""))

    async def rename_team(self, team_id: str, name: str) -> None:
        await self._change_team(team_id, lambda known: replace(known, team_name=name))

    async def pause_team(self, team_id: str, reason: str) -> None:
        await self._change_team(
            team_id, lambda known: replace(known, paused=known.paused or reason)
        )

    async def resume_team(self, team_id: str) -> None:
        """All its channels are there again, but those that were deleted by themselves."""
        await self._change_team(
            team_id,
            lambda known: known if known.paused == DELETED else replace(known, paused=""),
        )

    async def _change(self, channel_id: str, change: Callable[[Channel], Channel]) -> None:
        async with self._new_uow() as uow:
            if known := await uow.channels.find(channel_id):
                await uow.channels.save(change(known))
                await uow.commit()

    async def _change_team(self, team_id: str, change: Callable[[Channel], Channel]) -> None:
        if not team_id:  # a channel's team may be unknown, and then it is not this one
            return
        async with self._new_uow() as uow:
            for known in await uow.channels.of_team(team_id):
                await uow.channels.save(change(known))
            await uow.commit()


def _newer(known: Channel, heard: Channel) -> Channel:
    """What is known, with what an activity tells: names are often left out of it."""
    return replace(
        heard,
        name=heard.name or known.name,
        team_id=heard.team_id or known.team_id,
        team_name=heard.team_name or known.team_name,
    )
