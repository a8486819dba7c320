"""One turn of talk: the open question first, then whatever the words command."""

from __future__ import annotations

from collections.abc import Sequence

from botbuilder.core import TurnContext
from botbuilder.dialogs import DialogSet

from dialogs.booking_answers import BookingAnswers
from dialogs.organiser_answers import OrganiserAnswers
from dialogs.personal_answers import PersonalAnswers
from dialogs.programme_answers import ProgrammeAnswers
from dialogs.questions import ASKER, COMMAND, ChooseSessionDialog, ConfirmDialog
from dialogs.reply import Asker, Purpose, Question, Reply
from dialogs.state import PersonState
from language import commands
from language.commands import Command
from learning.sessions import SessionId
from services.catalogue import Catalogue
from services.ports.clocks import Clock

CHOOSE, CONFIRM = "choose_session", "confirm"
CHOICES = frozenset({Purpose.BOOK, Purpose.CANCEL, Purpose.CANCEL_SESSION})


class Conversation:
    def __init__(
        self,
        state: PersonState,
        catalogue: Catalogue,
        clock: Clock,
        *,
        programme: ProgrammeAnswers,
        booking: BookingAnswers,
        personal: PersonalAnswers,
        organiser: OrganiserAnswers,
    ) -> None:
        self._state = state
        self._catalogue = catalogue
        self._clock = clock
        self._programme = programme
        self._booking = booking
        self._personal = personal
        self._organiser = organiser
        self._dialogs = DialogSet(state.dialogs)
        self._dialogs.add(
            ChooseSessionDialog(
                CHOOSE,
                {
                    Purpose.BOOK: self._book_chosen,
                    Purpose.CANCEL: self._cancel_chosen,
                    Purpose.CANCEL_SESSION: self._cancel_session_chosen,
                },
            )
        )
        self._dialogs.add(
            ConfirmDialog(
                CONFIRM, {Purpose.CLASH: self._despite_clash, Purpose.FORGET: self._forget}
            )
        )

    async def answer(self, turn: TurnContext, asker: Asker, text: str) -> Reply:
        """What to say to these words. The caller sends it and saves the state."""
        calendar = self._catalogue.calendar(asker.programme, asker.zone)
        command = commands.parse(text, calendar)
        turn.turn_state[COMMAND] = command
        turn.turn_state[ASKER] = asker
        self._state.close_old_question(turn, self._clock.now())
        reply = None
        if self._state.is_asked(turn):
            talk = await self._dialogs.create_context(turn)
            reply = (await talk.continue_dialog()).result
        if not isinstance(reply, Reply):
            shown = self._state.shown(turn, self._clock.now())
            reply = await self._obey(asker, command, shown)
        await self._keep(turn, reply)
        return reply

    async def pressed(self, turn: TurnContext, reply: Reply) -> None:
        """A button was pressed: it answers what was asked before, and may ask something itself."""
        self._state.close_question(turn)
        await self._keep(turn, reply)

    async def _keep(self, turn: TurnContext, reply: Reply) -> None:
        """What of this reply the next words may be about."""
        if reply.forgets:
            self._state.forget(turn)
            return
        now = self._clock.now()
        if reply.question is not None:
            choosing = reply.question.purpose in CHOICES
            talk = await self._dialogs.create_context(turn)
            await talk.begin_dialog(CHOOSE if choosing else CONFIRM, reply.question)
            self._state.asked(turn, now)
        if reply.shown:
            self._state.remember(turn, reply.shown, now)

    async def _obey(self, asker: Asker, command: Command, shown: Sequence[SessionId]) -> Reply:
        match command:
            case commands.WhatsOn(when=when, about=about):
                return await self._programme.whats_on(asker, when, about)
            case commands.Find(text=text):
                return await self._find(asker, text, shown, command)
            case commands.Book(what=what):
                return await self._booking.book_named(asker, what, shown)
            case commands.Cancel(what=what):
                return await self._booking.cancel_named(asker, what, shown)
            case commands.CancelSession(what=what):
                return await self._organiser.cancel_named(asker, what, shown)
            case commands.WhoIsUnreached():
                return await self._organiser.unreached(asker)
            case commands.WhatWasSent():
                return await self._organiser.deliveries(asker)
            case commands.MyBookings():
                return await self._booking.mine(asker)
            case commands.Resources():
                return await self._programme.resources()
            case commands.Nudges(on=on):
                return await self._personal.nudges(asker, on)
            case commands.Highlights(on=on):
                return await self._personal.highlights(asker, on)
            case commands.ChannelHighlights(on=on):
                return await self._personal.channel_highlights(asker, on)
            case commands.MyData():
                return await self._personal.my_data(asker)
            case commands.ForgetMe():
                return await self._personal.ask_forget(asker)
            case commands.Greeting():
                return self._personal.hello(asker)
            case commands.Thanks():
                return self._personal.welcome_back()
            case commands.Help() | commands.Yes() | commands.No():
                return self._personal.help()

    async def _find(
        self, asker: Asker, text: str, shown: Sequence[SessionId], command: commands.Find
    ) -> Reply:
        """A code, a title or "the second one" shows that session; anything else is looked for."""
        named = await self._booking.named(text, shown) if command.when is None else None
        if named is not None:
            return await self._programme.show(asker, named.id)
        return await self._programme.find(asker, text, when=command.when, asked=command.asked)

    async def _book_chosen(self, asker: Asker, question: Question, words: str) -> Reply | None:
        if words == "no":
            return await self._booking.leave_as_is(asker)
        named = await self._booking.named(words, question.sessions)
        if named is None and question.sessions and commands.ordinal(words) is None:
            return await self._among(asker, question, words)
        return await self._booking.book_named(asker, words, question.sessions)

    async def _among(self, asker: Asker, question: Question, words: str) -> Reply | None:
        """Words about one of the sessions on offer book it; others were not an answer."""
        found = await self._catalogue.find(words)
        offered = [m.session.id for m in found if m.session.id in question.sessions]
        return await self._booking.book(asker, offered[0]) if len(offered) == 1 else None

    async def _cancel_chosen(self, asker: Asker, question: Question, words: str) -> Reply | None:
        if words == "no":
            return await self._booking.leave_as_is(asker)
        return await self._booking.cancel_named(asker, words, question.sessions)

    async def _cancel_session_chosen(
        self, asker: Asker, question: Question, words: str
    ) -> Reply | None:
        if words == "no":
            return await self._booking.leave_as_is(asker)
        return await self._organiser.cancel_named(asker, words, question.sessions)

    async def _despite_clash(self, asker: Asker, question: Question, words: str) -> Reply:
        wanted, *others = question.sessions
        if words == "swap" and len(others) == 1:
            return await self._booking.swap(asker, wanted, others[0])
        if words == "swap":  # for which one? The card asks, with a button for each
            return await self._booking.book(asker, wanted)
        if words == "yes":
            return await self._booking.book(asker, wanted, anyway=True)
        return await self._booking.leave_as_is(asker)

    async def _forget(self, asker: Asker, question: Question, words: str) -> Reply:
        if words == "yes":
            return await self._personal.forget(asker)
        return await self._booking.leave_as_is(asker)
