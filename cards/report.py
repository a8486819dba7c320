"""What an edition did, on a card for organisers: the main figures, and how they have changed."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import urlencode

from cards import kit, sayings
from cards.kit import Card
from learning.report import Change, Line, Measure, Report

FEWER = "Fewer than 5 people took part, so no figures are shown: they would tell of single people."
COMPARED = (Measure.BOOKED, Measure.ATTENDED, Measure.PEOPLE)


def report_card(report: Report, page: str) -> Card:
    """`page` is the address of the whole report at the desk."""
    title = f"{report.edition}: what {'it did' if report.is_over else 'it did so far'}"
    totals = report.totals
    if totals is None:
        figures, first = [kit.text(FEWER)], FEWER
    else:
        first = _first(report, totals)
        figures = [kit.text(first), kit.facts(*_facts(report, totals)), *_beside(report)]
    return kit.card(
        f"{title}. {first}",
        kit.heading(title),
        kit.quiet(_days(report)) if report.first_day else None,
        *figures,
        actions=[
            kit.open_url("The whole report", f"{page}?{urlencode({'edition': report.edition})}")
        ],
    )


def rose(change: Change) -> str:
    """'rose by 125 % (from 80 to 180)', '' where there is nothing to compare."""
    if change.before is None or change.now is None:
        return ""
    from_to = f"(from {number(change.before)} to {number(change.now)})"
    if change.per_cent is None:
        return ""
    if not change.per_cent:
        return f"stayed the same ({number(change.now)})"
    return (
        f"{'rose' if change.per_cent > 0 else 'fell'} by {number(abs(change.per_cent))} % {from_to}"
    )


def number(value: Decimal | int) -> str:
    """'1,240', '125', '12.5': without zeros that say nothing."""
    text = f"{value:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _first(report: Report, totals: Line) -> str:
    if not totals.booked and not totals.attended:
        return "Nobody has booked yet."
    people = "" if report.reach.people is None else f" by {report.reach.people:,} people"
    if report.is_over or totals.attended:
        return f"{totals.attended:,} attendances{people}."
    return f"{totals.booked:,} places booked{people}."


def _facts(report: Report, totals: Line) -> list[tuple[str, str]]:
    score, reach = totals.score, report.reach
    share = totals.attended_share
    stars = f"{score.average} of 5 ({score.answers:,} answers)" if score else ""
    goals = ""
    if score and score.goals_share is not None:
        goals = f"{number(score.goals_share)} % (of {score.goal_answers:,} answers)"
    return [
        ("Sessions", f"{totals.sessions:,}"),
        ("Booked", f"{totals.booked:,}"),
        ("Attended", f"{totals.attended:,}" + (f" ({number(share)} %)" if share else "")),
        ("No-shows", f"{totals.no_shows:,}"),
        ("Not known", f"{totals.unknown:,}" if totals.unknown and report.is_over else ""),
        ("Waiting in vain", f"{totals.waiting:,}"),
        ("First-timers", "" if reach.first_timers is None else f"{reach.first_timers:,}"),
        ("Score", stars),
        ("Supported their goals", goals),
    ]


def _beside(report: Report) -> list[kit.Element | None]:
    """Beside the last edition: what rose and what fell."""
    if not report.earlier:
        return []
    last = report.earlier[0]
    names = {Measure.BOOKED: "Bookings", Measure.ATTENDED: "Attendance", Measure.PEOPLE: "People"}
    said = [
        f"{names[measure]} {words}."
        for measure in COMPARED
        if (change := last.change(measure)) is not None and (words := rose(change))
    ]
    if not said:
        return []
    return [kit.subheading(f"Beside {last.name}"), *(kit.text(line) for line in said)]


def _days(report: Report) -> str:
    first, last = report.first_day, report.last_day
    if first is None or last is None or first == last:
        return f"{sayings.day(first)} {first:%Y}" if first else ""
    return f"{sayings.day(first)} to {sayings.day(last)} {last:%Y}"
