"""Answers to booking, giving back, waiting and taking up offers, by words or by button."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from cards import bookings as cards
from cards import sayings, talk
from cards import sessions as session_cards
from cards.course_dates import other_date_card
from cards.kit import execute
from dialogs.reply import Asker, Purpose, Question, Reply
from language.calendar import When
from language.phrases import ordinal
from learning import errors, local_time
from learning.search import clear_match
from learning.sessions import Session, SessionId
from services.booking import BookingService, Standing
from services.catalogue import Catalogue
from services.ports.clocks import Clock

THAT_ONE = frozenset({"it", "that", "that one", "this", "this one"})
ONE_OF_THEM = re.compile(
    r"(?:the |that |this )?.{2,40} (?:one|session|workshop|course)|the other one than .+"
)
LATER = timedelta(hours=1)
MORNING = time(8, 30)


class BookingAnswers:
    def __init__(self, catalogue: Catalogue, bookings: BookingService, clock: Clock) -> None:
        self._catalogue = catalogue
        self._bookings = bookings
        self._clock = clock

    async def book_named(self, asker: Asker, what: str, shown: Sequence[SessionId]) -> Reply:
        """Book what these words mean if that is clear; offer the choice otherwise."""
        if not what:
            return await self._ask_which(asker, "Which session would you like to book?")
        session = await self.named(asker, what, shown)
        if session is not None:
            return await self.book(asker, session.id)
        matches, _ = await self._catalogue.wished(what, asker.zone)
        if session := clear_match(matches):
            return await self.book(asker, session.id)
        is_sure = bool(matches) and matches[0].is_sure
        if not is_sure and (dates := await self._catalogue.dates(what, asker.person.id)):
            return self._choose(asker, "Which date would you like to book?", dates, Purpose.BOOK)
        if not matches:
            reply = talk.say(
                f"I found no session for “{what[:60]}”.",
                "Try a topic, a title or a code, or ask what's on.",
                actions=talk.TRY_THREE[:2],
            )
            return Reply(card=reply)
        found = [m.session for m in matches]
        question = "Which one would you like to book?"
        if not matches[0].is_sure:
            question = f"I found no session for “{what[:60]}”. Is it one of these?"
        return self._choose(asker, question, found, Purpose.BOOK)

    async def snooze(
        self,
        asker: Asker,
        when: When | None,
        after: timedelta | None,
        shown: Sequence[SessionId],
    ) -> Reply:
        """Remind them later of what they have next, or of the session just shown if they have it."""
        due = _moment(when, after, self._clock.now(), asker.zone)
        found = await self._bookings.snooze(asker.person.id, due, shown)
        if found is None:
            return Reply(
                card=talk.say("You have nothing booked ahead that I could remind you of."),
                private=True,
            )
        session, due = found
        words = f"I'll remind you of {session.title} {sayings.until(due, self._clock.now(), asker.zone)}."
        return Reply(card=talk.say(words), private=True, shown=(session.id,))

    async def cancel_named(self, asker: Asker, what: str, shown: Sequence[SessionId]) -> Reply:
        """Give back what these words mean, looked for among the person's own bookings first."""
        mine = [s.session for s in await self._bookings.mine(asker.person.id)]
        if not mine:
            return Reply(card=talk.say("You have no bookings to cancel."), private=True)
        own = {s.id for s in mine}
        if what in THAT_ONE or not what:
            meant = [s for s in mine if s.id in shown] if what else mine
            chosen = meant[0] if len(meant) == 1 else None
        else:
            chosen = await self._own(asker, what, mine, shown)
        if chosen is not None:
            return await self.cancel(asker, chosen.id)
        session = await self.named(asker, what, shown) if what and what not in THAT_ONE else None
        if session is not None and session.id not in own:
            return await self.cancel(asker, session.id)
        return self._choose(asker, "Which booking shall I cancel?", mine, Purpose.CANCEL)

    async def named(self, asker: Asker, what: str, shown: Sequence[SessionId]) -> Session | None:
        """The session that a code, a title or "the evening one" of the list just shown means."""
        if what in THAT_ONE and len(shown) == 1:
            return await self._catalogue.get(shown[0])
        if session := await self._catalogue.coded(what, asker.person.id):
            return session
        number = ordinal(what)
        if number is not None and -1 <= number <= len(shown) and number != 0 and shown:
            return await self._catalogue.get(shown[number - 1 if number > 0 else -1])
        if number is not None or len(shown) < 2 or not ONE_OF_THEM.fullmatch(what):
            return None
        some = await self._catalogue.among(shown)
        return await self._catalogue.one_of(what, some, asker.zone)

    async def book(self, asker: Asker, session_id: SessionId, *, anyway: bool = False) -> Reply:
        """Book this session, or say why not and what there is instead."""
        person = asker.person
        try:
            standing = await self._bookings.book(
                person.id, session_id, despite_clash=anyway, source=asker.source
            )
        except errors.Clash as clash:
            return await self._clash(asker, clash)
        except errors.OtherDate as taken:
            return await self._other_date(asker, taken)
        except errors.AlreadyBooked:
            standing = await self._bookings.standing(person.id, session_id)
            return await self._booking(asker, standing, note="You already have this one.")
        except errors.Refused as refused:
            return await self._refusal(asker, refused)
        return await self._booking(asker, standing)

    async def swap(self, asker: Asker, session_id: SessionId, other_id: SessionId) -> Reply:
        """Book one and give the other up, in this order, so that nobody ends with neither."""
        both = await self._catalogue.among([session_id, other_id])
        if len({s.course_id for s in both}) == 1 and both[0].course_id is not None:
            return await self._change_date(asker, session_id, other_id)
        reply = await self.book(asker, session_id, anyway=True)
        standing = await self._bookings.standing(asker.person.id, session_id)
        if standing.booking is None or not standing.booking.holds_a_place:
            return reply
        try:
            given = await self._bookings.cancel(asker.person.id, other_id)
        except errors.Refused:
            return reply
        return await self._booking(
            asker, standing, note=f"Your place on {given.session.title} has gone back."
        )

    async def _change_date(self, asker: Asker, session_id: SessionId, other_id: SessionId) -> Reply:
        try:
            standing = await self._bookings.change_date(
                asker.person.id, session_id, other_id, source=asker.source
            )
        except errors.AlreadyBooked:
            standing = await self._bookings.standing(asker.person.id, session_id)
            return await self._booking(asker, standing, note="You already have this one.")
        except errors.Refused as refused:
            return await self._refusal(asker, refused)
        return await self._booking(
            asker, standing, note="Your place on the other date is given back."
        )

    async def cancel(self, asker: Asker, session_id: SessionId) -> Reply:
        try:
            standing = await self._bookings.cancel(asker.person.id, session_id)
        except errors.Refused as refused:
            return await self._refusal(asker, refused)
        return await self._booking(asker, standing)

    async def accept(self, asker: Asker, session_id: SessionId) -> Reply:
        try:
            standing = await self._bookings.accept(asker.person.id, session_id)
        except errors.Refused as refused:
            return await self._refusal(asker, refused)
        return await self._booking(asker, standing)

    async def mine(self, asker: Asker) -> Reply:
        standings = await self._bookings.mine(asker.person.id)
        card = cards.my_bookings_card(
            [(s.session, s.booking, s.position) for s in standings if s.booking is not None],
            zone=asker.zone,
            now=self._clock.now(),
        )
        return Reply(card=card, private=True, shown=tuple(s.session.id for s in standings))

    async def leave_as_is(self, asker: Asker) -> Reply:
        return Reply(card=talk.say("All right, I've left everything as it was."), private=True)

    async def _booking(self, asker: Asker, standing: Standing, note: str = "") -> Reply:
        assert standing.booking is not None, "a booking was just placed, found or cancelled"
        waits = standing.position > 0
        instead = await self._catalogue.instead(standing.session) if waits else []
        card = cards.booking_card(
            standing.session,
            standing.booking,
            position=standing.position,
            zone=asker.zone,
            now=self._clock.now(),
            instead=instead,
            note=note,
        )
        return Reply(card=card, private=True, shown=(standing.session.id,))

    async def _clash(self, asker: Asker, clash: errors.Clash) -> Reply:
        session = await self._catalogue.get(SessionId(clash.session_id))
        others = await self._catalogue.among(SessionId(i) for i in clash.other_ids)
        return Reply(
            card=cards.clash_card(session, others, zone=asker.zone, source=asker.led_by),
            private=True,
            shown=(session.id,),
            question=Question(
                purpose=Purpose.CLASH, sessions=(session.id, *(s.id for s in others))
            ),
        )

    async def _other_date(self, asker: Asker, taken: errors.OtherDate) -> Reply:
        [session, other] = await self._catalogue.among(
            [SessionId(taken.session_id), SessionId(taken.other_id)]
        )
        return Reply(
            card=other_date_card(session, other, zone=asker.zone),
            private=True,
            shown=(session.id,),
            question=Question(purpose=Purpose.OTHER_DATE, sessions=(session.id, other.id)),
        )

    async def _refusal(self, asker: Asker, refused: errors.Refused) -> Reply:
        if isinstance(refused, errors.OnlyOnCourse):
            return Reply(card=talk.say(str(refused), actions=talk.TRY_THREE[:2]), private=True)
        session = await self._catalogue.get(SessionId(refused.session_id))
        helps = not isinstance(refused, errors.NoSuchBooking | errors.NothingToBook)
        instead = await self._catalogue.instead(session) if helps else []
        offer = session_cards.booking_action(session, None, self._clock.now())
        own = execute("My bookings", "bookings.show")
        next_one = session_cards.again_action(session, self._clock.now()) if helps else None
        again = isinstance(refused, errors.NoSuchBooking | errors.OfferGone | errors.NothingToBook)
        card = cards.refusal_card(
            session.title,
            str(refused),
            instead=instead,
            zone=asker.zone,
            actions=[
                *([offer] if offer and again else []),
                *([next_one] if next_one else []),
                own,
            ],
        )
        return Reply(card=card, private=True, shown=tuple(s.id for s in instead))

    async def _own(
        self, asker: Asker, what: str, mine: Sequence[Session], shown: Sequence[SessionId]
    ) -> Session | None:
        named = await self.named(asker, what, shown)
        if named is not None:
            return next((s for s in mine if s.id == named.id), None)
        if len(titled := [s for s in mine if s.title.casefold() == what.casefold()]) == 1:
            return titled[0]
        own = {s.id for s in mine}
        matches = [m for m in await self._catalogue.find(what, limit=50) if m.session.id in own]
        return clear_match(matches) or await self._catalogue.one_of(what, mine, asker.zone)

    async def _ask_which(self, asker: Asker, question: str) -> Reply:
        card = talk.say(
            question, "Tell me its name or code, or pick a day.", actions=talk.TRY_THREE[:2]
        )
        return Reply(card=card, question=Question(purpose=Purpose.BOOK))

    def _choose(
        self, asker: Asker, question: str, found: Sequence[Session], purpose: Purpose
    ) -> Reply:
        found = found[: session_cards.PAGE]
        verb, title = {
            Purpose.CANCEL: ("session.cancel", "Cancel this booking"),
            Purpose.BOOK: ("session.book", "Book"),
        }[purpose]
        ids = tuple(s.id for s in found)
        return Reply(
            card=session_cards.choice_card(question, found, verb, title, zone=asker.zone),
            private=True,
            shown=ids,
            question=Question(purpose=purpose, sessions=ids),
        )


def _moment(when: When | None, after: timedelta | None, now: datetime, zone: ZoneInfo) -> datetime:
    """When somebody wants to be reminded: after so long, or in the morning of that day."""
    if after is not None:
        return now + after
    today = now.astimezone(zone).date()
    if when is None or (when.first <= today and when.start is None):
        return now + LATER
    return max(now, local_time.at(when.first, when.start or MORNING, zone))
