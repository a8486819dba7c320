"""A report as it is read: what it says first, and what its tables and charts hold."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from learning.drawings import Bar, Chart, Document, Fill, Headline, Section, Sheet
from learning.report import Change, Earlier, Line, Measure, Missed, Reach, Report
from learning.report_charts import MOST_BARS
from learning.report_document import document
from learning.report_headlines import headlines
from tests.support.reports import a_line, a_report, a_score, an_edition_before

LONDON = ZoneInfo("Europe/London")


def made(report: Report) -> Document:
    return document(report, LONDON)


def section(report: Report, name: str) -> Section:
    return next(s for s in made(report).sections if s.name == name)


def chart(report: Report, name: str) -> Chart:
    return next(c for c in made(report).charts if c.name == name)


def sheet(report: Report, name: str) -> Sheet:
    return section(report, name).sheets[0]


def before(attended: str | None, now: str = "90", name: str = "2025") -> Earlier:
    change = Change(
        measure=Measure.ATTENDED,
        before=None if attended is None else Decimal(attended),
        now=Decimal(now),
    )
    return Earlier(name=name, held=date(2025, 5, 19), changes=(change,))


def test_the_headlines_are_what_one_would_tell_others():
    assert headlines(a_report()) == (
        Headline(
            figure="+125 %",
            words="Attendance rose by 125 % on Learning at Work Week 2025: from 40 to 90",
        ),
        Headline(
            figure="74 %",
            words="said it supported their career and personal development goals (of 212 answers)",
        ),
        Headline(figure="4.19 of 5", words="stars on average (230 answers)"),
        Headline(figure="61", words="different people attended"),
        Headline(
            figure="90",
            words="times somebody attended a session, 85 % of those of whom it is known",
        ),
        Headline(figure="104", words="places booked on 22 sessions"),
    )


@pytest.mark.parametrize(
    ("attended", "figure", "words"),
    [
        ("40", "+125 %", "Attendance rose by 125 % on 2025: from 40 to 90"),
        ("91", "\N{MINUS SIGN}1.1 %", "Attendance fell by 1.1 % on 2025: from 91 to 90"),
        ("90", "±0 %", "Attendance stayed as it was on 2025: from 90 to 90"),
        ("7", "+1,185.7 %", "Attendance rose by 1,185.7 % on 2025: from 7 to 90"),
    ],
)
def test_how_attendance_has_changed(attended: str, figure: str, words: str):
    first = headlines(a_report(earlier=(before(attended),)))[0]

    assert first == Headline(figure=figure, words=words)


def test_it_is_compared_with_the_newest_edition_of_which_attendance_is_known():
    earlier = (before(None, name="2025"), before("0", name="2024"), before("60", name="2023"))

    first = headlines(a_report(earlier=earlier))[0]

    assert first.words == "Attendance rose by 50 % on 2023: from 60 to 90"


def test_while_an_edition_goes_on_it_is_not_said_to_be_behind_others():
    said = headlines(a_report(is_over=False))

    assert not any("Attendance" in each.words for each in said)
    assert Headline(figure="61", words="different people attended or have a place") in said
    assert made(a_report(is_over=False)).made.endswith("; the edition is not over")


def test_what_is_not_known_is_not_said():
    totals = replace(a_line("All"), score=None)

    said = headlines(a_report(totals=totals, earlier=(), reach=Reach()))

    assert [each.figure for each in said] == [str(totals.attended), "18"]


@pytest.mark.parametrize(
    "totals", [None, Line(name="All", sessions=22, capacity=300)], ids=["withheld", "nobody"]
)
def test_without_figures_it_says_when_there_will_be_some(totals: Line | None):
    shown = made(a_report(totals=totals))

    [only] = shown.sections
    assert only.empty.startswith("There are no figures yet.")
    assert shown.headlines == shown.charts == ()


def test_each_table_ends_with_all_of_it():
    report = a_report(sessions=2)

    shown = sheet(report, "sessions")

    assert shown.columns == (
        "Session", "Places", "Booked", "Attended", "Briefly", "No-shows", "Unknown",
        "Came unbooked", "Waited in vain",
    )  # fmt: skip
    assert shown.rows == (
        ("S1 Hybrid working without the hiccups", "20", "18", "12", "0", "4", "2", "0", "0"),
        ("S2 Growth mindset: not yet is an answer", "20", "18", "12", "1", "4", "2", "1", "1"),
        ("All", "no limit", "104", "90", "4", "12", "0", "2", "9"),
    )


@pytest.mark.parametrize("name", ["departments", "offices"])
def test_departments_and_offices_have_no_places(name: str):
    assert "Places" not in sheet(a_report(), name).columns


def test_every_row_of_every_table_has_all_its_cells():
    for part in made(a_report()).sections:
        for each in part.sheets:
            assert {len(row) for row in each.rows} == {len(each.columns)}


def test_a_bar_is_made_of_those_who_were_there_and_those_who_were_not():
    report = a_report(by_strand=(a_line("Talent", attended=9, briefly=2, no_shows=1, unknown=4),))

    drawn = chart(report, "strands")

    assert drawn.bars == (
        Bar(
            label="Talent",
            parts=(
                (Fill.SOLID, Decimal(9)),
                (Fill.DOTTED, Decimal(2)),
                (Fill.HATCHED, Decimal(1)),
                (Fill.EMPTY, Decimal(4)),
            ),
            says="9 attended, 2 briefly, 1 no-show, 4 unknown",
        ),
    )
    assert drawn.top == 16
    assert [words for _, words in drawn.key] == ["Attended", "Briefly", "No-show", "Unknown"]


def test_no_bar_is_longer_than_its_chart():
    for drawn in made(a_report()).charts:
        assert all(0 < bar.length <= drawn.top for bar in drawn.bars)


def test_a_chart_of_very_many_shows_the_longest_and_says_so():
    lines = tuple(a_line(f"S{n}", attended=n, score=None) for n in range(1, 61))

    drawn = chart(a_report(by_session=lines), "sessions")

    assert len(drawn.bars) == MOST_BARS
    assert drawn.title == "Who was there, by session: the 40 longest of 60 bars"
    assert "S60" in [bar.label for bar in drawn.bars]
    assert len(sheet(a_report(by_session=lines), "sessions").rows) == 60 + 1


def test_only_what_has_a_score_is_in_the_charts_and_tables_of_scores():
    report = a_report(
        by_session=(a_line("GM1", score=a_score(0, 0, 1, 2, 2)), a_line("PB1", score=None))
    )

    assert [bar.says for bar in chart(report, "scores").bars] == ["4.20 (5 answers)"]
    rows = sheet(report, "scores").rows
    assert rows[0] == ("GM1", "5", "4.20", "0", "0", "1", "2", "2", "0", "0", "–")
    assert [row[0] for row in rows] == ["GM1", "All"]


def test_the_goals_share_is_told_with_how_many_answered():
    assert chart(a_report(), "goals").bars[0].says == "74 % of 212"


def test_editions_are_compared_measure_by_measure():
    shown = sheet(a_report(), "earlier")

    assert shown.columns[1:3] == ("Learning at Work Week 2025", "Learning at Work Week 2026")
    assert shown.rows == (
        ("Booked", "52", "104", "+100 %"),
        ("Attended", "40", "90", "+125 %"),
        ("No-shows", "12", "12", "±0 %"),
        ("Average score", "4.38", "4.19", "\N{MINUS SIGN}0.19"),
        ("Said it supported their goals, %", "70.2", "74.1", "+3.9 points"),
    )
    assert [bar.says for bar in chart(a_report(), "editions-attended").bars] == ["90", "40"]


def test_two_charts_never_have_one_name():
    names = [drawn.name for drawn in made(a_report()).charts]

    assert len(names) == len(set(names))


def test_what_is_missing_says_so_instead_of_an_empty_table():
    report = a_report(
        earlier=(), channels=(), missed=Missed(rare=1), reach=Reach(), by_department=()
    )

    said = {part.name: part.empty for part in made(report).sections if part.empty}

    assert said == {
        "earlier": "There is no earlier edition to compare it with.",
        "departments": "No figures by department can be shown without telling of few.",
        "reach": "Nothing can be said of that.",
        "channels": "Nothing can be said of that yet.",
        "missed": "1 more word was asked for by fewer than 5 people.",
    }


def test_notes_and_definitions_are_at_its_end():
    report = a_report(earlier=(an_edition_before(),))

    shown = made(report)

    assert shown.notes == report.notes
    assert dict(shown.definitions)["No-show"] == "was booked and was not there."
    assert (shown.subtitle, shown.made) == (
        "18 May 2026 to 22 May 2026",
        "Figures of 26 May 2026, 09:05",
    )
