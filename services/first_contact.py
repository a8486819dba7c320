"""Opening the chat with people who booked before they ever had the bot in a chat of their own."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from learning import notices
from learning.people import Address, Person
from services.people import PeopleService
from services.ports.clocks import Clock
from services.ports.storage import NewUnitOfWork
from services.ports.systems import Apps, Messenger, NotInstalled, NotOffered, Unavailable

log = structlog.get_logger()

WORLDWIDE = "https://smba.trafficmanager.net/teams/"
"""Where Teams takes messages for any region, while nobody has written to us from theirs."""

LOOK_AGAIN = timedelta(hours=1)
"""How long we believe that the app cannot be added for anybody."""


class FirstContact:
    """Asked for within a turn, brought about by the outbox. Without `apps` nothing is added."""

    def __init__(
        self,
        new_uow: NewUnitOfWork,
        clock: Clock,
        people: PeopleService,
        messenger: Messenger,
        apps: Apps | None,
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._people = people
        self._messenger = messenger
        self._apps = apps
        self._off_until: datetime | None = None

    async def ask(self, person: Person, near: Address) -> bool:
        """Have the app added for somebody who booked; false where nothing will come of it.

        Nobody gets it who once had it, or who has booked nothing.
        """
        now = self._clock.now()
        is_off = self._off_until is not None and now < self._off_until
        if self._apps is None or is_off or person.welcomed_at is not None or ":" in person.id:
            return False
        async with self._new_uow(read_only=True) as uow:
            if not await uow.bookings.of_person(person.id):
                return False
        async with self._new_uow() as uow:
            await uow.outbox.add([notices.open_chat(person.id, near, now)])
            await uow.commit()
        return True

    async def ask_from_afar(self, person: Person, tenant_id: str) -> bool:
        """The same for somebody who booked on a page, where no conversation is near: any will do."""
        async with self._new_uow(glance=True) as uow:
            known = await uow.people.any_address()
        blank = Address(service_url=WORLDWIDE, conversation_id="", tenant_id=tenant_id)
        return await self.ask(person, known or blank)

    async def bring_about(self, person: Person, near: Address) -> Address:
        """Open the person's chat, adding the app for them if it must be.

        Raises Unavailable or Rejected.
        """
        try:
            address = await self._messenger.open_chat(person, near)
        except NotInstalled:
            await self._install(person)
            address = await self._open_new(person, near)
        await self._people.moved(person.id, address)
        return address

    async def _install(self, person: Person) -> None:
        if self._apps is None:
            raise NotOffered("apps are not added for people")
        try:
            await self._apps.install(person.id)
        except NotOffered:
            self._off_until = self._clock.now() + LOOK_AGAIN
            raise
        log.info("app added", person=person.id)

    async def _open_new(self, person: Person, near: Address) -> Address:
        try:
            return await self._messenger.open_chat(person, near)
        except NotInstalled as error:
            raise Unavailable("Teams is still adding the app") from error
