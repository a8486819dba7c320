"""Zoom, spoken to as it wants to be."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from integrations.circuits import Circuit, State
from integrations.zoom import LIGHT, RATES, ScopesMissing, Spacing, Zoom
from integrations.zoom_tokens import SignInRefused, ZoomApp, ZoomTokens
from learning.people import Person, PersonId
from learning.sessions import EditionId, Format, Session, SessionId
from services.ports.systems import Missing, Rejected, Unavailable
from services.ports.zoom import MeetingVanished, NotToday, Participant, Registration
from tests.support import zoom as stand_in
from tests.support.builders import WEDNESDAY, details
from tests.support.clocks import FixedClock
from tests.support.troubles import DROPPED
from tests.support.zoom import ACCOUNT_ID, CLIENT_ID, HOST, SECRET

MARK = "learnweek-1"
FAST = dict.fromkeys(RATES, 10_000.0)
TALK = Session(
    id=SessionId(1),
    edition_id=EditionId(1),
    details=details(format=Format.ZOOM, summary="About habits. " * 200),
)
ASHA = Person(id=PersonId("asha"), name="Rao, Asha", email="asha@example.gov.uk")


@dataclass(slots=True)
class Hands:
    """A steady clock that goes when it is told to."""

    at: float = 1000.0

    def __call__(self) -> float:
        return self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Zoom as it plays, and ours that talks to it."""

    plays: stand_in.Zoom
    zoom: Zoom
    http: aiohttp.ClientSession
    circuit: Circuit
    hands: Hands

    def app(self, **others: str) -> ZoomApp:
        usual = ZoomApp(
            token_url=f"{self.plays.url}/oauth/token",
            account_id=ACCOUNT_ID,
            client_id=CLIENT_ID,
            client_secret=SECRET,
        )
        return dataclasses.replace(usual, **others)

    def with_app(self, host: str = HOST, base_url: str = "", **others: str) -> Zoom:
        base_url = base_url or f"{self.plays.url}/v2"
        circuit = Circuit("Zoom", FixedClock())
        return Zoom(
            self.http, base_url, self.app(**others), circuit, self.hands, host=host, rates=FAST
        )


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    async with stand_in.Zoom() as plays, aiohttp.ClientSession() as http:
        circuit, hands = Circuit("Zoom", FixedClock()), Hands()
        app = ZoomApp(
            token_url=f"{plays.url}/oauth/token",
            account_id=ACCOUNT_ID,
            client_id=CLIENT_ID,
            client_secret=SECRET,
        )
        zoom = Zoom(http, f"{plays.url}/v2", app, circuit, hands, host=HOST, rates=FAST)
        yield Account(plays=plays, zoom=zoom, http=http, circuit=circuit, hands=hands)


# --- tokens ------------------------------------------------------------------------------------


async def test_a_token_is_kept_until_shortly_before_its_end(account: Account):
    for _ in range(3):
        await account.zoom.find(MARK)
    kept = account.plays.tokens_made
    account.hands.at += 3500
    await account.zoom.find(MARK)
    later = account.plays.tokens_made
    account.hands.at += 100
    await account.zoom.find(MARK)

    assert (kept, later, account.plays.tokens_made) == (1, 1, 2)


async def test_many_who_wait_for_a_token_fetch_one(account: Account):
    tokens = ZoomTokens(account.http, account.app(), account.hands)

    got = await asyncio.gather(*(tokens() for _ in range(20)))

    assert (set(got), account.plays.tokens_made) == ({"token-1"}, 1)


async def test_a_token_that_is_refused_is_replaced_for_all_who_had_it(account: Account):
    await account.zoom.find(MARK)
    account.plays.expire()

    await asyncio.gather(*(account.zoom.find(MARK) for _ in range(5)))

    assert account.plays.tokens_made == 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"client_secret": "wrong"}, "Zoom sign-in: 400 invalid_client"),
        ({"account_id": "wrong"}, "Zoom sign-in: 400 invalid_request"),
    ],
)
async def test_wrong_credentials_are_told_apart_and_never_quoted(
    account: Account, wrong: dict[str, str], words: str
):
    with pytest.raises(SignInRefused) as told:
        await account.with_app(**wrong).find(MARK)

    assert str(told.value) == words
    assert SECRET not in repr(account.app())


@pytest.mark.parametrize("status", [429, 500, 503, DROPPED])
async def test_a_sign_in_that_fails_for_now_is_tried_again(account: Account, status: int):
    account.plays.fail_next(status, where="token")

    with pytest.raises(Unavailable):
        await account.zoom.find(MARK)

    assert await account.zoom.find(MARK) == ""


