"""What people type about their set's meetings."""

import pytest

from language.commands import Dilemmas, GuideMeeting, LeaveSet
from language.set_meetings import about_set_meetings


@pytest.mark.parametrize(
    "text",
    [
        "bring a dilemma",
        "Can I bring a dilemma?",
        "I have a dilemma",
        "my dilemma",
        "change my dilemma",
    ],
)
def test_bringing_a_dilemma(text: str):
    assert about_set_meetings(text) == Dilemmas(bring=True)


@pytest.mark.parametrize("text", ["dilemmas", "show me the dilemmas", "dilemmas of my set"])
def test_reading_the_dilemmas_of_the_set(text: str):
    assert about_set_meetings(text) == Dilemmas()


@pytest.mark.parametrize(
    "text",
    [
        "guide",
        "open the guide",
        "start our meeting",
        "Start our set meeting!",
        "lead our set",
        "pass on my turn",
        "I can't lead our meeting",
        "who leads our meeting?",
    ],
)
def test_the_guide(text: str):
    assert about_set_meetings(text) == GuideMeeting(text)


@pytest.mark.parametrize("text", ["leave my set", "please leave our action learning set"])
def test_leaving(text: str):
    assert about_set_meetings(text) == LeaveSet()


@pytest.mark.parametrize(
    "text",
    [
        "a guide to excel",
        "ethical dilemmas",
        "start a meeting",
        "leave it",
        "set up my desk",
        "mindset",
        "find dilemmas at work",
        "join the meeting",
    ],
)
def test_other_words_are_not_about_it(text: str):
    assert about_set_meetings(text) is None
