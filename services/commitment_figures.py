"""How a course's commitments stand, for organisers: counts that tell of nobody, and no words."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from learning.courses import commitment_figures as rules
from learning.courses.commitment_figures import Figures
from learning.courses.enrolments import Running
from learning.errors import LearningError
from learning.evaluation import changed
from learning.small_groups import FEWEST
from services.ports.clocks import Clock
from services.ports.commitments import Released
from services.ports.storage import NewUnitOfWork

TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The figures as they were made at `made_at`. `is_behind`: something has changed since, of too few
    people to show it."""

    running: Running
    figures: Figures
    made_at: datetime
    is_behind: bool = False


class CommitmentFigures:
    def __init__(
        self, new_uow: NewUnitOfWork, clock: Clock, secret: str, *, zone: ZoneInfo
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._secret = secret.encode()
        self._zone = zone

    async def of_course(self, code: str) -> Standing | None:
        """None where there is no such course.

        Figures change only when those of at least five people have: whoever compares before and after
        learns of no fewer. Raises LearningError.
        """
        for _ in range(TRIES):
            async with self._new_uow(survey=True) as uow:
                running = await uow.courses.coded(code)
                if running is None:
                    return None
                kept = await uow.commitments.released(running.id)
                commitments = await uow.commitments.of_course(running.id)
                checks = await uow.commitments.checks([c.id for c in commitments])
            now = self._clock.now()
            today = now.astimezone(self._zone).date()
            facts = rules.facts(commitments, checks, today, self._zone)
            fresh = Released(
                course_id=running.id,
                figures=rules.figures(facts),
                patterns=tuple(sorted(map(self._digest, rules.patterns(facts)))),
                made_at=now,
            )
            moved = changed(kept.patterns, fresh.patterns) if kept else 0
            if kept is not None and moved < FEWEST:
                return Standing(
                    running=running,
                    figures=kept.figures,
                    made_at=kept.made_at,
                    is_behind=moved > 0,
                )
            if fresh.figures.people is None or await self._kept(fresh, kept):
                return Standing(running=running, figures=fresh.figures, made_at=now)
        raise LearningError("Many ask for these figures just now. Try again in a moment.")

    async def _kept(self, fresh: Released, kept: Released | None) -> bool:
        async with self._new_uow() as uow:
            if not await uow.commitments.release(fresh, instead_of=kept):
                return False
            await uow.commit()
        return True

    def _digest(self, pattern: str) -> str:
        return hmac.digest(self._secret, f"commitments:{pattern}".encode(), hashlib.sha256).hex()[
            :16
        ]
