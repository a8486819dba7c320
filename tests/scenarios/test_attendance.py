"""Who was there: read from Teams and Zoom, said at the door and on a card, corrected, exported."""

import asyncio
import html
import re
from contextlib import AbstractAsyncContextManager
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import segno

from checkup import checks
from console.doctor import Off, Wrong
from console.files import export
from core import Core
from integrations.formats import FileFormats
from learning.notices import Kind
from tests.scenarios.world import (
    ASHA,
    BO,
    CY,
    DI,
    GENERAL,
    ORGA,
    WEEK,
    World,
    a_bot,
    a_world,
    london,
    person_id,
    read,
    surroundings,
)
from tests.support.activities import a_person
from tests.support.card_parts import buttons, parts, shown_text
from tests.support.databases import ON_POSTGRESQL
from tests.support.graph_attendance import a_guest, present
from tests.support.zoom import Zoom
from wiring.outside import connected

TEN, ELEVEN = london("2026-05-18T10:00"), london("2026-05-18T11:00")
DAY_AFTER = london("2026-05-19T11:00")


async def states(world: World, code: str) -> dict[str, tuple[str, str]]:
    """State and source by name, of whoever something is known of."""
    whole = await world.bot.core.attendance.of((await world.session(code)).id)
    return {
        a.name or "a guest": (str(a.outcome.state), str(a.outcome.source))
        for a in whole.attendees
        if a.outcome is not None
    }


async def exported(world: World, capsysbinary: Any) -> list[str]:
    """The lines of `export attendance`, below the header."""
    formats = FileFormats(world.bot.core.clock, "https://learnweek.example.org")
    capsysbinary.readouterr()
    assert await export(world.bot.core.reports, formats, "attendance", "", "csv") == 0
    return capsysbinary.readouterr().out.decode("utf-8-sig").splitlines()


def link(card: dict[str, Any]) -> str:
    [found] = [part["url"] for _, part in parts(card) if part["type"] == "Action.OpenUrl"]
    return found


def door_word(card: dict[str, Any]) -> str:
    """The code that a card about the door shows."""
    [facts] = [part["facts"] for _, part in parts(card) if part["type"] == "FactSet"]
    return next(fact["value"] for fact in facts if fact["title"] == "Code")


# --- Teams -----------------------------------------------------------------------------------


async def test_a_teams_session_over_two_reports(world: World, capsysbinary: Any):
    """The meeting broke off and began again; the second report is there only later."""
    for person in (ASHA, BO, DI):
        await world.book(person, "GM1")
    await world.pass_time()
    event, teams = world.graph.event_of("Growth mindset"), world.graph.attendance
    await world.bot.move_to(london("2026-05-18T11:09"))
    asked_early = teams.asked
    at = london
    teams.ended(
        event,
        TEN,
        at("2026-05-18T10:20"),
        present(ASHA, (TEN, at("2026-05-18T10:20"))),
        present(BO, (TEN, at("2026-05-18T10:10")), role="Presenter"),
    )
    await world.bot.move_to(london("2026-05-18T11:10"))
    first = await states(world, "GM1")
    teams.ended(
        event,
        at("2026-05-18T10:25"),
        ELEVEN,
        # Two devices at once, and a rejoin.
        present(ASHA, (at("2026-05-18T10:25"), at("2026-05-18T10:40"))),
        present(ASHA, (at("2026-05-18T10:30"), at("2026-05-18T10:35"))),
        present(CY, (at("2026-05-18T10:25"), ELEVEN)),
        a_guest("Visitor", (at("2026-05-18T10:25"), ELEVEN)),
    )
    await world.bot.move_to(london("2026-05-18T11:30"))
    second = await states(world, "GM1")
    await world.bot.move_to(DAY_AFTER)

    assert asked_early == 0
    assert first == {"Asha": ("briefly", "teams"), "Bo": ("briefly", "teams")}
    assert second == {
        "Asha": ("attended", "teams"),
        "Bo": ("briefly", "teams"),
        "Cy": ("attended", "teams"),
        "a guest": ("attended", "teams"),
    }
    assert await states(world, "GM1") == second | {"Di": ("absent", "booking")}
    header, *rows = [row.split(",", 3)[3] for row in await exported(world, capsysbinary)]
    assert header == "person,email,state,minutes,source,booked,changed_by,why"
    assert sorted(rows) == sorted(
        [
            f"Asha,{ASHA.email},attended,35,teams,yes,,",
            f"Bo,{BO.email},briefly,10,teams,yes,,",
            "Cy,,attended,35,teams,no,,",
            ",,attended,35,teams,no,,",
            f"Di,{DI.email},absent,0,booking,yes,,",
        ]
    )


