"""What is taken of what a card sent: answers, what was emptied, and what is wrong with the rest."""

from learning.courses.answering import take
from learning.courses.definition import Option, Question, QuestionKind, Screen
from learning.courses.results import LONGEST_ANSWER

SCALE = Question(id="scale", kind=QuestionKind.SCALE, ask="How far?", low="No", high="Yes")
ORDER = Question(
    id="order",
    kind=QuestionKind.RANKING,
    ask="In which order?",
    options=(Option(text="One"), Option(text="Two"), Option(text="Three")),
)
TEXT = Question(id="text", kind=QuestionKind.TEXT, ask="What?")
THOUGHT = Question(id="thought", kind=QuestionKind.REFLECTION, ask="Why?", is_required=False)
SCREEN = Screen(blocks=(SCALE, ORDER, TEXT, THOUGHT))


def test_who_goes_on_must_have_answered_and_the_first_fault_names_its_question():
    taken = take(SCREEN, {"scale": "4", "order": "0,0,1", "text": "  "}, goes_on=True)

    assert taken.answers == [(SCALE, 4)]
    assert taken.fault == "“In which order?”: Give each answer a place of its own."
    assert taken.typed == {"order": "0,0,1", "text": "  "}
    assert taken.emptied == [THOUGHT]


def test_who_turns_back_takes_along_what_is_an_answer_and_empties_what_is_empty():
    taken = take(
        SCREEN, {"scale": "", "order": "2,,", "text": " So it is. ", "thought": "x"}, goes_on=False
    )

    assert taken.answers == [(TEXT, "So it is."), (THOUGHT, "x")]
    assert taken.emptied == [SCALE]
    assert taken.fault == ""


def test_words_that_are_too_long_stay_on_the_card_whatever_is_pressed():
    long = "x" * (LONGEST_ANSWER + 1)

    for goes_on in (True, False):
        taken = take(Screen(blocks=(TEXT,)), {"text": long}, goes_on=goes_on)

        assert taken.typed == {"text": long}
        assert "2001 characters where 2000 fit" in taken.fault
        assert "What?" not in taken.fault


def test_what_an_older_card_did_not_ask_is_not_emptied_by_it():
    taken = take(SCREEN, {"scale": "2"}, goes_on=True, is_as_shown=False)

    assert taken.answers == [(SCALE, 2)]
    assert taken.emptied == []
    assert taken.fault == ""


def test_what_no_card_of_ours_sends_is_no_answer():
    for given in ("9", "0", "-1", "four", True, 2.5, ["4"]):
        taken = take(Screen(blocks=(SCALE,)), {"scale": given}, goes_on=True)

        assert taken.answers == [], given
        assert taken.fault
