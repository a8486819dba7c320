"""Organisers and the people of a session: the roster, adding, moving, taking off, and writing to them."""

import re
from collections.abc import AsyncGenerator
from urllib.parse import quote

import pytest

from learning.notices import Kind
from tests.scenarios.world import ASHA, BO, CY, DI, ORGA, World, london, person_id
from tests.support.activities import Person, a_person
from tests.support.reader import Page, Reader, a_reader

EVA = a_person("Eva")
"""A colleague who never wrote to the bot."""


@pytest.fixture
async def orla(world: World) -> AsyncGenerator[Reader]:
    async with a_reader(world.bot, ORGA) as reader:
        yield reader


async def roster_of(world: World, code: str) -> str:
    return f"/desk/sessions/{(await world.session(code)).id}/roster"


async def person_on(world: World, person: Person, code: str) -> str:
    of = (await roster_of(world, code)).replace("/roster", "/person")
    return f"{of}?id={quote(person_id(person))}"


async def press(orla: Reader, path: str, person: Person, **more: str) -> Page:
    """Press a button of a form about somebody, and follow to the page that comes of it."""
    page = await orla.post(path, {"person": person_id(person), **more})
    return await orla.get(page.headers["Location"]) if page.status == 303 else page


async def changes(world: World) -> list[str]:
    async with world.bot.core.work(read_only=True) as uow:
        latest = await uow.journal.latest(50)
    return [entry.what.value for entry in latest if entry.by_id == person_id(ORGA)]


async def test_an_empty_roster_says_so(world: World, orla: Reader):
    page = await orla.get(await roster_of(world, "GM1"))

    assert page.status == 200
    assert "Nobody has a place yet" in page.words
    assert "Nobody waits" in page.words


async def test_the_roster_has_everybody_in_their_order(world: World, orla: Reader):
    for who in (ASHA, BO, CY):
        await world.book(who, "MC1")

    words = (await orla.get(await roster_of(world, "MC1"))).words

    assert re.search(r"Places taken\W+1 of 1", words)
    assert re.search(r"Asha.*18 May, 08:00, in chat.*Bo.*1st in line.*Cy.*2nd in line", words)


async def test_somebody_is_found_by_name_added_and_told(world: World, orla: Reader):
    path = await roster_of(world, "GM1")

    found = await orla.get(f"{path}?find=ash")
    assert "1 found" in found.words
    assert f'value="{person_id(ASHA)}"' in found.text

    page = await press(orla, f"{path}/add", ASHA)
    assert "Asha has a place now, and is told." in page.words
    await world.bot.settled()
    [told] = world.told(ASHA, "Growth mindset")
    assert "You have a place" in told.read
    assert "The learning team has booked this for you" in told.read
    assert await world.state(ASHA, "GM1") == "booked"
    assert "by an organiser" in page.words
    assert await changes(world) == ["person added"]

    again = await press(orla, f"{path}/add", ASHA)
    assert "Asha has a place already. Nothing was changed." in again.words
    await world.bot.settled()
    assert len(world.told(ASHA, "Growth mindset")) == 1


async def test_a_colleague_from_the_directory_is_added_and_the_app_with_them(
    world: World, orla: Reader
):
    world.graph.directory.add_user(EVA, department="Housing")
    world.connector.chats.add_person(EVA)
    path = await roster_of(world, "GM1")

    found = await orla.get(f"{path}?find={quote(EVA.email)}")
    assert "1 found" in found.words
    page = await press(orla, f"{path}/add", EVA)

    assert "Eva has a place now. They have no chat with the app yet" in page.words
    assert "Cannot be written to: never had a chat with the app" in page.words
    await world.bot.settled()
    assert await world.bookings("GM1") == {"Eva": "booked"}
    assert world.told(EVA, "You have a place")


