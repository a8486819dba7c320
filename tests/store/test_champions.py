"""Champions, their shares and whom those brought, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from learning import sources
from learning.attendance import Outcome, Presence
from learning.attendance import Source as Witness
from learning.bookings import Booking, BookingState
from learning.champions import Champion, Share
from learning.people import PersonId
from learning.sessions import Session
from store.unit_of_work import SqlWork
from tests.support.builders import details, meet, publish
from tests.support.clocks import MONDAY

ASHA, BO, CY, ORLA = (PersonId(name) for name in ("asha", "bo", "cy", "orla"))
TAG, OTHER = "bcdfgh23", "jkmnpq45"


def a_champion(person: PersonId = ASHA, group: str = "Housing") -> Champion:
    return Champion(person_id=person, group=group, named_by=ORLA, named_at=MONDAY)


def a_share(session: Session, tag: str = TAG, person: PersonId = ASHA) -> Share:
    return Share(tag=tag, person_id=person, session_id=session.id, made_at=MONDAY)


async def book(
    work: SqlWork, session: Session, person: PersonId, source: str, state: str = "booked"
) -> None:
    async with work() as uow:
        held = await uow.sessions.get(session.id, lock=True)
        state_now = BookingState(state)
        await uow.bookings.save(
            Booking(
                session_id=session.id,
                person_id=person,
                state=state_now,
                queue_no=held.next_no,
                asked_at=MONDAY,
                changed_at=MONDAY,
                source=source,
            )
        )
        await uow.sessions.save_counts(
            replace(
                held,
                next_no=held.next_no + 1,
                taken=held.taken + (state_now is BookingState.BOOKED),
                waiting=held.waiting + (state_now is BookingState.WAITING),
            )
        )
        await uow.commit()


@pytest.fixture
async def sessions(work: SqlWork) -> list[Session]:
    await meet(work, "asha", "bo", "cy", "orla")
    return await publish(work, details("GM1"), details("MC1"))


async def test_champions_are_listed_by_group_and_found_by_person(work: SqlWork):
    named = [a_champion(BO), a_champion(group="Carers"), a_champion()]
    async with work() as uow:
        assert [await uow.champions.add(each) for each in named] == [True, True, True]
        assert not await uow.champions.add(a_champion(BO))
        await uow.commit()

    async with work(read_only=True) as uow:
        assert await uow.champions.all() == [named[1], named[2], named[0]]
        assert await uow.champions.of_person(ASHA) == [named[1], named[2]]
        assert await uow.champions.of_person(CY) == []


async def test_a_champion_of_two_groups_may_leave_one(work: SqlWork):
    async with work() as uow:
        await uow.champions.add(a_champion())
        await uow.champions.add(a_champion(group="Carers"))
        assert await uow.champions.remove(ASHA, "Carers")
        assert not await uow.champions.remove(ASHA, "Carers")
        await uow.commit()

    async with work(read_only=True) as uow:
        assert await uow.champions.of_person(ASHA) == [a_champion()]


async def test_each_session_of_a_champion_has_one_tag_for_good(
    work: SqlWork, sessions: list[Session]
):
    growth, mentoring = sessions
    async with work() as uow:
        await uow.champions.add_shares([a_share(growth), a_share(mentoring, OTHER)])
        await uow.champions.add_shares([a_share(growth, "xxxxxx99")])
        await uow.champions.add_shares([a_share(growth, TAG, BO)])  # the tag is taken
        posted = replace(a_share(growth), posted_at=MONDAY + timedelta(hours=1))
        await uow.champions.post(posted)
        await uow.commit()

    async with work(read_only=True) as uow:
        assert await uow.champions.shares_of(ASHA) == [posted, a_share(mentoring, OTHER)]
        assert await uow.champions.shares_of(BO) == []
        assert await uow.champions.share(TAG) == posted
        assert await uow.champions.share("xxxxxx99") is None


async def test_a_share_brought_those_who_have_booked_by_it_and_never_the_champion(
    work: SqlWork, sessions: list[Session]
):
    growth, mentoring = sessions
    tagged = sources.of_champion(TAG)
    await book(work, growth, BO, tagged, "cancelled")
    await book(work, growth, BO, tagged)
    await book(work, growth, ASHA, tagged)
    await book(work, growth, CY, "hub")
    await book(work, mentoring, CY, tagged)  # a tag of another session
    share, other = a_share(growth), a_share(mentoring, OTHER)

    async with work(read_only=True) as uow:
        assert await uow.champions.brought([share, other]) == {TAG: frozenset({BO})}


async def test_who_gave_the_place_back_was_not_brought_unless_they_came_all_the_same(
    work: SqlWork, sessions: list[Session]
):
    [growth, _] = sessions
    for person in (BO, CY, ORLA):
        await book(work, growth, person, sources.of_champion(TAG), "cancelled")
    async with work() as uow:
        await uow.attendance.save(
            [
                Outcome(
                    session_id=growth.id,
                    who=who,
                    state=state,
                    source=Witness.TEAMS,
                    changed_at=MONDAY,
                )
                for who, state in ((BO, Presence.ATTENDED), (CY, Presence.ABSENT))
            ]
        )
        await uow.commit()

    async with work(read_only=True) as uow:
        assert await uow.champions.brought([a_share(growth)]) == {TAG: frozenset({BO})}


async def test_who_is_forgotten_is_no_champion_and_what_they_brought_stays(
    work: SqlWork, sessions: list[Session]
):
    [growth, _] = sessions
    nobody = PersonId("forgotten:1")
    async with work() as uow:
        await uow.champions.add(a_champion(ORLA, "Carers"))
        await uow.champions.add(a_champion())
        await uow.champions.add_shares([a_share(growth)])
        await uow.champions.forget(ASHA, nobody)
        await uow.champions.forget(ORLA, nobody)
        await uow.champions.add(a_champion(BO))
        await uow.champions.forget(ORLA, nobody)
        await uow.commit()

    async with work(read_only=True) as uow:
        assert await uow.champions.all() == [replace(a_champion(BO), named_by=nobody)]
        assert await uow.champions.shares_of(nobody) == [a_share(growth, person=nobody)]
