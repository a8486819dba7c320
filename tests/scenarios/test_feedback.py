"""How a session was: asked for after its end, said on a card, shown when enough have said it."""

from collections.abc import Sequence
from typing import Any

from console.files import export
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
    london,
    person_id,
    read,
)
from tests.support.activities import Person
from tests.support.card_parts import buttons, parts, shown_text
from tests.support.graph_attendance import present
from tests.support.outgoing import Sent
from tests.support.reader import a_reader

TEN, ELEVEN = london("2026-05-18T10:00"), london("2026-05-18T11:00")
ASKED = london("2026-05-18T11:15")
GOALS = "Did this support your career and personal development goals?"


async def attend(world: World, *people: Person) -> None:
    """Book these for GM1, have Teams see them there, and let it be a quarter past its end."""
    for person in people:
        await world.book(person, "GM1")
    await world.pass_time()
    event = world.graph.event_of("Growth mindset")
    seen = [present(person, (TEN, ELEVEN)) for person in people]
    world.graph.attendance.ended(event, TEN, ELEVEN, *seen)
    await world.bot.move_to(london("2026-05-18T11:10"))
    await world.bot.move_to(ASKED)


async def some(world: World, count: int) -> list[Person]:
    return [await world.newcomer() for _ in range(count)]


def asked(world: World, person: Person, words: str = "How was Growth mindset?") -> Sent:
    [found] = world.told(person, words)
    return found


async def answer(world: World, person: Person, stars: int, comment: str = "") -> dict[str, Any]:
    data = {"stars": str(stars), "helped": "yes", "comment": comment}
    return await world.teams.press(person, asked(world, person), title="Send", data=data)


async def results(world: World) -> str:
    return shown_text((await world.teams.say(ORGA, "feedback for GM1")).card)


def stars_of(card: dict[str, Any]) -> str:
    [stars] = [p for _, p in parts(card) if p.get("id") == "stars"]
    return stars.get("value", "")


# --- from the end of a session ---------------------------------------------------------------


async def test_from_the_end_of_a_session_to_what_those_who_ran_it_are_told(world: World):
    people = [ASHA, BO, CY, DI, *await some(world, 1)]
    await attend(world, *people)
    await world.teams.say(ORGA, "let Di check in GM1")

    pressed = await answer(world, ASHA, 5, "More time to talk")
    data = {"stars": "4", "helped": "no", "comment": "Zu schnell"}
    submitted = await world.teams.submit(BO, asked(world, BO), title="Send", data=data)
    changing = await world.teams.press(ASHA, pressed, title="Change my answer")
    changed = await world.teams.press(
        ASHA, changing, title="Send", data={"stars": "3", "helped": "yes", "comment": ""}
    )
    for person in people[2:4]:
        await answer(world, person, 5)
    await world.bot.tick()
    of_four = await results(world)
    await answer(world, people[4], 5)
    await world.bot.tick()
    of_five = await results(world)
    await world.bot.move_to(london("2026-05-19T11:00"))
    [told] = world.told(DI, "What people say of Growth mindset")
    await world.bot.move_to(london("2026-05-20T11:00"))

    assert GOALS in asked(world, ASHA).read
    assert "★★★★★ 5 stars: excellent" in read(pressed)
    assert "★★★★☆ 4 stars: very good" in submitted.read
    assert "Zu schnell" in submitted.read
    assert stars_of(changing["value"]) == "5"
    assert "★★★☆☆ 3 stars: good" in read(changed)
    assert "More time" not in read(changed)
    assert "once at least 5 people have answered" in of_four
    assert "stars, " not in of_four
    for seen in (of_five, told.read):
        assert "4.4 of 5 stars, 5 answers" in seen
        assert "4 of the 5 who said (80 %)" in seen
        assert "Zu schnell" in seen
        assert not [p.name for p in people if p.name in seen.replace("What people say", "")]
    assert len(world.told(DI, "What people say of")) == 1


async def test_who_was_not_there_is_not_asked(world: World):
    for person in (ASHA, BO, CY):
        await world.book(person, "GM1")
    await world.pass_time()
    event = world.graph.event_of("Growth mindset")
    world.graph.attendance.ended(event, TEN, ELEVEN, present(ASHA, (TEN, ELEVEN)))
    await world.bot.move_to(london("2026-05-18T11:10"))
    await world.teams.say(ORGA, "mark Bo as absent at GM1: was ill")
    await world.bot.move_to(london("2026-05-18T11:14"))
    early = world.told(ASHA, "How was")
    await world.bot.move_to(ASKED)
    await world.bot.move_to(london("2026-05-18T13:10"))

    assert early == []
    assert len(world.told(ASHA, "How was Growth mindset?")) == 1
    assert len(world.told(CY, "Did you make it to Growth mindset?")) == 1
    assert not world.told(BO, "Did you make it")
    assert not world.told(DI, "Did you make it")