async def test_it_is_asked_four_times_at_its_moments_and_then_no_more(world: World):
    await world.book(ASHA, "GM1")
    await world.pass_time()
    asked: list[int] = []
    for moment in (
        "2026-05-18T11:05",
        "2026-05-18T11:10",
        "2026-05-18T11:29",
        "2026-05-18T11:30",
        "2026-05-18T13:00",
        "2026-05-19T11:00",
        "2026-05-19T14:00",
        "2026-05-21T11:00",
    ):
        await world.bot.move_to(london(moment))
        asked.append(await _asked_of(world, "GM1"))

    assert asked == [0, 1, 1, 2, 3, 4, 4, 4]


async def _asked_of(world: World, code: str) -> int:
    """How often a look at its meeting was taken."""
    session = await world.session(code)
    rows = await world.bot.outbox(Kind.ATTENDANCE)
    return sum(
        row.notice.session_id == session.id and row.state in ("sent", "dropped") for row in rows
    )


async def test_without_the_access_policy_check_in_goes_on_and_the_ledger_says_why(world: World):
    await world.book(ASHA, "GM1")
    await world.pass_time()
    world.graph.attendance.without = "policy"
    await world.bot.move_to(london("2026-05-18T11:10"))

    [row] = [r for r in await world.bot.outbox(Kind.ATTENDANCE) if r.state == "given_up"]
    session = await world.session("GM1")
    card = (await world.teams.say(ORGA, "check in GM1")).card
    await world.teams.press(ORGA, card, verb="attendance.tick", data={"came": person_id(ASHA)})

    assert row.notice.session_id == session.id
    assert "application access policy" in row.last_error
    assert await states(world, "GM1") == {"Asha": ("attended", "check_in")}


async def test_a_moved_session_is_asked_for_at_its_new_time(world: World):
    await world.book(ASHA, "GM1")
    await world.bot.move_to(london("2026-05-18T11:05"))
    moved = WEEK.replace("2026-05-18T10:00,2026-05-18T11:00", "2026-05-18T15:00,2026-05-18T16:00")
    await world.bot.publish(moved)
    await world.bot.move_to(london("2026-05-18T11:40"))
    event = world.graph.event_of("Growth mindset")
    begins, ends = london("2026-05-18T15:00"), london("2026-05-18T16:00")
    world.graph.attendance.ended(event, TEN, ELEVEN, present(BO, (TEN, ELEVEN)))
    world.graph.attendance.ended(event, begins, ends, present(ASHA, (begins, ends)))
    await world.bot.move_to(london("2026-05-18T16:10"))

    assert await states(world, "GM1") == {"Asha": ("attended", "teams")}


async def test_doctor_tells_apart_what_is_missing(world: World):
    teams = world.graph.attendance
    said = [await _examined(world.bot.core)]
    await world.bot.move_to(london("2026-05-18T11:10"))
    said.append(await _examined(world.bot.core))
    teams.without = "policy"
    said.append(await _examined(world.bot.core))
    teams.without = "permission"
    said.append(await _examined(world.bot.core))
    teams.without = ""
    world.graph.fail_next(503, path_contains="onlineMeetings", times=9)
    said.append(await _examined(world.bot.core))

    assert said[0] == said[1] == "ok: Teams' reports are read after each session"
    assert said[2].startswith("Off: the access policy is missing")
    assert "Grant-CsApplicationAccessPolicy" in said[2]
    assert said[3].startswith("Off: a permission is missing")
    assert "OnlineMeetingArtifact.Read.All" in said[3]
    assert said[4].startswith("Wrong: Teams' attendance reports cannot be asked for")


async def test_without_an_organiser_doctor_says_what_to_set(story_database: str):
    async with a_world(story_database, graph_organiser="") as world:
        said = await _examined(world.bot.core)

    assert said == "Off: Teams is not asked who was there. Set GRAPH_ORGANISER to a mailbox."


async def _examined(core: Core) -> str:
    """The line of `doctor` about attendance."""
    async with connected(core) as outside:
        [check] = [each for each in checks(core, outside) if each.part == "Attendance"]
        try:
            return f"ok: {await check.run()}"
        except (Off, Wrong) as found:
            return f"{type(found).__name__}: {found}"


