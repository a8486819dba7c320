"""What is posted to Viva Engage and when, what is taken for a question there, and who is told what."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import pytest

from learning.notices import Kind
from learning.people import PersonId
from services.engage import EngageService
from services.ports.engage import Feed, Member, Part, Said, SignIn, SignInNeeded
from services.ports.systems import Missing, Rejected, Unavailable
from tests.services.desk import LONDON, Desk
from tests.support.builders import details, person
from tests.support.clocks import MONDAY

DAY = date(2026, 5, 18)
MINUTE = timedelta(seconds=61)
HOUR = timedelta(hours=1)


@dataclass(slots=True)
class FakeCommunity:
    """Keeps the promises of the port; `troubles` are raised first, one for each call."""

    posted: list[Said] = field(default_factory=list)
    deleted: list[int] = field(default_factory=list)
    heard: list[Said] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)
    looks: int = 0

    async def post(self, text: str) -> int:
        self._fail()
        self.posted.append(said(len(self.posted) + 1, text, is_own=True))
        return self.posted[-1].id

    async def reply(self, message_id: int, text: str) -> int:
        raise NotImplementedError

    async def write_to(self, member_id: int, text: str) -> int:
        raise NotImplementedError

    async def delete(self, message_id: int) -> None:
        self._fail()
        self.deleted.append(message_id)

    async def message(self, message_id: int) -> Said:
        raise Missing("gone")

    async def member(self, member_id: int) -> Member:
        return Member(id=member_id)

    async def received(self, newer_than: int | None) -> Feed:
        self._fail()
        self.looks += 1
        return self._feed(newer_than)

    async def private(self, newer_than: int | None) -> Feed:
        return Feed(newest=newer_than or 0)

    async def latest(self) -> Sequence[Said]:
        return self.posted

    async def in_thread(self, thread_id: int, newer_than: int) -> Sequence[Said]:
        return ()

    def _feed(self, newer_than: int | None) -> Feed:
        newest = max((m.id for m in self.heard), default=0)
        if newer_than is None:
            return Feed(newest=newest)
        new = tuple(m for m in self.heard if m.id > newer_than)
        return Feed(messages=new, newest=max(newest, newer_than))

    def _fail(self) -> None:
        if self.troubles:
            raise self.troubles.pop(0)


@dataclass(slots=True)
class FakeAccount:
    needed_since: datetime | None = None
    name: str = "learning@example.org"
    missed: int = 0

    async def standing(self) -> SignIn:
        return SignIn(account=self.name, needed_since=self.needed_since)

    async def miss(self) -> None:
        self.missed += 1


@dataclass(slots=True)
class FakeStaff:
    people: list[PersonId] = field(default_factory=list)
    trouble: Exception | None = None

    async def by_email(self, email: str) -> PersonId | None:
        return None

    async def members(self, group_id: str) -> Sequence[PersonId]:
        if self.trouble is not None:
            raise self.trouble
        return self.people


@dataclass(slots=True, kw_only=True)
class Side:
    desk: Desk
    community: FakeCommunity
    account: FakeAccount
    staff: FakeStaff
    service: EngageService


def said(id: int, text: str = "what's on", **more: object) -> Said:
    values: dict[str, object] = {
        "id": id,
        "sender_id": 5,
        "thread_id": id,
        "text": text,
        "at": MONDAY,
        "is_addressed": True,
    }
    return Said(**(values | more))  # pyright: ignore[reportArgumentType]


def a_side(desk: Desk, organisers: Sequence[str] = ("ORLA",), group: str = "group") -> Side:
    community, account, staff = FakeCommunity(), FakeAccount(), FakeStaff()
    service = EngageService(
        desk.work,
        community,
        account,
        staff,
        desk.catalogue,
        desk.clock,
        zone=LONDON,
        at=time(8, 30),
        organisers=organisers,
        organisers_group=group,
    )
    return Side(desk=desk, community=community, account=account, staff=staff, service=service)


@pytest.fixture
async def side(desk: Desk) -> Side:
    await desk.publish(details(starts_at=MONDAY + 2 * HOUR))
    return a_side(desk)


def nothing() -> None:
    """May go on."""


async def waiting(side: Side) -> list[str]:
    """The keys of what is to be done in Viva Engage."""
    kinds = (Kind.ENGAGE_POST, Kind.ENGAGE_DELETE, Kind.ENGAGE_ANSWER, Kind.ENGAGE_SIGN_IN)
    return [notice.key for notice in await side.desk.owed(*kinds)]


# --- posts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "posts"),
    [
        (MONDAY.replace(hour=7, minute=29), []),
        (MONDAY.replace(hour=7, minute=30), ["engage_post:2026-05-18"]),
        (MONDAY.replace(hour=16, minute=59), ["engage_post:2026-05-18"]),
        (MONDAY.replace(hour=17), []),
        (MONDAY.replace(hour=9) + timedelta(days=1), []),
    ],
)
async def test_a_days_post_is_written_down_in_the_morning_of_a_day_with_sessions(
    side: Side, moment: datetime, posts: list[str]
):
    side.desk.clock.set(moment)

    await side.service.queue()
    await side.service.queue()

    assert await waiting(side) == posts


async def test_replicas_write_one_post_down(side: Side, other_desk: Desk):
    await asyncio.gather(side.service.queue(), a_side(other_desk).service.queue())

    assert await waiting(side) == ["engage_post:2026-05-18"]


async def test_posting_now_takes_the_place_of_the_post_to_come_and_is_one_more_after_it(
    side: Side,
):
    side.desk.clock.set(MONDAY.replace(hour=6))
    await side.service.post_now()
    side.desk.clock.set(MONDAY)
    await side.service.queue()
    assert await waiting(side) == ["engage_post:2026-05-18"]

    await side.service.post_now()

    assert await waiting(side) == [
        "engage_post:2026-05-18",
        "engage_post:2026-05-18:2026-05-18T08:00:00+00:00",
    ]


async def test_a_post_is_known_and_can_be_deleted_once(side: Side):
    posted = await side.service.post(DAY, "Learning today", again=False, check=nothing)
    last = await side.service.last_post()
    assert last is not None
    assert (last.message_id, last.day) == (posted, DAY)

    assert await side.service.ask_delete(posted)
    await side.service.delete(posted)

    assert side.community.deleted == [posted]
    assert await side.service.last_post() is None
    assert not await side.service.ask_delete(posted)
    assert not await side.service.ask_delete(999)


async def test_a_post_tried_again_is_found_where_it_arrived_and_no_other_is_taken_for_it(
    side: Side,
):
    first = await side.service.post(DAY, "Learning today\nA", again=False, check=nothing)
    once_more = await side.service.post(DAY, "Learning today\nB", again=True, check=nothing)
    await side.community.post("Learning today\nC")
    found = await side.service.post(
        DAY, "Learning today\nC, places left", again=True, check=nothing
    )

    assert [first, once_more, found] == [1, 2, 3]
    assert len(side.community.posted) == 3


async def test_a_post_that_another_may_have_by_now_is_not_made(side: Side):
    def slept() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        await side.service.post(DAY, "Learning today", again=False, check=slept)

    assert side.community.posted == []


async def test_a_post_that_waits_for_sign_in_says_so(side: Side):
    side.community.troubles = [SignInNeeded("nobody")]

    with pytest.raises(SignInNeeded):
        await side.service.post(DAY, "Learning today", again=False, check=nothing)

    assert side.account.missed == 1


# --- listening ---------------------------------------------------------------------------------


async def look(side: Side) -> None:
    """A minute later."""
    side.desk.clock.advance(MINUTE)
    await side.service.look()


async def test_what_stands_there_at_first_is_not_answered_and_what_comes_is_once(side: Side):
    side.community.heard = [said(1)]
    await look(side)
    side.community.heard += [said(3), said(2)]
    await look(side)
    await look(side)

    assert await waiting(side) == ["engage_answer:2", "engage_answer:3"]


@pytest.mark.parametrize(
    "message",
    [
        said(2, is_own=True),
        said(2, by_person=False),
        said(2, is_addressed=False),
        said(2, at=MONDAY - 13 * HOUR),
    ],
)
async def test_what_is_not_for_us_is_passed_over(side: Side, message: Said):
    await look(side)
    side.community.heard = [message, said(9)]
    await look(side)

    assert await waiting(side) == ["engage_answer:9"]


async def test_no_word_of_what_was_said_is_written_down(side: Side):
    await look(side)
    side.community.heard = [said(2, "I am unwell")]
    await look(side)

    [notice] = await side.desk.owed(Kind.ENGAGE_ANSWER)
    assert notice.payload == {"message": 2, "alone": False}


async def test_replicas_look_once_a_minute_together(side: Side, other_desk: Desk):
    other = a_side(other_desk)
    other.service._community = side.community
    for _ in range(3):
        for desk in (side.desk, other_desk):
            desk.clock.advance(MINUTE)
        await asyncio.gather(side.service.look(), other.service.look())

    assert side.community.looks == 3


async def test_a_look_that_fails_is_made_up_for_by_the_next(side: Side):
    await look(side)
    side.community.heard = [said(2)]
    side.community.troubles = [Unavailable("away")]
    await look(side)
    assert await waiting(side) == []
    await look(side)

    assert await waiting(side) == ["engage_answer:2"]


async def test_nobody_looks_while_it_is_switched_off_or_nobody_signed_in(side: Side):
    await side.service.answer_people(False)
    await look(side)
    await side.service.answer_people(True)
    side.account.name = ""
    await look(side)

    assert side.community.looks == 0


async def test_what_was_said_while_it_was_off_is_not_answered_later(side: Side):
    await look(side)
    await side.service.answer_people(False)
    side.community.heard = [said(2)]
    await side.service.answer_people(True)
    await look(side)
    side.community.heard.append(said(3))
    await look(side)

    assert await waiting(side) == ["engage_answer:3"]


async def test_what_is_to_be_said_is_kept_until_it_is_said(side: Side):
    parts = (Part(text="a", to=5), Part(text="b"))
    assert await side.service.begun(2) is None
    await side.service.keep(said(2), parts)
    assert await side.service.begun(2) == parts
    await side.service.keep(said(2), parts[1:])
    await side.service.keep(said(2), [])

    assert await side.service.begun(2) == ()


# --- signing in --------------------------------------------------------------------------------


async def test_every_organiser_who_can_be_reached_is_told_once(side: Side):
    await side.desk.meet("orla", "di", "cy", person("bo", address=None))
    side.staff.people = [PersonId("di"), PersonId("bo"), PersonId("nobody")]
    side.account.needed_since = MONDAY

    await side.service.look()
    await side.service.look()

    assert await side.desk.told(Kind.ENGAGE_SIGN_IN) == ["di", "orla"]


async def test_while_the_group_cannot_be_read_nobody_is_told_yet(side: Side):
    await side.desk.meet("orla")
    side.account.needed_since = MONDAY
    side.staff.trouble = Unavailable("Graph is away")
    await side.service.look()
    assert await side.desk.told(Kind.ENGAGE_SIGN_IN) == []
    side.staff.trouble = Rejected("and may not be read")
    await side.service.look()

    assert await side.desk.told(Kind.ENGAGE_SIGN_IN) == ["orla"]


async def test_a_need_that_comes_again_is_told_again(side: Side):
    await side.desk.meet("orla")
    for hours in range(2):
        side.account.needed_since = MONDAY + hours * HOUR
        await side.service.look()

    assert len(await side.desk.told(Kind.ENGAGE_SIGN_IN)) == 2
    assert await side.service.is_needed_since(MONDAY + HOUR)
    assert not await side.service.is_needed_since(MONDAY)
