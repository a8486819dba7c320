"""Reports for whoever waits: made once for all, and there for those who come back."""

import asyncio

import pytest

from learning.errors import LearningError
from services.evaluation import Evaluation
from services.report_making import ReportMaking
from tests.services.desk import Desk
from tests.support.builders import WEEK, details
from tests.support.databases import ON_SQLITE

LONG = 20.0


def making(desk: Desk) -> ReportMaking:
    return ReportMaking(Evaluation(desk.work, desk.clock, "for tests"))


@ON_SQLITE
async def test_all_who_ask_meanwhile_get_the_same_report(desk: Desk):
    await desk.publish(details())
    reports = making(desk)

    first, second = await asyncio.gather(reports.within("", LONG), reports.within("", LONG))

    assert first is not None
    assert first is second


@ON_SQLITE
async def test_who_does_not_wait_finds_it_when_they_come_back_and_the_next_gets_a_new_one(
    desk: Desk,
):
    await desk.publish(details())
    reports = making(desk)

    assert await reports.within(WEEK, 0) is None
    came_back = await reports.within(WEEK, LONG)
    assert came_back is not None
    assert came_back.edition == WEEK

    assert await reports.within(WEEK, LONG) is not came_back


@ON_SQLITE
async def test_what_cannot_be_made_says_so_each_time(desk: Desk):
    await desk.publish(details())
    reports = making(desk)

    for seconds in (LONG, LONG):
        with pytest.raises(LearningError, match="There is no edition “Nothing”"):
            await reports.within("Nothing", seconds)