# --- meetings ----------------------------------------------------------------------------------


async def test_a_meeting_is_made_as_zoom_wants_it(account: Account):
    meeting_id = await account.zoom.create(TALK, MARK)

    [meeting] = account.plays.meetings
    assert meeting_id == str(meeting.id)
    assert meeting.data == {
        "topic": "Session GM1",
        "type": 2,
        "start_time": "2026-05-20T09:00:00Z",
        "timezone": "Europe/London",
        "duration": 60,
        "agenda": f"{MARK}\n{TALK.details.summary}"[:2000].rstrip(),
        "settings": {
            "approval_type": 0,
            "registration_type": 1,
            "waiting_room": True,
            "join_before_host": False,
            "mute_upon_entry": True,
            "auto_recording": "none",
        },
    }


async def test_a_meeting_is_found_by_its_mark_on_any_page(account: Account):
    account.plays.most_rows = 2
    ids = [await account.zoom.create(TALK, f"learnweek-{n}-") for n in range(5)]

    found = [await account.zoom.find(f"learnweek-{n}-") for n in (0, 4, 9)]

    assert found == [ids[0], ids[4], ""]


async def test_a_meeting_follows_its_session_and_keeps_what_the_host_set(account: Account):
    meeting_id = await account.zoom.create(TALK, MARK)
    moved = dataclasses.replace(
        TALK,
        details=details(
            title="T" * 300,
            starts_at=WEDNESDAY + timedelta(hours=1),
            ends_at=WEDNESDAY + timedelta(minutes=90, seconds=1),
        ),
    )

    await account.zoom.change(meeting_id, moved, MARK)

    [meeting] = account.plays.meetings
    assert (meeting.topic, meeting.data["duration"]) == ("T" * 200, 31)
    assert meeting.starts == WEDNESDAY + timedelta(hours=1)
    assert await account.zoom.find(MARK) == meeting_id
    assert "settings" not in account.plays.log[1].body


async def test_a_meeting_is_removed_once_and_who_had_mail_of_it_is_told(account: Account):
    meeting_id = await account.zoom.create(TALK, MARK)

    await account.zoom.remove(meeting_id)
    await account.zoom.remove(meeting_id)

    assert account.plays.meetings == []
    assert account.plays.all[int(meeting_id)].told_by_mail


async def test_a_meeting_that_somebody_deleted_is_missed(account: Account):
    meeting_id = await account.zoom.create(TALK, MARK)
    await account.zoom.remove(meeting_id)

    for ask in (
        account.zoom.change(meeting_id, TALK, MARK),
        account.zoom.register(meeting_id, ASHA),
        account.zoom.registrations(meeting_id),
    ):
        with pytest.raises(MeetingVanished, match="Zoom: 404 3001"):
            await ask


# --- registrants -------------------------------------------------------------------------------


async def test_who_is_registered_gets_a_link_of_their_own(account: Account):
    meeting_id = await account.zoom.create(TALK, MARK)
    bo = Person(id=PersonId("bo"), email="bo@example.gov.uk")

    first = await account.zoom.register(meeting_id, ASHA)
    second = await account.zoom.register(meeting_id, bo)

    assert first.join_url != second.join_url
    assert list(await account.zoom.registrations(meeting_id)) == [first, second]
    names = [(r.first_name, r.last_name) for r in account.plays.meetings[0].approved.values()]
    assert names == [("Asha", "Rao"), ("bo", "")]


async def test_a_registration_is_cancelled_once(account: Account):
    meeting_id = await account.zoom.create(TALK, MARK)
    got = await account.zoom.register(meeting_id, ASHA)

    for _ in range(2):
        await account.zoom.unregister(meeting_id, got)
    unknown = Registration(registrant_id="not there", email="", join_url="")
    await account.zoom.unregister(meeting_id, unknown)

    assert await account.zoom.registrations(meeting_id) == []


async def test_more_than_a_day_allows_can_wait_while_other_things_go_on(account: Account):
    meeting_id = await account.zoom.create(TALK, MARK)
    for _ in range(3):
        await account.zoom.register(meeting_id, ASHA)

    with pytest.raises(NotToday) as told:
        await account.zoom.register(meeting_id, ASHA)

    assert told.value.retry_after == 3600
    assert account.circuit.state is State.CLOSED
    assert await account.zoom.find(MARK) == meeting_id


