"""What people type about action learning sets."""

import pytest

from language.commands import MySet
from language.sets import about_sets


@pytest.mark.parametrize(
    "text",
    [
        "my set",
        "My action learning set?",
        "show me my set please",
        "join a set",
        "I'd like to join an action learning set",
        "put me forward",
        "put myself forward for a set",
        "who is in my set",
        "when does my set meet",
        "change my times",
    ],
)
def test_a_set_is_asked_for_in_many_words(text: str):
    assert about_sets(text) == MySet()


@pytest.mark.parametrize("text", ["mindset", "join GM1", "my settings", "leave my set", "set off"])
def test_other_words_are_left_to_others(text: str):
    assert about_sets(text) is None
