"""A programme's e-learning in chat, as those on it meet it: a screen a card, away and back at any time."""

import base64
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from learning.courses.enrolments import Running
from learning.sessions import CourseId
from tests.scenarios.world import (
    ASHA,
    BO,
    CY,
    GENERAL,
    ORGA,
    PEOPLE,
    World,
    a_bot,
    london,
    person_id,
    read,
    surroundings,
)
from tests.support.activities import Person
from tests.support.card_parts import button, buttons, parts, shown_text
from tests.support.courses import enrol, start, the_course

LIVE, OTHER = london("2026-06-10T09:30"), london("2026-06-17T13:00")
"""Three weeks and some days on: two modules are open, the questionnaire opens on 20 May."""

TUESDAY = "The tenant on the fourth floor"
WAITS = "I wait for complaints & call it patience"


async def on_the_course(world: World, *people: Person) -> Running:
    """The sample, with two dates of its live session and these people on it."""
    work, now = world.bot.core.work, world.bot.clock.now()
    running = await start(work, the_course(LIVE, OTHER), now)
    await enrol(work, running, [person_id(each) for each in people], now)
    return running


def typed(card: Mapping[str, Any]) -> dict[str, Any]:
    """What the fields of a card hold."""
    fields = (p for _, p in parts(card) if str(p["type"]).startswith("Input."))
    return {f["id"].removeprefix("answer."): f["value"] for f in fields if "value" in f}


def answer(**values: Any) -> dict[str, Any]:
    return {f"answer.{name.replace('_', '-')}": str(value) for name, value in values.items()}


def dumped(folder: Path) -> bytes:
    """Every value of every table."""
    with closing(sqlite3.connect(folder / "learnweek.db")) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master")]
        return "\n".join(db.iterdump()).encode() + " ".join(names).encode()


async def test_a_module_is_left_and_taken_up_again_over_a_restart_and_ends_in_a_result(
    story_database: str, tmp_path: Path
):
    order = {f"answer.what-counts.place.{n}": str(o) for n, o in enumerate((1, 3, 4, 2, 0))}
    async with surroundings() as around:
        async with a_bot(around, story_database) as world:
            await world.know(*PEOPLE)
            await on_the_course(world, ASHA)
            teams = world.teams
            mine = await teams.say(ASHA, "my programme")
            first = await teams.press(ASHA, mine.card, title="Start: Whose service is it?")
            wrong = await teams.press(ASHA, first, title="Save and go on")
            second = await teams.press(
                ASHA, wrong, title="Save and go on", data=answer(heard_yourself=5)
            )
            half = await teams.press(ASHA, second, title="Save and go on", data=answer(own_line=0))
            back = await teams.press(ASHA, half, title="Back", data=answer(own_line=1))
            again = await teams.press(ASHA, back, title="Save and go on")
            third = await teams.press(
                ASHA, again, title="Save and go on", data=answer(first_person=1)
            )
            later = await teams.press(ASHA, third, title="Later", data=answer(nobody_came=0))
        async with a_bot(around, story_database) as world:
            teams = world.teams
            resumed = (await teams.say(ASHA, "continue")).card
            shown_on_path = (await teams.say(ASHA, "my course")).read
            fourth = await teams.press(
                ASHA, resumed, title="Save and go on", data=answer(say_sorry=1)
            )
            twice = {**order, "answer.what-counts.place.4": "1"}
            torn = await teams.press(ASHA, fourth, title="Save and go on", data=twice)
            last = await teams.press(ASHA, torn, title="Save and go on", data=order)
            words = answer(succeed=TUESDAY, fail=WAITS)
            kept = await teams.press(ASHA, last, title="Back", data=words)
            last = await teams.press(ASHA, kept, title="Save and go on")
            result = await teams.press(ASHA, last, title="Finish")
            while any(b["title"] == "Show it as a picture" for b in buttons(result["value"])):
                result = await teams.press(ASHA, result, title="Show it as a picture")
            looked = await teams.press(ASHA, result, title="Look at my answers again")
            done = (await teams.say(ASHA, "my programme")).read

    assert "Whose service is it?\nOpen, about 9 minutes, by Wednesday 27 May" in mine.read
    assert "0 of 9 done" in mine.read
    assert "· 1 of 5 · about 9 minutes left" in read(first)
    assert "has no answer yet" in read(wrong)
    assert "own service" in read(half)
    assert "Of ten people" in read(half)
    assert "has no answer yet" in read(half)
    assert typed(half["value"]) == {"own-line": "0"}
    assert typed(back["value"]) == {"heard-yourself": "5"}
    assert typed(again["value"]) == {"own-line": "1"}
    assert "good place to pause" in read(third)
    assert "good place to pause" not in read(second)
    assert "at screen 3 of 5 of “Whose service is it?”" in read(later)
    assert "When it goes wrong" in shown_text(resumed)
    assert typed(resumed) == {"nobody-came": "0"}
    assert "Go on: Whose service is it? (screen 3 of 5)" in shown_on_path
    assert "Give each answer a place of its own." in read(torn)
    assert len(typed(torn["value"])) == 5
    assert "Only you can read what you write here" in read(last)
    assert typed(last["value"]) == {"succeed": TUESDAY, "fail": WAITS}
    assert "Strong at listening" in read(result)
    assert "You hear from customers yourself, not only in summaries." in read(result)
    [image] = [p for _, p in parts(result["value"]) if p["type"] == "Image"]
    drawn = base64.b64decode(image["url"].removeprefix("data:image/png;base64,"))
    assert drawn.startswith(b"\x89PNG\r\n\x1a\n")
    assert "listening: " in image["altText"]
    assert typed(looked["value"]) == {"heard-yourself": "5"}
    assert "1 of 9 done" in done
    assert "Go on: " not in done
    everything = dumped(tmp_path)
    assert b"The customer at the heart" in everything
    for secret in (TUESDAY, WAITS, "fourth floor", "patience"):
        assert secret.encode() not in everything


