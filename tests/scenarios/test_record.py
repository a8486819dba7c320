"""What somebody attended: in the chat, on the hub, and as a certificate to keep."""

import re
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from learning.attendance import Presence
from tests.scenarios.test_hub_mine import part, pressed
from tests.scenarios.world import ASHA, BO, GENERAL, ORGA, WEEK, World, london, person_id, read
from tests.support.activities import Person, a_person
from tests.support.card_parts import parts
from tests.support.reader import Reader, a_reader

SPRING = f"""\
{WEEK.splitlines()[0]}
EX1,Excel from scratch,numbers,2025-11-10T10:00,2025-11-10T11:20,12,in_person,Library,,
"""
SATURDAY = london("2026-05-23T09:00")


async def was_there(
    world: World, person: Person, code: str, state: Presence = Presence.ATTENDED
) -> None:
    session = await world.session(code)
    await world.bot.core.attendance.correct(
        session.id, person_id(person), state, by=person_id(ORGA), why="the paper list"
    )


@pytest.fixture
async def learned(world: World) -> World:
    """The week is over. Asha was at three sessions of it, at one only briefly, and at one last autumn."""
    await world.bot.publish(SPRING, "Autumn 2025")
    await world.bot.move_to(SATURDAY)
    for code in ("PC1", "GM1", "LS1", "EX1"):
        await was_there(world, ASHA, code)
    await was_there(world, ASHA, "PB1", Presence.BRIEFLY)
    await was_there(world, ASHA, "DA1", Presence.ABSENT)
    await was_there(world, BO, "DA1")
    return world


@pytest.fixture
async def asha(learned: World) -> AsyncGenerator[Reader]:
    async with a_reader(learned.bot, ASHA) as reader:
        yield reader


async def edition_id(world: World, name: str) -> int:
    return (await world.bot.core.programme.edition_named(name)).id


async def test_the_record_is_by_edition_with_hours_that_add_up(learned: World):
    mine = await learned.teams.say(ASHA, "my learning")
    same = await learned.teams.say(ASHA, "what have I attended?")

    assert mine.read == same.read
    # Growth mindset 1, presenting 1.5, leading 1; and 80 minutes of Excel are 1.25 hours.
    assert "You attended 4 sessions, 4.75 hours." in mine.read
    week, _, autumn = mine.read.partition("Autumn 2025: 1 session, 1.25 hours")
    assert "The week: 3 sessions, 3.5 hours" in week
    assert re.findall(r"^\w+ \d+ \w+ 2026 · .*", week, re.MULTILINE) == [
        "Monday 18 May 2026 · 1 hour",
        "Monday 18 May 2026 · there briefly, not counted",
        "Wednesday 20 May 2026 · 1.5 hours",
        "Friday 22 May 2026 · 1 hour",
    ]
    assert "Excel from scratch\nMonday 10 November 2025 · 1.25 hours" in autumn
    assert "Digital accessibility" not in mine.read
    links = [p["url"] for _, p in parts(mine.card) if p["type"] == "Action.OpenUrl"]
    base = "https://learnweek.example.org/hub/mine/certificate.pdf?edition="
    assert links == [f"{base}{await edition_id(learned, n)}" for n in ("The week", "Autumn 2025")]


async def test_a_certificate_is_a_card_to_keep_with_what_was_attended_only(learned: World):
    mine = await learned.teams.say(ASHA, "my certificates")
    week = {"edition": await edition_id(learned, "The week")}

    kept = read(
        await learned.teams.press(ASHA, mine.card, title="Certificate as a card", having=week)
    )
    forged = await learned.teams.press(
        ASHA, mine.card, title="Certificate as a card", having=week, data={"edition": 99}
    )

    assert "Certificate of attendance\nAsha\nattended 3 sessions, 3.5 hours in The week." in kept
    assert "Presenting with confidence\nWednesday 20 May 2026 · 1.5 hours" in kept
    assert "Your personal brand" not in kept  # there briefly
    assert "so there is no certificate" in read(forged)


async def test_who_attended_nothing_is_told_how_it_comes_about(world: World):
    said = await world.teams.say(BO, "my learning")

    assert "Nothing is recorded yet" in said.read
    assert "What you attend stands here, a little after each session has ended." in said.read


async def test_a_session_that_is_still_on_does_not_count_yet(world: World):
    await world.bot.move_to(london("2026-05-18T10:30"))
    await was_there(world, ASHA, "GM1")
    early = await world.teams.say(ASHA, "my learning")
    await world.pass_time(timedelta(minutes=30))
    after = await world.teams.say(ASHA, "my learning")

    assert "Nothing is recorded yet" in early.read
    assert "You attended 1 session, 1 hour." in after.read


