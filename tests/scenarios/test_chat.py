"""Words: every phrase that always works, in one's own chat and in a channel, and words that are none."""

import asyncio

import pytest

from tests.scenarios.world import ASHA, BO, GENERAL, ORGA, World, london, person_id
from tests.support.activities import PERSONAL as PERSONAL_CHAT
from tests.support.activities import Person, Place, a_person, channel, group_chat
from tests.support.outgoing import Sent

NIA = a_person("Nia")
shared = pytest.mark.asyncio(loop_scope="module")
OTHER_TEAM = channel("General", "Another team")


# --- every phrase ------------------------------------------------------------------------------

PROGRAMME = [
    ("what's on", "What's on today, Monday 18 May"),
    ("What’s on today?", "What's on today, Monday 18 May"),
    ("what's on tomorrow", "What's on tomorrow, Tuesday 19 May"),
    ("what's on Wednesday", "What's on Wednesday 20 May"),
    ("what's on Thursday", "This is what comes next"),
    ("what's on this week", "What's on Monday 18 May to Sunday 24 May"),
    ("what's on on 19 May", "Mentoring circles"),
    ("what's on Tuesday afternoon", "Mentoring circles"),
    ("find mentoring", "About “mentoring”"),
    ("mentoring", "About “mentoring”"),
    ("digital accesibility", "Digital accessibility"),
    ("GM1", "Growth mindset"),
    ("resources", "Learn in your own time"),
    ("help", "What you can ask me"),
]
PERSONAL = [
    ("book GM1", "You're booked"),
    ("book growth mindset", "You're booked"),
    ("book mentoring", "Which one would you like to book?"),
    ("cancel GM1", "You have no bookings to cancel."),
    ("my bookings", "You have no bookings yet"),
    ("nudges off", "Nudges are off."),
    ("nudges on", "Nudges are on"),
    ("send me highlights", "I'll send you the highlights"),
    ("stop highlights", "No more daily highlights."),
    ("my data", "What I keep about you"),
    ("forget me", "Forget you?"),
]


@shared
@pytest.mark.parametrize(("words", "answer"), PROGRAMME + PERSONAL)
async def test_every_phrase_is_answered_in_ones_own_chat(town: World, words: str, answer: str):
    someone = await town.newcomer()

    said = await town.teams.say(someone, words)

    assert answer in said.sent[0].read
    assert {sent.conversation for sent in said.sent} == {someone.chat}


@shared
@pytest.mark.parametrize(("words", "answer"), PROGRAMME)
async def test_the_programme_is_shown_in_the_channel_where_it_was_asked_for(
    town: World, words: str, answer: str
):
    someone = await town.newcomer()

    said = await town.teams.say(someone, words, GENERAL)

    assert answer in said.only.read
    assert said.only.conversation.startswith(GENERAL.id)


@shared
@pytest.mark.parametrize(("words", "answer"), PERSONAL)
async def test_what_is_personal_is_answered_in_ones_own_chat_and_the_channel_gets_one_line(
    town: World, words: str, answer: str
):
    someone = await town.newcomer()

    said = await town.teams.say(someone, words, GENERAL)

    [line] = [sent.read for sent in said.sent if sent.conversation != someone.chat]
    [own] = town.connector.sent_to(someone)
    assert line == "I've answered you in our own chat."
    assert answer in own.read


async def test_half_a_day_leaves_the_other_half_out(world: World):
    afternoon = await world.teams.say(ASHA, "what's on Tuesday afternoon")

    assert "Mentoring circles" in afternoon.read
    assert "Mentoring or coaching" not in afternoon.read


# --- nothing personal in a channel -------------------------------------------------------------


