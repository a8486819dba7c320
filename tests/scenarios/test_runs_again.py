"""Somebody asks to hear when a session runs again, and hears of it once."""

from datetime import timedelta

from learning.notices import Kind
from tests.scenarios.world import (
    ASHA,
    BO,
    CY,
    DI,
    GENERAL,
    WEEK,
    World,
    london,
    person_id,
    read,
)
from tests.support.card_parts import buttons, shown_text

HEADER = WEEK.splitlines()[0]
AUTUMN = f"""\
{HEADER}
GM1,Growth mindset,learning,2026-10-19T10:00,2026-10-19T11:00,12,teams,,,
PC9,PRESENTING – with confidence!,speaking,2026-10-21T10:00,2026-10-21T11:30,1,in_person,Room 2,,no
"""
TUESDAY = london("2026-05-19T09:00")


async def published(world: World, week: str = AUTUMN, edition: str = "Autumn") -> None:
    await world.bot.publish(week, edition)
    await world.pass_time(timedelta(minutes=1))


def heard(world: World) -> dict[str, int]:
    """How many messages about a next run each of them got."""
    people = (ASHA, BO, CY, DI)
    found = {p.name: len(world.told(p, "You asked me to tell you")) for p in people}
    return {name: count for name, count in found.items() if count}


async def test_who_asked_by_words_hears_of_the_next_run_once_and_books_it(world: World):
    await world.bot.move_to(TUESDAY)

    asked = await world.teams.say(ASHA, "tell me when GM1 runs again")
    again = await world.teams.say(ASHA, "let me know if you run growth mindset again")
    await published(world)

    assert "I'll tell you once when Growth mindset runs again." in asked.read
    assert asked.read == again.read
    assert heard(world) == {"Asha": 1}
    [told] = world.told(ASHA, "You asked me to tell you")
    assert "Monday 19 October, 10:00 to 11:00 · Teams · 12 places left" in told.read
    booked = await world.teams.press(ASHA, told, title="Book")
    assert "You're booked" in read(booked)
    autumn = (await world.bot.core.programme.sessions_of("Autumn"))[0]
    async with world.bot.core.work(read_only=True) as uow:
        [booking] = await uow.bookings.of_session(autumn.id)
    assert (booking.person_id, booking.source) == (person_id(ASHA), "nudge")

    await published(world, AUTUMN.replace("2026-10", "2027-03"), "Spring")
    await world.bot.tick()
    await world.bot.settled()

    assert heard(world) == {"Asha": 1}


async def test_the_card_of_what_can_no_longer_be_had_has_the_button(world: World):
    await world.book(BO, "PC1")
    full = await world.teams.say(ASHA, "PC1")
    refused = await world.teams.press(ASHA, full.card, title="Tell me when it runs again")
    await world.bot.core.programme.cancel_session((await world.session("DA1")).id)
    off = await world.teams.say(CY, "DA1")
    free = await world.teams.say(ASHA, "MC2")
    waited_for = await world.teams.say(ASHA, "RE1")
    await world.bot.move_to(TUESDAY)
    over = await world.teams.say(DI, "GM1")
    paced = await world.teams.say(ASHA, "EDX")

    def titles(card: dict[str, object]) -> list[str]:
        return [b["title"] for b in buttons(card)]

    assert "I'll tell you" in read(refused)
    assert [
        "Tell me when it runs again" in titles(shown.card)
        for shown in (full, off, over, free, waited_for, paced)
    ] == [True, True, True, False, False, False]
    await world.teams.press(DI, over.card, title="Tell me when it runs again")
    await published(world)

    assert heard(world) == {"Asha": 1, "Di": 1}
    [told] = world.told(ASHA, "You asked me")
    assert "PRESENTING – with confidence!" in told.read  # by its title, however that is written


