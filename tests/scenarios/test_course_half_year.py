"""Two hundred days of a programme: sixty leaders, from enrolment to the last check-in."""

import re
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from learning.courses.action_sets import MeetingState, SetState
from learning.courses.commitments import Said
from learning.courses.enrolments import Running
from learning.courses.quotes import Place, Signing
from learning.notices import Kind
from learning.people import Person
from learning.profiles import Profile
from services.ports.errands import ErrandState
from tests.scenarios.leaders import SLOTS, Cohort, Leader, sixty
from tests.scenarios.world import ORGA, World, a_bot, person_id, read, surroundings
from tests.support.activities import a_person
from tests.support.card_parts import buttons
from tests.support.courses import start, the_course
from tests.support.databases import read_sql
from tests.support.reader import a_reader

LONDON = ZoneInfo("Europe/London")
FIRST = date(2026, 1, 12)
DAYS = 200
LIVE = [
    datetime(2026, 3, 10, 9, 30, tzinfo=LONDON),
    datetime(2026, 3, 11, 9, 30, tzinfo=LONDON),
    datetime(2026, 3, 17, 13, 0, tzinfo=LONDON),
    datetime(2026, 3, 18, 13, 0, tzinfo=LONDON),
]
"""Four dates with sixteen places each; the clocks change before the sets first meet."""

SETS_ON, RESTARTS = date(2026, 4, 1), {9, 44, 57, 80, 131, 170}
LEAVE, FORGOTTEN, SILENT = {20: 12, 70: 30, 110: 16}, {90: 20, 150: 40}, {15: 8}
"""On which day which leader leaves, is forgotten, or turns nudges off."""

FAY = a_person("Fay")


@dataclass
class Story:
    """What the days leave behind in the test's own books."""

    cohort: Cohort
    running: Running
    nudged: Counter[date] = field(default_factory=Counter[date])
    made: int = 0
    checked: int = 0
    met: int = 0


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_sixty_leaders_over_two_hundred_days(story_database: str):
    cohort = sixty(seed=9)
    async with surroundings() as around, AsyncExitStack() as stack:
        world = await stack.enter_async_context(a_bot(around, story_database, at=morning(FIRST)))
        story = Story(cohort=cohort, running=await begin(world, cohort))
        for number in range(DAYS):
            today = FIRST + timedelta(days=number)
            if number in RESTARTS:
                await stack.aclose()
                world = await stack.enter_async_context(
                    a_bot(around, story_database, at=morning(today))
                )
            await world.bot.move_to(morning(today))
            await a_day(world, story, today, number)
            await check_the_day(world, story, today)
        await check_the_end(world, story)


def morning(day: date) -> datetime:
    return datetime.combine(day, time(9, 30), LONDON)


async def begin(world: World, cohort: Cohort) -> Running:
    """The programme with its dates, and everybody on it, some with their manager."""
    core, now = world.bot.core, world.bot.clock.now()
    running = await start(core.work, the_course(*LIVE), now)
    await world.know(ORGA, FAY, *(leader.person for leader in cohort.leaders))
    async with core.work() as uow:
        await uow.profiles.save(
            Profile(
                person_id=leader.id,
                department=f"Team {number % 10}",
                manager_id=cohort.leaders[number % 10].id if number >= 50 else "",
                read_at=now,
            )
            for number, leader in enumerate(cohort.leaders)
        )
        await uow.commit()
    people = [Person(id=leader.id, name=leader.person.name) for leader in cohort.leaders]
    done = await core.enrolments.enrol(running.id, people, "Spring", by=person_id(ORGA))
    assert len(done.new) == 60
    return running


# --- what happens on a day ---------------------------------------------------------------------


async def a_day(world: World, story: Story, today: date, number: int) -> None:
    await some_go(world, story, number)
    for who in await nudged_on(world, today):
        story.nudged[today] += 1
        leader = story.cohort.of(who)
        if story.cohort.dice.random() < leader.zeal:
            await act(world, story, leader, today)
    if today == SETS_ON:
        await form_sets(world, story)
    if today > SETS_ON:
        await meet(world, story, today)
    if number in (60, 75, 95):
        await promise(world, story, today)
    if number == 165:
        await speak_up(world, story)


async def some_go(world: World, story: Story, number: int) -> None:
    core, leaders = world.bot.core, story.cohort.leaders
    if number - 1 in SILENT:
        leaders[SILENT[number - 1]].wants_nudges = False
    if number in SILENT:
        leader = leaders[SILENT[number]]
        assert "off" in (await world.teams.say(leader.person, "nudges off")).read.casefold()
    if number in LEAVE:
        leader = leaders[LEAVE[number]]
        asked = await world.teams.say(leader.person, "leave programme")
        assert "leave" in asked.read.casefold()
        assert "You have left" in (await world.teams.say(leader.person, "yes")).read
        leader.is_on = False
    if number in FORGOTTEN:
        leader = leaders[FORGOTTEN[number]]
        await core.people.forget(leader.id)
        leader.is_on = False


