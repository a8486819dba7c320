"""The page for trying things out on one machine."""

import re
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from hub.laptop import Button, laptop_routes
from learning.errors import LearningError
from learning.notices import Kind, Notice
from learning.people import FORGOTTEN, Address, Channel, Person, PersonId
from learning.sessions import Session, SessionId
from services.ports.storage import LedgerEntry
from tests.hub.programmes import TUESDAY, StillClock, a_session

Client = TestClient[web.Request, web.Application]
LONDON = ZoneInfo("Europe/London")
ASHA = PersonId("asha")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    at: datetime
    system: str
    what: str


@dataclass(slots=True)
class Laptop:
    """What the page shows and changes."""

    clock: StillClock = field(default_factory=StillClock)
    entries: list[LedgerEntry] = field(default_factory=list)
    asks: list[Asked] = field(default_factory=list)
    chat_url: str = "http://localhost:56150"
    runs: list[str] = field(default_factory=list)

    async def ledger(self) -> Sequence[LedgerEntry]:
        return self.entries

    async def nudge(self) -> str:
        self.runs.append("nudges")
        return "Sending 3 <nudges> & more."

    async def refuse(self) -> str:
        raise LearningError("Nobody is booked on anything.")

    def set_clock(self, instant: datetime) -> None:
        self.clock.instant = instant


def a_button(name: str, run: Any) -> Button:
    return Button(name=name, title=f"Send {name}", explain="To everybody booked.", run=run)


async def find_person(person_id: PersonId) -> Person | None:
    return Person(id=person_id, name="Asha") if person_id == ASHA else None


async def find_channel(channel_id: str) -> Channel | None:
    if channel_id != "19:g":
        return None
    where = Address(service_url="https://smba.example.org", conversation_id=channel_id)
    return Channel(id=channel_id, name="General", team_name="Learning", address=where)


async def find_sessions(ids: Iterable[SessionId]) -> Sequence[Session]:
    return [a_session(id, "Growth mindset") for id in ids if id == 1]


def an_entry(id: int, state: str = "queued", **more: Any) -> LedgerEntry:
    attempts, error = more.pop("attempts", 0), more.pop("last_error", "")
    notice = Notice(kind=more.pop("kind", Kind.NUDGE), key=str(id), due_at=TUESDAY, **more)
    return LedgerEntry(
        id=id,
        notice=notice,
        state=state,
        attempts=attempts,
        last_error=error,
        activity_id="",
        settled_at=None,
    )


@asynccontextmanager
async def serving(laptop: Laptop, *, named: bool = True) -> AsyncGenerator[Client]:
    names: dict[str, Any] = {
        "find_person": find_person,
        "find_channel": find_channel,
        "find_sessions": find_sessions,
    }
    application = web.Application()
    application.add_routes(
        laptop_routes(
            buttons=[a_button("nudges", laptop.nudge), a_button("rules", laptop.refuse)],
            ledger=laptop.ledger,
            asks=lambda: laptop.asks,
            now=laptop.clock.now,
            set_clock=laptop.set_clock,
            zone=LONDON,
            chat_url=lambda: laptop.chat_url,
            **(names if named else {}),
        )
    )
    async with TestClient(TestServer(application)) as client:
        yield client


async def read(client: Client, path: str = "/laptop") -> str:
    async with client.get(path) as response:
        assert response.status == 200
        return await response.text()


async def press(client: Client, path: str, **form: str) -> str:
    """Press a button as a browser would; the page that it leads to."""
    origin = str(client.make_url("/")).rstrip("/")
    headers = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
    async with client.post(path, data=form, headers=headers) as response:
        assert [r.status for r in response.history] == [303]
        return await response.text()


