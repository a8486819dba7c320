"""The cards to say how a session was, and to see what people said."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from cards import feedback as cards
from cards.feedback import Given
from cards.kit import Card
from learning.feedback import Answer, Release
from learning.sessions import SessionId
from tests.support.card_parts import button, buttons, parts, shown_text, typed_in
from tests.support.contracts import CARD_BYTES, card_faults
from tests.support.values import ELEVEN, LONDON, a_session

GM1 = a_session()
LONG = a_session(id=SessionId(2), code="LONG-CODE-1", title="W" * 300)
ANSWER = Answer(
    session_id=GM1.id,
    who="asha",
    stars=4,
    helped=True,
    comment="More *time* to talk",
    given_at=ELEVEN,
    changed_at=ELEVEN,
)
RELEASE = Release(
    session_id=GM1.id,
    stars=(0, 0, 1, 4, 5),
    helped=6,
    not_helped=2,
    comments=("A bit fast", "Bring it back"),
    released_at=ELEVEN + timedelta(days=1),
)
MANY = replace(RELEASE, comments=tuple(f"{n:03} " + "ü" * 496 for n in range(200)))


def ask(filled: Given | None = None, note: str = "", *, reminds: bool = False) -> Card:
    return cards.feedback_card(GM1, zone=LONDON, filled=filled, note=note, reminds=reminds)


EVERY = {
    "ask": ask(),
    "ask again": ask(Given(stars=4, helped=False, comment="x" * 500), "Choose", reminds=True),
    "long title": cards.feedback_card(LONG, zone=LONDON),
    "answered": cards.answered_card(GM1, ANSWER, zone=LONDON, is_open=True),
    "closed": cards.answered_card(GM1, ANSWER, zone=LONDON, is_open=False),
    "made it": cards.made_it_card(GM1, zone=LONDON),
    "made it, unseen": cards.made_it_card(GM1, zone=LONDON, reminds=True, unseen=True),
    "came not": cards.came_not_card(GM1),
    "seen": cards.seen_card(GM1),
    "several": cards.sessions_card([GM1, LONG], [GM1], zone=LONDON),
    "many": cards.sessions_card([LONG] * 200, zone=LONDON, reminds=True),
    "all given": cards.sessions_card([], [GM1], zone=LONDON),
    "results": cards.results_card(GM1, RELEASE, zone=LONDON),
    "results with many words": cards.results_card(LONG, MANY, zone=LONDON),
    "no results": cards.results_card(GM1, None, zone=LONDON),
}


@pytest.mark.parametrize("name", EVERY)
def test_each_is_valid_and_fits_a_message(name: str):
    card = EVERY[name]

    assert card_faults(card.content) == []
    assert len(json.dumps(card.content, ensure_ascii=False).encode()) < CARD_BYTES
    assert card.summary


@pytest.mark.parametrize("name", EVERY)
def test_each_button_works_both_ways(name: str):
    for action in buttons(EVERY[name].content):
        if action["type"] == "Action.Execute":
            assert action["fallback"]["data"] == {"verb": action["verb"], **action["data"]}


def test_it_asks_for_stars_the_goals_and_a_line_with_one_press_to_send():
    card = ask().content

    inputs = [part for _, part in parts(card) if part["type"].startswith("Input.")]
    assert [i["id"] for i in inputs] == ["stars", "helped", "comment"]
    assert all(i["label"] for i in inputs)
    assert [c["value"] for c in inputs[0]["choices"]] == ["1", "2", "3", "4", "5"]
    assert inputs[1]["label"] == "Did this support your career and personal development goals?"
    assert inputs[2]["maxLength"] == 500
    assert [b["title"] for b in buttons(card)] == ["Send"]
    assert "never your name" in shown_text(card)


def test_what_was_chosen_and_typed_is_still_there_beside_what_is_missing():
    card = ask(Given(helped=False, comment="More time"), "Choose how many stars").content

    held = {"stars": "3", "helped": "no", "comment": "More time"}
    assert typed_in(card, {"stars": "3"}) == held
    assert "Choose how many stars" in shown_text(card)


def test_the_answer_as_it_stands_can_be_changed_while_it_may():
    stands = EVERY["answered"].content

    assert "★★★★☆ 4 stars: very good" in shown_text(stands)
    assert "More \\*time\\* to talk" in json.dumps(stands).replace("\\\\", "\\")
    assert button(stands, title="Change my answer")["data"] == {"session": GM1.id}
    assert buttons(EVERY["closed"].content) == []


def test_a_reminder_says_so_and_how_to_have_no_more():
    for name in ("ask again", "made it, unseen", "many"):
        assert "A reminder" in EVERY[name].summary
        assert "Type nudges off" in shown_text(EVERY[name].content)
    assert "reminder" not in shown_text(ask().content)


def test_the_result_is_numbers_and_words_of_nobody():
    read = shown_text(EVERY["results"].content)

    assert "4.4 of 5 stars, 10 answers" in read
    assert "6 of the 8 who said (75 %)" in read
    assert read.index("A bit fast") < read.index("Bring it back")


def test_words_that_do_not_fit_are_counted():
    read = shown_text(EVERY["results with many words"].content)

    assert "000 ü" in read
    assert "more: they are in the export of feedback" in read


def test_before_five_have_answered_it_says_that_and_no_number_of_answers():
    read = shown_text(EVERY["no results"].content)

    assert "Feedback is shown once at least 5 people have answered." in read