@pytest.mark.parametrize("where", [GENERAL, group_chat()], ids=["channel", "group chat"])
async def test_neither_a_name_nor_a_booking_is_ever_shown_among_others(world: World, where: Place):
    await world.book(ASHA, "GM1")
    for words, _ in PROGRAMME + PERSONAL:
        await world.teams.say(ASHA, words, where)

    there = world.connector.sent_to(where)
    listed = next(sent for sent in there if "1. Growth mindset" in sent.read)
    helped = next(sent for sent in there if "What you can ask me" in sent.read)
    await world.teams.press(ASHA, listed, title="Details", having=await has(world, "GM1"))
    await world.teams.submit(ASHA, listed, title="Book", having=await has(world, "PB1"))
    await world.teams.press(ASHA, helped, title="What's on today")
    await world.teams.submit(ASHA, helped, title="What's on today")

    shown = "\n".join(sent.read for sent in world.connector.sent_to(where)).casefold()
    assert "asha" not in shown
    assert "you are booked" not in shown
    assert "you're booked" not in shown
    assert "cancel booking" not in shown


async def test_somebody_without_the_app_is_told_in_the_channel_how_to_get_an_answer(world: World):
    said = await world.teams.say(NIA, "my bookings", GENERAL)

    assert said.only.conversation.startswith(GENERAL.id)
    assert "add Learnweek to your own chats" in said.read
    assert world.connector.sent_to(NIA) == []


async def test_somebody_without_the_app_can_still_look_at_the_programme_in_a_channel(world: World):
    said = await world.teams.say(NIA, "what's on today", GENERAL)

    assert "Growth mindset" in said.read


async def test_a_question_in_a_thread_is_answered_in_that_thread(world: World):
    first = await world.teams.say(ASHA, "help", GENERAL)
    thread = GENERAL.in_thread(first.activity["id"])

    second = await world.teams.say(BO, "what's on today", thread)

    assert second.only.conversation == first.only.conversation


# --- highlights in a channel -------------------------------------------------------------------


@pytest.mark.parametrize("words", ["post highlights here", "stop highlights here"])
async def test_only_organisers_and_owners_of_the_team_decide_what_is_posted(
    world: World, words: str
):
    said = await world.teams.say(ASHA, words, GENERAL)

    assert "Only an organiser or an owner of this team" in said.read
    assert await world.bot.core.channels.find(GENERAL.id) is None


async def test_highlights_are_posted_to_the_channel_that_asked_and_to_no_other(world: World):
    await world.teams.say(ORGA, "post highlights here", GENERAL)
    await world.bot.move_to(london("2026-05-18T08:30"))

    assert any("Learning today" in sent.read for sent in world.connector.sent_to(GENERAL))
    assert world.connector.sent_to(OTHER_TEAM) == []


async def test_post_highlights_here_means_nothing_in_ones_own_chat_and_says_so(world: World):
    said = await world.teams.say(ORGA, "post highlights here")

    assert "That works in a channel" in said.read


# --- the list just shown -----------------------------------------------------------------------


@shared
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("book the second one", "DA1"),
        ("book 1", "GM1"),
        ("book the last one", "PB1"),
        ("book number 3", "PB1"),
    ],
)
async def test_a_place_in_the_list_just_shown_names_a_session(town: World, words: str, code: str):
    someone = await town.newcomer()
    await town.teams.say(someone, "what's on today")
    await town.teams.say(someone, words)

    assert await town.state(someone, code) == "booked"


@shared
async def test_the_second_one_is_shown_when_nothing_is_to_be_done_with_it(town: World):
    someone = await town.newcomer()
    await town.teams.say(someone, "what's on today")

    assert "Digital accessibility" in (await town.teams.say(someone, "the second one")).read


@shared
async def test_a_list_seen_in_a_channel_can_be_meant_in_ones_own_chat(town: World):
    someone = await town.newcomer()
    await town.teams.say(someone, "what's on today", GENERAL)
    await town.teams.say(someone, "book the second one")

    assert await town.state(someone, "DA1") == "booked"


