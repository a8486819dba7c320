"""Asking Viva Engage: what is sent, what is read of its answers, and what its refusals mean."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import aiohttp
import pytest

from integrations.circuits import Circuit
from integrations.engage import Engage, WrongCommunity, community_number
from integrations.engage_messages import read_messages
from services.ports.engage import Feed, Member, Said, SignIn, SignInNeeded
from services.ports.systems import Missing, Rejected, Unavailable
from tests.support.activities import a_person
from tests.support.clocks import FixedClock
from tests.support.engage import COMMUNITY, SERVICE
from tests.support.engage import Engage as Network
from tests.support.login import Login
from tests.support.tokens import ENGAGE


@dataclass
class Account:
    login: Login
    name: str = SERVICE.email
    is_signed_in: bool = True
    made: list[str] = field(default_factory=list)

    async def standing(self) -> SignIn:
        return SignIn(account=self.name)

    async def token(self, stale: bool = False) -> str:
        if not self.is_signed_in:
            raise SignInNeeded("Viva Engage: sign-in is needed again")
        if stale or not self.made:
            grant = self.login.tokens.issue(
                ENGAGE, tenant=self.login.tenant, client_id="x", username=self.name
            )
            self.made.append(grant.token)
        return self.made[-1]


class Always:
    """No limit; what was reserved is counted."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.reserved = 0

    async def reserve(self, patience: float) -> float:
        self.reserved += 1
        return self.waits.pop(0) if self.waits else 0.0


@dataclass
class Side:
    network: Network
    account: Account
    limit: Always
    engage: Engage


@pytest.fixture
async def side() -> AsyncGenerator[Side]:
    async with Login() as login, Network(login) as network, aiohttp.ClientSession() as http:
        account, limit = Account(login), Always()
        engage = Engage(
            http,
            network.base_url,
            account,
            Circuit("Viva Engage", FixedClock()),
            limit,
            lambda: 0.0,
            group_id=COMMUNITY,
        )
        yield Side(network, account, limit, engage)


async def test_a_post_an_answer_and_a_private_message_arrive_where_they_belong(side: Side):
    asha = side.network.add(a_person("Asha"))
    asked = side.network.asks(asha, "what's on")

    posted = await side.engage.post("Learning today\n\né & 100 % #1")
    await side.engage.reply(asked, "This is on.")
    await side.engage.write_to(asha, "Between us.")

    assert [(p.id, p.body) for p in side.network.posts] == [
        (posted, "Learning today\n\né & 100 % #1")
    ]
    assert side.network.below(asked) == ["This is on."]
    assert side.network.written_to(asha) == ["Between us."]


async def test_a_post_is_deleted_and_one_that_is_gone_is_fine(side: Side):
    posted = await side.engage.post("Oops")

    await side.engage.delete(posted)
    await side.engage.delete(posted)

    assert side.network.posts == []


async def test_feeds_tell_what_is_new_oldest_first_and_how_far_they_go(side: Side):
    asha = side.network.add(a_person("Asha"))
    side.network.asks(asha, "old")
    before = await side.engage.received(None)
    first, second = side.network.asks(asha, "one"), side.network.asks(asha, "two")
    side.network.now = lambda: FixedClock().now().replace(year=2027)

    feed = await side.engage.received(before.newest)

    assert before.messages == ()
    assert [m.id for m in feed.messages] == [first, second]
    assert feed.newest == second


async def test_what_was_just_heard_is_not_asked_for_and_anything_else_is(side: Side):
    asha = side.network.add(a_person("Asha"))
    heard, other = side.network.asks(asha, "one"), side.network.asks(asha, "two")
    await side.engage.received(heard - 1)
    calls = len(side.network.log)

    assert (await side.engage.message(heard)).text == "one"
    assert len(side.network.log) == calls
    side.engage._heard.clear()
    assert (await side.engage.message(heard)).text == "one"
    side.network.messages[other].is_deleted = True
    with pytest.raises(Missing):
        await side.engage.message(other)


async def test_an_empty_feed_goes_nowhere(side: Side):
    assert await side.engage.private(None) == Feed(newest=0)
    side.network.now = lambda: FixedClock().now().replace(year=2027)
    assert await side.engage.private(0) == Feed(newest=0)


async def test_more_than_a_page_is_read_to_its_beginning(side: Side):
    asha = side.network.add(a_person("Asha"))
    ids = [side.network.asks(asha, f"number {n}") for n in range(47)]

    feed = await side.engage.received(ids[0] - 1)

    assert [m.id for m in feed.messages] == ids


async def test_people_are_asked_for_once_and_known_by_their_address(side: Side):
    asha = side.network.add(a_person("Asha"))
    bare = side.network.add(a_person("Bo"), email=None)
    before = len(side.network.log)

    assert await side.engage.member(asha) == await side.engage.member(asha)
    assert len(side.network.log) - before == 1
    assert await side.engage.member(asha) == Member(
        id=asha, name="Asha", email="asha@example.gov.uk"
    )
    assert (await side.engage.member(bare)).email == "bo@example.gov.uk"
    with pytest.raises(Missing):
        await side.engage.member(1)


@pytest.mark.parametrize("field", [{"type": "bot"}, {"state": "suspended"}])
async def test_who_is_no_person_is_told(side: Side, field: dict[str, str]):
    other = side.network.add(a_person("Rob"), **field)

    assert not (await side.engage.member(other)).is_person


async def test_a_check_names_the_account(side: Side):
    assert await side.engage.check() == "Learning Service"


async def test_when_somebody_else_signs_in_we_are_somebody_else(side: Side):
    await side.engage.check()
    side.account.name, side.network.service = "other@x", side.network.add(a_person("Other"))

    assert await side.engage.check() == "Other"


