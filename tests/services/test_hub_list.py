"""The list and the programme on a real database, around them a list in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from learning.hub_list import NAMES, OWN, HubItem, ListColumn, Seen
from learning.notices import Kind
from learning.people import PersonId
from services.booking import BookingService
from services.hub_items import HubWriter
from services.hub_list import HubReader
from services.hub_report import HubReports
from services.hub_watch import HubWatch
from services.places import Places
from services.ports.hub import HubState, ListChanges, Watch
from services.ports.systems import Missing, Rejected, Unavailable
from tests.services.desk import LONDON, RULES, Desk
from tests.support.builders import details, publish

KEY = "site/list"
EDA, ORLA = PersonId("eda"), PersonId("orla")
ITEM: Mapping[str, Any] = {
    "SessionCode": "GM1",
    "Title": "Growth mindset",
    "SessionStarts": "2026-05-20T09:00:00Z",
    "SessionEnds": "2026-05-20T10:00:00Z",
    "SessionCapacity": 12,
    "SessionFormat": "in_person",
}


@dataclass
class ListInMemory:
    """A list whose link is how many changes there were; `down` is raised instead of an answer."""

    log: list[Seen] = field(default_factory=list[Seen])
    gone: list[int] = field(default_factory=list[int])
    written: list[tuple[int, Mapping[str, Any]]] = field(
        default_factory=list[tuple[int, Mapping[str, Any]]]
    )
    down: Exception | None = None
    until: list[datetime] = field(default_factory=list[datetime])

    def edit(self, id: int = 1, by: PersonId | None = EDA, **fields: Any) -> None:
        old = {**(self.latest().get(id) or Seen(id=id, fields=ITEM)).fields, **fields}
        self.log.append(Seen(id=id, etag=str(len(self.log)), fields=old, editor=by, author=EDA))

    def latest(self) -> dict[int, Seen]:
        return {each.id: each for each in self.log}

    async def columns(self) -> list[ListColumn]:
        self._up()
        dates = (NAMES["starts"], NAMES["ends"])
        names = (*NAMES.values(), *OWN)
        return [ListColumn(name=n, kind="dateTime" if n in dates else "") for n in names]

    async def changes(self, link: str) -> ListChanges:
        self._up()
        there = {each.id: each for each in self.log[int(link or 0) :]}
        return ListChanges(
            items=tuple(each for i, each in there.items() if i not in self.gone),
            gone=tuple(self.gone),
            link=str(len(self.log)),
            is_all=not link,
        )

    async def item(self, item_id: int) -> Seen:
        self._up()
        if item_id in self.gone:
            raise Missing("404")
        return self.latest()[item_id]

    async def write(self, item_id: int, values: Mapping[str, Any]) -> None:
        self._up()
        self.written.append((item_id, values))
        self.edit(item_id, None, **values)

    async def watch(self, url: str, secret: str, until: datetime, known: str) -> Watch:
        self._up()
        self.until.append(until)
        return Watch(id=known or "s1", url=url, until=until)

    def _up(self) -> None:
        if self.down is not None:
            raise self.down


@dataclass(frozen=True, kw_only=True)
class Hub:
    desk: Desk
    sharepoint: ListInMemory
    reader: HubReader
    writer: HubWriter
    watch: HubWatch
    reports: HubReports
    bookings: BookingService
    broken: list[Exception]
    """Raised when the organisers are looked up, as they are for a list with faults."""

    async def read(self) -> bool:
        self.desk.clock.advance(timedelta(minutes=5))
        return await self.reader.read(self.desk.clock.now())

    async def state(self) -> HubState:
        async with self.desk.work(read_only=True) as uow:
            return await uow.hub.state(KEY)

    async def items(self) -> list[HubItem]:
        async with self.desk.work(read_only=True) as uow:
            return await uow.hub.items(KEY)


@pytest.fixture
async def hub(desk: Desk) -> Hub:
    broken: list[Exception] = []

    async def organisers() -> Sequence[PersonId]:
        for error in broken:
            raise error
        return [ORLA]

    sharepoint, work, clock = ListInMemory(), desk.work, desk.clock
    await desk.meet("eda", "orla")
    return Hub(
        desk=desk,
        broken=broken,
        sharepoint=sharepoint,
        reader=HubReader(
            work,
            clock,
            desk.programme,
            sharepoint,
            organisers,
            list_key=KEY,
            timezone="Europe/London",
            link="https://chat?{text}",
        ),
        writer=HubWriter(work, clock, sharepoint, list_key=KEY, link="https://chat?{text}"),
        watch=HubWatch(
            work, clock, sharepoint, list_key=KEY, url="https://bot/hub/changes", secret="s"
        ),
        reports=HubReports(work, list_key=KEY),
        bookings=BookingService(work, clock, Places(RULES, LONDON, in_hub_list=True)),
    )


async def test_a_read_that_was_asked_for_before_the_last_one_has_nothing_left_to_do(hub: Hub):
    hub.sharepoint.edit()
    asked_at = hub.desk.clock.now()

    assert await hub.read()
    assert not await hub.reader.read(asked_at)


async def test_polls_of_all_replicas_are_one_row(hub: Hub):
    for _ in range(3):
        await hub.reader.poll()
        hub.desk.clock.advance(timedelta(seconds=40))
    await hub.reader.changed()
    await hub.reader.changed()

    assert len(await hub.desk.owed(Kind.HUB_READ)) == 2


async def test_bookings_are_written_once_for_all_and_come_back_as_nothing(hub: Hub):
    hub.sharepoint.edit()
    await hub.read()
    [item] = await hub.items()
    assert item.session_id is not None
    await hub.writer.write(item.session_id)
    hub.desk.clock.advance(timedelta(minutes=1))
    for person in await hub.desk.meet("asha", "bo"):
        await hub.bookings.book(person, item.session_id)

    rows = await hub.desk.owed(Kind.HUB_ITEM)
    did = [await hub.writer.write(item.session_id) for _ in range(2)]
    before = await hub.state()
    await hub.read()

    assert len(rows) == 2  # one for the first time, one for both bookings
    assert did == [True, False]
    assert [values for _, values in hub.sharepoint.written] == [
        {"PlacesLeft": 12, "BookingState": "Open", "BookingLink": "https://chat?book%20GM1"},
        {"PlacesLeft": 10},
    ]
    assert (await hub.state()).report == before.report
    assert (await hub.items())[0].editor == EDA


async def test_faults_stop_everything_and_are_told_to_whoever_made_them(hub: Hub):
    hub.sharepoint.edit(1)
    hub.sharepoint.edit(2, SessionCode="GM2")
    await hub.read()
    hub.sharepoint.edit(1, Title="New")
    hub.sharepoint.edit(2, by=PersonId("stranger"), SessionCapacity=0)
    await hub.read()
    await hub.read()

    told = await hub.desk.owed(Kind.HUB_FAULT)
    standing = await hub.reports.standing()
    hub.sharepoint.edit(2, SessionCapacity=5)
    await hub.read()

    assert [(n.person_id, n.payload["items"]) for n in told] == [(ORLA, {"2": "3"})]
    assert standing is not None
    assert len(standing.faults) == 1
    assert (await hub.reports.still(told[0].payload)).faults == ()
    titles = {s.code: s.title for s in await hub.desk.programme.sessions_of()}
    assert titles == {"GM1": "New", "GM2": "Growth mindset"}


async def test_what_a_message_says_is_what_is_still_wrong(hub: Hub):
    hub.sharepoint.edit(1, SessionCapacity=0)
    await hub.read()
    [told] = await hub.desk.owed(Kind.HUB_FAULT)

    now = (await hub.reports.still(told.payload)).faults
    hub.sharepoint.edit(1, SessionCapacity=-1)
    await hub.read()

    assert len(now) == 1
    assert (await hub.reports.still(told.payload)).faults == ()


async def test_the_list_joins_the_edition_near_its_dates_and_asks_where_there_are_two(hub: Hub):
    await publish(hub.desk.work, details("GM1"), edition="One")
    await publish(hub.desk.work, details("XX1"), edition="Other")
    hub.sharepoint.edit()
    await hub.read()
    unclear = await hub.state()
    async with hub.desk.work() as uow:
        edition = await uow.editions.named("One")
        assert edition is not None
        await uow.hub.choose_edition(KEY, edition.id)
        await uow.commit()
    await hub.read()

    assert "could belong to" in unclear.faults[0]
    assert "line" not in unclear.faults[0]
    assert (await hub.state()).faults == ()
    assert (await hub.items())[0].session_id is not None


@pytest.mark.parametrize("error", [Unavailable("down", retry_after=9), Rejected("403")])
async def test_a_list_that_cannot_be_read_is_left_as_it_is_and_says_why(hub: Hub, error: Exception):
    hub.sharepoint.edit()
    await hub.read()
    before = await hub.state()
    hub.sharepoint.edit(Title="New")
    hub.sharepoint.down = error
    with pytest.raises(type(error)):
        await hub.read()

    assert await hub.state() == replace(before, trouble=str(error))
    hub.sharepoint.down = None
    await hub.read()
    assert (await hub.state()).trouble == ""


async def test_a_read_that_broke_off_half_way_is_made_up_for(hub: Hub):
    """What was seen is stored by then, so SharePoint never tells of it again."""
    hub.sharepoint.edit()
    await hub.read()
    hub.sharepoint.edit(SessionCapacity=0)
    hub.broken.append(RuntimeError("out of memory"))
    with pytest.raises(RuntimeError):
        await hub.read()
    hub.broken.clear()

    await hub.read()

    assert len(await hub.desk.owed(Kind.HUB_FAULT)) == 1
    hub.sharepoint.edit(SessionCapacity=3)
    await hub.read()
    [session] = await hub.desk.programme.sessions_of()
    assert session.details.capacity == 3


async def test_an_item_that_is_gone_is_written_no_more(hub: Hub):
    hub.sharepoint.edit()
    await hub.read()
    [item] = await hub.items()
    assert item.session_id is not None
    hub.sharepoint.gone.append(1)

    assert not await hub.writer.write(item.session_id)
    await hub.read()
    assert not await hub.writer.write(item.session_id)
    [told] = await hub.desk.owed(Kind.HUB_FAULT)
    assert (told.person_id, told.payload["gone"]) == (ORLA, [item.session_id])


async def test_sharepoint_is_asked_to_tell_of_changes_again_before_the_end(hub: Hub):
    await hub.watch.keep()
    await hub.watch.keep()
    hub.desk.clock.advance(timedelta(days=26))
    await hub.watch.keep()

    assert len(hub.sharepoint.until) == 2
    hub.desk.clock.advance(timedelta(days=30))
    hub.sharepoint.down = Rejected("400")
    await hub.watch.keep()
    hub.sharepoint.down = None
    await hub.watch.keep()
    refused = await hub.state()
    hub.desk.clock.advance(timedelta(hours=1))
    await hub.watch.keep()

    assert (refused.unwatched, (await hub.state()).unwatched) == ("400", "")
    assert len(hub.sharepoint.until) == 3


async def test_what_we_know_of_items_and_the_list_is_kept_to_the_last_field(hub: Hub):
    now = hub.desk.clock.now()
    [session] = await hub.desk.publish(details())
    item = HubItem(
        id=7,
        version='"a,1"',
        editor=EDA,
        fields={"Title": "Dysgu – «ŷ»", "SessionCapacity": 12.5},
        applied={"Title": "x"},
        own={"PlacesLeft": None},
        faults=("one", "two"),
        told='"a,1"',
        session_id=session.id,
    )
    state = HubState(
        list_key=KEY,
        link="https://graph/…",
        read_at=now,
        digest="d" * 64,
        edition_id=session.edition_id,
        faults=("one",),
        told="t",
        report="r",
        trouble="u",
        unwritten="v",
        unwatched="w",
        watch_id="i",
        watch_url="https://u",
        watch_until=now,
        watch_again_at=now,
    )
    async with hub.desk.work() as uow:
        await uow.hub.save(replace(state, trouble="before"))
        await uow.hub.save(state)
        await uow.hub.save_items(KEY, [replace(item, applied=None), HubItem(id=8)])
        await uow.hub.save_items(KEY, [item])
        await uow.hub.remove_items(KEY, [8])
        await uow.commit()

    async with hub.desk.work(read_only=True) as uow:
        assert await uow.hub.state(KEY) == state
        assert await uow.hub.items(KEY) == [item]
        assert await uow.hub.item_of(KEY, session.id) == item
        assert await uow.hub.items("another") == []
