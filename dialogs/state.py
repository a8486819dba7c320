"""What is remembered of a person between turns: the list just shown, and the open question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from botbuilder.core import StatePropertyAccessor, TurnContext
from botbuilder.dialogs import DialogInstance, DialogState
from botbuilder.schema import Activity
from typing_extensions import override

from learning.people import PersonId
from learning.sessions import SessionId
from services.ports.storage import ConversationStore, Remembered

REMEMBERED = timedelta(minutes=30)
"""After this, "the second one" is asked about instead of guessed, and "yes" answers nothing."""

MEMORY = "PersonMemory"


def person_id_of(activity: Activity) -> PersonId:
    """The sender's Entra object id; the channel's own id where there is none."""
    sender = activity.from_property
    assert sender is not None, "the endpoint lets no activity through without its sender"
    return PersonId((sender.aad_object_id or sender.id or "").casefold())


@dataclass(slots=True)
class Memory:
    """A person's memory during one turn: `stored` is what the database holds of it."""

    stored: dict[str, Any] | None
    etag: int
    dialogs: DialogState = field(default_factory=lambda: DialogState())
    asked_at: str = ""
    shown: dict[str, Any] = field(default_factory=dict[str, Any])

    def plain(self) -> dict[str, Any]:
        stack: list[DialogInstance] = self.dialogs.dialog_stack
        return {
            "dialogs": [{"id": d.id, "state": d.state} for d in stack],
            "asked_at": self.asked_at,
            "shown": self.shown,
        }


class PersonState:
    """State by person, not by conversation: a list shown in a channel can be meant in one's chat.

    Plain JSON, read with what else a turn begins with and written only when it changed.
    """

    def __init__(self, store: ConversationStore) -> None:
        self._store = store
        self.dialogs = DialogStack()

    def begin(self, turn: TurnContext, remembered: Remembered) -> None:
        """What is remembered of the person whose turn it is."""
        turn.turn_state[MEMORY] = _read(remembered.data, remembered.etag)

    def shown(self, turn: TurnContext, now: datetime) -> tuple[SessionId, ...]:
        """The list last shown, while it is fresh."""
        shown = _memory(turn).shown
        if not shown or _is_old(shown["at"], now):
            return ()
        return tuple(SessionId(i) for i in shown["ids"])

    def remember(
        self,
        turn: TurnContext,
        ids: Sequence[SessionId],
        now: datetime,
        asked: dict[str, Any] | None = None,
    ) -> None:
        """The list shown, and plain JSON of what it answered."""
        _memory(turn).shown = {"ids": list(ids), "at": now.isoformat(), "asked": asked}

    def asked_for(self, turn: TurnContext, now: datetime) -> dict[str, Any] | None:
        """What the list last shown was an answer to, while it is fresh."""
        shown = _memory(turn).shown
        return shown.get("asked") if shown and not _is_old(shown["at"], now) else None

    def asked(self, turn: TurnContext, now: datetime) -> None:
        """A question was put to them just now."""
        _memory(turn).asked_at = now.isoformat()

    def is_asked(self, turn: TurnContext) -> bool:
        """Whether a question is open."""
        return bool(_memory(turn).asked_at)

    def close_old_question(self, turn: TurnContext, now: datetime) -> None:
        """What was asked long ago is not answered by a "yes" of today."""
        memory = _memory(turn)
        if not memory.asked_at or _is_old(memory.asked_at, now):
            self.close_question(turn)

    def close_question(self, turn: TurnContext) -> None:
        memory = _memory(turn)
        memory.dialogs, memory.asked_at = DialogState(), ""

    def forget(self, turn: TurnContext) -> None:
        """Keep nothing of this turn either."""
        turn.turn_state[MEMORY] = None

    async def save(self, turn: TurnContext) -> None:
        memory = cast("Memory | None", turn.turn_state.get(MEMORY))
        if memory is None or memory.plain() == (memory.stored or _read(None, 0).plain()):
            return
        await self._store.save(person_id_of(turn.activity), memory.plain(), memory.etag)


class DialogStack(StatePropertyAccessor):
    """The SDK's way to the stack of open dialogs."""

    @override
    async def get(
        self, turn_context: TurnContext, default_value_or_factory: Callable[[], Any] | None = None
    ) -> object:
        return _memory(turn_context).dialogs

    @override
    async def set(self, turn_context: TurnContext, value: DialogState) -> None:
        _memory(turn_context).dialogs = value

    @override
    async def delete(self, turn_context: TurnContext) -> None:
        _memory(turn_context).dialogs = DialogState()


def _memory(turn: TurnContext) -> Memory:
    return cast(Memory, turn.turn_state[MEMORY])


def _is_old(then: str, now: datetime) -> bool:
    return now - datetime.fromisoformat(then) > REMEMBERED


def _read(data: dict[str, Any] | None, etag: int) -> Memory:
    if not data:
        return Memory(stored=None, etag=etag)
    stack = [DialogInstance(id=d["id"], state=dict(d["state"])) for d in data["dialogs"]]
    return Memory(
        stored=data,
        etag=etag,
        dialogs=DialogState(stack),
        asked_at=data.get("asked_at", ""),
        shown=data["shown"],
    )
