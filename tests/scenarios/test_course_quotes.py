"""What people let others read of a programme: where they ticked, until they take it back."""

from dataclasses import replace
from typing import Any

import learning.people
from learning.courses.enrolments import Running
from tests.scenarios.test_course_commitments import LIVE, all_rows, forged, press
from tests.scenarios.world import ASHA, BO, CY, DI, ORGA, World, london, person_id, read
from tests.support.activities import Person
from tests.support.card_parts import buttons, parts
from tests.support.courses import enrol, start, the_course
from tests.support.reader import Page, a_reader

OPEN = london("2026-08-27T10:00")
"""Fourteen weeks after the live session, and a day."""

WORDS = "It <b>changed</b> how I *listen* to customers."
SIGNED = {"signing": "nameless", "title": "a head of service"}
AGREED = {"text": WORDS, "places": "hub,engage", **SIGNED, "agree": "yes"}
DESK = "/desk/courses/CUSTOMER/quotes"
REPORT = "/desk/report?edition=The%20customer%20at%20the%20heart"


async def a_course_at_its_end(world: World) -> Running:
    """Asha, Bo and Cy were there; Di had no place."""
    work, now = world.bot.core.work, world.bot.clock.now()
    running = await start(work, the_course(LIVE), now)
    await enrol(work, running, [person_id(p) for p in (ASHA, BO, CY, DI)], now)
    for person in (ASHA, BO, CY):
        await world.book(person, "SHOES-1")
    return running


async def invited(world: World, running: Running) -> Person:
    """Somebody whom an organiser puts on the programme now."""
    person = await world.newcomer()
    known = learning.people.Person(id=person_id(person), name=person.name)
    await world.bot.core.enrolments.enrol(running.id, [known], "Spring", by=person_id(ORGA))
    await world.bot.settled()
    return person


def held(card: dict[str, Any]) -> dict[str, str]:
    return {p["id"]: p.get("value", "") for _, p in parts(card) if "id" in p}


async def read_by(world: World, path: str, *, signed_in: bool = True) -> Page:
    async with a_reader(world.bot, ORGA if signed_in else None) as reader:
        return await reader.get(path)