async def test_who_asks_too_fast_is_left_alone_for_a_while(account: Account):
    words = "You have reached the maximum per-second rate limit for this API."
    account.plays.fail_next(429, where="/users/", body={"code": 429, "message": words})

    with pytest.raises(Unavailable, match="Zoom: 429 429") as told:
        await account.zoom.find(MARK)

    assert (told.value.retry_after, account.circuit.state) == (30, State.OPEN)


# --- reports -----------------------------------------------------------------------------------


async def test_a_report_is_read_whole_with_a_row_for_each_time(account: Account):
    account.plays.most_rows = 2
    meeting_id = await account.zoom.create(TALK, MARK)
    meeting = account.plays.meetings[0]
    ten = datetime(2026, 5, 20, 9, tzinfo=UTC)
    eleven = ten + timedelta(hours=1)
    for number in range(3):
        meeting.row("Asha Rao", ten, eleven, email=ASHA.email, registrant=f"r{number}")
    meeting.row("Guest", ten, eleven, email="guest@elsewhere.example")
    assert meeting.rows is not None
    meeting.rows.append({"name": "still there", "join_time": "2026-05-20T09:00:00Z"})

    there = await account.zoom.participants(meeting_id)

    assert [(p.registrant_id, p.name, p.email) for p in there] == [
        ("r0", "Asha Rao", ASHA.email),
        ("r1", "Asha Rao", ASHA.email),
        ("r2", "Asha Rao", ASHA.email),
        ("", "Guest", ""),
    ]
    assert there[0] == Participant(
        registrant_id="r0", name="Asha Rao", email=ASHA.email, joined_at=ten, left_at=eleven
    )


@pytest.mark.parametrize(
    "uuid", ["4444AAAiAAAAAiAiAiiAii==", "/ajXp112QmuoKj4854875==", "a//b+c==", "a/b=="]
)
async def test_a_report_is_found_by_any_uuid(account: Account, uuid: str):
    account.plays.uuids = [uuid]
    await account.zoom.create(TALK, MARK)
    account.plays.meetings[0].row("Asha Rao", WEDNESDAY, WEDNESDAY, registrant="r1")

    assert [p.registrant_id for p in await account.zoom.participants(uuid)] == ["r1"]


async def test_a_report_that_is_not_there_yet_is_missing(account: Account):
    with pytest.raises(Missing):
        await account.zoom.participants(await account.zoom.create(TALK, MARK))


# --- looking whether it works ------------------------------------------------------------------


async def test_a_check_tells_apart_what_may_be_wrong(account: Account):
    await account.zoom.check()
    with pytest.raises(SignInRefused):
        await account.with_app(client_secret="wrong").check()
    with pytest.raises(Missing, match="Zoom: 404 1001"):
        await account.with_app(host="nobody@example.gov.uk").check()
    with pytest.raises(Unavailable):
        await account.with_app(base_url="http://127.0.0.1:9/v2").check()
    with pytest.raises(Unavailable):
        await account.with_app(token_url="http://127.0.0.1:9/oauth/token").check()
    account.plays.scopes = ["meeting:read:admin", "meeting:write:meeting:admin"]
    with pytest.raises(ScopesMissing) as told:
        await account.with_app().check()
    assert told.value.scopes[:2] == ("meeting:update:meeting:admin", "meeting:delete:meeting:admin")
    assert "meeting:read:list_meetings:admin" not in told.value.scopes


async def test_the_scopes_of_an_older_app_will_do(account: Account):
    account.plays.scopes = ["meeting:read:admin", "meeting:write:admin", "report:read:admin"]

    await account.with_app().check()


async def test_what_a_scope_is_missing_for_is_refused(account: Account):
    account.plays.scopes = ["meeting:read:admin"]

    with pytest.raises(Rejected, match="Zoom: 400 4711"):
        await account.zoom.create(TALK, MARK)


# --- spacing -----------------------------------------------------------------------------------


async def test_turns_keep_a_distance(monkeypatch: pytest.MonkeyPatch):
    hands, waits = Hands(), list[float]()

    async def sleep(seconds: float) -> None:
        waits.append(round(seconds, 3))

    monkeypatch.setattr("integrations.zoom.asyncio.sleep", sleep)
    spacing = Spacing(10, hands)

    for _ in range(3):
        await spacing.turn()
    hands.at += 5
    await spacing.turn()

    assert waits == [0.1, 0.2]


def test_no_label_takes_more_than_half_of_what_a_small_account_has():
    assert RATES[LIGHT] <= 15
    assert max(RATES.values()) == RATES[LIGHT]