@pytest.mark.parametrize("words", ["book the second one", "book the ninth one", "book 0"])
async def test_an_ordinal_of_no_list_or_of_an_old_one_books_nothing(world: World, words: str):
    await world.teams.say(ASHA, "what's on today")
    if words == "book the second one":
        await world.bot.move_to(london("2026-05-18T08:45"))

    answer = await world.teams.say(ASHA, words)

    assert answer.status == 201
    assert "You're booked" not in answer.read
    assert await world.bot.core.bookings.mine(person_id(ASHA)) == []


async def test_two_people_at_once_do_not_mix_their_lists(world: World):
    await asyncio.gather(
        world.teams.say(ASHA, "what's on today", GENERAL),
        world.teams.say(BO, "what's on tomorrow", GENERAL),
    )
    await asyncio.gather(
        world.teams.say(ASHA, "book the second one", GENERAL),
        world.teams.say(BO, "book the second one", GENERAL),
    )

    assert await world.bookings("DA1") == {"Asha": "booked"}
    assert await world.bookings("MC2") == {"Bo": "booked"}


# --- more than one turn ------------------------------------------------------------------------


@shared
@pytest.mark.parametrize("words", ["2", "the second one", "circles", "MC2", "book MC2"])
async def test_one_of_several_is_chosen_by_number_name_or_code(town: World, words: str):
    someone = await town.newcomer()
    asked = await town.teams.say(someone, "book mentoring")
    booked = await town.teams.say(someone, words)

    assert "Which one would you like to book?" in asked.read
    assert "You're booked" in booked.read
    assert await town.state(someone, "MC2") == "booked"


@shared
async def test_one_of_several_is_chosen_by_its_button(town: World):
    someone = await town.newcomer()
    asked = await town.teams.say(someone, "book mentoring")
    await town.teams.press(someone, asked.only, title="Book", having=await has(town, "MC2"))

    assert await town.state(someone, "MC2") == "booked"


@shared
@pytest.mark.parametrize("words", ["no", "never mind"])
async def test_a_choice_can_be_left(town: World, words: str):
    someone = await town.newcomer()
    await town.teams.say(someone, "book mentoring")

    assert "I've left everything as it was" in (await town.teams.say(someone, words)).read


@shared
async def test_other_words_than_an_answer_are_taken_for_what_they_are(town: World):
    someone = await town.newcomer()
    await town.teams.say(someone, "book mentoring")
    other = await town.teams.say(someone, "what's on today")
    late = await town.teams.say(someone, "2")

    assert "What's on today" in other.read
    assert "Digital accessibility" in late.read
    assert await town.state(someone, "MC2") == ""


@shared
@pytest.mark.parametrize("words", ["yes", "book anyway"])
async def test_a_clash_is_booked_anyway_by_words(town: World, words: str):
    someone = await town.newcomer()
    await town.book(someone, "GM1")
    asked = await town.teams.say(someone, "book DA1")
    before = await town.state(someone, "DA1")
    await town.teams.say(someone, words)

    assert "You already have Growth mindset" in asked.read
    assert before == ""
    assert await standing(town, someone) == ("booked", "booked")


@shared
@pytest.mark.parametrize("words", ["no", "leave it"])
async def test_a_clash_is_left_by_words(town: World, words: str):
    someone = await town.newcomer()
    await town.book(someone, "GM1")
    await town.teams.say(someone, "book DA1")
    await town.teams.say(someone, words)

    assert await standing(town, someone) == ("booked", "")


@shared
@pytest.mark.parametrize("words", ["swap", "swap them", "swap: give up growth mindset"])
async def test_a_clash_is_swapped_by_words(town: World, words: str):
    someone = await town.newcomer()
    await town.book(someone, "GM1")
    await town.teams.say(someone, "book DA1")
    swapped = await town.teams.say(someone, words)

    assert "Your place on Growth mindset has gone back" in swapped.read
    assert await standing(town, someone) == ("", "booked")


