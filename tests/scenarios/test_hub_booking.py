"""Booking on the hub's pages: the rules, the sentences and the queue are those of the chat."""

import re
from collections.abc import AsyncGenerator
from urllib.parse import urlsplit

import pytest

import learning.people
from learning.bookings import BookingState
from learning.notices import Kind
from tests.scenarios.world import ASHA, BO, CY, ORGA, World, london, person_id
from tests.support.activities import Person, a_person
from tests.support.reader import Page, Reader, a_reader

NIA = a_person("Nia")
CATALOGUE = "a1b2c3d4-0000-4000-8000-000000000001"


@pytest.fixture
async def asha(world: World) -> AsyncGenerator[Reader]:
    async with a_reader(world.bot, ASHA) as reader:
        yield reader


@pytest.fixture
async def bo(world: World) -> AsyncGenerator[Reader]:
    async with a_reader(world.bot, BO) as reader:
        yield reader


async def pressed(reader: Reader, code: str, what: str, **fields: str) -> Page:
    """Press a button of a session; the page that the browser is sent to, which stays on ours."""
    sent = await reader.post(f"/hub/sessions/{code}/{what}", fields)
    assert sent.status == 303, sent.words
    parts = urlsplit(sent.headers["Location"])
    assert (parts.netloc, parts.fragment) == ("", "outcome")
    return await reader.get(f"{parts.path}?{parts.query}")


