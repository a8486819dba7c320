"""The cards to say who is at a session, and to see who was."""

import json
from datetime import timedelta
from typing import Any

import pytest

from cards import attendance as cards
from cards.kit import Card
from learning.attendance import Attendee, Change, Named, Outcome, Presence, Source
from learning.sessions import Session, SessionId
from tests.support.card_parts import button, buttons, parts, shown_text, typed_in
from tests.support.contracts import CARD_BYTES, card_faults
from tests.support.values import ELEVEN, LONDON, a_session

LATER = ELEVEN + timedelta(hours=1)


def outcome(state: Presence, source: Source = Source.TEAMS, **more: Any) -> Outcome:
    known: dict[str, Any] = {"session_id": SessionId(1), "who": "x", "changed_at": LATER}
    return Outcome(state=state, source=source, **(known | more))


def attendee(name: str, *, who: str = "", booked: bool = True, **more: Any) -> Attendee:
    return Attendee(who=who or name.casefold(), name=name, is_booked=booked, **more)


THERE = outcome(Presence.ATTENDED, Source.CHECK_IN)


def a_crowd(count: int, name: str = "Person") -> list[Attendee]:
    return [
        attendee(
            f"{name} {n:03}",
            who=f"{n:08}-0000-4000-8000-000000000000",
            email=f"person.{n}@example.org",
            outcome=THERE if n % 2 else None,
        )
        for n in range(count)
    ]


def check_in(people: list[Attendee], page: int = 0, session: Session | None = None) -> Card:
    return cards.check_in_card(session or a_session(), people, page=page, zone=LONDON)


def who_came(people: list[Attendee], *changes: Change, **more: Any) -> Card:
    names = {"asha": "Asha", "orla": "Orla"}
    given: dict[str, Any] = {"zone": LONDON, "is_over": True} | more
    return cards.who_came_card(a_session(), people, changes, names, **given)


def a_change(**more: Any) -> Change:
    known: dict[str, Any] = {
        "session_id": SessionId(1),
        "who": "asha",
        "was": "briefly",
        "state": "attended",
        "source": Source.CORRECTION,
        "changed_by": "orla",
        "why": "signed the paper list",
        "changed_at": LATER,
    }
    return Change(**(known | more))


def every_card(name: str = "Person", **details: Any) -> dict[str, Card]:
    session = a_session(**details)
    crowd = a_crowd(400, name)
    mixed = [
        *crowd[:100],
        *(
            attendee(f"{name} {state}", booked=False, outcome=outcome(state, seconds=2400))
            for state in Presence
        ),
        attendee("", who="guest:1", booked=False, outcome=THERE),
    ]
    changes = [a_change(why="so " * 100), a_change(was="", state=""), a_change(who="gone")] * 4
    named = Named(who="asha", name=name * 10, email="asha@example.org")
    return {
        "check in": check_in(crowd, session=session),
        "check in, last page": check_in(crowd, 99, session=session),
        "check in, nobody": check_in([], session=session),
        "check in, walk-ins": check_in(
            [attendee(f"{name} {n}", booked=False, outcome=THERE) for n in range(100)],
            session=session,
        ),
        "who came": cards.who_came_card(
            session, mixed, changes, {"asha": name, "orla": name}, zone=LONDON, is_over=True
        ),
        "who came, nobody": cards.who_came_card(
            session, [], [], {}, zone=LONDON, is_over=False
        ),
        "why": cards.why_card(session, named, Presence.ABSENT),
        "which": cards.which_person_card(
            session, name, [named] * 6, "attendance.mark", state="absent", why="so " * 90
        ),
        "marked": cards.marked_card(session, name, outcome(Presence.ABSENT), "attended"),
        "arrived": cards.arrived_card(session, zone=LONDON),
        "door word": cards.door_word_card(session),
        "door word, of any": cards.door_word_card(None, "Look at the door once more."),
        "door": cards.door_card(
            session, page_url="https://example.org/hub/sessions/GM1/door?key=1", word="4KM7QX",
            zone=LONDON,
        ),
    }  # fmt: skip


PLAIN = every_card()


@pytest.mark.parametrize("name", PLAIN)
def test_every_card_is_one_that_teams_and_the_house_take(name: str):
    assert card_faults(PLAIN[name].content) == []


