"""The report of an edition: loaded, worked out beside the event loop, and shown only as it may be."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import structlog

from learning import evaluation, past_editions, reporting, takings
from learning.attendance import Outcome, is_guest
from learning.bookings import Booking
from learning.errors import LearningError
from learning.feedback import Release
from learning.figures import Facts, Places
from learning.half_years import half_years
from learning.past_editions import PastEdition
from learning.people import PersonId
from learning.profiles import Profile
from learning.report import Report
from learning.report_notes import notes
from learning.reporting import About
from learning.sessions import Edition, EditionId, Session, SessionId
from learning.small_groups import FEWEST
from services.ports.clocks import Clock
from services.ports.report import Asked, Released
from services.ports.storage import NewUnitOfWork, UnitOfWork

log = structlog.get_logger()

MADE_BY = 1
"""Grows when figures are made by other rules; then they are made anew."""

TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One edition as it was loaded; `days` are its first and its last."""

    edition: Edition
    days: tuple[date, date]
    sessions: tuple[Session, ...]
    bookings: Sequence[Booking]
    outcomes: Sequence[Outcome]
    releases: Mapping[SessionId, Release]
    released: Released | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The edition that is asked for as the last of its like, those before it in order, and the rest."""

    edition: Edition
    cancelled: int
    runs: Sequence[Run]
    profiles: Mapping[PersonId, Profile]
    imported: Sequence[PastEdition]
    asked: Sequence[Asked]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The figures that may be shown of an edition, and whether they are new and have to be kept."""

    run: Run
    released: Released
    is_over: bool
    is_behind: bool = False
    is_new: bool = False


class Evaluation:
    def __init__(
        self,
        new_uow: NewUnitOfWork,
        clock: Clock,
        secret: str,
        *,
        front_line: Sequence[str] = (),
        remote: Sequence[str] = (),
    ) -> None:
        """`front_line` are departments, `remote` offices, as the directory writes them."""
        self._new_uow = new_uow
        self._clock = clock
        self._secret = secret.encode()
        self._places = Places(front_line=_names(front_line), remote=_names(remote))

    async def editions(self) -> list[Edition]:
        """Those of which there is a report, the newest first."""
        async with self._new_uow(read_only=True) as uow:
            by_day = await _dated(uow)
        return [edition for edition, _ in reversed(by_day)]

    async def report(self, edition_name: str = "") -> Report:
        """The report of this edition, else of the one that began last. Raises LearningError."""
        for _ in range(TRIES):
            loaded = await self._load(edition_name)
            now = self._clock.now()
            # In a thread: thousands of bookings take a while, in which people chat.
            shown = await asyncio.to_thread(self._shown, loaded, now)
            if await self._kept(shown):
                return await asyncio.to_thread(self._assembled, loaded, shown, now)
        raise LearningError("Many ask for this report just now. Try again in a moment.")

    async def _load(self, name: str) -> Loaded:
        async with self._new_uow(survey=True) as uow:
            by_day = await _dated(uow)
            edition = await _wanted(uow, name, by_day, self._clock.now())
            first = {e.id: days[0] for e, days in by_day}.get(edition.id)
            runs = [
                await _run(uow, each, days)
                for each, days in by_day
                if each.id == edition.id or (first is not None and days[0] < first)
            ]
            runs.sort(key=lambda r: (r.days[0], r.edition.id))
            ids = {b.person_id for r in runs for b in r.bookings}
            ids |= {PersonId(o.who) for r in runs for o in r.outcomes if not is_guest(o.who)}
            own = await uow.sessions.of_edition(edition.id)
            days = runs[-1].days if first is not None else None
            return Loaded(
                edition=edition,
                cancelled=sum(s.is_cancelled and s.starts_at is not None for s in own),
                runs=runs,
                profiles=await uow.profiles.among(ids),
                imported=await uow.report.past_editions(),
                asked=await uow.report.missed(*half_years(*days)) if days else [],
            )

    def _shown(self, loaded: Loaded, now: datetime) -> list[Shown]:
        """Edition by edition: first-timers are those who attended none before."""
        before: frozenset[str] | None = None
        found: list[Shown] = []
        for run in loaded.runs:
            facts = Facts(
                sessions=run.sessions,
                takings=tuple(takings.takings(run.sessions, run.bookings, run.outcomes)),
                profiles=loaded.profiles,
                earlier=before,
                places=self._places,
                is_over=takings.has_ended(run.sessions, now),
            )
            found.append(self._released(run, facts, now))
            came = takings.attended(facts.takings)
            before = came if before is None else before | came
        return found

    def _released(self, run: Run, facts: Facts, now: datetime) -> Shown:
        """What may be shown: the figures as they are where nobody's or enough people's have changed."""
        fresh = Released(
            edition_id=run.edition.id,
            figures=evaluation.figures(facts),
            patterns=tuple(sorted(map(self._digest, evaluation.patterns(facts)))),
            rules=self._rules(facts),
            made_at=now,
        )
        kept = run.released
        if kept is None or kept.rules != fresh.rules:
            is_new = fresh.figures.totals is not None
            return Shown(run=run, released=fresh, is_over=facts.is_over, is_new=is_new)
        changed = evaluation.changed(kept.patterns, fresh.patterns)
        if 0 < changed < FEWEST:
            return Shown(run=run, released=kept, is_over=facts.is_over, is_behind=True)
        is_new = changed > 0 and fresh.figures.totals is not None
        return Shown(run=run, released=fresh, is_over=facts.is_over, is_new=is_new)

    async def _kept(self, shown: Sequence[Shown]) -> bool:
        """Keep what is new; False where somebody else has kept other figures since we looked."""
        new = [each for each in shown if each.is_new]
        if not new:
            return True
        async with self._new_uow() as uow:
            for each in new:
                if not await uow.report.release(each.released, instead_of=each.run.released):
                    return False
            await uow.commit()
        log.info("report figures made anew", editions=len(new))
        return True

    def _assembled(self, loaded: Loaded, shown: Sequence[Shown], now: datetime) -> Report:
        own = [s for s in shown if s.run.edition.id == loaded.edition.id]
        last = own[0] if own else None
        before = [_past(s) for s in shown if s is not last]
        days = last.run.days if last else None
        figures = last.released.figures if last else evaluation.figures(_NO_FACTS)
        report = reporting.assembled(
            About(
                edition=loaded.edition.name,
                days=days,
                made_at=last.released.made_at if last else now,
                is_over=last.is_over if last else False,
            ),
            figures,
            last.run.releases if last else {},
            past_editions.before(
                loaded.edition.name, days[0] if days else None, before, loaded.imported
            ),
            _most(loaded.asked),
        )
        said = notes(
            report,
            figures,
            has_front_line=self._places.front_line is not None,
            has_remote=self._places.remote is not None,
            has_earlier=len(shown) > len(own),
            cancelled=loaded.cancelled,
            behind=last.is_behind if last else False,
        )
        return replace(report, notes=said)

    def _digest(self, pattern: str) -> str:
        return hmac.digest(self._secret, f"pattern:{pattern}".encode(), hashlib.sha256).hex()[:16]

    def _rules(self, facts: Facts) -> str:
        named = [
            sorted(p) if p is not None else None
            for p in (self._places.front_line, self._places.remote)
        ]
        return f"{MADE_BY}:{facts.is_over:d}:{self._digest(repr(named))}"


