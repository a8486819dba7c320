"""Ideas: sent in chat, supported instead of doubled, asked for by organisers, and turned into sessions."""

import re
from collections.abc import AsyncGenerator

import pytest

from learning.ideas import IdeaId
from learning.notices import Kind
from learning.profiles import Profile
from tests.scenarios.world import ASHA, BO, CY, DI, GENERAL, ORGA, World, london, person_id, read
from tests.support.activities import Person, a_person
from tests.support.card_parts import buttons
from tests.support.reader import Page, Reader, a_reader

QUESTION = "What does Made for Learning mean to you?"


@pytest.fixture
async def orla(world: World) -> AsyncGenerator[Reader]:
    async with a_reader(world.bot, ORGA) as reader:
        yield reader


async def ideas(world: World) -> dict[str, int]:
    """All open ideas and how many support each, in order."""
    board = await world.bot.core.ideas.board(person_id(ORGA), 0, 100)
    return {idea.text: idea.supporters for idea in board.ideas}


async def number_of(world: World, text: str) -> IdeaId:
    board = await world.bot.core.ideas.board(person_id(ORGA), 0, 100)
    [found] = [idea.id for idea in board.ideas if idea.text == text]
    return found


async def form(orla: Reader, path: str, fields: dict[str, str]) -> Page:
    page = await orla.post(path, fields)
    return await orla.get(page.headers["Location"]) if page.status == 303 else page


# Sending one


async def test_an_idea_is_kept_as_typed_and_counts_for_its_author(world: World):
    kept = await world.teams.say(ASHA, "I have an idea: Book club for Night staff")

    assert "Your idea is in" in kept.read
    assert "Book club for Night staff" in kept.read
    assert await ideas(world) == {"Book club for Night staff": 1}
    again = await world.teams.say(ASHA, "idea: book club for night staff!")
    assert "I have that idea of yours already" in again.read
    assert await ideas(world) == {"Book club for Night staff": 1}


@pytest.mark.parametrize(
    "words",
    ["Something on Fridays about SINGING in Parks", "Yoga & mindfulness", "mentoring, coaching?"],
)
async def test_the_bot_asks_for_the_idea_and_takes_the_next_words_as_they_are(
    world: World, words: str
):
    asked = await world.teams.say(ASHA, "I have an idea")
    assert "What is your idea?" in asked.read

    told = await world.teams.say(ASHA, words)

    assert "Your idea is in" in told.read
    assert await ideas(world) == {words: 1}


@pytest.mark.parametrize("words", ["my bookings", "what's on today", "GM1", "no", "help"])
async def test_a_command_is_no_answer_to_that(world: World, words: str):
    await world.teams.say(ASHA, "I have an idea")

    await world.teams.say(ASHA, words)

    assert await ideas(world) == {}


async def test_the_card_takes_an_idea_too_and_says_what_is_wrong_with_it(world: World):
    asked = (await world.teams.say(ASHA, "suggest an idea")).only

    long = await world.teams.press(ASHA, asked, verb="idea.send", data={"idea": "x" * 511})
    assert "11 characters too long" in read(long)
    empty = await world.teams.press(ASHA, asked, verb="idea.send", data={"idea": "  "})
    assert "Write your idea." in read(empty)
    assert await ideas(world) == {}

    await world.teams.press(ASHA, asked, verb="idea.send", data={"idea": "Yoga\nat lunch"})
    assert await ideas(world) == {"Yoga at lunch": 1}


async def test_one_like_it_is_offered_for_support_instead(world: World):
    await world.teams.say(ASHA, "idea: Walking meetings for everybody")

    offered = (await world.teams.say(BO, "I have an idea: walking meeting outdoors")).only
    assert "Others had a similar idea" in offered.read
    assert "Walking meetings for everybody" in offered.read
    assert await ideas(world) == {"Walking meetings for everybody": 1}

    supported = await world.teams.press(BO, offered, verb="idea.support")
    assert "You and 1 other support this." in read(supported)
    await world.teams.press(BO, offered, verb="idea.support")
    await world.teams.press(ASHA, offered, verb="idea.support")
    assert await ideas(world) == {"Walking meetings for everybody": 2}

    different = await world.teams.press(BO, offered, title="Mine is different")
    assert "Your idea is in" in read(different)
    await world.teams.press(BO, offered, title="Mine is different")
    assert await ideas(world) == {
        "Walking meetings for everybody": 2,
        "walking meeting outdoors": 1,
    }


