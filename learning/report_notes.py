"""What a report leaves out, merges or does not know, in sentences."""

from __future__ import annotations

from learning.figures import Figures
from learning.report import Report

FRONT_LINE = "FRONT_LINE_DEPARTMENTS"
REMOTE = "REMOTE_OFFICES"


def notes(
    report: Report,
    figures: Figures,
    *,
    has_front_line: bool,
    has_remote: bool,
    has_earlier: bool,
    cancelled: int,
    behind: bool,
) -> tuple[str, ...]:
    """`behind`: fewer people than may be told of have changed since the figures were made."""
    if report.totals is None:
        return (
            "Fewer than 5 people took part, so no figures are shown: they would tell of single people.",
        )
    reach = report.reach
    merged_sessions = any(line.merged for line in report.by_session)
    merged_people = any(line.merged for line in (*report.by_department, *report.by_location))
    said = [
        behind
        and "Since these figures were made, those of fewer than 5 people have changed. They are made"
        " anew when there are more, so that no two reports tell of single people.",
        not report.is_over
        and "This edition is not over: its figures still grow, and different people are those with a"
        " place or who attended.",
        merged_sessions
        and "Sessions with fewer than 5 people are shown together with others, and so are strands and"
        " formats that could else be told apart by subtraction.",
        merged_people
        and "Departments and offices with fewer than 5 people are shown together, with the next"
        " smallest where they are too few even so.",
        any(channel.merged for channel in report.channels)
        and "Ways of booking that fewer than 5 people took are shown together.",
        reach.people is None and "How many different people is not shown: they are fewer than 5.",
        *_of_reach(report, has_front_line, has_remote, has_earlier),
        report.totals.unknown > 0
        and report.is_over
        and f"Of {report.totals.unknown:,} {'booking' if report.totals.unknown == 1 else 'bookings'}"
        " nobody recorded whether the person was there.",
        figures.guests > 0
        and "Guests without an account count as attended. They are not among the different people, since"
        " they cannot be told apart from one session to the next.",
        cancelled > 0
        and f"{'One session was' if cancelled == 1 else f'{cancelled} sessions were'} called off and"
        f" {'is' if cancelled == 1 else 'are'} not counted.",
        report.totals.score is None
        and "There are no scores yet: a session’s are shown from 5 answers on.",
        report.missed.rare > 0
        and "Words that fewer than 5 people asked for are not shown, only how many they are.",
    ]
    return tuple(sentence for sentence in said if isinstance(sentence, str))


def _of_reach(
    report: Report, has_front_line: bool, has_remote: bool, has_earlier: bool
) -> list[str | bool]:
    reach = report.reach
    few = "is not shown: it would tell of fewer than 5 people."
    shown = reach.people is not None
    return [
        not has_earlier
        and "Who came for the first time is not known: no earlier edition is recorded here.",
        shown
        and has_earlier
        and reach.first_timers is None
        and f"How many came for the first time {few}",
        not has_front_line
        and f"How many front line staff were reached is not known: the setting {FRONT_LINE} says which"
        " departments are front line.",
        shown
        and has_front_line
        and reach.front_line is None
        and f"How many front line staff were reached {few}",
        not has_remote
        and f"How many remote staff were reached is not known: the setting {REMOTE} says which offices"
        " stand for working remotely.",
        shown
        and has_remote
        and reach.remote is None
        and f"How many remote staff were reached {few}",
    ]
