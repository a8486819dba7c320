"""Answers to those who lead a live session and want to know what people said beforehand."""

from __future__ import annotations

from cards import collation as cards
from cards import talk
from dialogs.reply import Asker, Reply
from learning.courses.collating import Collation
from learning.sessions import SessionId
from services.course_collation import CourseCollation
from services.organisers import Organisers

NOT_ALLOWED = (
    "Only organisers and those who lead a live session see what people answered before it."
)


class CollationAnswers:
    """Asks on every press whether somebody may see it: cards are pressed days later."""

    def __init__(self, collation: CourseCollation, organisers: Organisers) -> None:
        self._collation = collation
        self._organisers = organisers

    async def all(self, asker: Asker) -> Reply:
        """The card of the live session that they lead, or the choice."""
        everything = await self._organisers.includes(asker.person.id)
        found = await self._collation.led_by(asker.person.id, everything=everything)
        if not found:
            words = "There is no questionnaire yet." if everything else NOT_ALLOWED
            return Reply(card=talk.say(words), private=True)
        if len(found) == 1:
            return self._reply(asker, found[0], 0)
        return Reply(card=cards.choice_card(found, zone=asker.zone), private=True)

    async def show(self, asker: Asker, session_id: SessionId, step: str, start: int) -> Reply:
        person_id = asker.person.id
        if not (
            await self._organisers.includes(person_id)
            or await self._collation.may_see(person_id, session_id)
        ):
            return Reply(card=talk.say(NOT_ALLOWED), private=True)
        found = await self._collation.of_session(session_id)
        one = next((each for each in found if each.step.id == step), None)
        if one is None:
            return Reply(card=talk.say("That questionnaire is gone."), private=True)
        return self._reply(asker, one, start)

    def _reply(self, asker: Asker, found: Collation, start: int) -> Reply:
        return Reply(card=cards.collation_card(found, zone=asker.zone, start=start), private=True)
