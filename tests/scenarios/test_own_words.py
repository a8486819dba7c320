"""People's own words: several things at once, what follows on from what was shown, and meaning."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from integrations import sentence_model, spreadsheets
from tests.scenarios.world import ASHA, BO, GENERAL, World, a_world, london
from tests.support.teams import Answer

SAMPLE = Path(__file__).parents[2] / "sample" / "week.csv"


def texts(said: Answer) -> list[str]:
    return [each.read for each in said.sent]


async def last(world: World, *words: str) -> str:
    """What Asha is answered to the last of these."""
    *before, final = words
    for some in before:
        await world.teams.say(ASHA, some)
    return (await world.teams.say(ASHA, final)).only.read


# --- what follows on --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("what's on today", "what about tomorrow?"), "What's on tomorrow, Tuesday 19 May"),
        (("what's on today", "and Wednesday?"), "What's on Wednesday 20 May"),
        (("find mentoring", "what about Tuesday afternoon"), "Mentoring circles"),
        (("what's on today", "sorry, i meant tomorrow"), "What's on tomorrow"),
        (("what's on tomorrow", "just the afternoon"), "from 12:00 until 17:30"),
        (("what's on today", "any others?"), "What's on tomorrow, Tuesday 19 May"),
        (("find mentoring", "the afternoon one"), "Mentoring circles"),
        (("find mentoring", "the later one"), "Mentoring circles"),
        (("what's on today", "the last one"), "Your personal brand"),
        (("GM1", "where is it"), "Growth mindset"),
        (("MC1", "is there another one at a different time"), "Mentoring circles"),
        (("what's on today", "can i do MC1 another time"), "Mentoring circles"),
        (("MC1", "any others?"), "More like “Mentoring or coaching”"),
        (("GM1", "is it repeated"), "at another time"),
        (("PC1", "something shorter"), "but shorter"),
        (("what's on this week", "which ones are in person"), "in person"),
    ],
)
async def test_words_are_understood_by_what_was_shown(
    world: World, words: tuple[str, ...], answer: str
):
    assert answer in await last(world, *words)


async def test_what_was_shown_long_ago_does_not_count(world: World):
    await world.teams.say(ASHA, "what's on today")
    world.bot.clock.set(london("2026-05-18T08:31"))

    said = await world.teams.say(ASHA, "the last one")

    assert "Nothing surely fits" in said.only.read


async def test_a_place_is_given_back_by_it(world: World):
    await world.teams.say(ASHA, "book GM1")

    said = await world.teams.say(ASHA, "actually no cancel that")

    assert "given back" in said.only.read.casefold() or "cancelled" in said.only.read.casefold()
    assert await world.state(ASHA, "GM1") == ""


# --- several things ---------------------------------------------------------------------------


async def test_several_things_in_a_message_are_all_done(world: World):
    await world.teams.say(ASHA, "book PB1")

    said = await world.teams.say(ASHA, "book GM1 and cancel PB1")

    assert [await world.state(ASHA, code) for code in ("GM1", "PB1")] == ["booked", ""]
    assert len(said.sent) == 2


async def test_what_cannot_be_done_does_not_keep_the_rest_from_being_done(world: World):
    said = await world.teams.say(ASHA, "cancel PB1 and book GM1")

    assert await world.state(ASHA, "GM1") == "booked"
    assert "You have no bookings to cancel." in texts(said)[0]


async def test_two_codes_with_one_verb_are_two_bookings(world: World):
    await world.teams.say(ASHA, "book GM1 and RE1")

    assert [await world.state(ASHA, code) for code in ("GM1", "RE1")] == ["booked", "booked"]


async def test_in_a_channel_several_private_answers_leave_one_line(world: World):
    said = await world.teams.say(ASHA, "book GM1 and RE1", GENERAL)

    lines = [s for s in said.sent if s.conversation.startswith(GENERAL.id)]
    assert len(lines) == 1
    assert len(said.sent) == 3


async def test_an_unclear_part_is_asked_about_and_the_answer_taken(world: World):
    said = await world.teams.say(ASHA, "book GM1 and book mentoring")

    assert "Which one would you like to book?" in texts(said)[1]
    await world.teams.say(ASHA, "the second one")
    assert await world.state(ASHA, "GM1") == "booked"
    assert "booked" in (await world.state(ASHA, "MC1"), await world.state(ASHA, "MC2"))


# --- intents beyond search ----------------------------------------------------------------------


async def test_a_reminder_can_be_asked_for(world: World):
    await world.teams.say(ASHA, "book PB1")
    await world.bot.settled()

    assert "I'll remind you of Your personal brand in an hour" in await last(
        world, "remind me in an hour"
    )
    before = len(world.told(ASHA, "Your personal brand starts"))
    world.bot.clock.set(london("2026-05-18T09:01"))
    await world.bot.settled()
    assert len(world.told(ASHA, "Your personal brand starts")) == before + 1


async def test_a_reminder_that_was_asked_for_comes_although_nudges_are_off(world: World):
    await world.teams.say(ASHA, "book PB1")
    await last(world, "nudges off", "remind me in an hour")
    world.bot.clock.set(london("2026-05-18T09:01"))
    await world.bot.settled()

    assert len(world.told(ASHA, "Your personal brand starts")) == 1


async def test_nothing_can_be_reminded_of_where_nothing_is_booked(world: World):
    assert "nothing booked ahead" in await last(world, "remind me tomorrow")


@pytest.mark.parametrize(
    "words", ["i want to speak to a person", "who can i contact about a hearing loop"]
)
async def test_a_question_for_a_person_names_one(story_database: str, words: str):
    async with a_world(story_database, learning_contact="learning@example.org") as world:
        assert "learning@example.org" in await last(world, words)


# --- meaning ------------------------------------------------------------------------------------


@pytest.fixture
async def sample(story_database: str) -> AsyncGenerator[World]:
    """The sample week, read by the sentence model."""
    if not sentence_model.INSTALLED.exists():
        pytest.skip("make setup could not fetch the sentence model")
    from integrations import meanings

    table = spreadsheets.read_table(SAMPLE.name, SAMPLE.read_bytes())
    assert table.rows
    async with a_world(
        story_database,
        at=london("2026-05-18T07:00"),
        week=SAMPLE.read_text(encoding="utf-8"),
        load=meanings.load,
    ) as world:
        await world.bot.learned()
        yield world


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("i get nervous speaking to big groups", "Presenting with confidence"),
        ("my inbox is full of spreadsheets and i cannot add them up", "Excel"),
        ("struggling with hot flushes", "Menopause"),
        ("talking with my hands to people who cannot hear", "British Sign Language"),
    ],
)
async def test_a_need_finds_the_session_that_shares_no_word_with_it(
    sample: World, words: str, title: str
):
    assert title in await last(sample, words)


async def test_what_is_only_meant_is_never_booked_without_asking(sample: World):
    said = await last(sample, "book something for my nerves in front of big groups")

    assert "Presenting with confidence" in said
    assert await sample.state(ASHA, "PC1") == ""


@pytest.mark.parametrize(
    "words", ["lol", "did you see the match last night", "my laptop wont turn on"]
)
async def test_small_talk_is_declined_in_a_line(sample: World, words: str):
    assert "I only know about the Learning at Work Week" in await last(sample, words)


async def test_where_nothing_fits_that_is_said_with_the_strands(sample: World):
    said = await last(sample, "find sourdough baking")

    assert "Nothing surely fits" in said
    assert "Everyone has Talent" in said


async def test_a_changed_programme_is_read_again_while_the_bot_answers(sample: World):
    await sample.bot.publish(
        SAMPLE.read_text(encoding="utf-8")
        + "BEE1,Keeping bees on the roof,A hive in the city.,Everyone has Talent,bees,Parks team,"
        "2026-05-22T12:00,2026-05-22T13:00,,20,in_person,,Roof,,yes\n"
    )
    assert "Presenting with confidence" in await last(sample, "speaking to big groups")
    await sample.bot.core.catalogue.settled()

    assert "Keeping bees" in await last(sample, "honey and insects")


async def test_others_are_answered_while_somebody_is_understood(sample: World):
    one = await sample.teams.say(ASHA, "i go to pieces in front of a crowd")
    other = await sample.teams.say(BO, "what's on today")

    assert one.only.read != other.only.read
