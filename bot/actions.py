"""What each button does, by its verb; everything is checked anew, cards are pressed days later."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from cards import notices, talk
from dialogs.booking_answers import BookingAnswers
from dialogs.organiser_answers import OrganiserAnswers
from dialogs.personal_answers import PersonalAnswers
from dialogs.programme_answers import ProgrammeAnswers
from dialogs.reply import Asker, Reply
from learning.errors import LearningError
from learning.sessions import SessionId

Data = Mapping[str, Any]
Action = Callable[[Asker, Data], Awaitable[Reply]]


class MalformedAction(ValueError):
    """The button carries something that none of ours does."""


class Actions:
    def __init__(
        self,
        *,
        programme: ProgrammeAnswers,
        booking: BookingAnswers,
        personal: PersonalAnswers,
        organiser: OrganiserAnswers,
    ) -> None:
        self._table: dict[str, Action] = {
            "day.show": lambda a, d: programme.on_words(a, _text(d, "words")),
            "list.more": programme.more,
            "session.show": lambda a, d: programme.show(a, _session(d)),
            "session.book": lambda a, d: booking.book(
                a, _session(d), anyway=d.get("anyway") is True
            ),
            "session.swap": lambda a, d: booking.swap(a, _session(d), _session(d, "instead_of")),
            "session.leave": lambda a, d: booking.leave_as_is(a),
            "session.cancel": lambda a, d: booking.cancel(a, _session(d)),
            "waiting.accept": lambda a, d: booking.accept(a, _session(d)),
            "waiting.pass": lambda a, d: booking.cancel(a, _session(d)),
            "bookings.show": lambda a, d: booking.mine(a),
            notices.OWN_HIGHLIGHTS: lambda a, d: booking.mine(a),
            "nudges.off": lambda a, d: personal.nudges(a, False),
            "nudges.on": lambda a, d: personal.nudges(a, True),
            "highlights.off": lambda a, d: personal.highlights(a, False),
            "highlights.on": lambda a, d: personal.highlights(a, True),
            "data.ask_forget": lambda a, d: personal.ask_forget(a),
            "data.forget": lambda a, d: personal.forget(a),
            "data.keep": lambda a, d: booking.leave_as_is(a),
            "organiser.ask_cancel": lambda a, d: organiser.ask_cancel(a, _session(d)),
            "organiser.cancel": lambda a, d: organiser.cancel(a, _session(d)),
        }

    async def run(self, asker: Asker, verb: str, data: Data) -> Reply:
        """Run one action; a rule that says no becomes a card, not an error.

        Raises MalformedAction for what no card of ours sends.
        """
        action = self._table.get(verb)
        if action is None:
            raise MalformedAction("unknown verb")
        try:
            return await action(asker, data)
        except LearningError as error:
            return Reply(card=talk.say(str(error)), private=True)


def _session(data: Data, name: str = "session") -> SessionId:
    value = data.get(name)
    if isinstance(value, str) and value.isdecimal() and len(value) < 19:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**63:
        raise MalformedAction(f"no {name}")
    return SessionId(value)


def _text(data: Data, name: str) -> str:
    return str(data.get(name, ""))[:200]
