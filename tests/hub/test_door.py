"""The page for a session's door, with and without Teams to open."""

import html
import re

import pytest
import segno
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from hub.door import door_routes
from learning.sessions import SessionId
from services.doors import LETTERS, Doors
from tests.hub.programmes import Shelf, StillClock, a_catalogue, a_session
from tests.support.values import LONDON

CHAT = "https://teams.microsoft.com/l/chat/0/0?users=28:bot&message={text}"
DOORS = Doors("for tests only")
ONE, TWO = SessionId(1), SessionId(2)


async def page(address: str, chat_link: str = CHAT) -> tuple[int, str]:
    shelf, clock = Shelf([a_session(1, "Growth mindset"), a_session(2, "Sound")]), StillClock()
    application = web.Application()
    application.add_routes(
        door_routes(a_catalogue(shelf, clock), DOORS, clock, zone=LONDON, chat_link=chat_link)
    )
    async with TestClient(TestServer(application)) as client, client.get(address) as response:
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        return response.status, html.unescape(await response.text())


async def test_it_shows_the_words_and_a_picture_that_opens_the_chat_with_them():
    word = DOORS.word(ONE)

    status, shown = await page(f"/hub/sessions/s1/door?key={DOORS.key(ONE)}")

    chat = f"https://teams.microsoft.com/l/chat/0/0?users=28:bot&message=here%20S1%20{word}"
    assert status == 200
    assert f"here S1 {word}" in re.sub(r"<[^>]*>", "", shown)
    assert f'src="{html.unescape(segno.make(chat, error="m").svg_data_uri(border=4))}"' in shown
    assert 'alt="A QR code that opens the chat with Learnweek in Teams"' in shown


async def test_without_teams_there_are_only_the_words():
    status, shown = await page(f"/hub/sessions/S1/door?key={DOORS.key(ONE)}", chat_link="")

    assert status == 200
    assert f"here S1 {DOORS.word(ONE)}" in re.sub(r"<[^>]*>", "", shown)
    assert "<img" not in shown


@pytest.mark.parametrize(
    "key", ["", "0", DOORS.key(TWO), DOORS.key(ONE)[:-1], DOORS.word(ONE), "é"]
)
async def test_who_does_not_have_its_address_does_not_see_it(key: str):
    status, shown = await page(f"/hub/sessions/S1/door?key={key}")

    assert status == 404
    assert DOORS.word(ONE) not in shown
    assert "door S1" in shown


def test_words_are_of_signs_that_nobody_mistakes_and_differ():
    words = [DOORS.word(SessionId(n)) for n in range(1, 1000)]

    assert all(len(word) == 6 and word[0].isdigit() and set(word) <= set(LETTERS) for word in words)
    assert len(set(words)) > 990
    assert Doors("another secret").word(ONE) != DOORS.word(ONE)


def test_what_people_type_instead_of_a_sign_is_understood():
    session = next(
        SessionId(n) for n in range(1, 10_000) if {"0", "1"} <= set(DOORS.word(SessionId(n)))
    )
    word = DOORS.word(session)

    assert DOORS.opens(session, f" {word.lower()} ")
    assert DOORS.opens(session, word.replace("0", "o").replace("1", "l"))
    assert DOORS.opens(session, word.replace("0", "O").replace("1", "I"))
    assert not DOORS.opens(session, word[::-1])
    assert not DOORS.opens(session, "")
    assert not DOORS.opens(session, "é")
