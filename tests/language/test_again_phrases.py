"""Words about one's own learning and about what may run again, and words that are about something else."""

import pytest

from language.again import about_own_learning
from language.commands import Command, MyLearning, StopTelling, TellAgain, WhatIAskedFor
from language.context import Context
from language.understanding import at_once
from tests.language.test_phrases import CALENDAR


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("my learning", MyLearning()),
        ("Show me my learning, please", MyLearning()),
        ("what have I attended?", MyLearning()),
        ("What did I attend", MyLearning()),
        ("which sessions have i been to so far", MyLearning()),
        ("what sessions have I attended this year", MyLearning()),
        ("my certificates", MyLearning()),
        ("where’s my certificate?", MyLearning()),
        ("can I get a certificate", MyLearning()),
        ("certificate", MyLearning()),
        ("certificate of attendance", MyLearning()),
        ("my CPD record", MyLearning()),
        ("my learning record", MyLearning()),
        ("how many hours of learning have I done", MyLearning()),
        ("tell me when it runs again", TellAgain("it")),
        ("Tell me when GM1 runs again!", TellAgain("gm1")),
        ("please tell me when growth mindset is on again", TellAgain("growth mindset")),
        ("let me know when it's running again", None),
        ("let me know when it is running again", TellAgain("it")),
        ("let me know if you run GM1 again", TellAgain("gm1")),
        ("let me know if this comes round again", TellAgain("this")),
        (
            "can you tell me when the mentoring session is repeated",
            TellAgain("the mentoring session"),
        ),
        ("notify me if GM1 is offered again", TellAgain("gm1")),
        ("ping me next time GM1 is on again", TellAgain("gm1")),
        ("remind me when the next one is on", TellAgain("it")),
        ("tell me when there's another one", TellAgain("")),
        (
            "let me know when there is another session of growth mindset",
            TellAgain("growth mindset"),
        ),
        ("tell me about the next run of GM1", TellAgain("gm1")),
        ("I'd like to know when they do resilience again", TellAgain("resilience")),
        ("I want to be told when resilience comes back", TellAgain("resilience")),
        ("stop telling me about GM1", StopTelling("gm1")),
        ("don't tell me about growth mindset any more", StopTelling("growth mindset")),
        ("stop telling me when GM1 runs again", StopTelling("gm1")),
        ("don't tell me when it runs again", StopTelling("it")),
        ("I no longer want to hear about resilience", StopTelling("resilience")),
        ("stop telling me", StopTelling("")),
        ("what I asked to hear of", WhatIAskedFor()),
        ("what did I ask to be told about", WhatIAskedFor()),
        ("show me what I asked to hear of", WhatIAskedFor()),
    ],
)
def test_what_is_said_about_one_s_own_learning(said: str, meant: Command | None):
    if meant is None:
        meant = TellAgain("it")

    assert at_once(said, Context(calendar=CALENDAR, shown=2)) == meant


@pytest.mark.parametrize(
    "said",
    [
        "learning",
        "when does it run again",
        "is GM1 on again this week",
        "my bookings",
        "my data",
        "what do you record about me",
        "tell me about growth mindset",
        "tell me more",
        "tell me again tomorrow",
        "let me know what's on again",
        "remind me in an hour",
        "stop reminding me",
        "stop telling me about highlights",
        "don't remind me",
        "what's on next",
        "what have I booked",
        "first aid certificate",
        "certificates in safeguarding",
        "find learning about excel",
        "what can i attend on friday",
        "who attended GM1",
        "how many places are left",
        "i want to know more about running",
    ],
)
def test_other_words_are_none_of_it(said: str):
    assert about_own_learning(said) is None
