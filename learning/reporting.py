"""A whole report put together: figures, scores, earlier editions, and what people did not find."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from learning import past_editions
from learning.feedback import Release
from learning.figures import Figures, Group
from learning.past_editions import PastEdition
from learning.report import Line, Missed, MissedWord, Report, Score
from learning.sessions import SessionId
from learning.small_groups import FEWEST

MOST_WORDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Which edition a report is of, and as of when."""

    edition: str
    days: tuple[date, date] | None
    made_at: datetime
    is_over: bool


def assembled(
    about: About,
    figures: Figures,
    releases: Mapping[SessionId, Release],
    past: Iterable[PastEdition],
    words: Mapping[str, int],
) -> Report:
    """Everything but its notes. `words` says by how many people each was asked for."""
    totals = scored(figures.totals, releases) if figures.totals else None
    first, last = about.days or (None, None)
    now = past_editions.measures_of(totals, figures.reach)

    def lines(groups: Sequence[Group]) -> tuple[Line, ...]:
        return tuple(scored(group, releases) for group in groups)

    return Report(
        edition=about.edition,
        first_day=first,
        last_day=last,
        made_at=about.made_at,
        is_over=about.is_over,
        totals=totals,
        by_session=lines(figures.by_session),
        by_strand=lines(figures.by_strand),
        by_format=lines(figures.by_format),
        by_department=lines(figures.by_department),
        by_location=lines(figures.by_location),
        reach=figures.reach,
        channels=figures.channels,
        missed=missed(words),
        earlier=tuple(past_editions.beside(now, each) for each in past),
    )


def scored(group: Group, releases: Mapping[SessionId, Release]) -> Line:
    """The line with the sum of what was released of its sessions: whatever is subtracted from it,
    what is left are whole releases."""
    return replace(group.line, score=score([releases[i] for i in group.sessions if i in releases]))


def score(releases: Sequence[Release]) -> Score | None:
    if not releases:
        return None
    one, two, three, four, five = (sum(r.stars[n] for r in releases) for n in range(5))
    helped = sum(r.helped for r in releases)
    return Score(
        histogram=(one, two, three, four, five),
        helped=helped,
        goal_answers=helped + sum(r.not_helped for r in releases),
    )


def missed(words: Mapping[str, int]) -> Missed:
    """The words that enough people asked for, most first, and how many others there are."""
    often = [MissedWord(word=w, people=n) for w, n in words.items() if n >= FEWEST]
    often.sort(key=lambda m: (-m.people, m.word))
    return Missed(words=tuple(often[:MOST_WORDS]), rare=sum(n < FEWEST for n in words.values()))
