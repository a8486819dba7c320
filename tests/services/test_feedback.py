"""What people say of sessions: asked for, taken in, shown, on a real database."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from learning.attendance import Presence, Source
from learning.feedback import Part, Release
from learning.notices import Kind
from learning.people import FORGOTTEN, PersonId
from learning.sessions import EditionId, Format, Session, SessionState
from services.feedback import FeedbackService, NotOpen, NotThere
from tests.services.desk import LONDON, RULES, Desk
from tests.services.test_attendance import seen
from tests.services.test_people import all_that_is_stored
from tests.support.builders import WEDNESDAY, details
from tests.support.databases import ON_SQLITE

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
ENDS = WEDNESDAY + HOUR
ASHA, BO, CY, ORLA = PersonId("asha"), PersonId("bo"), PersonId("cy"), PersonId("orla")
SIX = ("asha", "bo", "cy", "di", "em", "fay")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The feedback of one session for which six people are booked; it has just ended."""

    desk: Desk
    service: FeedbackService
    session: Session

    async def come(self, *names: str) -> None:
        """Have these seen by Teams."""
        await self.desk.attendance.take_in(
            self.session.id, [seen(name, report=name[::-1]) for name in names]
        )

    async def give(self, name: str, stars: int = 4, comment: str = "", helped: bool = True) -> None:
        await self.service.give(
            PersonId(name), self.session.id, stars=stars, helped=helped, comment=comment
        )

    async def shown(self) -> Release | None:
        """What may be shown after the clock's next look."""
        await self.service.show()
        return (await self.service.shown_of(self.session.id))[1]

    async def asked(self, after: timedelta) -> list[PersonId]:
        """Who is asked by so long after the end, in the order of their ids."""
        self.desk.clock.set(ENDS + after)
        await self.service.queue()
        return sorted(p or PersonId("") for p in await self.desk.told(Kind.FEEDBACK))


def service_of(desk: Desk) -> FeedbackService:
    return FeedbackService(desk.work, desk.clock, desk.catalogue, quiet=RULES.quiet, zone=LONDON)


@pytest.fixture
async def gm1(desk: Desk) -> Asked:
    [session] = await desk.publish(details(format=Format.TEAMS))
    await desk.book(session, *SIX)
    desk.clock.set(ENDS)
    return Asked(desk=desk, service=service_of(desk), session=await desk.session(session))


# --- asking ----------------------------------------------------------------------------------


async def test_whoever_is_booked_or_was_there_is_asked_once(gm1: Asked):
    await gm1.desk.meet("walk-in", "late")
    await gm1.come("asha", "walk-in")
    early = await gm1.asked(14 * MINUTE)
    first = await gm1.asked(15 * MINUTE)
    await gm1.come("late")
    second = await gm1.asked(130 * MINUTE)
    again = await gm1.asked(131 * MINUTE)

    assert early == []
    assert first == sorted([*SIX, "walk-in"])
    assert second == again == sorted([*SIX, "walk-in", "late"])


@ON_SQLITE
async def test_two_replicas_and_a_restart_ask_no_more(gm1: Asked):
    await gm1.asked(15 * MINUTE)
    await service_of(gm1.desk).queue()

    assert len(await gm1.desk.told(Kind.FEEDBACK)) == len(SIX)
    assert len(await gm1.desk.told(Kind.FEEDBACK_REMINDER)) == len(SIX)


@ON_SQLITE
async def test_who_waits_who_cancelled_and_who_is_known_to_be_absent_is_not_asked(gm1: Asked):
    desk = gm1.desk
    desk.clock.set(WEDNESDAY - DAY)
    [full] = await desk.publish(details("MC1", capacity=1))
    await desk.book(full, "gus", "hal")
    await desk.book(gm1.session, "ida")
    await desk.bookings.cancel(PersonId("ida"), gm1.session.id)
    desk.clock.set(ENDS)
    await desk.attendance.correct(gm1.session.id, BO, Presence.ABSENT, by=ORLA, why="was on leave")
    await gm1.asked(15 * MINUTE)

    asked = await desk.told(Kind.FEEDBACK)
    assert sorted(map(str, asked)) == ["asha", "cy", "di", "em", "fay", "gus"]


@ON_SQLITE
async def test_guests_and_the_forgotten_are_not_asked(gm1: Asked):
    await gm1.desk.attendance.take_in(gm1.session.id, [seen("", name="Visitor")])
    await gm1.come("asha")
    await gm1.desk.people.forget(ASHA)

    assert await gm1.asked(15 * MINUTE) == ["bo", "cy", "di", "em", "fay"]


@ON_SQLITE
@pytest.mark.parametrize(
    "after", [timedelta(), 7 * DAY, 30 * DAY], ids=["at its end", "a week later", "a month later"]
)
async def test_too_early_and_too_late_nobody_is_asked(gm1: Asked, after: timedelta):
    assert await gm1.asked(after) == []


