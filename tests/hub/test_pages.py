"""The hub's pages: the programme, one session, and the calendar to subscribe to."""

import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from hub.compression import compressed
from hub.live import Live
from hub.pages import hub_routes
from learning.sessions import Format, Session, SessionState
from tests.hub.programmes import (
    TUESDAY,
    Shelf,
    StillClock,
    a_catalogue,
    a_resource,
    a_session,
    the_answers,
)

Client = TestClient[web.Request, web.Application]
LONDON = ZoneInfo("Europe/London")
CHAT = "https://teams.microsoft.com/l/chat/0/0?users=28:bot&message={text}"
SOON = TUESDAY + timedelta(hours=1)
PATHS = ["/hub", "/hub/sessions/S1", "/hub/sessions/none", "/hub/privacy", "/hub/terms"]


class Bell:
    """Makes calendars that differ only in when they were made."""

    def __init__(self) -> None:
        self.made = 0

    def calendar_file(self, sessions: Sequence[Session]) -> bytes:
        self.made += 1
        lines = ["BEGIN:VCALENDAR", f"DTSTAMP:2026051{self.made}T090000Z"]
        lines += [f"SUMMARY:{s.title}" for s in sessions]
        return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


@asynccontextmanager
async def serving(
    shelf: Shelf, *, chat_link: str = CHAT, bell: Bell | None = None
) -> AsyncGenerator[Client]:
    clock = StillClock()
    catalogue = a_catalogue(shelf, clock)
    application = web.Application(middlewares=[compressed])
    application.add_routes(
        hub_routes(
            catalogue,
            clock,
            zone=LONDON,
            chat_link=chat_link,
            calendar_file=(bell or Bell()).calendar_file,
            answers=the_answers(catalogue, clock),
            live=Live(catalogue, clock, zone=LONDON),
            public_url="https://learnweek.example.org",
        )
    )
    async with TestClient(TestServer(application)) as client:
        yield client


async def read(client: Client, path: str, status: int = 200) -> str:
    async with client.get(path) as response:
        assert response.status == status
        return await response.text()