async def test_a_full_session_is_offered_its_waiting_list_and_never_more_places(
    world: World, orla: Reader
):
    await world.book(ASHA, "MC1")
    path = await roster_of(world, "MC1")
    assert "Whoever you add goes to the end of the waiting list" in (await orla.get(path)).words

    refused = await orla.post(f"{path}/add", {"person": person_id(BO)})
    assert refused.status == 409
    assert (
        "Every place on Mentoring or coaching is taken. Bo would be 1st in line." in refused.words
    )
    assert await world.bookings("MC1") == {"Asha": "booked"}

    page = await press(orla, f"{path}/add", BO, wait="yes")
    assert "Bo is on the waiting list now, and is told." in page.words
    await world.bot.settled()
    assert world.told(BO, "You are on the waiting list")


async def test_where_there_is_no_waiting_list_nobody_can_be_added(world: World, orla: Reader):
    await world.book(ASHA, "PC1")
    path = await roster_of(world, "PC1")

    assert "there is no waiting list" in (await orla.get(path)).words
    refused = await orla.post(f"{path}/add", {"person": person_id(BO), "wait": "yes"})

    assert (refused.status, "Nothing was changed" in refused.words) == (409, True)
    assert "Put them on the waiting list" not in refused.words


async def test_a_clash_is_shown_and_can_be_agreed_to(world: World, orla: Reader):
    await world.book(ASHA, "GM1")
    path = await roster_of(world, "DA1")

    refused = await orla.post(f"{path}/add", {"person": person_id(ASHA)})
    assert refused.status == 409
    assert "Asha has a place on Growth mindset, Monday 18 May, 10:00 to 11:00" in refused.words
    page = await press(orla, f"{path}/add", ASHA, clash="yes")

    assert "Asha has a place now" in page.words


async def test_a_move_is_one_step_and_one_message(world: World, orla: Reader):
    await world.book(ASHA, "MC1")
    await world.book(BO, "MC1")
    await world.bot.settled()
    path, target = await roster_of(world, "MC1"), await world.session("MC2")
    shown = await orla.get(await person_on(world, ASHA, "MC1"))
    assert "Bo is next in line" in shown.words
    assert "Mentoring circles, Tuesday 19 May, 14:00 to 15:00 (12 places left)" in shown.words
    before = len(world.connector.sent_to(ASHA))

    page = await press(orla, f"{path}/move", ASHA, to=str(target.id))

    assert "Asha has been moved here, has a place now, and is told." in page.words
    await world.bot.settled()
    assert await world.bookings("MC1") == {"Asha": "cancelled", "Bo": "booked"}
    assert await world.bookings("MC2") == {"Asha": "booked"}
    [told] = world.connector.sent_to(ASHA)[before:]
    assert "You have been moved to another session" in told.read
    assert "Mentoring or coaching" in told.read
    assert world.told(BO, "A place came free")
    again = await press(orla, f"{path}/move", ASHA, to=str(target.id))
    assert "Asha has a place already. Nothing was changed." in again.words
    assert await changes(world) == ["person moved"]


async def test_a_move_to_a_full_session_keeps_what_was_chosen_and_asks(world: World, orla: Reader):
    await world.book(ASHA, "GM1")
    await world.book(BO, "MC1")
    path, full = await roster_of(world, "GM1"), await world.session("MC1")

    refused = await orla.post(f"{path}/move", {"person": person_id(ASHA), "to": str(full.id)})

    assert refused.status == 409
    assert (
        "Every place on Mentoring or coaching is taken. Asha would be 1st in line" in refused.words
    )
    assert f'<option value="{full.id}" selected>' in refused.text
    assert await world.bookings("GM1") == {"Asha": "booked"}
    page = await press(orla, f"{path}/move", ASHA, to=str(full.id), wait="yes")
    assert "Asha has been moved here, is on the waiting list now" in page.words