async def test_a_wish_that_the_programme_fulfils_shows_the_session_first(world: World):
    shown = (await world.teams.say(ASHA, "can we have a session on growth mindset?")).only

    assert "Is it one of these?" in shown.read
    assert "Growth mindset" in shown.read
    assert await ideas(world) == {}
    await world.teams.press(ASHA, shown, title="Mine is different")
    assert list(await ideas(world)) == ["a session on growth mindset?"]


async def test_in_a_channel_nothing_of_it_is_shown(world: World):
    await world.teams.say(BO, "idea: Tea with Tom from Parks")

    said = await world.teams.say(ASHA, "I have an idea: Lunch with Jo from Parks", GENERAL)
    listed = await world.teams.say(ASHA, "ideas", GENERAL)

    in_channel = [s.read for s in (*said.sent, *listed.sent) if GENERAL.id in s.conversation]
    assert set(in_channel) == {"I've answered you in our own chat."}
    assert "Lunch with Jo from Parks" in await ideas(world)
    assert world.told(ASHA, "Tea with Tom")


# Those of others, and one's own


async def test_the_most_supported_are_listed_first_and_support_is_a_press(world: World):
    names = ["Pottery", "Chess", "Gliding", "Welding", "Baking", "Sailing", "Knitting"]
    for name in names:
        await world.teams.say(ASHA, f"idea: {name}")
    listed = (await world.teams.say(BO, "ideas")).only
    assert "Knitting" not in listed.read

    more = await world.teams.press(BO, listed, title="Show more")
    assert "Knitting" in read(more)
    await world.teams.press(BO, more["value"], verb="idea.support")

    first = (await world.teams.say(CY, "what ideas are there?")).only.read
    assert first.index("Knitting") < first.index("Pottery")
    own = (await world.teams.say(ASHA, "ideas")).card
    assert not [b for b in buttons(own) if b.get("verb") == "idea.support"]


async def test_ones_own_can_be_taken_back_and_what_others_want_stays(world: World):
    await world.teams.say(ASHA, "idea: Pottery")
    await world.teams.say(ASHA, "idea: Chess")
    listed = await world.teams.say(BO, "ideas")
    chess = await number_of(world, "Chess")
    await world.teams.press(BO, listed.only, verb="idea.support", having={"id": chess})

    mine = (await world.teams.say(ASHA, "my ideas")).only
    assert "Nobody else supports this yet." in mine.read
    assert "You and 1 other support this." in mine.read
    for text in ("Pottery", "Chess"):
        number = await number_of(world, text)
        await world.teams.press(ASHA, mine, verb="idea.withdraw", having={"id": number})

    assert await ideas(world) == {"Chess": 1}
    assert "You have sent no idea yet" in (await world.teams.say(ASHA, "my ideas")).read
    assert "Only whoever had the idea" in read(
        await world.teams.press(CY, mine, verb="idea.withdraw", having={"id": chess})
    )


async def test_forgetting_somebody_keeps_what_others_support(world: World):
    await world.teams.say(ASHA, "idea: Tea with Tom")
    await world.teams.say(ASHA, "idea: Chess")
    listed = await world.teams.say(BO, "ideas")
    chess = await number_of(world, "Chess")
    await world.teams.press(BO, listed.only, verb="idea.support", having={"id": chess})

    await world.teams.say(ASHA, "forget me")
    await world.teams.say(ASHA, "yes")

    assert await ideas(world) == {"Chess": 2}


# Asking for some


