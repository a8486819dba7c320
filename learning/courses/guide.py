"""The rounds of a set's meeting: which comes when, how long it lasts, and whose dilemma it is about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from learning.courses.definition import Round, SetPlan
from learning.people import PersonId

PRESENT = "present"
"""From the round of this title on, all are gone through once for each dilemma."""

MORE = timedelta(minutes=5)

EARLY = timedelta(minutes=30)
"""So long before its time a meeting may begin, or be taken over."""

LATE = timedelta(hours=12)
"""So long after its end a meeting that nobody finished is over."""


USUAL = (
    Round(title="Present", minutes=10, say="One member tells of their dilemma."),
    Round(title="Questions only", minutes=25, say="The others ask open questions."),
    Round(title="Commit", minutes=5, say="The member says what they will do, and by when."),
)
"""Where the file names no rounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a meeting is. `turn` counts the dilemmas from 0; None in the rounds before the first."""

    round: Round
    turn: int | None
    begins_turn: bool
    ends_turn: bool


def rounds_of(plan: SetPlan) -> Sequence[Round]:
    return plan.rounds or USUAL


def place(rounds: Sequence[Round], number: int) -> Place:
    """The round of this number, counted from 0 and on through the dilemmas."""
    first = _first_of_a_dilemma(rounds)
    if number < first:
        return Place(round=rounds[number], turn=None, begins_turn=False, ends_turn=False)
    turn, within = divmod(number - first, len(rounds) - first)
    return Place(
        round=rounds[first + within],
        turn=turn,
        begins_turn=within == 0,
        ends_turn=first + within == len(rounds) - 1,
    )


def ends_at(rounds: Sequence[Round], number: int, now: datetime) -> datetime:
    """When a round is over that begins now."""
    return now + timedelta(minutes=place(rounds, number).round.minutes)


def more_time(round_ends_at: datetime, now: datetime) -> datetime:
    """Five more minutes: from its end, or from now where that has passed."""
    return max(round_ends_at, now) + MORE


def minutes_left(round_ends_at: datetime, now: datetime) -> int:
    """Begun minutes until the end; below 0 the full ones since."""
    seconds = (round_ends_at - now).total_seconds()
    return -int(-seconds // 60)


def one_dilemma(rounds: Sequence[Round]) -> int:
    """The minutes that a dilemma takes."""
    return sum(each.minutes for each in rounds[_first_of_a_dilemma(rounds) :])


def presenters(
    brought: Iterable[tuple[PersonId, datetime]], presented: Collection[PersonId]
) -> list[PersonId]:
    """Whose turn it is to present of those who brought a dilemma: who presented least comes first.

    `presented` has everybody as often as they presented; who brought theirs first goes before others.
    """
    often: Mapping[PersonId, int] = {p: list(presented).count(p) for p in set(presented)}
    ranked = sorted(brought, key=lambda each: (often.get(each[0], 0), each[1], each[0]))
    return [person_id for person_id, _ in ranked]


def _first_of_a_dilemma(rounds: Sequence[Round]) -> int:
    """Without a round of that title, the second one; of a single round, that."""
    named = [n for n, each in enumerate(rounds) if each.title.casefold() == PRESENT]
    return named[0] if named else min(1, len(rounds) - 1)
