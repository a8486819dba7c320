"""A course from its pages: what the sample says, and everything that can be wrong."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from integrations.course_folders import read_folder, read_page
from learning.courses.definition import QuestionKind, StepKind
from learning.courses.pages import Folder
from learning.courses.reading import CourseReading, read_course

SAMPLE = Path(__file__).parents[3] / "sample" / "leaders"

PROGRAMME = "---\ntitle: A course\ncode: C\ncohort: Spring, Autumn\n---\n"
MODULE = "---\nkind: module\ntitle: A module\norder: 1\n{front}\n---\n\n{body}\n"
LIVE = """---
kind: live
title: Live
order: 2
minutes: 60
sessions:
  - code: L1
    starts: 2027-03-10T09:30
{more}
---
"""


def reading(**pages: str) -> CourseReading:
    texts = {"programme": PROGRAMME, **pages}
    folder = Folder(
        pages=tuple(read_page(name, text) for name, text in texts.items()),
        pictures=frozenset({"queue.png"}),
    )
    return read_course(folder, "Europe/London")


def faults_of(front: str = "", body: str = "") -> list[str]:
    found = reading(step=MODULE.format(front=front, body=body))
    return [str(fault) for fault in found.faults]


def test_the_sample_is_a_whole_course():
    found = read_course(read_folder(SAMPLE), "Europe/London")

    assert not found.faults
    assert not found.notes
    course = found.course
    assert course is not None
    assert [step.kind for step in course.steps] == [
        StepKind.MODULE,
        StepKind.MODULE,
        StepKind.MODULE,
        StepKind.QUESTIONNAIRE,
        StepKind.LIVE,
        StepKind.SETS,
        StepKind.FOLLOW_UP,
        StepKind.FOLLOW_UP,
        StepKind.QUOTE,
    ]
    module, questionnaire, sets = course.steps[0], course.steps[3], course.steps[5]
    assert {question.kind for question in module.questions} == {
        QuestionKind.SCALE,
        QuestionKind.CHOICE,
        QuestionKind.RANKING,
        QuestionKind.REFLECTION,
    }
    assert (module.opens, module.due) == (-42, -14)
    assert questionnaire.remind == (-10, -5, -3)
    assert sets.sets is not None
    assert (sets.sets.fewest, sets.sets.most, sets.sets.every) == (5, 8, 28)
    assert course.live is not None
    assert course.live.live is not None
    assert course.live.live.sessions[0].starts_at == datetime(2027, 3, 10, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("6 weeks before", -42),
        ("two weeks after", 14),
        ("a month after", 30),
        ("1 day before", -1),
        ("on the day", 0),
        ("-14", -14),
        ("+3d", 3),
    ],
)
def test_times_are_days_from_the_live_session(written: str, days: int):
    found = reading(step=MODULE.format(front=f"opens: {written}", body="Words."))

    assert found.course is not None
    assert found.course.steps[0].opens == days


@pytest.mark.parametrize(
    ("front", "fault"),
    [
        ("opens: soon", 'step, line 5, opens: "soon" is not a time before or after'),
        ("opens: 9999 days before", 'step, line 5, opens: "9999 days before" is not a time'),
        ("opens: 2 weeks after\ncloses: 1 week after", "step, line 2, closes: is not after opens."),
        ("minutes: 0", 'step, line 5, minutes: "0" is not a whole number from 1'),
        ("cohort: Summer", 'step, line 1, cohort: "Summer" is none of the cohorts'),
        ("title: Again", "step, line 5, title: is there twice. Remove one of them."),
        ("dimensions: care", "step, line 5, dimensions: wants names"),
        ("dimensions:\n  care: {strong: a, weak: b}", "step, line 6, between: is missing."),
    ],
)
def test_a_wrong_value_is_said_with_its_line_and_name(front: str, fault: str):
    [only] = faults_of(front, "Words.")

    assert only.startswith(fault)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("```essay\nid: a\nask: b\n```", 'step, line 8: "essay" is no kind of question.'),
        ("```text\nid: a\n```", "step, line 9, ask: is missing."),
        ("```text\nid: a b\nask: b\n```", 'step, line 9, id: "a b" is not a name'),
        ("```scale\nid: a\nask: b\nlow: c\n```", "step, line 9, high: is missing."),
        ("```choice\nid: a\nask: b\n```", "step, line 8, options: wants a list"),
        ("```choice\nid: a\nask: b\noptions: [x]\n```", "step, line 11, options: has 1;"),
        ("```choice\nid: a\nask: b\noptions: [x, X]\n```", "step, line 11, options: has the same"),
        (
            "```scale\nid: a\nask: b\nlow: c\nhigh: d\ndimension: e\n```",
            'step, line 8, a: "e" is none of the dimensions',
        ),
        (
            "```choice\nid: a\nask: b\noptions:\n- text: x\n  scores: {e: 2}\n- y\n```",
            'step, line 8, a: "e" is none of the dimensions',
        ),
        (
            "```text\nid: a\nask: b\n```\n\n```text\nid: a\nask: c\n```",
            "step, line 2, a: is the id",
        ),
        ("![Alt](gone.png)", 'step, line 8: "gone.png" is not in the folder.'),
        ("![](queue.png)", "step, line 8: has no words for those who cannot see it."),
        ("## Long\n\n" + "word " * 400, "step, line 8, Long: has 1999 characters of text"),
    ],
)
def test_a_wrong_part_of_a_page_is_said_with_its_line(body: str, fault: str):
    [only] = faults_of("", body)

    assert only.startswith(fault)


def test_every_fault_is_found_at_once():
    found = faults_of("opens: soon\nminutes: many", "```text\nid: a\n```\n\n![x](gone.png)")

    assert len(found) == 4


def test_a_name_nobody_knows_is_noted_and_ignored():
    found = reading(step=MODULE.format(front="colour: red", body="Words."))

    assert found.course is not None
    assert found.notes == ('step, line 5: "colour" was ignored.',)


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("  - code: l1\n    starts: 2027-03-11T09:30", 'sessions: has the code "l1" twice.'),
        ("  - code: L2\n    starts: 2027-03-28T01:30", "does not exist in Europe/London"),
        ("format: self_paced", "format: cannot be self_paced"),
        ("format: online", "link: is missing."),
        ("  - code: L2", "starts: is missing."),
    ],
)
def test_dates_of_the_live_session_are_checked(more: str, fault: str):
    [only] = reading(live=LIVE.format(more=more)).faults

    assert fault in str(only)


def test_the_pages_are_checked_against_each_other():
    sets = "---\nkind: sets\ntitle: Sets\norder: 3\n---\n"

    without_live = reading(sets=sets)
    twice = reading(live=LIVE.format(more=""), again=LIVE.format(more="").replace("L1", "L2"))
    nothing = reading()

    assert "There are sets but no live session" in str(without_live.faults[0])
    assert "There are 2 pages of the kind live" in str(twice.faults[0])
    assert "There are no steps" in str(nothing.faults[0])


def test_a_folder_needs_a_page_about_the_whole():
    folder = Folder(pages=(read_page("step", MODULE.format(front="", body="Words.")),))

    [fault] = read_course(folder, "Europe/London").faults

    assert "There is no programme.md" in str(fault)


def test_a_questionnaire_asks_nothing_that_only_its_writer_may_read():
    page = MODULE.replace("kind: module", "kind: questionnaire")

    [fault] = reading(step=page.format(front="", body="```reflection\nid: a\nask: b\n```")).faults

    assert "which nobody else could read" in str(fault)
