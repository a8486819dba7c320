"""Cards about action learning sets."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cards import sets as cards
from cards.kit import Card, execute
from learning.courses.action_sets import SetMeeting, Wish
from learning.courses.series import SLOTS
from learning.people import Person, PersonId
from learning.sessions import CourseId
from tests.support.card_parts import shown_text
from tests.support.contracts import card_faults

LONDON = ZoneInfo("Europe/London")
COURSE = CourseId(3)
TITLE = "The customer at the heart"
NOW = datetime(2026, 10, 20, 8, tzinfo=UTC)
FAY = Person(id=PersonId("fay"), name="Fay")
WISH = Wish(
    course_id=COURSE,
    person_id=PersonId("asha"),
    can=frozenset({"Friday morning", "Monday morning"}),
    prefers=frozenset({"Friday morning"}),
    put_forward_at=NOW,
)


def a_group(count: int = 6, **more: str) -> cards.Group:
    starts = [NOW + timedelta(weeks=4 * n, hours=1) for n in range(6)]
    return cards.Group(
        id=7,
        name="Set 1",
        title=TITLE,
        members=[Person(id=PersonId(f"p{n}"), name=f"Leader *{n}*") for n in range(count)],
        facilitator=FAY,
        meetings=[
            SetMeeting(set_id=7, number=n, starts_at=at, ends_at=at + timedelta(hours=2))
            for n, at in enumerate(starts, 1)
        ],
        **more,
    )


EVERY = {
    "form": cards.availability_card(COURSE, TITLE, until=date(2026, 10, 30)),
    "form again": cards.availability_card(
        COURSE, TITLE, wish=WISH, can=SLOTS, prefers=SLOTS, note="Choose at least one."
    ),
    "put forward": cards.put_forward_card(
        COURSE, TITLE, WISH, until=date(2026, 10, 30), may_change=True
    ),
    "nothing": cards.nothing_open_card(TITLE, "Putting oneself forward has closed."),
    "withdrawn": cards.withdrawn_card(COURSE, TITLE, is_open=True),
    "set": cards.set_card(
        a_group(8, join_url="https://example.org/join", chat="https://example.org/chat"),
        zone=LONDON,
        now=NOW,
    ),
    "which": cards.which_set_card([("Set 1", execute("Show", "set.show", set=1))]),
}


@pytest.mark.parametrize("card", EVERY.values(), ids=EVERY)
def test_every_card_is_one_that_teams_takes(card: Card):
    assert card_faults(card.content) == []


def test_times_stand_in_the_order_of_the_week_whatever_order_they_were_chosen_in():
    assert "Monday morning and Friday morning" in shown_text(EVERY["put forward"].content)


def test_a_set_shows_what_is_ahead_at_the_readers_own_clock():
    card = cards.set_card(a_group(), zone=LONDON, now=NOW + timedelta(weeks=5))

    words = shown_text(card.content)

    assert "Tuesday 20 October" not in words
    assert "Tuesday 17 November" not in words
    assert "Tuesday 15 December, 09:00 to 11:00" in words
    assert "The invitation with the link to join comes by calendar." in words


def test_when_all_is_over_there_is_nothing_to_join():
    group = a_group(join_url="https://example.org/join")

    card = cards.set_card(group, zone=LONDON, now=NOW + timedelta(weeks=40))

    assert "All meetings are over." in shown_text(card.content)
    assert "actions" not in card.content
