"""That long work is written down for every replica, and gone when it is old."""

from dataclasses import replace
from datetime import timedelta

from learning.people import PersonId
from services.ports.errands import Errand, ErrandKind, ErrandState
from store.engine import Database
from store.unit_of_work import SqlWork
from tests.support.clocks import MONDAY

ORLA, NOBODY = PersonId("orla"), PersonId("forgotten:1")
EXPORT = Errand(
    id="e1",
    kind=ErrandKind.EXPORT,
    title="Bookings of the week as CSV",
    by_id=ORLA,
    began_at=MONDAY,
    seen_at=MONDAY,
)
FINISHED = replace(
    EXPORT,
    state=ErrandState.DONE,
    done=3,
    total=3,
    result="3 rows.",
    seen_at=MONDAY + timedelta(minutes=1),
    file_name="bookings.csv",
)


async def test_another_replica_sees_how_far_it_is_and_has_its_file(
    work: SqlWork, another: Database
):
    async with work() as uow:
        await uow.errands.add(EXPORT)
        await uow.commit()
    assert await found(SqlWork(another), "e1") == (EXPORT, None)

    async with work() as uow:
        await uow.errands.save(FINISHED, b"a,b\r\n")
        await uow.commit()
    assert await found(SqlWork(another), "e1") == (FINISHED, b"a,b\r\n")

    async with work() as uow:  # said once more how it stands: the file stays
        await uow.errands.save(FINISHED)
        await uow.commit()
    assert await found(work, "e1") == (FINISHED, b"a,b\r\n")
    assert await found(work, "another") == (None, None)


async def test_the_newest_come_first_and_old_ones_go(work: SqlWork):
    later = replace(EXPORT, id="e2", began_at=MONDAY + timedelta(hours=1))
    async with work() as uow:
        await uow.errands.add(EXPORT)
        await uow.errands.add(later)
        await uow.commit()

    async with work() as uow:
        assert await uow.errands.latest(5) == [later, EXPORT]
        assert await uow.errands.latest(1) == [later]
        assert await uow.errands.remove(MONDAY) == 0
        assert await uow.errands.remove(MONDAY + timedelta(minutes=1)) == 1
        assert await uow.errands.latest(5) == [later]


async def test_whoever_is_forgotten_stands_in_no_file_that_is_kept(work: SqlWork):
    async with work() as uow:
        await uow.errands.add(EXPORT)
        await uow.errands.save(FINISHED, b"Orla")
        await uow.errands.forget(ORLA, NOBODY)
        await uow.commit()

    assert await found(work, "e1") == (replace(FINISHED, by_id=NOBODY, file_name=""), None)


async def found(work: SqlWork, errand_id: str) -> tuple[Errand | None, bytes | None]:
    async with work(read_only=True) as uow:
        return await uow.errands.find(errand_id), await uow.errands.file(errand_id)