async def test_a_refusal_and_a_cancellation_offer_it_too(world: World):
    shown = await world.teams.say(ASHA, "PC1")
    await world.book(BO, "PC1")
    refused = await world.teams.press(ASHA, shown.card, title="Book")
    await world.book(CY, "DA1")
    await world.bot.core.programme.cancel_session((await world.session("DA1")).id)
    await world.bot.settled()
    [called_off] = world.told(CY, "Digital accessibility is cancelled")

    await world.teams.press(ASHA, refused["value"], title="Tell me when it runs again")
    await world.teams.press(CY, called_off, title="Tell me when it runs again")

    later = AUTUMN + "DA1,Digital accessibility,x,2026-10-20T10:00,2026-10-20T11:00,,in_person,,,\n"
    await published(world, later)
    assert heard(world) == {"Asha": 1, "Cy": 1}


async def test_what_runs_again_already_is_offered_at_once_and_nothing_is_kept(world: World):
    await published(world)
    past = await world.teams.say(ASHA, "what's on today")
    first = (await world.bot.core.programme.sessions_of("The week"))[0]
    await world.bot.move_to(TUESDAY)

    answer = await world.teams.press(ASHA, past.card, title="Details", having={"session": first.id})
    asked = await world.teams.press(ASHA, answer["value"], title="Tell me when it runs again")

    assert "Growth mindset runs again already" in read(asked)
    assert "Monday 19 October, 10:00 to 11:00" in read(asked)
    assert "You are not waiting" in (await world.teams.say(ASHA, "what I asked to hear of")).read
    later = await world.teams.say(ASHA, "tell me when GM1 runs again")  # after the one ahead
    assert "It is still to come, Monday 19 October, 10:00 to 11:00: 12 places left." in later.read
    await published(world, AUTUMN.replace("2026-10", "2027-03"), "Spring")
    [told] = world.told(ASHA, "You asked me")
    assert "Friday 19 March" in told.read


async def test_what_is_at_any_time_is_nothing_to_wait_for(world: World):
    asked = await world.teams.say(ASHA, "tell me when edX courses runs again")

    assert "can be taken at any time" in asked.read


async def test_it_is_the_one_just_shown_or_one_is_asked_for(world: World):
    await world.teams.say(ASHA, "GM1")
    known = await world.teams.say(ASHA, "tell me when it runs again")
    await world.teams.say(BO, "mentoring")
    which = await world.teams.say(BO, "tell me when it runs again")
    nothing = await world.teams.say(CY, "tell me when it's on again")
    unknown = await world.teams.say(CY, "tell me when underwater basket weaving runs again")

    assert "when Growth mindset runs again" in known.read
    assert "Of which one shall I tell you" in which.read
    chosen = await world.teams.press(
        BO, which.only, title="This one", having={"session": (await world.session("MC2")).id}
    )
    assert "when Mentoring circles runs again" in read(chosen)
    assert "Which session do you mean?" in nothing.read
    assert "I'll tell you once" not in unknown.read


async def test_it_can_be_taken_back_by_words_and_by_button(world: World):
    await world.bot.move_to(TUESDAY)
    for words in ("GM1", "MC1", "resilience"):
        await world.teams.say(ASHA, f"tell me when {words} runs again")
    listed = await world.teams.say(ASHA, "what I asked to hear of")

    stopped = await world.teams.say(ASHA, "stop telling me about growth mindset")
    one = {"session": (await world.session("MC1")).id}
    pressed = await world.teams.press(ASHA, listed.card, title="Stop telling me", having=one)
    left = await world.teams.say(ASHA, "what have i asked to hear of")
    last = await world.teams.say(ASHA, "stop telling me")
    none = await world.teams.say(ASHA, "stop telling me about MC1")

    assert "Growth mindset, Monday 18 May" not in stopped.read
    assert [t in shown_text(listed.card) for t in ("Growth mindset", "Resilience")] == [True, True]
    assert "I won't tell you when Growth mindset runs again" in stopped.read
    assert "I won't tell you when Mentoring or coaching runs again" in read(pressed)
    assert "Growth mindset" not in left.read
    assert "Resilience" in left.read
    assert "I won't tell you when Resilience runs again" in last.read
    assert "You are not waiting to hear of anything" in none.read
    await published(world)
    assert heard(world) == {}


