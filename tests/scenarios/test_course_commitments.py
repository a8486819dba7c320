"""What people on a programme say they will do: theirs, their set's if they like, and asked about later."""

from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import sqlalchemy as sa

from learning.courses.action_sets import ActionSet, Member, SetMeeting, SetState
from learning.courses.action_sets import MeetingState as Meeting
from learning.courses.enrolments import Running
from learning.courses.progress import StepState
from store.tables import metadata
from tests.scenarios.world import ASHA, BO, CY, DI, ORGA, World, london, person_id, read
from tests.support.activities import Person
from tests.support.card_parts import buttons, parts
from tests.support.courses import enrol, start, the_course
from tests.support.reader import a_reader

LIVE = london("2026-05-20T09:30")
PROMISE = "ring two tenants a week"
QUESTION = "30 days on: how is it going?"


async def a_course(world: World, *people: Person) -> Running:
    work, now = world.bot.core.work, world.bot.clock.now()
    running = await start(work, the_course(LIVE), now)
    await enrol(work, running, [person_id(p) for p in people], now)
    return running


async def a_set(
    world: World, running: Running, name: str, facilitator: Person, members: Sequence[Person]
) -> int:
    now = world.bot.clock.now()
    async with world.bot.core.work() as uow:
        made = await uow.sets.add(
            ActionSet(
                id=0,
                course_id=running.id,
                name=name,
                slot="Tuesday morning",
                state=SetState.CONFIRMED,
                facilitator_id=person_id(facilitator),
                made_at=now,
                confirmed_at=now,
            )
        )
        await uow.sets.save_members(
            Member(set_id=made.id, person_id=person_id(p), joined_at=now) for p in members
        )
        await uow.sets.save_meeting(
            SetMeeting(
                set_id=made.id,
                number=1,
                starts_at=now + timedelta(days=7),
                ends_at=now + timedelta(days=7, hours=2),
                state=Meeting.OVER,
            )
        )
        await uow.commit()
    return made.id


def forged(verb: str, /, **data: Any) -> dict[str, Any]:
    """A card with a button that was never shown to whoever presses it."""
    return {
        "type": "AdaptiveCard",
        "actions": [{"type": "Action.Execute", "title": "Forged", "verb": verb, "data": data}],
    }


async def press(world: World, person: Person, verb: str, /, **data: Any) -> str:
    return read(await world.teams.press(person, forged(verb, **data), title="Forged"))


async def all_rows(world: World) -> str:
    """Everything that the database holds, as whoever takes a copy of it can read it."""
    found: list[str] = []
    async with world.bot.core.database.reading.connect() as db:
        for table in metadata.sorted_tables:
            found += [str(tuple(row)) for row in await db.execute(sa.select(table))]
    return "\n".join(found)