def seen(html: str) -> str:
    """What can be read on a page, in one line."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


async def test_the_programme_is_shown_by_day_with_what_matters_of_each_session():
    shelf = Shelf(
        [
            a_session(1, "Growth mindset", SOON, taken=3, strand="Everyone has Talent"),
            a_session(2, "Feedback", SOON + timedelta(days=2), taken=15, waiting=2),
            a_session(3, "Sound", SOON + timedelta(days=1), format=Format.ZOOM, capacity=None),
        ]
    )

    async with serving(shelf) as client:
        page = seen(await read(client, "/hub"))

    assert "What’s on Learning at Work Week 2026 " in page
    assert (
        "Today, Tuesday 19 May 11:00 to 12:00 Growth mindset Teams · Everyone has Talent "
        "12 places left "
        "Tomorrow, Wednesday 20 May 11:00 to 12:00 Sound Zoom Places for everyone "
        "Thursday 21 May 11:00 to 12:00 Feedback Teams Full, 2 waiting "
        "Times are those of London."
    ) in page


async def test_the_programme_keeps_today_and_leaves_out_what_is_over():
    day = timedelta(days=1)
    shelf = Shelf(
        [
            a_session(1, "Yesterday", TUESDAY - day),
            a_session(2, "Breakfast", TUESDAY - timedelta(hours=2)),
            a_session(3, "Running", TUESDAY - timedelta(minutes=30)),
            a_session(4, "Off", SOON, state=SessionState.CANCELLED),
            a_session(5, "Next year", SOON + 365 * day),
            a_session(6, "Long", TUESDAY - day, ends_at=TUESDAY + day),
        ]
    )

    async with serving(shelf) as client:
        page = seen(await read(client, "/hub"))

    assert "Yesterday" not in page
    assert "Monday 18 May 10:00 to 10:00 on Wednesday 20 May Long Teams On now" in page
    assert "Breakfast Teams Finished" in page
    assert "Running Teams On now" in page
    assert "Off Teams Cancelled" in page
    assert "Wednesday 19 May 2027" in page


async def test_places_left_are_those_of_this_moment():
    shelf = Shelf([a_session(1, "Growth mindset", SOON)])

    async with serving(shelf) as client:
        first = await read(client, "/hub")
        shelf.count(a_session(1, "Growth mindset", SOON, taken=14))
        second, alone = await read(client, "/hub"), await read(client, "/hub/sessions/S1")

    assert "15 places left" in first
    assert "1 place left" in second
    assert "1 place left" in alone


async def test_an_empty_programme_says_so_and_still_shows_resources():
    shelf = Shelf([a_resource(9, "edX", link="https://www.edx.org", summary="Free courses.")])

    async with serving(shelf) as client:
        page = await read(client, "/hub")

    assert "Nothing is coming up at the moment." in page
    assert 'href="https://www.edx.org"' in page
    assert "Free courses." in page


async def test_nothing_at_all_is_a_page_too():
    async with serving(Shelf()) as client:
        page = await read(client, "/hub")

    assert "Nothing is coming up at the moment." in page
    assert "<aside" not in page


async def test_a_session_is_found_by_its_code_in_any_case_and_booked_in_teams():
    shelf = Shelf([a_session(1, "Growth mindset", SOON, code="GM1", summary="Not yet.")])

    async with serving(shelf) as client:
        page = await read(client, "/hub/sessions/gm1")

    assert "<title>Growth mindset · Learnweek</title>" in page
    assert "message=book%20GM1" in page
    assert (
        "Book in Teams (opens in a new window) When Tuesday 19 May, 11:00 to 12:00 Where Teams "
        "Places 15 places left Code GM1"
    ) in seen(page)


async def test_without_an_address_of_the_chat_it_says_what_to_type():
    shelf = Shelf([a_session(1, "Growth mindset", SOON, code="GM1")])

    async with serving(shelf, chat_link="") as client:
        page = await read(client, "/hub/sessions/GM1")

    assert "To book, ask the bot in Teams: book GM1" in seen(page)


async def test_a_full_session_offers_its_waiting_list_and_what_has_places():
    shelf = Shelf(
        [a_session(1, "Growth mindset", SOON, taken=15), a_session(2, "Growth at work", SOON)]
    )

    async with serving(shelf) as client:
        page = await read(client, "/hub/sessions/S1")

    assert "Join the waiting list in Teams" in page
    assert "message=book%20S1" in page
    assert "These have places left Tuesday 19 May, 11:00 to 12:00 Growth at work" in seen(page)


@pytest.mark.parametrize(
    ("session", "words"),
    [
        (
            a_session(1, "Off", SOON, state=SessionState.CANCELLED),
            "This session has been cancelled.",
        ),
        (
            a_session(1, "Running"),
            "This session has started, so it can no longer be booked.",
        ),
        (a_session(1, "Gone", TUESDAY - timedelta(hours=1)), "This session is over."),
        (a_resource(1, "Talk"), "No booking needed: start whenever it suits you."),
    ],
    ids=lambda value: value.title if isinstance(value, Session) else "",
)
async def test_what_cannot_be_booked_says_why(session: Session, words: str):
    async with serving(Shelf([session])) as client:
        page = await read(client, "/hub/sessions/S1")

    assert words in page
    assert "message=" not in page
    assert "<dt>Places</dt>" not in page


async def test_a_full_session_without_a_waiting_list_offers_none():
    shelf = Shelf([a_session(1, "Full", SOON, taken=15, waiting_list=False)])

    async with serving(shelf) as client:
        page = await read(client, "/hub/sessions/S1")

    assert "Every place is taken, and there is no waiting list." in page
    assert "message=" not in page


async def test_where_people_join_is_for_those_who_have_a_place():
    shelf = Shelf(
        [a_session(1, "A", SOON, link="https://z.example/1", join_url="https://t.example")]
    )

    async with serving(shelf) as client:
        pages = await read(client, "/hub") + await read(client, "/hub/sessions/S1")

    assert "z.example" not in pages
    assert "t.example" not in pages


async def test_a_link_that_leads_to_no_web_page_is_not_a_link():
    shelf = Shelf([a_resource(1, "Trap", link="javascript:alert(1)")])

    async with serving(shelf) as client:
        pages = await read(client, "/hub") + await read(client, "/hub/sessions/S1")

    assert "javascript" not in pages


async def test_times_elsewhere_are_told_on_both_clocks():
    shelf = Shelf([a_session(1, "Kolkata calling", SOON, timezone="Asia/Kolkata")])

    async with serving(shelf) as client:
        page = await read(client, "/hub")

    assert "11:00 to 12:00 (15:30 to 16:30 in Kolkata)" in page


async def test_words_of_a_programme_stay_words():
    shelf = Shelf([a_session(1, "<script>alert(1)</script>", SOON, summary='"><img src=x>')])

    async with serving(shelf) as client:
        pages = await read(client, "/hub") + await read(client, "/hub/sessions/S1")

    assert "<script>" not in pages
    assert "<img" not in pages
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in pages


async def test_a_code_that_nobody_has_is_a_page_with_a_way_on():
    async with serving(Shelf()) as client:
        page = await read(client, "/hub/sessions/%3Cb%3E", status=404)

    assert "There is no session &lt;b&gt;" in page
    assert '<a class="button" href="/hub">' in page


@pytest.mark.parametrize("path", PATHS)
async def test_every_page_is_sent_with_its_guards_and_its_landmarks(path: str):
    shelf = Shelf([a_session(1, "Growth mindset", SOON)])

    async with serving(shelf) as client, client.get(path) as response:
        page = await response.text()

    assert response.headers["Content-Security-Policy"] == (
        "default-src 'none'; "
        "script-src 'self' https://res.cdn.office.net/teams-js/2.58.0/js/MicrosoftTeams.min.js; "
        "style-src 'self'; img-src 'self' data:; "
        "connect-src 'self' "
        "https://res.cdn.office.net/teams-js/validDomains/json/validDomains.json; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'self' "
        "https://teams.microsoft.com https://*.teams.microsoft.com https://*.cloud.microsoft"
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert '<html lang="en-GB">' in page
    assert '<a class="skip" href="#main">' in page
    assert page.count("<h1>") == page.count("<main") == page.count("<header") == 1
    assert not re.search(
        r"<script(?! (type=\"module\" )?src=\"/hub/static/)|<style|\sstyle=|\son\w+=", page
    )


async def test_the_stylesheet_is_found_where_pages_say():
    async with serving(Shelf()) as client:
        found = re.search(r'<link rel="stylesheet" href="([^"]+)">', await read(client, "/hub"))
        assert found is not None
        async with client.get(found[1]) as response:
            assert response.status == 200
            assert response.headers["Content-Type"] == "text/css; charset=utf-8"
            assert "immutable" in response.headers["Cache-Control"]


async def test_the_privacy_page_says_what_to_type():
    async with serving(Shelf()) as client:
        page = await read(client, "/hub/privacy")

    assert "<kbd>my data</kbd>" in page
    assert "<kbd>forget me</kbd>" in page


async def test_the_calendar_holds_the_whole_programme():
    shelf = Shelf(
        [a_session(2, "Later", SOON), a_session(1, "First", datetime(2026, 5, 1, tzinfo=UTC))]
    )

    async with serving(shelf) as client, client.get("/calendar.ics") as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert "SUMMARY:First\r\nSUMMARY:Later" in await response.text()


async def test_the_calendar_is_made_and_sent_again_only_when_the_programme_changed():
    bell, shelf = Bell(), Shelf([a_session(1, "First", SOON)])

    async with serving(shelf, bell=bell) as client:
        async with client.get("/calendar.ics") as response:
            known = {"If-None-Match": response.headers["ETag"]}
        async with client.get("/calendar.ics", headers=known) as unchanged:
            pass
        made = bell.made
        shelf.change(a_session(1, "First, moved", SOON))
        async with client.get("/calendar.ics", headers=known) as changed:
            body = await changed.text()

    assert (unchanged.status, unchanged.headers["ETag"]) == (304, known["If-None-Match"])
    assert made == 1
    assert changed.status == 200
    assert "First, moved" in body


async def test_two_replicas_give_the_same_calendar_the_same_tag():
    shelf = Shelf([a_session(1, "First", SOON)])
    other = Bell()
    other.made = 3

    async with serving(shelf) as one, one.get("/calendar.ics") as first:
        pass
    async with serving(shelf, bell=other) as two, two.get("/calendar.ics") as second:
        pass

    assert first.headers["ETag"] == second.headers["ETag"]