async def test_an_organiser_asks_champions_are_told_once_and_ideas_answer_it(world: World):
    await world.teams.say(ORGA, "make Asha a champion for Housing")
    await world.teams.say(ORGA, "make Asha a champion for Carers")
    await world.bot.settled()

    opened = await world.teams.say(ORGA, f"ask for ideas: {QUESTION}")
    assert "1 champion is asked" in opened.read
    await world.bot.settled()
    [asked] = world.told(ASHA, QUESTION)
    assert 'type "idea:" and yours' in asked.read
    assert not world.told(BO, QUESTION)

    sent = await world.teams.press(ASHA, asked, verb="idea.send", data={"idea": "Time to learn"})
    assert QUESTION in read(sent)
    assert QUESTION in (await world.teams.say(BO, "idea: Learning with others")).read
    second = await world.teams.say(ORGA, "ask for ideas: Anything else?")
    assert f"“{QUESTION}” is open already" in second.read

    closed = await world.teams.press(ORGA, second.only, title="Close it")
    assert "is closed" in read(closed)
    assert "No such question is open" in (await world.teams.say(ORGA, "close ideas")).read
    assert QUESTION not in (await world.teams.say(CY, "idea: Chess")).read


async def test_champions_are_not_asked_at_night_nor_after_it_was_closed(world: World):
    await world.teams.say(ORGA, "make Asha a champion for Housing")
    await world.bot.move_to(london("2026-05-18T21:00"))

    await world.teams.say(ORGA, f"ask for ideas: {QUESTION}")
    await world.bot.settled()
    assert not world.told(ASHA, QUESTION)
    await world.teams.say(ORGA, "close ideas")
    await world.teams.say(ORGA, "ask for ideas: What next?")
    await world.bot.move_to(london("2026-05-19T07:31"))

    assert not world.told(ASHA, QUESTION)
    assert len(world.told(ASHA, "What next?")) == 1


@pytest.mark.parametrize("words", [f"ask for ideas: {QUESTION}", "close ideas"])
async def test_only_organisers_ask(world: World, words: str):
    assert "Only organisers can do that" in (await world.teams.say(ASHA, words)).read
    assert await world.bot.core.ideas.theme() is None


# At the desk


async def test_the_desk_has_the_ideas_and_where_their_supporters_work_but_nobody(
    world: World, orla: Reader
):
    people = [a_person(f"Colleague {chr(65 + n)}") for n in range(17)]
    await world.know(*people)
    housing = {person_id(p): "Housing" for p in people[:6]}
    parks = {person_id(p): "Parks" for p in people[6:10]}
    library = {person_id(p): "Library" for p in people[10:14]}
    now = world.bot.clock.now()
    async with world.bot.core.work() as uow:
        everybody = (housing | parks | library).items()
        await uow.profiles.save(
            Profile(person_id=p, department=d, read_at=now) for p, d in everybody
        )
        await uow.commit()
    await world.teams.say(people[0], "idea: Pottery")
    pottery = await number_of(world, "Pottery")
    for someone in people[1:16]:
        await world.bot.core.ideas.support(person_id(someone), pottery)
    await world.teams.say(people[16], "idea: Chess")

    page = await orla.get("/desk/ideas")

    assert re.search(r"Pottery 16 6 from Housing, 9 from other departments Open", page.words)
    assert re.search(r"Chess 1 Open", page.words)
    assert page.words.index("Pottery") < page.words.index("Chess")
    assert "Colleague" not in page.words
    assert "Library" not in page.words
    one = await orla.get(f"/desk/ideas/{pottery}")
    assert "6 from Housing, 9 from other departments" in one.words
    assert "Colleague" not in one.words
    listed = await world.teams.say(ORGA, "ideas")
    assert "https://learnweek.example.org/desk/ideas" in str(listed.card)
    assert "/desk/ideas" not in str((await world.teams.say(ASHA, "ideas")).card)


