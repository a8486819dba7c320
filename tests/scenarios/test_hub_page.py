"""The hub page of the whole product: a week, looking for a session, places as they go."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
import structlog

from tests.scenarios.process import App, environment, published
from tests.scenarios.world import ASHA, BO, WEEK, World, a_world, london, surroundings
from tests.support.reader import Page, Reader, a_reader

NEXT_WEEK = """\
code,title,strand,topics,starts,ends,capacity,format
EX1,Excel,Talent,data;spreadsheets,2026-05-26T10:00,2026-05-26T11:00,5,teams
EX2,Excel again,Talent,data,2026-05-28T10:00,2026-05-28T11:00,5,zoom
"""


@pytest.fixture
async def reader(world: World) -> AsyncGenerator[Reader]:
    async with a_reader(world.bot) as reader:
        yield reader


def titles(page: Page) -> list[str]:
    """The sessions that are listed, in the order of the page."""
    return re.findall(r'<h3><a href="/hub/sessions/[^"]*">([^<]*)</a>', page.text)


def count(page: Page) -> str:
    found = re.search(r'id="fits"[^>]*>([^<]*)<', page.text)
    return found[1] if found else ""


def link(page: Page, words: str) -> str:
    """Where the link with exactly these words leads, as far as they can be read."""
    for address, inside in re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', page.text):
        if re.sub(r"<[^>]*>", "", inside).strip() == words:
            return address
    raise AssertionError(f"no link {words!r} on this page: {page.words}")


# --- the week -----------------------------------------------------------------------------------


async def test_a_week_is_a_list_or_a_grid_of_the_same_sessions(reader: Reader):
    listed = await reader.get("/hub")
    gridded = await reader.get(link(listed, "Grid"))

    assert len(titles(listed)) == 9
    assert sorted(titles(gridded)) == sorted(titles(listed))
    assert re.findall(r'<p class="hour[^>]*>([^<]*)<', gridded.text) == [
        "10:00",
        "14:00",
        "22:00",
    ]
    assert 'aria-label="From 22:00"' in gridded.text
    assert link(gridded, "List") == "/hub"


async def test_filters_combine_and_say_how_many_fit(reader: Reader):
    both = await reader.get("/hub?format=in_person&day=2026-05-18")
    one = await reader.get(link(both, "Take away the filter Monday 18 May ×"))

    assert (titles(both), count(both)) == (
        ["Digital accessibility", "Your personal brand"],
        "2 sessions fit of 9",
    )
    assert count(one) == "5 sessions fit of 9"
    assert link(one, "Show all") == "/hub"
    assert '<option value="in_person" selected>' in one.text


async def test_only_what_has_places_is_shown_where_that_is_wanted(world: World, reader: Reader):
    await world.book(ASHA, "RE1")

    page = await reader.get("/hub?places=left")

    assert "Resilience" not in titles(page)
    assert count(page) == "8 sessions fit of 9"


async def test_where_nothing_fits_the_page_says_what_would(reader: Reader):
    page = await reader.get("/hub?format=zoom&day=2026-05-18&view=grid")

    assert "No session fits all of this." in page.words
    assert "Without Monday 18 May : 1 session" in page.words
    assert "Without Zoom : 3 sessions" in page.words
    assert link(page, "Without Zoom") == "/hub?view=grid&day=2026-05-18"
    assert link(page, "Show all sessions") == "/hub?view=grid"


async def test_other_weeks_are_a_link_away(world: World, reader: Reader):
    await world.bot.publish(NEXT_WEEK, edition="The week after")

    listed = await reader.get("/hub")
    grid = await reader.get("/hub?view=grid")
    following = await reader.get(link(grid, "Next week, 25 to 29 May (2)"))
    alone = await reader.get(link(listed, "Next week, 25 to 29 May (2)"))

    assert len(titles(listed)) == 11
    assert len(titles(grid)) == 9
    assert count(grid) == "11 sessions, 9 of them in this week"
    assert titles(following) == titles(alone) == ["Excel", "Excel again"]
    assert link(alone, "All weeks (11)") == "/hub"


async def test_a_week_that_is_over_can_be_looked_up(story_database: str):
    at = london("2026-05-29T09:00")
    async with a_world(story_database, at=at) as world, a_reader(world.bot) as reader:
        page = await reader.get("/hub")
        earlier = await reader.get(link(page, "See what was on: 18 to 22 May"))

    assert "Nothing is coming up at the moment." in page.words
    assert "edX courses" in page.words
    assert len(titles(earlier)) == 9


async def test_days_of_this_week_that_are_over_stay_in_the_grid(story_database: str):
    at = london("2026-05-20T08:00")
    async with a_world(story_database, at=at) as world, a_reader(world.bot) as reader:
        listed, grid = await reader.get("/hub"), await reader.get("/hub?view=grid")
        day = await reader.get("/hub?day=2026-05-18")

    assert len(titles(listed)) == 3
    assert len(titles(grid)) == 9
    assert titles(day) == ["Growth mindset", "Digital accessibility", "Your personal brand"]


# --- looking for a session ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "mentoring",
        "what's on tomorrow",
        "something in person on Monday with places left",
        "anything about documents on Friday",
        "mentoring on Friday",
        "zebra juggling",
        "science",
    ],
)
async def test_the_page_finds_and_says_what_chat_does(world: World, reader: Reader, words: str):
    chat = await world.teams.say(ASHA, words)

    page = await reader.ask("GET", f"/hub?q={words.replace(' ', '+')}")

    best, *others = titles(page)
    heading = re.search(r'<h2 class="answer">([^<]*)<', page.text)
    assert heading is not None
    assert best in chat.read
    # Where one fits best, chat shows it alone; the page has room for what fits less well.
    if heading[1] != f"What fits “{words}”":
        assert heading[1] in chat.read
        assert all(title in chat.read for title in others)


async def test_where_nothing_is_on_the_page_says_what_chat_says(world: World, reader: Reader):
    chat = await world.teams.say(ASHA, "what's on at the weekend")

    page = await reader.get("/hub?q=what's+on+at+the+weekend")

    said = "Nothing from Saturday 23 May to Sunday 24 May. Nothing is planned after it yet."
    assert said in chat.read
    assert said in page.words


async def test_a_question_is_a_search_that_filters_narrow(reader: Reader):
    found = await reader.get("/hub?q=mentoring")
    narrowed = await reader.get("/hub?q=mentoring&format=teams")
    nothing = await reader.get("/hub?q=mentoring&format=zoom")

    assert titles(found) == ["Mentoring circles", "Mentoring or coaching"] or titles(found) == [
        "Mentoring or coaching",
        "Mentoring circles",
    ]
    assert "About “mentoring”" in found.words
    assert count(found) == "2 sessions fit"
    assert titles(narrowed) == ["Mentoring circles"]
    assert 'value="mentoring"' in narrowed.text
    assert "No session fits all of this." in nothing.words
    assert "Without “mentoring” : 1 session" in nothing.words


async def test_what_surely_fits_nothing_says_so(reader: Reader):
    page = await reader.get("/hub?q=zebra+juggling")

    assert "Nothing surely fits “zebra juggling”" in page.words


@pytest.mark.parametrize(
    ("words", "leads"),
    [
        ("GM1", "/hub/sessions/GM1"),
        ("growth mindset", "/hub/sessions/GM1"),
        ("book mentoring circles", "/hub/sessions/MC2"),
        ("my bookings", "/hub/mine"),
        ("resources", "/hub#resources"),
    ],
)
async def test_what_has_a_page_of_its_own_leads_there(reader: Reader, words: str, leads: str):
    page = await reader.get(f"/hub?q={words.replace(' ', '+')}")

    assert (page.status, page.headers["Location"]) == (303, leads)


async def test_what_only_the_chat_can_do_is_handed_to_it(reader: Reader):
    page = await reader.get("/hub?q=nudges+off")

    assert "“nudges off” is something to tell the bot in Teams" in page.words
    assert "message=nudges%20off" in page.text
    assert count(page) == "9 sessions"


async def test_nobody_s_words_are_written_down(
    reader: Reader, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
):
    caplog.set_level("DEBUG")
    with structlog.testing.capture_logs() as told:
        for words in ("quandary", "cancel+quandary", "nudges+off+quandary"):
            await reader.get(f"/hub?q={words}&topic=quandary")

    assert "quandary" not in "".join([str(told), caplog.text, *capsys.readouterr()])


async def test_what_people_type_stays_words(reader: Reader):
    page = await reader.get('/hub?q="><script>alert(1)</script>&topic="><script>&strand=<b>')

    raw = page.body.decode()
    assert "<script>" not in raw
    assert "<b>" not in raw


# --- as it is sent --------------------------------------------------------------------------------


async def test_pages_and_what_they_load_are_sent_compressed_to_who_takes_them_so(reader: Reader):
    page = await reader.get("/hub", **{"Accept-Encoding": "gzip"})
    plain = await reader.get("/hub", **{"Accept-Encoding": "identity"})
    refused = await reader.get("/hub", **{"Accept-Encoding": "gzip;q=0"})
    css = re.findall(r'"(/hub/static/[^"]*)"', plain.text)

    assert page.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in {**plain.headers, **refused.headers}
    assert page.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert titles(page) == titles(plain)
    assert css
    for path in css:
        small = await reader.get(path, **{"Accept-Encoding": "gzip"})
        whole = await reader.get(path, **{"Accept-Encoding": "identity"})
        assert int(small.headers["Content-Length"]) < int(whole.headers["Content-Length"])
        assert small.body == whole.body


async def test_a_signed_in_page_has_another_secret_each_time(world: World):
    """Else the length of compressed pages would tell it to who can have them sent again and again."""
    async with a_reader(world.bot, ASHA) as asha:
        forms = {
            found[1]
            for _ in range(3)
            if (found := re.search(r'name="form" value="([^"]*)"', (await asha.get("/hub")).text))
        }
        asha.form = min(forms)
        out = await asha.post("/hub/sign-out")

    assert len(forms) == 3
    assert out.status == 303


# --- one session ----------------------------------------------------------------------------------


async def test_a_session_can_be_shown_elsewhere_and_taken_into_any_calendar(reader: Reader):
    page = await reader.get("/hub/sessions/MC1")
    file = await reader.get(link(page, "Add to your calendar"))

    assert '<meta property="og:title" content="Mentoring or coaching">' in page.text
    assert (
        'property="og:description" content="Tuesday 19 May, 10:00 to 11:00 · In person, Room 1"'
    ) in page.text
    assert 'og:url" content="https://learnweek.example.org/hub/sessions/MC1"' in page.text
    assert file.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert file.headers["Content-Disposition"] == 'attachment; filename="MC1.ics"'
    assert file.text.count("BEGIN:VEVENT") == 1
    assert "SUMMARY:Mentoring or coaching" in file.text
    assert (await reader.get("/hub/sessions/none/calendar.ics")).status == 404
    assert (await reader.get("/hub/sessions/EDX/calendar.ics")).status == 404


# --- places as they go ------------------------------------------------------------------------------


@asynccontextmanager
async def told(url: str) -> AsyncGenerator[aiohttp.ClientResponse]:
    async with aiohttp.ClientSession() as http, http.get(f"{url}/hub/places") as response:
        yield response


async def events(response: aiohttp.ClientResponse) -> AsyncGenerator[dict[str, list[str]]]:
    async with asyncio.timeout(30):
        async for line in response.content:
            if line.startswith(b"data:"):
                yield json.loads(line.removeprefix(b"data:"))


async def test_a_booking_made_in_chat_is_told_to_who_has_the_page_open(
    world: World, reader: Reader
):
    page = await reader.get("/hub")
    session = await world.session("RE1")
    assert f'data-session="{session.id}"' in page.text

    async with told(world.bot.url) as response, aclosing(events(response)) as heard:
        first = await anext(heard)
        await world.book(ASHA, "RE1")
        second = await anext(heard)
        await world.book(BO, "RE1")
        third = await anext(heard)

    assert len(first) == 9
    assert first[str(session.id)] == ["open", "1 place left"]
    assert second == {str(session.id): ["full", "Full"]}
    assert third == {str(session.id): ["full", "Full, 1 waiting"]}


async def test_who_listens_is_let_go_when_the_process_stops(tmp_path: Path):
    async with surroundings() as around:
        await published(tmp_path, around)
        async with (
            App(environment(around, tmp_path), tmp_path) as app,
            told(app.url) as response,
            aclosing(events(response)) as heard,
        ):
            assert await anext(heard)
            stopping = asyncio.create_task(app.terminate())
            with pytest.raises(StopAsyncIteration):  # a line that broke would raise something else
                await anext(heard)
            was_running = not stopping.done()
            code = await stopping

    assert (was_running, code) == (True, 0)


def test_the_week_of_these_stories_has_what_they_count():
    assert WEEK.count("2026-05") == 2 * 9