@pytest.mark.parametrize("to", ["", "x", "999", "9" * 200])
async def test_a_move_to_nowhere_is_refused(world: World, orla: Reader, to: str):
    await world.book(ASHA, "GM1")

    page = await orla.post(
        f"{await roster_of(world, 'GM1')}/move", {"person": person_id(ASHA), "to": to}
    )

    assert (page.status, 'role="alert"' in page.text) == (409, True)
    assert await world.bookings("GM1") == {"Asha": "booked"}


async def test_who_is_taken_off_is_told_and_the_next_has_the_place(world: World, orla: Reader):
    for who in (ASHA, BO):
        await world.book(who, "MC1")
    path = await roster_of(world, "MC1")

    page = await press(orla, f"{path}/take-off", ASHA)

    assert "Asha has been taken off, and is told." in page.words
    await world.bot.settled()
    assert await world.bookings("MC1") == {"Asha": "cancelled", "Bo": "booked"}
    assert world.told(ASHA, "The learning team has taken you off this session")
    assert world.told(BO, "A place came free")
    again = await press(orla, f"{path}/take-off", ASHA)
    assert "Asha is not on this session. Nothing was changed." in again.words
    assert len(world.told(ASHA, "taken you off")) == 1


async def test_after_the_start_the_roster_is_only_read(world: World, orla: Reader):
    await world.book(ASHA, "GM1")
    await world.bot.move_to(london("2026-05-18T10:30"))
    path = await roster_of(world, "GM1")

    assert "This session has started, so nobody can be added" in (await orla.get(path)).words
    refused = await orla.post(f"{path}/take-off", {"person": person_id(ASHA)})

    assert (refused.status, "its places stay as they are" in refused.words) == (409, True)


async def test_the_roster_is_for_organisers(world: World):
    await world.book(ASHA, "GM1")
    async with a_reader(world.bot, ASHA) as asha:
        page = await asha.get(await roster_of(world, "GM1"))
        pressed = await asha.post(
            f"{await roster_of(world, 'GM1')}/take-off", {"person": person_id(ASHA)}
        )

    assert (page.status, pressed.status) == (403, 403)
    assert await world.state(ASHA, "GM1") == "booked"


@pytest.mark.parametrize("path", ["roster", "person", "message"])
async def test_a_session_that_is_not_there_says_so(orla: Reader, path: str):
    for number in ("999", "x", "9" * 40):
        assert (await orla.get(f"/desk/sessions/{number}/{path}")).status == 404


async def test_names_are_text_and_nothing_else(world: World, orla: Reader):
    mallory = a_person("<b>Mallory</b> {stands}")
    await world.know(mallory)

    page = await press(orla, f"{await roster_of(world, 'GM1')}/add", mallory)

    assert b"<b>Mallory" not in page.body
    assert "<b>Mallory</b> {stands} has a place now" in page.text


# Writing to them


async def written(orla: Reader, path: str, **fields: str) -> dict[str, str]:
    """The look at a message before it is sent; what its form sends with it."""
    page = await orla.post(path, {"step": "preview", **fields})
    assert page.status == 200, page.words
    mark = re.search(r'name="mark" value="(\w+)"', page.text)
    assert mark is not None
    return {**fields, "step": "send", "mark": mark[1]}


