"""A set's calendar series follows it, by way of Graph, whatever goes wrong on the way."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from integrations.circuits import Circuits
from integrations.graph import Graph
from integrations.graph_calendar import AT_ONCE
from integrations.graph_chats import GraphChats
from integrations.graph_series import GraphSeries
from learning.courses.action_sets import ActionSet, Member, SetMeeting, SetState
from learning.people import Person, PersonId
from services.addresses import Addresses
from services.ports.systems import Rejected, Unavailable
from services.set_chats import SetChats
from services.set_series import SetSeries
from tests.services.desk import LONDON, Desk
from tests.support.clocks import MONDAY
from tests.support.courses import start, the_course
from tests.support.databases import ON_SQLITE
from tests.support.events import Event
from tests.support.graph import ORGANISER
from tests.support.graph_client import ASHA, BO, Client, a_client

pytestmark = ON_SQLITE

ASHAS, BOS = PersonId(ASHA.aad_id), PersonId(BO.aad_id)
FIRST = datetime(2026, 10, 6, 9, 30, tzinfo=ZoneInfo("Europe/London"))
SUBJECT = "Set 1: The customer at the heart"
"""A Tuesday three weeks before the clocks go back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sets:
    desk: Desk
    client: Client
    series: SetSeries
    chats: SetChats
    id: int

    @property
    def event(self) -> Event:
        return self.client.graph.event_of(SUBJECT)

    async def now(self) -> ActionSet:
        async with self.desk.work(read_only=True) as uow:
            found = await uow.sets.find(self.id)
        assert found is not None
        return found

    async def change(self, **values: object) -> None:
        async with self.desk.work() as uow:
            found = await uow.sets.find(self.id, lock=True)
            assert found is not None
            await uow.sets.save(replace(found, **values))  # pyright: ignore[reportArgumentType] -- columns
            await uow.commit()

    async def move(self, number: int, by: timedelta) -> None:
        async with self.desk.work() as uow:
            meeting = (await uow.sets.meetings(self.id))[number - 1]
            await uow.sets.save_meeting(
                replace(meeting, starts_at=meeting.starts_at + by, ends_at=meeting.ends_at + by)
            )
            await uow.commit()


@pytest.fixture
async def sets(desk: Desk) -> AsyncIterator[Sets]:
    """A confirmed set of Asha alone, whom Bo leads; it meets three times, every four weeks."""
    async with a_client() as client:

        async def token() -> str:
            return client.bearer

        graph = Graph(client.graph.base_url, token)
        guarded = graph.behind(Circuits(desk.clock).of("Calendar"))
        running = await start(desk.work, the_course(), MONDAY)
        for each in (ASHA, BO):
            await desk.meet(Person(id=PersonId(each.aad_id), name=each.name, email=each.email))
        async with desk.work() as uow:
            kept = await uow.sets.add(
                ActionSet(
                    id=0,
                    course_id=running.id,
                    name="Set 1",
                    slot="Tuesday morning",
                    state=SetState.CONFIRMED,
                    facilitator_id=BOS,
                    made_at=MONDAY,
                )
            )
            await uow.sets.save_members([Member(set_id=kept.id, person_id=ASHAS, joined_at=MONDAY)])
            for number in (1, 2, 3):
                at = FIRST + timedelta(weeks=4 * (number - 1))  # of the clock on the wall
                await uow.sets.save_meeting(
                    SetMeeting(
                        set_id=kept.id,
                        number=number,
                        starts_at=at,
                        ends_at=at + timedelta(hours=2),
                    )
                )
            await uow.commit()
        addresses = Addresses(desk.directory, desk.people)
        calendar = GraphSeries(guarded, ORGANISER.email, asyncio.Semaphore(AT_ONCE))
        yield Sets(
            desk=desk,
            client=client,
            series=SetSeries(desk.work, calendar, addresses, desk.clock, zone=LONDON),
            chats=SetChats(desk.work, GraphChats(guarded, client.graph.base_url)),
            id=kept.id,
        )
        await graph.close()


async def test_a_set_gets_one_series_with_a_meeting_to_join(sets: Sets):
    assert await sets.series.bring_up_to_date(sets.id)

    found = await sets.now()
    assert sets.event.data["recurrence"] == {
        "pattern": {
            "type": "weekly",
            "interval": 4,
            "daysOfWeek": ["tuesday"],
            "firstDayOfWeek": "monday",
        },
        "range": {
            "type": "numbered",
            "startDate": "2026-10-06",
            "numberOfOccurrences": 3,
            "recurrenceTimeZone": "Europe/London",
        },
    }
    assert sets.event.data["start"] == {
        "dateTime": "2026-10-06T09:30:00",
        "timeZone": "Europe/London",
    }
    assert sets.event.attendees == [ASHA.email, BO.email]
    assert (
        sets.event.moved == {}
    )  # the clocks go back in between, and no date has to be moved for it
    assert (found.event_id, found.join_url) == (sets.event.id, sets.event.join_url)
    assert found.attempt == sets.event.transaction_id


