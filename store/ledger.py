"""The outbox by mailing: how many rows are in each state, and what is still to be written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from learning.mailings import Tally
from learning.notices import FanOut, Kind
from services.ports.storage import Pages
from store import rows
from store.people import WANTS_HIGHLIGHTS, in_zone
from store.tables import OPEN, mailing_totals, outbox, people

# Found through ix_outbox_subject, as they concern neither a session nor a person.
_FAN_OUT = sa.and_(
    outbox.c.session_id.is_(None), outbox.c.person_id.is_(None), outbox.c.kind == Kind.FAN_OUT
)


def _tallies() -> Any:
    """Read from ix_outbox_mailing alone. Pages of a fan-out bear a mailing's name: they are taken off."""
    all_rows = _by_mailing_and_state().subquery("tally")
    pages = _by_mailing_and_state(_FAN_OUT).subquery("pages")
    one = outbox.alias("one")

    def due(which: Any) -> Any:
        same = sa.and_(one.c.mailing == all_rows.c.mailing, one.c.state == all_rows.c.state)
        return sa.select(which).where(same).scalar_subquery()

    same = sa.and_(pages.c.mailing == all_rows.c.mailing, pages.c.state == all_rows.c.state)
    return sa.select(
        all_rows.c.mailing,
        all_rows.c.state,
        (all_rows.c.rows - sa.func.coalesce(pages.c.rows, 0)).label("rows"),
        due(sa.func.min(one.c.due_at)).label("first"),
        due(sa.func.max(one.c.due_at)).label("last"),
    ).select_from(all_rows.outerjoin(pages, same))


def _by_mailing_and_state(*which: sa.ColumnElement[bool]) -> Any:
    return (
        sa.select(outbox.c.mailing, outbox.c.state, sa.func.count().label("rows"))
        .where(*which)
        .group_by(outbox.c.mailing, outbox.c.state)
    )


_TALLIES = _tallies()
_TOTALS = sa.select(
    mailing_totals.c.mailing,
    mailing_totals.c.state,
    sa.func.sum(mailing_totals.c.count).label("rows"),
    sa.func.min(mailing_totals.c.due_at).label("first"),
    sa.func.max(mailing_totals.c.due_at).label("last"),
).group_by(mailing_totals.c.mailing, mailing_totals.c.state)
_PAGES = sa.select(outbox).where(_FAN_OUT, sa.text(OPEN))

_NAMES: Any = sa.bindparam("names", type_=outbox.c.mailing.type, expanding=True)
_REASONS: Any = sa.union_all(
    sa.select(outbox.c.mailing, outbox.c.last_error.label("reason"), sa.func.count().label("rows"))
    .where(
        outbox.c.mailing.in_(_NAMES), outbox.c.state == "given_up", outbox.c.kind != Kind.FAN_OUT
    )
    .group_by(outbox.c.mailing, outbox.c.last_error),
    sa.select(mailing_totals.c.mailing, mailing_totals.c.reason, mailing_totals.c.count).where(
        mailing_totals.c.mailing.in_(_NAMES), mailing_totals.c.state == "given_up"
    ),
)


class SqlLedger:
    """The ledger inside a unit of work."""

    def __init__(self, db: AsyncConnection) -> None:
        self._db = db

    async def tallies(self) -> list[Tally]:
        return [_tally(row) for row in await self._db.execute(_TALLIES) if row.rows]

    async def totals(self) -> list[Tally]:
        return [_tally(row) for row in await self._db.execute(_TOTALS)]

    async def pages(self) -> list[Pages]:
        furthest: dict[tuple[str, str | None], FanOut] = {}
        for row in await self._db.execute(_PAGES):
            notice = rows.notice(row)
            page = FanOut.of(notice)
            known = furthest.get((notice.mailing, page.zone))
            if known is None or known.number < page.number:
                furthest[notice.mailing, page.zone] = page
        return [
            Pages(mailing=mailing, began=page.began, people=await self._unwritten(page))
            for (mailing, _), page in furthest.items()
        ]

    async def reasons(self, mailings: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        counts: dict[str, dict[str, int]] = {}
        for row in await self._db.execute(_REASONS, {"names": list(mailings)}):
            reasons = counts.setdefault(row.mailing, {})
            reasons[row.reason] = reasons.get(row.reason, 0) + row.rows
        return counts

    async def _unwritten(self, page: FanOut) -> int:
        """Whom this page and those after it will write to.

        A page that is written stays open until it is settled, and people change their time zone in
        between: whoever has a row already is not counted again.
        """
        before, after = page.around()
        key = sa.literal(before) + people.c.id + sa.literal(after)
        statement = sa.select(sa.func.count()).where(
            WANTS_HIGHLIGHTS,
            in_zone(page.zone),
            people.c.id > page.after,
            ~sa.exists().where(outbox.c.key == key),
        )
        return (await self._db.execute(statement)).scalar_one()


def _tally(row: Any) -> Tally:
    return Tally(
        mailing=row.mailing,
        state=row.state,
        count=int(row.rows),
        first=row.first,
        last=row.last,
    )