async def act(world: World, story: Story, leader: Leader, today: date) -> None:
    """Do what waits: book a date, say how a commitment goes, offer a time for a set, or a step."""
    teams, core, cohort = world.teams, world.bot.core, story.cohort
    due = await core.commitments.first_due(leader.id)
    if due is not None and due.day is not None:
        said = cohort.dice.choice([Said.DONE, Said.ON_THE_WAY, Said.DROPPED])
        lesson = cohort.secret() if said is Said.DROPPED else ""
        await core.commitments.check(
            leader.id, due.commitment.id, due.day, said, today=today, text=lesson
        )
        story.checked += 1
    shown = (await teams.say(leader.person, "my programme")).card
    dates = [b for b in buttons(shown) if b.get("verb") == "session.book"]
    if dates and today < LIVE[0].date():
        chosen = cohort.dice.choice(dates)
        await teams.press(
            leader.person, shown, verb="session.book", having={"session": chosen["data"]["session"]}
        )
        shown = (await teams.say(leader.person, "my programme")).card
    for step in [b for b in buttons(shown) if b["title"].startswith(("Start:", "Go on:"))][:2]:
        card = await teams.press(leader.person, shown, title=step["title"])
        if await cohort.go_through(world, leader, card):
            leader.done.add(step["data"]["step"])
    if any(b.get("verb") == "set.open" for b in buttons(shown)) and today < SETS_ON:
        await put_forward(world, story, leader)


async def put_forward(world: World, story: Story, leader: Leader) -> None:
    if "60-sets" in leader.done:
        return
    can = story.cohort.dice.sample(SLOTS, 5)
    card = (await world.teams.say(leader.person, "join a set")).card
    if not any(b.get("verb") == "set.send" for b in buttons(card)):
        return
    answer = await world.teams.press(
        leader.person, card, verb="set.send", data={"can": ",".join(can), "prefers": can[0]}
    )
    assert "You have put yourself forward" in read(answer)
    leader.done.add("60-sets")


async def form_sets(world: World, story: Story) -> None:
    """The organiser has sets proposed, names who leads them at first, and confirms."""
    desk = f"/desk/courses/{story.running.course.code}/sets"
    async with a_reader(world.bot, ORGA) as orla:
        begun = await orla.post(f"{desk}/propose")
        errand = begun.headers["Location"].rpartition("/")[2]
        done = await world.bot.core.errands.within(errand, 60)
        assert done.state is ErrandState.DONE, done.result
        async with world.bot.core.work(read_only=True) as uow:
            proposed = await uow.sets.of_course(story.running.id)
        for each in proposed:
            named = await orla.post(f"{desk}/{each.id}/facilitator", {"person": person_id(FAY)})
            assert named.status == 303, named.words
        seen = re.search(r'name="seen" value="(\w+)"', (await orla.get(desk)).text)
        assert seen
        confirmed = await orla.post(f"{desk}/confirm", {"seen": seen[1]})
        assert confirmed.status == 303, confirmed.words
    await world.bot.settled()


async def meet(world: World, story: Story, today: date) -> None:
    """Every set that meets today does, led by whoever's turn it is, and passes notes on."""
    core = world.bot.core
    async with core.work(read_only=True) as uow:
        sets = await uow.sets.of_course(story.running.id)
        found = [
            m for s in sets if s.state is SetState.CONFIRMED for m in await uow.sets.meetings(s.id)
        ]
        inside = {
            s.id: [m.person_id for m in await uow.sets.members([s.id]) if m.is_in] for s in sets
        }
    for meeting in sorted(found, key=lambda m: m.starts_at):
        if meeting.starts_at.astimezone(LONDON).date() != today or not meeting.facilitator_id:
            continue
        if meeting.state is not MeetingState.PLANNED:
            continue
        await core.dilemmas.bring(
            story.cohort.dice.choice(inside[meeting.set_id]), meeting.set_id, story.cohort.secret()
        )
        await world.bot.move_to(meeting.starts_at)
        leads = meeting.facilitator_id
        await core.set_meetings.start(leads, meeting.id)
        await core.set_meetings.go(leads, meeting.id, 0, 1)
        await core.set_meetings.finish(leads, meeting.id)
        await core.set_meetings.hand_over(leads, meeting.id, story.cohort.secret())
        story.met += 1


