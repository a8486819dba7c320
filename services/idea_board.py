"""What organisers do about ideas: asking for them, seeing who wants what, planning one, declining one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from learning import ideas, small_groups
from learning.errors import LearningError
from learning.ideas import Idea, IdeaId, IdeaState, Theme, ThemeId
from learning.notices import QuietHours
from learning.people import Person, PersonId
from learning.sessions import Session, SessionId
from services.ports.clocks import Clock
from services.ports.journal import Entry, What
from services.ports.storage import NewUnitOfWork, UnitOfWork

log = structlog.get_logger()

MAY_BE_PLANNED = frozenset({IdeaState.OPEN, IdeaState.DECLINED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An idea, the departments that its supporters come from, and what came of it.

    `departments` are those with enough supporters to be told, and how many are from others; empty
    where they are too few altogether.
    """

    idea: Idea
    departments: tuple[tuple[str, int], ...] = ()
    others: int = 0
    session: Session | None = None
    theme: Theme | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, and how many ideas answer it."""

    theme: Theme
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Some ideas in order of support, and all questions there were."""

    ideas: tuple[Wanted, ...]
    themes: tuple[Asked, ...]
    champions: int = 0
    has_more: bool = False

    @property
    def open_theme(self) -> Asked | None:
        return next((each for each in self.themes if each.theme.is_open), None)


