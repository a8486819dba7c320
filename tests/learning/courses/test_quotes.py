"""What can be taken as a quote, and what stands under it."""

import pytest

from learning.courses import quotes
from learning.courses.quotes import NoQuote, Place, Signing

HUB = [Place.HUB]


@pytest.mark.parametrize(
    ("text", "places", "signing", "title", "agreed", "fault"),
    [
        (" ", HUB, Signing.FIRST, "", True, "Write a sentence"),
        ("x" * 401, HUB, Signing.FIRST, "", True, "401 characters where 400 fit"),
        ("It helped.", [], Signing.FIRST, "", True, "Tick where it may appear"),
        ("It helped.", HUB, None, "", True, "Choose how it is signed"),
        ("It helped.", HUB, Signing.NAMELESS, " ", True, "how you are to be described"),
        ("It helped.", HUB, Signing.FULL, "y" * 121, True, "120 characters"),
        ("It helped.", HUB, Signing.FIRST, "", False, "Tick that you agree"),
    ],
)
def test_nothing_is_kept_without_words_a_place_a_name_and_consent(
    text: str, places: list[Place], signing: Signing | None, title: str, agreed: bool, fault: str
):
    with pytest.raises(NoQuote, match=fault):
        quotes.checked(text, places, signing, title, agreed=agreed)


@pytest.mark.parametrize(
    ("name", "signing", "title", "signed"),
    [
        ("Asha Learner", Signing.FULL, "Head  of Housing", "Asha Learner, Head of Housing"),
        ("Asha Learner", Signing.FULL, "", "Asha Learner"),
        ("Asha Learner", Signing.FIRST, "Head of Housing", "Asha"),
        ("Asha Learner", Signing.NAMELESS, "a head of service", "A head of service"),
    ],
)
def test_it_is_signed_with_no_more_than_was_chosen(
    name: str, signing: Signing, title: str, signed: str
):
    assert quotes.signed(name, signing, title) == signed


def test_whose_name_is_not_known_describes_themselves():
    with pytest.raises(NoQuote, match="Sign as a description"):
        quotes.signed(" ", Signing.FIRST, "")