async def test_a_question_is_asked_and_closed_at_the_desk_and_its_ideas_are_told_apart(
    world: World, orla: Reader
):
    await world.teams.say(BO, "idea: Chess")
    assert "Nobody has sent an idea" not in (await orla.get("/desk/ideas")).words

    asked = await form(orla, "/desk/ideas", {"question": QUESTION})
    assert "You are asking for ideas now. There are no champions to ask" in asked.words
    assert "0 ideas answer it so far" in asked.words
    await world.teams.say(ASHA, "idea: Time to learn")
    theme = await world.bot.core.ideas.theme()
    assert theme is not None
    answers = await orla.get(f"/desk/ideas?theme={theme.id}")
    assert "Time to learn" in answers.words
    assert "Chess" not in answers.words
    assert "Time to learn" not in (await orla.get("/desk/ideas?theme=none")).words
    refused = await orla.post("/desk/ideas", {"question": "Another?"})
    assert (refused.status, "is open already" in refused.words) == (422, True)

    closed = await form(orla, "/desk/ideas/close", {"theme": str(theme.id)})
    assert "The question is closed" in closed.words
    again = await form(orla, "/desk/ideas/close", {"theme": str(theme.id)})
    assert "had been closed already" in again.words
    changes = (await orla.get("/desk/changes")).words
    assert re.search(rf"Ideas asked for.*{re.escape(QUESTION)}", changes)
    assert "Question for ideas closed" in changes


@pytest.mark.parametrize(
    ("question", "wrong"),
    [("", "Write the question"), ("?" * 3, "Write the question"), ("a" * 310, "10 characters too")],
)
async def test_a_question_that_is_none_is_kept_in_the_form(
    world: World, orla: Reader, question: str, wrong: str
):
    page = await orla.post("/desk/ideas", {"question": question})

    assert page.status == 422
    assert wrong in page.words
    assert f'name="question" value="{question}"' in page.text
    assert await world.bot.core.ideas.theme() is None


async def test_declining_says_why_to_its_author_when_they_look_and_writes_to_nobody(
    world: World, orla: Reader
):
    await world.teams.say(ASHA, "idea: Gliding with Jo")
    path = f"/desk/ideas/{await number_of(world, 'Gliding with Jo')}"
    before = len(world.connector.sent_to(ASHA))
    empty = await orla.post(f"{path}/decline", {"reason": " "})
    assert (empty.status, "Write in a line why" in empty.words) == (422, True)

    declined = await form(orla, f"{path}/decline", {"reason": "Too far from the ground."})

    assert "Declined. Its author sees why" in declined.words
    assert "Too far from the ground." in declined.words
    await world.bot.settled()
    assert len(world.connector.sent_to(ASHA)) == before
    mine = await world.teams.say(ASHA, "my ideas")
    assert "Not taken up: Too far from the ground." in mine.read
    assert await ideas(world) == {}
    assert "Gliding with Jo" in (await orla.get("/desk/ideas?state=declined")).words
    changes = (await orla.get("/desk/changes")).words
    assert "Idea declined" in changes
    assert "Gliding" not in changes
    assert (await orla.post(f"{path}/decline", {"reason": "Another."})).status == 422
    assert (await orla.get("/desk/ideas/999")).status == 404


# From an idea to a session


SESSION = {
    "code": "PO1",
    "title": "Pottery",
    "summary": "Clay for beginners",
    "starts": "2026-05-21T12:00",
    "ends": "2026-05-21T13:00",
    "timezone": "Europe/London",
    "capacity": "12",
    "format": "in_person",
    "location": "Kiln",
    "waiting_list": "yes",
}


async def wanted_by(world: World, text: str, author: Person, *others: Person) -> int:
    await world.teams.say(author, f"idea: {text}")
    number = await number_of(world, text)
    for person in others:
        listed = await world.teams.say(person, "ideas")
        await world.teams.press(person, listed.only, verb="idea.support", having={"id": number})
    return number


async def published(orla: Reader, fields: dict[str, str]) -> Page:
    """Through the look at it, as the page's own form would."""
    confirmed = await orla.post("/desk/sessions/new", fields)
    mark = re.search(r'name="mark" value="(\w+)"', confirmed.text)
    assert mark is not None, confirmed.words
    return await orla.post("/desk/sessions/new", {**fields, "step": "save", "mark": mark[1]})


