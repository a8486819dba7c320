"""What those who lead a live session type to see the answers, and what means something else."""

import pytest

from language.commands import SeeCollation
from language.context import Context
from language.questionnaires import about_questionnaires
from language.understanding import understand
from tests.language.test_phrases import CALENDAR


@pytest.mark.parametrize(
    "words",
    [
        "questionnaire answers",
        "Questionnaire answers!",
        "show me the questionnaire answers please",
        "can I see the answers to the questionnaire?",
        "the pre-course questionnaire results",
        "responses from the questionnaire",
        "What did people answer in the questionnaire?",
        "what have they written in the pre-session questionnaire",
    ],
)
def test_they_want_the_answers(words: str):
    assert about_questionnaires(words) == SeeCollation()
    assert understand(words, Context(calendar=CALENDAR)) == SeeCollation()


@pytest.mark.parametrize(
    "words",
    [
        "questionnaire",
        "answers",
        "answer the questionnaire",
        "feedback for GM1",
        "writing good questionnaires",
        "find a session about questionnaire design",
    ],
)
def test_other_words_mean_something_else(words: str):
    assert about_questionnaires(words) is None
