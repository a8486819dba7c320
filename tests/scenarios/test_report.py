"""The report of a simulated edition, number by number beside one that is worked out here by itself."""

from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
import pytest_asyncio

from learning.attendance import Presence
from learning.people import PersonId
from learning.report import Line, Measure, Report
from tests.scenarios.simulated import Council, Row, SessionBook, a_council, renamed
from tests.support.product import sqlite_url

FEW = 5
FRONT_LINE = ("Adult Social Care", "Contact Centre", "Parks")
FORMATS = {"teams": "Teams", "zoom": "Zoom", "in_person": "In person"}
CHANNELS = {
    "chat": "Chat",
    "card": "Chat",
    "highlights": "Highlights",
    "nudge": "Nudges",
    "engage": "Viva Engage",
    "hub": "Hub pages",
}
LAST_YEAR = """\
edition,held,bookings,attended,answers,score,goal_answers,goals_yes
May 2025,2025-05-12,231,80,66,4.29,63,43
"""

Books = dict[str, SessionBook]
Figures = tuple[int, ...]


@dataclass
class Played:
    council: Council
    report: Report
    old: Books
    new: Books

    @property
    def counted(self) -> list[SessionBook]:
        return sorted(
            (b for b in self.new.values() if not b.called_off), key=lambda b: (b.starts, b.title)
        )

    @property
    def rows(self) -> list[Row]:
        return [row for book in self.counted for row in book.rows()]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def played(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Played]:
    """Two editions of the sample week, and the report of the second."""
    url = sqlite_url(tmp_path_factory.mktemp("council"))
    async with a_council(
        url, 20261, front_line_departments=";".join(FRONT_LINE), remote_offices="home"
    ) as council:
        await council.core.earlier.take_in("2025.csv", LAST_YEAR.encode(), by=PersonId("orla"))
        old = await council.publish("November 2025", "2025-11")
        await council.book(old, share=0.25)
        await council.attend(old)
        await council.answer(old, share=0.5)
        new = await council.publish("May 2026", "2026-05")
        await council.book(new, share=0.6)
        await council.call_off(new["RE1"])
        await council.attend(new)
        await council.answer(new, share=0.6)
        attended = sorted({r.who for b in new.values() for r in b.rows() if r.presence})
        for who in council.dice.sample([w for w in attended if w in council.people], 3):
            await council.forget(who)
            renamed(old, who)
            renamed(new, who)
        for number, who in enumerate(council.people[:6]):
            council.core.missed.note(PersonId(who), "welding" if number else "welding, pottery")
        await council.core.missed.write()
        yield Played(council, await council.core.evaluation.report("May 2026"), old, new)


pytestmark = pytest.mark.asyncio(loop_scope="module")


def count(rows: Iterable[Row]) -> Figures:
    """booked, attended, briefly, no-shows, unknown, without a booking, waiting in vain"""
    found = [0] * 7
    for row in rows:
        there = row.presence in ("attended", "briefly")
        found[0] += row.booked
        found[1] += row.presence == "attended"
        found[2] += row.presence == "briefly"
        found[3] += row.booked and row.presence == "absent"
        found[4] += row.booked and row.presence == ""
        found[5] += there and not row.booked
        found[6] += row.waiting and not there
    return tuple(found)


def shown(line: Line) -> Figures:
    return (
        line.booked, line.attended, line.briefly, line.no_shows, line.unknown, line.unbooked, line.waiting,
    )  # fmt: skip


def by_name(lines: Sequence[Line]) -> dict[str, Figures]:
    found = {line.name: shown(line) for line in lines}
    assert len(found) == len(lines)
    return found


def those(rows: Iterable[Row]) -> set[str]:
    """The different people of whom a line tells: those with a place and those who were there."""
    some = {r.who for r in rows if r.booked or r.presence in ("attended", "briefly")}
    return {"a guest" if who.startswith("guest") else who for who in some}


def answers(books: Iterable[SessionBook]) -> tuple[list[int], int, int] | None:
    """Stars, how many said yes and how many answered that, of the sessions with enough answers."""
    told = [a for b in books if len(b.answers) >= FEW for a in b.answers]
    if not told:
        return None
    stars = [sum(s == n for s, _ in told) for n in range(1, 6)]
    return stars, sum(h is True for _, h in told), sum(h is not None for _, h in told)


def scored(line: Line) -> tuple[list[int], int, int] | None:
    score = line.score
    return None if score is None else (list(score.histogram), score.helped, score.goal_answers)


