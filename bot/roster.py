"""Mail addresses from Teams' own roster, where the directory does not tell them."""

from __future__ import annotations

from urllib.parse import quote

from bot.connector import Connector, conversation_path
from learning.people import Person, PersonId
from services.ports.systems import Directory, Rejected


class WithRoster:
    """A directory that asks Teams for an address the directory may not or cannot give.

    Teams needs no permission for this: it is the member list of the bot's own chat.
    """

    def __init__(self, directory: Directory, connector: Connector) -> None:
        self._directory = directory
        self._connector = connector

    async def email_of(self, person: Person) -> str:
        try:
            email = await self._directory.email_of(person)
        except Rejected:
            email = ""
        return email or await self._from_roster(person)

    async def is_member(self, person_id: PersonId, group_id: str) -> bool:
        return await self._directory.is_member(person_id, group_id)

    async def owns_team(self, person: Person, team_group_id: str) -> bool:
        return await self._directory.owns_team(person, team_group_id)

    async def _from_roster(self, person: Person) -> str:
        if person.address is None or not person.teams_id:
            return ""
        path = conversation_path(
            person.address.conversation_id, "members", quote(person.teams_id, safe="")
        )
        member = await self._connector.call("GET", person.address.service_url, path, attempts=1)
        return str(member.get("email") or member.get("userPrincipalName") or "")
