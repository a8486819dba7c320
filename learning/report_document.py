"""A report as it is read: what matters most first, then tables and charts, then what is left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from learning import report_charts as charts
from learning.drawings import Chart, Document, Section, Sheet
from learning.report import DEFINITIONS, Change, Line, Measure, Report
from learning.report_headlines import NOT_KNOWN, headlines, is_of_nobody, signed, value

FEW = (
    "There are no figures yet. Once at least 5 people have taken part, they stand here: who booked,"
    " who was there, what they said of it."
)

FIGURES = (
    "Places",
    "Booked",
    "Attended",
    "Briefly",
    "No-shows",
    "Unknown",
    "Came unbooked",
    "Waited in vain",
)


def document(report: Report, zone: ZoneInfo) -> Document:
    """Everything there is to say of it; times are local to `zone`."""
    made = report.made_at.astimezone(zone)
    return Document(
        title=f"{report.edition}: what it did",
        subtitle=_days(report.first_day, report.last_day),
        made=f"Figures of {_day(made.date())}, {made:%H:%M}"
        + ("" if report.is_over else "; the edition is not over"),
        headlines=headlines(report),
        sections=tuple(_sections(report)),
        notes=report.notes,
        definitions=DEFINITIONS,
    )


def _sections(report: Report) -> list[Section]:
    totals = report.totals
    if totals is None or is_of_nobody(totals):
        return [Section(name="figures", heading="Figures", empty=FEW)]
    total = (totals,)
    groups = (
        ("sessions", "Session by session", "session", report.by_session),
        ("strands", "By strand", "strand", report.by_strand),
        ("formats", "By format", "format", report.by_format),
        ("departments", "By department", "department", report.by_department),
        ("offices", "By office", "office", report.by_location),
    )
    own = [_lines(name, heading, by, lines, total) for name, heading, by, lines in groups]
    return [
        _earlier(report),
        own[0],
        _scores(report),
        *own[1:],
        _reach(report),
        _channels(report),
        _missed(report),
    ]


def _lines(
    name: str, heading: str, by: str, lines: Sequence[Line], total: Sequence[Line]
) -> Section:
    if not lines:
        return Section(
            name=name,
            heading=heading,
            empty=f"No figures by {by} can be shown without telling of few.",
        )
    # Departments and offices have no places of their own.
    first = 1 if by in {"department", "office"} else 0
    sheet = Sheet(
        caption=f"{'Bookings' if first else 'Places, bookings'} and attendance by {by}",
        columns=(by.capitalize(), *FIGURES[first:]),
        rows=tuple((line.name, *_figures(line)[first:]) for line in (*lines, *total)),
    )
    return Section(
        name=name, heading=heading, charts=_some(charts.presence(name, by, lines)), sheets=(sheet,)
    )


def _figures(line: Line) -> tuple[str, ...]:
    """In the order of `FIGURES`."""
    places = "no limit" if line.capacity is None else f"{line.capacity:,}"
    counts = (
        line.booked,
        line.attended,
        line.briefly,
        line.no_shows,
        line.unknown,
        line.unbooked,
        line.waiting,
    )
    return (places, *(f"{count:,}" for count in counts))


def _scores(report: Report) -> Section:
    heading = "What people said"
    totals = report.totals
    if totals is None or totals.score is None:
        empty = "There are no scores yet: a session’s are shown from 5 answers on."
        return Section(name="scores", heading=heading, empty=empty)
    groups = (
        ("session", report.by_session),
        ("strand", report.by_strand),
        ("format", report.by_format),
    )
    drawn = [
        charts.stars(totals.score),
        charts.averages("scores", "session", report.by_session),
        charts.goals((totals, *report.by_strand)),
    ]
    sheets = [_score_sheet(by, lines, totals) for by, lines in groups]
    return Section(
        name="scores",
        heading=heading,
        charts=_some(*drawn),
        sheets=tuple(sheet for sheet in sheets if sheet is not None),
    )


def _score_sheet(by: str, lines: Sequence[Line], total: Line) -> Sheet | None:
    scored = [line for line in lines if line.score is not None]
    if not scored:
        return None
    return Sheet(
        caption=f"Scores by {by}: how many gave how many stars, and whether it supported their goals",
        columns=(
            by.capitalize(), "Answers", "Average", *charts.STARS,
            "Goals: yes", "Goals: answers", "Goals: % yes",
        ),
        rows=tuple(_score_row(line) for line in (*scored, total)),
    )  # fmt: skip


def _score_row(line: Line) -> tuple[str, ...]:
    score = line.score
    assert score is not None
    return (
        line.name,
        f"{score.answers:,}",
        str(score.average),
        *(f"{count:,}" for count in score.histogram),
        f"{score.helped:,}",
        f"{score.goal_answers:,}",
        value(score.goals_share),
    )


def _reach(report: Report) -> Section:
    reach = report.reach
    figures = (
        ("Different people", reach.people),
        ("First-timers", reach.first_timers),
        ("Front line staff", reach.front_line),
        ("Remote staff", reach.remote),
    )
    rows = tuple((name, f"{n:,}") for name, n in figures if n is not None)
    if not rows:
        return Section(
            name="reach", heading="Whom it reached", empty="Nothing can be said of that."
        )
    sheet = Sheet(caption="How many different people", columns=("Who", "People"), rows=rows)
    return Section(name="reach", heading="Whom it reached", sheets=(sheet,))


def _channels(report: Report) -> Section:
    heading = "What brought the bookings"
    if not report.channels:
        return Section(name="channels", heading=heading, empty="Nothing can be said of that yet.")
    rows = tuple((c.name, f"{c.booked:,}", f"{c.attended:,}") for c in report.channels)
    sheet = Sheet(
        caption="Bookings by where they were made", columns=("Way", "Booked", "Attended"), rows=rows
    )
    drawn = _some(charts.channels(report.channels))
    return Section(name="channels", heading=heading, charts=drawn, sheets=(sheet,))


def _missed(report: Report) -> Section:
    heading = "What people asked for and did not find"
    rare = report.missed.rare
    more = (
        f"{rare:,} more word{' was' if rare == 1 else 's were'} asked for by fewer than 5 people."
    )
    if not report.missed.words:
        return Section(name="missed", heading=heading, empty=more if rare else "Nothing so far.")
    rows = tuple((each.word, f"{each.people:,}") for each in report.missed.words)
    sheet = Sheet(
        caption="Words, and how many people asked for them", columns=("Word", "People"), rows=rows
    )
    return Section(name="missed", heading=heading, lead=more if rare else "", sheets=(sheet,))


def _earlier(report: Report) -> Section:
    heading = "Beside earlier editions"
    if not report.earlier:
        empty = "There is no earlier edition to compare it with."
        return Section(name="earlier", heading=heading, empty=empty)
    drawn = (
        charts.editions(Measure.ATTENDED, "Attended, by edition", report.edition, report.earlier),
        charts.editions(Measure.BOOKED, "Booked, by edition", report.edition, report.earlier),
    )
    sheets = tuple(
        Sheet(
            caption=f"{report.edition} beside {each.name}"
            + (f", {_day(each.held)}" if each.held else ""),
            columns=("Figure", each.name, report.edition, "Change"),
            rows=tuple(
                (change.name, value(change.before), value(change.now), _change(change))
                for change in each.changes
                if change.before is not None
            ),
        )
        for each in report.earlier
    )
    return Section(
        name="earlier",
        heading=heading,
        charts=_some(*drawn),
        sheets=tuple(sheet for sheet in sheets if sheet.rows),
    )


def _change(change: Change) -> str:
    """'+125 %', or of a score '+0.21'."""
    if change.per_cent is not None:
        return f"{signed(change.per_cent)} %"
    if change.apart is not None:
        unit = " points" if change.measure is Measure.GOALS else ""
        return f"{signed(change.apart)}{unit}"
    return NOT_KNOWN


def _days(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return "No session with a date"
    return _day(first) if first == last else f"{_day(first)} to {_day(last)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _some(*drawn: Chart | None) -> tuple[Chart, ...]:
    return tuple(chart for chart in drawn if chart is not None)
