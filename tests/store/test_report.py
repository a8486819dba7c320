"""What a report shows, as it is kept: figures, earlier editions, and who made them first."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from learning.figures import Figures, Group
from learning.past_editions import PastEdition
from learning.people import PersonId
from learning.report import Channel, Line, Measure, Reach, Score
from learning.sessions import SessionId
from learning.sources import Source
from services.ports.report import Released
from store.engine import Database
from store.unit_of_work import SqlWork
from tests.support.builders import details, publish
from tests.support.clocks import MONDAY
from tests.support.databases import ON_SQLITE, read_sql, run_sql

ORLA = PersonId("orla")
LINE = Line(name="All sessions", sessions=1, capacity=None, booked=7, attended=5, merged=True)
FIGURES = Figures(
    totals=Group(
        line=replace(LINE, score=Score(histogram=(0, 0, 1, 2, 3), helped=2, goal_answers=4)),
        sessions=(SessionId(1),),
    ),
    by_session=(Group(line=LINE, sessions=(SessionId(1),)),),
    reach=Reach(people=7),
    channels=(Channel(name="Chat", source=Source.CHAT, booked=7, attended=5),),
)
LAST_YEAR = PastEdition(
    name="Learning at Work Week 2025",
    held=date(2025, 5, 19),
    measures={Measure.ATTENDED: Decimal(181), Measure.SCORE: Decimal("4.38")},
    is_imported=True,
)


async def a_release(work: SqlWork) -> Released:
    [session] = await publish(work, details())
    return Released(
        edition_id=session.edition_id,
        figures=FIGURES,
        patterns=("a", "b"),
        rules="1",
        made_at=MONDAY,
    )


async def test_figures_come_back_as_they_were_kept(work: SqlWork):
    first = await a_release(work)
    async with work() as uow:
        assert await uow.report.released(first.edition_id) is None
        assert await uow.report.release(first, instead_of=None)
        await uow.commit()

    async with work(read_only=True) as uow:
        assert await uow.report.released(first.edition_id) == first


async def test_figures_replace_only_those_that_they_were_compared_with(work: SqlWork):
    first = await a_release(work)
    second = replace(first, made_at=MONDAY + timedelta(hours=1), patterns=("c",))
    third = replace(first, made_at=MONDAY + timedelta(hours=2))
    async with work() as uow:
        assert await uow.report.release(first, instead_of=None)
        assert not await uow.report.release(second, instead_of=third)
        assert await uow.report.release(second, instead_of=first)
        assert not await uow.report.release(third, instead_of=first)
        await uow.commit()

    async with work(read_only=True) as uow:
        assert await uow.report.released(first.edition_id) == second


async def test_of_two_that_are_the_first_only_one_is_kept(work: SqlWork):
    first = await a_release(work)
    async with work() as uow:
        assert await uow.report.release(first, instead_of=None)
        assert not await uow.report.release(replace(first, patterns=()), instead_of=None)
        await uow.commit()


@ON_SQLITE
async def test_figures_that_another_version_kept_otherwise_are_made_anew(
    work: SqlWork, database: Database
):
    first = await a_release(work)
    async with work() as uow:
        await uow.report.release(first, instead_of=None)
        await uow.commit()
    await run_sql(database, """UPDATE report_releases SET figures = '{"totals": "many"}'""")

    async with work() as uow:
        unreadable = await uow.report.released(first.edition_id)
        assert unreadable == replace(first, figures=Figures(totals=None), rules="")
        assert await uow.report.release(first, instead_of=unreadable)
        assert await uow.report.released(first.edition_id) == first


async def test_an_earlier_edition_is_replaced_by_its_name_and_can_be_removed(work: SqlWork):
    again = replace(LAST_YEAR, measures={Measure.ATTENDED: Decimal(182)})
    async with work() as uow:
        await uow.report.save_past_editions([LAST_YEAR], ORLA, MONDAY)
        assert await uow.report.past_editions() == [LAST_YEAR]
        await uow.report.save_past_editions([again], ORLA, MONDAY)
        assert await uow.report.past_editions() == [again]
        assert await uow.report.remove_past_edition(LAST_YEAR.name)
        assert not await uow.report.remove_past_edition(LAST_YEAR.name)
        assert await uow.report.past_editions() == []


@ON_SQLITE
async def test_who_imported_an_earlier_edition_can_be_forgotten(work: SqlWork, database: Database):
    async with work() as uow:
        await uow.report.save_past_editions([LAST_YEAR], ORLA, MONDAY)
        await uow.report.hand_over(ORLA, PersonId("forgotten:1"))
        await uow.commit()

    assert await read_sql(database, "SELECT imported_by FROM past_editions") == [("forgotten:1",)]