@ON_SQLITE
async def test_nobody_is_asked_of_what_was_cancelled(gm1: Asked):
    async with gm1.desk.work() as uow:
        await uow.sessions.save(replace(gm1.session, state=SessionState.CANCELLED))
        await uow.commit()

    assert await gm1.asked(15 * MINUTE) == []


@ON_SQLITE
async def test_one_reminder_a_day_tells_of_all_that_is_unanswered(gm1: Asked):
    desk = gm1.desk
    desk.clock.set(WEDNESDAY - DAY)
    other, third = await desk.publish(
        details("MC1", WEDNESDAY + 3 * HOUR), details("MC2", WEDNESDAY + DAY)
    )
    await desk.bookings.book(ASHA, other.id)
    await desk.bookings.book(ASHA, third.id)
    for after in (15 * MINUTE, 3 * HOUR + 15 * MINUTE, DAY + 15 * MINUTE):
        await gm1.asked(after)
    reminders = [n for n in await desk.owed(Kind.FEEDBACK_REMINDER) if n.person_id == ASHA]

    told = [[s.session.code for s in await gm1.service.reminded_of(ASHA, n)] for n in reminders]
    await gm1.service.made_it(ASHA, gm1.session.id, True)
    await gm1.give("asha")
    after_an_answer = await gm1.service.reminded_of(ASHA, reminders[0])

    assert told == [["GM1", "MC1"], [], ["MC2"]]
    assert [s.session.code for s in after_an_answer] == ["MC1"]


# --- giving ----------------------------------------------------------------------------------


async def test_an_answer_is_kept_and_can_be_changed(gm1: Asked):
    await gm1.come("asha")
    await gm1.give("asha", 2, "too fast", helped=False)
    gm1.desk.clock.set(ENDS + DAY)
    await gm1.give("asha", 5)

    standing = await gm1.service.standing(ASHA, gm1.session.id)
    assert standing.answer is not None
    answer = standing.answer
    assert (answer.stars, answer.helped, answer.comment) == (5, True, "")
    assert (answer.given_at, answer.changed_at) == (ENDS, ENDS + DAY)


@ON_SQLITE
async def test_many_answers_at_once_are_all_kept(gm1: Asked):
    await gm1.come(*SIX)

    await asyncio.gather(*(gm1.give(name) for name in SIX), *(gm1.give(name) for name in SIX))

    shown = await gm1.shown()
    assert shown is not None
    assert shown.stars == (0, 0, 0, 6, 0)


@ON_SQLITE
async def test_only_who_was_there_answers(gm1: Asked):
    await gm1.desk.meet("stranger")
    for name in ("asha", "stranger"):
        with pytest.raises(NotThere):
            await gm1.give(name)
    with pytest.raises(NotThere):
        await gm1.service.made_it(PersonId("stranger"), gm1.session.id, True)


@ON_SQLITE
async def test_answers_are_taken_from_the_end_until_the_edition_closes(gm1: Asked):
    await gm1.desk.publish(details("LAST", WEDNESDAY + 2 * DAY))
    await gm1.come("asha")
    closes = ENDS + 16 * DAY
    refused: list[datetime] = []
    for moment in (ENDS - MINUTE, ENDS, closes - MINUTE, closes):
        gm1.desk.clock.set(moment)
        try:
            await gm1.give("asha", 1 + len(refused))
        except NotOpen:
            refused.append(moment)

    assert refused == [ENDS - MINUTE, closes]


# --- their own word --------------------------------------------------------------------------


async def test_their_own_word_is_recorded_as_such_and_can_be_taken_back(gm1: Asked):
    yes = await gm1.service.made_it(ASHA, gm1.session.id, True)
    no = await gm1.service.made_it(BO, gm1.session.id, False)
    back = await gm1.service.made_it(BO, gm1.session.id, True)

    assert (yes.part, no.part, back.part) == (Part.MAY_ANSWER, Part.MAY_SAY_SO, Part.MAY_ANSWER)
    whole = await gm1.desk.attendance.of(gm1.session.id)
    found = {a.who: a.outcome for a in whole.attendees if a.outcome is not None}
    assert {who: (o.state, o.source) for who, o in found.items()} == {
        ASHA: (Presence.ATTENDED, Source.OWN_WORD),
        BO: (Presence.ATTENDED, Source.OWN_WORD),
    }
    assert [(c.who, c.was, c.state) for c in whole.changes] == [
        (ASHA, "", "attended"),
        (BO, "", "absent"),
        (BO, "absent", "attended"),
    ]


