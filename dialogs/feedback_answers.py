"""Answers about how a session was: saying it, changing it, and seeing what people said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cards import feedback as cards
from cards import sessions as session_cards
from cards import talk
from cards.feedback import Given
from dialogs.booking_answers import BookingAnswers
from dialogs.programme_answers import ProgrammeAnswers
from dialogs.reply import Asker, Reply
from language import commands
from learning.attendance import Presence
from learning.feedback import LONGEST_COMMENT, MOST_STARS, Part
from learning.sessions import Session, SessionId
from services.attendance import AttendanceService
from services.catalogue import Catalogue
from services.feedback import FeedbackService, Standing
from services.organisers import Organisers

NO_STARS = "Choose how many stars you give it, from 1 to 5, and send again."


class FeedbackAnswers:
    """Asks on every press whether somebody may say it, or see it: cards are pressed days later."""

    def __init__(
        self,
        catalogue: Catalogue,
        bookings: BookingAnswers,
        programme: ProgrammeAnswers,
        organisers: Organisers,
        attendance: AttendanceService,
        feedback: FeedbackService,
    ) -> None:
        self._catalogue = catalogue
        self._bookings = bookings
        self._programme = programme
        self._organisers = organisers
        self._attendance = attendance
        self._feedback = feedback

    async def obey(
        self,
        asker: Asker,
        command: commands.GiveFeedback | commands.SeeFeedback,
        shown: Sequence[SessionId],
    ) -> Reply:
        match command:
            case commands.GiveFeedback(what="", text=text):
                return await self.give_any(asker, text)
            case commands.GiveFeedback(what=what, text=text):
                return await self._give_named(asker, what, text, shown)
            case commands.SeeFeedback(what=what, text=text):
                return await self._see_named(asker, what, text, shown)

    # --- those who were there --------------------------------------------------------------------

    async def give_any(self, asker: Asker, text: str = "") -> Reply:
        """The card of what they attended, or the choice; what is answered can be changed.

        Where there is nothing, `text` may be what they look for.
        """
        standings = await self._feedback.standings(asker.person.id)
        waiting = [s for s in standings if s.is_waited_for]
        given = [s for s in standings if s.answer is not None]
        if len(waiting) == 1 and not given:
            return self._reply(asker, waiting[0])
        if not waiting and not given and text:
            return await self._programme.find(asker, commands.Find(text, asked=False))
        if not waiting and not given:
            words = "There is nothing to give feedback on."
            more = "I'll ask you after each session you attended, and for two weeks you can answer."
            return Reply(card=talk.say(words, more), private=True)
        sessions = [s.session for s in waiting], [s.session for s in given]
        card = cards.sessions_card(*sessions, zone=asker.zone)
        ids = tuple(s.id for some in sessions for s in some)
        return Reply(card=card, private=True, shown=ids)

    async def show(self, asker: Asker, session_id: SessionId) -> Reply:
        """The card to fill in, with what they said before in it."""
        standing = await self._feedback.answerable(asker.person.id, session_id)
        return self._reply(asker, standing)

    async def send(self, asker: Asker, session_id: SessionId, data: Mapping[str, Any]) -> Reply:
        """Keep what was filled in; without stars it is shown again as it is."""
        standing = await self._feedback.answerable(asker.person.id, session_id)
        filled = _filled(data)
        if not filled.stars or standing.part is not Part.MAY_ANSWER:
            note = "" if filled.stars else NO_STARS
            return self._reply(asker, standing, filled=filled, note=note)
        standing = await self._feedback.give(
            asker.person.id,
            session_id,
            stars=filled.stars,
            helped=filled.helped,
            comment=filled.comment,
        )
        assert standing.answer is not None, "it has just been given"
        card = cards.answered_card(
            standing.session, standing.answer, zone=asker.zone, is_open=standing.is_open
        )
        return Reply(card=card, private=True, shown=(session_id,))

    async def came(self, asker: Asker, session_id: SessionId, *, came: bool) -> Reply:
        """Take their word for it, where nothing more is known."""
        standing = await self._feedback.made_it(asker.person.id, session_id, came)
        if standing.part is Part.MAY_ANSWER and (came or standing.answer is not None):
            return self._reply(asker, standing)
        is_seen = standing.outcome is not None and standing.outcome.state is not Presence.ABSENT
        words = cards.seen_card if is_seen else cards.came_not_card
        return Reply(card=words(standing.session), private=True, shown=(session_id,))

    def _reply(
        self, asker: Asker, standing: Standing, *, filled: Given | None = None, note: str = ""
    ) -> Reply:
        session = standing.session
        if standing.part is not Part.MAY_ANSWER:
            unseen = standing.outcome is not None
            card = cards.made_it_card(session, zone=asker.zone, unseen=unseen)
        else:
            filled = filled or cards.given(standing.answer)
            card = cards.feedback_card(session, zone=asker.zone, filled=filled, note=note)
        return Reply(card=card, private=True, shown=(session.id,))

    async def _give_named(
        self, asker: Asker, what: str, text: str, shown: Sequence[SessionId]
    ) -> Reply:
        """One of theirs if the words mean one; a session that they name else; or they look for one."""
        session = await self._own(asker, what, shown)
        if session is not None:
            return await self.show(asker, session.id)
        return await self._programme.find(asker, commands.Find(text, asked=False))

    async def _own(self, asker: Asker, what: str, shown: Sequence[SessionId]) -> Session | None:
        named = await self._bookings.named(asker, what, shown)
        if named is not None:
            return named
        own = [s.session for s in await self._feedback.standings(asker.person.id)]
        return await self._catalogue.one_of(what, own, asker.zone) if own else None

    # --- those who ran it ------------------------------------------------------------------------

    async def results(self, asker: Asker, session_id: SessionId) -> Reply:
        """What may be shown of what people said."""
        if not await self._may_see(asker, session_id):
            return self._not_allowed()
        session, release = await self._feedback.shown_of(session_id)
        card = cards.results_card(session, release, zone=asker.zone)
        return Reply(card=card, private=True, shown=(session_id,))

    async def _see_named(
        self, asker: Asker, what: str, text: str, shown: Sequence[SessionId]
    ) -> Reply:
        """ "Feedback for GM1" gives it where somebody may not see what others gave."""
        session = await self._bookings.named(asker, what, shown)
        if session is not None and await self._may_see(asker, session.id):
            return await self.results(asker, session.id)
        if await self._organisers.includes(asker.person.id):
            found = [m.session for m in await self._catalogue.find(what)][: session_cards.PAGE]
            if not found:
                return Reply(card=talk.say(f"I found no session for “{what[:60]}”."), private=True)
            card = session_cards.choice_card(
                "Which session?", found, "feedback.results", "This one", zone=asker.zone
            )
            return Reply(card=card, private=True, shown=tuple(s.id for s in found))
        if text:
            return await self._give_named(asker, what, text, shown)
        return self._not_allowed()

    async def _may_see(self, asker: Asker, session_id: SessionId) -> bool:
        if await self._organisers.includes(asker.person.id):
            return True
        return await self._attendance.may_check_in(asker.person.id, session_id)

    def _not_allowed(self) -> Reply:
        words = "Only organisers and those who ran a session see what people say of it."
        return Reply(card=talk.say(words), private=True)


def _filled(data: Mapping[str, Any]) -> Given:
    """What the inputs of a card hold; what none of ours sends is nothing."""
    stars = str(data.get("stars") or "")
    helped = {"yes": True, "no": False}.get(str(data.get("helped") or ""))
    comment = " ".join(str(data.get("comment") or "").split())[:LONGEST_COMMENT]
    is_number = stars in {str(n) for n in range(1, MOST_STARS + 1)}
    return Given(stars=int(stars) if is_number else 0, helped=helped, comment=comment)
