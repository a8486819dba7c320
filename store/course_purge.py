"""People are taken out of courses on which nothing has happened with them for long: counts stay."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.people import PersonId
from store.course_tables import (
    collated_answers,
    commitment_checks,
    commitments,
    course_answers,
    courses,
    dilemmas,
    enrolments,
    quotes,
    reflections,
    set_meetings,
    set_members,
    set_wishes,
    sets,
    step_states,
)
from store.stand_ins import is_somebody, nobody
from store.tables import bookings, sessions

PEOPLE_AT_ONCE = 5

Column = sa.ColumnElement[Any]


async def part_courses(db: AsyncConnection, before: datetime) -> int:
    """Take some people out of a course of which nothing they had to do with is younger than that.

    Each is judged for themselves, as a course may go on for years with one group after another; and
    each is one stand-in in all of a course. What they wrote is deleted.
    """
    ids = (await db.execute(sa.select(courses.c.id).order_by(courses.c.id))).scalars().all()
    for course_id in ids:
        if not (await db.execute(_old(course_id, before))).scalars().all():
            continue
        # Held, so that of two replicas one comes after the other and finds nobody more.
        held = sa.select(courses.c.id).where(courses.c.id == course_id).with_for_update()
        await db.execute(held)
        some = (await db.execute(_old(course_id, before))).scalars().all()
        for person_id in some:
            await _part(db, course_id, PersonId(person_id))
        if some:
            return len(some)
    return 0


def _old(course_id: int, before: datetime) -> sa.Select[str]:
    seen = sa.union_all(*_activity(course_id)).subquery("seen")
    return (
        sa.select(seen.c.who)
        .where(is_somebody(seen.c.who))
        .group_by(seen.c.who)
        .having(sa.func.max(seen.c.at) < before, sa.func.max(seen.c.is_kept_here) == 1)
        .order_by(seen.c.who)
        .limit(PEOPLE_AT_ONCE)
    )


def _activity(course_id: int) -> list[sa.Select[str, datetime, int]]:
    """Who had to do with the course, and when: what is still ahead counts from when it will be over."""
    own: list[tuple[sa.Table, tuple[str, ...]]] = [
        (enrolments, ("enrolled_at", "left_at")),
        (step_states, ("started_at", "done_at")),
        (course_answers, ("changed_at",)),
        (reflections, ("changed_at",)),
        (collated_answers, ("released_at",)),
        (set_wishes, ("put_forward_at",)),
        (commitments, ("made_at",)),
        (quotes, ("agreed_at", "revoked_at")),
    ]
    found = [
        _seen(table.c.person_id, table.c[at]).where(table.c.course_id == course_id)
        for table, times in own
        for at in times
    ]
    in_set = sets.c.course_id == course_id
    found += [
        _seen(commitment_checks.c.person_id, commitment_checks.c.said_at)
        .join(commitments, commitments.c.id == commitment_checks.c.commitment_id)
        .where(commitments.c.course_id == course_id),
        # Goes by a period of its own: it keeps somebody, and does not make them a part of the course.
        _seen(bookings.c.person_id, sessions.c.ends_at, is_kept_here=0)
        .join(sessions, sessions.c.id == bookings.c.session_id)
        .where(sessions.c.course_id == course_id),
        _seen(sets.c.facilitator_id, sets.c.made_at).where(in_set),
        _seen(sets.c.facilitator_id, set_meetings.c.ends_at)
        .join(set_meetings, set_meetings.c.set_id == sets.c.id)
        .where(in_set),
        _seen(set_meetings.c.facilitator_id, set_meetings.c.ends_at)
        .join(sets, sets.c.id == set_meetings.c.set_id)
        .where(in_set),
        _seen(dilemmas.c.person_id, dilemmas.c.brought_at)
        .join(sets, sets.c.id == dilemmas.c.set_id)
        .where(in_set),
        _seen(set_members.c.person_id, set_members.c.joined_at)
        .join(sets, sets.c.id == set_members.c.set_id)
        .where(in_set),
        _seen(set_members.c.person_id, set_meetings.c.ends_at)
        .join(sets, sets.c.id == set_members.c.set_id)
        .join(set_meetings, set_meetings.c.set_id == sets.c.id)
        .where(in_set),
    ]
    return found


def _seen(
    who: sa.Column[str], at: sa.Column[datetime], *, is_kept_here: int = 1
) -> sa.Select[str, datetime, int]:
    here = sa.literal(is_kept_here, sa.Integer).label("is_kept_here")
    return sa.select(who.label("who"), at.label("at"), here).select_from(who.table)


async def _part(db: AsyncConnection, course_id: int, person_id: PersonId) -> None:
    successor = nobody()
    its_sets = sa.select(sets.c.id).where(sets.c.course_id == course_id)
    promises = sa.select(commitments.c.id).where(commitments.c.course_id == course_id)

    async def delete(table: sa.Table, where: Column) -> None:
        await db.execute(sa.delete(table).where(table.c.person_id == person_id, where))

    async def change(who: sa.Column[Any], where: Column, **values: Any) -> None:
        values = {who.name: successor} | values
        await db.execute(sa.update(who.table).where(who == person_id, where).values(values))

    for table in (course_answers, reflections, set_wishes, quotes):
        await delete(table, table.c.course_id == course_id)
    await delete(dilemmas, dilemmas.c.set_id.in_(its_sets))
    its_checks = commitment_checks.c.commitment_id.in_(promises)
    await change(commitment_checks.c.person_id, its_checks, sealed="")
    for table in (commitments, collated_answers):
        await change(table.c.person_id, table.c.course_id == course_id, sealed="")
    await change(set_members.c.person_id, set_members.c.set_id.in_(its_sets))
    await change(step_states.c.person_id, step_states.c.course_id == course_id)
    enrolled = enrolments.c.course_id == course_id
    await change(enrolments.c.person_id, enrolled, enrolled_by=successor)
    led = set_meetings.c.set_id.in_(its_sets)
    await change(set_meetings.c.facilitator_id, led, facilitator_id="", sealed="")
    await change(sets.c.facilitator_id, sets.c.course_id == course_id, facilitator_id="")