@pytest.mark.parametrize("letters", ["word ", "w", "*_", "\N{PARTY POPPER}"])
def test_no_card_is_too_large_however_long_names_and_titles_are(letters: str):
    most = every_card((letters * 300)[:300], title=(letters * 200)[:200].strip(), code="C" * 40)

    sizes = {
        name: len(json.dumps(c.content, ensure_ascii=False).encode()) for name, c in most.items()
    }
    assert {name: size for name, size in sizes.items() if size >= CARD_BYTES} == {}


def test_a_card_has_as_many_people_as_a_phone_shows_well_and_says_where_it_is():
    crowd = a_crowd(30)

    pages = [check_in(crowd, page) for page in range(3)]

    ticks = [choices(card) for card in pages]
    assert [len(each["choices"]) for each in ticks] == [12, 12, 6]
    assert [each["label"] for each in ticks] == [
        f"Tick who is here, page {n} of 3" for n in (1, 2, 3)
    ]
    shown = [choice["value"] for each in ticks for choice in each["choices"]]
    assert shown == [person.who for person in crowd]
    assert [next(b["title"] for b in buttons(card.content)) for card in pages] == [
        "Save and go on",
        "Save and go on",
        "Save",
    ]


def test_who_is_there_already_is_ticked_and_the_button_says_who_that_was():
    card = check_in([attendee("Asha", outcome=THERE), attendee("Bo")])

    assert choices(card)["value"] == "asha"
    assert button(card.content, verb="attendance.tick")["data"] == {
        "session": 1,
        "page": 0,
        "was": ["asha"],
    }
    assert typed_in(card.content, {"came": "asha,bo"})["came"] == "asha,bo"


def test_two_of_one_name_are_told_apart_by_their_addresses():
    crowd = [
        attendee("Ana", who="1", email="ana.s@example.org"),
        attendee("Ana", who="2", email="ana.c@example.org"),
        attendee("Bo", who="3", email="bo@example.org"),
    ]

    titles = [choice["title"] for choice in choices(check_in(crowd))["choices"]]

    assert titles == ["Ana (ana.s@example.org)", "Ana (ana.c@example.org)", "Bo"]


def test_who_came_counts_first_and_then_names():
    card = who_came(
        [
            attendee("Asha", outcome=outcome(Presence.ATTENDED, seconds=3000)),
            attendee("Bo", outcome=outcome(Presence.ABSENT, Source.BOOKING)),
            attendee("Cy"),
            attendee("Di", booked=False, outcome=THERE),
            attendee("", who="guest:1", booked=False, outcome=outcome(Presence.BRIEFLY)),
        ],
        a_change(),
    )

    read = shown_text(card.content)
    assert (
        "2 attended, 1 there briefly, 1 absent, 1 not known. 2 came without booking" in card.summary
    )
    assert "Attended: 2\nAsha (50 min), Di (checked in, not booked)" in read
    assert "There briefly: 1\na guest (not booked)" in read
    assert "Absent: 1\nBo" in read
    assert "Not known: 1\nCy" in read
    assert (
        "Asha, there briefly to attended, by Orla, Tuesday 19 May, 13:00: signed the paper list"
        in read
    )


def test_only_what_organisers_corrected_is_listed_the_latest_first():
    changes = [a_change(source=Source.DOOR, why="door"), *(a_change(why=f"{n}") for n in range(9))]

    read = shown_text(who_came([attendee("Asha")], *changes).content)

    assert "door" not in read
    assert [n for n in range(9) if f"13:00: {n}" in read] == [4, 5, 6, 7, 8]
    assert read.index("13:00: 8") < read.index("13:00: 4")


def test_a_session_that_is_not_over_is_not_asked_for():
    over, on_now = (who_came([attendee("Asha")], is_over=is_over) for is_over in (True, False))

    assert [b["verb"] for b in buttons(over.content)] == ["attendance.page", "attendance.again"]
    assert [b["verb"] for b in buttons(on_now.content)] == ["attendance.page"]


def test_a_reason_is_required():
    card = cards.why_card(a_session(), Named(who="asha", name="Asha"), Presence.ABSENT)

    with pytest.raises(AssertionError, match="why"):
        typed_in(card.content, {})
    assert button(card.content)["data"] == {"session": 1, "who": "asha", "state": "absent"}


def choices(card: Card) -> dict[str, Any]:
    [found] = [part for _, part in parts(card.content) if part["type"] == "Input.ChoiceSet"]
    return found
