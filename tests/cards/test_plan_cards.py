"""Cards for planning a week: whole, safe to press, and plain about what was looked at."""

from dataclasses import replace
from typing import Any

import pytest

from cards import plans as cards
from cards import talk
from cards.kit import Card
from learning import plans
from learning.plans import Looked, Outcome, Proposal, Result
from learning.profiles import Profile
from learning.sessions import Format, Session, SessionId
from tests.support.card_parts import button, buttons, parts, shown_text
from tests.support.contracts import card_faults
from tests.support.values import ASHA, HOUR, LONDON, NINE, TEN, a_person_record, a_session

LONG: dict[str, Any] = {
    "title": "W" * 200,
    "location": "L" * 500,
    "strand": "S" * 200,
    "summary": "x" * 4000,
    "link": f"https://example.org/{'x' * 1900}",
    "facilitators": ("F" * 200,) * 3,
}


def session(id: int, **more: Any) -> Session:
    return a_session(id=SessionId(id), starts_at=TEN + id * HOUR, **more)


def paced(id: int, **more: Any) -> Session:
    return a_session(id=SessionId(id), starts_at=None, format=Format.SELF_PACED, **more)


def proposal(**more: Any) -> Proposal:
    usual = Proposal(
        interests=("leadership", "excel"),
        sessions=(session(1), session(2, title="Excel")),
        looked=Looked.CALENDAR,
    )
    return replace(usual, **more)


def plan(days: dict[str, Any] | None = None, **more: Any) -> Card:
    return cards.plan_card(proposal(**more), days or {}, zone=LONDON)


def every_card(**details: Any) -> dict[str, Card]:
    most = tuple(session(n, **details) for n in range(1, plans.MOST + 1))
    full = tuple(session(n, capacity=1, taken=1, **details) for n in (11, 12, 13))
    resources = (paced(21, **details), paced(22, **details))
    outcomes = [Outcome(session=s, result=r, reason="No.") for s in most for r in Result]
    missing = ("m" * 60,) * plans.MOST_INTERESTS
    return {
        "ask": cards.ask_card(["S" * 200, "diversity, inclusion"] * 6, note="Choose."),
        "ask, nothing ahead": cards.ask_card([]),
        "plan": plan(sessions=most, full=full, missing=missing, resources=resources),
        "plan, nothing": plan(sessions=(), missing=missing),
        "plan, guessed": plan(guessed=True, looked=Looked.NOT_NOW),
        "plan, of a day": plan({"first": "2026-05-18", "last": "2026-05-18", "from": ""}),
        "booked": cards.booked_card(outcomes, most[:3], zone=LONDON),
        "booked, all gone": cards.booked_card([], [], zone=LONDON),
    }


@pytest.mark.parametrize("name", every_card())
@pytest.mark.parametrize("details", [{}, LONG], ids=["usual", "longest"])
def test_every_card_is_one_that_teams_takes(name: str, details: dict[str, Any]):
    card = every_card(**details)[name]

    assert card_faults(card.content) == []
    assert card.summary


def test_a_plan_is_booked_with_one_press():
    one, two, three = (session(n) for n in (1, 2, 3))

    titles = [
        button(plan(sessions=some).content, verb="plan.book")["title"]
        for some in ((one,), (one, two), (one, two, three))
    ]
    book = button(plan(sessions=(one, two)).content, verb="plan.book")

    assert titles == ["Book it", "Book both", "Book all 3"]
    assert book["data"] == {"sessions": [1, 2]}
    assert "plan.book" not in [b.get("verb") for b in buttons(plan(sessions=()).content)]


@pytest.mark.parametrize(
    ("looked", "words"),
    [
        (Looked.CALENDAR, "of which I saw only when you are free or busy"),
        (Looked.NOT_ALLOWED, "I may not see your calendar"),
        (Looked.NOT_NOW, "I could not see your calendar just now"),
    ],
)
def test_a_plan_says_what_was_looked_at(looked: Looked, words: str):
    assert words in shown_text(plan(looked=looked).content)


def test_how_many_and_around_what_can_be_changed_on_the_card_and_its_days_stay():
    days = {"first": "2026-05-18", "last": "2026-05-18", "from": "", "until": ""}

    card = plan(days, most=3).content

    inputs = {p["id"]: p["value"] for _, p in parts(card) if p["type"].startswith("Input.")}
    assert inputs == {"about": "leadership, excel", "most": "3"}
    assert button(card, verb="plan.make")["data"] == days


def test_a_guess_is_owned_up_to():
    assert "By what you booked or looked for before" in shown_text(plan(guessed=True).content)
    assert "before" not in shown_text(plan().content).replace("before you book", "")


def test_what_is_full_has_its_queue_and_what_is_missing_its_resources():
    card = plan(
        full=(session(5, title="Full one", capacity=1, taken=1, waiting=2),),
        missing=("python",),
        resources=(paced(6, title="Python for all", facilitators=("edX",), link="https://x.org"),),
    ).content

    said = shown_text(card)
    assert "Nothing on “python” in these days, but this can be taken at any time:" in said
    assert "Python for all\nedX" in said
    assert "Full, 2 waiting" in said
    waits = button(card, verb="session.book")
    assert (waits["title"], waits["data"]) == ("Join the waiting list", {"session": 5})


def test_what_came_of_booking_is_said_of_each_with_the_next_best():
    outcomes = [
        Outcome(session=session(1, title="One"), result=Result.BOOKED),
        Outcome(session=session(2, title="Two"), result=Result.GONE),
        Outcome(session=session(3, title="Three"), result=Result.REFUSED, reason="It is over."),
    ]

    card = cards.booked_card(outcomes, [session(4, title="Four")], zone=LONDON)

    said = shown_text(card.content)
    assert card.summary == "You're booked on 1 of 3: One"
    assert "The last place went meanwhile" in said
    assert "It is over." in said
    assert button(card.content, verb="session.book")["data"] == {"session": 4}


def test_choices_survive_being_sent_with_commas_between():
    card = cards.ask_card(["diversity, inclusion"]).content

    [choices] = [p for _, p in parts(card) if p.get("id") == "choices"]

    assert choices["choices"] == [{"title": "diversity, inclusion", "value": "diversity inclusion"}]


def test_somebodys_data_names_what_the_directory_told_and_only_then():
    profile = Profile(
        person_id=ASHA, department="Policy", manager_id="bo", language="cy-GB", read_at=NINE
    )

    told = talk.my_data_card(a_person_record(), [], zone=LONDON, now=NINE, profile=profile)
    untold = talk.my_data_card(a_person_record(), [], zone=LONDON, now=NINE)

    said = shown_text(told.content)
    assert card_faults(told.content) == []
    assert "Department Policy\nManager's account bo\nLanguage cy-GB\nRead Tuesday 19 May" in said
    assert "directory" not in shown_text(untold.content)
