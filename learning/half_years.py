"""Halves of calendar years: about as long as one edition is talked of."""

from __future__ import annotations

from datetime import date, timedelta

JULY = 7


def half_year(day: date) -> date:
    """The first day of its half-year."""
    return day.replace(month=JULY if day.month >= JULY else 1, day=1)


def half_years(first: date, last: date) -> tuple[date, date]:
    """From the beginning of the half-year of one day to the end of that of another."""
    after = half_year(half_year(last) + timedelta(days=200))
    return half_year(first), after - timedelta(days=1)
