"""One's own calendar: its private address, and what Outlook reads there as bookings and sessions change."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import structlog
from icalendar import Calendar
from structlog.testing import capture_logs

from tests.scenarios.world import (
    ASHA,
    BO,
    CY,
    GENERAL,
    MONDAY,
    WEEK,
    World,
    a_world,
    london,
    person_id,
)
from tests.support.activities import Person
from tests.support.card_parts import shown_text
from tests.support.reader import Page, Reader, a_reader

NOBODY = "0" * 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """As a calendar program has it."""

    uid: str
    sequence: int
    changed: datetime
    status: str
    shows_as: str
    title: str


@pytest.fixture
async def stranger(world: World) -> AsyncGenerator[Reader]:
    """Outlook's servers: they have the address and no sign-in."""
    async with a_reader(world.bot) as reader:
        yield reader


async def own_path(world: World, person: Person = ASHA) -> str:
    own = await world.bot.core.own_calendars.make(person_id(person))
    return f"/calendar/{own.key}.ics"


def read(page: Page) -> Any:
    """As a calendar program has it; what its properties are is known only then."""
    return Calendar.from_ical(page.body)


async def components(stranger: Reader, path: str) -> list[Any]:
    page = await stranger.get(path)
    assert (page.status, page.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return read(page).walk("VEVENT")


async def events(stranger: Reader, path: str) -> dict[str, Event]:
    """By the session's title, without what comes before it."""
    found = [
        Event(
            uid=str(each["UID"]),
            sequence=int(each["SEQUENCE"]),
            changed=each["LAST-MODIFIED"].dt,
            status=str(each["STATUS"]),
            shows_as=f"{each['TRANSP']}, {each['X-MICROSOFT-CDO-BUSYSTATUS']}",
            title=str(each["SUMMARY"]),
        )
        for each in await components(stranger, path)
    ]
    return {each.title.rpartition(": ")[2]: each for each in found}


def rose(before: Event, after: Event) -> bool:
    """Whether a program that has the one takes the other for newer, and for the same event."""
    is_same = before.uid == after.uid
    return is_same and after.sequence > before.sequence and after.changed > before.changed


async def test_a_booking_is_an_event_with_its_own_link_and_no_alarm(world: World, stranger: Reader):
    await world.book(ASHA, "RE1")
    await world.book(ASHA, "MC2")

    path = await own_path(world)
    page = await stranger.get(path)

    calendar = read(page)
    circles, resilience = calendar.walk("VEVENT")
    assert (str(calendar["VERSION"]), str(calendar["METHOD"])) == ("2.0", "PUBLISH")
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in page.body
    assert b"X-PUBLISHED-TTL:PT1H\r\n" in page.body
    assert resilience["DTSTART"].dt == datetime(2026, 5, 22, 14, tzinfo=ZoneInfo("Europe/London"))
    assert resilience["DTSTART"].params["TZID"] == "Europe/London"
    assert resilience["DTEND"].dt - resilience["DTSTART"].dt == timedelta(hours=1)
    assert MONDAY <= resilience["DTSTAMP"].dt <= world.bot.clock.now()
    assert (resilience["STATUS"], resilience["TRANSP"]) == ("CONFIRMED", "OPAQUE")
    assert str(resilience["URL"]) == "https://example.org/resilience"
    assert "Join: https://example.org/resilience" in str(resilience["DESCRIPTION"])
    assert "https://learnweek.example.org/hub/sessions/RE1" in str(resilience["DESCRIPTION"])
    meeting = (await world.session("MC2")).join_url
    assert (meeting != "", str(circles["URL"])) == (True, meeting)
    assert [str(z["TZID"]) for z in calendar.walk("VTIMEZONE")] == ["Europe/London"]
    assert calendar.walk("VALARM") == []
    assert max(map(len, page.body.split(b"\r\n"))) <= 75
    assert not any(b"\n" in line for line in page.body.split(b"\r\n"))


async def test_every_change_of_a_booking_is_taken_for_newer(world: World, stranger: Reader):
    """Asked for, waited for, given, given back, asked for again: one event all the time."""
    path = await own_path(world)
    session = (await world.session("MC1")).id
    bookings = world.bot.core.bookings
    await world.book(BO, "MC1")
    await world.pass_time()
    steps: list[Event] = []

    async def step() -> None:
        steps.append((await events(stranger, path))["Mentoring or coaching"])
        await world.pass_time()

    await bookings.book(person_id(ASHA), session)
    await step()
    await bookings.cancel(person_id(BO), session)
    await step()
    await bookings.cancel(person_id(ASHA), session)
    await step()
    await bookings.book(person_id(ASHA), session)
    await step()

    assert [(e.status, e.shows_as, e.title) for e in steps] == [
        ("TENTATIVE", "TRANSPARENT, FREE", "Waiting list: Mentoring or coaching"),
        ("CONFIRMED", "OPAQUE, BUSY", "Mentoring or coaching"),
        ("CANCELLED", "TRANSPARENT, FREE", "Mentoring or coaching"),
        ("CONFIRMED", "OPAQUE, BUSY", "Mentoring or coaching"),
    ]
    assert all(rose(a, b) for a, b in pairwise(steps))


async def test_an_offer_is_tentative_until_it_is_taken_or_runs_out(world: World, stranger: Reader):
    path = await own_path(world)
    session = (await world.session("MC1")).id
    bookings = world.bot.core.bookings
    for person in (CY, ASHA, BO):
        await world.book(person, "MC1")
    waited = (await events(stranger, path))["Mentoring or coaching"]
    await world.bot.move_to(london("2026-05-19T08:00"))
    await bookings.cancel(person_id(CY), session)

    [held] = await components(stranger, path)
    offered = (await events(stranger, path))["Mentoring or coaching"]
    await world.bot.move_to(london("2026-05-19T08:45"))
    lapsed = (await events(stranger, path))["Mentoring or coaching"]
    await world.pass_time()
    await bookings.book(person_id(ASHA), session)
    again = (await events(stranger, path))["Mentoring or coaching"]

    assert (offered.status, offered.shows_as) == ("TENTATIVE", "OPAQUE, TENTATIVE")
    assert "A place is held for you until 08:30 on Tuesday 19 May." in str(held["DESCRIPTION"])
    assert lapsed.status == "CANCELLED"
    assert again.status == "TENTATIVE"
    assert rose(waited, offered)
    assert rose(offered, lapsed)
    assert rose(lapsed, again)


async def test_every_change_of_a_session_is_taken_for_newer(world: World, stranger: Reader):
    path = await own_path(world)
    await world.book(ASHA, "PB1")
    await world.book(ASHA, "LS1")
    steps = [await events(stranger, path)]

    for week in (
        WEEK.replace("2026-05-18T14:00,2026-05-18T15:00", "2026-05-18T15:00,2026-05-18T16:00"),
        WEEK.replace("Town Hall", "Library"),
    ):
        await world.pass_time()
        await world.bot.publish(week)
        steps.append(await events(stranger, path))
    await world.pass_time()
    await world.bot.core.programme.cancel_session((await world.session("PB1")).id)
    steps.append(await events(stranger, path))
    await world.pass_time()
    await world.bot.core.bookings.cancel(person_id(ASHA), (await world.session("PB1")).id)
    steps.append(await events(stranger, path))

    brands = [step["Your personal brand"] for step in steps]
    assert all(rose(a, b) for a, b in pairwise(brands))
    assert [b.status for b in brands] == [*["CONFIRMED"] * 3, *["CANCELLED"] * 2]
    assert len({step["Leading from any seat"] for step in steps}) == 1


async def test_the_link_goes_with_the_place(world: World, stranger: Reader):
    path = await own_path(world)
    await world.book(ASHA, "RE1")
    await world.book(BO, "RE1")
    waiting = await own_path(world, BO)
    had = await stranger.get(path)
    await world.bot.core.bookings.cancel(person_id(ASHA), (await world.session("RE1")).id)

    given_back, given = await stranger.get(path), await stranger.get(waiting)

    assert b"example.org/resilience" in had.body
    assert b"example.org/resilience" not in given_back.body
    assert b"example.org/resilience" in given.body


async def test_it_is_sent_again_only_when_it_says_something_else(world: World, stranger: Reader):
    await world.book(ASHA, "GM1")
    path = await own_path(world)
    first = await stranger.get(path)
    known = {"If-None-Match": first.headers["ETag"]}

    await world.pass_time()
    await world.book(BO, "GM1")  # which others cannot see in their calendar
    unchanged = await stranger.get(path, **known)
    await world.book(ASHA, "PB1")
    changed = await stranger.get(path, **known)

    assert (unchanged.status, unchanged.body) == (304, b"")
    assert unchanged.headers["ETag"] == first.headers["ETag"]
    assert changed.status == 200
    assert changed.headers["Cache-Control"] == "private, no-cache"


async def test_nobody_else_s_bookings_are_in_it(world: World, stranger: Reader):
    await world.book(ASHA, "GM1")
    await world.book(BO, "PB1")

    asha, bo = [set(await events(stranger, await own_path(world, p))) for p in (ASHA, BO)]

    assert (asha, bo) == ({"Growth mindset"}, {"Your personal brand"})


async def test_two_people_s_events_of_one_session_are_two(world: World, stranger: Reader):
    await world.book(ASHA, "GM1")
    await world.book(BO, "GM1")

    uids = {
        (await events(stranger, await own_path(world, p)))["Growth mindset"].uid for p in (ASHA, BO)
    }

    assert len(uids) == 2
    assert not any(p.aad_id in uid or p.name.lower() in uid for p in (ASHA, BO) for uid in uids)


async def test_an_empty_calendar_is_one_all_the_same(world: World, stranger: Reader):
    assert await components(stranger, await own_path(world)) == []


@pytest.mark.parametrize("token", [NOBODY, "x", "", "0" * 400, "%00", "A" * 40, "..%2f..%2fetc"])
async def test_a_key_that_opens_nothing_gives_no_hint(stranger: Reader, token: str):
    page = await stranger.get(f"/calendar/{token}.ics")

    assert page.status == 404
    assert "ETag" not in page.headers


async def test_a_key_that_once_opened_is_answered_as_one_that_never_did(
    world: World, stranger: Reader
):
    def seen(page: Page) -> tuple[int, bytes, dict[str, str]]:
        return page.status, page.body, {k: v for k, v in page.headers.items() if k != "Date"}

    calendars = world.bot.core.own_calendars
    old = await own_path(world)
    renewed = await calendars.make(person_id(ASHA), anew=True)
    assert (await stranger.get(f"/calendar/{renewed.key}.ics")).status == 200
    await calendars.revoke(person_id(ASHA))
    never = seen(await stranger.get(f"/calendar/{NOBODY}.ics"))

    assert [seen(await stranger.get(p)) for p in (old, f"/calendar/{renewed.key}.ics")] == [
        never
    ] * 2


async def test_who_is_forgotten_has_no_calendar_any_more(world: World, stranger: Reader):
    await world.book(ASHA, "GM1")
    path = await own_path(world)
    data = await world.teams.say(ASHA, "my data")

    await world.teams.say(ASHA, "forget me")
    await world.teams.say(ASHA, "yes")

    assert "a private address, made on Monday 18 May" in data.read
    assert (await stranger.get(path)).status == 404
    assert await world.bot.core.own_calendars.find(person_id(ASHA)) is None


async def test_the_chat_makes_shows_renews_and_removes_the_address(world: World, stranger: Reader):
    async def said(words: str) -> str:
        return shown_text((await world.teams.say(ASHA, words)).only.card)

    def path_in(text: str) -> str:
        found = next(w for w in text.split() if w.startswith("https://learnweek.example.org/cal"))
        return urlsplit(found).path

    first, again = await said("my calendar"), await said("what's my calendar link?")
    renewed = await said("new calendar address")
    served = [(await stranger.get(path_in(text))).status for text in (first, renewed)]
    removed, none = (
        await said("remove my calendar address"),
        await said("remove my calendar address"),
    )

    assert "Subscribe from web" in first
    assert path_in(first) == path_in(again) != path_in(renewed)
    assert served == [404, 200]
    assert "no longer works" in removed
    assert "You had no calendar address." in none
    assert (await stranger.get(path_in(renewed))).status == 404


async def test_its_buttons_do_the_same(world: World, stranger: Reader):
    shown = (await world.teams.say(ASHA, "my calendar")).only
    before = await own_path(world)

    new = await world.teams.press(ASHA, shown, verb="calendar.renew")
    after = await own_path(world)
    await world.teams.press(ASHA, shown, verb="calendar.remove")

    assert after in shown_text(new["value"])
    assert before != after
    assert [(await stranger.get(p)).status for p in (before, after)] == [404, 404]


async def test_in_a_channel_the_address_goes_to_their_own_chat(world: World):
    await world.teams.say(ASHA, "my calendar", GENERAL)

    key = (await own_path(world)).removeprefix("/calendar/").removesuffix(".ics")
    assert [key in sent.read for sent in world.connector.sent_to(GENERAL)] == [False]
    assert any(key in sent.read for sent in world.connector.sent_to(ASHA))


async def test_no_key_is_in_a_log_or_in_the_database(world: World, stranger: Reader):
    with capture_logs() as logs:
        await world.teams.say(ASHA, "my calendar")
        path = await own_path(world)
        await stranger.get(path)
        await stranger.get(f"/calendar/{NOBODY}.ics")
        structlog.get_logger().info("heard")
    key = path.removeprefix("/calendar/").removesuffix(".ics")

    assert logs
    assert key not in str(logs)
    async with world.bot.core.work(read_only=True) as uow:
        stored = await uow.calendar_keys.find(person_id(ASHA))
        ledger = await uow.outbox.recent(1000)
    assert stored is not None
    assert key not in (stored.salt, stored.digest)
    assert key not in str(ledger)


async def test_times_stay_as_the_clocks_of_the_place_say_when_they_change(story_database: str):
    """The last Sunday of October, when an hour comes twice in London."""
    week = (
        "code,title,starts,ends,timezone,format,location\n"
        "SU1,Before,2026-10-24T10:00,2026-10-24T11:00,Europe/London,in_person,Hall\n"
        "SU2,After,2026-10-25T10:00,2026-10-25T11:00,Europe/London,in_person,Hall\n"
        "SU3,Elsewhere,2026-10-25T10:00,2026-10-25T11:00,America/New_York,in_person,Hall\n"
    )
    async with a_world(story_database, at=london("2026-10-20T08:00"), week=week) as world:
        for code in ("SU1", "SU2", "SU3"):
            await world.book(ASHA, code)
        async with a_reader(world.bot) as stranger:
            page = await stranger.get(await own_path(world))

    calendar = read(page)
    starts = [e["DTSTART"].dt for e in calendar.walk("VEVENT")]
    assert [s.strftime("%H:%M") for s in starts] == ["10:00", "10:00", "10:00"]
    assert [s.astimezone(UTC).hour for s in starts] == [9, 10, 14]
    zones = {str(z["TZID"]): z for z in calendar.walk("VTIMEZONE")}
    assert set(zones) == {"Europe/London", "America/New_York"}
    offsets = {part.name: part["TZOFFSETTO"].td for part in zones["Europe/London"].subcomponents}
    assert offsets == {"DAYLIGHT": timedelta(hours=1), "STANDARD": timedelta(0)}


async def test_many_at_once_are_served(world: World, stranger: Reader):
    """Every calendar of the organisation asks on the hour."""
    await world.book(ASHA, "GM1")
    path = await own_path(world)

    pages = await asyncio.gather(*(stranger.get(path) for _ in range(50)))

    assert {page.status for page in pages} == {200}
    assert len({page.headers["ETag"] for page in pages}) == 1
