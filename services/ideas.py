"""What people do about ideas: sending one, supporting that of somebody else, and taking one's own back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog

from learning import ideas
from learning.errors import LearningError, NotFound
from learning.ideas import Idea, IdeaId, IdeaState, Theme, ThemeId
from learning.people import PersonId
from learning.sessions import Session
from services.catalogue import Catalogue
from services.ports.clocks import Clock
from services.ports.storage import NewUnitOfWork, UnitOfWork

if TYPE_CHECKING:
    from language.meaning import Floats

log = structlog.get_logger()

LOOKED_AT = 500
"""Open ideas among which like ones are looked for: the most supported."""

NOBODY = PersonId("")
"""The author of an idea that its own has taken back while others go on supporting it."""

OPEN = (IdeaState.OPEN,)
GONE = "This idea has been taken back."
CLOSED = {
    IdeaState.PLANNED: "This idea has become a session already.",
    IdeaState.DECLINED: "This idea is not taken up, so it needs no more support.",
    IdeaState.WITHDRAWN: GONE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What came of an idea: it is kept as `idea`, or `alike` are offered instead of it.

    `is_new` is False for one that the same person has sent before. `theme` is the question it answers.
    """

    idea: Idea | None = None
    alike: tuple[Idea, ...] = ()
    theme: Theme | None = None
    is_new: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Some open ideas, the most supported first, and which of them somebody supports."""

    ideas: tuple[Idea, ...]
    supported: frozenset[IdeaId]
    theme: Theme | None
    start: int = 0
    has_more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """An idea of one's own, and the session that came of it."""

    idea: Idea
    session: Session | None = None