def told(page: Page) -> str:
    """What the page announces, on one line."""
    found = re.search(r'id="outcome" tabindex="-1" role="status">(.*?)</div>', page.text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", found[1]).split()) if found else ""


def offered(page: Page) -> list[str]:
    """The buttons about a session, as a screen reader says them."""
    forms = re.findall(
        r'action="/hub/sessions/[^"]*">.*?<button(.*?)</button>', page.text, re.DOTALL
    )
    named = [re.search(r'aria-label="([^"]*)"|>([^<]*)', form) for form in forms]
    return [found[1] or found[2] for found in named if found]


async def test_who_has_not_signed_in_may_sign_in_to_book_or_book_in_teams(world: World):
    async with a_reader(world.bot) as stranger:
        free, full = await stranger.get("/hub/sessions/GM1"), None
        await world.book(ASHA, "MC1")
        full = await stranger.get("/hub/sessions/MC1")

    assert 'href="/hub/sign-in?to=%2Fhub%2Fsessions%2FGM1">Sign in to book' in free.text
    assert "message=book%20GM1" in free.text
    assert "Book in Teams" in free.words
    assert "Sign in to join the waiting list" in full.words
    assert "Join the waiting list in Teams" in full.words
    assert offered(free) == offered(full) == []


async def test_who_books_is_told_so_and_has_the_place(world: World, asha: Reader):
    assert offered(await asha.get("/hub/sessions/GM1")) == ["Book: Growth mindset"]

    page = await pressed(asha, "GM1", "book")

    assert told(page).startswith("You're booked Your place is confirmed.")
    assert offered(page) == ["Give the place back: Growth mindset"]
    assert "Join" in page.words
    assert await world.bookings("GM1") == {"Asha": "booked"}
    async with world.bot.core.work(read_only=True) as uow:
        [booking] = await uow.bookings.of_person(person_id(ASHA))
    assert booking.source == "hub"
    assert page.headers["Cache-Control"] == "no-store"


async def test_pressing_twice_and_reloading_change_nothing(world: World, asha: Reader):
    await pressed(asha, "GM1", "book")
    again = await pressed(asha, "GM1", "book")
    reloaded = await asha.get("/hub/sessions/GM1?outcome=booked")

    assert told(again).startswith("You're booked You already have this one.")
    assert "You're booked" in told(reloaded)
    assert await world.bookings("GM1") == {"Asha": "booked"}
    assert (await world.session("GM1")).taken == 1


async def test_an_outcome_that_is_no_longer_so_is_not_told(asha: Reader):
    for outcome in ("booked", "waiting", "clash", "already", "given-back", "nonsense", "%00"):
        page = await asha.get(f"/hub/sessions/GM1?outcome={outcome}&gone=DA1")

        assert (page.status, told(page)) == (200, "")
    await pressed(asha, "GM1", "book")
    assert told(await asha.get("/hub/sessions/GM1?outcome=given-back")) == ""


async def test_a_full_session_gives_a_place_in_the_queue_and_says_what_else_fits(
    world: World, asha: Reader
):
    await world.book(BO, "MC1")
    await world.book(CY, "MC1")
    assert offered(await asha.get("/hub/sessions/MC1")) == [
        "Join the waiting list: Mentoring or coaching"
    ]

    page = await pressed(asha, "MC1", "book")

    assert told(page).startswith(
        "You're on the waiting list Every place is taken. You are 2nd on the waiting list"
    )
    assert "These have places left" in page.words
    assert "Mentoring circles" in page.words
    assert offered(page) == ["Leave the waiting list: Mentoring or coaching"]
    assert await world.state(ASHA, "MC1") == "waiting"


async def test_a_full_session_without_a_queue_says_so_and_what_else_fits(
    world: World, asha: Reader
):
    await world.book(BO, "PC1")

    page = await pressed(asha, "PC1", "book")

    assert told(page) == "Every place on this session is taken."
    assert "These have places left" in page.words
    assert offered(page) == []
    assert await world.state(ASHA, "PC1") == ""


async def test_a_clash_says_with_what_and_lets_them_choose(world: World, asha: Reader):
    await pressed(asha, "GM1", "book")

    page = await pressed(asha, "DA1", "book")

    assert told(page) == (
        "These two clash Digital accessibility is Monday 18 May, 10:30 to 11:30. You already have "
        "Growth mindset, Monday 18 May, 10:00 to 11:00. Shall I book it all the same?"
    )
    assert offered(page) == [
        "Book anyway: Digital accessibility",
        "Swap: give up Growth mindset",
    ]
    assert '<a class="button second" href="/hub/sessions/DA1">Leave it</a>' in page.text
    assert await world.state(ASHA, "DA1") == ""

    page = await pressed(asha, "DA1", "book", anyway="1")

    assert "You're booked" in told(page)
    assert [await world.state(ASHA, code) for code in ("GM1", "DA1")] == ["booked", "booked"]


async def test_a_swap_gives_the_other_up_once_the_new_one_is_had(world: World, asha: Reader):
    await pressed(asha, "GM1", "book")
    other = str((await world.session("GM1")).id)

    page = await pressed(asha, "DA1", "book", anyway="1", instead_of=other)

    assert "Your place on Growth mindset has gone back." in told(page)
    assert [await world.state(ASHA, code) for code in ("GM1", "DA1")] == ["", "booked"]


async def test_who_would_only_wait_keeps_what_they_have(world: World, asha: Reader):
    await world.bot.publish(
        "code,title,starts,ends,capacity,format\n"
        "FU1,Full up,2026-05-18T10:00,2026-05-18T11:00,1,in_person\n"
    )
    await world.book(BO, "FU1")
    await pressed(asha, "GM1", "book")
    other = str((await world.session("GM1")).id)

    page = await pressed(asha, "FU1", "book", anyway="1", instead_of=other)

    assert "You're on the waiting list" in told(page)
    assert [await world.state(ASHA, code) for code in ("GM1", "FU1")] == ["booked", "waiting"]


async def test_a_place_given_back_goes_to_the_next_in_line(world: World, asha: Reader, bo: Reader):
    await pressed(asha, "MC1", "book")
    await pressed(bo, "MC1", "book")

    page = await pressed(asha, "MC1", "cancel")
    again = await pressed(asha, "MC1", "cancel")
    await world.bot.settled()

    assert told(page).startswith("Booking cancelled Your place has gone back for someone else.")
    assert told(again) == "You have no booking on this session."
    assert await world.state(BO, "MC1") == "booked"
    assert len(world.told(BO, "Mentoring or coaching")) == 1


async def offer(world: World, *queue: Person) -> None:
    """On the day of MC1 its one place comes free, and the first of these is asked first."""
    for person in (CY, *queue):
        await world.book(person, "MC1")
    await world.bot.move_to(london("2026-05-19T08:00"))
    await world.bot.core.bookings.cancel(person_id(CY), (await world.session("MC1")).id)


async def test_an_offered_place_is_taken_or_passed_on(world: World):
    await offer(world, ASHA, BO)

    async with a_reader(world.bot, ASHA) as asha, a_reader(world.bot, BO) as bo:
        shown = await asha.get("/hub/sessions/MC1")
        passed = await pressed(asha, "MC1", "pass")
        held = await world.state(BO, "MC1")
        taken = await pressed(bo, "MC1", "accept")
        twice = await pressed(bo, "MC1", "accept")

    assert "A place is being held for you Take it by 08:30" in shown.words
    assert offered(shown) == [
        "Take the place: Mentoring or coaching",
        "No, pass it on: Mentoring or coaching",
    ]
    assert "Booking cancelled" in told(passed)
    assert held == "offered"

    assert "You're booked" in told(taken)
    assert "You're booked" in told(twice)
    assert await world.state(BO, "MC1") == "booked"


async def test_an_offer_that_ran_out_is_gone(world: World):
    await offer(world, ASHA)
    await world.bot.move_to(london("2026-05-19T08:45"))

    async with a_reader(world.bot, ASHA) as asha:
        page = await pressed(asha, "MC1", "accept")

    assert told(page) == "That offer has run out."
    assert offered(page) == ["Book: Mentoring or coaching"]


@pytest.mark.parametrize(
    ("code", "at", "words"),
    [
        ("GM1", "2026-05-18T10:05", "This session has already started."),
        ("GM1", "2026-05-18T12:00", "This session has already started."),
        ("EDX", "2026-05-18T08:00", "No booking needed: start whenever it suits you."),
    ],
)
async def test_what_cannot_be_booked_says_why(
    world: World, asha: Reader, code: str, at: str, words: str
):
    await world.bot.move_to(london(at))

    page = await pressed(asha, code, "book")

    assert told(page) == words
    assert await world.state(ASHA, code) == ""


async def test_a_session_that_is_called_off_says_so_before_and_after(world: World, asha: Reader):
    await pressed(asha, "GM1", "book")
    await world.bot.core.programme.cancel_session((await world.session("GM1")).id)

    had = await asha.get("/hub/sessions/GM1")
    async with a_reader(world.bot, CY) as cy:
        page = await pressed(cy, "GM1", "book")

    assert "This session has been cancelled The session does not take place." in had.words
    assert ("Join" in had.words, offered(had)) == (False, [])
    assert told(page) == "This session has been cancelled."


async def test_a_code_that_nobody_has_is_a_page_with_a_way_on(asha: Reader):
    page = await asha.post("/hub/sessions/nothing/book")

    assert (page.status, "There is no session nothing" in page.words) == (404, True)


async def test_the_session_that_was_shown_is_booked_although_another_has_its_code_now(
    world: World, asha: Reader
):
    shown = (await world.session("LS1")).id
    row = "code,title,starts,ends,capacity,format\nLS1,Sooner,{0}10:00,{0}11:00,5,in_person\n"
    await world.bot.publish(row.format("2026-05-19T"), edition="Another week")

    await asha.post("/hub/sessions/LS1/book", {"session": str(shown)})

    standing = await world.bot.core.bookings.standing(person_id(ASHA), shown)
    assert standing.booking is not None


async def test_who_never_spoke_to_the_bot_is_met_and_reached_by_first_contact(world: World):
    world.graph.apps.catalogue[world.login.app_id] = CATALOGUE
    world.graph.apps.when_added = lambda _: world.connector.chats.add_person(NIA)
    world.graph.directory.add_user(NIA)

    async with a_reader(world.bot, NIA) as nia:
        await pressed(nia, "PB1", "book")
        await world.bot.settled()
        later = await nia.get("/hub/sessions/PB1")
    await world.bot.move_to(london("2026-05-18T13:50"))

    assert "I cannot write to you" not in later.words
    known = await world.bot.core.people.find(person_id(NIA))
    assert known is not None
    assert (known.name, known.email) == (NIA.name, NIA.email)
    assert world.graph.apps.added == {NIA.aad_id: {CATALOGUE}}
    [bookings] = world.told(NIA, "Your bookings")
    assert "Your personal brand" in bookings.read
    assert len(world.told(NIA, "Your personal brand starts in 10 minutes")) == 1


async def test_who_cannot_be_reached_is_told_to_say_hello(world: World):
    async with a_reader(world.bot, NIA) as nia:
        await pressed(nia, "PB1", "book")
        await world.bot.settled()
        page = await nia.get("/hub/sessions/PB1")

    [asked] = await world.bot.outbox(Kind.OPEN_CHAT)
    assert asked.state == "given_up"
    assert "I cannot write to you in Teams yet. Say hello to me there" in page.words
    assert "message=hello" in page.text


async def test_looking_stores_nobody(world: World):
    async with a_reader(world.bot, NIA) as nia:
        for path in ("/hub", "/hub/sessions/GM1", "/hub/mine"):
            assert (await nia.get(path)).status == 200

    assert await world.bot.core.people.find(person_id(NIA)) is None


async def test_who_was_forgotten_starts_anew(world: World, asha: Reader):
    await pressed(asha, "GM1", "book")
    await world.bot.core.people.forget(person_id(ASHA))
    assert offered(await asha.get("/hub/sessions/GM1")) == ["Book: Growth mindset"]

    await pressed(asha, "GM1", "book")

    known = await world.bot.core.people.find(person_id(ASHA))
    assert known == learning.people.Person(id=person_id(ASHA), name="Asha", email=ASHA.email)
    assert list((await world.bookings("GM1")).values()) == [BookingState.CANCELLED, "booked"]


async def test_what_is_booked_in_the_chat_and_here_is_one(world: World, asha: Reader):
    await world.book(ASHA, "GM1")

    page = await pressed(asha, "GM1", "book")
    listed = await world.teams.say(ASHA, "my bookings")

    assert "You already have this one." in told(page)
    assert "Growth mindset" in listed.only.read
    assert await world.bookings("GM1") == {"Asha": "booked"}


async def test_nobody_s_link_is_on_another_s_page(world: World, asha: Reader):
    """RE1 has a link of its own, which is for those who have a place."""
    async with a_reader(world.bot, ORGA) as orga, a_reader(world.bot) as stranger:
        await pressed(asha, "RE1", "book")
        own = await asha.get("/hub/sessions/RE1")
        others = [await r.get("/hub/sessions/RE1") for r in (orga, stranger)]
        waiting = await pressed(orga, "RE1", "book")

    assert "https://example.org/resilience" in own.text
    for page in (*others, waiting):
        assert "example.org/resilience" not in page.text