async def test_a_commitment_is_its_makers_until_it_is_shared_and_again_afterwards(world: World):
    running = await a_course(world, ASHA, BO, DI)
    set_id = await a_set(world, running, "Set 1", CY, [ASHA, BO])

    kept = (await world.teams.say(ASHA, f"I will {PROMISE} by 30 September")).only
    own = next(b for b in buttons(kept.card) if b["verb"] == "commitment.share")["data"]["id"]
    private = await world.teams.say(BO, "our commitments")

    assert f"I will {PROMISE}" in kept.read
    assert "By Wednesday 30 September 2026 · private" in kept.read
    assert "Only you can read it." in kept.read
    assert PROMISE not in kept.card["speak"]
    assert "Nobody shares a commitment with the set yet" in private.read

    shared = await world.teams.press(ASHA, kept, title="Share it with my set")
    theirs = [(await world.teams.say(p, "our commitments")).read for p in (ASHA, BO, CY)]
    assert "shared with your set" in read(shared)
    for seen in theirs:
        assert ASHA.name in seen
        assert f"I will {PROMISE}" in seen

    # Whoever has no part in it: on the programme but in no set, organiser, and on nothing at all.
    stranger = await world.newcomer()
    for nosy in (DI, ORGA, stranger):
        said = await press(world, nosy, "commitment.ours", set=set_id)
        assert "Only those who are in a set" in said
        assert (
            "Only those who are in a set" in (await world.teams.say(nosy, "our commitments")).read
        )

    # Its id opens it for nobody else, whether they may read it or not, and nothing of it changes.
    for nosy in (BO, CY, DI, ORGA, stranger):
        for verb, more in {
            "commitment.show": {},
            "commitment.edit": {},
            "commitment.ask_delete": {},
            "commitment.delete": {},
            "commitment.save": {"text": "mine now", "due": "2026-09-30"},
            "commitment.share": {"shared": True},
            "commitment.check": {"day": 30, "state": "done"},
            "commitment.lesson": {"day": 30},
        }.items():
            answer = await press(world, nosy, verb, id=own, **more)
            assert "no such commitment of yours" in answer, (nosy.name, verb)
            assert PROMISE not in answer
        timeline = await press(world, nosy, "commitment.timeline", person=person_id(ASHA))
        assert PROMISE not in timeline + (await press(world, nosy, "commitment.list", id=own))

    # Who leaves the set no longer reads it, and hidden again nobody does.
    async with world.bot.core.work() as uow:
        bos = Member(
            set_id=set_id,
            person_id=person_id(BO),
            joined_at=world.bot.clock.now(),
            left_at=world.bot.clock.now(),
        )
        await uow.sets.save_members([bos])
        await uow.commit()
    assert "Only those who are in a set" in await press(world, BO, "commitment.ours", set=set_id)
    await world.teams.press(ASHA, shared, title="Make it private")
    assert PROMISE not in await press(world, CY, "commitment.ours", set=set_id)

    # Nothing of it stands readable in the database, in the outbox, or in what dialogs remember.
    assert PROMISE not in await all_rows(world)

    # Changed, nearly deleted, and deleted.
    form = await world.teams.press(ASHA, shared, title="Change it")
    held = {p["id"]: p.get("value") for _, p in parts(form["value"]) if "id" in p}
    assert held == {"text": PROMISE, "due": "2026-09-30"}
    late = {"text": "ring two", "due": "2026-05-01"}
    wrong = await world.teams.press(ASHA, form, title="Save", data=late)
    assert "That day is over" in read(wrong)
    again = {p["id"]: p.get("value") for _, p in parts(wrong["value"]) if "id" in p}
    assert again == late
    better = await world.teams.press(
        ASHA, wrong, title="Save", data={"text": "I will ring two", "due": "2026-10-01"}
    )
    assert "I will ring two" in read(better)
    assert "By Thursday 1 October 2026" in read(better)
    asked = await world.teams.press(ASHA, better, title="Delete it")
    assert "I will ring two" in read(await world.teams.press(ASHA, asked, title="Keep it"))
    assert "Deleted." in read(await world.teams.press(ASHA, asked, title="Delete it for good"))
    assert "no such commitment" in read(await world.teams.press(ASHA, asked, title="Keep it"))
    assert "You have made no commitment yet" in (await world.teams.say(ASHA, "my commitments")).read


async def test_somebody_on_no_programme_means_something_else(world: World):
    await a_course(world, ASHA)

    words = await world.teams.say(BO, "I will find Growth mindset by Friday")
    new = await world.teams.say(BO, "add a commitment")
    forged_one = await press(world, BO, "commitment.save", course=1, text="x", due="2026-09-30")
    in_the_card = (await world.teams.say(ASHA, "add a commitment")).only
    filled = {"text": "listen", "due": "2026-06-30", "with_set": "yes"}
    once = await world.teams.press(ASHA, in_the_card, title="Save", data=filled)
    twice = await world.teams.press(ASHA, in_the_card, title="Save", data=filled)
    mine = await world.teams.say(ASHA, "my commitments")

    assert "Kept" not in words.read
    assert "you are on none" in new.read
    assert "you are not on this one" in forged_one
    assert "shared with your set" in read(once)
    assert "shared with your set" in read(twice)
    assert mine.read.count("I will listen") == 1