@ON_POSTGRESQL
async def test_two_replicas_ask_once(database_url: str):
    async with (
        surroundings() as around,
        a_bot(around, database_url) as first,
        a_bot(around, database_url) as second,
    ):
        await first.know(ASHA, BO, ORGA)
        await first.bot.publish(WEEK)
        await first.bot.settled()
        await first.book(ASHA, "GM1")
        await first.pass_time()
        event = around.graph.event_of("Growth mindset")
        around.graph.attendance.ended(event, TEN, ELEVEN, present(ASHA, (TEN, ELEVEN)))
        for world in (first, second):
            await world.bot.settled()
            world.bot.clock.set(london("2026-05-18T11:10"))
        asked = around.graph.attendance.asked

        await asyncio.gather(first.bot.tick(), second.bot.tick())
        await first.bot.settled()

        assert around.graph.attendance.asked - asked == 1
        assert await states(first, "GM1") == {"Asha": ("attended", "teams")}


# --- Zoom ------------------------------------------------------------------------------------


def with_zoom(database: str, zoom: Zoom) -> AbstractAsyncContextManager[World]:
    settings: dict[str, Any] = zoom.settings
    return a_world(database, **settings)


async def test_a_zoom_session_by_registration(story_database: str):
    begins, ends = london("2026-05-19T22:00"), london("2026-05-19T23:00")
    async with Zoom() as zoom, with_zoom(story_database, zoom) as world:
        await world.book(ASHA, "NS1")
        await world.book(BO, "NS1")
        await world.bot.core.people.save_email(person_id(CY), CY.email)
        await world.pass_time()
        meeting = zoom.meeting_of("Time management for night teams")
        registered = {r.first_name: r.id for r in meeting.approved.values()}
        await world.bot.move_to(london("2026-05-19T23:10"))
        early = await states(world, "NS1")
        half = london("2026-05-19T22:30")
        meeting.row("Asha's iPad", begins, half, registrant=registered["Asha"])
        meeting.row("Asha", london("2026-05-19T22:20"), ends, registrant=registered["Asha"])
        meeting.row("Cy", begins, london("2026-05-19T22:05"), email=CY.email)
        meeting.row("Somebody", begins, ends)
        await world.bot.move_to(london("2026-05-19T23:30"))
        later = await states(world, "NS1")
        await world.bot.move_to(london("2026-05-20T23:00"))

        assert early == {}
        assert later == {
            "Asha": ("attended", "zoom"),
            "Cy": ("briefly", "zoom"),
            "a guest": ("attended", "zoom"),
        }
        assert await states(world, "NS1") == later | {"Bo": ("absent", "booking")}


# --- in person -------------------------------------------------------------------------------


async def test_organisers_tick_who_is_there_and_name_the_others(world: World):
    for person in (ASHA, BO, CY):
        await world.book(person, "DA1")
    early = await world.teams.say(ORGA, "check in DA1")
    too_early = await world.teams.press(ORGA, early.card, verb="attendance.tick_all")
    await world.bot.move_to(london("2026-05-18T10:30"))
    card = (await world.teams.say(ORGA, "check in DA1")).card

    saved = await world.teams.press(
        ORGA,
        card,
        verb="attendance.tick",
        data={"came": f"{person_id(ASHA)},{person_id(BO)}", "others": "di\nVisitor Vee\n"},
    )
    later = await world.teams.press(
        ORGA, saved, verb="attendance.tick", data={"came": person_id(ASHA)}
    )

    assert "from an hour before the start" in read(too_early)
    assert "4 here so far, of 3 booked" in read(saved)
    assert "Also here: Di, Visitor Vee" in read(saved)
    assert "3 here so far" in read(later)
    await world.bot.move_to(london("2026-05-19T11:30"))
    assert await states(world, "DA1") == {
        "Asha": ("attended", "check_in"),
        "Bo": ("absent", "booking"),
        "Cy": ("absent", "booking"),
        "Di": ("attended", "check_in"),
        "Visitor Vee": ("attended", "check_in"),
    }


async def test_a_long_list_is_ticked_page_by_page_also_where_only_submit_is_known(world: World):
    crowd = [a_person(f"Learner {number:02}") for number in range(15)]
    await world.know(*crowd)
    for person in crowd:
        await world.book(person, "DA1")
    await world.bot.move_to(london("2026-05-18T10:30"))
    first = await world.teams.say(ORGA, "check in DA1")

    everybody = await world.teams.submit(ORGA, first.only, verb="attendance.tick_all")
    second = await world.teams.submit(
        ORGA, everybody.only, verb="attendance.tick", data={"came": _all(everybody.card)}
    )
    last = await world.teams.submit(
        ORGA, second.only, verb="attendance.tick", data={"came": person_id(crowd[14])}
    )

    assert "page 2 of 2" in second.read
    assert "13 here so far, of 15 booked" in last.read


