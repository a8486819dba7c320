"""Where ideas are kept, who supports them, and the questions they answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from learning.ideas import Idea, IdeaId, IdeaState, Theme, ThemeId
from learning.people import PersonId


class IdeaTables(Protocol):
    async def get(self, idea_id: IdeaId, *, lock: bool = False) -> Idea:
        """The idea, its row held until commit if `lock`. Raises NotFound."""
        ...

    async def add(self, idea: Idea) -> Idea:
        """The same with an id, supported by its author."""
        ...

    async def save(self, idea: Idea) -> None:
        """Keep what may change: its text, its author, its state and what came of it."""
        ...

    async def ranked(
        self,
        states: Collection[IdeaState],
        limit: int,
        *,
        skip: int = 0,
        theme_id: ThemeId | None = None,
        is_free: bool = False,
    ) -> list[Idea]:
        """The most supported first, and of as many the older.

        Of one question where `theme_id` is given; those that answer none where they are to be free.
        """
        ...

    async def count(self, theme_id: ThemeId) -> int:
        """How many answer this question, whatever became of them."""
        ...

    async def of_person(self, person_id: PersonId) -> list[Idea]:
        """Theirs, the newest first."""
        ...

    async def support(self, idea_id: IdeaId, person_id: PersonId, now: datetime) -> None:
        """Nothing changes where they support it already."""
        ...

    async def leave(self, idea_id: IdeaId, person_id: PersonId) -> None: ...
    async def supporters(self, ids: Iterable[IdeaId]) -> dict[IdeaId, list[PersonId]]:
        """Who supports each, in the order in which they came."""
        ...

    async def supported(self, person_id: PersonId, ids: Sequence[IdeaId]) -> set[IdeaId]:
        """Which of these somebody supports."""
        ...

    async def hand_over(self, person_id: PersonId, successor: PersonId) -> None:
        """Somebody is forgotten: the counts stay, and what others support.

        The text of an open idea that nobody else supports goes.
        """
        ...

    async def hold_themes(self) -> None:
        """Let nobody else open or close a question until commit."""
        ...

    async def themes(self) -> list[Theme]:
        """All of them, the newest first."""
        ...

    async def theme(self, theme_id: ThemeId) -> Theme | None: ...
    async def open_theme(self) -> Theme | None: ...
    async def add_theme(self, theme: Theme) -> Theme: ...
    async def close_theme(self, theme_id: ThemeId, now: datetime) -> None: ...