async def test_it_is_asked_about_after_30_60_and_90_days(world: World):
    running = await a_course(world, ASHA, BO)
    await world.book(ASHA, "SHOES-1")
    await a_set(world, running, "Set 1", CY, [ASHA, BO])
    await world.teams.say(ASHA, f"I will {PROMISE} by 30 September")
    await world.teams.say(ASHA, "I will read every complaint by 1 July")
    async with world.bot.core.work() as uow:
        for step in running.course.steps:  # so that nothing else is to be reminded of
            now = world.bot.clock.now()
            state = StepState(
                course_id=running.id,
                person_id=person_id(ASHA),
                step_id=step.id,
                started_at=now,
                done_at=now,
            )
            await uow.step_states.save(state)
        await uow.commit()

    # The day before nobody asks; on the day what stands for the card says nothing of what was promised.
    await world.bot.move_to(london("2026-06-16T09:00"))
    assert not world.told(ASHA, QUESTION)
    await world.bot.move_to(london("2026-06-17T09:00"))
    [nudge] = world.told(ASHA, QUESTION)
    assert f"I will {PROMISE}" in nudge.read
    assert PROMISE not in nudge.card["speak"]
    assert not world.told(BO, QUESTION)
    [ring] = {b["data"]["id"] for b in buttons(nudge.card) if b["verb"] == "commitment.check"}

    # Answered in place, twice, by somebody else, and said otherwise afterwards.
    others = await world.teams.press(BO, nudge.card, title="Done")
    on_the_way = await world.teams.press(ASHA, nudge, title="On the way")
    again = await world.teams.press(ASHA, nudge, title="On the way")
    assert "no such commitment of yours" in read(others)
    assert "On the way. I'll ask again" in read(on_the_way)
    assert read(again) == read(on_the_way)
    listed = await world.teams.press(ASHA, on_the_way, title="The next one")
    assert read(listed).count("30 days on") == 1
    [complaints] = {
        b["data"]["id"] for b in buttons(listed["value"]) if b["verb"] == "commitment.check"
    }
    way = await world.teams.press(ASHA, listed, title="On the way")
    done = await world.teams.press(ASHA, way, title="Done")
    assert "Done: you did what you said" in read(done)
    await world.bot.move_to(london("2026-06-25T09:00"))
    assert len(world.told(ASHA, QUESTION)) == 1

    # What was done is asked about no more; of the other the old card asks for what it is now.
    await world.bot.move_to(london("2026-07-17T09:00"))
    [asked] = world.told(ASHA, "60 days on: how is it going?")
    assert PROMISE in asked.read
    old = await world.teams.press(ASHA, listed, title="Done", having={"id": complaints, "day": 30})
    assert "so I do not ask any more" in read(old)
    late = await world.teams.press(ASHA, nudge, title="Done", having={"id": ring, "day": 30})
    assert "this is the one after 60 days" in read(late)
    form = await world.teams.press(ASHA, late, title="It has changed")
    empty = await world.teams.press(
        ASHA, form, title="Save", data={"text": " ", "due": "2026-10-31"}
    )
    assert "Write what you will do" in read(empty)
    changed = await world.teams.press(
        ASHA, empty, title="Save", data={"text": "visit one customer a month", "due": "2026-10-31"}
    )
    assert "I will visit one customer a month" in read(changed)

    # Nobody answers in time at 90, then it is dropped with a lesson, and then it lapses.
    await world.bot.move_to(london("2026-08-17T09:00"))
    lesson = await world.teams.press(
        ASHA, (await world.teams.say(ASHA, "my commitments")).card, title="I dropped it"
    )
    dropped = await world.teams.press(
        ASHA, lesson, title="Drop it", data={"lesson": "Start with one street."}
    )
    assert "What you learnt: Start with one street." in read(dropped)
    await world.bot.move_to(london("2026-09-15T09:00"))
    gone = await world.teams.press(ASHA, lesson, title="Drop it", data={"lesson": "Another"})
    assert "so I do not ask any more" in read(gone)

    timeline = (await world.teams.say(ASHA, "my timeline")).read
    in_order = [
        "You joined the programme",
        "You joined Set 1",
        "You committed: I will visit one customer a month",
        "Done: Whose service is it?",
        "You had a place on",
        "Set 1 met",
        "Check-in after 30 days: on the way.",
        "Check-in after 60 days: changed. Before, it was:",
        PROMISE,
        "Check-in after 90 days: dropped. What you learnt:",
        "Start with one street.",
    ]
    places = [timeline.find(words) for words in in_order]
    assert -1 not in places, list(zip(in_order, places, strict=True))
    assert places == sorted(places)
    assert "Nothing has happened yet" in (await world.teams.say(ORGA, "my timeline")).read

    # Their own data has their words, and once they are forgotten only the counts are left.
    file = await world.bot.core.own_files.of(person_id(ASHA))
    with ZipFile(BytesIO(file.data)) as archive:
        data = "".join(archive.read(name).decode() for name in archive.namelist())
    for words in (PROMISE, "visit one customer a month", "Start with one street."):
        assert words in data
    await world.teams.say(ASHA, "forget me")
    await world.teams.say(ASHA, "yes")
    async with world.bot.core.work(read_only=True) as uow:
        left = await uow.commitments.of_course(running.id)
        checks = await uow.commitments.checks([c.id for c in left])
    assert [c.sealed for c in left] == ["", ""]
    assert sorted((c.day, str(c.state), c.sealed) for c in checks) == [
        (30, "done", ""),
        (30, "on the way", ""),
        (60, "changed", ""),
        (90, "dropped", ""),
    ]