async def test_who_came_by_another_way_is_asked_when_it_is_known(world: World):
    """Cy did not book, and Teams tells of her only in its second report."""
    await attend(world, ASHA)
    event = world.graph.event_of("Growth mindset")
    world.graph.attendance.ended(event, TEN, ELEVEN, present(CY, (TEN, ELEVEN)))
    await world.bot.move_to(london("2026-05-18T11:30"))
    not_yet = world.told(CY, "How was")
    await world.bot.move_to(london("2026-05-18T13:10"))

    assert not_yet == []
    assert asked(world, CY)
    assert asked(world, ASHA)


async def test_nobody_compares_before_and_after(world: World):
    """With a sixth answer, and with four that change, what is shown stays as it was."""
    people = [ASHA, BO, CY, DI, *await some(world, 2)]
    await attend(world, *people)
    for person in people[:5]:
        await answer(world, person, 5)
    await world.bot.tick()
    of_five = await results(world)
    await answer(world, people[5], 1, "Mine alone")
    await world.bot.tick()
    of_six = await results(world)
    for person in people[:4]:
        await answer(world, person, 1)
    await world.bot.tick()
    with_five_changes = await results(world)

    assert of_six == of_five
    assert "5.0 of 5 stars, 5 answers" in of_five
    assert "1.7 of 5 stars, 6 answers" in with_five_changes


async def test_only_organisers_and_those_who_ran_it_see_what_people_say(world: World):
    await attend(world, ASHA, BO)
    await world.teams.say(ORGA, "let Bo check in GM1")

    theirs = await world.teams.say(ASHA, "what did people think of GM1")
    helpers = await world.teams.say(BO, "feedback for GM1")
    gives = await world.teams.say(ASHA, "feedback for GM1")
    forged = await world.teams.press(CY, helpers.card | FORGED, title="Forged")

    assert "Only organisers and those who ran a session" in theirs.read
    assert "What people say of Growth mindset" in helpers.read
    assert "How was Growth mindset?" in gives.read
    assert "Only organisers and those who ran a session" in read(forged)


FORGED = {
    "actions": [
        {
            "type": "Action.Execute",
            "title": "Forged",
            "verb": "feedback.results",
            "data": {"session": 1},
        }
    ]
}


# --- attendance unknown ----------------------------------------------------------------------


async def test_those_booked_are_asked_whether_they_made_it(world: World, capsysbinary: Any):
    """Nobody kept a list in the library: their own word is taken, and what is seen outranks it."""
    for person in (ASHA, BO, CY):
        await world.book(person, "DA1")
    await world.bot.move_to(london("2026-05-18T11:45"))
    question = "Did you make it to Digital accessibility?"

    yes = await world.teams.press(ASHA, asked(world, ASHA, question), title="Yes")
    sent = await world.teams.press(ASHA, yes, title="Send", data={"stars": "4"})
    no = await world.teams.submit(BO, asked(world, BO, question), title="No")
    formats = FileFormats(world.bot.core.clock, "https://learnweek.example.org")
    capsysbinary.readouterr()
    await export(world.bot.core.reports, formats, "attendance", "", "csv")
    rows = capsysbinary.readouterr().out.decode("utf-8-sig").splitlines()[1:]
    came = (await world.teams.say(ORGA, "who came to DA1")).read
    after_all = await world.teams.press(BO, no.only, title="I was there after all")
    ticked = (await world.teams.say(ORGA, "check in DA1")).card
    await world.teams.press(ORGA, ticked, verb="attendance.tick", data={"came": person_id(CY)})
    late = await world.teams.press(CY, asked(world, CY, question), title="No")

    assert "How was Digital accessibility?" in read(yes)
    assert "4 stars" in read(sent)
    assert "you did not make it to Digital accessibility" in no.read
    assert sorted(row.split(",", 3)[3] for row in rows) == [
        "Asha,,attended,0,own_word,yes,Asha,",
        "Bo,,absent,0,own_word,yes,Bo,",
    ]
    assert "Asha (by own word)" in came
    assert "How was Digital accessibility?" in read(after_all)
    assert "on record as having been at" in read(late)


# --- reminders -------------------------------------------------------------------------------