class IdeaService:
    """Whoever adds something holds their own row, and then that of the idea."""

    def __init__(self, new_uow: NewUnitOfWork, clock: Clock, catalogue: Catalogue) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._catalogue = catalogue
        self._vectors: dict[str, Floats] = {}

    async def theme(self) -> Theme | None:
        """The question that is open."""
        async with self._new_uow(glance=True) as uow:
            return await uow.ideas.open_theme()

    async def look(self, person_id: PersonId, text: str) -> Sent:
        """Whether the same person has sent it before, and else what others had that is like it.

        Raises LearningError for what is no idea, or too long a one.
        """
        words = ideas.checked(text)
        async with self._new_uow(read_only=True) as uow:
            theme = await uow.ideas.open_theme()
            known = await uow.ideas.ranked(OPEN, LOOKED_AT, theme_id=theme.id if theme else None)
            before = await _before(uow, person_id, words)
        if before is not None:
            return Sent(idea=before, theme=theme, is_new=False)
        others = [idea for idea in known if idea.person_id != person_id]
        found = ideas.alike(words, others, await self._nearness(words, others))
        return Sent(alike=tuple(found), theme=theme)

    async def keep(self, person_id: PersonId, text: str) -> Sent:
        """Keep an idea; it answers the question that is open.

        Sent once more by the same person it changes nothing. Raises LearningError.
        """
        words, now = ideas.checked(text), self._clock.now()
        async with self._new_uow() as uow:
            await _hold(uow, person_id)
            theme = await uow.ideas.open_theme()
            if (before := await _before(uow, person_id, words)) is not None:
                return Sent(idea=before, theme=theme, is_new=False)
            idea = await uow.ideas.add(
                Idea(
                    id=IdeaId(0),
                    text=words,
                    person_id=person_id,
                    made_at=now,
                    theme_id=theme.id if theme else None,
                )
            )
            await uow.commit()
        log.info("idea kept", idea=idea.id, theme=idea.theme_id)
        return Sent(idea=idea, theme=theme)

    async def support(self, person_id: PersonId, idea_id: IdeaId) -> Idea:
        """Support an idea, once. Raises LearningError for one that is no longer open."""
        async with self._new_uow() as uow:
            await _hold(uow, person_id)
            idea = await uow.ideas.get(idea_id, lock=True)
            if not idea.is_open:
                raise LearningError(CLOSED[idea.state])
            await uow.ideas.support(idea_id, person_id, self._clock.now())
            idea = await uow.ideas.get(idea_id)
            await uow.commit()
        log.info("idea supported", idea=idea_id, supporters=idea.supporters)
        return idea

    async def withdraw(self, person_id: PersonId, idea_id: IdeaId) -> Idea:
        """Take one's own idea back: its text goes, unless others support it, who keep it.

        Raises LearningError for an idea that is somebody else's or has become something.
        """
        async with self._new_uow() as uow:
            await _hold(uow, person_id)
            idea = await uow.ideas.get(idea_id, lock=True)
            if idea.person_id != person_id:
                raise LearningError("Only whoever had the idea can take it back.")
            if idea.state is IdeaState.WITHDRAWN:
                return idea
            if not idea.is_open:
                raise LearningError(CLOSED[idea.state])
            if idea.supporters > 1:
                await uow.ideas.leave(idea_id, person_id)
                left = replace(idea, person_id=NOBODY, supporters=idea.supporters - 1)
            else:
                left = replace(idea, text="", state=IdeaState.WITHDRAWN)
            await uow.ideas.save(left)
            await uow.commit()
        log.info("idea withdrawn", idea=idea_id)
        return left

    async def board(self, person_id: PersonId, start: int, limit: int) -> Board:
        """What others would like, from this place of the list on."""
        async with self._new_uow(read_only=True) as uow:
            found = await uow.ideas.ranked(OPEN, limit + 1, skip=start)
            supported = await uow.ideas.supported(person_id, [idea.id for idea in found])
            theme = await uow.ideas.open_theme()
        return Board(
            ideas=tuple(found[:limit]),
            supported=frozenset(supported),
            theme=theme,
            start=start,
            has_more=len(found) > limit,
        )

    async def mine(self, person_id: PersonId) -> list[Own]:
        """One's own, the newest first, without what was taken back."""
        async with self._new_uow(read_only=True) as uow:
            found = await uow.ideas.of_person(person_id)
            sessions = await uow.sessions.among(i.session_id for i in found if i.session_id)
        return [
            Own(idea=idea, session=sessions.get(idea.session_id) if idea.session_id else None)
            for idea in found
            if idea.state is not IdeaState.WITHDRAWN
        ]

    async def planned_for(self, person_id: PersonId, idea_id: IdeaId) -> Idea | None:
        """The idea as it is, if a session came of it and this person wanted it."""
        async with self._new_uow(glance=True) as uow:
            try:
                idea = await uow.ideas.get(idea_id)
            except NotFound:
                return None
            wanted = await uow.ideas.supported(person_id, [idea_id])
        return idea if idea.state is IdeaState.PLANNED and wanted else None

    async def asked_of(self, person_id: PersonId, theme_id: ThemeId) -> Theme | None:
        """The question, if it is still open and this person still a champion."""
        async with self._new_uow(glance=True) as uow:
            theme = await uow.ideas.theme(theme_id)
            groups = await uow.champions.of_person(person_id)
        return theme if theme is not None and theme.is_open and groups else None

    async def _nearness(self, words: str, others: Sequence[Idea]) -> Mapping[IdeaId, float]:
        """How near in meaning each is, where there is a sentence model."""
        if not others:
            return {}
        wanted = dict.fromkeys([words, *(idea.text for idea in others)])
        unread = [text for text in wanted if text not in self._vectors]
        rows = await self._catalogue.vectors(unread) if unread else []
        if rows is None:
            return {}
        known = self._vectors | dict(zip(unread, rows, strict=True))
        self._vectors = {text: known[text] for text in wanted}
        return {idea.id: float(known[words] @ known[idea.text]) for idea in others}


async def _hold(uow: UnitOfWork, person_id: PersonId) -> None:
    """Nobody is forgotten, and no message taken twice, until commit."""
    if await uow.people.find(person_id, lock=True) is None:
        raise LearningError("I do not know you any more. Write to me again.")


async def _before(uow: UnitOfWork, person_id: PersonId, words: str) -> Idea | None:
    """The same as they have sent before, whatever has become of it."""
    for idea in await uow.ideas.of_person(person_id):
        if ideas.same(idea.text, words):
            return idea
    return None
