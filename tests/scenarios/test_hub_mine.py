"""My week: one's own places and what can be done about them, what one is told, one's own calendar."""

import re
from collections.abc import AsyncGenerator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from tests.scenarios.test_hub_booking import offer, offered, told
from tests.scenarios.world import ASHA, BO, CY, World, london, person_id
from tests.support.activities import a_person
from tests.support.reader import Page, Reader, a_reader

NIA = a_person("Nia")


@pytest.fixture
async def asha(world: World) -> AsyncGenerator[Reader]:
    async with a_reader(world.bot, ASHA) as reader:
        yield reader


async def pressed(reader: Reader, path: str, **fields: str) -> Page:
    """Press a button of the page; the page again, as the browser is sent back to it."""
    sent = await reader.post(path, fields)
    assert sent.status == 303, sent.words
    parts = urlsplit(sent.headers["Location"])
    assert (parts.path, parts.fragment) == ("/hub/mine", "outcome")
    return await reader.get(f"{parts.path}?{parts.query}")


def part(page: Page, heading: str) -> str:
    """What stands below a heading, up to the next."""
    found = re.search(rf"<h2[^>]*>{heading}</h2>(.*?)(?=<h2|</main>)", page.text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", found[1]).split()) if found else ""


async def test_an_empty_week_says_where_to_begin(asha: Reader):
    page = await asha.get("/hub/mine")

    assert "You have nothing booked ahead. See what’s on : every session has a button" in page.words
    assert "Times are those of" not in page.words
    assert page.headers["Cache-Control"] == "no-store"
    assert '<a href="/hub/mine" aria-current="page">My week</a>' in page.text


async def test_it_has_places_offers_waiting_and_what_is_past(world: World):
    await world.book(ASHA, "GM1")
    await world.book(ASHA, "MC2")
    await world.book(BO, "RE1")
    await world.book(CY, "RE1")
    await world.book(ASHA, "RE1")
    await offer(world, ASHA)

    async with a_reader(world.bot, ASHA) as asha:
        page = await asha.get("/hub/mine")

    assert part(page, "A place is held for you").startswith(
        "Tuesday 19 May, 10:00 to 11:00 Mentoring or coaching In person, Room 1 "
        "The offer ends in 30 minutes. Take it by 08:30, or it goes to the next in line. "
        "Take the place No, pass it on"
    )
    assert part(page, "Your places").startswith(
        "Tuesday 19 May, 14:00 to 15:00 Mentoring circles Teams Join (opens in a new window) "
        "Give the place back"
    )
    assert part(page, "You are waiting for").startswith(
        "Friday 22 May, 14:00 to 15:00 Resilience Online Leave the waiting list 2nd in line"
    )
    assert part(page, "Past").startswith(
        "1 session that you had a place on Monday 18 May, 10:00 to 11:00 Growth mindset"
    )


async def test_links_to_join_are_only_those_of_places_one_has(world: World, asha: Reader):
    await world.book(BO, "RE1")
    await world.book(ASHA, "RE1")
    async with a_reader(world.bot, BO) as bo:
        had = await bo.get("/hub/mine")
        waiting = await asha.get("/hub/mine")
        given_back = await pressed(bo, "/hub/sessions/RE1/cancel", back="mine")

    assert 'href="https://example.org/resilience"' in had.text
    assert "example.org/resilience" not in waiting.text
    assert "example.org/resilience" not in given_back.text


async def test_a_place_is_given_back_from_here(world: World, asha: Reader):
    await world.book(ASHA, "GM1")
    shown = await asha.get("/hub/mine")
    assert offered(shown) == ["Give the place back: Growth mindset"]
    fields = dict(re.findall(r'name="(session|back)" value="([^"]*)"', shown.text))

    page = await pressed(asha, "/hub/sessions/GM1/cancel", **fields)
    again = await pressed(asha, "/hub/sessions/GM1/cancel", **fields)

    assert told(page).startswith(
        "Booking cancelled: Growth mindset Your place has gone back for someone else."
    )
    assert '<a href="/hub/sessions/GM1">See Growth mindset</a>' in page.text
    assert told(again).startswith("Growth mindset: You have no booking on this session.")
    assert await world.bookings("GM1") == {"Asha": "cancelled"}


async def test_an_offer_is_taken_from_here(world: World):
    await offer(world, ASHA)

    async with a_reader(world.bot, ASHA) as asha:
        page = await pressed(asha, "/hub/sessions/MC1/accept", back="mine")

    assert told(page) == "You're booked: Mentoring or coaching"
    assert await world.state(ASHA, "MC1") == "booked"


async def test_what_is_called_off_is_shown_as_such(world: World, asha: Reader):
    await world.book(ASHA, "GM1")
    await world.bot.core.programme.cancel_session((await world.session("GM1")).id)

    page = await asha.get("/hub/mine")

    assert "Cancelled by its organisers. There is nothing you need to do." in page.words
    assert offered(page) == []
    assert "Join" not in part(page, "Your places")


async def test_times_are_those_of_one_s_own_zone(world: World, asha: Reader):
    async with world.bot.core.work() as uow:
        known = await uow.people.find(person_id(ASHA), lock=True)
        assert known is not None
        await uow.people.save(replace(known, timezone="Asia/Kolkata"))
        await uow.commit()
    await world.book(replace(ASHA, timezone="Asia/Kolkata"), "GM1")

    page = await asha.get("/hub/mine")

    assert "Monday 18 May, 14:30 to 15:30 (10:00 to 11:00 in London)" in page.words
    assert "Times are those of Kolkata." in page.words


@pytest.mark.parametrize(
    ("what", "on", "off"),
    [
        ("nudges", "Nudges are on: I'll remind you", "Nudges are off. I'll still tell you"),
        ("highlights", "I'll send you the highlights each morning", "No more daily highlights."),
    ],
)
async def test_messages_are_switched_on_and_off(
    world: World, asha: Reader, what: str, on: str, off: str
):
    pages = [await pressed(asha, f"/hub/mine/{what}", on=value) for value in ("", "1", "1")]

    assert [words in told(page) for words, page in zip((off, on, on), pages, strict=True)] == [
        True,
        True,
        True,
    ]
    assert f"Turn {what} off" in pages[-1].words
    known = await world.bot.core.people.find(person_id(ASHA))
    assert known is not None
    assert getattr(known, f"wants_{what}") is True


async def test_an_address_is_made_shown_renewed_and_removed(world: World, asha: Reader):
    def address(page: Page) -> str:
        found = re.search(r'<input id="address" readonly value="([^"]*)"', page.text)
        return found[1] if found else ""

    assert address(await asha.get("/hub/mine")) == ""
    made = await pressed(asha, "/hub/mine/calendar", do="make")
    shown = await asha.get("/hub/mine")
    renewed = await pressed(asha, "/hub/mine/calendar", do="renew")
    async with a_reader(world.bot) as stranger:
        paths = [urlsplit(address(page)).path for page in (made, renewed)]
        served = [(await stranger.get(path)).status for path in paths]
        removed = await pressed(asha, "/hub/mine/calendar", do="remove")
        served += [(await stranger.get(path)).status for path in paths]

    assert address(made).startswith("https://learnweek.example.org/calendar/")
    assert told(made) == "Your calendar has an address now"
    assert "Subscribe from web" in made.words
    assert address(shown) == address(made)
    assert told(renewed).startswith("Your calendar has a new address The one before it no longer")
    assert told(removed) == "Your calendar has no address any more"
    assert address(removed) == ""
    assert served == [404, 200, 404, 404]


async def test_the_address_is_in_no_address_of_a_page(asha: Reader):
    """So it is in no history, no log, and no Referer."""
    sent = await asha.post("/hub/mine/calendar", {"do": "make"})
    page = await asha.get("/hub/mine")

    key = page.text.partition("/calendar/")[2].partition(".ics")[0]
    assert key not in sent.headers["Location"]
    assert not re.search(rf'(?:href|src|action)="[^"]*{key}', page.text)


async def test_nothing_is_told_that_is_not_so(asha: Reader):
    for query in (
        "outcome=booked&of=GM1",
        "outcome=waiting&of=GM1",
        "outcome=given-back&of=GM1",
        "outcome=given-back&of=nothing",
        "outcome=x",
        "calendar=made",
        "calendar=renewed",
        "set=everything",
    ):
        assert told(await asha.get(f"/hub/mine?{query}")) == "", query


async def test_who_never_spoke_to_the_bot_can_set_all_of_it(world: World):
    async with a_reader(world.bot, NIA) as nia:
        await pressed(nia, "/hub/mine/calendar", do="make")
        page = await pressed(nia, "/hub/mine/nudges", on="")

    known = await world.bot.core.people.find(person_id(NIA))
    assert known is not None
    assert (known.name, known.wants_nudges) == (NIA.name, False)
    assert "I cannot write to you in Teams yet." in page.words


async def test_it_ends_with_the_day(world: World, asha: Reader):
    await world.bot.move_to(london("2026-05-18T18:00"))

    page = await asha.get("/hub/mine")

    assert (page.status, page.headers["Location"]) == (303, "/hub/sign-in?to=%2Fhub%2Fmine")