async def test_one_reminder_the_next_day_tells_of_all_that_is_unanswered(world: World):
    for code in ("PB1", "GM1"):
        await world.book(ASHA, code)
    await world.book(BO, "GM1")
    await attend(world, CY)
    await world.bot.move_to(london("2026-05-18T15:15"))
    await world.teams.press(BO, asked(world, BO, "Did you make it"), title="Yes")
    await world.teams.say(CY, "nudges off")
    await world.bot.move_to(london("2026-05-19T09:59"))
    early = reminders(world)
    await world.bot.move_to(london("2026-05-19T10:00"))
    at_ten = reminders(world)
    await world.bot.move_to(london("2026-05-21T10:00"))

    assert early == []
    [bos] = world.told(BO, "A reminder: how was Growth mindset?")
    [ashas] = world.told(ASHA, "A reminder: how were these?")
    assert [b["title"] for b in buttons(ashas.card)] == ["Give feedback", "Give feedback"]
    assert stars_of(bos.card) == ""
    assert not world.told(CY, "A reminder")
    assert reminders(world) == at_ten
    assert len(at_ten) == 2


def reminders(world: World) -> list[str]:
    return [sent.read for sent in world.connector.sent if "A reminder" in str(sent.card)]


async def test_who_has_answered_is_not_reminded(world: World):
    await attend(world, ASHA)
    await answer(world, ASHA, 4)
    await world.bot.move_to(london("2026-05-19T10:00"))

    assert reminders(world) == []


async def test_in_the_evening_nobody_is_disturbed(world: World):
    """The night session ends at 23:00: people are asked in the morning, and reminded a day later."""
    await world.book(ASHA, "NS1")
    await world.bot.move_to(london("2026-05-19T23:20"))
    at_night = world.told(ASHA, "Did you make it to")
    await world.bot.move_to(london("2026-05-20T07:30"))
    in_the_morning = world.told(ASHA, "Did you make it to")
    await world.bot.move_to(london("2026-05-20T10:30"))
    same_day = reminders(world)
    await world.bot.move_to(london("2026-05-21T10:00"))

    assert at_night == []
    assert len(in_the_morning) == 1
    assert same_day == []
    assert len(reminders(world)) == 1


async def test_a_session_that_has_moved_meanwhile_is_asked_about_after_its_new_end(world: World):
    await world.book(ASHA, "NS1")
    await world.bot.move_to(london("2026-05-19T23:20"))
    before = "2026-05-19T22:00,2026-05-19T23:00"
    assert before in WEEK
    await world.bot.publish(WEEK.replace(before, "2026-05-21T14:00,2026-05-21T15:00"))
    await world.bot.move_to(london("2026-05-20T07:30"))
    in_the_morning = world.told(ASHA, "Did you make it")
    await world.bot.move_to(london("2026-05-21T15:15"))

    assert in_the_morning == []
    assert len(world.told(ASHA, "Did you make it")) == 1


# --- words and wrong presses -----------------------------------------------------------------


async def test_people_give_feedback_in_their_own_words(world: World):
    await attend(world, ASHA)
    await world.book(ASHA, "PB1")
    alone = await world.teams.say(ASHA, "give feedback")
    by_code = await world.teams.say(ASHA, "rate GM1")
    by_title = await world.teams.say(ASHA, "feedback on growth mindset")
    await world.bot.move_to(london("2026-05-18T15:15"))
    several = await world.teams.say(ASHA, "feedback")
    await world.teams.press(ASHA, by_code.card, title="Send", data={"stars": "2"})
    then = await world.teams.say(ASHA, "change my answer")
    ahead = await world.teams.say(ASHA, "rate MC2")
    stranger = await world.teams.say(BO, "give feedback")
    looking = await world.teams.say(BO, "feedback")
    not_there = await world.teams.say(BO, "rate GM1")

    for reply in (alone, by_code, by_title):
        assert "How was Growth mindset?" in reply.read
    assert [b["title"] for b in buttons(several.card)] == ["Give feedback"] * 2
    assert [b["title"] for b in buttons(then.card)] == ["Give feedback", "Change my answer"]
    assert "Mentoring circles is not over yet" in ahead.read
    assert "There is nothing to give feedback on" in stranger.read
    assert "There is nothing to give feedback on" not in looking.read
    assert "Only those who were there can say how it was" in not_there.read


async def test_in_a_channel_it_stays_between_the_two(world: World):
    await attend(world, ASHA)

    said = await world.teams.say(ASHA, "give feedback", GENERAL)

    public = [sent for sent in said.sent if sent.conversation.startswith(GENERAL.id)]
    assert public
    assert not [sent for sent in public if "How was" in sent.read]
    assert len(world.told(ASHA, "How was Growth mindset?")) == 2


async def test_without_stars_nothing_is_lost(world: World):
    """A client that does not know that an input is required sends the card all the same."""
    await attend(world, ASHA)
    card = asked(world, ASHA)
    unmarked = _without_required(card.card)

    for stars in ("", "0", "6", "five", None):
        data = {"helped": "no", "comment": "Nearly forgot", **({"stars": stars} if stars else {})}
        again = await world.teams.press(ASHA, unmarked, title="Send", data=data)
        assert "Choose how many stars you give it" in read(again)
        held = {p["id"]: p.get("value") for _, p in parts(again["value"]) if "id" in p}
        assert held == {"stars": None, "helped": "no", "comment": "Nearly forgot"}
    sent = await world.teams.press(ASHA, again, title="Send", data={"stars": "1"})

    assert "Nearly forgot" in read(sent)