async def test_a_quote_appears_where_it_may_until_it_is_taken_back(world: World):
    running = await a_course_at_its_end(world)
    too_early = await world.teams.say(ASHA, "give a quote")
    early_press = await press(world, ASHA, "quote.open", course=running.id)
    await world.bot.move_to(OPEN)
    nothing = await read_by(world, "/hub", signed_in=False)

    assert "no programme that asks you for a quote now" in too_early.read
    assert "You can give a quote from 26 August on." in early_press
    assert "What people say" not in nothing.words

    path = await world.teams.say(ASHA, "my programme")
    assert {"quote.open", "commitment.list"} <= {b["verb"] for b in buttons(path.card)}

    # Everything is off; what lacks is said, with all that was typed but the consent.
    form = (await world.teams.say(ASHA, "give a quote")).only
    assert held(form.card) == {"text": "", "places": "", "signing": "", "title": "", "agree": "no"}
    lacking = await world.teams.press(ASHA, form, title="Save", data=AGREED | {"agree": "no"})
    assert "Tick that you agree" in read(lacking)
    assert held(lacking["value"]) == AGREED | {"places": "hub,engage", "agree": "no"}
    assert "It <b>" not in await all_rows(world)
    kept = await world.teams.press(ASHA, lacking, title="Save", data={"agree": "yes"})
    assert "A head of service" in read(kept)
    assert "The report" not in read(kept)

    hub = await read_by(world, "/hub", signed_in=False)
    signed_in = await read_by(world, "/hub")
    desk = await read_by(world, DESK)
    assert "It &lt;b&gt;changed&lt;/b&gt; how I *listen*" in hub.body.decode()
    assert "A head of service, on “The customer at the heart”" in hub.words
    assert "It <b>changed" in signed_in.text
    assert "Not agreed: The report; The next invitation" in desk.words
    assert 'data-copy-from="post-1"' in desk.text
    for page in (hub, desk):
        assert ASHA.name not in page.text.replace(ORGA.name, "")

    # Changed: other words in another place, agreed to anew; nowhere else from then on.
    change = await world.teams.press(ASHA, kept, title="Change it")
    assert held(change["value"])["text"] == WORDS
    assert held(change["value"])["agree"] == "no"
    other = AGREED | {"text": "Listen first.", "places": "report,invitation", "signing": "first"}
    await world.teams.press(ASHA, change, title="Save", data=other)
    assert "What people say" not in (await read_by(world, "/hub", signed_in=False)).words
    moved = await read_by(world, DESK)
    assert "Listen first." in moved.words
    assert "data-copy-from" not in moved.text
    report = await read_by(world, REPORT)
    assert "Listen first." in report.words
    newcomer = await invited(world, running)
    [welcome] = world.told(newcomer, "Welcome to The customer at the heart")
    assert "Listen first." in welcome.read
    assert "Asha" in welcome.read
    assert WORDS not in await all_rows(world)

    # Taken back: gone from every page and from the database, while the step stays done.
    back = await world.teams.press(ASHA, kept, title="Change it")
    await world.teams.press(ASHA, back, title="Save", data=AGREED)
    assert "It <b>changed" in (await read_by(world, "/hub", signed_in=False)).text
    taken = await world.teams.say(ASHA, "revoke my quote")
    again = await world.teams.press(ASHA, kept, title="Take it back")
    assert "Your quote is taken back" in taken.read
    assert "You have no quote that appears anywhere." in read(again)
    [unquoted] = world.told(await invited(world, running), "Welcome to The customer at the heart")
    assert "“" not in unquoted.read
    for path in ("/hub", DESK, REPORT):
        page = await read_by(world, path)
        assert "how I *listen*" not in page.text
    assert "Nobody has given a quote yet" in (await read_by(world, DESK)).words
    assert "changed</b> how I" not in await all_rows(world)
    async with world.bot.core.work(read_only=True) as uow:
        row = await uow.quotes.find(running.id, person_id(ASHA))
        step = await uow.step_states.find(running.id, person_id(ASHA), "90-advocates")
    assert row is not None
    assert (row.text, row.places, row.signed_as) == ("", frozenset(), "")
    assert row.revoked_at is not None
    assert step is not None
    assert step.is_done


async def test_nobody_speaks_for_somebody_else(world: World):
    running = await a_course_at_its_end(world)
    await world.bot.move_to(OPEN)
    form = (await world.teams.say(ASHA, "give a quote")).only
    await world.teams.press(ASHA, form, title="Save", data=AGREED)
    about = {"course": running.id, "person": person_id(ASHA), "id": person_id(ASHA)}
    stranger = await world.newcomer()

    for nosy in (ORGA, DI, stranger):
        for verb in ("quote.open", "quote.save"):
            answer = await press(world, nosy, verb, **about, **(AGREED if "save" in verb else {}))
            assert "does not ask you for a quote" in answer, (nosy.name, verb)
        assert "no quote that appears" in await press(world, nosy, "quote.revoke", **about)
    mate = await world.teams.press(BO, forged("quote.open", **about), title="Forged")
    assert held(mate["value"])["text"] == ""
    assert "no quote that appears" in await press(world, BO, "quote.revoke", **about)
    async with a_reader(world.bot, BO) as bo:
        assert (await bo.get(DESK)).status == 403
    assert "It <b>changed" in (await read_by(world, "/hub", signed_in=False)).text

    # Whoever left the programme can still take it back, and whoever is forgotten leaves nothing.
    await world.teams.press(BO, mate, title="Save", data=AGREED | {"text": "Mine to take back"})
    await world.bot.move_to(london("2026-08-28T10:00"))
    async with world.bot.core.work() as uow:
        enrolment = await uow.enrolments.find(running.id, person_id(BO))
        assert enrolment is not None
        await uow.enrolments.save([replace(enrolment, left_at=world.bot.clock.now())])
        await uow.commit()
    assert "Your quote is taken back" in (await world.teams.say(BO, "revoke my quote")).read
    await world.teams.say(ASHA, "forget me")
    await world.teams.say(ASHA, "yes")
    assert "What people say" not in (await read_by(world, "/hub", signed_in=False)).words
    assert "changed</b>" not in await all_rows(world)
