"""Answers about who is at a session: checking in, who came, corrections, the page for the door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from cards import attendance as cards
from cards import sessions as session_cards
from cards import talk
from cards.kit import Action, execute
from dialogs.booking_answers import BookingAnswers
from dialogs.reply import Asker, Reply
from language import commands
from learning.attendance import Named, Presence, Who, is_at_the_door, is_guest
from learning.errors import LearningError
from learning.people import PersonId
from learning.sessions import Session, SessionId
from services.attendance import AttendanceService
from services.catalogue import Catalogue
from services.doors import Doors
from services.organisers import Organisers
from services.ports.clocks import Clock

MOST_MEANT = 6
LONGEST_REASON = 300
MOST_OTHERS = 30


class AttendanceAnswers:
    """Asks who is speaking on every action: a button may be pressed by somebody else, or much later."""

    def __init__(
        self,
        catalogue: Catalogue,
        bookings: BookingAnswers,
        organisers: Organisers,
        attendance: AttendanceService,
        doors: Doors,
        clock: Clock,
        *,
        public_url: str,
    ) -> None:
        self._catalogue = catalogue
        self._bookings = bookings
        self._organisers = organisers
        self._attendance = attendance
        self._doors = doors
        self._clock = clock
        self._public_url = public_url

    async def obey(
        self,
        asker: Asker,
        command: commands.Here
        | commands.CheckIn
        | commands.ShowDoor
        | commands.WhoCame
        | commands.MarkAttendance
        | commands.LetCheckIn,
        shown: Sequence[SessionId],
    ) -> Reply:
        match command:
            case commands.Here(what=what, word=word):
                return await self.here(asker, what, word)
            case commands.CheckIn(what=what):
                return await self._named(asker, what, shown, "attendance.page", self.check_in)
            case commands.ShowDoor(what=what):
                return await self._named(asker, what, shown, "attendance.door", self.door)
            case commands.WhoCame(what=what):
                return await self._named(asker, what, shown, "attendance.who", self.who_came)
            case commands.MarkAttendance():
                return await self._mark_named(asker, command, shown)
            case commands.LetCheckIn():
                return await self._let_named(asker, command, shown)

    # --- people themselves -----------------------------------------------------------------------

    async def here(
        self, asker: Asker, what: str, word: str, session_id: SessionId | None = None
    ) -> Reply:
        """Check somebody in who types what only the door shows."""
        session = await self._catalogue.get(session_id) if session_id is not None else None
        if session is None and what:
            session = await self._catalogue.coded(what, asker.person.id)
        if not word:
            return Reply(card=cards.door_word_card(session), private=True)
        session = await self._behind(word, session)
        if session is None:
            note = "That is not a code of a session that is on now. Look at the door once more."
            return Reply(card=cards.door_word_card(None, note), private=True)
        session = await self._attendance.arrive(asker.person.id, session.id)
        card = cards.arrived_card(session, zone=asker.zone)
        return Reply(card=card, private=True, shown=(session.id,))

    async def _behind(self, word: str, named: Session | None) -> Session | None:
        """The session whose door shows this: the one that is named, else one that is on now."""
        if named is not None and self._doors.opens(named.id, word):
            return named
        now = self._clock.now()
        programme = await self._catalogue.programme()
        on_now = [s for s in programme.everything if is_at_the_door(s, now)]
        return next((s for s in on_now if self._doors.opens(s.id, word)), None)

    # --- those who run it ------------------------------------------------------------------------

    async def check_in(
        self, asker: Asker, session_id: SessionId, page: int = 0, note: str = ""
    ) -> Reply:
        """The card to tick who is there on."""
        if not await self._may_check_in(asker, session_id):
            return self._not_allowed()
        whole = await self._attendance.of(session_id)
        card = cards.check_in_card(
            whole.session, whole.attendees, page=page, zone=asker.zone, note=note
        )
        return Reply(card=card, private=True, shown=(session_id,))

    async def tick(
        self, asker: Asker, session_id: SessionId, page: int, data: Mapping[str, Any]
    ) -> Reply:
        """Save what was ticked, as against what the card showed, and show the page that follows."""
        if not await self._may_check_in(asker, session_id):
            return self._not_allowed()
        came = {who for who in str(data.get("came") or "").split(",") if who}
        was = _strings(data.get("was"))
        unclear = await self._attendance.tick(
            session_id,
            came - was,
            was - came,
            by=asker.person.id,
            guests=str(data.get("others") or "").splitlines()[:MOST_OTHERS],
        )
        note = "Saved."
        if unclear:
            note = f"Saved. More than one person is called {', '.join(unclear)}: mark them by name."
        return await self.check_in(asker, session_id, page + 1, note)

    async def tick_all(
        self, asker: Asker, session_id: SessionId, page: int, data: Mapping[str, Any]
    ) -> Reply:
        if not await self._may_check_in(asker, session_id):
            return self._not_allowed()
        booked = (await self._attendance.of(session_id)).booked
        shown = booked[page * cards.PAGE : (page + 1) * cards.PAGE]
        others = str(data.get("others") or "").splitlines()[:MOST_OTHERS]
        await self._attendance.tick(
            session_id, [a.who for a in shown], by=asker.person.id, guests=others
        )
        return await self.check_in(asker, session_id, page, "Everybody on this card is checked in.")

    # --- organisers ------------------------------------------------------------------------------

    async def who_came(self, asker: Asker, session_id: SessionId, note: str = "") -> Reply:
        if not await self._may_check_in(asker, session_id):
            return self._not_allowed()
        whole = await self._attendance.of(session_id)
        names = {a.who: a.name for a in whole.attendees}
        for change in whole.changes[-cards.MOST_CHANGES :]:
            if change.changed_by not in names:
                names[change.changed_by] = await self._attendance.name_of(change.changed_by)
        card = cards.who_came_card(
            whole.session,
            whole.attendees,
            whole.changes,
            names,
            zone=asker.zone,
            is_over=whole.session.is_over(self._clock.now()),
        )
        return Reply(card=card, private=True, shown=(session_id,))

    async def ask_again(self, asker: Asker, session_id: SessionId) -> Reply:
        """Have the system of the session asked once more who was there."""
        if not await self._organisers.includes(asker.person.id):
            return self._not_allowed()
        asked = await self._attendance.ask_again(session_id)
        words = "I'm asking again. Look in a minute."
        if not asked:
            words = "That works once the session is over, and for a week."
        return Reply(card=talk.say(words, actions=[_who_came(session_id)]), private=True)

    async def door(self, asker: Asker, session_id: SessionId, _: int = 0) -> Reply:
        """Where the page for the door is: its address is given to those who may check in alone."""
        if not await self._may_check_in(asker, session_id):
            return self._not_allowed()
        session = await self._catalogue.get(session_id)
        key = self._doors.key(session_id)
        url = f"{self._public_url}/hub/sessions/{quote(session.code, safe='')}/door?key={key}"
        card = cards.door_card(
            session, page_url=url, word=self._doors.word(session_id), zone=asker.zone
        )
        return Reply(card=card, private=True, shown=(session_id,))

    async def mark(
        self, asker: Asker, session_id: SessionId, who: Who, state: Presence, why: str
    ) -> Reply:
        """Keep a correction; without a reason it is asked for."""
        if not await self._organisers.includes(asker.person.id):
            return self._not_allowed()
        whole = await self._attendance.of(session_id)
        named = await self._who(whole.named(who), who)
        if named is None:
            return Reply(card=talk.say("I do not know this person any more."), private=True)
        why = " ".join(why.split())[:LONGEST_REASON]
        if not why:
            card = cards.why_card(whole.session, named, state)
            return Reply(card=card, private=True, shown=(session_id,))
        before = next((a.outcome for a in whole.attendees if a.who == who), None)
        outcome = await self._attendance.correct(
            session_id, who, state, by=asker.person.id, why=why
        )
        said = cards.state_and_source(before)
        card = cards.marked_card(whole.session, named.name, outcome, said)
        return Reply(card=card, private=True, shown=(session_id,))

    async def let(self, asker: Asker, session_id: SessionId, who: Who, *, may: bool) -> Reply:
        """Programme files name facilitators in words, so organisers say whose account may check in."""
        if not await self._organisers.includes(asker.person.id):
            return self._not_allowed()
        session = await self._catalogue.get(session_id)
        named = await self._who("", who)
        if named is None or is_guest(who):
            return Reply(card=talk.say("I do not know this person."), private=True)
        if may:
            await self._attendance.let(session_id, PersonId(who), by=asker.person.id)
            words = (
                f"{named.name} may now check people in at {session.title}: check in {session.code}."
            )
        else:
            await self._attendance.let_no_more(session_id, PersonId(who))
            words = f"{named.name} may no longer check people in at {session.title}."
        return Reply(card=talk.say(words), private=True, shown=(session_id,))

    async def _mark_named(
        self, asker: Asker, command: commands.MarkAttendance, shown: Sequence[SessionId]
    ) -> Reply:
        session = await self._organisers_session(asker, command.what, shown)
        if isinstance(session, Reply):
            return session
        state = Presence(command.state)
        found = await self._attendance.called(session.id, command.who)
        if len(found) == 1:
            return await self.mark(asker, session.id, found[0].who, state, command.why)
        data = {"state": str(state), "why": command.why}
        return self._which(session, command.who, found, "attendance.mark", data)

    async def _let_named(
        self, asker: Asker, command: commands.LetCheckIn, shown: Sequence[SessionId]
    ) -> Reply:
        session = await self._organisers_session(asker, command.what, shown)
        if isinstance(session, Reply):
            return session
        called = await self._attendance.called(session.id, command.who)
        found = [person for person in called if not is_guest(person.who)]
        if len(found) == 1:
            return await self.let(asker, session.id, found[0].who, may=command.may)
        data = {"may": command.may}
        return self._which(session, command.who, found, "attendance.let", data)

    async def _organisers_session(
        self, asker: Asker, what: str, shown: Sequence[SessionId]
    ) -> Session | Reply:
        if not await self._organisers.includes(asker.person.id):
            return self._not_allowed()
        session = await self._bookings.named(
            asker, what, shown
        ) or await self._catalogue.coded_anywhere(what)
        words = f"I found no session for “{what[:60]}”. Its code is surest, such as GM1."
        return session or Reply(card=talk.say(words), private=True)

    def _which(
        self,
        session: Session,
        name: str,
        found: Sequence[Named],
        verb: str,
        data: Mapping[str, Any],
    ) -> Reply:
        if not found:
            words = f"I know nobody called “{name[:60]}”. Write the name as it is in Teams."
            more = f"Guests without an account are added by name: check in {session.code}."
            return Reply(card=talk.say(words, more), private=True, shown=(session.id,))
        card = cards.which_person_card(session, name, found[:MOST_MEANT], verb, **data)
        return Reply(card=card, private=True, shown=(session.id,))

    async def _named(
        self, asker: Asker, what: str, shown: Sequence[SessionId], verb: str, answer: Any
    ) -> Reply:
        session = await self._bookings.named(
            asker, what, shown
        ) or await self._catalogue.coded_anywhere(what)
        if session is not None:
            return await answer(asker, session.id)
        if not await self._organisers.includes(asker.person.id):
            return self._not_allowed()
        found = [m.session for m in await self._catalogue.find(what)][: session_cards.PAGE]
        if not found:
            return Reply(card=talk.say(f"I found no session for “{what[:60]}”."), private=True)
        card = session_cards.choice_card("Which session?", found, verb, "This one", zone=asker.zone)
        return Reply(card=card, private=True, shown=tuple(s.id for s in found))

    async def _who(self, name: str, who: Who) -> Named | None:
        if name or is_guest(who):
            return Named(who=who, name=name)
        known = await self._attendance.name_of(who)
        return Named(who=who, name=known) if known else None

    async def _may_check_in(self, asker: Asker, session_id: SessionId) -> bool:
        """Organisers, and whom one of them let; facilitators' names alone prove nobody's account."""
        if await self._organisers.includes(asker.person.id):
            return True
        return await self._attendance.may_check_in(asker.person.id, session_id)

    def _not_allowed(self) -> Reply:
        words = (
            "Only organisers can do that, and those whom they let check people in at a session. "
            "Ask your learning and development team."
        )
        return Reply(card=talk.say(words), private=True)


def presence(value: object) -> Presence:
    """The state that a button carries. Raises LearningError for what none of ours does."""
    try:
        return Presence(str(value))
    except ValueError as error:
        raise LearningError("That button no longer works.") from error


def _who_came(session_id: SessionId) -> Action:
    return execute("Who came", "attendance.who", session=session_id)


def _strings(value: object) -> set[str]:
    found: list[Any] = value if isinstance(value, list) else []
    return {each for each in found if isinstance(each, str)}
