"""What people say in Viva Engage, understood as in Teams and answered in plain text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn
from zoneinfo import ZoneInfo

import structlog
from botbuilder.core import BotAdapter, TurnContext
from botbuilder.schema import Activity, ChannelAccount
from typing_extensions import override

from cards import talk
from cards.plain_text import Place, joined, plain_text, sessions_in
from dialogs.conversation import Conversation
from dialogs.reply import Asker, Reply
from dialogs.state import PersonState
from language import commands
from learning.errors import LearningError
from learning.people import Person, PersonId
from learning.sessions import SessionId
from services.catalogue import Catalogue
from services.engage import EngageService
from services.people import Contact, Met, PeopleService
from services.ports.engage import (
    Check,
    Community,
    Member,
    Part,
    Said,
    SignInNeeded,
    Staff,
    TooSoon,
)
from services.ports.systems import Missing, Rejected

log = structlog.get_logger()

FOR_ANYBODY = (
    commands.WhatsOn, commands.Find, commands.More, commands.Another, commands.Resources, commands.Help,
    commands.Greeting, commands.Thanks, commands.Yes, commands.No, commands.Human, commands.Chatter,
)  # fmt: skip
"""What is answered to somebody whose account we do not know."""

FOR_KNOWN = (
    *FOR_ANYBODY, commands.Book, commands.Cancel, commands.MyBookings, commands.Snooze, commands.Nudges,
    commands.Highlights, commands.MyData, commands.ForgetMe,
)  # fmt: skip
"""What is done for a person; what organisers do, they do in Teams."""

PRIVATELY = "I've answered you in a private message."
SAY_HELLO = "So that I can remind you in Teams, say hello to me there:"
ELSEWHERE = "To do it in Teams, open my chat with the words typed in:"


class EngageTalk:
    """`chat_link` opens the chat with the bot in Teams, `{text}` in it standing for what to say."""

    def __init__(
        self,
        community: Community,
        staff: Staff,
        service: EngageService,
        conversation: Conversation,
        state: PersonState,
        people: PeopleService,
        catalogue: Catalogue,
        *,
        zone: ZoneInfo,
        chat_link: str,
    ) -> None:
        self._community = community
        self._staff = staff
        self._service = service
        self._conversation = conversation
        self._state = state
        self._people = people
        self._catalogue = catalogue
        self._zone = zone
        self._chat_link = chat_link
        self._unsent: set[int] = set()

    async def answer(self, message_id: int, *, alone: bool, again: bool, check: Check) -> bool:
        """Answer one message; false where there is nothing (more) to say to it.

        What is to be said is stored before it is said, so that a booking is made once and each part of
        the answer is sent once, however often this is tried. `again`: it was tried before.
        """
        parts = await self._service.begun(message_id)
        if parts == () or not await self._service.is_answering():
            return False
        try:
            said = await self._community.message(message_id)
        except Missing:
            return False
        said = replace(said, is_alone=alone)
        may_be_there = again and parts is not None and message_id not in self._unsent
        if parts is None:
            parts = await self._understood(said)
            if parts is None:
                return False
            await self._service.keep(said, parts)
        await self._send(said, parts, may_be_there=may_be_there, check=check)
        return True

    async def _send(
        self, said: Said, parts: Sequence[Part], *, may_be_there: bool, check: Check
    ) -> None:
        for sent, part in enumerate(parts, 1):
            if part.to is not None:
                check()
                await self._community.write_to(part.to, part.text)
            elif not (may_be_there and await self._is_there(said)):
                check()
                await self._reply(said, part.text)
            await self._service.keep(said, parts[sent:])

    async def _reply(self, said: Said, text: str) -> None:
        """Remembers where surely nothing was sent: then nobody has to look for it."""
        self._unsent.discard(said.id)
        try:
            await self._community.reply(said.id, text)
        except (TooSoon, SignInNeeded):
            self._unsent.add(said.id)
            raise

    async def _is_there(self, said: Said) -> bool:
        """Whether our answer stands below the message already: it was sent, and we were not told."""
        below = await self._community.in_thread(said.thread_id, said.id)
        return any(m.is_own and m.replied_to_id == said.id for m in below)

    async def _understood(self, said: Said) -> list[Part] | None:
        """What to say; None where nothing is, because no person asks."""
        member = await self._member(said.sender_id)
        if not member.is_person or not await self._service.is_patient(said.sender_id):
            log.info("not answered in Viva Engage", message=said.id)
            return None
        person_id = await self._account_of(member)
        met = await self._met(person_id, member)
        person = met.person
        asker = Asker(
            person=person,
            zone=person.zone(self._zone),
            programme=await self._catalogue.at(met.version),
            in_public=not said.is_alone,
            source="engage",
            only=FOR_ANYBODY if person_id is None else FOR_KNOWN,
        )
        replies = await self._replies(asker, met, said.text)
        return await self._parts(replies, said, person if person_id else None)

    async def _member(self, member_id: int) -> Member:
        try:
            return await self._community.member(member_id)
        except Missing:
            return Member(id=member_id, is_person=False)

    async def _account_of(self, member: Member) -> PersonId | None:
        """The person's Entra account; None also where we may not look: then they get links."""
        try:
            return await self._staff.by_email(member.email) if member.email else None
        except Rejected as error:
            log.warning("people of Viva Engage not looked up", reason=str(error))
            return None

    async def _met(self, person_id: PersonId | None, member: Member) -> Met:
        """Somebody without an account that we know is remembered, but not kept as a person."""
        met = await self._people.recall(person_id or PersonId(f"engage:{member.id}"))
        if person_id is not None and not met.person.name:
            return await self._people.meet(Contact(person_id=person_id, name=member.name))
        return met

    async def _replies(self, asker: Asker, met: Met, text: str) -> list[Reply]:
        sender = ChannelAccount(id=met.person.id, aad_object_id=met.person.id)
        activity = Activity(type="message", text=text, from_property=sender)
        turn = TurnContext(_Nowhere(), activity)
        self._state.begin(turn, met.memory)
        try:
            replies = await self._conversation.answer(turn, asker, text)
        except LearningError as error:
            return [Reply(card=talk.say(str(error)), private=True)]
        await self._state.save(turn)
        return replies

    async def _parts(
        self, replies: Sequence[Reply], said: Said, person: Person | None
    ) -> list[Part]:
        """In the thread what everybody may read, by a private message what only the asker may."""
        here: list[str] = []
        privately: list[str] = []
        for reply in replies:
            is_for_one = reply.private and not said.is_alone
            (privately if is_for_one else here).append(await self._text(reply, said, is_for_one))
        is_new = person is not None and person.address is None
        if is_new and self._chat_link and any(r.private for r in replies):
            hello = f"{SAY_HELLO} {Place(chat=self._chat_link).link('hello')}"
            (here if said.is_alone else privately).append(hello)
        parts: list[Part] = []
        if privately:
            parts.append(Part(text=joined(privately), to=said.sender_id))
            here.append(PRIVATELY)
        return [*parts, Part(text=joined(here))]

    async def _text(self, reply: Reply, said: Said, is_for_one: bool) -> str:
        ids = [SessionId(i) for i in sessions_in(reply.card)]
        codes = {int(s.id): s.code for s in await self._catalogue.among(ids)}
        place = Place(chat=self._chat_link, codes=codes, alone=said.is_alone or is_for_one)
        text = plain_text(reply.card, place)
        if not reply.instead:
            return text
        if not self._chat_link:
            return f"{text}\n\nIn Teams, say “{reply.instead}” to Learnweek."
        return f"{text}\n\n{ELSEWHERE} {place.link(reply.instead)}"


class _Nowhere(BotAdapter):
    """What the SDK wants a turn to have. Answers are returned, not sent."""

    @override
    async def send_activities(self, context: TurnContext, activities: list[Activity]) -> NoReturn:
        raise AssertionError("an answer is returned, not sent")

    @override
    async def update_activity(self, context: TurnContext, activity: Activity) -> NoReturn:
        raise AssertionError("nothing is changed")

    @override
    async def delete_activity(self, context: TurnContext, reference: object) -> NoReturn:
        raise AssertionError("nothing is deleted")
