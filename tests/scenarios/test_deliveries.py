"""An organiser asks what was sent, and is told to how many and what became of it."""

import re
from datetime import date, timedelta

import pytest

from jobs.deliver import LeaseOver
from learning import notices
from learning.notices import Kind
from services.ports.deliveries import Delivery, Lease
from tests.scenarios.world import ASHA, BO, CY, DI, GENERAL, ORGA, World, london, person_id
from tests.support.card_parts import parts


async def test_an_organiser_sees_what_became_of_a_day_of_nudges_and_highlights(world: World):
    await a_day(world)

    seen = await asked(world)

    assert seen == [
        "What was sent",
        "Nudge of Monday 18 May, 09:50: Growth mindset",
        "2 people. 1 no longer needed, 1 cannot be reached",
        "1 blocked the app",
        "Nudge of Monday 18 May, 09:00: Growth mindset",
        "2 people. 1 sent, 1 cannot be reached",
        "1 blocked the app",
        "Highlights of Monday 18 May",
        "3 people. 2 sent, 1 failed",
        "1 failed (connector: 400)",
        "Highlights in channels of Monday 18 May",
        "1 channel. 1 sent",
        "Calendar events: 2 up to date",
    ]


async def test_the_numbers_stay_when_somebody_is_forgotten_and_the_rows_are_long_gone(
    world: World,
):
    """Only why her message failed goes with her; rows older than a month are kept as counts."""
    await a_day(world)
    before = await asked(world)
    await world.bot.core.people.forget(person_id(CY))

    await world.bot.move_to(world.bot.clock.now() + timedelta(days=32))

    assert await world.bot.outbox() == []
    after = [
        line.replace("connector: 400", "reason not kept")
        for line in before
        if line != "Calendar events: 2 up to date"
    ]
    assert await asked(world) == after


async def test_while_a_mailing_is_on_its_way_it_says_how_many_are_still_to_go(world: World):
    await wants_highlights(world)
    world.connector.fail_next(502, times=99, conversation=BO.chat)
    await world.bot.move_to(london("2026-05-18T08:30"))

    seen = await asked(world)

    assert "3 people. 2 sent, 1 held back" in seen


async def test_before_anything_was_sent_an_organiser_is_told_so(world: World):
    await world.book(ASHA, "PC1")

    said = await world.teams.say(ORGA, "what was sent?")

    assert said.read.splitlines()[0] == "Nothing has been sent yet."
    assert "Planned for later: 3 messages" in said.read


async def test_what_was_sent_stands_in_no_channel(world: World):
    await a_day(world)
    world.connector.sent.clear()

    said = await world.teams.say(ORGA, "deliveries", GENERAL)

    assert [s.read for s in world.connector.sent_to(GENERAL)] == [
        "I've answered you in our own chat."
    ]
    assert "Highlights of Monday 18 May" in said.read


async def test_nobody_else_sees_what_was_sent(world: World):
    await a_day(world)

    said = (await world.teams.say(DI, "deliveries")).read

    assert "Only organisers can do that" in said
    assert "Highlights" not in said


async def test_a_screen_reader_hears_the_latest_first(world: World):
    await a_day(world)

    card = (await world.teams.say(ORGA, "what was sent")).only.card

    assert card["speak"] == (
        "What was sent. Last of all Nudge of Monday 18 May, 09:50: Growth mindset: "
        "2 people. 1 no longer needed, 1 cannot be reached"
    )


async def wants_highlights(world: World) -> None:
    for person in (ASHA, BO, CY):
        await world.teams.say(person, "send me highlights")


async def a_day(world: World) -> None:
    """Highlights that one person's chat does not take, a nudge that reaches one of two."""
    await world.teams.say(ORGA, "post highlights here", GENERAL)
    await wants_highlights(world)
    await world.book(ASHA, "GM1")
    await world.book(BO, "GM1")
    world.connector.fail_next(400, conversation=CY.chat)
    await world.bot.move_to(london("2026-05-18T08:30"))
    world.connector.fail_next(403, code="ConversationBlockedByUser", conversation=BO.chat)
    await world.bot.move_to(london("2026-05-18T09:00"))
    await world.bot.core.people.want_nudges(person_id(ASHA), False)
    await world.bot.move_to(london("2026-05-18T09:50"))
    world.connector.sent.clear()


async def asked(world: World) -> list[str]:
    """The lines of the card."""
    card = (await world.teams.say(ORGA, "what was sent")).only.card
    return [part["text"] for _, part in parts(card) if part["type"] == "TextBlock"]


async def test_highlights_sent_again_later_show_the_places_left_then(world: World):
    await world.teams.say(ASHA, "send me highlights")
    await world.bot.move_to(london("2026-05-18T08:30"))
    [first] = world.told(ASHA, "Learning today")
    await world.book(BO, "GM1")
    world.bot.clock.set(london("2026-05-18T08:31"))

    await world.bot.product.outreach.queue_now()
    await world.bot.settled()

    again = world.told(ASHA, "Learning today")[-1]
    assert (places_left(first.read), places_left(again.read)) == (12, 11)


@pytest.mark.parametrize("kind", [Kind.NUDGE, Kind.HIGHLIGHTS, Kind.CHANNEL_HIGHLIGHTS])
async def test_what_another_may_have_by_now_is_not_sent(world: World, kind: Kind):
    """The process slept since it claimed the row; the last look is right before the sending."""
    await world.book(ASHA, "GM1")
    await world.teams.say(ASHA, "send me highlights")
    await world.teams.say(ORGA, "post highlights here", GENERAL)
    world.bot.clock.set(london("2026-05-18T08:59"))
    session = await world.session("GM1")
    day, now = date(2026, 5, 18), world.bot.clock.now()
    assert session.starts_at is not None
    notice = {
        Kind.NUDGE: notices.to_person(
            kind, person_id(ASHA), session, now, starts=session.starts_at.isoformat()
        ),
        Kind.HIGHLIGHTS: notices.person_highlights(person_id(ASHA), day, now),
        Kind.CHANNEL_HIGHLIGHTS: notices.channel_highlights(GENERAL.id, day, now),
    }[kind]
    said = len(world.connector.sent)
    effect = world.bot.product.deliverer._effects[kind]

    with pytest.raises(LeaseOver):
        await effect(Delivery(id=1, notice=notice, attempts=1, lease=Lease(lambda: 100.0, 100.0)))

    assert len(world.connector.sent) == said
    await effect(Delivery(id=1, notice=notice, attempts=1, lease=Lease(lambda: 100.0, 130.0)))
    assert len(world.connector.sent) == said + 1


def places_left(words: str) -> int:
    """Of Growth mindset, as a card of highlights says it."""
    found = re.search(r"Growth mindset.*?(\d+) places left", words, re.DOTALL)
    assert found, words
    return int(found[1])
