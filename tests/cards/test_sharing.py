"""That what people share is the same for everybody, and is what Teams takes."""

import json
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cards import kit, sharing
from cards.sessions import session_card
from learning.sessions import Format, Session, SessionState
from tests.support.card_parts import buttons, parts, shown_text
from tests.support.contracts import CARD_BYTES, card_faults
from tests.support.extension_answers import UNFURLED
from tests.support.values import HOUR, LONDON, NINE, a_session

NEW_YORK = ZoneInfo("America/New_York")
HERE: dict[str, Any] = {"zone": LONDON, "now": NINE}
PAGE = "https://week.example.org/hub/sessions/GM1"
CHAT = "https://teams.microsoft.com/l/chat/0/0?users=28:7b&message=book%20GM1"
LINK = "https://teams.example.org/join"

BOOK = ("Book", "session.book")
QUEUE = ("Join the waiting list", "session.book")
DETAILS = ("Details", "session.show")

PACED = a_session(starts_at=None, format=Format.SELF_PACED, link="https://example.org/course")
SESSIONS = {
    "open": a_session(summary="What helps.", facilitators=("Zoë",), topics=("learning",)),
    "full": a_session(capacity=5, taken=5),
    "full without a list": a_session(capacity=5, taken=5, waiting_list=False),
    "with a meeting": a_session(join_url=LINK),
    "started": a_session(starts_at=NINE),
    "over": a_session(starts_at=NINE - HOUR),
    "cancelled": a_session(state=SessionState.CANCELLED),
    "self-paced": PACED,
}
CAN_BE_BOOKED = {"open", "full", "with a meeting"}


def unfurled(session: Session, *, chat: str = CHAT, dialog: bool = True) -> kit.Card:
    return sharing.unfurled_card(session, page=PAGE, chat=chat, dialog=dialog, **HERE)


def urls(card: kit.Card) -> dict[str, str]:
    return {
        part["title"]: part["url"]
        for _, part in parts(card.content)
        if part["type"] == "Action.OpenUrl"
    }


@pytest.mark.parametrize("kind", SESSIONS)
def test_what_is_shared_is_a_card_that_teams_and_the_house_take(kind: str):
    shared, link = sharing.shared_card(SESSIONS[kind], **HERE), unfurled(SESSIONS[kind])

    assert card_faults(shared.content) == []
    assert link.content["version"] == UNFURLED
    assert card_faults(link.content | {"version": "1.5"}) == []
    assert [b["type"] for b in buttons(link.content)] == ["Action.Submit"]


@pytest.mark.parametrize(
    ("kind", "pressed"),
    [
        ("open", [BOOK, DETAILS]),
        ("full", [QUEUE, DETAILS]),
        ("full without a list", [DETAILS]),
        ("started", [DETAILS]),
        ("over", [DETAILS]),
        ("cancelled", [DETAILS]),
        ("self-paced", [DETAILS]),
    ],
)
def test_a_shared_card_has_what_others_can_do_and_says_where_they_came_from(
    kind: str, pressed: list[tuple[str, str]]
):
    card = sharing.shared_card(SESSIONS[kind], **HERE).content

    assert [(b["title"], b["verb"]) for b in buttons(card)] == pressed
    assert [b["data"] for b in buttons(card)] == [{"session": 1, "source": "share"}] * len(pressed)


@pytest.mark.parametrize("kind", SESSIONS)
def test_nothing_that_soon_is_wrong_or_not_for_everybody_is_on_a_card_that_stays(kind: str):
    for card in (sharing.shared_card(SESSIONS[kind], **HERE), unfurled(SESSIONS[kind])):
        read = shown_text(card.content)

        assert "left" not in read
        assert "You are" not in read
        assert "your time" not in read
        assert LINK not in json.dumps(card.content)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("started", "This session has started."),
        ("over", "This session is over."),
        ("cancelled", "This session has been cancelled."),
    ],
)
def test_what_can_no_longer_be_booked_says_so(kind: str, said: str):
    assert said in shown_text(sharing.shared_card(SESSIONS[kind], **HERE).content)
    assert said in sharing.preview(SESSIONS[kind], **HERE)["text"]
    assert said in shown_text(unfurled(SESSIONS[kind]).content)


