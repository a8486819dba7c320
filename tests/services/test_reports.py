"""What organisers take away of an edition, and what they see of the outbox."""

import pytest

from learning.bookings import BookingState
from learning.errors import LearningError
from services.reports import Reports
from tests.services.desk import Desk
from tests.support.builders import details, notice, person, queue
from tests.support.databases import ON_SQLITE

pytestmark = ON_SQLITE


@pytest.fixture
def reports(desk: Desk) -> Reports:
    return Reports(desk.work, desk.programme)


async def test_bookings_come_with_session_and_person_in_the_order_of_asking(
    desk: Desk, reports: Reports
):
    first, second = await desk.publish(details("A", capacity=1), details("B"), edition="Spring")
    [other] = await desk.publish(details("A"), edition="Autumn")
    await desk.book(first, "bo", "asha")
    await desk.book(second, "cy")
    await desk.book(other, "di")
    await desk.bookings.cancel(person("cy").id, second.id)

    rows = await reports.bookings("spring")

    assert [(s.code, b.state, p.name) for s, b, p in rows] == [
        ("A", BookingState.BOOKED, "Bo"),
        ("A", BookingState.WAITING, "Asha"),
        ("B", BookingState.CANCELLED, "Cy"),
    ]
    assert rows[0] == (
        await desk.session(first),
        (await desk.bookings_of(first))[0],
        person("bo"),
    )


async def test_sessions_come_by_edition_and_an_unknown_one_is_refused(desk: Desk, reports: Reports):
    spring = await desk.publish(details("A"), details("B"), edition="Spring")

    assert await reports.sessions("Spring") == spring
    with pytest.raises(LearningError, match="There is no edition “Winter”"):
        await reports.sessions("Winter")
    with pytest.raises(LearningError, match="There is no edition “Winter”"):
        await reports.bookings("Winter")


async def test_the_ledger_shows_the_newest_first(desk: Desk, reports: Reports):
    await queue(desk.work, [notice(str(n)) for n in range(5)])

    assert [row.notice.key for row in await reports.ledger(2)] == ["4", "3"]
