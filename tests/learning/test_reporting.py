"""Figures beside those of earlier editions, scores of what was released, and what is said of both."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from learning import past_editions
from learning.feedback import Release
from learning.figures import Figures, Group
from learning.past_editions import PastEdition
from learning.report import Change, Earlier, Line, Measure, MissedWord, Reach, Report, Score
from learning.report_notes import notes
from learning.report_sheets import tables
from learning.reporting import MOST_WORDS, About, assembled, missed, scored
from learning.sessions import SessionId
from tests.support.clocks import MONDAY

LINE = Line(name="All sessions", sessions=2, booked=20, attended=12, no_shows=8)
TOTALS = Group(line=LINE, sessions=(SessionId(1), SessionId(2)))


def a_release(of: int, *stars: int, helped: int = 0, not_helped: int = 0) -> Release:
    one, two, three, four, five = stars
    return Release(
        session_id=SessionId(of),
        stars=(one, two, three, four, five),
        helped=helped,
        not_helped=not_helped,
        comments=(),
        released_at=MONDAY,
    )


def a_report(line: Line | None = LINE, **more: Any) -> Report:
    usual = Report(
        edition="May 2026",
        first_day=date(2026, 5, 18),
        last_day=date(2026, 5, 22),
        made_at=MONDAY,
        is_over=True,
        totals=line,
        reach=Reach(people=12),
    )
    return replace(usual, **more)


def said(report: Report, **more: Any) -> tuple[str, ...]:
    usual: dict[str, Any] = {
        "has_front_line": True,
        "has_remote": True,
        "has_earlier": True,
        "cancelled": 0,
        "behind": False,
    }
    return notes(report, Figures(totals=None), **(usual | more))


@pytest.mark.parametrize(
    ("measure", "before", "now", "per_cent", "apart"),
    [
        (Measure.ATTENDED, 80, 180, "125.0", None),
        (Measure.ATTENDED, 180, 80, "-55.6", None),
        (Measure.ATTENDED, 80, 80, "0.0", None),
        (Measure.ATTENDED, 0, 80, None, None),
        (Measure.ATTENDED, None, 80, None, None),
        (Measure.ATTENDED, 80, None, None, None),
        (Measure.GOALS, "60.5", "74.6", None, "14.1"),
        (Measure.SCORE, "4.29", "4.41", None, "0.12"),
    ],
)
def test_a_change_is_in_per_cent_of_before_and_that_of_a_share_a_difference(
    measure: Measure,
    before: int | str | None,
    now: int | str | None,
    per_cent: str | None,
    apart: str | None,
):
    change = Change(
        measure=measure,
        before=None if before is None else Decimal(before),
        now=None if now is None else Decimal(now),
    )

    assert change.per_cent == (None if per_cent is None else Decimal(per_cent))
    assert change.apart == (None if apart is None else Decimal(apart))


def test_a_score_is_the_sum_of_what_was_released_of_its_sessions():
    releases = {
        SessionId(1): a_release(1, 0, 0, 1, 2, 3, helped=4, not_helped=1),
        SessionId(3): a_release(3, 9, 9, 9, 9, 9, helped=9, not_helped=9),
    }

    line = scored(TOTALS, releases)

    assert line == replace(LINE, score=Score(histogram=(0, 0, 1, 2, 3), helped=4, goal_answers=5))
    assert line.score is not None
    assert (line.score.answers, line.score.average, line.score.goals_share) == (
        6,
        Decimal("4.33"),
        Decimal("80.0"),
    )
    assert scored(TOTALS, {}).score is None


def test_the_editions_before_are_the_newest_first_and_our_own_go_before_what_was_imported():
    def past(name: str, held: date | None, attended: int | None, **more: bool) -> PastEdition:
        measures = {} if attended is None else {Measure.ATTENDED: Decimal(attended)}
        return PastEdition(name=name, held=held, measures=measures, **more)

    own = [
        past("November 2025", date(2025, 11, 17), 90),
        past("Withheld", date(2025, 1, 1), None),
    ]
    imported = [
        past("Long ago", None, 10, is_imported=True),
        past("may 2026", date(2026, 5, 1), 20, is_imported=True),
        past("NOVEMBER 2025", date(2025, 11, 1), 30, is_imported=True),
        past("May 2025", date(2025, 5, 12), 80, is_imported=True),
        past("May 2027", date(2027, 5, 12), 80, is_imported=True),
    ]

    found = past_editions.before("May 2026", date(2026, 5, 18), own, imported)

    assert [(p.name, p.is_imported) for p in found] == [
        ("November 2025", False),
        ("May 2025", True),
        ("Long ago", True),
    ]


def test_a_measure_that_only_one_edition_knows_is_shown_without_a_change():
    past = PastEdition(name="2025", held=None, measures={Measure.WAITING: Decimal(3)})

    assert past_editions.beside({Measure.ATTENDED: Decimal(12)}, past) == Earlier(
        name="2025",
        held=None,
        changes=(
            Change(measure=Measure.ATTENDED, before=None, now=Decimal(12)),
            Change(measure=Measure.WAITING, before=Decimal(3), now=None),
        ),
    )


def test_words_of_enough_people_are_shown_most_first():
    found = missed({"pottery": 5, "welding": 9, "basketry": 5, "asha": 4, "bees": 1})

    assert found.words == (
        MissedWord(word="welding", people=9),
        MissedWord(word="basketry", people=5),
        MissedWord(word="pottery", people=5),
    )
    assert found.rare == 2
    assert len(missed({f"w{n}": 5 for n in range(99)}).words) == MOST_WORDS


def test_a_report_without_anything_to_explain_says_nothing():
    line = replace(LINE, score=Score(histogram=(0, 0, 0, 0, 5), helped=0, goal_answers=0))
    reach = Reach(people=12, first_timers=6, front_line=0, remote=12)

    assert said(a_report(line, reach=reach)) == ()


@pytest.mark.parametrize(
    ("report", "more", "words"),
    [
        (a_report(None), {}, "so no figures are shown"),
        (a_report(), {"behind": True}, "fewer than 5 people have changed"),
        (a_report(is_over=False), {}, "This edition is not over"),
        (a_report(by_session=(replace(LINE, merged=True),)), {}, "Sessions with fewer than 5"),
        (a_report(by_location=(replace(LINE, merged=True),)), {}, "Departments and offices"),
        (a_report(reach=Reach()), {}, "How many different people is not shown"),
        (a_report(), {"has_earlier": False}, "no earlier edition is recorded here"),
        (a_report(), {}, "How many came for the first time is not shown"),
        (a_report(), {"has_front_line": False}, "the setting FRONT_LINE_DEPARTMENTS says"),
        (a_report(), {}, "How many front line staff were reached is not shown"),
        (a_report(), {"has_remote": False}, "the setting REMOTE_OFFICES says"),
        (a_report(), {}, "How many remote staff were reached is not shown"),
        (a_report(replace(LINE, unknown=3)), {}, "Of 3 bookings nobody recorded"),
        (a_report(replace(LINE, unknown=1)), {}, "Of 1 booking nobody recorded"),
        (a_report(), {"cancelled": 1}, "One session was called off and is not counted."),
        (a_report(), {"cancelled": 2}, "2 sessions were called off and are not counted."),
        (a_report(), {}, "There are no scores yet"),
        (a_report(missed=missed({"bees": 1})), {}, "Words that fewer than 5 people asked for"),
    ],
)
def test_what_is_left_out_is_said_and_why(report: Report, more: dict[str, Any], words: str):
    assert len([note for note in said(report, **more) if words in note]) == 1


def test_every_table_has_a_value_for_each_of_its_columns():
    line = replace(LINE, score=Score(histogram=(1, 0, 1, 2, 3), helped=4, goal_answers=5))
    past = PastEdition(name="2025", held=date(2025, 5, 12), measures={Measure.ATTENDED: Decimal(6)})
    report = assembled(
        About(edition="May 2026", days=None, made_at=MONDAY, is_over=True),
        Figures(
            totals=Group(line=line, sessions=(SessionId(1),)),
            by_session=(TOTALS,),
            by_department=(Group(line=LINE),),
        ),
        {SessionId(1): a_release(1, 1, 0, 1, 2, 3, helped=4, not_helped=1)},
        [past],
        {"welding": 5},
    )

    found = {table.name: table for table in tables(report)}

    assert list(found) == [
        "Report",
        "By session",
        "By department",
        "Asked for and not found",
        "Earlier editions",
        "What the words mean",
    ]
    assert all(len(row) == len(t.header) for t in found.values() for row in t.rows)
    [row] = found["By session"].rows
    told = dict(zip(found["By session"].header, row, strict=True))
    assert told["average"] == Decimal("3.86")
    assert told["goals_percent"] == Decimal("80.0")
    assert (
        "2025", "2025-05-12", "Attended", Decimal(6), Decimal(12), Decimal("100.0"), None,
    ) in found["Earlier editions"].rows  # fmt: skip