def seen(html: str) -> str:
    """What can be read on a page, in one line."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


async def test_a_first_visit_finds_the_chat_the_clock_and_nothing_sent():
    async with serving(Laptop()) as client:
        page = await read(client)

    assert 'href="http://localhost:56150"' in page
    assert "Tuesday 19 May 2026, 10:00, London" in page
    assert "This is the real time." in page
    assert page.count("Nothing yet.") == 2


async def test_without_a_chat_window_it_says_how_to_get_one():
    async with serving(Laptop(chat_url="")) as client:
        page = await read(client)

    assert "It needs Node.js 20 or later" in page
    assert ".venv/bin/python app.py chat" in page


async def test_a_button_runs_its_job_and_shows_what_happened():
    laptop = Laptop()

    async with serving(laptop) as client:
        page = await press(client, "/laptop/jobs/nudges")

    assert laptop.runs == ["nudges"]
    assert "Sending 3 &lt;nudges&gt; &amp; more." in page


async def test_a_job_that_a_rule_stops_says_which():
    async with serving(Laptop()) as client:
        page = await press(client, "/laptop/jobs/rules")

    assert "Nobody is booked on anything." in page


async def test_a_job_that_is_not_there_is_not_found():
    async with serving(Laptop()) as client, client.post("/laptop/jobs/tea") as response:
        assert response.status == 404
        assert "There is no such job" in await response.text()


async def test_the_clock_is_moved_to_a_local_time_and_back():
    laptop = Laptop()

    async with serving(laptop) as client:
        there = await press(client, "/laptop/clock", to="2026-05-21T08:45")
        moved = laptop.clock.instant
        back = await press(client, "/laptop/clock", move="real")

    assert moved.astimezone(LONDON).isoformat() == "2026-05-21T08:45:00+01:00"
    assert "The clock is now at Thursday 21 May 2026, 08:45." in there
    assert "1 day, 22 hours and 45 minutes ahead of the real time." in there
    assert laptop.clock.instant == TUESDAY
    assert "This is the real time." in back


async def test_the_clock_goes_back_to_the_real_time_as_it_is_by_then():
    laptop = Laptop()

    async with serving(laptop) as client:
        await press(client, "/laptop/clock", move="hour")
        laptop.clock.instant += timedelta(minutes=5)
        await press(client, "/laptop/clock", to="2025-01-01T00:00")
        await press(client, "/laptop/clock", move="real")

    assert laptop.clock.instant == TUESDAY + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("move", "becomes"),
    [("hour", "2026-05-19T11:00:00+01:00"), ("morning", "2026-05-20T08:30:00+01:00")],
)
async def test_the_clock_has_short_ways(move: str, becomes: str):
    laptop = Laptop()

    async with serving(laptop) as client:
        await press(client, "/laptop/clock", move=move)

    assert laptop.clock.instant.astimezone(LONDON).isoformat() == becomes


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"to": ""},
        {"to": "noon"},
        {"to": "2026-05-21T08:45+05:00"},
        {"to": "0001-01-01T00:00"},
        {"to": "9999-12-31T23:59"},
        {"move": "sideways"},
    ],
    ids=str,
)
async def test_a_time_that_is_none_leaves_the_clock_alone(form: dict[str, str]):
    laptop = Laptop()

    async with serving(laptop) as client:
        page = await press(client, "/laptop/clock", **form)

    assert laptop.clock.instant == TUESDAY
    assert "Choose a day and a time first." in page


async def test_a_time_that_the_clocks_skip_is_moved_on():
    laptop = Laptop()

    async with serving(laptop) as client:
        await press(client, "/laptop/clock", to="2026-03-29T01:30")

    assert laptop.clock.instant.astimezone(LONDON).isoformat() == "2026-03-29T02:30:00+01:00"


async def test_the_outbox_is_told_in_words_with_the_newest_first():
    laptop = Laptop(
        entries=[
            an_entry(1, "sent", person_id=ASHA, session_id=SessionId(1), attempts=1),
            an_entry(2, kind=Kind.ATTENDEES, session_id=SessionId(1)),
            an_entry(
                3, kind=Kind.CHANNEL_HIGHLIGHTS, channel_id="19:x", payload={"day": "2026-05-19"}
            ),
            an_entry(
                4,
                "held_back",
                kind=Kind.PLACE_GIVEN,
                person_id=PersonId("bo"),
                session_id=SessionId(8),
                attempts=2,
                last_error="Teams did <not> answer",
            ),
            an_entry(5, "dropped", person_id=PersonId(f"{FORGOTTEN}1"), session_id=SessionId(1)),
        ]
    )

    async with serving(laptop) as client:
        page = seen(await read(client))

    assert (
        "State "
        "Nudge somebody who was forgotten Growth mindset Tuesday 19 May, 10:00 No longer needed "
        "A place came free bo session 8 Tuesday 19 May, 10:00 "
        "Will be tried again 2 attempts. Teams did &lt;not&gt; answer "
        "Daily highlights channel 19:x Tuesday 19 May Tuesday 19 May, 10:00 Waiting "
        "Calendar invitations the calendar Growth mindset Tuesday 19 May, 10:00 Waiting "
        "Nudge Asha Growth mindset Tuesday 19 May, 10:00 Sent"
    ) in page


async def test_the_outbox_names_channels_and_says_why_somebody_cannot_be_reached():
    post = an_entry(1, kind=Kind.CHANNEL_HIGHLIGHTS, channel_id="19:g", payload={})
    given_up = an_entry(2, "given_up", person_id=ASHA, last_error="ConversationBlockedByUser")

    async with serving(Laptop(entries=[post, given_up])) as client:
        page = seen(await read(client))

    assert "Given up They blocked the app" in page
    assert "Daily highlights channel General in Learning" in page


async def test_a_long_outbox_keeps_what_is_earlier_folded():
    laptop = Laptop(entries=[an_entry(n, person_id=ASHA) for n in range(1, 61)])

    async with serving(laptop) as client:
        page = await read(client)

    assert "<summary>Show 38 earlier</summary>" in page
    assert page.count('<th scope="row">') == 50


async def test_the_outbox_shows_ids_where_it_is_given_no_names():
    laptop = Laptop(entries=[an_entry(1, person_id=ASHA, session_id=SessionId(1))])

    async with serving(laptop, named=False) as client:
        page = seen(await read(client))

    assert "Nudge asha session 1 Tuesday 19 May, 10:00 Waiting" in page


async def test_what_other_systems_were_asked_is_shown():
    asked = Asked(at=TUESDAY, system="Calendar", what="make an event: <b>Growth</b>")

    async with serving(Laptop(asks=[asked])) as client:
        page = seen(await read(client))

    assert "Tuesday 19 May, 10:00 Calendar make an event: &lt;b&gt;Growth&lt;/b&gt;" in page


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "rebound.example"},
        {"Host": "localhost.rebound.example"},
        {"Host": "127.0.0.1.rebound.example:3978"},
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["/laptop/jobs/nudges", "/laptop/clock"])
async def test_other_sites_can_press_nothing(headers: dict[str, str], path: str):
    laptop = Laptop()

    async with (
        serving(laptop) as client,
        client.post(path, data={"move": "hour"}, headers=headers) as response,
    ):
        assert response.status == 403
        assert "answers only to a browser on its own machine" in await response.text()

    assert (laptop.runs, laptop.clock.instant) == ([], TUESDAY)


async def test_a_name_that_was_pointed_at_this_machine_can_read_nothing():
    async with (
        serving(Laptop()) as client,
        client.get("/laptop", headers={"Host": "rebound.example"}) as response,
    ):
        assert response.status == 403


async def test_no_other_site_can_frame_it():
    async with serving(Laptop()) as client, client.get("/laptop") as response:
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("path", "system"), [("meetings", "Teams"), ("zoom", "Zoom")])
async def test_a_meeting_says_what_would_be_there(path: str, system: str):
    async with serving(Laptop()) as client:
        page = await read(client, f"/laptop/{path}/<id>")

    assert f"{system} would open this session’s meeting here" in page