async def test_nobody_gets_at_the_answers_of_somebody_else_by_their_cards(world: World):
    running = await on_the_course(world, ASHA, BO)
    teams, course = world.teams, int(running.id)
    first = await teams.press(
        ASHA,
        (await teams.say(ASHA, "where was i")).card,
        title="Later",
        data=answer(heard_yourself=4),
    )
    hers = (await teams.say(ASHA, "continue")).card

    bos = await teams.press(BO, hers, title="Save and go on", data=answer(heard_yourself=2))
    step: dict[str, Any] = {"course": course, "step": "10-whose-service", "screen": 0}
    verbs = ("open", "step", "screen", "next", "back", "later")
    refused = [
        (await teams.post(teams.activities.invoke(f"course.{verb}", step, who))).body
        for who in (CY, ORGA)
        for verb in verbs
    ]
    elsewhere = [
        (await teams.post(teams.activities.invoke("course.step", step | wrong, ASHA))).body
        for wrong in ({"course": course + 1}, {"step": "99-none"}, {"step": "50-live"})
    ]
    nothing = await teams.say(CY, "my programme")
    in_public = await teams.say(ASHA, "my programme", where=GENERAL)

    assert "Saved." in read(first)
    assert typed(hers) == {"heard-yourself": "4"}
    assert "The way in" in read(bos)
    assert typed((await teams.say(ASHA, "continue")).card) == {"heard-yourself": "4"}
    assert {read(body) for body in refused} == {"You are not on this programme."}
    assert [read(body).partition("\n")[0] for body in elsewhere] == [
        "You are not on this programme.",
        "That part is no longer in the programme. Here is what it holds now.",
        "Your programme",
    ]
    assert "You are not on a programme just now." in nothing.read
    assert in_public.read.endswith("I've answered you in our own chat.")
    assert "Whose service" not in [s.read for s in in_public.sent if s.conversation == GENERAL.id]


async def test_a_programme_says_what_is_open_what_comes_and_lets_its_date_be_booked(world: World):
    running = await on_the_course(world, ASHA)
    teams = world.teams

    dates = [(await world.session(code)).id for code in ("SHOES-1", "SHOES-2")]
    by_title = (await teams.say(ASHA, "Open “The customer at the heart”, please")).card
    placeless = await ask_for(world, running.id, "40-before-we-meet")
    due = (await teams.say(ASHA, "what do I have to do")).card
    await teams.press(ASHA, by_title, verb="session.book", having={"session": dates[0]})
    not_yet = await ask_for(world, running.id, "70-one-month")
    booked = (await teams.say(ASHA, "my programme")).card
    await world.bot.move_to(london("2026-05-21T10:00"))
    opened = await ask_for(world, running.id, "40-before-we-meet")
    await world.bot.move_to(london("2026-06-09T10:00"))
    over = await ask_for(world, running.id, "40-before-we-meet")
    still = await teams.submit(ASHA, by_title, title="Start: Whose service is it?")
    await world.bot.move_to(LIVE + timedelta(days=99))
    later = (await teams.say(ASHA, "my programme")).card
    led_to = [
        shown_text((await teams.press(ASHA, later, verb=verb))["value"])
        for verb in ("set.open", "quote.open", "commitment.list")
    ]
    searched = await teams.say(CY, "The customer at the heart")
    another = await teams.say(ASHA, "something about growth")

    assert "In their shoes\nChoose a date" in shown_text(by_title)
    assert "Wednesday 10 June, 09:30 to 13:00" in shown_text(by_title)
    assert "For those with a place on the live session" in shown_text(by_title)
    assert "for those with a place on the live session" in read(placeless)
    assert "4 things to do" in shown_text(due)
    assert [b["title"] for b in buttons(due)] == ["Start", "Start", "Start", "Open"]
    assert "“One month on” is not open to you: opens on Friday 10 July." in read(not_yet)
    assert button(booked, title="Cancel booking")
    assert button(booked, title="Change to this date")
    assert "You are booked" in shown_text(booked)
    assert "Before we meet\nOpens on Wednesday 20 May" in shown_text(booked)
    assert "Before we meet · 1 of 1" in read(opened)
    assert "closed on Monday 8 June" in read(over)
    assert "A morning at the counter" in still.read
    assert not [words for words in led_to if "Your programme" in words]
    assert len(set(led_to)) == 3
    assert "Your programme" not in searched.read
    assert "Growth mindset" in another.read
    assert "Your programme" not in another.read


async def ask_for(world: World, course: CourseId, step: str) -> dict[str, Any]:
    pressed = {"course": int(course), "step": step}
    return (
        await world.teams.post(world.teams.activities.invoke("course.step", pressed, ASHA))
    ).body
