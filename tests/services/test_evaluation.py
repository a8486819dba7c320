"""The report of an edition on real databases: what it shows, what it withholds, and when it changes."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from learning.attendance import Presence
from learning.errors import LearningError
from learning.people import PersonId
from learning.profiles import Profile
from learning.report import Line, Measure, Report, Score
from learning.sessions import Format, Session
from services.evaluation import Evaluation
from services.feedback import FeedbackService
from tests.services.desk import LONDON, RULES, Desk
from tests.support.builders import WEDNESDAY, details, meet
from tests.support.databases import ON_SQLITE

HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=364)
ORLA = PersonId("orla")


def evaluation(
    desk: Desk, front_line: Sequence[str] = (), remote: Sequence[str] = ()
) -> Evaluation:
    return Evaluation(desk.work, desk.clock, "for tests", front_line=front_line, remote=remote)


def names(count: int, prefix: str = "p") -> list[str]:
    return [f"{prefix}{n:02}" for n in range(count)]


async def work_at(desk: Desk, people: Sequence[str], department: str, office: str = "") -> None:
    async with desk.work() as uow:
        await uow.profiles.save(
            Profile(
                person_id=PersonId(name),
                department=department,
                office=office,
                read_at=desk.clock.now(),
            )
            for name in people
        )
        await uow.commit()


async def were(desk: Desk, session: Session, people: Sequence[str], presence: Presence) -> None:
    for name in people:
        await desk.attendance.correct(session.id, PersonId(name), presence, by=ORLA, why="")


def figures(line: Line | None) -> tuple[int, ...]:
    """booked, attended, briefly, no-shows, unknown, without a booking, waiting"""
    assert line is not None
    return (
        line.booked,
        line.attended,
        line.briefly,
        line.no_shows,
        line.unknown,
        line.unbooked,
        line.waiting,
    )


def by_name(lines: Sequence[Line]) -> dict[str, tuple[int, ...]]:
    return {line.name: figures(line) for line in lines}


@ON_SQLITE
async def test_what_became_of_each_booking_is_counted(desk: Desk):
    [session] = await desk.publish(details("GM1", capacity=8, strand="Valued"))
    everybody = names(10)
    await desk.book(session, *everybody)
    await desk.bookings.cancel(PersonId("p07"), session.id)
    desk.clock.set(WEDNESDAY + 2 * HOUR)
    await were(desk, session, ["p00", "p01", "p02", "p03"], Presence.ATTENDED)
    await were(desk, session, ["p04"], Presence.BRIEFLY)
    await were(desk, session, ["p05"], Presence.ABSENT)
    await meet(desk.work, "walker")
    await were(desk, session, ["walker"], Presence.ATTENDED)

    report = await evaluation(desk).report()

    assert figures(report.totals) == (8, 5, 1, 1, 2, 1, 1)
    assert by_name(report.by_session) == {"Session GM1 (GM1)": (8, 5, 1, 1, 2, 1, 1)}
    assert by_name(report.by_strand) == {"Valued": (8, 5, 1, 1, 2, 1, 1)}
    assert by_name(report.by_format) == {"In person": (8, 5, 1, 1, 2, 1, 1)}
    assert report.reach.people == 5
    assert (report.first_day, report.is_over) == (date(2026, 5, 20), True)


@ON_SQLITE
async def test_sessions_that_were_called_off_or_have_no_time_are_not_counted(desk: Desk):
    off, paced, on = await desk.publish(
        details("OFF"),
        details("EDX", starts_at=None, format=Format.SELF_PACED, capacity=None),
        details("ON"),
    )
    await desk.book(off, *names(6))
    await desk.book(on, *names(6), despite_clash=True)
    await desk.programme.cancel_session(off.id, by=ORLA)

    report = await evaluation(desk).report()

    assert [line.name for line in report.by_session] == ["Session ON (ON)"]
    assert figures(report.totals)[0] == 6
    assert any(note.startswith("One session was called off") for note in report.notes)
    assert paced.title not in str(report)


@ON_SQLITE
async def test_a_department_of_two_is_found_neither_in_a_table_nor_by_subtraction(desk: Desk):
    [session] = await desk.publish(details(capacity=None))
    housing, finance, two = names(9, "h"), names(6, "f"), names(2, "t")
    await desk.book(session, *housing, *finance, *two)
    await work_at(desk, housing, "Housing")
    await work_at(desk, finance, "Finance")
    await work_at(desk, two, "Registrars")

    report = await evaluation(desk).report()

    assert by_name(report.by_department) == {
        "Housing": (9, 0, 0, 0, 9, 0, 0),
        "Other departments": (8, 0, 0, 0, 8, 0, 0),
    }
    assert "Registrars" not in str(report)
    assert any(note.startswith("Departments and offices") for note in report.notes)


@ON_SQLITE
async def test_a_session_of_three_is_found_neither_alone_nor_as_its_strand_less_the_others(
    desk: Desk,
):
    small, large, other = await desk.publish(
        details("CC1", strand="Talent", format=Format.TEAMS),
        details("GM1", strand="Talent", format=Format.TEAMS, starts_at=WEDNESDAY + DAY),
        details("PB1", strand="Leader", format=Format.ZOOM, starts_at=WEDNESDAY + 2 * DAY),
    )
    await desk.book(small, *names(3, "s"))
    await desk.book(large, *names(7, "l"))
    await desk.book(other, *names(6, "o"))

    report = await evaluation(desk).report()

    assert by_name(report.by_session) == {
        "Together: CC1 and GM1": (10, 0, 0, 0, 10, 0, 0),
        "Session PB1 (PB1)": (6, 0, 0, 0, 6, 0, 0),
    }
    assert by_name(report.by_strand) == {
        "Leader": (6, 0, 0, 0, 6, 0, 0),
        "Talent": (10, 0, 0, 0, 10, 0, 0),
    }


@ON_SQLITE
async def test_a_strand_with_one_small_session_is_shown_with_another_strand(desk: Desk):
    small, large, third = await desk.publish(
        details("CC1", strand="Talent"),
        details("GM1", strand="Valued", starts_at=WEDNESDAY + DAY),
        details("PB1", strand="Leader", starts_at=WEDNESDAY + 2 * DAY),
    )
    await desk.book(small, *names(3, "s"))
    await desk.book(large, *names(7, "l"))
    await desk.book(third, *names(9, "t"))

    report = await evaluation(desk).report()

    assert by_name(report.by_strand) == {
        "Leader": (9, 0, 0, 0, 9, 0, 0),
        "Talent and Valued": (10, 0, 0, 0, 10, 0, 0),
    }
    assert [line.merged for line in report.by_strand] == [False, True]


@ON_SQLITE
async def test_nothing_is_shown_of_fewer_than_five_people(desk: Desk):
    [session] = await desk.publish(details())
    await desk.book(session, *names(4))

    report = await evaluation(desk).report()

    assert report == replace(
        report,
        totals=None,
        by_session=(),
        by_strand=(),
        by_format=(),
        by_department=(),
        channels=(),
    )
    assert report.notes == (
        "Fewer than 5 people took part, so no figures are shown: they would tell of single people.",
    )


async def test_a_report_before_and_one_after_do_not_tell_who_came_in_between(desk: Desk):
    [session] = await desk.publish(details(capacity=None))
    await desk.book(session, *names(9))
    await work_at(desk, names(9), "Housing")
    before = await evaluation(desk).report()

    desk.clock.advance(HOUR)
    await desk.book(session, *names(4, "late"))
    after_four = await evaluation(desk).report()
    await desk.book(session, "late04")
    after_five = await evaluation(desk).report()

    assert after_four == replace(before, notes=after_four.notes)
    assert after_four.notes[0].startswith("Since these figures were made")
    assert after_four.made_at == before.made_at
    assert figures(after_five.totals)[0] == 14
    assert after_five.made_at == desk.clock.now()


@ON_SQLITE
async def test_somebody_who_moves_or_is_forgotten_is_not_told_from_two_reports(desk: Desk):
    [session] = await desk.publish(details(capacity=None))
    await desk.book(session, *names(7), *names(7, "f"))
    await work_at(desk, names(7), "Housing")
    await work_at(desk, names(7, "f"), "Finance")
    desk.clock.set(WEDNESDAY + 2 * HOUR)
    before = await evaluation(desk).report()

    await desk.people.forget(PersonId("p00"))
    await work_at(desk, ["p01"], "Finance")
    after = await evaluation(desk).report()

    assert after == replace(before, notes=after.notes)


async def test_two_replicas_that_report_at_once_show_the_same(desk: Desk, other_desk: Desk):
    [session] = await desk.publish(details(capacity=None))
    await desk.book(session, *names(9))

    first, second = await asyncio.gather(evaluation(desk).report(), evaluation(other_desk).report())
    await desk.book(session, "one_more")
    third = await evaluation(other_desk).report()

    assert figures(first.totals)[0] == 9
    assert second == first
    assert third == replace(first, notes=third.notes)


@ON_SQLITE
async def test_those_who_wait_make_a_small_session_no_larger(desk: Desk):
    """Three had a place and six waited: what the three did would be told."""
    small, large = await desk.publish(
        details("CC1", capacity=3), details("GM1", starts_at=WEDNESDAY + DAY)
    )
    await desk.book(small, *names(9, "s"))
    await desk.book(large, *names(7, "l"))

    report = await evaluation(desk).report()

    assert by_name(report.by_session) == {"Together: CC1 and GM1": (10, 0, 0, 0, 10, 0, 6)}


@ON_SQLITE
async def test_guests_count_but_make_no_group_of_many_people(desk: Desk):
    """Six names that somebody typed may be one person six times."""
    small, large = await desk.publish(details("CC1"), details("GM1", starts_at=WEDNESDAY + DAY))
    await desk.book(large, *names(7, "l"))
    desk.clock.set(WEDNESDAY + HOUR)
    guests = [f"Guest {n}" for n in range(6)]
    await desk.attendance.tick(small.id, [], by=ORLA, guests=guests)

    report = await evaluation(desk).report()

    assert by_name(report.by_session) == {"Together: CC1 and GM1": (7, 6, 0, 0, 7, 6, 0)}
    assert report.reach.people == 7
    assert any(note.startswith("Guests without an account") for note in report.notes)


@ON_SQLITE
async def test_scores_of_a_strand_or_of_all_less_those_shown_tell_of_no_other_answer(desk: Desk):
    """Six answered on one session, four on the other: the four are in no sum."""
    told, untold = await desk.publish(
        details("A", strand="Valued"),
        details("B", strand="Valued", starts_at=WEDNESDAY + DAY),
    )
    feedback = FeedbackService(
        desk.work, desk.clock, desk.catalogue, quiet=RULES.quiet, zone=LONDON
    )
    for session in (told, untold):
        await desk.book(session, *names(9, session.code.lower()))
    desk.clock.set(WEDNESDAY + DAY + 2 * HOUR)
    for session, count in ((told, 6), (untold, 4)):
        people = names(9, session.code.lower())
        await were(desk, session, people, Presence.ATTENDED)
        for name in people[:count]:
            await feedback.give(PersonId(name), session.id, stars=4, helped=True, comment="")
    await feedback.show()

    report = await evaluation(desk).report()

    alone = Score(histogram=(0, 0, 0, 6, 0), helped=6, goal_answers=6)
    assert [line.score for line in report.by_session] == [alone, None]
    assert [line.score for line in report.by_strand] == [alone]
    assert [line.score for line in report.by_format] == [alone]
    assert report.totals is not None
    assert report.totals.score == alone
    assert [line.score for line in report.by_department] == [None]


@ON_SQLITE
async def test_names_of_departments_are_the_same_whatever_their_capitals(desk: Desk):
    [session] = await desk.publish(details(capacity=None))
    await desk.book(session, *names(12))
    await work_at(desk, names(7), "Adult  Social Care")
    await work_at(desk, names(5)[:2], "adult social care")

    report = await evaluation(desk).report()

    assert by_name(report.by_department) == {
        "Adult Social Care": (7, 0, 0, 0, 7, 0, 0),
        "Department unknown": (5, 0, 0, 0, 5, 0, 0),
    }


@ON_SQLITE
async def test_front_line_and_remote_staff_are_counted_where_the_settings_say_who_they_are(
    desk: Desk,
):
    [session] = await desk.publish(details(capacity=None))
    await desk.book(session, *names(20))
    await work_at(desk, names(20)[:8], "Contact Centre", "Home")
    await work_at(desk, names(20)[8:], "Housing", "Town Hall")

    unset = await evaluation(desk).report()
    known = await evaluation(desk, ["contact  centre"], ["HOME"]).report()
    nobody = await evaluation(desk, ["Parks"], ["Home"]).report()

    assert (unset.reach.front_line, unset.reach.remote) == (None, None)
    assert [n for n in unset.notes if "FRONT_LINE_DEPARTMENTS" in n]
    assert [n for n in unset.notes if "REMOTE_OFFICES" in n]
    assert (known.reach.front_line, known.reach.remote) == (8, 8)
    assert not [n for n in known.notes if "FRONT_LINE_DEPARTMENTS" in n]
    assert (nobody.reach.front_line, nobody.reach.remote) == (0, 8)


@ON_SQLITE
async def test_a_front_line_that_splits_a_merged_group_is_withheld(desk: Desk):
    """Eight front line staff, of whom six are shown as a department, would tell of the other two."""
    [session] = await desk.publish(details(capacity=None))
    everybody = names(24)
    await desk.book(session, *everybody)
    await work_at(desk, everybody[:6], "Contact Centre")
    await work_at(desk, everybody[6:8], "Wardens")
    await work_at(desk, everybody[8:11], "Registrars")
    await work_at(desk, everybody[11:], "Housing")

    report = await evaluation(desk, ["Contact Centre", "Wardens"]).report()

    assert report.reach.front_line is None
    assert (
        "How many front line staff were reached is not shown: it would tell of fewer than 5 people."
        in report.notes
    )


async def two_editions(desk: Desk, again: int) -> Report:
    """Twelve attended the year before, fifteen this year, so many of them both."""
    [old] = await desk.publish(details(starts_at=WEDNESDAY - YEAR, capacity=None), edition="2025")
    [new] = await desk.publish(details(capacity=None), edition="2026")
    before = names(12, "a")
    now = [*before[:again], *names(15 - again, "b")]
    desk.clock.set(WEDNESDAY - YEAR - DAY)
    await desk.book(old, *before)
    desk.clock.set(WEDNESDAY - YEAR + 2 * HOUR)
    await were(desk, old, before, Presence.ATTENDED)
    desk.clock.set(WEDNESDAY - DAY)
    await desk.book(new, *now)
    desk.clock.set(WEDNESDAY + 2 * HOUR)
    await were(desk, new, now, Presence.ATTENDED)
    return await evaluation(desk).report("2026")


@ON_SQLITE
async def test_an_edition_is_shown_beside_the_one_before(desk: Desk):
    report = await two_editions(desk, again=6)

    assert report.reach.first_timers == 9
    [earlier] = report.earlier
    assert (earlier.name, earlier.held, earlier.is_imported) == ("2025", date(2025, 5, 21), False)
    attended = earlier.change(Measure.ATTENDED)
    assert attended is not None
    assert (attended.before, attended.now, attended.per_cent) == (12, 15, Decimal("25.0"))
    old = await evaluation(desk).report("2025")
    assert (old.earlier, old.reach.first_timers) == ((), None)


@ON_SQLITE
async def test_two_editions_do_not_tell_who_the_few_were_that_came_to_both(desk: Desk):
    report = await two_editions(desk, again=3)

    assert report.reach.people == 15
    assert report.reach.first_timers is None
    assert any("came for the first time is not shown" in note for note in report.notes)


@ON_SQLITE
async def test_ways_of_booking_that_few_took_are_shown_together(desk: Desk):
    [session] = await desk.publish(details(capacity=None))
    await desk.book(session, *names(9, "c"), source="chat")
    await desk.book(session, *names(6, "k"), source="card")
    await desk.book(session, *names(7, "h"), source="hub")
    await desk.book(session, *names(2, "x"), source="engage")

    report = await evaluation(desk).report()

    assert [(c.name, c.booked, c.merged) for c in report.channels] == [
        ("Chat", 15, False),
        ("Other ways", 9, True),
    ]


@ON_SQLITE
async def test_the_edition_that_began_last_is_reported_and_a_wrong_name_refused(desk: Desk):
    with pytest.raises(LearningError, match="There is no edition yet"):
        await evaluation(desk).report()
    await desk.publish(details(starts_at=WEDNESDAY - YEAR), edition="2025")
    await desk.publish(details(starts_at=WEDNESDAY + YEAR), edition="2027")
    await desk.publish(details(starts_at=None, format=Format.SELF_PACED), edition="Resources")

    assert (await evaluation(desk).report()).edition == "2025"
    assert [e.name for e in await evaluation(desk).editions()] == ["2027", "2025"]
    with pytest.raises(LearningError, match="There is no edition “2031”"):
        await evaluation(desk).report("2031")
    empty = await evaluation(desk).report("Resources")
    assert (empty.first_day, figures(empty.totals)) == (None, (0, 0, 0, 0, 0, 0, 0))