async def test_in_a_channel_nobody_else_sees_it(learned: World):
    await learned.teams.say(ASHA, "my learning", GENERAL)

    assert [s for s in learned.connector.sent_to(GENERAL) if "hour" in s.read] == []
    assert len(learned.told(ASHA, "You attended 4 sessions")) == 1


async def test_what_one_liked_can_be_asked_for_from_the_record(learned: World):
    mine = await learned.teams.say(ASHA, "my learning")
    one = {"session": (await learned.session("LS1")).id}

    asked = await learned.teams.press(
        ASHA, mine.card, title="Tell me when it runs again", having=one
    )

    assert "I'll tell you once when Leading from any seat runs again." in read(asked)


async def test_the_hub_shows_the_same(asha: Reader):
    page = await asha.get("/hub/mine")

    learning = part(page, "My learning")
    assert learning.startswith(
        "You attended 4 sessions, 4.75 hours. The week: 3 sessions, 3.5 hours "
        "Certificate (PDF) of The week Monday 18 May 2026 Growth mindset "
        "1 hour Tell me when it runs again"
    )
    assert "Your personal brand There briefly, not counted Tell me when it runs again" in learning
    assert "Autumn 2025: 1 session, 1.25 hours" in learning
    assert "Digital accessibility" not in learning


async def test_the_hub_has_words_for_who_attended_nothing(world: World):
    async with a_reader(world.bot, a_person("Nia")) as nia:
        page = await nia.get("/hub/mine")

    assert "Nothing is recorded yet. What you attend stands here" in part(page, "My learning")
    assert "when these run again" not in page.words


async def test_hearing_again_is_asked_for_and_taken_back_on_the_hub(learned: World, asha: Reader):
    session = str((await learned.session("LS1")).id)

    asked = await pressed(asha, "/hub/mine/again", session=session)
    stopped = await pressed(asha, "/hub/mine/again", session=session, do="stop")
    untrue = await asha.get(f"/hub/mine?again=asked&of={session}")

    assert "I’ll tell you once when Leading from any seat runs again" in asked.words
    assert part(asked, "I’ll tell you when these run again").startswith(
        "Friday 22 May 2026 Leading from any seat Stop telling me"
    )
    assert "Leading from any seat 1 hour" in part(asked, "My learning")  # the button is gone
    assert "I won’t tell you when Leading from any seat runs again" in stopped.words
    assert "when these run again" not in stopped.words
    assert 'id="outcome"' not in untrue.text


async def test_the_hub_says_so_where_it_runs_again_already(learned: World, asha: Reader):
    again = SPRING.replace("EX1,Excel from scratch", "LS1,Leading from any seat")
    await learned.bot.publish(again.replace("2025-11-10", "2026-11-09"), "Autumn 2026")
    async with learned.bot.core.work(read_only=True) as uow:
        [old] = [s for s in await uow.sessions.all() if s.code == "LS1" and s.is_over(SATURDAY)]

    asked = await pressed(asha, "/hub/mine/again", session=str(old.id))

    assert "Leading from any seat runs again already See Leading from any seat" in asked.words
    assert "when these run again" not in asked.words


async def test_who_never_spoke_to_the_bot_can_ask_too(world: World):
    nia = a_person("Nia")
    session = str((await world.session("GM1")).id)
    async with a_reader(world.bot, nia) as reader:
        asked = await pressed(reader, "/hub/mine/again", session=session)
        for odd in ("", "x", "999", "9" * 30):
            moved = await reader.post("/hub/mine/again", {"session": odd})
            assert moved.status == 303

    assert "I’ll tell you once when Growth mindset runs again" in asked.words


async def test_there_is_no_certificate_of_what_is_not_recorded(learned: World, asha: Reader):
    week = await edition_id(learned, "The week")
    async with a_reader(learned.bot, a_person("Nia")) as nia:
        others = await nia.get(f"/hub/mine/certificate.pdf?edition={week}")
    odd = [
        await asha.get(f"/hub/mine/certificate.pdf{q}") for q in ("", "?edition=x", "?edition=77")
    ]

    for page in (others, *odd):
        assert page.status == 404
        assert "Nothing is recorded that you attended there." in page.words


async def test_a_certificate_is_a_pdf_of_one_s_own(learned: World, asha: Reader):
    week = await edition_id(learned, "The week")

    page = await asha.get(f"/hub/mine/certificate.pdf?edition={week}")

    assert (page.status, page.headers["Content-Type"]) == (200, "application/pdf")
    assert page.headers["Content-Disposition"] == 'attachment; filename="certificate-the-week.pdf"'
    assert page.headers["Cache-Control"] == "no-store"
    assert page.body.startswith(b"%PDF-")
    async with a_reader(learned.bot) as stranger:
        unknown = await stranger.get(f"/hub/mine/certificate.pdf?edition={week}")
    assert unknown.status == 303
    assert unknown.headers["Location"].startswith("/hub/sign-in?to=")
