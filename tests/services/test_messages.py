"""What organisers write to those booked: to whom it goes, once, and what cannot be sent."""

from typing import Any

import pytest

from learning.errors import LearningError
from learning.notices import Kind
from learning.people import PersonId
from services.messages import LONGEST, Messages, Whom
from services.ports.journal import Entry, What
from tests.services.desk import Desk
from tests.support.builders import details, person
from tests.support.databases import ON_SQLITE

ORLA, ASHA, BO, CY = (PersonId(name) for name in ("orla", "asha", "bo", "cy"))
MARK = "a1b2"


async def journal(desk: Desk) -> list[Entry]:
    async with desk.work(read_only=True) as uow:
        return await uow.journal.latest(50)


def send(messages: Messages, *args: Any, mark: str = MARK) -> Any:
    return messages.send(*args, mark=mark, by=ORLA)


async def test_a_message_goes_to_those_it_is_meant_for_once(desk: Desk):
    [session] = await desk.publish(details(capacity=2))
    await desk.book(session, "asha", "bo", "cy")
    messages = Messages(desk.work, desk.clock)

    assert await send(messages, session.id, Whom.BOOKED, "Bring a pen.\r\n\r\nThanks") == 2
    assert await send(messages, session.id, Whom.BOOKED, "Bring a pen.") == 0
    assert await send(messages, session.id, Whom.WAITING, "Nearly there.", mark="c3") == 1

    owed = await desk.owed(Kind.MESSAGE)
    assert [(n.person_id, n.payload["text"]) for n in owed] == [
        (ASHA, "Bring a pen.\n\nThanks"),
        (BO, "Bring a pen.\n\nThanks"),
        (CY, "Nearly there."),
    ]
    assert {n.due_at for n in owed} == {desk.clock.now()}
    waiting, booked = await journal(desk)
    assert (booked.what, booked.after) == (What.MESSAGE_SENT, {"to": "booked", "people": "2"})
    assert (waiting.after, "Nearly" in str(waiting)) == ({"to": "waiting", "people": "1"}, False)


@ON_SQLITE
async def test_who_cannot_be_reached_is_known_before_it_is_sent(desk: Desk):
    [session] = await desk.publish(details())
    people = [
        person("asha"),
        person("bo", unreachable="ConversationBlockedByUser"),
        person("cy", address=None),
    ]
    for person_id in await desk.meet(*people):
        await desk.bookings.book(person_id, session.id)

    audience = await Messages(desk.work, desk.clock).audience(session.id, Whom.EVERYBODY)

    assert [p.id for p in audience.reached] == [ASHA]
    assert [(p.id, why) for p, why in audience.unreached] == [
        (BO, "ConversationBlockedByUser"),
        (CY, "no chat with this person"),
    ]
    assert audience.count == 3


@ON_SQLITE
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Write what you want to say."),
        (" \r\n\x00", "Write what you want to say."),
        ("x" * (LONGEST + 1), "This is 1 character too long"),
        ("x" * (LONGEST + 1500), "This is 1,500 characters too long"),
    ],
)
async def test_what_cannot_be_sent_says_why(desk: Desk, text: str, said: str):
    [session] = await desk.publish(details())
    await desk.book(session, "asha")

    with pytest.raises(LearningError, match=said):
        await send(Messages(desk.work, desk.clock), session.id, Whom.BOOKED, text)
    with pytest.raises(LearningError, match="Nobody is there"):
        await send(Messages(desk.work, desk.clock), session.id, Whom.WAITING, "Hello")

    assert await desk.owed(Kind.MESSAGE) == []
