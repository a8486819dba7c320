"""What organisers say about Viva Engage."""

import pytest

from cards import engage, organisers
from language.commands import Engage, Find, ForgetMe, OrganiserHelp, ToEngage
from language.context import Context
from language.phrases import phrase
from language.understanding import at_once
from tests.language.test_phrases import CALENDAR

SAID = {
    ToEngage.STATUS: (
        "engage status",
        "viva engage",
        "Viva Engage status?",
        "how is engage",
        "is engage working",
        "what's the state of viva engage",
        "is yammer signed in?",
    ),
    ToEngage.PREVIEW: (
        "preview the engage post",
        "show me the engage post",
        "what would you post in engage",
        "what will you post to viva engage tomorrow?",
        "preview engage",
        "engage preview",
    ),
    ToEngage.POST: (
        "post to engage now",
        "Post the highlights to Viva Engage",
        "post in engage",
        "post today's highlights on yammer now",
        "post the engage post now",
        "share the highlights in viva engage please",
    ),
    ToEngage.ASK_DELETE: (
        "delete the last engage post",
        "delete the engage post",
        "take back the last post in engage",
        "remove your last post from viva engage",
        "undo the engage post",
    ),
    ToEngage.ANSWERS_OFF: (
        "engage answers off",
        "turn engage answers off",
        "stop answering in engage",
        "stop answering people in viva engage",
        "don't reply to people on yammer",
        "switch off engage replies",
    ),
    ToEngage.ANSWERS_ON: (
        "engage answers on",
        "answer people in engage again",
        "start answering in viva engage",
        "switch on engage answers",
    ),
}


@pytest.mark.parametrize(("do", "words"), [(do, w) for do, said in SAID.items() for w in said])
def test_organisers_say(do: ToEngage, words: str):
    assert phrase(words, CALENDAR) == Engage(do)


@pytest.mark.parametrize(
    "words", ["organiser help", "organisers help", "help for organisers", "what can organisers do?"]
)
def test_organisers_ask_what_they_can_say(words: str):
    assert phrase(words, CALENDAR) == OrganiserHelp()


@pytest.mark.parametrize("words", [words for words, _ in organisers.PHRASES + engage.PHRASES])
def test_what_the_help_for_organisers_names_is_a_command(words: str):
    meant = at_once(words, Context(calendar=CALENDAR))

    assert meant is not None
    assert not isinstance(meant, Find)


@pytest.mark.parametrize(
    "words", ["engage", "engagement", "employee engagement", "find engaging presentations"]
)
def test_sessions_about_engagement_are_looked_for(words: str):
    assert not isinstance(phrase(words, CALENDAR), Engage)


def test_deleting_oneself_is_another_thing():
    assert phrase("delete my data", CALENDAR) == ForgetMe()