async def test_a_token_that_is_not_accepted_is_renewed_once(side: Side):
    await side.engage.check()
    side.account.login.tokens.issued.clear()

    await side.engage.post("Again")

    assert len(side.account.made) == 2


async def test_an_account_that_is_not_accepted_at_all_has_to_be_signed_in(side: Side):
    side.network.fail_next(401, times=2)

    with pytest.raises(SignInNeeded, match="401 16"):
        await side.engage.check()


async def test_without_sign_in_nothing_is_asked_and_no_turn_taken(side: Side):
    side.account.is_signed_in = False

    with pytest.raises(SignInNeeded):
        await side.engage.post("x")

    assert (side.network.log, side.limit.reserved) == ([], 0)


async def test_a_refusal_for_asking_too_often_lasts_half_a_minute(side: Side):
    side.network.fail_next(429)

    with pytest.raises(Unavailable) as told:
        await side.engage.check()

    assert told.value.retry_after == 30


async def test_whoever_would_wait_long_for_their_turn_is_told_when_to_come_again(side: Side):
    side.limit.waits = [25.0]

    with pytest.raises(Unavailable) as told:
        await side.engage.post("x")

    assert told.value.retry_after == 25
    assert side.network.log == []


async def test_a_community_that_takes_nothing_from_us_refuses_for_good(side: Side):
    side.network.deny()

    with pytest.raises(Rejected, match="403"):
        await side.engage.post("x")


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("47691358209", 47691358209),
        (" 47691358209 ", 47691358209),
        ("eyJfdHlwZSI6Ikdyb3VwIiwiaWQiOiI0NzY5MTM1ODIwOSJ9", 47691358209),
    ],
)
def test_a_community_is_named_by_its_number_or_by_what_its_address_holds(value: str, number: int):
    assert community_number(value) == number


@pytest.mark.parametrize("value", ["", "all-company", "eyJ9", "W10=", "e30="])
def test_anything_else_names_no_community(value: str):
    with pytest.raises(WrongCommunity):
        community_number(value)


ME = Member(id=7, name="Learning Service")
TOLD = {
    "id": 100,
    "sender_id": 5,
    "replied_to_id": None,
    "created_at": "2026/05/18 07:00:00 +0000",
    "message_type": "update",
    "sender_type": "user",
    "group_id": COMMUNITY,
    "thread_id": 100,
    "privacy": "public",
    "notified_user_ids": [7],
    "body": {"parsed": "[[user:7]] what's on &amp; where", "plain": "@Learning Service what's on"},
}
PRIVATE = TOLD | {"privacy": "private", "group_id": None, "notified_user_ids": []}


def read(*references: object, **changes: object) -> Said:
    told = {"messages": [TOLD | changes], "references": list(references)}
    [said] = read_messages(told, ME, COMMUNITY)
    return said


def test_words_are_read_without_whom_they_mention():
    assert read().text == "what's on & where"
    assert read(body={"plain": "@Learning Service: book GM1"}).text == "book GM1"
    assert read(body={"parsed": "book GM1 cc: [[user:8]]", "plain": "book GM1 @Bo"}).text == (
        "book GM1"
    )
    assert read(body={}).text == ""


@pytest.mark.parametrize(
    ("changes", "is_addressed"),
    [
        ({}, True),
        ({"group_id": 1}, False),
        ({"body": {"parsed": "hello", "plain": "hello"}}, True),
        ({"body": {"plain": "hello"}, "replied_to_id": 99}, False),
        ({"body": {"plain": "hey @learning service"}, "replied_to_id": 99}, True),
        ({"body": {"plain": "hello"}, "notified_user_ids": []}, False),
        ({"body": {"plain": "hello all"}, "notified_user_ids": [7, 8, 9]}, False),
    ],
)
def test_a_public_message_is_for_us_where_it_names_us_in_the_community(
    changes: dict[str, object], is_addressed: bool
):
    assert read(**changes).is_addressed is is_addressed


TWO = {"type": "thread", "id": 100, "participants_count": 2}
THREE = {"type": "thread", "id": 100, "participants": [{"id": 5}, {"id": 7}, {"id": 8}]}
NAMED = {"type": "conversation", "id": 3, "participating_names": [{"id": 5}, {"id": 7}]}


@pytest.mark.parametrize(
    ("references", "changes", "is_alone", "is_addressed"),
    [
        ([TWO], {}, True, True),
        ([NAMED], {"conversation_id": 3}, True, True),
        ([THREE], {}, False, False),
        ([THREE], {"body": {"parsed": "[[user:7]] hi", "plain": ""}}, False, True),
        ([TWO], {"notified_user_ids": [8]}, False, False),
        ([], {}, False, True),
    ],
)
def test_a_private_message_is_for_one_alone_only_where_that_is_told(
    references: list[object], changes: dict[str, object], is_alone: bool, is_addressed: bool
):
    said = read(*references, **(PRIVATE | {"body": {"plain": "hi"}} | changes))

    assert (said.is_alone, said.is_addressed) == (is_alone, is_addressed)


@pytest.mark.parametrize(
    "changes",
    [{"sender_type": "bot"}, {"message_type": "system"}, {"system_message": True}],
)
def test_what_no_person_wrote_is_told(changes: dict[str, object]):
    assert not read(**changes).by_person


@pytest.mark.parametrize(
    "answer",
    [None, [], {}, {"messages": None}, {"messages": [1, {}, {"id": "x", "sender_id": 1}]}],
)
def test_nonsense_is_no_message(answer: object):
    assert read_messages(answer, ME, COMMUNITY) == []