_NO_FACTS = Facts(
    sessions=(), takings=(), profiles={}, earlier=None, places=Places(), is_over=False
)
"""Those of an edition without a session that counts."""


def _names(given: Sequence[str]) -> frozenset[str] | None:
    return frozenset(" ".join(name.split()).casefold() for name in given) or None


async def _dated(uow: UnitOfWork) -> list[tuple[Edition, tuple[date, date]]]:
    """The editions with sessions that count, in order of their first days."""
    sessions: dict[EditionId, list[Session]] = {}
    for session in takings.counted(await uow.sessions.all()):
        if session.course_id is not None:
            continue  # what a course did is its own, and no edition of the week
        sessions.setdefault(session.edition_id, []).append(session)
    found = [
        (edition, days)
        for edition in await uow.editions.all()
        if (days := takings.days_of(sessions.get(edition.id, []))) is not None
    ]
    return sorted(found, key=lambda f: (f[1][0], f[0].id))


async def _wanted(
    uow: UnitOfWork,
    name: str,
    by_day: Sequence[tuple[Edition, tuple[date, date]]],
    now: datetime,
) -> Edition:
    if name:
        found = await uow.editions.named(name)
        if found is None:
            names = ", ".join(f"“{e.name}”" for e in await uow.editions.all()) or "none yet"
            raise LearningError(f"There is no edition “{name}”. There are: {names}.")
        return found
    if not by_day:
        raise LearningError("There is no edition yet: import a programme first.")
    begun = [edition for edition, days in by_day if days[0] <= now.date()]
    return begun[-1] if begun else by_day[0][0]


async def _run(uow: UnitOfWork, edition: Edition, days: tuple[date, date]) -> Run:
    """Session by session, so that turns go on beside it however many bookings there are."""
    sessions = tuple(takings.counted(await uow.sessions.of_edition(edition.id)))
    bookings: list[Booking] = []
    outcomes: list[Outcome] = []
    for session in sessions:
        bookings += await uow.bookings.of_session(session.id)
        outcomes += await uow.attendance.outcomes(session.id)
    return Run(
        edition=edition,
        days=days,
        sessions=sessions,
        bookings=bookings,
        outcomes=outcomes,
        releases=await uow.feedback.releases_of([s.id for s in sessions]),
        released=await uow.report.released(edition.id),
    )


def _past(shown: Shown) -> PastEdition:
    figures = shown.released.figures
    totals = reporting.scored(figures.totals, shown.run.releases) if figures.totals else None
    return PastEdition(
        name=shown.run.edition.name,
        held=shown.run.days[0],
        measures=past_editions.measures_of(totals, figures.reach),
    )


def _most(asked: Sequence[Asked]) -> dict[str, int]:
    """By how many each word was asked for in the half-year in which it was by most.

    Somebody has another mark in another half-year, so half-years cannot be added up.
    """
    found: dict[str, int] = {}
    for each in asked:
        found[each.word] = max(found.get(each.word, 0), each.people)
    return found
