"""Posts of champions: sharing a session, booking by what was shared, and whom that brought."""

import re
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tests.scenarios.champions import (
    ELSEWHERE,
    POST,
    SITE,
    book_by_link,
    crowd,
    looked_up,
    name,
    post_about,
    post_in,
    sources,
    unfurled,
)
from tests.scenarios.world import ASHA, BO, CY, DI, GENERAL, ORGA, World, london, person_id
from tests.support.activities import PERSONAL
from tests.support.card_parts import button
from tests.support.databases import read_sql
from tests.support.reader import a_reader


async def test_a_post_says_what_when_how_many_places_and_where_to_book(world: World):
    await name(world)

    shared = await world.teams.say(ASHA, "share GM1")

    text = post_in(shared.card)
    assert text.splitlines()[:2] == ["Growth mindset", "Monday 18 May, 10:00 to 11:00, Teams"]
    assert re.search(rf"12 places left. Book here: {POST.pattern}$", text)
    assert post_in((await world.teams.say(ASHA, "share growth mindset")).card) == text


async def test_the_button_of_the_card_shares_and_a_post_is_never_shown_in_a_channel(world: World):
    await name(world)
    card = await world.teams.say(ASHA, "what can I promote")
    pressed = await world.teams.press(
        ASHA, card.only, verb="champion.share", having={"session": (await world.session("GM1")).id}
    )
    assert "Book here" in post_in(pressed["value"])

    said = await world.teams.say(ASHA, "share GM1", GENERAL)

    public = [each for each in said.sent if each.conversation != ASHA.chat]
    assert public
    assert "from=" not in str([each.activity for each in public])
    assert "Book here" in post_in(world.told(ASHA, "Share Growth mindset")[-1].card)


async def test_who_is_no_champion_is_told_how_anybody_shares(world: World):
    said = await world.teams.say(BO, "share GM1")

    assert "choose Learnweek and search for GM1" in said.read
    assert "from=" not in str(said.card)


async def test_what_is_over_or_called_off_is_not_shared(world: World):
    await name(world)
    await world.bot.move_to(london("2026-05-18T12:00"))

    assert (
        "Growth mindset can no longer be booked." in (await world.teams.say(ASHA, "share GM1")).read
    )


async def test_words_about_sharing_something_else_are_no_post(world: World):
    await name(world)

    assert "Book here" not in str((await world.teams.say(ASHA, "share best practice")).card)


# --- booking by a post ---------------------------------------------------------------------------


async def test_a_booking_on_the_page_of_a_post_counts_for_the_champion(world: World):
    await name(world)
    link = await post_about(world, "GM1")

    await book_by_link(world, BO, link)

    tag = parse_qs(urlsplit(link).query)["from"][0]
    assert await sources(world) == [f"champion:{tag}"]


async def test_the_tag_is_kept_through_signing_in_and_through_a_clash(world: World):
    await name(world)
    link = urlsplit(await post_about(world, "DA1"))
    await world.book(BO, "GM1")
    async with a_reader(world.bot) as stranger:
        page = await stranger.get(f"{link.path}?{link.query}")
        [sign_in] = re.findall(r'href="/hub/sign-in\?to=([^"]*)"', page.text)
        assert unquote(sign_in) == f"{link.path}?{link.query}"
        say = unquote(re.findall(r"message=([^\"&]*)", page.text)[0])
        assert say == f"book DA1 via {link.query.removeprefix('from=')}"
    async with a_reader(world.bot, BO) as bo:
        refused = await bo.post(f"{link.path}/book", {"from": link.query.removeprefix("from=")})
        question = await bo.get(refused.headers["Location"].partition("#")[0])
        assert "These two clash" in question.words
        forms = re.findall(r'<form method="post".*?</form>', question.text, re.DOTALL)
        [anyway] = [form for form in forms if "Book anyway" in form]
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', anyway))
        await bo.post(f"{link.path}/book", fields)

    assert (await sources(world))[-1] == f"champion:{link.query.removeprefix('from=')}"


async def test_words_from_a_post_book_for_the_champion_in_chat(world: World):
    await name(world)
    tag = (await post_about(world, "GM1")).rpartition("=")[2]

    await world.teams.say(BO, f"book GM1 via {tag}")

    assert await world.bookings("GM1") == {"Bo": "booked"}
    assert await sources(world) == [f"champion:{tag}"]


@pytest.mark.parametrize("tag", ["zzzzzzzz", "x", "GM1", "k7m2p9rb'--", "%00", "🙂" * 8])
async def test_a_tag_that_is_none_never_stands_in_the_way(world: World, tag: str):
    await book_by_link(world, BO, f"{SITE}/hub/sessions/GM1?from={tag}")
    await world.teams.say(CY, f"book GM1 via {tag}")

    assert (await sources(world))[0] == "hub"
    assert "champion" not in "".join(await sources(world))


