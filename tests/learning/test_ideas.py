"""Which ideas are alike, what may be one, and what a session that comes of it is called."""

from dataclasses import replace

import pytest

from learning import ideas
from learning.errors import LearningError
from learning.ideas import LONGEST, Idea, IdeaId, alike, checked, likeness, same, title_of
from learning.people import PersonId
from tests.support.clocks import MONDAY

BOOKS = Idea(
    id=IdeaId(1), text="A book club for night staff", person_id=PersonId("asha"), made_at=MONDAY
)


def an_idea(number: int, text: str, supporters: int = 1) -> Idea:
    return replace(BOOKS, id=IdeaId(number), text=text, supporters=supporters)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A session on menopause for managers", "How managers can help with the menopause"),
        ("Walking meetings", "walkin meeting"),
        ("Mindfulness", "Mindfulness for social workers at night"),
        ("Sign language for receptionists", "Basic sign language"),
    ],
)
def test_ideas_that_share_their_telling_words_are_alike(one: str, other: str):
    assert likeness(one, other) >= ideas.ALIKE
    assert likeness(other, one) == likeness(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A session on menopause for managers", "A session on pensions for managers"),
        ("Excel for beginners", "Gardening for beginners and their colleagues"),
        ("A talk by the fire service", "A talk by the chief executive"),
        ("Learn Welsh", "Yoga at lunch"),
        ("?", "Yoga at lunch"),
    ],
)
def test_small_words_make_no_likeness(one: str, other: str):
    assert likeness(one, other) < ideas.ALIKE


def test_the_likest_three_are_offered_and_of_as_like_ones_the_most_supported():
    known = [
        an_idea(1, "Yoga at lunch"),
        an_idea(2, "Walking meetings outdoors", 2),
        an_idea(3, "Walking meetings"),
        an_idea(4, "Meetings while walking in parks", 5),
        an_idea(5, "Walking meetings, please", 9),
    ]

    assert [i.id for i in alike("walking meetings", known, {})] == [5, 3, 4]


def test_what_means_the_same_in_other_words_is_alike():
    known = [an_idea(1, "Reading group"), an_idea(2, "Pottery")]

    assert alike("A book club", known, {}) == []
    assert alike("A book club", known, {IdeaId(1): 0.7, IdeaId(2): 0.3}) == known[:1]


@pytest.mark.parametrize("text", ["", "  \n ", "?!", "\u200b", '""'])
def test_nothing_is_no_idea(text: str):
    with pytest.raises(LearningError, match="Write your idea"):
        checked(text)


def test_an_idea_is_one_paragraph_and_has_a_length():
    assert checked(' "Yoga\r\n\r\nat\tlunch" ') == "Yoga at lunch"
    assert checked("x" * LONGEST) == "x" * LONGEST
    with pytest.raises(LearningError, match="23 characters too long: at most 500"):
        checked("x" * (LONGEST + 23))


def test_the_same_idea_is_known_however_it_is_spelt():
    assert same("Yoga at lunch", "yoga, at LUNCH!")
    assert not same("Yoga at lunch", "Yoga at dawn")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("a session on menopause for managers?", "Menopause for managers"),
        ("Walking meetings. They are good for us.", "Walking meetings"),
        ("some training in sign language", "Sign language"),
        ("Sessions", "Sessions"),
        ("What 2.5 days off mean", "What 2.5 days off mean"),
        ("word " * 40, ("Word " + "word " * 15).strip()),
    ],
)
def test_a_session_is_called_after_its_idea(text: str, title: str):
    assert title_of(text) == title
    assert len(title) <= ideas.LONGEST_TITLE