def small_session(played: Played) -> tuple[SessionBook, SessionBook]:
    """The clinic for three, and the session of its strand and format with the fewest people."""
    clinic = played.new["CC1"]
    like = [
        b
        for b in played.counted
        if (b.strand, b.format) == (clinic.strand, clinic.format) and b is not clinic
    ]
    return clinic, min(like, key=lambda b: len(those(b.rows())))


async def test_what_is_played_is_worth_a_report(played: Played):
    rows = played.rows
    kinds = Counter((r.booked, r.waiting, r.presence) for r in rows)

    assert len(played.council.people) == 400
    assert (len(played.old), len(played.new), len(played.counted)) == (22, 22, 21)
    assert all(
        kinds[kind] > FEW
        for kind in [
            (True, False, "attended"),
            (True, False, "briefly"),
            (True, False, "absent"),
            (True, False, ""),
            (False, False, "attended"),
            (False, True, ""),
        ]
    )
    assert 0 < len(those(played.new["CC1"].rows())) < FEW


async def test_the_totals(played: Played):
    report, totals = played.report, played.report.totals

    assert totals is not None
    assert (report.edition, report.is_over) == ("May 2026", True)
    assert (report.first_day, report.last_day) == (date(2026, 5, 18), date(2026, 5, 22))
    assert (totals.sessions, totals.capacity) == (21, None)
    assert shown(totals) == count(played.rows)
    assert scored(totals) == answers(played.counted)


async def test_each_session(played: Played):
    small, near = small_session(played)
    first, second = sorted([small, near], key=lambda b: b.starts)
    expected = {
        f"{b.title} ({b.code})": (count(b.rows()), b.capacity, answers([b]))
        for b in played.counted
        if b not in (small, near)
    }
    expected[f"Together: {first.code} and {second.code}"] = (
        count([*small.rows(), *near.rows()]),
        (small.capacity or 0) + (near.capacity or 0),
        answers([small, near]),
    )

    assert {
        line.name: (shown(line), line.capacity, scored(line)) for line in played.report.by_session
    } == expected


async def test_strands_and_formats(played: Played):
    for lines, label in (
        (played.report.by_strand, lambda b: b.strand),
        (played.report.by_format, lambda b: FORMATS[b.format]),
    ):
        groups: dict[str, list[SessionBook]] = {}
        for book in played.counted:
            groups.setdefault(label(book), []).append(book)
        assert {line.name: (line.sessions, shown(line), scored(line)) for line in lines} == {
            name: (len(books), count([r for b in books for r in b.rows()]), answers(books))
            for name, books in groups.items()
        }


