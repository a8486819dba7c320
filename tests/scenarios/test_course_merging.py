"""Members leave a set until it is too small; an organiser has it go on in another."""

import re
from datetime import timedelta

from learning.courses.action_sets import ActionSet, SetState, Wish
from learning.notices import Kind
from learning.people import PersonId
from learning.profiles import Profile
from services.ports.journal import What
from tests.scenarios.world import (
    ASHA,
    BO,
    CY,
    DI,
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
from tests.support.courses import a_set, enrol, start, the_course
from tests.support.reader import a_reader

EVA, FAY, GUS, HAL, IDA, JO, KIT = (
    a_person(name) for name in ("Eva", "Fay", "Gus", "Hal", "Ida", "Jo", "Kit")
)
PATH = "/desk/courses/CUSTOMER/merging"
TUESDAY, THURSDAY = "Tuesday morning", "Thursday morning"
DILEMMA = "Nobody reads what we publish and I cannot say so"


async def three_sets(world: World) -> tuple[ActionSet, ActionSet, ActionSet]:
    """Asha's of five, Eva's of four on Thursdays, and Jo's, in which Cy's manager is."""
    everybody = (ASHA, BO, CY, DI, EVA, FAY, GUS, HAL, IDA, JO, KIT)
    await world.know(*everybody, ORGA)
    work, long_ago = world.bot.core.work, MONDAY - timedelta(weeks=9)
    running = await start(work, the_course(london("2026-03-10T09:30")), long_ago)
    await enrol(work, running, [person_id(p) for p in everybody], long_ago)
    async with work() as uow:
        for person in everybody:
            can = {TUESDAY} if person is CY else {TUESDAY, THURSDAY}
            wish = Wish(
                course_id=running.id,
                person_id=person_id(person),
                can=frozenset(can),
                put_forward_at=long_ago,
            )
            await uow.sets.save_wish(wish)
        boss = Profile(person_id=person_id(CY), manager_id=person_id(JO), read_at=long_ago)
        await uow.profiles.save([boss])
        await uow.commit()

    async def of(people: list[Person], name: str, slot: str, starts: str) -> ActionSet:
        return await a_set(
            work,
            running,
            [person_id(p) for p in people],
            long_ago,
            meetings=(london(starts),),
            first=4,
            name=name,
            slot=slot,
        )

    return (
        await of([ASHA, BO, CY, DI, FAY], "Set 1", TUESDAY, "2026-06-16T10:00"),
        await of([EVA, GUS, HAL, IDA], "Set 2", THURSDAY, "2026-06-18T10:00"),
        await of([JO, KIT], "Set 3", TUESDAY, "2026-06-16T14:00"),
    )


async def members(world: World, action_set: ActionSet) -> set[PersonId]:
    async with world.bot.core.work(read_only=True) as uow:
        return {m.person_id for m in await uow.sets.members([action_set.id]) if m.is_in}


async def leave(world: World, person: Person) -> str:
    asked = await world.teams.say(person, "leave my set")
    return read(await world.teams.press(person, asked.only, title="Leave the set"))


async def test_a_set_that_lost_its_members_goes_on_in_another(story_database: str):
    async with surroundings() as around, a_bot(around, story_database) as world:
        first, second, third = await three_sets(world)
        for person, text in ((ASHA, DILEMMA), (DI, "Di's own"), (EVA, "Eva's own")):
            form = await world.teams.say(person, "bring a dilemma")
            await world.teams.press(person, form.only, title="Save", data={"text": text})
        await world.bot.move_to(MONDAY + timedelta(hours=2))
        [early] = world.told(ORGA, "Set 3 has 2 members left")  # it had so few from the start
        assert world.told(ORGA, "Set 1 has") == []

        asked = await world.teams.say(FAY, "leave my set")
        assert "Leave Set 1?" in asked.read
        await world.teams.press(FAY, asked.only, title="Stay")
        assert len(await members(world, first)) == 5
        assert "You have left Set 1" in await leave(world, FAY)
        await world.teams.say(DI, "forget me")
        await world.teams.say(DI, "yes")
        await world.bot.settled()

        assert await members(world, first) == {person_id(p) for p in (ASHA, BO, CY)}
        assert [len(world.told(p, "Fay has left your set")) for p in (ASHA, BO, CY, EVA)] == [
            1,
            1,
            1,
            0,
        ]
        assert len(world.told(ASHA, "Somebody has left your set")) == 1
        listed = (await world.teams.say(BO, "dilemmas")).read
        assert (DILEMMA in listed, "Di's own" in listed) == (True, False)
        again = await world.teams.post(
            world.teams.activities.invoke("guide.leave", {"set": first.id}, FAY)
        )
        assert "for the members of a set" in str(again.body)
        await world.pass_time(timedelta(minutes=5))
        await world.pass_time(timedelta(minutes=5))
        [told] = world.told(ORGA, "Set 1 has 3 members left")
        assert "/desk/courses/CUSTOMER/merging" in str(told.card)
        assert "DILEMMA" not in str(early.card)

        async with a_reader(world.bot, ORGA) as orla:
            page = await orla.get(PATH)
            assert "Cy cannot make that time." in page.words
            # Set 3 is Jo's, who is Cy's manager: neither set is offered to the other.
            assert f'value="{third.id}"' in page.text  # which may go on in Eva's
            forms = re.findall(
                r'name="moving" value="(\d+)".*?name="into" value="(\d+)"', page.text
            )
            assert forms == [
                (str(first.id), str(second.id)),
                (str(third.id), str(second.id)),
            ]
            [seen, *_] = re.findall(r'name="seen" value="(\w+)"', page.text)
            old = await orla.post(
                PATH, {"moving": str(first.id), "into": str(second.id), "seen": "before"}
            )
            managed = await orla.post(
                PATH, {"moving": str(first.id), "into": str(third.id), "seen": seen}
            )
            assert "Something has changed since you opened this page" in old.words
            assert "cannot go on as one any more" in managed.words
            assert await members(world, first) == {person_id(p) for p in (ASHA, BO, CY)}
            merge = {"moving": str(first.id), "into": str(second.id), "seen": seen}
            done = await orla.post(PATH, merge)
            assert done.status == 303
            page = await orla.get(done.headers["Location"].partition("#")[0])
            assert "Set 1 goes on in Set 2" in page.words
            assert "Something has changed" in (await orla.post(PATH, merge)).words
            assert "Sets merged" in (await orla.get("/desk/changes")).words
        await world.bot.settled()

        everybody = (ASHA, BO, CY, EVA, GUS, HAL, IDA)
        assert await members(world, second) == {person_id(p) for p in everybody}
        assert await members(world, first) == set()
        assert [len(world.told(p, "Your set goes on as Set 2")) for p in everybody] == [1] * 7
        [card] = world.told(ASHA, "Your set goes on as Set 2")
        assert "Thursday 18 June, 10:00 to 12:00" in card.read
        read_now = (await world.teams.say(GUS, "dilemmas")).read
        assert (DILEMMA in read_now, "Eva's own" in read_now) == (False, True)
        assert DILEMMA not in (await world.teams.say(ASHA, "dilemmas")).read
        gone = await world.teams.post(
            world.teams.activities.invoke("dilemma.list", {"set": first.id}, ASHA)
        )
        assert "for the members of a set" in str(gone.body)
        async with world.bot.core.work(read_only=True) as uow:
            merged = await uow.sets.find(first.id)
            [entry] = await uow.journal.latest(5, what=[What.SETS_MERGED])
        assert merged is not None
        assert merged.state is SetState.MERGED
        assert entry.after == {"set": "Set 2", "members": "7"}
        series = [row.notice.payload["set"] for row in await world.bot.outbox(Kind.SET_SERIES)]
        assert {first.id, second.id} <= set(series)
