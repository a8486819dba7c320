"""What people type about champions and their posts, and what must not be taken for it."""

import pytest

from language.champions import about_champions
from language.commands import (
    Book,
    ChannelHighlights,
    Command,
    EndChampion,
    Engage,
    MyPosts,
    NameChampion,
    ShareSession,
    ToEngage,
    WhatToPromote,
    WhoAreChampions,
)
from language.context import Context
from language.understanding import at_once, understand
from tests.language.test_phrases import CALENDAR, PHRASES

SAID: list[tuple[str, Command]] = [
    ("make Asha a champion for Housing", NameChampion("Asha", "Housing")),
    (
        "Please make Asha Silva champion for the LGBT+ Network.",
        NameChampion("Asha Silva", "LGBT+ Network"),
    ),
    ("name Bo as a champion of Adults’ Services", NameChampion("Bo", "Adults' Services")),
    ("add Bo as champion for Housing please", NameChampion("Bo", "Housing")),
    ("Asha is now a champion for Housing", NameChampion("Asha", "Housing")),
    ("make me a champion for Housing", NameChampion("me", "Housing")),
    ("make Asha a champion", NameChampion("Asha", "")),
    ("Asha is no longer a champion", EndChampion("Asha")),
    ("Asha is no longer a champion for Housing", EndChampion("Asha", "Housing")),
    ("Asha isn't a champion any more", EndChampion("Asha")),
    ("Asha is not a champion for Housing any more", EndChampion("Asha", "Housing")),
    ("remove Asha Silva as champion for Housing", EndChampion("Asha Silva", "Housing")),
    ("stop Asha being a champion", EndChampion("Asha")),
    ("champions", WhoAreChampions()),
    ("Who are the champions?", WhoAreChampions()),
    ("list our champions", WhoAreChampions()),
    ("my posts", MyPosts()),
    ("What did my posts bring?", MyPosts()),
    ("how many people have my posts brought", MyPosts()),
    ("what can I promote", WhatToPromote()),
    ("What should I share this week?", WhatToPromote()),
    ("share GM1", ShareSession("gm1")),
    ("please share the session Growth mindset", ShareSession("growth mindset")),
    ("share the second one", ShareSession("second one")),
    ("book GM1 via k7m2p9rb", Book("gm1", "k7m2p9rb")),
    ("Book GM1 via K7M2P9RB.", Book("gm1", "k7m2p9rb")),
]
OTHERS = [
    "champions of change",
    "what is a champion for?",
    "name the champions",
    "we are the champions of the world",
    "make a plan for my week",
    "share my screen",
    "share the highlights here",
    "share the highlights in viva engage",
    "share",
    "can i share a customer's phone number with the police",
    "book gm1 via teachers",
    "book gm1",
]


@pytest.mark.parametrize(("said", "meant"), SAID)
def test_what_is_said_about_champions(said: str, meant: Command):
    assert about_champions(said) == meant
    assert at_once(said, Context(calendar=CALENDAR)) == meant


@pytest.mark.parametrize("said", OTHERS)
def test_what_is_about_something_else(said: str):
    assert about_champions(said) is None


@pytest.mark.parametrize(("said", "meant"), PHRASES)
def test_no_other_phrase_is_taken_for_it(said: str, meant: Command):
    assert about_champions(said) is None, meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("share the highlights here", ChannelHighlights(True)),
        ("share the highlights in viva engage please", Engage(ToEngage.POST)),
    ],
)
def test_what_was_shared_before_still_is(said: str, meant: Command):
    assert understand(said, Context(calendar=CALENDAR)) == meant
