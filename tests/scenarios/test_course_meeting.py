"""A set meets: dilemmas, the guide with its rounds, whose turn it is to lead, notes for the next."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from learning.courses.action_sets import ActionSet, SetMeeting
from learning.notices import Kind
from store.course_tables import metadata
from tests.scenarios.world import (
    ASHA,
    BO,
    CY,
    DI,
    GENERAL,
    MONDAY,
    ORGA,
    World,
    a_bot,
    london,
    person_id,
    read,
    surroundings,
)
from tests.support.activities import Person, a_person
from tests.support.card_parts import buttons
from tests.support.courses import a_set, enrol, start, the_course

FAY = a_person("Fay")
EVA = a_person("Eva")
GUS = a_person("Gus")
SET = (ASHA, BO, CY, DI)

DILEMMA = "Two of my teams answer one letter and neither owns the reply"
NOTES = "Cy wants to come back to the letters, leave ten minutes for it"

THIRD, FOURTH, FIFTH = (
    london(day) for day in ("2026-05-19T10:00", "2026-06-16T10:00", "2026-07-14T10:00")
)


async def sets_meet(world: World) -> tuple[ActionSet, ActionSet]:
    """One set of four whose third meeting is tomorrow, and another of the same course."""
    await world.know(*SET, ORGA, FAY, EVA, GUS)
    work = world.bot.core.work
    running = await start(work, the_course(london("2026-03-10T09:30")), MONDAY)
    long_ago = MONDAY - timedelta(weeks=9)
    await enrol(work, running, [person_id(p) for p in (*SET, EVA)], long_ago)
    own = await a_set(
        work,
        running,
        [person_id(p) for p in SET],
        long_ago,
        facilitator=person_id(FAY),
        meetings=(THIRD, FOURTH, FIFTH),
        first=3,
    )
    other = await a_set(
        work, running, [person_id(EVA)], long_ago, facilitator=person_id(GUS), name="Set 2"
    )
    return own, other


async def meetings(world: World, action_set: ActionSet) -> list[SetMeeting]:
    async with world.bot.core.work(read_only=True) as uow:
        return await uow.sets.meetings(action_set.id)


async def dump(world: World) -> dict[str, list[str]]:
    """All that stands in the database, as whoever reads it sees it, by table."""
    async with world.bot.core.database.reading.connect() as db:
        return {
            table.name: [str(row) for row in (await db.execute(sa.select(table))).all()]
            for table in metadata.sorted_tables
        }


async def bring(world: World, person: Person, text: str) -> dict[str, Any]:
    form = await world.teams.say(person, "I have a dilemma")
    return await world.teams.press(person, form.only, title="Save", data={"text": text})


async def press(world: World, person: Person, on: dict[str, Any], title: str) -> dict[str, Any]:
    """Press a button of the card that the answer to the last press brought; the next such card."""
    return (await world.teams.press(person, on, title=title))["value"]


def titles(card: dict[str, Any]) -> list[str]:
    return [each["title"] for each in buttons(card)]


async def test_a_whole_meeting_from_the_dilemma_to_the_notes_for_whoever_leads_next(
    story_database: str,
):
    async with surroundings() as around:
        async with a_bot(around, story_database) as world:
            own, _ = await sets_meet(world)
            kept = await bring(world, ASHA, DILEMMA)
            empty = await bring(world, BO, "   ")
            await bring(world, BO, "Mine for next time")
            taken_back = await press(
                world, BO, (await world.teams.say(BO, "my dilemma")).card, "Take it back"
            )
            listed = await world.teams.say(CY, "dilemmas")
            await world.bot.move_to(london("2026-05-18T10:00"))

            assert "Your dilemma is brought" in read(kept)
            assert "Write what you are stuck with" in read(empty)
            assert "taken back and deleted" in str(taken_back)
            assert (DILEMMA in listed.read, "Mine for next time" in listed.read) == (True, False)
            [reminder] = world.told(CY, "Your set meets on Tuesday 19 May, 10:00 to 12:00")
            assert "Dilemmas brought so far 1" in reminder.read
            assert "Leads Fay" in reminder.read
            assert not any(DILEMMA in s.read for s in around.connector.sent_to(DI))
            too_early = await world.teams.say(FAY, "start our meeting")
            assert "Start the meeting" not in titles(too_early.card)

            await world.bot.move_to(THIRD)
            mine = await world.teams.say(FAY, "my set")
            ready = await press(world, FAY, mine.card, "Open the guide")
            refused = await world.teams.press(BO, ready, title="Start the meeting")
            arrive = await press(world, FAY, ready, "Start the meeting")

            assert "Fay leads this meeting" in read(refused)
            assert titles(refused["value"]) == ["I'll lead today", "Follow the meeting"]
            assert "Arrive" in str(arrive)
            assert "10:10, 10 minutes left" in str(arrive)

        async with a_bot(around, story_database, at=THIRD + timedelta(minutes=9)) as world:
            await world.bot.settled()
            assert world.told(FAY, "Time is up") == []
            await world.bot.move_to(THIRD + timedelta(minutes=10, seconds=20))
            [over] = world.told(FAY, "Time is up: Arrive")
            assert world.told(BO, "Time is up") == []

            more = await press(world, FAY, over.card, "Open the guide")
            assert "10:10, now" in str(more)
            twice = await asyncio.gather(
                *(world.teams.press(FAY, more, title="5 more minutes") for _ in range(2))
            )
            assert all("10:15, 5 minutes left" in str(each) for each in twice)
            await world.bot.move_to(THIRD + timedelta(minutes=12))
            both = await asyncio.gather(
                *(
                    world.teams.press(FAY, twice[0]["value"], title="Next: Present")
                    for _ in range(2)
                )
            )
            present = both[0]["value"]
            assert all("10:22, 10 minutes left" in str(each) for each in both)
            assert all(DILEMMA in str(each) for each in both)
            await world.bot.move_to(THIRD + timedelta(minutes=16))
            assert len(world.told(FAY, "Time is up")) == 1  # the round had been moved on

            questions = await press(world, FAY, present, "Next: Questions only")
            back = await press(world, FAY, questions, "Back")
            for step in ("Next: Questions only", "Next: Reflect", "Next: Commit"):
                back = await press(world, FAY, back, step)
            asha = await world.teams.say(ASHA, "guide")
            bo = await world.teams.say(BO, "guide")
            assert "Your dilemma" in asha.read
            assert "The dilemma of Asha" in bo.read
            assert (
                "Make a commitment" in titles(asha.card),
                "Make a commitment" in titles(bo.card),
            ) == (
                True,
                False,
            )
            promise = await press(world, ASHA, asha.card, "Make a commitment")
            assert "I will" in str(promise)
            assert "Next dilemma" in titles(back)

            over = await press(world, FAY, back, "Finish the meeting")
            assert "Next meeting Tuesday 16 June, 10:00 to 12:00" in read({"value": over})
            handed = await world.teams.press(FAY, over, title="Hand over", data={"notes": NOTES})
            assert "Your notes are kept" in read(handed)
            await world.bot.settled()
            [_, fourth, _] = await meetings(world, own)
            leads = next(p for p in SET if person_id(p) == fourth.facilitator_id)
            [told] = world.told(leads, "You lead your set on Tuesday 16 June, 10:00 to 12:00")
            guide = await press(world, leads, told.card, "Open the guide")
            assert NOTES in str(guide)
            assert "Handed over by Fay" in str(guide)
            assert DILEMMA not in (await world.teams.say(DI, "dilemmas")).read

            everything = str(await dump(world))
            assert DILEMMA not in everything
            assert NOTES not in everything
            assert "own the reply" not in everything


async def leader(world: World, action_set: ActionSet, number: int) -> Person | None:
    [meeting] = [m for m in await meetings(world, action_set) if m.number == number]
    return next((p for p in (*SET, FAY) if person_id(p) == meeting.facilitator_id), None)


async def test_a_turn_to_lead_is_given_away_asked_for_and_taken_over(story_database: str):
    async with surroundings() as around, a_bot(around, story_database) as world:
        own, _ = await sets_meet(world)
        await world.bot.move_to(THIRD + timedelta(hours=15))  # nobody finished the third meeting
        first = await leader(world, own, 4)
        assert first in SET
        assert world.told(first, "You lead your set on") == []
        await world.bot.move_to(london("2026-05-20T08:00"))  # out of quiet hours
        [told] = world.told(first, "You lead your set on")
        everybody = [p for p in SET if p is not first]

        passed = await press(world, first, told.card, "Pass it on")
        second = await leader(world, own, 4)
        assert second is not None
        assert second is not first
        assert f"{second.name} leads, and is told so" in str(passed)
        again = await world.teams.press(first, told, title="Pass it on")
        assert "It is not your turn" in read(again)
        await world.bot.settled()
        [told] = world.told(second, "You lead your set on")

        guide = await world.teams.press(second, told, title="Open the guide")
        third = next(p for p in everybody if p is not second)
        fourth = next(p for p in everybody if p not in (second, third))
        unsaid = await world.teams.press(second, guide["value"], title="Ask them")
        asked = await world.teams.press(
            second, guide["value"], title="Ask them", data={"who": person_id(third)}
        )
        assert "Choose first whom to ask" in read(unsaid)
        assert f"{third.name} is asked" in read(asked)
        await world.bot.settled()
        [question] = world.told(third, f"{second.name} asks whether you could lead")
        not_asked = await world.teams.press(fourth, question, title="Yes, I'll lead it")
        assert "Somebody else leads this meeting by now" in read(not_asked)
        assert await leader(world, own, 4) is second
        await world.teams.press(third, question, title="Yes, I'll lead it")
        await world.bot.settled()
        assert await leader(world, own, 4) is third
        assert len(world.told(second, f"{third.name} leads your set on")) == 1

        await world.bot.move_to(london("2026-06-12T09:01"))  # two working days before
        assert len(world.told(third, "You lead your set on")) == 1

        too_early = await world.teams.say(fourth, "guide")
        assert "I'll lead today" not in titles(too_early.card)
        pressed = await world.teams.press(fourth, told, verb="guide.open")
        await world.bot.move_to(FOURTH + timedelta(minutes=3))
        taken = await press(
            world, fourth, (await world.teams.say(fourth, "guide")).card, "I'll lead today"
        )
        assert "Start the meeting" in titles(taken)
        assert "Leads" in read(pressed)
        await press(world, fourth, taken, "Start the meeting")
        late = await world.teams.press(third, taken, title="Start the meeting")
        assert f"{fourth.name} leads this meeting" in read(late)
        await world.bot.move_to(FOURTH + timedelta(minutes=14))
        assert len(world.told(fourth, "Time is up: Arrive")) == 1


async def test_nobody_outside_a_set_learns_anything_of_it(story_database: str):
    async with surroundings() as around, a_bot(around, story_database) as world:
        own, _ = await sets_meet(world)
        form = await world.teams.say(ASHA, "bring a dilemma")
        await world.teams.press(ASHA, form.only, title="Save", data={"text": DILEMMA})
        await world.bot.move_to(THIRD)
        fay = await world.teams.say(FAY, "guide")
        await press(world, FAY, fay.card, "Start the meeting")
        here, none = (await meetings(world, own))[0].id, 10_000
        strangers = (ORGA, EVA, GUS)  # an organiser, a member and the facilitator of another set

        verbs = ("open", "start", "next", "back", "more", "finish", "lead", "pass", "agree")
        typed = {"notes": "Mine", "who": person_id(ASHA), "round": 0}
        presses: list[tuple[str, dict[str, Any]]] = [
            (f"guide.{verb}", {"meeting": here, **typed}) for verb in (*verbs, "notes", "ask")
        ]
        presses += [("guide.open", {"meeting": none}), ("guide.lead", {"meeting": none})]
        presses += [
            (verb, {"set": own.id, "text": "Mine"})
            for verb in (
                "guide.set",
                "dilemma.new",
                "dilemma.save",
                "dilemma.remove",
                "dilemma.list",
                "guide.ask_leave",
                "guide.leave",
            )
        ]
        kept = ("dilemmas", "set_meetings", "set_members", "sets")
        before = await dump(world)
        for person in strangers:
            for verb, data in presses:
                answer = await world.teams.post(world.teams.activities.invoke(verb, data, person))
                said = str(answer.body)
                assert "for the members of a set and its facilitator only" in said, (verb, said)
        after = await dump(world)

        assert {t: after[t] for t in kept} == {t: before[t] for t in kept}
        assert "no action learning set" in (await world.teams.say(ORGA, "dilemmas")).read
        assert "Nobody has brought one yet" in (await world.teams.say(EVA, "dilemmas")).read
        in_channel = await world.teams.say(ASHA, "dilemmas", where=GENERAL)
        public = [s for s in in_channel.sent if s.conversation != ASHA.chat]
        assert not any(DILEMMA in each.read for each in public)

        async with world.bot.core.work() as uow:  # taken off the programme
            enrolment = await uow.enrolments.find(own.course_id, person_id(BO))
            assert enrolment is not None
            await uow.enrolments.save([replace(enrolment, left_at=world.bot.clock.now())])
            await uow.commit()
        answer = await world.teams.post(
            world.teams.activities.invoke("dilemma.list", {"set": own.id}, BO)
        )
        assert "for the members of a set" in str(answer.body)
        await world.bot.tick()
        await world.bot.settled()
        assert len(world.told(CY, "Bo has left your set")) == 1
        assert len(await world.bot.outbox(Kind.SET_SERIES)) >= 1