async def test_an_idea_becomes_a_session_and_everybody_who_wants_it_is_told_once(
    world: World, orla: Reader
):
    number = await wanted_by(world, "a session on pottery with clay.", ASHA, BO, CY)
    draft = await orla.get(f"/desk/sessions/new?idea={number}")
    assert 'name="title" value="Pottery with clay"' in draft.text
    assert ">\na session on pottery with clay.</textarea>" in draft.text
    assert "Of an idea that 3 people want" in draft.words
    edition = re.search(r'name="edition" value="(\d+)"', draft.text)
    assert edition is not None
    fields = {**SESSION, "edition": edition[1], "idea": str(number)}
    look = await orla.post("/desk/sessions/new", fields)
    assert "3 people who want this are told" in look.words
    assert await ideas(world) == {"a session on pottery with clay.": 3}

    added = await published(orla, fields)
    assert "3 people are told" in (await orla.get(added.headers["Location"])).words
    await world.bot.settled()

    for person in (ASHA, BO, CY):
        [told] = world.told(person, "An idea you wanted is now a session")
        assert "Thursday 21 May, 12:00 to 13:00" in told.read
    assert not world.told(DI, "now a session")
    [told] = world.told(BO, "now a session")
    await world.teams.press(BO, told, verb="session.book")
    assert await world.bookings("PO1") == {"Bo": "booked"}
    assert "It has become: Pottery" in (await world.teams.say(ASHA, "my ideas")).read
    planned = (await orla.get("/desk/ideas?state=planned")).words
    assert "Became a session Pottery" in planned
    assert (
        "already"
        in read(
            await world.teams.press(DI, (await world.teams.say(DI, "ideas")).only, verb="idea.ask")
        )
        or await ideas(world) == {}
    )

    again = await orla.post("/desk/sessions/new", {**fields, "step": "save", "mark": "0" * 32})
    assert again.status == 303
    await world.bot.settled()
    assert len(world.told(ASHA, "now a session")) == 1
    assert len(await world.bot.outbox(Kind.IDEA_PLANNED)) == 3
    changes = (await orla.get("/desk/changes")).words
    assert re.search(r"Idea became a session.*PO1 Pottery", changes)


async def test_nobody_is_told_at_night_nor_of_a_session_that_was_called_off_by_then(
    world: World, orla: Reader
):
    number = await wanted_by(world, "Pottery", ASHA, BO)
    await world.bot.move_to(london("2026-05-18T20:30"))
    async with a_reader(world.bot, ORGA) as late:
        draft = await late.get(f"/desk/sessions/new?idea={number}")
        edition = re.search(r'name="edition" value="(\d+)"', draft.text)
        assert edition is not None
        fields = {**SESSION, "edition": edition[1], "idea": str(number)}
        assert (await published(late, fields)).status == 303
    await world.bot.settled()
    assert not world.told(ASHA, "now a session")
    session = await world.session("PO1")
    await world.bot.core.programme.cancel_session(session.id)

    await world.bot.move_to(london("2026-05-19T07:31"))

    assert not world.told(ASHA, "now a session")
    assert {row.state for row in await world.bot.outbox(Kind.IDEA_PLANNED)} == {"dropped"}


async def test_what_people_wish_for_stands_in_no_log(
    world: World, orla: Reader, capfd: pytest.CaptureFixture[str]
):
    await world.teams.say(ASHA, "idea: Sesame street")
    await world.teams.say(BO, "idea: sesame streets")
    await form(orla, "/desk/ideas", {"question": "Open sesame?"})
    number = await number_of(world, "Sesame street")
    await form(orla, f"/desk/ideas/{number}/decline", {"reason": "Sesame seeds"})

    out, err = capfd.readouterr()
    assert "idea kept" in out + err
    assert "sesame" not in (out + err).casefold()
