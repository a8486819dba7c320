"""A programme as large as an organisation's week gets: two hundred sessions in five days."""

import csv
import io
from datetime import date, timedelta
from itertools import cycle, islice
from pathlib import Path

SAMPLE = Path("sample/week.csv")
SESSIONS, DAYS = 200, 5
FIRST, LAST = 8 * 60, 17 * 60
"""Minutes of the day between which sessions begin."""


def a_large_week(monday: date, sessions: int = SESSIONS) -> str:
    """The sample's sessions again and again, each with a code, a title and a time of its own."""
    rows = list(csv.DictReader(SAMPLE.read_text("utf-8").splitlines()))
    dated = [row for row in rows if row["starts"]]
    written = io.StringIO()
    out = csv.DictWriter(written, rows[0].keys())
    out.writeheader()
    for number, row in enumerate(islice(cycle(dated), sessions)):
        day = monday + timedelta(days=number % DAYS)
        begins = FIRST + (number // DAYS * 30) % (LAST - FIRST)
        out.writerow(
            row
            | {
                "code": f"{row['code']}-{number + 1}",
                "title": f"{row['title']} ({number // len(dated) + 1})",
                "starts": f"{day}T{_clock(begins)}",
                "ends": f"{day}T{_clock(begins + 60)}",
            }
        )
    return written.getvalue()


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
