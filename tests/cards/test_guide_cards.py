"""The guide's cards and those about dilemmas: sound, complete for whom they are for, and discreet."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cards import dilemmas as dilemma_cards
from cards import guide as cards
from cards import set_notices
from cards.guide import Dilemma, Meeting, Notes, Now
from cards.kit import Card
from learning.courses import guide
from tests.support.card_parts import buttons, parts, shown_text
from tests.support.contracts import CARD_BYTES, card_faults

LONDON, PARIS = ZoneInfo("Europe/London"), ZoneInfo("Europe/Paris")
TEN = datetime(2026, 5, 19, 9, 0, tzinfo=UTC)
SECRET = "I have lost the trust of *two* of my teams"
LONG = "word " * 400
MEETING = Meeting(
    id=7,
    set_id=3,
    set_name="Set 1",
    course_id=1,
    number=4,
    of=6,
    starts_at=TEN,
    ends_at=TEN + timedelta(hours=2),
    leader="Asha",
    others=(("bo", "Bo"), ("cy", "Cy")),
    join_url="https://teams.example.org/join",
)
LEADS = replace(MEETING, leads=True)
MINE = Dilemma(id=5, name="Bo", text=SECRET)


def now(number: int, **more: Any) -> Now:
    rounds = guide.USUAL
    values: dict[str, Any] = {
        "number": number,
        "place": guide.place(rounds, number),
        "next_place": guide.place(rounds, number + 1),
        "ends_at": TEN + timedelta(minutes=42),
        "at": TEN + timedelta(minutes=36),
    }
    return Now(**(values | more))


def in_round(number: int, meeting: Meeting = LEADS, **more: Any) -> Card:
    return cards.round_card(meeting, now(number, **more), zone=LONDON, commitments=True)


def titles(card: Card) -> list[str]:
    return [each["title"] for each in buttons(card.content)]


def every() -> Iterator[Card]:
    notes = Notes(text=SECRET + LONG, by="Di")
    yield cards.before_card(LEADS, zone=LONDON, dilemmas=2, notes=notes, may_start=True, note="No")
    yield cards.before_card(replace(MEETING, may_step_in=True), zone=LONDON, dilemmas=0)
    yield in_round(2, presenting=replace(MINE, text=SECRET + LONG), presents=True, choices=(MINE,))
    yield in_round(0, replace(MEETING, may_step_in=True), presenting=MINE)
    yield cards.over_card(
        LEADS, zone=LONDON, following=MEETING, own_notes=SECRET, commitments=True, note="Too long"
    )
    yield cards.over_card(MEETING, zone=LONDON, following=None, commitments=False)
    yield cards.choose_card([MEETING, LEADS], zone=LONDON)
    yield cards.step_in_card(replace(MEETING, may_step_in=True), "Asha leads this meeting.")
    yield dilemma_cards.bring_card(3, "Set 1", text=SECRET, is_there=True, fault="Too long")
    yield dilemma_cards.bring_card(3, "Set 1")
    yield dilemma_cards.kept_card(3, "Set 1", SECRET)
    yield dilemma_cards.gone_card(3, "Set 1", was_there=True)
    yield dilemma_cards.list_card(3, "Set 1", [replace(MINE, text=LONG)] * 8, is_member=True)
    yield dilemma_cards.list_card(3, "Set 1", [], is_member=False)
    yield dilemma_cards.choose_card([(3, "Set 1"), (4, "Set 2")])
    yield set_notices.reminder_card(LEADS, zone=LONDON, dilemmas=2)
    yield set_notices.turn_card(LEADS, zone=LONDON)
    yield set_notices.asked_card(MEETING, zone=LONDON)
    yield set_notices.relieved_card(MEETING, zone=LONDON)
    yield set_notices.round_over_card(LEADS, "Present")
    yield set_notices.left_card("Set 1", "", ["Asha", "Bo"])
    yield set_notices.left_card("Set 1", "Di", [])
    yield set_notices.merged_card("Set 1", ["Asha"], None, zone=LONDON)
    yield set_notices.relieved_of_set_card("Set 1")
    yield set_notices.merge_proposed_card("The customer", "Set 1", 1, "https://example.org")
    yield set_notices.ask_leave_card(3, "Set 1")
    yield set_notices.which_to_leave_card([(3, "Set 1")])


@pytest.mark.parametrize("card", list(every()), ids=lambda card: card.summary[:40])
def test_every_card_is_sound_small_labelled_and_says_nothing_written_in_its_summary(card: Card):
    assert card_faults(card.content) == []
    assert len(str(card.content).encode()) < CARD_BYTES
    inputs = [p for _, p in parts(card.content) if str(p.get("type", "")).startswith("Input.")]
    assert all(each.get("label") for each in inputs)
    assert "trust" not in card.summary


def test_whoever_leads_has_the_buttons_and_who_follows_does_not():
    assert titles(in_round(1)) == [
        "Next: Commit",
        "Back",
        "5 more minutes",
        "Finish the meeting",
        "Refresh",
    ]
    assert titles(in_round(2))[0] == "Next dilemma"
    assert "Back" not in titles(in_round(0))
    assert titles(in_round(1, MEETING)) == ["Refresh"]
    assert titles(in_round(1, replace(MEETING, may_step_in=True))) == ["I'll lead today", "Refresh"]


def test_the_end_of_a_round_is_told_in_the_readers_own_zone():
    here = shown_text(in_round(1).content)
    there = cards.round_card(LEADS, now(1), zone=PARIS, commitments=True)

    assert "Ends at 10:42, 6 minutes left" in here
    assert "Ends at 11:42" in shown_text(there.content)
    late = in_round(1, at=TEN + timedelta(minutes=45))
    assert "Ends at 10:42, 3 minutes over" in shown_text(late.content)


def test_the_commit_round_offers_who_presented_a_commitment():
    offered = [
        "Make a commitment" in titles(in_round(number, presenting=MINE, presents=presents))
        for number, presents in ((2, True), (2, False), (1, True))
    ]

    assert offered == [True, False, False]


def test_whose_dilemma_comes_next_is_asked_when_one_does_and_some_were_brought():
    def choices(card: Card) -> list[Any]:
        return [p for _, p in parts(card.content) if p["type"] == "Input.ChoiceSet"]

    other = Dilemma(id=6, name="Cy", text="x")

    [choice] = choices(in_round(2, choices=(MINE, other)))
    assert (choice["value"], [c["title"] for c in choice["choices"]]) == ("5", ["Bo", "Cy"])
    assert choices(in_round(2)) == []
    assert choices(in_round(1, choices=(MINE,))) == []
    assert choices(in_round(2, MEETING, choices=(MINE,))) == []


def test_what_people_write_is_shown_as_they_wrote_it():
    card = in_round(1, presenting=MINE)

    texts = [part.get("text") for _, part in parts(card.content)]
    assert r"I have lost the trust of \*two\* of my teams" in texts
    assert "The dilemma of Bo" in shown_text(card.content)
