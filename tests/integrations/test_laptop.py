"""The systems around us, played on one machine."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from integrations import laptop, spreadsheets

WEEK = Path(__file__).parents[2] / "sample/week.csv"


@pytest.mark.parametrize("today", ["2026-05-18", "2026-05-22", "2026-05-23", "2026-10-24"])
def test_the_sample_week_begins_today_and_leaves_no_day_out(today: str):
    table = spreadsheets.read_table(WEEK.name, WEEK.read_bytes())

    moved = laptop.from_today(table, date.fromisoformat(today))

    starts = moved.header.index("starts")
    days = {date.fromisoformat(row.cells[starts][:10]) for row in moved.rows}
    assert sorted(days) == [date.fromisoformat(today) + timedelta(days=n) for n in range(5)]
