"""The mail addresses of people, looked up where they are not known yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import structlog

from learning.people import Person
from services.people import PeopleService
from services.ports.systems import Directory, Rejected

log = structlog.get_logger()


class Addresses:
    def __init__(self, directory: Directory, people: PeopleService) -> None:
        self._directory = directory
        self._people = people

    async def added(self, people: Iterable[Person]) -> list[Person]:
        """Those of them who have a mail address, with it. Raises Unavailable."""
        reachable: list[Person] = []
        for person in people:
            email = person.email or await self._look_up(person)
            if email:
                reachable.append(replace(person, email=email))
        return reachable

    async def _look_up(self, person: Person) -> str:
        try:
            email = await self._directory.email_of(person)
        except Rejected as error:
            log.warning("no mail address", person=person.id, reason=str(error))
            return ""
        if email:
            await self._people.save_email(person.id, email)
        return email
