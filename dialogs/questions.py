"""The dialogs that wait for an answer: which session is meant, and yes or no."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

from botbuilder.core import TurnContext
from botbuilder.dialogs import Dialog, DialogContext, DialogReason, DialogTurnResult
from botbuilder.dialogs.dialog_turn_status import DialogTurnStatus
from typing_extensions import override

from dialogs.reply import Asker, Purpose, Question, Reply
from language.commands import (
    Book,
    Cancel,
    Chatter,
    Command,
    Find,
    GiveFeedback,
    Human,
    No,
    Several,
    WhatsOn,
    Yes,
)
from language.phrases import is_loose
from learning.sessions import SessionId

COMMAND = "command"
ASKER = "asker"
SAID = "said"
"""Under which a turn holds what its words want, who says them, and the words themselves."""

SWAP = re.compile(r"swap\b")

Act = Callable[[Asker, Question, str], Awaitable[Reply | None]]


class QuestionDialog(Dialog):
    """Waits for one answer. Words that are none end it, and are then taken for what they are.

    It never sends: its result is a Reply, or None when the words were not for it.
    """

    def __init__(self, dialog_id: str, act: Mapping[Purpose, Act]) -> None:
        super().__init__(dialog_id)
        self._act = act

    @override
    async def begin_dialog(
        self, dialog_context: DialogContext, options: object = None
    ) -> DialogTurnResult:
        assert isinstance(options, Question)
        state = _state(dialog_context)
        state["purpose"] = str(options.purpose)
        state["sessions"] = list(options.sessions)
        return DialogTurnResult(DialogTurnStatus.Waiting)

    @override
    async def continue_dialog(self, dialog_context: DialogContext) -> DialogTurnResult:
        state = _state(dialog_context)
        question = Question(
            purpose=Purpose(state["purpose"]),
            sessions=tuple(SessionId(i) for i in state["sessions"]),
        )
        turn: TurnContext = dialog_context.context
        command, asker = (
            cast(Command, turn.turn_state[COMMAND]),
            cast(Asker, turn.turn_state[ASKER]),
        )
        reply = None
        words = self.words(command, question, cast(str, turn.turn_state[SAID]))
        if words is not None:
            reply = await self._act[question.purpose](asker, question, words)
        return await dialog_context.end_dialog(reply)

    @override
    async def resume_dialog(
        self, dialog_context: DialogContext, reason: DialogReason, result: object
    ) -> DialogTurnResult:
        return DialogTurnResult(DialogTurnStatus.Waiting)

    @abstractmethod
    def words(self, command: Command, question: Question, said: str) -> str | None:
        """The answer in these words, or None when they are about something else."""


def _state(dialog_context: DialogContext) -> dict[str, Any]:
    assert dialog_context.active_dialog is not None, "only an open dialog is begun or continued"
    return dialog_context.active_dialog.state


class ChooseSessionDialog(QuestionDialog):
    """Which one? A number, a name, a code, or no."""

    @override
    def words(self, command: Command, question: Question, said: str) -> str | None:
        match command:
            case Find(text=text, when=None, asked=False):
                return text
            case GiveFeedback(what="", text=text) if text:
                return text
            case Book(what=what) if question.purpose is Purpose.BOOK:
                return what
            case Cancel(what=what) if question.purpose is Purpose.CANCEL:
                return what
            case No():
                return "no"
            case _:
                return None


class ConfirmDialog(QuestionDialog):
    """Yes or no? Where two sessions clash, also: swap."""

    @override
    def words(self, command: Command, question: Question, said: str) -> str | None:
        match command:
            case Yes():
                return "yes"
            case No():
                return "no"
            case Book(what=what) if question.purpose is Purpose.CLASH and what in (
                "it",
                "that",
                "that one",
            ):
                return "yes"
            case Find(text=text) if question.purpose is Purpose.CLASH and SWAP.match(text):
                return "swap"
            case _:
                return None


class TellDialog(QuestionDialog):
    """What is it? Any words that are no command, just as they were typed, or no."""

    @override
    def words(self, command: Command, question: Question, said: str) -> str | None:
        match command:
            case No():
                return "no"
            case Find() if is_loose(command, said):
                return said
            case WhatsOn(about=about) if about and is_loose(command, said):
                return said
            case Several(commands=each) if all(isinstance(c, Find) and not c.asked for c in each):
                return said
            case Chatter() | Human():
                return said
            case _:
                return None