def of_people(
    rows: Sequence[Row], label: Callable[[str], str], unknown: str, other: str
) -> dict[str, tuple[int, Figures]]:
    """Lines by where people work; the small ones together, with the next smallest if need be."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(label(row.who) or unknown, []).append(row)
    together = [name for name, group in groups.items() if 0 < len(those(group)) < FEW]
    while together and len({p for name in together for p in those(groups[name])}) < FEW:
        rest = [name for name in groups if name not in together]
        together.append(min(rest, key=lambda name: len(those(groups[name]))))
    if together:
        groups[other] = [row for name in together for row in groups.pop(name)]
    return {name: (len({r.code for r in g}), count(g)) for name, g in groups.items()}


async def test_departments_and_offices(played: Played):
    council, report = played.council, played.report

    departments = of_people(
        played.rows,
        lambda who: council.department.get(who, ""),
        "Department unknown",
        "Other departments",
    )
    offices = of_people(
        played.rows, lambda who: council.office.get(who, ""), "Office unknown", "Other offices"
    )

    assert {n.name: (n.sessions, shown(n)) for n in report.by_department} == departments
    assert {n.name: (n.sessions, shown(n)) for n in report.by_location} == offices
    assert "Other departments" in departments
    assert "Other offices" in offices
    assert not {"Registrars", "Emergency Planning"} & departments.keys()
    assert "Mortuary" not in offices


def attended(books: Books) -> set[str]:
    return {
        r.who
        for b in books.values()
        if not b.called_off
        for r in b.rows()
        if r.presence == "attended" and not r.who.startswith("guest")
    }


async def test_reach(played: Played):
    now, before = attended(played.new), attended(played.old)
    council, reach = played.council, played.report.reach

    assert reach.people == len(now)
    assert reach.first_timers == len(now - before)
    assert reach.front_line == sum(council.department.get(p, "") in FRONT_LINE for p in now)
    assert reach.remote == sum(council.office.get(p, "") == "Home" for p in now)
    assert 0 < len(now & before) < len(now)


async def test_what_brought_bookings(played: Played):
    expected: Counter[str] = Counter()
    came: Counter[str] = Counter()
    for row in played.rows:
        if row.booked:
            expected[CHANNELS[row.channel]] += 1
            came[CHANNELS[row.channel]] += row.presence == "attended"

    assert {c.name: (c.booked, c.attended) for c in played.report.channels} == {
        name: (number, came[name]) for name, number in expected.items()
    }


async def test_what_was_asked_for_and_not_found(played: Played):
    missed = played.report.missed

    assert [(w.word, w.people) for w in missed.words] == [("welding", 6)]
    assert missed.rare == 1


def per_cent(before: int, now: int) -> Decimal:
    return Decimal(round((now - before) * 1000 / before)) / 10


async def test_beside_the_edition_before(played: Played):
    old_rows = [r for b in played.old.values() for r in b.rows()]
    before, now = count(old_rows), count(played.rows)
    earlier = played.report.earlier[0]

    assert (earlier.name, earlier.held, earlier.is_imported) == (
        "November 2025",
        date(2025, 11, 18),
        False,
    )
    for measure, was, is_now in (
        (Measure.SESSIONS, 22, 21),
        (Measure.BOOKED, before[0], now[0]),
        (Measure.ATTENDED, before[1], now[1]),
        (Measure.NO_SHOWS, before[3], now[3]),
        (Measure.WAITING, before[6], now[6]),
        (Measure.PEOPLE, len(attended(played.old)), len(attended(played.new))),
    ):
        change = earlier.change(measure)
        assert change is not None
        assert (change.before, change.now) == (was, is_now)
        if was:
            assert change.per_cent is not None
            assert abs(change.per_cent - per_cent(was, is_now)) <= Decimal("0.1")
    old, new = answers(played.old.values()), answers(played.counted)
    assert old is not None
    assert new is not None
    score = earlier.change(Measure.SCORE)
    assert score is not None
    for told, (stars, _, _) in ((score.before, old), (score.now, new)):
        mean = sum(n * s for n, s in enumerate(stars, 1)) / sum(stars)
        assert told is not None
        assert abs(float(told) - mean) < 0.0051
    goals = earlier.change(Measure.GOALS)
    assert goals is not None
    assert goals.now is not None
    assert abs(float(goals.now) - 100 * new[1] / new[2]) < 0.051


async def test_beside_an_edition_of_which_only_the_figures_are_known(played: Played):
    earlier = played.report.earlier[1]
    booked = earlier.change(Measure.BOOKED)
    people = earlier.change(Measure.PEOPLE)

    assert (earlier.name, earlier.is_imported) == ("May 2025", True)
    assert booked is not None
    assert (booked.before, booked.now) == (231, count(played.rows)[0])
    assert people is not None
    assert (people.before, people.per_cent) == (None, None)


async def test_no_difference_of_two_lines_of_sessions_tells_of_a_few(played: Played):
    """Strand by strand and format by format: what is left without the sessions shown is none or enough."""
    small, near = small_session(played)
    alone = {b.code for b in played.counted} - {small.code, near.code}
    for label in ("strand", "format"):
        for name in {getattr(b, label) for b in played.counted}:
            group = [b for b in played.counted if getattr(b, label) == name]
            left = those(r for b in group if b.code not in alone for r in b.rows())
            assert not left or len(left) >= FEW


async def test_one_more_booking_afterwards_changes_nothing_that_is_shown(played: Played):
    """Last: it changes what the others look at."""
    core, report = played.council.core, played.report
    await core.attendance.correct(
        played.new["GM1"].id,
        PersonId(played.new["GM1"].booked[0]),
        _other(played.new["GM1"].presence[played.new["GM1"].booked[0]]),
        by=PersonId("orla"),
        why="",
    )
    played.council.clock.advance(timedelta(hours=1))

    after = await core.evaluation.report("May 2026")

    assert after.notes[0].startswith("Since these figures were made")
    assert {**_plain(after), "notes": ()} == {**_plain(report), "notes": ()}


def _other(presence: str) -> Presence:
    return Presence.ABSENT if presence == "attended" else Presence.ATTENDED


def _plain(report: Report) -> dict[str, object]:
    return {name: getattr(report, name) for name in report.__slots__}
