"""Cards about ideas: whole, safe to press, never too large, and silent about whose an idea is."""

import json
from dataclasses import replace
from typing import Any

import pytest

from cards import ideas as cards
from cards.kit import Card
from learning import ideas
from learning.ideas import Idea, IdeaId, IdeaState, Theme, ThemeId
from learning.people import PersonId
from learning.sessions import SessionId
from tests.support.card_parts import button, buttons, parts, shown_text
from tests.support.contracts import card_faults
from tests.support.values import LONDON, NINE, a_session

LARGEST = 27 * 1024
THEME = Theme(id=ThemeId(4), question="Why learn?", opened_by=PersonId("orla"), opened_at=NINE)
IDEA = Idea(id=IdeaId(1), text="Yoga at lunch", person_id=PersonId("asha"), made_at=NINE)


def many(count: int, text: str) -> list[Idea]:
    return [replace(IDEA, id=IdeaId(n), text=text, supporters=n) for n in range(1, count + 1)]


def every_card(text: str = "Yoga at lunch", **details: Any) -> dict[str, Card]:
    idea = replace(IDEA, text=text)
    session = a_session(**details)
    theme = replace(THEME, question=text[: ideas.LONGEST_QUESTION])
    planned = replace(idea, state=IdeaState.PLANNED, session_id=SessionId(1))
    declined = replace(idea, state=IdeaState.DECLINED, reason=text[: ideas.LONGEST_REASON])
    gone = replace(idea, state=IdeaState.WITHDRAWN, text="")
    own = [(idea, None), (planned, session), (planned, None), (declined, None)] * 10
    return {
        "ask": cards.ask_card(None),
        "ask again": cards.ask_card(theme, text=text, fault="This is too long."),
        "kept": cards.kept_card(idea, theme),
        "kept before": cards.kept_card(declined, None, is_new=False),
        "alike": cards.alike_card(text, many(3, text), [session] * 2, zone=LONDON),
        "in the programme": cards.alike_card(text, [], [session], zone=LONDON),
        "supported": cards.supported_card(idea),
        "board": cards.board_card(
            many(cards.PAGE, text), frozenset(), theme, has_more=True, desk="https://a.example/desk"
        ),
        "board, empty": cards.board_card([], frozenset(), None),
        "mine": cards.mine_card(own, zone=LONDON),
        "mine, none": cards.mine_card([], zone=LONDON),
        "withdrawn": cards.withdrawn_card(gone),
        "left": cards.withdrawn_card(idea),
        "theme": cards.theme_card(theme, "https://teams.example/chat?message=idea%3A%20"),
        "opened": cards.opened_card(theme, 3),
        "open": cards.theme_open_card("Another is open.", theme),
        "planned": cards.planned_card(
            planned, session, zone=LONDON, now=NINE, page="https://a.example/hub"
        ),
    }


@pytest.mark.parametrize("name", every_card())
@pytest.mark.parametrize(
    "text",
    ["Yoga at lunch", "*_[x](https://evil.example.org)", "\N{PARTY POPPER}" * 500, "w" * 500],
)
def test_every_card_is_one_that_teams_takes_however_long_its_idea(name: str, text: str):
    card = every_card(text, title="W" * 200, summary="x" * 4000)[name]

    assert card_faults(card.content) == []
    assert card.summary.strip()
    assert "\n" not in card.summary
    assert len(json.dumps(card.content, ensure_ascii=False).encode()) < LARGEST


@pytest.mark.parametrize("name", every_card())
def test_no_card_says_whose_an_idea_is(name: str):
    assert "asha" not in json.dumps(every_card()[name].content)


def test_what_cannot_be_shown_on_one_card_is_on_the_next():
    long = many(3 * cards.PAGE, "\N{PARTY POPPER}" * 500)

    card = cards.board_card(long, frozenset(), None, start=12, has_more=False).content

    shown = [b["data"]["id"] for b in buttons(card) if b.get("verb") == "idea.support"]
    assert 0 < len(shown) < len(long)
    assert button(card, title="Show more")["data"] == {"start": 12 + len(shown)}


@pytest.mark.parametrize(
    ("supporters", "is_own", "words"),
    [
        (1, True, "Nobody else supports this yet."),
        (2, True, "You and 1 other support this."),
        (1_201, True, "You and 1,200 others support this."),
        (1, False, "1 person supports this."),
        (3, False, "3 people support this."),
    ],
)
def test_who_supports_is_counted_in_words(supporters: int, is_own: bool, words: str):
    idea = replace(IDEA, supporters=supporters)
    supported = frozenset({idea.id} if is_own else set[IdeaId]())

    assert words in shown_text(cards.board_card([idea], supported, None).content)


def test_a_champion_answers_on_the_card_and_passes_the_question_on():
    card = cards.theme_card(THEME, "https://teams.example/x").content

    [field] = [part for _, part in parts(card) if part["type"] == "Input.Text"]
    assert (field["id"], field["label"], field["maxLength"]) == ("idea", "Your idea", 500)
    assert button(card, verb="idea.send")["title"] == "Send my idea"
    assert 'asks: "Why learn?"' in shown_text(card)
    assert "https://teams.example/x" in shown_text(card)


def test_a_session_that_is_full_has_its_waiting_list_on_the_card():
    full = a_session(capacity=1, taken=1)

    card = cards.planned_card(IDEA, full, zone=LONDON, now=NINE, page="https://a.example").content

    assert button(card, verb="session.book")["title"] == "Join the waiting list"