async def test_who_booked_it_already_or_took_it_back_in_the_night_is_left_in_peace(world: World):
    await world.bot.move_to(london("2026-05-19T21:00"))
    for person in (ASHA, BO, CY):
        await world.teams.say(person, "tell me when GM1 runs again")
    await world.bot.publish(AUTUMN, "Autumn")
    autumn = (await world.bot.core.programme.sessions_of("Autumn"))[0]
    await world.bot.core.bookings.book(person_id(ASHA), autumn.id)  # before the clock ticks
    await world.pass_time(timedelta(minutes=1))

    assert heard(world) == {}  # it is night
    rows = await world.bot.outbox(Kind.RUNS_AGAIN)
    assert {(row.notice.person_id, row.notice.due_at) for row in rows} == {
        (person_id(person), london("2026-05-20T07:30")) for person in (BO, CY)
    }
    await world.teams.say(BO, "stop telling me about GM1")
    await world.bot.move_to(london("2026-05-20T07:30"))

    assert heard(world) == {"Cy": 1}


async def test_a_run_that_is_called_off_before_anybody_heard_of_it_does_not_count(world: World):
    await world.bot.move_to(london("2026-05-19T21:00"))
    await world.teams.say(ASHA, "tell me when GM1 runs again")
    await world.bot.publish(AUTUMN, "Autumn")
    await world.pass_time(timedelta(minutes=1))
    autumn = (await world.bot.core.programme.sessions_of("Autumn"))[0]
    await world.bot.core.programme.cancel_session(autumn.id)
    await world.bot.move_to(london("2026-05-20T07:30"))

    assert heard(world) == {}
    await published(world, AUTUMN.replace("2026-10", "2027-03"), "Spring")
    assert heard(world) == {"Asha": 1}


async def test_with_nudges_off_it_is_said_all_the_same(world: World):
    await world.bot.move_to(TUESDAY)
    await world.teams.say(ASHA, "nudges off")
    await world.teams.say(ASHA, "tell me when GM1 runs again")

    await published(world)

    assert heard(world) == {"Asha": 1}


async def test_a_session_that_is_added_to_an_edition_by_itself_counts_too(world: World):
    await world.bot.move_to(TUESDAY)
    await world.teams.say(ASHA, "tell me when GM1 runs again")

    row = "GM9,Growth mindset,learning,2026-05-21T10:00,2026-05-21T11:00,12,teams,,,\n"
    await published(world, f"{HEADER}\n{row}", "The week")

    [told] = world.told(ASHA, "You asked me")
    assert "Thursday 21 May" in told.read


async def test_in_a_channel_the_answer_goes_to_their_own_chat(world: World):
    await world.teams.say(ASHA, "tell me when GM1 runs again", GENERAL)

    assert [s for s in world.connector.sent_to(GENERAL) if "Growth mindset" in s.read] == []
    assert len(world.told(ASHA, "I'll tell you once when Growth mindset runs again")) == 1


async def test_who_is_forgotten_is_told_nothing(world: World):
    await world.bot.move_to(TUESDAY)
    await world.teams.say(ASHA, "tell me when GM1 runs again")
    await world.bot.core.people.forget(person_id(ASHA))

    await published(world)

    async with world.bot.core.work(read_only=True) as uow:
        assert await uow.again.of_person(person_id(ASHA)) == []
    assert heard(world) == {}
    assert await world.bot.outbox(Kind.RUNS_AGAIN) == []


async def test_a_button_about_a_session_that_is_not_there_keeps_nothing(world: World):
    await world.bot.move_to(TUESDAY)
    shown = await world.teams.say(ASHA, "GM1")

    title, forged = "Tell me when it runs again", {"session": 999}
    answer = await world.teams.press(ASHA, shown.card, title=title, data=forged)

    assert "There is no session 999." in read(answer)
    async with world.bot.core.work(read_only=True) as uow:
        assert await uow.again.of_person(person_id(ASHA)) == []