async def test_a_tag_of_another_session_counts_for_nobody(world: World):
    await name(world)
    tag = (await post_about(world, "GM1")).rpartition("=")[2]

    await book_by_link(world, BO, f"{SITE}/hub/sessions/MC2?from={tag}")

    assert await sources(world) == ["hub"]


async def test_cards_that_a_champion_looks_up_carry_the_tag_to_booking_and_to_details(world: World):
    await name(world)
    [card, *_] = await looked_up(world, "GM1", by=ASHA)
    book = button(card, verb="session.book")
    assert re.fullmatch(r"champion:\S{8}", book["data"]["source"])
    [same, *_] = await looked_up(world, "growth", by=ASHA)
    assert same == card

    await world.teams.press(BO, card, verb="session.book", where=ELSEWHERE)
    details = await world.teams.press(CY, card, verb="session.show", where=PERSONAL)
    await world.teams.press(CY, details, verb="session.book")

    assert await sources(world) == [book["data"]["source"]] * 2
    assert book["data"]["source"].removeprefix("champion:") in await post_about(world, "GM1")


async def test_cards_that_others_look_up_are_as_they_were(world: World):
    [card, *_] = await looked_up(world, "GM1", by=BO)

    assert button(card, verb="session.book")["data"]["source"] == "share"
    assert await read_sql(world.bot.core.database, "SELECT * FROM shares") == []


async def test_the_card_that_a_pasted_post_becomes_carries_the_tag(world: World):
    await name(world)
    link = await post_about(world, "GM1")
    tag = link.rpartition("=")[2]

    card = await unfurled(world, link)

    links = {a["title"]: a["url"] for a in card["actions"] if a["type"] == "Action.OpenUrl"}
    assert links["Open its page"] == link
    assert unquote(links["Book"]).endswith(f"message=book GM1 via {tag}")
    details = next(a for a in card["actions"] if a["title"] == "Details")
    assert details["data"]["source"] == f"champion:{tag}"


@pytest.mark.parametrize(
    "source", ["champion:zzzzzzzz", "champion:", "nonsense", "x" * 500, 7, None]
)
async def test_a_forged_source_on_a_card_is_not_kept(world: World, source: Any):
    [card, *_] = await looked_up(world, "GM1", by=BO)

    await world.teams.press(BO, card, verb="session.book", data={"source": source}, where=PERSONAL)

    assert await sources(world) == ["card"]


# --- whom it brought -----------------------------------------------------------------------------


async def test_a_champion_sees_how_many_their_posts_brought_and_never_who(world: World):
    await name(world)
    growth, personal = await post_about(world, "GM1"), await post_about(world, "PB1")
    await crowd(world, "GM1", 6, growth)
    await crowd(world, "PB1", 2, personal)
    await world.book(DI, "PB1")

    posts = await world.teams.say(ASHA, "my posts")

    assert "Your posts brought 8 people" in posts.read
    assert re.search(r"Growth mindset\s+6 people", posts.read)
    assert re.search(r"Your personal brand\s+Fewer than 5 people", posts.read)
    assert "Newcomer" not in str(posts.card)
    promote = await world.teams.say(ASHA, "what can I promote")
    assert "Your posts brought 8 people." in promote.read


async def test_the_same_people_on_two_sessions_count_once_together(world: World):
    await name(world)
    growth, personal = await post_about(world, "GM1"), await post_about(world, "PB1")
    people = [await world.newcomer() for _ in range(5)]
    for person in people:
        await book_by_link(world, person, growth)
        await book_by_link(world, person, personal)

    assert "Your posts brought 5 people" in (await world.teams.say(ASHA, "my posts")).read


async def test_ones_own_booking_and_a_place_given_back_do_not_count(world: World):
    await name(world)
    link = await post_about(world, "GM1")
    await book_by_link(world, ASHA, link)
    await crowd(world, "GM1", 5, link)
    await book_by_link(world, BO, link)
    await world.teams.say(BO, "cancel GM1")

    assert "Your posts brought 5 people" in (await world.teams.say(ASHA, "my posts")).read


async def test_who_has_shared_nothing_is_told_how_to_begin(world: World):
    await name(world)
    await looked_up(world, "GM1", by=ASHA)

    posts = await world.teams.say(ASHA, "my posts")

    assert "You have not shared anything yet" in posts.read


async def test_a_champion_who_is_forgotten_is_one_no_more_and_the_places_stay(world: World):
    await name(world)
    link = await post_about(world, "GM1")
    await book_by_link(world, BO, link)

    await world.bot.core.people.forget(person_id(ASHA))

    assert "There are no champions yet" in (await world.teams.say(ORGA, "champions")).read
    assert await world.bookings("GM1") == {"Bo": "booked"}
    [(owner,)] = await read_sql(world.bot.core.database, "SELECT person_id FROM shares")
    assert owner.startswith("forgotten:")
    await book_by_link(world, CY, link)
    assert len(set(await sources(world))) == 1
