"""Answers to organisers: calling a session off, what was sent, and who cannot be told anything."""

from __future__ import annotations

from collections.abc import Sequence

from cards import sessions as session_cards
from cards import talk
from cards.deliveries import deliveries_card
from cards.hub_list import standing_card
from cards.kit import execute
from cards.notices import session_cancelled_card
from cards.organisers import organiser_help_card
from dialogs.booking_answers import BookingAnswers
from dialogs.reply import Asker, Purpose, Question, Reply
from learning.sessions import Session, SessionId
from services.catalogue import Catalogue
from services.hub_report import HubReports
from services.ledger import Ledger
from services.organisers import Organisers
from services.ports.clocks import Clock
from services.programme import ProgrammeService
from services.reports import Reports

LATEST = 8
"""How many mailings the card shows."""


class OrganiserAnswers:
    """Asks who is speaking on every action: a button may be pressed by somebody else, or much later."""

    def __init__(
        self,
        catalogue: Catalogue,
        bookings: BookingAnswers,
        organisers: Organisers,
        programme: ProgrammeService,
        reports: Reports,
        ledger: Ledger,
        hub: HubReports,
        clock: Clock,
    ) -> None:
        self._catalogue = catalogue
        self._bookings = bookings
        self._organisers = organisers
        self._programme = programme
        self._reports = reports
        self._ledger = ledger
        self._hub = hub
        self._clock = clock

    async def cancel_named(self, asker: Asker, what: str, shown: Sequence[SessionId]) -> Reply:
        """Ask before a session is called off for everybody."""
        if not await self._organisers.includes(asker.person.id):
            return self._not_allowed()
        session = await self._bookings.named(
            asker, what, shown
        ) or await self._catalogue.coded_anywhere(what)
        if session is not None:
            return self._ask(asker, await self._catalogue.get(session.id))
        found = [m.session for m in await self._catalogue.find(what)][: session_cards.PAGE]
        if not found:
            return Reply(card=talk.say(f"I found no session for “{what[:60]}”."), private=True)
        card = session_cards.choice_card(
            "Which session is called off?",
            found,
            "organiser.ask_cancel",
            "This one",
            zone=asker.zone,
        )
        ids = tuple(s.id for s in found)
        question = Question(purpose=Purpose.CANCEL_SESSION, sessions=ids)
        return Reply(card=card, private=True, shown=ids, question=question)

    async def ask_cancel(self, asker: Asker, session_id: SessionId) -> Reply:
        if not await self._organisers.includes(asker.person.id):
            return self._not_allowed()
        return self._ask(asker, await self._catalogue.get(session_id))

    async def cancel(self, asker: Asker, session_id: SessionId) -> Reply:
        """Call it off: everybody who has a place or waits is told."""
        if not await self._organisers.includes(asker.person.id):
            return self._not_allowed()
        told = await self._programme.cancel_session(session_id, by=asker.person.id)
        session = await self._catalogue.get(session_id)
        words = f"{session.title} is cancelled. I'm telling {told} {_people(told)}."
        return Reply(card=talk.say(words), private=True)

    async def help(self, asker: Asker) -> Reply:
        if not await self._organisers.includes(asker.person.id):
            return self._not_allowed()
        return Reply(card=organiser_help_card(), private=True)

    async def unreached(self, asker: Asker) -> Reply:
        """Who cannot be told anything; names for organisers only, in their own chat only."""
        if not await self._organisers.includes(asker.person.id):
            return self._not_allowed()
        return Reply(card=talk.unreached_card(await self._reports.unreached()), private=True)

    async def deliveries(self, asker: Asker) -> Reply:
        """What was sent to how many, in the organiser's own chat only."""
        if not await self._organisers.includes(asker.person.id):
            return self._not_allowed()
        deliveries = await self._ledger.deliveries(LATEST)
        return Reply(card=deliveries_card(deliveries, zone=asker.zone), private=True)

    async def hub_list(self, asker: Asker) -> Reply:
        """What is wrong with the SharePoint list, in the organiser's own chat only."""
        if not await self._organisers.includes(asker.person.id):
            return self._not_allowed()
        standing = await self._hub.standing()
        if standing is None:
            words = "There is no hub list: the programme comes from files alone."
            return Reply(card=talk.say(words), private=True)
        return Reply(card=standing_card(standing, zone=asker.zone), private=True)

    def _ask(self, asker: Asker, session: Session) -> Reply:
        if session.is_cancelled:
            return Reply(card=talk.say(f"{session.title} is cancelled already."), private=True)
        concerned = session.taken + session.waiting
        told = f"I tell the {concerned} {_people(concerned)} who have a place or wait."
        # What is over is called off without a word.
        is_news = concerned and not session.is_over(self._clock.now())
        words = session_cancelled_card(session, zone=asker.zone).summary
        card = talk.say(
            f"{session.title} ({session.code}) is called off for everybody, and "
            f"{told if is_news else 'nobody needs to be told.'}",
            *([f"They read: “{words}”, and what has places left instead."] if is_news else []),
            title="Cancel this session?",
            actions=[
                execute("Yes, cancel the session", "organiser.cancel", session=session.id),
                execute("No, keep it", "session.leave", session=session.id),
            ],
        )
        question = Question(purpose=Purpose.CALL_OFF, sessions=(session.id,))
        return Reply(card=card, private=True, shown=(session.id,), question=question)

    def _not_allowed(self) -> Reply:
        words = "Only organisers can do that. Ask your learning and development team."
        return Reply(card=talk.say(words), private=True)


def _people(count: int) -> str:
    return "person" if count == 1 else "people"