async def test_organisers_see_counts_of_five_people_and_never_what_one_more_did(world: World):
    people = [ASHA, BO, CY, DI, *[await world.newcomer() for _ in range(3)]]
    await a_course(world, *people)
    for person in people[:4]:
        await world.teams.say(person, f"I will {PROMISE} by 30 September")
    page = "/desk/courses/CUSTOMER/commitments"
    async with a_reader(world.bot, ORGA) as orla:
        of_four = await orla.get(page)
        await world.teams.say(people[4], "I will listen by 1 June")
        of_five = await orla.get(page)
        await world.teams.say(people[5], "I will listen by 1 June")
        of_six = await orla.get(page)
    await world.bot.move_to(london("2026-06-20T09:00"))
    async with a_reader(world.bot, ORGA) as orla:
        for person in people[:5]:
            listed = await world.teams.say(person, "my commitments")
            await world.teams.press(person, listed.card, title="Done")
        later = await orla.get(page)
        file = await orla.get(f"{page}.csv")
        course = await orla.get("/desk/courses/CUSTOMER")
        unknown = await orla.get("/desk/courses/NONE/commitments")
    async with a_reader(world.bot, ASHA) as asha:
        refused = await asha.get(page)
        nothing = await asha.get(f"{page}.csv")

    assert "Counts are shown once at least 5 people" in of_four.words
    assert "Commitments made 5" in of_five.words
    assert "Shared with a set 0" in of_five.words
    assert "Something has changed since" in of_six.words
    assert "Commitments made 5" in of_six.words
    # Six have come to 30 days, five of them done: the one who said nothing stands with the others.
    assert "6 commitments have come to this check-in" in later.words
    assert "Done or nothing said 6" in later.words
    assert "done or nothing said,30,6" in file.text
    assert file.text.splitlines()[:3] == ["figure,day,count", "made,,6", "people,,6"]
    assert page in course.text
    assert unknown.status == 404
    for answer in (of_five, later, file):
        assert PROMISE not in answer.text
        assert not [p.name for p in people if p.name in answer.text]
    assert (refused.status, nothing.status) == (403, 403)
