"""People: who they are to us, where they can be reached and what they want to hear."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType
from zoneinfo import ZoneInfo

PersonId = NewType("PersonId", str)
"""The Entra object id, in lower case; the channel's own id where there is none."""

FORGOTTEN = "forgotten:"
"""Start of the id that stands in for someone whose data was deleted, so that counts stay."""


NO_CHAT = "no chat with this person"
"""Why nobody can write to somebody of whom Teams has said nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a message goes: a conversation of the bot on one service host."""

    service_url: str
    conversation_id: str
    tenant_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone who learns. `timezone` is their own, from Teams, or None while unknown."""

    id: PersonId
    name: str = ""
    email: str = ""
    teams_id: str = ""
    timezone: str | None = None
    address: Address | None = None
    unreachable: str = ""
    wants_nudges: bool = True
    wants_highlights: bool = False
    welcomed_at: datetime | None = None

    def zone(self, default: ZoneInfo) -> ZoneInfo:
        return ZoneInfo(self.timezone) if self.timezone else default

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.strip() else ""

    @property
    def is_reachable(self) -> bool:
        return self.address is not None and not self.unreachable


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A Teams channel that asked for highlights; `paused` says why it gets none for a while."""

    id: str
    address: Address
    name: str = ""
    team_id: str = ""
    team_name: str = ""
    paused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    """How many people cannot be written to for one reason, and what some of them are called."""

    reason: str
    count: int
    names: tuple[str, ...]
