"""Whoever is not Teams, or not allowed to, is turned away, and nothing comes of it."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from cryptography.hazmat.primitives import serialization

from bot import authentication
from store.tables import metadata
from tests.scenarios.world import ASHA, ORGA, PEOPLE, World, a_world
from tests.support.activities import Activity
from tests.support.connector import Connector
from tests.support.databases import read_sql
from tests.support.login import BOT_ISSUER, Login
from tests.support.now import seconds
from tests.support.product import running, settings_for
from tests.support.teams import Teams
from tests.support.troubles import FOREVER

shared = pytest.mark.asyncio(loop_scope="module")
MINUTE = 60


# --- forged tokens -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Forger:
    """Somebody who knows all that is public, and speaks to the bot as if they were Teams."""

    login: Login
    service_url: str

    def claims(self, **changes: Any) -> dict[str, Any]:
        now = seconds()
        right = {
            "iss": BOT_ISSUER,
            "aud": self.login.app_id,
            "serviceurl": self.service_url,
            "nbf": now - MINUTE,
            "exp": now + 60 * MINUTE,
        }
        return right | changes

    def signed(self, **changes: Any) -> str:
        return self.login.sign(self.claims(**changes))

    def with_public_key_as_secret(self) -> str:
        """HS256, keyed with what everybody can download."""
        public = self.login.key.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        header = {"alg": "HS256", "typ": "JWT", "kid": self.login.key.id}
        signed = b".".join(_part(json.dumps(part).encode()) for part in (header, self.claims()))
        return (signed + b"." + _part(hmac.digest(public, signed, hashlib.sha256))).decode()

    def with_own_key(self, **headers: Any) -> str:
        """Signed with a key that the token itself brings along."""
        return self.login.sign(
            self.claims(), key=self.login.stranger, headers={"kid": "mine", **headers}
        )

    def changed_after_signing(self) -> str:
        header, _, signature = self.signed().split(".")
        claims = _part(json.dumps(self.claims(aud="somebody else")).encode()).decode()
        return f"{header}.{claims}.{signature}"


def _part(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


FORGERIES: dict[str, Callable[[Forger], str]] = {
    "nothing": lambda f: "",
    "not bearer": lambda f: "Basic bGVhcm46d2Vlaw==",
    "bearer of nothing": lambda f: "Bearer ",
    "not a token": lambda f: "Bearer abc.def",
    "three parts of nothing": lambda f: "Bearer ..",
    "alg none": lambda f: "Bearer " + f.login.sign(f.claims(), algorithm="none"),
    "HS256 with the public key": lambda f: "Bearer " + f.with_public_key_as_secret(),
    "HS256 with no key": lambda f: "Bearer " + f.login.sign(f.claims(), key=b"", algorithm="HS256"),
    "RS512": lambda f: "Bearer " + f.login.sign(f.claims(), algorithm="RS512"),
    "PS256": lambda f: "Bearer " + f.login.sign(f.claims(), algorithm="PS256"),
    "changed after signing": lambda f: "Bearer " + f.changed_after_signing(),
    "unknown kid": lambda f: "Bearer " + f.login.sign(f.claims(), key=f.login.stranger),
    "their own key beside it": lambda f: "Bearer " + f.with_own_key(jwk=f.login.stranger.public()),
    "their own key to be fetched": lambda f: "Bearer " + f.with_own_key(jku=f"{f.login.url}/keys"),
    "no kid": lambda f: "Bearer " + f.login.sign(f.claims(), headers={"kid": None}),
    "kid of ours, key of theirs": lambda f: (
        "Bearer " + f.login.sign(f.claims(), key=f.login.stranger, headers={"kid": f.login.key.id})
    ),
    "another issuer": lambda f: "Bearer " + f.signed(iss="https://sts.windows.net/evil/"),
    "no issuer": lambda f: "Bearer " + f.signed(iss=None),
    "another audience": lambda f: "Bearer " + f.signed(aud="another-bot"),
    "an audience of many, without us": lambda f: "Bearer " + f.signed(aud=["a", "b"]),
    "no audience": lambda f: "Bearer " + f.signed(aud=None),
    "expired": lambda f: "Bearer " + f.signed(exp=seconds() - 6 * MINUTE),
    "not yet valid": lambda f: "Bearer " + f.signed(nbf=seconds() + 6 * MINUTE),
    "issued in the future": lambda f: "Bearer " + f.signed(iat=seconds() + 6 * MINUTE),
    "without an end": lambda f: "Bearer " + f.signed(exp=None),
    "an end that is no time": lambda f: "Bearer " + f.signed(exp="tomorrow"),
    "for another service": lambda f: "Bearer " + f.signed(serviceurl="https://evil.example.org/"),
    "with no claims at all": lambda f: "Bearer " + f.login.sign({}),
    "for no service": lambda f: "Bearer " + f.signed(serviceurl=None),
    "for the service without its slash": lambda f: (
        "Bearer " + f.signed(serviceurl=f.service_url.rstrip("/"))
    ),
}


@shared
@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
async def test_a_forged_token_is_refused_and_nothing_comes_of_it(
    town: World, forge: Callable[[Forger], str]
):
    header = forge(Forger(town.login, town.connector.service_url))
    before = await traces(town)

    answer = await town.teams.post(a_booking(town), token=None, headers=authorization(header))

    assert answer.status == 401
    assert await traces(town) == before


@shared
async def test_the_clocks_of_teams_and_the_bot_may_differ_by_five_minutes(town: World):
    forger = Forger(town.login, town.connector.service_url)
    someone = await town.newcomer()

    for token in (
        forger.signed(exp=seconds() - 4 * MINUTE),
        forger.signed(nbf=seconds() + 4 * MINUTE),
    ):
        activity = town.teams.activities.message("help", someone)
        assert (await town.teams.post(activity, token=token)).status == 201


async def test_a_key_that_speaks_for_another_channel_is_refused(world: World, keys_at_once: None):
    key = world.login.rotate()
    world.login.keys[-1] = key.endorsed("webchat")
    before = await traces(world)

    answer = await world.teams.post(a_booking(world))

    assert answer.status == 401
    assert await traces(world) == before


@shared
async def test_an_activity_of_another_channel_is_refused(town: World):
    before = await traces(town)

    answer = await town.teams.post(a_booking(town) | {"channelId": "webchat"})

    assert answer.status == 401
    assert await traces(town) == before


# --- the keys of the channel -------------------------------------------------------------------


@pytest.fixture
def keys_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown key is looked up at once, and not only every few minutes."""
    monkeypatch.setattr(authentication, "KEYS_REST", -1.0)


