"""An organiser calls a session off by chat: what people will read comes first, and words are enough."""

from tests.scenarios.world import ASHA, BO, ORGA, World, london, read


async def test_who_is_told_and_what_they_read_is_said_before_a_yes(world: World):
    await world.book(ASHA, "MC1")
    await world.book(BO, "MC1")

    asked = await world.teams.say(ORGA, "cancel session MC1")

    assert "I tell the 2 people who have a place or wait." in asked.read
    assert (
        "They read: “Mentoring or coaching is cancelled (Tuesday 19 May, 10:00 to 11:00)”"
        in asked.read
    )
    assert not (await world.session("MC1")).is_cancelled
    done = await world.teams.say(ORGA, "yes")
    assert "Mentoring or coaching is cancelled. I'm telling 2 people." in done.read
    await world.bot.settled()
    assert len(world.told(BO, "Mentoring or coaching is cancelled")) == 1


async def test_a_no_and_other_words_keep_the_session(world: World):
    await world.teams.say(ORGA, "cancel session MC1")
    await world.teams.say(ORGA, "no")
    await world.teams.say(ORGA, "yes")
    await world.teams.say(ORGA, "cancel session MC1")
    await world.teams.say(ORGA, "what's on today")
    await world.teams.say(ORGA, "yes")

    assert not (await world.session("MC1")).is_cancelled


async def test_nobody_is_told_of_what_nobody_booked_or_what_is_over(world: World):
    await world.book(ASHA, "GM1")

    nobody = await world.teams.say(ORGA, "cancel session PB1")
    await world.bot.move_to(london("2026-05-18T13:00"))
    over = await world.teams.say(ORGA, "cancel session GM1")

    for asked in (nobody, over):
        assert "nobody needs to be told" in asked.read
        assert "They read" not in asked.read


async def test_what_is_cancelled_already_is_not_asked_about_again(world: World):
    asked = await world.teams.say(ORGA, "cancel session MC1")
    await world.teams.press(ORGA, asked.only, verb="organiser.cancel")

    again = await world.teams.say(ORGA, "cancel session MC1")

    assert "Mentoring or coaching is cancelled already." in again.read


async def test_the_button_still_does_it_after_the_question_was_answered(world: World):
    asked = await world.teams.say(ORGA, "cancel session MC1")
    await world.teams.say(ORGA, "no")

    done = await world.teams.press(ORGA, asked.only, verb="organiser.cancel")

    assert "is cancelled" in read(done)
    assert (await world.session("MC1")).is_cancelled
