"""Many people, a few places, two replicas: nobody overtakes, and no place is lost or given twice."""

import asyncio
import random
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from learning.bookings import BookingState
from learning.errors import Refused
from learning.notices import Kind
from learning.people import PersonId
from learning.sessions import Format
from services.booking import Standing
from tests.services.desk import Desk
from tests.support.builders import WEDNESDAY, details

HOUR = timedelta(hours=1)


async def test_fifty_race_for_twelve_places(desk: Desk, other_desk: Desk):
    [session] = await desk.publish(details(capacity=12))
    crowd = await desk.meet(*(f"person {n:02}" for n in range(50)))
    answered: list[Standing] = []

    async def book(number: int, person_id: PersonId) -> None:
        where = (desk, other_desk)[number % 2]
        answered.append(await where.bookings.book(person_id, session.id))

    await asyncio.gather(*(book(n, p) for n, p in enumerate(crowd)))

    queue = await desk.bookings_of(session)
    assert [b.state for b in queue] == [BookingState.BOOKED] * 12 + [BookingState.WAITING] * 38
    assert [b.queue_no for b in queue] == list(range(1, 51))
    assert {b.person_id for b in queue} == set(crowd)
    assert [s.booking for s in sorted(answered, key=number)] == queue
    assert [s.position for s in sorted(answered, key=number)] == [0] * 12 + list(range(1, 39))
    assert await desk.session(session) == replace(
        session, taken=12, waiting=38, next_no=51, roster_version=12
    )
    assert set(await desk.nudged()) == {b.person_id for b in queue[:12]}
    assert await desk.breaches() == []


async def test_on_one_replica_they_are_served_in_the_order_of_asking(desk: Desk):
    [session] = await desk.publish(details(capacity=3))
    crowd = await desk.meet(*(f"person {n:02}" for n in range(10)))
    in_one_process = desk.database.writer is not None

    for person_id in crowd if not in_one_process else ():
        await desk.bookings.book(person_id, session.id)
    if in_one_process:
        await asyncio.gather(*(desk.bookings.book(p, session.id) for p in crowd))

    assert [b.person_id for b in await desk.bookings_of(session)] == crowd


async def test_one_person_who_presses_many_times_is_booked_once(desk: Desk, other_desk: Desk):
    [session] = await desk.publish(details())
    [asha] = await desk.meet("asha")

    presses = [
        where.bookings.book(asha, session.id) for where in (desk, other_desk) for _ in range(4)
    ]
    answers = await asyncio.gather(*presses, return_exceptions=True)

    assert sorted(type(a).__name__ for a in answers) == ["AlreadyBooked"] * 7 + ["Standing"]
    assert await desk.stands(session) == {"asha": "booked"}
    assert await desk.nudged() == {"asha": 3}


async def test_while_people_come_and_go_no_place_is_idle_and_nobody_overtakes(
    desk: Desk, other_desk: Desk
):
    """Seven in ten give back what they got and ask again, on two sessions at once."""
    sessions = await desk.publish(
        details("A", capacity=4, format=Format.TEAMS),
        details("B", capacity=4, format=Format.TEAMS),
    )
    crowd = await desk.meet(*(f"person {n:02}" for n in range(14)))
    dice = random.Random(7)

    async def come_and_go(where: Desk, person_id: PersonId, session_id, fickle: list[bool]) -> None:
        await where.bookings.book(person_id, session_id, despite_clash=True)
        for goes in fickle:
            if goes:
                await where.bookings.cancel(person_id, session_id)
                await where.bookings.book(person_id, session_id, despite_clash=True)

    await asyncio.gather(
        *(
            come_and_go(where, person, session.id, [dice.random() < 0.7 for _ in range(2)])
            for session in sessions
            for where, person in zip((desk, other_desk) * 7, crowd, strict=True)
        )
    )

    for session in sessions:
        stands = await desk.stands(session)
        assert list(stands.values()) == ["booked"] * 4 + ["waiting"] * 10
    given = [b for s in sessions for b in await desk.bookings_of(s) if b.is_live]
    booked = {b.person_id for b in given if b.holds_a_place}
    assert set(await desk.nudged()) == booked
    assert await desk.breaches() == []


async def test_offers_that_lapse_in_two_replicas_at_once_are_passed_on_once(
    desk: Desk, other_desk: Desk
):
    [session] = await desk.publish(details(capacity=2))
    await desk.book(session, "asha", "bo", "cy", "di", "ed", "flo")
    for replica in (desk, other_desk):
        replica.clock.set(WEDNESDAY - 8 * HOUR)
    for name in ("asha", "bo"):
        await desk.bookings.cancel(PersonId(name), session.id)
    for replica in (desk, other_desk):
        replica.clock.advance(2 * HOUR)

    await asyncio.gather(*(d.bookings.lapse_offers() for d in (desk, other_desk, desk)))

    assert await desk.stands(session) == {"ed": "offered", "flo": "offered"}
    assert set(await desk.told(Kind.OFFER_LAPSED)) == {"cy", "di"}
    assert await desk.told(Kind.PLACE_OFFERED) == ["cy", "di", "ed", "flo"]


async def test_accepting_at_the_moment_of_lapsing_is_either_or(desk: Desk, other_desk: Desk):
    [session] = await desk.publish(details(capacity=1))
    await desk.book(session, "asha", "bo", "cy")
    desk.clock.set(WEDNESDAY - 8 * HOUR)
    await desk.bookings.cancel(PersonId("asha"), session.id)
    other_desk.clock.set(desk.clock.now() + 2 * HOUR)

    async def accept() -> None:
        with suppress(Refused):
            await desk.bookings.accept(PersonId("bo"), session.id)

    await asyncio.gather(accept(), other_desk.bookings.lapse_offers())

    assert await desk.stands(session) in (
        {"bo": "booked", "cy": "waiting"},
        {"cy": "offered"},
    )


def number(standing: Standing) -> int:
    assert standing.booking is not None
    return standing.booking.queue_no