def _without_required(card: dict[str, Any]) -> dict[str, Any]:
    body = [{k: v for k, v in part.items() if k != "isRequired"} for part in card["body"]]
    return {**card, "body": body}


async def test_a_card_pressed_by_another_or_too_late_changes_nothing(world: World):
    await attend(world, ASHA)
    card = asked(world, ASHA)

    others = await world.teams.press(BO, card.card, title="Send", data={"stars": "1"})
    await world.bot.move_to(london("2026-06-05T14:59"))
    late = await world.teams.press(ASHA, card, title="Send", data={"stars": "5"})
    await world.bot.move_to(london("2026-06-05T15:00"))
    too_late = await world.teams.press(ASHA, late, title="Change my answer")

    assert "Only those who were there can say how it was" in read(others)
    assert "5 stars" in read(late)
    assert "is closed" in read(too_late)


async def test_a_session_that_was_cancelled_is_not_asked_about(world: World):
    await world.book(ASHA, "GM1")
    await world.book(BO, "DA1")
    await world.teams.say(ORGA, "cancel session GM1")
    await world.teams.say(ORGA, "yes")
    await world.bot.move_to(london("2026-05-18T12:00"))

    assert not world.told(ASHA, "Did you make it")
    assert world.told(BO, "Did you make it")


# --- what is kept ----------------------------------------------------------------------------


async def test_the_export_has_what_may_be_shown_and_nobody(world: World, capsysbinary: Any):
    people = [ASHA, BO, CY, DI, *await some(world, 1)]
    await attend(world, *people)
    core = world.bot.core
    formats = FileFormats(core.clock, "https://learnweek.example.org")
    for person in people[:4]:
        await answer(world, person, 5, f"=word{people.index(person)}")
    await world.bot.tick()
    capsysbinary.readouterr()
    await export(core.reports, formats, "feedback", "", "csv")
    nothing = capsysbinary.readouterr()
    await answer(world, people[4], 2)
    await world.bot.tick()
    await export(core.reports, formats, "feedback", "", "csv")
    shown = capsysbinary.readouterr().out.decode("utf-8-sig").splitlines()

    assert len(nothing.out.decode().splitlines()) == 1
    assert b"No session has feedback of enough people yet" in nothing.err
    start = "GM1,Growth mindset,2026-05-18T10:00"
    assert shown[1] == f"{start},5,4.40,0,1,0,0,4,5,0,"
    assert [row.rpartition(",")[0] for row in shown[2:]] == [f"{start},,,,,,,,,"] * 4
    assert ["word" in row for row in shown[2:]] == [True] * 4
    assert not _named(people, "\n".join(shown))


async def test_the_desk_exports_the_same_and_never_of_fewer_than_five(world: World):
    people = [ASHA, BO, CY, DI, *await some(world, 1)]
    await attend(world, *people)
    wanted = {"what": "feedback", "edition": "The week", "format": "csv"}
    async with a_reader(world.bot, ORGA) as orla:
        for person in people[:4]:
            await answer(world, person, 5)
        await world.bot.tick()
        of_four = await orla.post("/desk/export", wanted)
        await answer(world, people[4], 1)
        await world.bot.tick()
        of_five = await orla.post("/desk/export", wanted)

    assert len(of_four.text.splitlines()) == 1
    [_, row] = of_five.text.splitlines()
    assert row == "GM1,Growth mindset,2026-05-18T10:00,5,4.20,1,0,0,0,4,5,0,"


def _named(people: Sequence[Person], text: str) -> list[str]:
    return [p.name for p in people if p.name in text or p.aad_id in text]


async def test_somebody_forgotten_leaves_a_count(world: World):
    people = [ASHA, BO, CY, DI, *await some(world, 1)]
    await attend(world, *people)
    for person in people:
        await answer(world, person, 5, "Mine to forget" if person is ASHA else "")
    await world.bot.tick()
    before = await results(world)
    await world.teams.say(ASHA, "forget me")
    await world.teams.say(ASHA, "yes")
    after = await results(world)

    assert "Mine to forget" in before
    assert "Mine to forget" not in after
    assert "5.0 of 5 stars, 5 answers" in after
    rows = await world.bot.outbox(Kind.FEEDBACK, Kind.FEEDBACK_REMINDER)
    assert not [row for row in rows if row.notice.person_id == person_id(ASHA)]
