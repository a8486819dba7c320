"""The cards about commitments, check-ins, one's own way, and quotes."""

import json
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from cards import commitments as cards
from cards import quotes as quote_cards
from cards.commitments import Line, Typed
from cards.course_timeline import timeline_card
from learning.courses.commitments import MOST, Said, State
from learning.courses.quotes import Place, Quote, Signing
from learning.courses.timeline import Event, Happened
from learning.people import PersonId
from learning.sessions import CourseId
from tests.support.card_parts import buttons, parts, shown_text
from tests.support.contracts import CARD_BYTES, card_faults
from tests.support.values import ELEVEN, LONDON

LONG = "ü*[" * 166
LINE = Line(
    id=7,
    text="ring *one* customer",
    course="The customer at the heart",
    due_on=date(2026, 9, 30),
    is_shared=False,
    state=State.OPEN,
    day=30,
    is_due=True,
)
BIG = replace(LINE, text=LONG, course="W" * 120)
COURSE = CourseId(3)
QUOTE = Quote(
    course_id=COURSE,
    person_id=PersonId("asha"),
    text="It *helped*.",
    places=frozenset({Place.HUB}),
    signed_as="A head of service",
    agreed_at=ELEVEN,
)
EVENTS = [
    Event(
        at=ELEVEN + timedelta(days=n),
        kind=kind,
        course="The customer",
        what="30/dropped",
        text=LONG,
    )
    for n, kind in enumerate([*Happened] * 10)
]

EVERY = {
    "form": cards.form_card("The customer", {"course": COURSE}),
    "form with a fault": cards.form_card(
        "The customer", {"id": 7}, Typed(text=LONG, due="2026-01-01"), fault="That day is over."
    ),
    "one": cards.one_card(LINE, heading="Kept"),
    "one shared": cards.one_card(replace(BIG, is_shared=True, state=State.DONE), note="Over."),
    "none": cards.list_card([], [(COURSE, "The customer")], 0),
    "many": cards.list_card([BIG] * MOST, [(COURSE, "The customer")], 0),
    "last page": cards.list_card([BIG] * MOST, [], cards.PAGE * 3),
    "check": cards.check_card(LINE, reminds=True),
    "old check": cards.check_card(BIG, note="That check-in is over."),
    "changed": cards.changed_card(LINE, Typed(text="x", due="2026-09-30"), fault="No."),
    "lesson": cards.lesson_card(BIG, LONG, fault="Too long."),
    **{str(said): cards.checked_card(LINE, said, lesson="x", more=True) for said in Said},
    "ask delete": cards.ask_delete_card(BIG),
    "ours": cards.ours_card("Set 1", [("Asha", LONG, date(2026, 9, 30), State.DONE)] * 160, set_id=1),
    "ours, none": cards.ours_card("Set 1", [], set_id=1),
    "sets": cards.sets_card([(n, f"Set {n}") for n in range(30)]),
    "timeline": timeline_card(EVENTS, LONDON),
    "empty timeline": timeline_card([], LONDON),
    "quote": quote_cards.form_card(COURSE, "The customer", quote_cards.Typed()),
    "quote again": quote_cards.form_card(
        COURSE,
        "The customer",
        quote_cards.Typed(
            text=LONG[:400], places=frozenset(Place), signing=Signing.FULL, title="Head"
        ),
        is_given=True,
        fault="Tick that you agree.",
    ),
    "quote given": quote_cards.given_card("The customer", QUOTE),
    "quote gone": quote_cards.revoked_card(COURSE, ""),
    "which": quote_cards.which_card([(CourseId(n), "W" * 120) for n in range(9)], "quote.open"),
}  # fmt: skip


@pytest.mark.parametrize("name", EVERY)
def test_each_is_valid_and_fits_a_message(name: str):
    card = EVERY[name]

    assert card_faults(card.content) == []
    assert len(json.dumps(card.content, ensure_ascii=False).encode()) < CARD_BYTES
    assert card.summary


@pytest.mark.parametrize("name", EVERY)
def test_each_button_works_both_ways(name: str):
    for action in buttons(EVERY[name].content):
        assert action["fallback"]["data"] == {"verb": action["verb"], **action["data"]}


@pytest.mark.parametrize("name", EVERY)
def test_what_stands_for_a_card_has_nothing_in_it_that_somebody_wrote(name: str):
    for words in (LONG[:9], "one* customer", "helped"):
        assert words not in EVERY[name].summary


def test_everything_about_a_quote_is_off_until_somebody_ticks_it():
    inputs = [p for _, p in parts(EVERY["quote"].content) if p["type"].startswith("Input.")]

    assert [i["id"] for i in inputs] == ["text", "places", "signing", "title", "agree"]
    assert [i.get("value") for i in inputs] == [None, None, None, None, "no"]
    assert all(i["label"] for i in inputs)


def test_what_waits_for_a_word_can_be_answered_in_the_list():
    listed = cards.list_card([LINE, replace(LINE, id=8, is_due=False)], [], 0).content

    assert [(b["verb"], b["data"].get("id")) for b in buttons(listed)][:6] == [
        ("commitment.check", 7),
        ("commitment.check", 7),
        ("commitment.check", 7),
        ("commitment.lesson", 7),
        ("commitment.show", 7),
        ("commitment.show", 8),
    ]
    assert "ring \\*one\\* customer" in json.dumps(listed).replace("\\\\", "\\")


def test_a_timeline_shows_local_days_and_leaves_the_earliest_out():
    night = Event(at=ELEVEN.replace(hour=23, minute=30), kind=Happened.JOINED, course="C")
    auckland = shown_text(timeline_card([night], ZoneInfo("Pacific/Auckland")).content)
    long = shown_text(EVERY["timeline"].content)

    assert f"{(night.at + timedelta(days=1)).day} " in auckland
    assert "earlier are not shown" in long