@ON_SQLITE
@pytest.mark.parametrize(
    ("somebody", "stands"),
    [
        (lambda gm1: gm1.come("asha"), ("attended", "teams")),
        (
            lambda gm1: gm1.desk.attendance.correct(
                gm1.session.id, ASHA, Presence.BRIEFLY, by=ORLA, why="the list"
            ),
            ("briefly", "correction"),
        ),
    ],
)
async def test_what_was_seen_or_said_by_others_stands_against_it(
    gm1: Asked, somebody: Callable[[Asked], asyncio.Future[object]], stands: tuple[str, str]
):
    await gm1.service.made_it(ASHA, gm1.session.id, False)
    await somebody(gm1)
    await gm1.service.made_it(ASHA, gm1.session.id, False)

    outcome = (await gm1.service.standing(ASHA, gm1.session.id)).outcome
    assert outcome is not None
    assert (str(outcome.state), str(outcome.source)) == stands


@ON_SQLITE
async def test_it_outranks_that_nobody_saw_them(gm1: Asked):
    gm1.desk.clock.set(ENDS + DAY)
    await gm1.come("bo")
    before = (await gm1.service.standing(ASHA, gm1.session.id)).outcome
    await gm1.service.made_it(ASHA, gm1.session.id, True)
    await gm1.come("cy")

    after = (await gm1.service.standing(ASHA, gm1.session.id)).outcome
    assert before is not None
    assert after is not None
    assert (before.state, after.state) == (Presence.ABSENT, Presence.ATTENDED)


# --- what is shown ---------------------------------------------------------------------------


async def test_nothing_is_shown_of_four_and_nothing_more_of_a_sixth(gm1: Asked):
    await gm1.come(*SIX)
    for name in SIX[:4]:
        await gm1.give(name, 5)
    of_four = await gm1.shown()
    await gm1.give("em", 5)
    of_five = await gm1.shown()
    await gm1.give("fay", 1, "only mine")
    of_six = await gm1.shown()

    assert of_four is None
    assert of_five is not None
    assert of_five.stars == (0, 0, 0, 0, 5)
    assert of_six == of_five


@ON_SQLITE
async def test_one_who_changes_their_mind_is_not_seen_until_five_have(gm1: Asked):
    await gm1.come(*SIX)
    for name in SIX:
        await gm1.give(name, 5)
    before = await gm1.shown()
    seen_by_count: list[Release | None] = []
    for name in SIX[:5]:
        gm1.desk.clock.set(gm1.desk.clock.now() + HOUR)
        await gm1.give(name, 1)
        seen_by_count.append(await gm1.shown())

    assert seen_by_count[:4] == [before] * 4
    assert seen_by_count[4] is not None
    assert seen_by_count[4].stars == (5, 0, 0, 0, 1)


@ON_SQLITE
async def test_the_releases_of_an_edition_are_those_of_its_sessions(gm1: Asked):
    await gm1.come(*SIX)
    for name in SIX:
        await gm1.give(name)
    shown = await gm1.shown()

    assert await gm1.service.releases(gm1.session.edition_id) == {gm1.session.id: shown}
    assert await gm1.service.releases(EditionId(99)) == {}


@ON_SQLITE
async def test_those_who_ran_it_are_told_once_when_a_day_has_passed(gm1: Asked):
    await gm1.desk.meet("orla")
    await gm1.desk.attendance.let(gm1.session.id, ORLA, by=BO)
    await gm1.come(*SIX)
    for name in SIX[:4]:
        await gm1.give(name)
    gm1.desk.clock.set(ENDS + DAY)
    await gm1.service.show()
    of_four = await gm1.desk.told(Kind.FEEDBACK_RESULT)
    gm1.desk.clock.set(ENDS + DAY - MINUTE)
    await gm1.give("em")
    await gm1.service.show()
    early = await gm1.desk.told(Kind.FEEDBACK_RESULT)
    gm1.desk.clock.set(ENDS + DAY)
    await gm1.service.show()
    await service_of(gm1.desk).show()

    assert (of_four, early) == ([], [])
    assert await gm1.desk.told(Kind.FEEDBACK_RESULT) == [ORLA]


# --- forgetting ------------------------------------------------------------------------------


async def test_somebody_forgotten_leaves_a_count_and_no_words(gm1: Asked):
    await gm1.come(*SIX)
    for name in SIX:
        await gm1.give(name, 5, f"words of {name}")
    await gm1.shown()
    before = await all_that_is_stored(gm1.desk.database)
    await gm1.desk.people.forget(ASHA)

    shown = await gm1.shown()
    assert shown is not None
    assert shown.stars == (0, 0, 0, 0, 6)
    assert "words of asha" not in shown.comments
    assert len(shown.comments) == 5
    assert "asha" in before
    assert "asha" not in await all_that_is_stored(gm1.desk.database)
    async with gm1.desk.work(read_only=True) as uow:
        answers = await uow.feedback.of_session(gm1.session.id)
    assert sum(a.who.startswith(FORGOTTEN) for a in answers) == 1
    assert len(answers) == 6
