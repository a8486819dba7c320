"""What one would tell others of an edition, each in one figure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from learning import report_charts as charts
from learning.drawings import Headline
from learning.report import Earlier, Line, Measure, Report

GOALS = "said it supported their career and personal development goals"
NOT_KNOWN = "–"
MINUS = "\N{MINUS SIGN}"


def headlines(report: Report) -> tuple[Headline, ...]:
    """What one would tell others, of what is known."""
    totals = report.totals
    if totals is None or is_of_nobody(totals):
        return ()
    # Until an edition is over it is behind the others for no other reason.
    growth = _growth(report.earlier) if report.is_over else None
    found = [growth, *_opinions(totals)]
    if report.reach.people is not None:
        verb = "attended" if report.is_over else "attended or have a place"
        found.append(Headline(figure=f"{report.reach.people:,}", words=f"different people {verb}"))
    if totals.attended or report.is_over:
        share = totals.attended_share
        of = f", {charts.whole(share)} % of those of whom it is known" if share is not None else ""
        words = f"times somebody attended a session{of}"
        found.append(Headline(figure=f"{totals.attended:,}", words=words))
    sessions = f"on {totals.sessions:,} session{'' if totals.sessions == 1 else 's'}"
    found.append(Headline(figure=f"{totals.booked:,}", words=f"places booked {sessions}"))
    return tuple(each for each in found if each is not None)


def is_of_nobody(line: Line) -> bool:
    """Whether nobody has taken part yet, as far as is known."""
    return not any((line.booked, line.waiting, line.attended, line.briefly))


def _growth(earlier: Sequence[Earlier]) -> Headline | None:
    """Beside the newest edition of which attendance is known."""
    for each in earlier:
        change = each.change(Measure.ATTENDED)
        if change is None or change.per_cent is None:
            continue
        per_cent, was = change.per_cent, change.before
        than = f"on {each.name}: from {value(was)} to {value(change.now)}"
        if per_cent == 0:
            return Headline(figure="±0 %", words=f"Attendance stayed as it was {than}")
        verb, sign = ("rose", "+") if per_cent > 0 else ("fell", MINUS)
        size = short(abs(per_cent))
        return Headline(figure=f"{sign}{size} %", words=f"Attendance {verb} by {size} % {than}")
    return None


def _opinions(totals: Line) -> list[Headline]:
    score = totals.score
    if score is None:
        return []
    found: list[Headline] = []
    if score.goals_share is not None:
        of = f"{GOALS} (of {charts.answers(score.goal_answers)})"
        found.append(Headline(figure=f"{charts.whole(score.goals_share)} %", words=of))
    words = f"stars on average ({charts.answers(score.answers)})"
    return [*found, Headline(figure=f"{score.average} of 5", words=words)]


def signed(amount: Decimal) -> str:
    """'+125', '±0'."""
    if amount == 0:
        return "±0"
    return ("+" if amount > 0 else MINUS) + short(abs(amount))


def short(amount: Decimal) -> str:
    """Without a fraction of nothing: '125', '12.5', '1,204'."""
    text = f"{amount:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def value(amount: Decimal | None) -> str:
    return NOT_KNOWN if amount is None else charts.number(amount)