class IdeaBoard:
    """Who had an idea is shown to nobody."""

    def __init__(
        self, new_uow: NewUnitOfWork, clock: Clock, *, zone: ZoneInfo, quiet: QuietHours
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._zone = zone
        self._quiet = quiet

    async def overview(
        self,
        states: Collection[IdeaState],
        limit: int,
        *,
        skip: int = 0,
        theme_id: ThemeId | None = None,
        is_free: bool = False,
    ) -> Overview:
        """Those of a question, of none, or all of them."""
        async with self._new_uow(survey=True) as uow:
            found = await uow.ideas.ranked(
                states, limit + 1, skip=skip, theme_id=theme_id, is_free=is_free
            )
            themes = await uow.ideas.themes()
            asked = [Asked(theme=t, count=await uow.ideas.count(t.id)) for t in themes]
            shown = await self._wanted(uow, found[:limit], themes)
            champions = {c.person_id for c in await uow.champions.all()}
        return Overview(
            ideas=shown,
            themes=tuple(asked),
            champions=len(champions),
            has_more=len(found) > limit,
        )

    async def find(self, idea_id: IdeaId) -> Wanted:
        """Raises NotFound."""
        async with self._new_uow(survey=True) as uow:
            idea = await uow.ideas.get(idea_id)
            [found] = await self._wanted(uow, [idea], await uow.ideas.themes())
        return found

    async def ask(self, question: str, *, by: PersonId) -> tuple[Theme, int]:
        """Ask everybody for ideas on this, champions in their own chat. Returns to how many it goes.

        Raises LearningError, where a question is open already too.
        """
        words, now = ideas.checked_question(question), self._clock.now()
        async with self._new_uow() as uow:
            await uow.ideas.hold_themes()
            if (other := await uow.ideas.open_theme()) is not None:
                raise LearningError(
                    f"“{other.question}” is open already. Close it first; its ideas stay."
                )
            theme = await uow.ideas.add_theme(
                Theme(id=ThemeId(0), question=words, opened_by=by, opened_at=now)
            )
            champions = {c.person_id for c in await uow.champions.all()}
            people = await uow.people.among(champions)
            await uow.outbox.add(
                [
                    ideas.asked(theme, p.id, self._quiet.shift(now, p.zone(self._zone)))
                    for p in people.values()
                ]
            )
            asked = {"champions asked": str(len(people))}
            await uow.journal.note(_entry(What.IDEAS_ASKED_FOR, words, by, now=now, after=asked))
            await uow.commit()
        log.info("ideas asked for", theme=theme.id, champions=len(people))
        return theme, len(people)

    async def close(self, theme_id: ThemeId | None = None, *, by: PersonId) -> Theme | None:
        """Close that question, or the one that is open. None where that is closed already."""
        now = self._clock.now()
        async with self._new_uow() as uow:
            await uow.ideas.hold_themes()
            theme = await uow.ideas.open_theme()
            if theme is None or theme_id not in (None, theme.id):
                return None
            await uow.ideas.close_theme(theme.id, now)
            count = {"ideas": str(await uow.ideas.count(theme.id))}
            await uow.journal.note(
                _entry(What.IDEAS_CLOSED, theme.question, by, now=now, after=count)
            )
            await uow.commit()
        log.info("ideas closed", theme=theme.id)
        return replace(theme, closed_at=now)

    async def decline(self, idea_id: IdeaId, reason: str, *, by: PersonId) -> Idea:
        """Do not take an idea up, for a reason that its author sees when they look.

        Raises LearningError for one that is no longer open; the same once more changes nothing.
        """
        why, now = ideas.checked_reason(reason), self._clock.now()
        async with self._new_uow() as uow:
            idea = await uow.ideas.get(idea_id, lock=True)
            if idea.state is IdeaState.DECLINED and idea.reason == why:
                return idea
            if not idea.is_open:
                raise LearningError("This idea is no longer open. Look at it as it is now.")
            declined = replace(idea, state=IdeaState.DECLINED, reason=why)
            await uow.ideas.save(declined)
            subject, many = _named(idea), {"supporters": str(idea.supporters)}
            await uow.journal.note(_entry(What.IDEA_DECLINED, subject, by, now=now, after=many))
            await uow.commit()
        log.info("idea declined", idea=idea_id)
        return declined

    async def plan(self, idea_id: IdeaId, session_id: SessionId, *, by: PersonId) -> int:
        """A session came of an idea: tell its author and supporters, once. Returns how many.

        Nothing happens where a session came of it before, or it was taken back.
        """
        now = self._clock.now()
        async with self._new_uow() as uow:
            session = await uow.sessions.get(session_id)
            idea = await uow.ideas.get(idea_id, lock=True)
            if idea.state not in MAY_BE_PLANNED:
                return 0
            wanted = (await uow.ideas.supporters([idea_id])).get(idea_id, [])
            people = await uow.people.among(wanted)
            planned = replace(idea, state=IdeaState.PLANNED, session_id=session_id, reason="")
            await uow.ideas.save(planned)
            await uow.outbox.add([self._told(planned, session, p) for p in people.values()])
            told = {"people told": str(len(people))}
            await uow.journal.note(
                _entry(
                    What.IDEA_PLANNED,
                    f"{session.code} {session.title}",
                    by,
                    now=now,
                    after=told,
                    session_id=session_id,
                )
            )
            await uow.commit()
        log.info("idea planned", idea=idea_id, session=session_id, told=len(people))
        return len(people)

    def _told(self, idea: Idea, session: Session, person: Person) -> ideas.Notice:
        due = self._quiet.shift(self._clock.now(), person.zone(self._zone))
        return ideas.planned(idea, session, person.id, due)

    async def _wanted(
        self, uow: UnitOfWork, some: list[Idea], themes: Iterable[Theme]
    ) -> tuple[Wanted, ...]:
        supporters = await uow.ideas.supporters(idea.id for idea in some)
        everybody = {person for each in supporters.values() for person in each}
        profiles = await uow.profiles.among(everybody)
        names = {person: profile.department for person, profile in profiles.items()}
        sessions = await uow.sessions.among(i.session_id for i in some if i.session_id)
        by_id = {theme.id: theme for theme in themes}
        return tuple(
            _shown(
                idea,
                departments={p: names.get(p, "") for p in supporters.get(idea.id, [])},
                session=sessions.get(idea.session_id) if idea.session_id else None,
                theme=by_id.get(idea.theme_id) if idea.theme_id else None,
            )
            for idea in some
        )


def _shown(
    idea: Idea,
    *,
    departments: dict[PersonId, str],
    session: Session | None,
    theme: Theme | None,
) -> Wanted:
    """With the departments that have enough supporters; whose is not known is one of the others.

    They are counted anew only when enough more have come: whoever looks before and after one more
    person has come learns nothing of that person. `departments` are in the order of coming.
    """
    told = list(departments.items())[: len(departments) - len(departments) % small_groups.FEWEST]
    groups: dict[str, set[PersonId]] = {}
    for person, department in told:
        groups.setdefault(department, set()).add(person)
    grouping = small_groups.merged(groups)
    alone = [name for name in grouping.alone if name] if grouping else []
    counts = Counter({name: len(groups[name]) for name in alone})
    return Wanted(
        idea=idea,
        departments=tuple(counts.most_common()),
        others=len(told) - counts.total() if alone else 0,
        session=session,
        theme=theme,
    )


def _named(idea: Idea) -> str:
    """Not by its text, which may name somebody."""
    return f"Idea {idea.id}"


def _entry(
    what: What,
    subject: str,
    by: PersonId,
    *,
    now: datetime,
    after: dict[str, str],
    session_id: SessionId | None = None,
) -> Entry:
    return Entry(at=now, by_id=by, what=what, subject=subject, after=after, session_id=session_id)