@pytest.mark.parametrize("kind", SESSIONS)
def test_an_unfurled_link_books_by_a_link_into_the_chat(kind: str):
    there = urls(unfurled(SESSIONS[kind]))

    assert there["Open its page"] == PAGE
    assert (CHAT in there.values()) == (kind in CAN_BE_BOOKED)
    assert ("https://example.org/course" in there.values()) == (kind == "self-paced")


def test_where_there_is_no_chat_to_link_to_there_is_no_button_for_it():
    assert urls(unfurled(SESSIONS["open"], chat="")) == {"Open its page": PAGE}


def test_those_without_the_app_get_no_button_that_needs_it():
    assert buttons(unfurled(SESSIONS["open"], dialog=False).content) == []


@pytest.mark.parametrize(
    ("zone", "session", "said"),
    [
        (LONDON, a_session(), "Tuesday 19 May, 11:00 to 12:00"),
        (NEW_YORK, a_session(),
         "Tuesday 19 May, 06:00 to 07:00 America/New_York (11:00 Europe/London)"),
        (ZoneInfo("Europe/Guernsey"), a_session(), "Tuesday 19 May, 11:00 to 12:00"),
        (LONDON, PACED, "Any time"),
    ],
)  # fmt: skip
def test_times_are_the_senders_with_their_zone_for_the_others(
    zone: ZoneInfo, session: Session, said: str
):
    card = sharing.shared_card(session, zone=zone, now=NINE)

    assert card.summary == f"Growth mindset: {said}"
    assert f"When {said}" in shown_text(card.content)


def test_a_preview_says_when_where_and_how_many_places_are_left():
    session = a_session(capacity=15, taken=12, format=Format.IN_PERSON, location="Room 2")

    assert sharing.preview(session, **HERE) == {
        "title": "Growth mindset",
        "text": "Tuesday 19 May, 11:00 to 12:00 · In person, Room 2 · 3 places left",
    }


def test_a_preview_reads_html_and_gets_none():
    session = a_session(title="<b>R&D</b>", format=Format.IN_PERSON, location="<img src=x> & more")

    preview = sharing.preview(session, **HERE)

    assert preview["title"] == "<b>R&D</b>"
    assert "In person, &lt;img src=x&gt; &amp; more" in preview["text"]


@pytest.mark.parametrize("letters", ["word ", "w", "*_", "\N{PARTY POPPER}"])
def test_what_is_shared_is_small_however_much_there_is_to_say(letters: str):
    session = a_session(
        title=(letters * 200)[:200].strip(),
        summary=(letters * 4000)[:4000],
        location=(letters * 500)[:500],
        facilitators=((letters * 250)[:250],) * 4,
        code="C" * 40,
    )

    shared, link = sharing.shared_card(session, **HERE), unfurled(session)

    for card in (shared, link):
        assert len(json.dumps(card.content, ensure_ascii=False).encode()) < CARD_BYTES / 2
    assert len(sharing.preview(session, **HERE)["title"]) <= 120


def test_in_a_dialog_every_button_is_the_one_it_falls_back_on():
    card = session_card(a_session(), None, **HERE).content

    shown = kit.in_dialog(card)

    [button] = buttons(shown)
    assert button == {
        "type": "Action.Submit",
        "title": "Book",
        "data": {"verb": "session.book", "session": 1},
    }
    assert shown["body"] == card["body"]
    assert card_faults(shown) == []


def test_a_session_far_away_is_told_with_its_day():
    session = a_session(starts_at=NINE + timedelta(days=30))

    assert "Thursday 18 June" in sharing.preview(session, **HERE)["text"]
