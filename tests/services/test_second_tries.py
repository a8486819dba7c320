"""Sending again what was given up: the same rows, so that the numbers go on adding up."""

from datetime import timedelta

import pytest

from learning import notices
from learning.people import PersonId
from services import second_tries
from services.errands import Errands
from services.ledger import Ledger
from services.ports.deliveries import Outcome, Settlement
from services.second_tries import SecondTries
from tests.services.desk import Desk
from tests.support.builders import details, person
from tests.support.deliveries import a_queue

ORLA = PersonId("orla")


async def test_it_goes_page_by_page_and_leaves_alone_whoever_cannot_be_reached(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(second_tries, "PAGE", 2)
    [session] = await desk.publish(details())
    crowd = [person(f"p{n}", unreachable="blocked" if n == 3 else "") for n in range(7)]
    told = [
        notices.message(session, p, "Hello", "a1", desk.clock.now())
        for p in await desk.meet(*crowd)
    ]
    other = notices.message(session, ORLA, "Hello", "b2", desk.clock.now())
    async with desk.work() as uow:
        await uow.outbox.add([*told, other])
        await uow.commit()
    await give_up_all(desk)
    desk.clock.advance(timedelta(days=2))
    errands = Errands(desk.work, desk.clock)

    errand_id = await SecondTries(desk.work, desk.clock, errands).begin(
        told[0].mailing, "Message", by=ORLA
    )
    await errands.finish()

    done = await errands.find(errand_id)
    assert (
        done.result == "6 are on the way again. One person still cannot be reached and got nothing."
    )
    assert (done.done, done.total) == (7, 7)
    [others, mailing] = (await Ledger(desk.work, desk.clock).deliveries(9)).mailings
    assert (mailing.people, mailing.queued, dict(mailing.given_up)) == (7, 6, {"Teams: 400": 1})
    assert dict(others.given_up) == {"Teams: 400": 1}
    claimed = await a_queue(desk.database).exchange([], desk.clock.now(), 9, 9)
    assert sorted(str(d.notice.person_id) for d in claimed) == ["p0", "p1", "p2", "p4", "p5", "p6"]
    assert {d.attempts for d in claimed} == {1}


async def give_up_all(desk: Desk) -> None:
    queue, now = a_queue(desk.database), desk.clock.now()
    claimed = await queue.exchange([], now, 99, 99)
    ended = [
        Settlement(delivery=d, outcome=Outcome.GIVEN_UP, at=now, reason="Teams: 400")
        for d in claimed
    ]
    await queue.exchange(ended, now, 0, 0)