@shared
@pytest.mark.parametrize(
    ("title", "standings"),
    [
        ("Book anyway", ("booked", "booked")),
        ("Swap: give up Growth mindset", ("", "booked")),
        ("Leave it", ("booked", "")),
    ],
)
async def test_a_clash_is_settled_by_button(town: World, title: str, standings: tuple[str, str]):
    someone = await town.newcomer()
    await town.book(someone, "GM1")
    asked = await town.teams.say(someone, "book DA1")
    await town.teams.press(someone, asked.only, title=title)

    assert await standing(town, someone) == standings


@shared
@pytest.mark.parametrize(
    ("words", "standings"),
    [("yes", ("booked", "booked")), ("no", ("booked", "")), ("swap", ("", "booked"))],
)
async def test_a_clash_that_a_button_ran_into_is_settled_by_words_as_well(
    town: World, words: str, standings: tuple[str, str]
):
    someone = await town.newcomer()
    await town.book(someone, "GM1")
    listed = await town.teams.say(someone, "what's on today")
    await town.teams.press(someone, listed.only, title="Book", having=await has(town, "DA1"))
    await town.teams.say(someone, words)

    assert await standing(town, someone) == standings


@shared
async def test_a_question_answered_by_its_button_is_not_answered_again_by_words(town: World):
    someone = await town.newcomer()
    await town.book(someone, "GM1")
    asked = await town.teams.say(someone, "book DA1")
    await town.teams.press(someone, asked.only, title="Leave it")
    await town.teams.say(someone, "ok")

    assert await standing(town, someone) == ("booked", "")


async def test_a_swap_for_a_place_in_the_queue_gives_nothing_up(world: World):
    """Asha waits for the full one, and keeps what she has until a place comes free."""
    await world.bot.publish(FULL_BESIDE_GROWTH, "The week")
    await world.book(BO, "FB1")
    await world.book(ASHA, "GM1")
    asked = await world.teams.say(ASHA, "book FB1")
    await world.teams.press(ASHA, asked.only, title="Swap: give up Growth mindset")

    assert await world.state(ASHA, "FB1") == "waiting"
    assert await world.state(ASHA, "GM1") == "booked"


FULL_BESIDE_GROWTH = """\
code,title,starts,ends,capacity,format,location
FB1,Feedback,2026-05-18T10:00,2026-05-18T11:00,1,in_person,Room 3
"""


@shared
@pytest.mark.parametrize("words", ["2", "the last one", "mentoring circles", "MC2"])
async def test_cancel_asks_which_one_where_there_are_several(town: World, words: str):
    someone = await town.newcomer()
    await town.book(someone, "GM1")
    await town.book(someone, "MC2")
    asked = await town.teams.say(someone, "cancel")
    done = await town.teams.say(someone, words)

    assert "Which booking shall I cancel?" in asked.read
    assert "Booking cancelled" in done.read
    assert await town.state(someone, "GM1") == "booked"
    assert await town.state(someone, "MC2") == ""


@shared
@pytest.mark.parametrize("words", ["cancel", "cancel it", "cancel growth", "cancel my booking"])
async def test_cancel_needs_no_question_where_there_is_one_booking(town: World, words: str):
    someone = await town.newcomer()
    await town.teams.say(someone, "book GM1")

    assert "Booking cancelled" in (await town.teams.say(someone, words)).read
    assert await town.state(someone, "GM1") == ""


async def test_forget_me_asks_first_and_then_forgets(world: World):
    await world.book(ASHA, "GM1")
    asked = await world.teams.say(ASHA, "forget me")
    done = await world.teams.say(ASHA, "yes")

    assert "You would lose 1 booking ahead" in asked.read
    assert "I've forgotten you" in done.read
    assert (await world.session("GM1")).taken == 0
    assert await world.bot.core.people.find(person_id(ASHA)) is None


async def test_who_pressed_no_is_not_forgotten_by_a_later_yes(world: World):
    asked = await world.teams.say(ASHA, "forget me")
    await world.teams.press(ASHA, asked.only, title="No, keep it")
    await world.teams.say(ASHA, "yes")

    assert await world.bot.core.people.find(person_id(ASHA)) is not None


