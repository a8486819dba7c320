"""What people type about ideas, and what is looked for in the programme all the same."""

import pytest

from language.commands import AskForIdeas, Command, Idea, Ideas, MyIdeas, StopIdeas
from language.ideas import about_ideas
from language.phrases import LONGEST


@pytest.mark.parametrize(
    ("text", "idea"),
    [
        ("I have an idea: Book club for night staff", "Book club for night staff"),
        ("i've got an idea - walking meetings", "walking meetings"),
        ("Hi, I've an idea for a session on pensions", "a session on pensions"),
        ("I have an idea about walking meetings", "walking meetings"),
        ("here's an idea: BSL for reception", "BSL for reception"),
        ("Idea: Singing", "Singing"),
        ("suggestion: more on Excel?", "more on Excel?"),
        ("my idea is a choir", "a choir"),
        ("Thanks! I have an idea: a choir", "a choir"),
    ],
)
def test_an_idea_is_taken_as_it_was_typed(text: str, idea: str):
    assert about_ideas(text) == Idea(idea)


@pytest.mark.parametrize(
    ("text", "idea"),
    [
        ("You should do a session on assertiveness", "a session on assertiveness"),
        ("can we have a session on mentoring for parents?", "a session on mentoring for parents?"),
        ("could you put on a workshop about racism at work", "a workshop about racism at work"),
        ("i'd like to suggest a session on allotments", "a session on allotments"),
        ("it would be great to have a talk on pensions", "a talk on pensions"),
        ("There should be training on dog bites", "training on dog bites"),
    ],
)
def test_a_wish_for_a_session_is_an_idea_that_may_be_in_the_programme(text: str, idea: str):
    assert about_ideas(text) == Idea(idea, is_wish=True)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("I have an idea", Idea("")),
        ("i've got a great idea!", Idea("")),
        ("suggest an idea", Idea("")),
        ("can i suggest a session", Idea("")),
        ("ideas", Ideas()),
        ("show me the ideas", Ideas()),
        ("what ideas are there?", Ideas()),
        ("my ideas", MyIdeas()),
        ("What became of my idea?", MyIdeas()),
        (
            "ask for ideas: What does Made for Learning mean to you?",
            AskForIdeas("What does Made for Learning mean to you?"),
        ),
        ("ask champions for ideas", AskForIdeas("")),
        ("close ideas", StopIdeas()),
        ("stop asking for ideas", StopIdeas()),
    ],
)
def test_what_is_said_about_ideas(text: str, command: Command):
    assert about_ideas(text) == command


@pytest.mark.parametrize(
    "text",
    [
        "",
        "i have no idea what gm1 is",
        "i have an idea what i want",
        "got a promotion panel coming up and no idea how to talk about myself",
        "someone wise to bounce ideas off",
        "any ideas what's good for a new manager",
        "presenting my ideas",
        "getting ideas across in meetings",
        "idea generation",
        "suggest a session on leadership",
        "suggest something for friday",
        "can i have a session on excel",
        "is there a session on ideas",
        "what's on today",
        "book my ideas",
    ],
)
def test_what_is_looked_for_is_no_idea(text: str):
    assert about_ideas(text) is None


def test_an_idea_may_be_longer_than_other_wishes():
    idea = "a session on " + "how we listen to tenants and " * 12 + "colleagues"

    assert len(idea) > LONGEST
    assert about_ideas(f"idea: {idea}") == Idea(idea)