async def test_brought_up_to_date_again_it_sends_no_mail(sets: Sets):
    await sets.series.bring_up_to_date(sets.id)
    before = list(sets.client.graph.mail)

    await sets.series.bring_up_to_date(sets.id)

    assert sets.client.graph.mail == before


async def test_an_answer_that_is_lost_leaves_one_series(sets: Sets):
    sets.client.graph.fail_next(503, path_contains="/events", method="POST", acted=True)
    with pytest.raises(Unavailable):
        await sets.series.bring_up_to_date(sets.id)
    assert (await sets.now()).event_id == ""

    await sets.series.bring_up_to_date(sets.id)

    found = await sets.now()
    assert (found.event_id, found.join_url) == (sets.event.id, sets.event.join_url)


async def test_a_date_that_was_moved_is_changed_alone(sets: Sets):
    await sets.move(1, timedelta(days=1, hours=3))
    await sets.series.bring_up_to_date(sets.id)
    assert sets.event.data["start"]["dateTime"] == "2026-10-06T09:30:00"  # the rhythm of the others
    assert {n: at["start"]["dateTime"] for n, at in sets.event.moved.items()} == {
        0: "2026-10-07T12:30:00"
    }

    await sets.move(3, timedelta(days=-2))
    await sets.series.bring_up_to_date(sets.id)

    assert {n: at["start"]["dateTime"] for n, at in sets.event.moved.items()} == {
        0: "2026-10-07T12:30:00",
        2: "2026-11-29T09:30:00",
    }


async def test_dates_that_are_over_stay_as_they_were(sets: Sets):
    await sets.series.bring_up_to_date(sets.id)
    sets.desk.clock.set(FIRST + timedelta(days=3))

    await sets.move(1, timedelta(days=1))
    await sets.series.bring_up_to_date(sets.id)

    assert sets.event.moved == {}


async def test_only_who_comes_or_goes_gets_mail(sets: Sets):
    await sets.series.bring_up_to_date(sets.id)
    sets.client.graph.mail.clear()

    await sets.change(facilitator_id=PersonId(""))
    await sets.series.bring_up_to_date(sets.id)

    assert [(m.kind, m.to) for m in sets.client.graph.mail] == [("cancellation", BO.email)]


async def test_a_series_that_somebody_deleted_is_made_again(sets: Sets):
    await sets.series.bring_up_to_date(sets.id)
    old = sets.event
    old.state = "deleted"

    await sets.series.bring_up_to_date(sets.id)

    assert sets.event.id != old.id
    assert (await sets.now()).event_id == sets.event.id


async def test_a_new_name_is_the_new_subject(sets: Sets):
    await sets.series.bring_up_to_date(sets.id)

    await sets.change(name="The early set")
    await sets.series.bring_up_to_date(sets.id)

    [event] = sets.client.graph.events
    assert event.subject == "The early set: The customer at the heart"
    assert event.join_url


async def test_the_series_of_a_merged_set_is_cancelled_once(sets: Sets):
    await sets.series.bring_up_to_date(sets.id)

    await sets.change(state=SetState.MERGED)
    assert await sets.series.bring_up_to_date(sets.id)

    assert sets.client.graph.events == []
    assert not await sets.series.bring_up_to_date(sets.id)
    assert ("cancellation", ASHA.email) in [(m.kind, m.to) for m in sets.client.graph.mail]


async def test_of_a_proposal_and_of_what_is_over_nothing_is_made(sets: Sets):
    await sets.change(state=SetState.PROPOSED)
    assert not await sets.series.bring_up_to_date(sets.id)
    await sets.change(state=SetState.CONFIRMED)
    sets.desk.clock.set(FIRST + timedelta(weeks=30))
    assert not await sets.series.bring_up_to_date(sets.id)

    assert sets.client.graph.events == []


async def test_a_chat_is_made_once_for_members_and_who_leads(sets: Sets):
    assert await sets.chats.make(sets.id)
    assert not await sets.chats.make(sets.id)

    [(chat_id, (topic, people))] = sets.client.graph.chats.made.items()
    assert ((await sets.now()).chat_id, topic) == (chat_id, "Set 1")
    assert people == [ASHAS, BOS]


async def test_without_the_permission_there_is_no_chat(sets: Sets):
    sets.client.graph.deny("/chats")

    with pytest.raises(Rejected, match="403"):
        await sets.chats.make(sets.id)

    assert (await sets.now()).chat_id == ""