async def test_a_question_left_open_is_not_answered_by_a_yes_of_another_day(world: World):
    await world.teams.say(ASHA, "forget me")
    await world.bot.move_to(london("2026-05-19T08:00"))
    await world.teams.say(ASHA, "yes")

    assert await world.bot.core.people.find(person_id(ASHA)) is not None


async def test_a_full_session_without_a_queue_says_so_and_offers_the_next_best(world: World):
    await world.book(BO, "PC1")

    answer = await world.teams.say(ASHA, "book PC1")

    assert "Every place on this session is taken" in answer.read
    assert "These have places left" in answer.read
    assert await world.state(ASHA, "PC1") == ""


# --- words that are none -----------------------------------------------------------------------


@shared
@pytest.mark.parametrize("words", ["quantum basket weaving", "???", "asdf", "book underwater yoga"])
async def test_words_not_understood_get_a_useful_answer(town: World, words: str):
    answer = (await town.teams.say(await town.newcomer(), words)).only

    assert answer.card["actions"] or "Details" in answer.read


ODD = {
    "five thousand characters": "mentoring " * 500,
    "one word of five thousand": "x" * 5000,
    "emoji": "🎉👩‍💻🇬🇧",
    "markdown": "**bold** _it_ [link](https://example.org) `code` # head",
    "html": "<b>bold</b><script>alert(1)</script>&amp;&nbsp;",
    "somebody mentioned": "<at>Somebody Else</at> what's on",
    "an open tag": "<at>",
    "only spaces": "   \n\t ",
    "quotes": "“‘\"'`",
    "right to left": "\u202e\u0645\u0631\u062d\u0628\u0627",
    "control characters": "a\x00b\x07c",
    "half a surrogate": "\ud83d",
    "sql": "'; DROP TABLE bookings; --",
    "braces": "{} {0} %s ${x}",
    "a very long number": "book " + "9" * 400,
    "impossible date": "what's on 31 February",
    "far date": "what's on 1 January 9999",
    "year zero": "what's on 0000-00-00",
}


@shared
@pytest.mark.parametrize("words", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("where", [PERSONAL_CHAT, GENERAL], ids=["own chat", "channel"])
async def test_odd_words_are_answered_once_and_kindly(town: World, words: str, where: Place):
    answer = await town.teams.say(await town.newcomer(), words, where)

    assert answer.status == 201
    assert is_kind(answer.only)


@shared
@pytest.mark.parametrize(
    "message",
    [
        {"text": ""},
        {"text": None},
        {"attachments": [{"contentType": "image/png", "contentUrl": "https://example.org/a.png"}]},
        {"text": "", "attachments": [{"contentType": "text/html", "content": "<div>hi</div>"}]},
        {"text": "hello", "textFormat": "xml"},
        {"value": {}},
        {"value": "text"},
        {"value": {"verb": "no.such"}},
        {"value": {"verb": "session.book"}},
        {"value": {"verb": 7}},
        {"value": ["session.book"]},
    ],
    ids=str,
)
async def test_a_message_without_words_is_answered_as_well(town: World, message: dict):
    activity = town.teams.activities.message("", await town.newcomer()) | message

    answer = await town.teams.post(activity)

    assert answer.status == 201
    assert is_kind(answer.only)


def is_kind(answer: Sent) -> bool:
    """A card with words on it, and no apology for a fault of ours."""
    return bool(answer.card["body"]) and "Sorry, something went wrong" not in answer.read


# --- what stands in the database ---------------------------------------------------------------


async def has(world: World, code: str) -> dict[str, int]:
    return {"session": (await world.session(code)).id}


async def standing(world: World, person: Person) -> tuple[str, str]:
    """Where somebody stands with the two sessions that clash."""
    return await world.state(person, "GM1"), await world.state(person, "DA1")
