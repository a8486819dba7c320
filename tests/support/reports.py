"""A report as it may come out, for whoever draws one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from learning.report import (
    Change,
    Channel,
    Earlier,
    Line,
    Measure,
    Missed,
    MissedWord,
    Reach,
    Report,
    Score,
)
from learning.sources import Source

TITLES = (
    "Hybrid working without the hiccups",
    "Growth mindset: not yet is an answer",
    "Unconscious bias: noticing the shortcut",
    "Your personal brand, in your own words",
    "Mentoring or coaching: which do you need?",
    "Career conversations for front line staff",
)


def a_score(*histogram: int, helped: int = 0, goal_answers: int = 0) -> Score:
    one, two, three, four, five = histogram or (0, 1, 3, 10, 12)
    return Score(histogram=(one, two, three, four, five), helped=helped, goal_answers=goal_answers)


def a_line(name: str, number: int = 0, **more: Any) -> Line:
    """Of 20 places 18 booked; each `number` differs a little."""
    came = 12 - number % 5
    values: dict[str, Any] = {
        "sessions": 1,
        "capacity": 20,
        "booked": 18,
        "attended": came + number % 2,
        "briefly": number % 3,
        "no_shows": 4,
        "unknown": 18 - came - number % 3 - 4,
        "unbooked": number % 2,
        "waiting": number % 4,
        "score": a_score(helped=19, goal_answers=25),
        **more,
    }
    return Line(name=name, **values)


def a_report(sessions: int = 22, **more: Any) -> Report:
    """The week of a council, the year after one with 40 attending of 52."""
    by_session = tuple(
        a_line(f"S{n + 1} {TITLES[n % len(TITLES)]}", n, score=None if n % 7 == 3 else a_score())
        for n in range(sessions)
    )
    totals = a_line(
        "All",
        sessions=sessions,
        capacity=None,
        booked=104,
        attended=90,
        briefly=4,
        no_shows=12,
        unknown=0,
        unbooked=2,
        waiting=9,
        score=a_score(2, 6, 31, 98, 93, helped=157, goal_answers=212),
    )
    report = Report(
        edition="Learning at Work Week 2026",
        first_day=date(2026, 5, 18),
        last_day=date(2026, 5, 22),
        made_at=datetime(2026, 5, 26, 8, 5, tzinfo=UTC),
        is_over=True,
        totals=totals,
        by_session=by_session,
        by_strand=tuple(
            a_line(f"Everyone {name}", n)
            for n, name in enumerate(("has Talent", "is Valued", "is a Leader"))
        ),
        by_format=(a_line("Teams", 1), a_line("Zoom", 2), a_line("In person", 3)),
        by_department=(
            a_line("Housing", 2, score=None),
            a_line("Other departments", 4, score=None),
        ),
        by_location=(a_line("City Hall", 1, score=None), a_line("Other offices", 3, score=None)),
        reach=Reach(people=61, first_timers=38, front_line=17),
        channels=(
            Channel(name="Chat", source=Source.CHAT, booked=51, attended=44),
            Channel(name="Hub pages", source=Source.HUB, booked=33, attended=30),
            Channel(name="Highlights", source=Source.HIGHLIGHTS, booked=20, attended=16),
        ),
        missed=Missed(
            words=(MissedWord(word="spanish", people=14), MissedWord(word="excel", people=9)),
            rare=31,
        ),
        earlier=(an_edition_before(),),
        notes=("How many are remote staff is not known: set REMOTE_OFFICES.",),
    )
    return replace(report, **more)


def an_edition_before(name: str = "Learning at Work Week 2025") -> Earlier:
    figures = (
        (Measure.BOOKED, "52", "104"),
        (Measure.ATTENDED, "40", "90"),
        (Measure.NO_SHOWS, "12", "12"),
        (Measure.SCORE, "4.38", "4.19"),
        (Measure.GOALS, "70.2", "74.1"),
        (Measure.PEOPLE, None, "61"),
    )
    return Earlier(
        name=name,
        held=date(2025, 5, 19),
        changes=tuple(
            Change(measure=measure, before=Decimal(before) if before else None, now=Decimal(now))
            for measure, before, now in figures
        ),
    )
