"""The invariants of bookings, notices and courses, each a query for its breaches."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from store.course_audit import COURSE_CHECKS
from store.tables import Instant

_PER_SESSION = """
    SELECT s.id, s.code, s.state, s.capacity, s.kept, s.taken, s.waiting, s.starts_at,
           coalesce(sum(CASE WHEN b.state IN ('booked', 'offered') THEN 1 ELSE 0 END), 0)
               AS holding,
           coalesce(sum(CASE WHEN b.state = 'waiting' THEN 1 ELSE 0 END), 0) AS queued
    FROM sessions s LEFT JOIN bookings b ON b.session_id = s.id
    GROUP BY s.id
"""

CHECKS: dict[str, str] = {
    "more places are taken than there are": f"""
        SELECT code FROM ({_PER_SESSION}) t
        WHERE capacity IS NOT NULL AND holding > capacity AND holding > kept""",
    "the count of taken places differs from the bookings": f"""
        SELECT code FROM ({_PER_SESSION}) t WHERE holding <> taken""",
    "the count of people waiting differs from the queue": f"""
        SELECT code FROM ({_PER_SESSION}) t WHERE queued <> waiting""",
    "a place is free while somebody waits": f"""
        SELECT code FROM ({_PER_SESSION}) t
        WHERE queued > 0 AND state = 'published' AND starts_at > :now
          AND (capacity IS NULL OR holding < capacity)""",
    "somebody overtook the queue": """
        SELECT DISTINCT s.code FROM bookings w
        JOIN bookings b ON b.session_id = w.session_id AND b.queue_no > w.queue_no
        JOIN sessions s ON s.id = w.session_id
        WHERE w.state = 'waiting' AND b.state IN ('booked', 'offered')""",
    "one person has two live bookings": """
        SELECT s.code FROM bookings b JOIN sessions s ON s.id = b.session_id
        WHERE b.state IN ('booked', 'offered', 'waiting')
        GROUP BY s.code, b.session_id, b.person_id HAVING count(*) > 1""",
    "an offered place has no end": """
        SELECT s.code FROM bookings b JOIN sessions s ON s.id = b.session_id
        WHERE b.state = 'offered' AND b.offered_until IS NULL""",
    "a nudge is queued for somebody who has no place": """
        SELECT DISTINCT s.code FROM outbox o JOIN sessions s ON s.id = o.session_id
        WHERE o.kind = 'nudge' AND o.state IN ('queued', 'held_back') AND NOT EXISTS (
            SELECT 1 FROM bookings b WHERE b.session_id = o.session_id
              AND b.person_id = o.person_id AND b.state = 'booked')""",
    "two notices carry one key": """
        SELECT min(kind) FROM outbox GROUP BY key HAVING count(*) > 1""",
    **COURSE_CHECKS,
}


async def breaches(db: AsyncConnection, now: datetime) -> list[str]:
    """One line per breach: which session, and what is wrong."""
    lines: list[str] = []
    for rule, query in CHECKS.items():
        text = sa.text(query)
        if ":now" in query:
            text = text.bindparams(sa.bindparam("now", now, Instant()))
        lines += [f"{row[0]}: {rule}" for row in await db.execute(text)]
    return lines
