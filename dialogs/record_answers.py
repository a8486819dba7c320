"""Answers about one's own learning: what one attended, certificates, and hearing when it runs again."""

from __future__ import annotations

from collections.abc import Sequence

from cards import again as again_cards
from cards import record as cards
from cards import sessions as session_cards
from cards import talk
from cards.kit import Card
from dialogs.booking_answers import THAT_ONE, BookingAnswers
from dialogs.reply import Asker, Reply
from language.commands import Command, MyLearning, StopTelling, TellAgain
from learning.again import same_run
from learning.search import clear_match
from learning.sessions import EditionId, Session, SessionId
from services.again import AgainService
from services.catalogue import Catalogue
from services.ports.clocks import Clock
from services.record import RecordService

NOT_SAID = "Which session do you mean? Say for instance: tell me when GM1 runs again."


class RecordAnswers:
    """Everything here is one person's own, so it is for their own chat only."""

    def __init__(
        self,
        catalogue: Catalogue,
        bookings: BookingAnswers,
        record: RecordService,
        again: AgainService,
        clock: Clock,
        *,
        public_url: str,
    ) -> None:
        self._catalogue = catalogue
        self._bookings = bookings
        self._record = record
        self._again = again
        self._clock = clock
        self._public_url = public_url

    async def obey(self, asker: Asker, command: Command, shown: Sequence[SessionId]) -> Reply:
        match command:
            case MyLearning():
                return await self.mine(asker)
            case TellAgain(what=what):
                return await self.ask_named(asker, what, shown)
            case StopTelling(what=what):
                return await self.stop_named(asker, what, shown)
            case _:
                return await self.wanted(asker)

    async def mine(self, asker: Asker) -> Reply:
        record = await self._record.of(asker.person.id)
        card = cards.record_card(record, pdf=self._pdf, zone=asker.zone, now=self._clock.now())
        entries = [entry for each in record.editions for entry in each.entries]
        return _private(card, [entry.session for entry in entries])

    async def certificate(self, asker: Asker, edition_id: EditionId) -> Reply:
        """Of what is recorded by now; of nothing there is none."""
        found = (await self._record.of(asker.person.id)).of(edition_id)
        if found is None:
            words = "Nothing is recorded that you attended there, so there is no certificate."
            return _private(talk.say(words))
        return _private(
            cards.certificate_card(asker.person, found, pdf=self._pdf, zone=asker.zone),
        )

    async def ask_named(self, asker: Asker, what: str, shown: Sequence[SessionId]) -> Reply:
        """Ask to hear of what these words mean, if that is clear; offer the choice otherwise."""
        session = await self._bookings.named(asker, what, shown) if what else None
        if session is not None:
            return await self.ask(asker, session.id)
        if not what or what in THAT_ONE:
            offered = await self._catalogue.among(shown[: session_cards.PAGE])
            return self._choose(asker, offered) if offered else _private(talk.say(NOT_SAID))
        matches = await self._catalogue.find(what)
        if session := clear_match(matches):
            return await self.ask(asker, session.id)
        if not matches:
            return _private(talk.say(f"I found no session for “{what[:60]}”.", NOT_SAID))
        return self._choose(asker, [m.session for m in matches][: session_cards.PAGE])

    async def ask(self, asker: Asker, session_id: SessionId) -> Reply:
        """Raises NotFound."""
        asked, now = await self._again.ask(asker.person.id, session_id), self._clock.now()
        if asked.ahead:
            card = again_cards.runs_already_card(
                asked.session, asked.ahead, zone=asker.zone, now=now
            )
            return _private(card, asked.ahead)
        if not asked.is_kept:
            return _private(again_cards.any_time_card(asked.session))
        card = again_cards.asked_card(asked.session, zone=asker.zone, now=now)
        return _private(card, [asked.session])

    async def stop_named(self, asker: Asker, what: str, shown: Sequence[SessionId]) -> Reply:
        """No more of what these words mean; where that is not clear, the list has a button for each."""
        # What is written and waits for the end of the night can be taken back, too.
        waiting = await self._again.wanted(asker.person.id, told=bool(what))
        meant = await self._meant(asker, what, shown, waiting)
        if not meant:
            return await self.wanted(asker)
        for session in meant:
            await self._again.take_back(asker.person.id, session.id)
        return _private(talk.say(_stopped(meant[0])))

    async def stop(self, asker: Asker, session_id: SessionId) -> Reply:
        """Raises NotFound."""
        session = await self._catalogue.get(session_id)
        await self._again.take_back(asker.person.id, session_id)
        return _private(talk.say(_stopped(session)))

    async def wanted(self, asker: Asker) -> Reply:
        sessions = await self._again.wanted(asker.person.id)
        return _private(again_cards.wanted_card(sessions, zone=asker.zone), sessions)

    async def _meant(
        self,
        asker: Asker,
        what: str,
        shown: Sequence[SessionId],
        waiting: Sequence[Session],
    ) -> list[Session]:
        """What of that for which they wait; runs of the same session go together."""
        if not what:
            return list(waiting) if len(waiting) == 1 else []
        ids = {s.id for s in waiting}
        named = await self._bookings.named(asker, what, shown)
        if named is None and what not in THAT_ONE:
            found = [m for m in await self._catalogue.find(what, limit=50) if m.session.id in ids]
            named = clear_match(found)
        return [s for s in waiting if s.id == named.id or same_run(s, named)] if named else []

    def _choose(self, asker: Asker, found: Sequence[Session]) -> Reply:
        question = "Of which one shall I tell you when it runs again?"
        card = session_cards.choice_card(question, found, "again.ask", "This one", zone=asker.zone)
        return _private(card, found)

    def _pdf(self, edition_id: EditionId) -> str:
        return f"{self._public_url}/hub/mine/certificate.pdf?edition={edition_id}"


def _stopped(session: Session) -> str:
    return f"All right: I won't tell you when {session.title} runs again."


def _private(card: Card, shown: Sequence[Session] = ()) -> Reply:
    return Reply(card=card, private=True, shown=tuple(s.id for s in shown))