async def test_a_new_key_of_the_channel_is_picked_up(world: World, keys_at_once: None):
    world.login.rotate(keep=0)

    assert (await world.teams.say(ASHA, "help")).status == 201


async def test_an_unknown_key_is_looked_up_only_every_few_minutes(world: World):
    before = world.login.counts["bot_keys"]
    forger = Forger(world.login, world.connector.service_url)
    token = world.login.sign(forger.claims(), key=world.login.stranger)

    for _ in range(5):
        await world.teams.post(a_booking(world), token=token)

    assert world.login.counts["bot_keys"] == before


async def test_while_the_login_host_is_down_new_keys_are_refused_and_old_ones_still_good(
    world: World, keys_at_once: None
):
    old = world.login.channel_token(world.login.app_id, world.connector.service_url)
    world.login.rotate(keep=1)
    world.login.fail_next(503, endpoint="bot_metadata", times=2)

    with_old = await world.teams.post(a_booking(world), token=old)
    with_new = [(await world.teams.say(ASHA, "help")).status for _ in range(3)]

    assert with_old.status == 200
    assert with_new == [401, 401, 201]


@pytest.mark.parametrize(
    ("endpoint", "status", "body"),
    [
        ("bot_metadata", 503, None),
        ("bot_metadata", 0, None),
        ("bot_metadata", 200, "<html>a captive portal</html>"),
        ("bot_metadata", 200, {"issuer": "nobody"}),
        ("bot_metadata", 200, {"jwks_uri": 7}),
        ("bot_keys", 500, None),
        ("bot_keys", 200, {"keys": "none"}),
        ("bot_keys", 200, {"keys": [{"kty": "RSA", "kid": "broken", "n": "!", "e": "AQAB"}]}),
        ("bot_keys", 200, {"keys": [{"kty": "RSA", "kid": "half"}]}),
        ("bot_keys", 200, {"keys": [7]}),
    ],
)
async def test_a_bot_that_started_without_keys_refuses_until_it_has_them(
    story_database: str, endpoint: str, status: int, body: Any
):
    async with Login() as login, Connector(login, PEOPLE) as connector:
        login.fail_next(status, endpoint=endpoint, times=FOREVER, body=body)
        async with (
            running(settings_for(story_database, login)) as bot,
            Teams(bot.bot_url, connector, login) as teams,
        ):
            refused = await teams.say(ASHA, "help")
            ready = await status_of(f"{bot.url}/readyz")
            login.heal()
            answered = await teams.say(ASHA, "help")
            ready_again = await status_of(f"{bot.url}/readyz")

    assert (refused.status, ready) == (401, 503)
    assert (answered.status, ready_again) == (201, 200)


async def test_one_broken_key_among_the_channels_keys_hides_no_other(story_database: str):
    async with Login() as login, Connector(login, PEOPLE) as connector:
        broken = {"kty": "RSA", "kid": "broken", "n": "!", "e": "AQAB"}
        keys = [broken, {"kty": "EC", "kid": "other"}, *(key.public() for key in login.keys)]
        login.fail_next(200, endpoint="bot_keys", times=FOREVER, body={"keys": keys})
        async with (
            running(settings_for(story_database, login)) as bot,
            Teams(bot.bot_url, connector, login) as teams,
        ):
            assert (await teams.say(ASHA, "help")).status == 201