async def test_a_message_is_looked_at_first_and_then_reaches_those_booked(
    world: World, orla: Reader
):
    for who in (ASHA, BO, CY):
        await world.book(who, "MC1")
    await world.bot.settled()
    path = (await roster_of(world, "MC1")).replace("/roster", "/message")
    form = await orla.get(path)
    assert "Who has a place (1)" in form.words
    assert "Who waits, or is offered a place (2)" in form.words

    page = await orla.post(path, {"step": "preview", "whom": "waiting", "text": "Nearly *there*."})
    assert "Send this to 2 people?" in page.words
    assert "Nothing has been sent yet" in page.words
    assert (
        "Mentoring or coaching Tuesday 19 May, 10:00 to 11:00 · From the learning team"
        in page.words
    )
    assert await world.bot.outbox(Kind.MESSAGE) == []

    sent = await written(orla, path, whom="waiting", text="Nearly *there*.\n\nBring a pen.")
    page = await orla.post(path, sent)
    shown = await orla.get(page.headers["Location"])
    assert "Your message is on its way to 2." in shown.words
    await world.bot.settled()
    assert not world.told(ASHA, "Bring a pen")
    [told] = world.told(BO, "Bring a pen")
    assert "Mentoring or coaching" in told.read
    assert "From the learning team" in told.read
    assert world.told(CY, "Bring a pen")

    again = await orla.get((await orla.post(path, sent)).headers["Location"])
    assert "sent already. It was not sent twice" in again.words
    await world.bot.settled()
    assert len(world.told(BO, "Bring a pen")) == 1
    assert await changes(world) == ["message sent"]
    messages = (await orla.get("/desk/messages")).words
    assert "Message from the learning team of Monday 18 May, 08:00: Mentoring" in messages
    assert "2 people. 2 sent" in messages
    deliveries = (await orla.get("/desk/deliveries")).words
    assert "Message from the learning team of Monday 18 May, 08:00" in deliveries


async def test_who_cannot_be_reached_is_named_before_it_is_sent(world: World, orla: Reader):
    for who in (ASHA, BO):
        await world.book(who, "GM1")
    await world.bot.core.people.cannot_reach(person_id(BO), "ConversationBlockedByUser")
    path = (await roster_of(world, "GM1")).replace("/roster", "/message")

    page = await orla.post(path, {"step": "preview", "whom": "booked", "text": "Hello"})

    assert "2 people. 1 can be reached in Teams; 1 cannot" in page.words
    assert "1 blocked the app: Bo" in page.words


@pytest.mark.parametrize(
    ("text", "said"), [("", "Write what you want to say"), ("x" * 2100, "100 characters too long")]
)
async def test_a_text_that_cannot_be_sent_is_kept(world: World, orla: Reader, text: str, said: str):
    await world.book(ASHA, "GM1")
    path = (await roster_of(world, "GM1")).replace("/roster", "/message")

    page = await orla.post(path, {"step": "send", "mark": "0" * 32, "whom": "booked", "text": text})

    assert page.status == 422
    assert said in page.words
    assert f">{text}</textarea>" in page.text
    back = await orla.post(path, {"step": "change", "whom": "waiting", "text": "a\r\nb"})
    assert ">a\nb</textarea>" in back.text.replace("\r\n", "\n")
    assert 'value="waiting" checked' in back.text


async def test_quiet_hours_do_not_hold_it_back_and_that_is_said(world: World, orla: Reader):
    await world.book(ASHA, "RE1")
    await world.bot.move_to(london("2026-05-18T21:30"))
    async with a_reader(world.bot, ORGA) as late:
        path = (await roster_of(world, "RE1")).replace("/roster", "/message")
        page = await late.post(path, {"step": "preview", "whom": "booked", "text": "Hello"})
        assert "It is 21:30, which is in quiet hours (20:00 to 07:30)." in page.words
        await late.post(path, await written(late, path, whom="booked", text="Hello"))
    await world.bot.settled()

    assert world.told(ASHA, "Hello")


async def test_what_is_written_stands_in_no_log_and_not_in_the_journal(
    world: World, orla: Reader, capfd: pytest.CaptureFixture[str]
):
    await world.book(DI, "GM1")
    path = (await roster_of(world, "GM1")).replace("/roster", "/message")

    await orla.post(path, await written(orla, path, whom="booked", text="Sesame, open."))
    await world.bot.settled()

    assert world.told(DI, "Sesame")
    async with world.bot.core.work(read_only=True) as uow:
        assert "Sesame" not in str(await uow.journal.latest(50))
    out, err = capfd.readouterr()
    assert "message written" in out + err
    assert "Sesame" not in out + err