async def promise(world: World, story: Story, today: date) -> None:
    for leader in story.cohort.on_it:
        if story.cohort.dice.random() < leader.zeal / 2:
            await world.bot.core.commitments.add(
                leader.id,
                story.running.id,
                story.cohort.secret(),
                today + timedelta(days=80),
                today=today,
                shared=story.cohort.dice.random() < 0.3,
            )
            story.made += 1


async def speak_up(world: World, story: Story) -> None:
    """Some let themselves be quoted, and one takes it back."""
    quotes, course = world.bot.core.quotes, story.running.id
    willing = [leader for leader in story.cohort.on_it if "60-sets" in leader.done][:4]
    for number, leader in enumerate(willing):
        await quotes.save(
            leader.id, course, f"It changed how I listen, {number}.", [Place.HUB], Signing.NAMELESS,
            "a head of service", agreed=True,
        )  # fmt: skip
        leader.done.add("90-advocates")
    await quotes.revoke(willing[0].id, course)
    said = [spoken.quote.text for spoken in await quotes.shown(Place.HUB)]
    assert sorted(said) == [f"It changed how I listen, {n}." for n in range(1, len(willing))]


# --- what holds on every day -------------------------------------------------------------------


async def nudged_on(world: World, today: date) -> list[str]:
    """Who was sent a reminder of the programme today, once for each reminder."""
    rows = await read_sql(
        world.bot.core.database,
        f"SELECT person_id FROM outbox WHERE kind = '{Kind.COURSE_NUDGE}' AND state = 'sent'"  # noqa: S608 -- ours
        f" AND key LIKE '%{today.isoformat()}' ORDER BY person_id",
    )
    return [who for (who,) in rows]


async def check_the_day(world: World, story: Story, today: date) -> None:
    database, cohort = world.bot.core.database, story.cohort
    assert await world.bot.breaches() == [], today
    nudged = Counter(await nudged_on(world, today))
    assert max(nudged.values(), default=0) <= 1, today
    assert not nudged or today.weekday() < 5
    for who in nudged:
        assert cohort.of(who).wants_nudges, (today, who)
    on_it = await read_sql(database, "SELECT person_id FROM enrolments WHERE left_at IS NULL")
    assert {who for (who,) in on_it} == {leader.id for leader in cohort.on_it}
    done = await read_sql(
        database, "SELECT person_id, step_id FROM step_states WHERE done_at IS NOT NULL"
    )
    kept = {(leader.id, step) for leader in cohort.on_it for step in leader.done}
    assert {row for row in done if row[0] in {leader.id for leader in cohort.on_it}} == kept, today
    given_up = await read_sql(
        database, "SELECT kind, last_error FROM outbox WHERE state IN ('given_up', 'held_back')"
    )
    assert given_up == [], today


async def check_the_end(world: World, story: Story) -> None:
    cohort, database = story.cohort, world.bot.core.database
    gone = [leader for leader in cohort.leaders if not leader.is_on]
    assert len(gone) == len(LEAVE) + len(FORGOTTEN)
    idle = [leader for leader in cohort.on_it if not leader.zeal]
    assert all(not leader.done for leader in idle)
    # Something happened, in every part of it.
    steps = Counter(step for leader in cohort.leaders for step in leader.done)
    assert steps["10-whose-service"] > 25, steps
    assert steps["40-before-we-meet"] > 20, steps
    assert steps["60-sets"] > 20, steps
    assert steps["70-one-month"] > 10, steps
    assert story.met >= 6, story.met
    assert story.made > 30, story.made
    assert story.checked > 20, story.checked
    assert sum(story.nudged.values()) > 200
    await nobody_reads_it(world, cohort)
    print(
        f"{dict(steps)}; {story.met} meetings, {story.made} commitments, {story.checked} check-ins,"
    )
    print(f"{sum(story.nudged.values())} reminders, {len(cohort.secrets)} things written")
    rows = await read_sql(database, "SELECT count(*) FROM outbox")
    print(f"{rows} deliveries")


async def nobody_reads_it(world: World, cohort: Cohort) -> None:
    """Nothing that was written stands in the database, or was sent to somebody else unasked."""
    database = world.bot.core.database
    tables = await read_sql(database, "SELECT name FROM sqlite_master WHERE type = 'table'")
    everything: list[Any] = []
    for (name,) in tables:
        everything += await read_sql(database, f'SELECT * FROM "{name}"')  # noqa: S608 -- its own tables
    text = str(everything)
    assert "The customer at the heart" in text
    assert "is what I would not say aloud" not in text
    assert len(cohort.secrets) > 300