def _all(card: dict[str, Any]) -> str:
    [ticks] = [part for _, part in parts(card) if part["type"] == "Input.ChoiceSet"]
    return ",".join(choice["value"] for choice in ticks["choices"])


async def test_only_organisers_and_whom_they_let_see_who_comes(world: World):
    await world.book(ASHA, "DA1")
    await world.bot.move_to(london("2026-05-18T10:30"))
    organisers_card = (await world.teams.say(ORGA, "check in DA1")).card
    words = (
        "check in DA1",
        "who came to DA1",
        "door DA1",
        "mark Asha as attended at DA1: so",
        "let Bo check in DA1",
    )

    refused = [(await world.teams.say(BO, text)).read for text in words]
    pressed = [
        read(await world.teams.press(BO, organisers_card, verb=verb))
        for verb in ("attendance.tick", "attendance.tick_all", "attendance.who", "attendance.door")
    ]
    let = await world.teams.say(ORGA, "let Bo check in DA1")
    allowed = await world.teams.press(BO, organisers_card, verb="attendance.tick_all")
    elsewhere = await world.teams.say(BO, "check in GM1")
    await world.teams.say(ORGA, "don't let Bo check in DA1")

    assert all("Only organisers" in each for each in [*refused, *pressed])
    assert "Bo may now check people in at Digital accessibility" in let.read
    assert "1 here so far" in read(allowed)
    assert "Only organisers" in elsewhere.read
    assert "Only organisers" in (await world.teams.say(BO, "check in DA1")).read


async def test_the_code_on_the_door_checks_people_in_while_the_session_is_on(world: World):
    await world.book(ASHA, "DA1")
    await world.bot.move_to(london("2026-05-18T10:25"))
    card = (await world.teams.say(ORGA, "door DA1")).card
    word = door_word(card)
    early = await world.teams.say(CY, "I'm here PC1")

    asked = await world.teams.say(ASHA, "I'm here DA1")
    wrong = await world.teams.press(ASHA, asked.only, data={"word": "0AAAAA"})
    here = await world.teams.press(ASHA, asked.only, data={"word": word.lower()})
    walk_in = await world.teams.say(BO, f"here {word}")
    public = await world.teams.say(DI, f"here DA1 {word}", GENERAL)
    await world.bot.move_to(london("2026-05-18T11:46"))
    late = await world.teams.say(CY, f"here DA1 {word}")

    assert "What does the code on the door say?" in asked.read
    assert "not a code of a session that is on now" in read(wrong)
    assert "You're checked in" in read(here)
    assert "You're checked in" in walk_in.read
    assert (
        "You're checked in" not in public.sent[-1].read or public.sent[-1].conversation == DI.chat
    )
    assert "from half an hour before the start" in late.read
    assert "What does the code on the door say?" in early.read
    assert await states(world, "DA1") == dict.fromkeys(("Asha", "Bo", "Di"), ("attended", "door"))


async def test_the_page_for_the_door_is_for_those_who_have_its_address(world: World):
    card = (await world.teams.say(ORGA, "door DA1")).card
    address = urlsplit(link(card))
    word = door_word(card)

    async with aiohttp.ClientSession() as http:

        async def page(path: str) -> tuple[int, str, str]:
            async with http.get(f"{world.bot.url}{path}") as response:
                told = response.headers["Cache-Control"]
                return response.status, html.unescape(await response.text()), told

        shown = await page(f"{address.path}?{address.query}")
        hidden = [
            await page(path)
            for path in (
                address.path,
                f"{address.path}?key=0",
                f"{address.path}?{address.query[:-1]}",
                address.path.replace("DA1", "GM1") + f"?{address.query}",
                "/hub/sessions/DA1",
            )
        ]

    says = f"here DA1 {word}"
    app = world.login.app_id
    chat = f"https://teams.microsoft.com/l/chat/0/0?users=28:{app}&message=here%20DA1%20{word}"
    assert (shown[0], shown[2]) == (200, "no-store")
    assert says in re.sub(r"<[^>]*>", "", shown[1])
    assert html.unescape(segno.make(chat, error="m").svg_data_uri(border=4)) in shown[1]
    assert [status for status, _, _ in hidden] == [404, 404, 404, 404, 200]
    assert not any(word in text for _, text, _ in hidden)