# --- signed, but not for us --------------------------------------------------------------------


@shared
@pytest.mark.parametrize("tenant", ["11111111-2222-3333-4444-555555555555", "", None])
async def test_an_activity_of_another_tenant_is_refused(town: World, tenant: str | None):
    activity = a_booking(town)
    activity["conversation"] |= {"tenantId": tenant}
    activity["channelData"] = {"tenant": {"id": tenant}}
    before = await traces(town)

    answer = await town.teams.post(activity)

    assert answer.status == 403
    assert await traces(town) == before


@shared
@pytest.mark.parametrize(
    "service_url",
    [
        "https://evil.example.org/",
        "https://127.0.0.1.evil.example.org/",
        "https://127.0.0.1@evil.example.org/",
        "https://teams:secret@127.0.0.1/",
        "http://teams@127.0.0.1/",
        "http://smba.trafficmanager.net/uk/",
        "http://127.evil.example.org/",
        "https://evil.example.org/https://smba.trafficmanager.net/",
        "https://smba.trafficmanager.net.evil.example.org/",
        "https://evil.example.org#smba.trafficmanager.net",
        "https://evil.example.org\\smba.trafficmanager.net",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "//127.0.0.1/",
        "https://[::1",
        "https://127.0.0.1:port/",
        "https://",
        " ",
    ],
)
async def test_nothing_is_sent_to_a_service_that_is_not_teams(town: World, service_url: str):
    before = await traces(town)

    answer = await town.teams.post(a_booking(town) | {"serviceUrl": service_url})

    assert answer.status == 403
    assert await traces(town) == before


# --- what is no activity -----------------------------------------------------------------------


@shared
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"null", 400),
        (b"[]", 400),
        (b'"text"', 400),
        (b"{}", 400),
        (b'{"type": 7}', 400),
        (b'{"type": "message"}', 400),
        (b"\xff\xfe\x00", 400),
        (b"[" * 100_000, 400),
        (b'{"type":' * 50_000, 400),
        (b'{"type": "message", "text": "' + b"x" * 1_000_000 + b'"}', 413),
    ],
    ids=lambda value: str(value)[:30],
)
async def test_a_body_that_is_no_activity_is_the_senders_fault(
    town: World, body: bytes, status: int
):
    async with aiohttp.ClientSession() as http:
        answer = await http.post(
            town.bot.bot_url, data=body, headers={"Content-Type": "application/json"}
        )

    assert answer.status == status


@shared
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_a_body_that_is_not_json_is_not_read(town: World, kind: str):
    async with aiohttp.ClientSession() as http:
        answer = await http.post(town.bot.bot_url, data=b"{}", headers={"Content-Type": kind})

    assert answer.status == 415


@shared
@pytest.mark.parametrize("missing", ["type", "from", "conversation", "serviceUrl", "channelId"])
async def test_an_activity_without_its_address_is_refused(town: World, missing: str):
    activity = a_booking(town)
    del activity[missing]

    assert (await town.teams.post(activity, token="whatever")).status == 400


# --- what only organisers may ------------------------------------------------------------------


async def test_members_of_the_organisers_group_may_organise(story_database: str):
    async with a_world(story_database, organisers="", organisers_group="the-team") as world:
        world.graph.directory.add_group("the-team", [ORGA])

        by_member = await world.teams.say(ORGA, "cancel session GM1")
        by_other = await world.teams.say(ASHA, "cancel session GM1")

    assert "Cancel this session?" in by_member.read
    assert "Only organisers can do that" in by_other.read


async def test_while_graph_is_down_nobody_becomes_an_organiser(story_database: str):
    async with a_world(story_database, organisers="", organisers_group="the-team") as world:
        world.graph.directory.add_group("the-team", [ORGA])
        world.graph.fail_next(503, path_contains="checkMemberGroups")

        said = await world.teams.say(ORGA, "cancel session GM1")
        said_again = await world.teams.say(ORGA, "cancel session GM1")

    assert "Only organisers can do that" in said.read
    assert "Cancel this session?" in said_again.read


# --- how these come about ----------------------------------------------------------------------


def a_booking(world: World) -> Activity:
    return world.teams.activities.invoke("session.book", {"session": 1}, ASHA)


def authorization(header: str) -> dict[str, str]:
    return {"Authorization": header} if header else {}


async def traces(world: World) -> dict[str, Any]:
    """All that could have come of a request: what is stored, and calls to Graph and to Teams."""
    database = world.bot.core.database
    rows = {
        table: await read_sql(database, f"SELECT * FROM {table}")  # noqa: S608 -- our own tables
        for table in metadata.tables
    }
    return rows | {"calls": world.connector.counts.total(), "graph": len(world.graph.log)}


async def status_of(url: str) -> int:
    async with aiohttp.ClientSession() as http, http.get(url) as answer:
        return answer.status
