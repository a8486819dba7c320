"""Cards for champions: whole, safe to press, and silent about few people."""

from typing import Any

import pytest

from cards import champions as cards
from cards.kit import Card
from learning.champions import Group, Member, OwnPosts, Promotion
from learning.people import Person, PersonId
from learning.sessions import Session, SessionId
from tests.support.card_parts import button, buttons, parts, shown_text
from tests.support.contracts import card_faults
from tests.support.values import LONDON, NINE, a_person_record, a_session

LINK = "https://learnweek.example.org/hub/sessions/GM1?from=k7m2p9rb"
LONG: dict[str, Any] = {
    "title": "W" * 200,
    "location": "L" * 500,
    "summary": "x " * 2000,
    "code": "C" * 40,
}


def session(id: int = 1, **more: Any) -> Session:
    return a_session(id=SessionId(id), **more)


def promotion(**more: Any) -> Promotion:
    sessions = tuple(session(n, **more) for n in range(1, 6))
    return Promotion(
        groups=("Housing", "*Carers*"),
        sessions=sessions,
        suits=frozenset({SessionId(2)}),
        brought=0,
    )


def somebody(number: int, **more: Any) -> Member:
    person = Person(id=PersonId(f"p{number}"), name=f"{'N' * 60} {number}", email="n@example.org")
    return Member(person=person, named_at=NINE, **more)


def every_card(**details: Any) -> dict[str, Card]:
    many = [
        Group(name=f"{'G' * 90} {n}", members=tuple(somebody(m) for m in range(30)), brought=n)
        for n in range(30)
    ]
    posts = tuple((session(n, **details), n) for n in range(1, 30))
    return {
        "named": cards.named_card("G" * 100),
        "promote": cards.promotion_card(promotion(**details), zone=LONDON),
        "nothing": cards.promotion_card(
            Promotion(groups=("Housing",), sessions=(), suits=frozenset(), brought=0), zone=LONDON
        ),
        "post": cards.post_card(session(**details), LINK, zone=LONDON),
        "how to share": cards.how_to_share_card(session(**details), now=NINE),
        "posts": cards.posts_card(OwnPosts(sessions=posts, brought=400), zone=LONDON),
        "no posts": cards.posts_card(OwnPosts(sessions=(), brought=0), zone=LONDON),
        "champions": cards.champions_card(many, "https://learnweek.example.org/desk/champions"),
        "no champions": cards.champions_card([], "https://learnweek.example.org/desk/champions"),
        "which": cards.which_champion_card(
            "Asha", [a_person_record(), a_person_record(email="")], "champion.name", "Housing"
        ),
    }


USUAL, LARGEST = every_card(), every_card(**LONG)


@pytest.mark.parametrize("name", USUAL)
def test_every_card_is_one_that_teams_takes(name: str):
    assert card_faults(USUAL[name].content) == []
    assert card_faults(LARGEST[name].content) == []


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "nobody yet"),
        (1, "fewer than 5 people"),
        (4, "fewer than 5 people"),
        (5, "5 people"),
        (1234, "1,234 people"),
    ],
)
def test_of_a_few_people_the_number_is_not_said(count: int, said: str):
    assert cards.brought(count) == said


def test_what_to_promote_has_its_places_and_a_button_for_each():
    card = cards.promotion_card(promotion(capacity=15, taken=8), zone=LONDON)

    shown = shown_text(card.content)
    assert shown.count("7 places left") == 5
    assert "For Housing and" in shown
    assert shown.count("Suits one of your groups") == 1
    shares = [b["data"]["session"] for b in buttons(card.content) if b["title"] == "Share"]
    assert shares == [1, 2, 3, 4, 5]
    assert "Your posts" not in shown


def test_a_post_is_there_to_be_copied_with_its_link():
    card = cards.post_card(session(capacity=15, taken=14, summary="One\ntwo"), LINK, zone=LONDON)

    [field] = [part for _, part in parts(card.content) if part["type"] == "Input.Text"]
    assert field["value"] == (
        "Growth mindset\n"
        "Tuesday 19 May, 11:00 to 12:00, Teams\n"
        "One two\n"
        f"1 place left. Book here: {LINK}"
    )
    assert (field["isMultiline"], field["label"]) == (True, "Your post")


def test_whom_posts_brought_is_a_number_and_never_a_name():
    posts = OwnPosts(sessions=((session(1), 14), (session(2), 3), (session(3), 0)), brought=17)

    shown = shown_text(cards.posts_card(posts, zone=LONDON).content)

    assert "Your posts brought 17 people" in shown
    said = [line for line in shown.splitlines() if "people" in line or "obody" in line]
    assert said[2:] == ["14 people", "Fewer than 5 people", "Nobody yet"]


def test_somebody_else_of_the_same_name_has_another_button():
    found = [a_person_record(), a_person_record(id=PersonId("other"), email="b@example.org")]

    card = cards.which_champion_card("Asha", found, "champion.name", "Housing")

    assert "b@example.org" in shown_text(card.content)
    data = button(card.content, having={"who": "other"})["data"]
    assert data == {"who": "other", "group": "Housing"}


def test_an_organiser_sees_groups_names_and_what_they_brought():
    groups = [
        Group(name="Carers", members=(somebody(1), somebody(2)), brought=3),
        Group(name="Housing", members=(somebody(1),), brought=14),
    ]

    shown = shown_text(cards.champions_card(groups, "https://example.org/desk/champions").content)

    assert "2 champions" in shown
    assert "Their posts brought fewer than 5 people" in shown
    assert "Their posts brought 14 people" in shown