# --- corrections -----------------------------------------------------------------------------


async def test_a_correction_outranks_a_report_that_comes_later(world: World, capsysbinary: Any):
    await world.book(ASHA, "GM1")
    await world.book(BO, "GM1")
    await world.pass_time()
    await world.bot.move_to(london("2026-05-18T11:10"))

    marked = await world.teams.say(ORGA, "mark Bo as attended at GM1: signed the Paper list")
    asked = await world.teams.say(ORGA, "mark Asha as absent at GM1")
    given = await world.teams.press(ORGA, asked.only, data={"why": "It was her colleague"})
    event = world.graph.event_of("Growth mindset")
    world.graph.attendance.ended(event, TEN, ELEVEN, present(ASHA, (TEN, ELEVEN)))
    await world.bot.move_to(DAY_AFTER)
    card = (await world.teams.say(ORGA, "who came to GM1")).card

    assert "Bo is marked as attended at Growth mindset." in marked.read
    assert "Mark Asha as absent?" in asked.read
    assert "Asha is marked as absent at Growth mindset." in read(given)
    assert await states(world, "GM1") == {
        "Asha": ("absent", "correction"),
        "Bo": ("attended", "correction"),
    }
    seen = shown_text(card)
    assert "1 attended, 1 absent" in seen
    assert "Bo, not known to attended, by Orla, Monday 18 May, 11:10: signed the Paper list" in seen
    rows = await exported(world, capsysbinary)
    assert any("Orla,signed the Paper list" in row for row in rows)


async def test_a_name_that_several_bear_is_asked_about(world: World):
    namesakes = [a_person("Ana Silva"), a_person("Ana Costa")]
    await world.know(*namesakes)
    for person in namesakes:
        await world.book(person, "DA1")
    await world.bot.move_to(london("2026-05-18T11:30"))

    asked = await world.teams.say(ORGA, "mark Ana as briefly at DA1: left at once")
    chosen = await world.teams.press(ORGA, asked.only, having={"who": person_id(namesakes[1])})
    unknown = await world.teams.say(ORGA, "mark Nobody as attended at DA1: so")
    nowhere = await world.teams.say(ORGA, "mark Ana as attended at XX9: so")

    assert "Which Ana?" in asked.read
    assert len(buttons(asked.card)) == 2
    assert "Ana Costa is marked as there briefly" in read(chosen)
    assert "I know nobody called “Nobody”" in unknown.read
    assert "I found no session for “XX9”" in nowhere.read
    assert await states(world, "DA1") == {"Ana Costa": ("briefly", "correction")}


async def test_what_is_said_in_a_channel_is_answered_in_ones_own_chat(world: World):
    await world.book(ASHA, "DA1")

    said = await world.teams.say(ORGA, "who came to DA1", GENERAL)

    where = {sent.conversation: sent.read for sent in said.sent}
    assert "Who came to Digital accessibility" in where[ORGA.chat]
    assert all("Digital" not in text for place, text in where.items() if place != ORGA.chat)


async def test_people_see_what_is_kept_of_them_and_it_goes_with_them(world: World):
    await world.book(ASHA, "GM1")
    await world.pass_time()
    event = world.graph.event_of("Growth mindset")
    world.graph.attendance.ended(event, TEN, ELEVEN, present(ASHA, (TEN, ELEVEN)))
    await world.bot.move_to(london("2026-05-18T11:10"))

    data = await world.teams.say(ASHA, "my data")
    await world.bot.core.people.forget(person_id(ASHA))
    await world.bot.move_to(london("2026-05-18T11:30"))

    assert "attended (seen by Teams, 60 minutes)" in data.read
    assert await states(world, "GM1") == {"a guest": ("attended", "teams")}
    assert await world.bot.core.people.find(person_id(ASHA)) is None


async def test_organisers_may_have_teams_asked_again(world: World):
    await world.book(ASHA, "GM1")
    await world.pass_time()
    await world.bot.move_to(london("2026-05-18T11:15"))
    event = world.graph.event_of("Growth mindset")
    world.graph.attendance.ended(event, TEN, ELEVEN, present(ASHA, (TEN, ELEVEN)))
    card = (await world.teams.say(ORGA, "who came to GM1")).card

    answer = await world.teams.press(ORGA, card, verb="attendance.again")
    await world.bot.settled()

    assert "I'm asking again" in read(answer)
    assert await states(world, "GM1") == {"Asha": ("attended", "teams")}
