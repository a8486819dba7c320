"""Cards about one's own learning and about what runs again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cards import again, record, sessions
from cards.kit import Card
from learning.people import Person, PersonId
from learning.record import Attended, EditionRecord, Record
from learning.sessions import Edition, EditionId, Format, Session, SessionId, SessionState
from tests.support.card_parts import buttons, shown_text
from tests.support.contracts import CARD_BYTES, card_faults
from tests.support.values import HOUR, LONDON, NINE, TEN, a_booking, a_session

ASHA = Person(id=PersonId("asha"), name="Asha")
HERE: dict[str, Any] = {"zone": LONDON, "now": NINE}
LONG: dict[str, Any] = {"title": "*" * 200, "location": "#" * 500}


def pdf(edition_id: EditionId) -> str:
    return f"https://learnweek.example.org/hub/mine/certificate.pdf?edition={edition_id}"


def attended(count: int, edition: int = 1, **more: Any) -> EditionRecord:
    entries = tuple(
        Attended(
            session=a_session(
                id=SessionId(n),
                **(
                    {"starts_at": TEN - timedelta(days=1), "ends_at": TEN - timedelta(hours=23)}
                    | more
                ),
            )
        )
        for n in range(1, count + 1)
    )
    name = more.get("title", "Spring")
    return EditionRecord(edition=Edition(id=EditionId(edition), name=name), entries=entries)


def brief(each: EditionRecord) -> EditionRecord:
    return replace(each, entries=tuple(replace(e, is_brief=True) for e in each.entries))


def every_card(**details: Any) -> dict[str, Card]:
    open_one = a_session(**details)
    full = a_session(**(details | {"capacity": 1, "taken": 1, "waiting_list": False}))
    over = a_session(**(details | {"starts_at": NINE - 2 * HOUR}))
    paced = a_session(**(details | {"starts_at": None, "format": Format.SELF_PACED}))
    many = attended(60, **details)
    return {
        "asked": again.asked_card(over, **HERE),
        "asked of one ahead": again.asked_card(open_one, **HERE),
        "already": again.runs_already_card(over, [open_one, full], **HERE),
        "any time": again.any_time_card(paced),
        "again": again.runs_again_card(over, [open_one] * 3, **HERE),
        "waiting for": again.wanted_card([over] * 60, zone=LONDON),
        "waiting for nothing": again.wanted_card([], zone=LONDON),
        "record": record.record_card(Record(editions=(many, attended(9, 2))), pdf=pdf, **HERE),
        "no record": record.record_card(Record(), pdf=pdf, **HERE),
        "certificate": record.certificate_card(ASHA, many, pdf=pdf, zone=LONDON),
    }


@pytest.mark.parametrize("details", [{}, LONG], ids=["short", "long"])
def test_teams_takes_every_one_of_them(details: dict[str, Any]):
    for name, card in every_card(**details).items():
        assert list(card_faults(card.content)) == [], name
        assert card.summary, name
        assert len(str(card.content)) < CARD_BYTES, name


@pytest.mark.parametrize(
    ("session", "own", "is_offered"),
    [
        (a_session(), False, False),
        (a_session(capacity=1, taken=1), False, False),
        (a_session(capacity=1, taken=1, waiting_list=False), False, True),
        (a_session(capacity=1, taken=1, waiting_list=False), True, False),
        (a_session(starts_at=NINE), False, True),
        (a_session(starts_at=NINE), True, False),
        (a_session(starts_at=NINE - HOUR), True, True),
        (a_session(state=SessionState.CANCELLED), True, True),
        (a_session(starts_at=None, format=Format.SELF_PACED), False, False),
    ],
)
def test_hearing_again_is_offered_where_this_one_can_no_longer_be_had(
    session: Session, own: bool, is_offered: bool
):
    card = sessions.session_card(session, a_booking() if own else None, **HERE)

    assert ("again.ask" in [b["verb"] for b in buttons(card.content)]) is is_offered


def test_what_runs_again_has_a_button_to_book_it_counted_as_ours():
    card = again.runs_again_card(a_session(), [a_session(id=SessionId(7))], **HERE)

    book = next(b for b in buttons(card.content) if b["verb"] == "session.book")
    assert book["data"] == {"session": 7, "source": "nudge"}


def test_where_one_was_only_briefly_there_is_no_certificate():
    shown = record.record_card(Record(editions=(brief(attended(1)),)), pdf=pdf, **HERE)

    assert "there briefly, not counted" in shown_text(shown.content)
    assert "Certificate" not in shown_text(shown.content)


def test_what_does_not_fit_is_said_to_be_elsewhere():
    cards = every_card()

    assert "The rest stands on the page My week of the hub." in shown_text(cards["record"].content)
    assert "and 40 more" in shown_text(cards["waiting for"].content)
