"""Which service addresses are Teams', which are this very machine, and tokens that come again."""

import json
from collections.abc import AsyncGenerator

import aiohttp
import pytest
import time_machine
from botbuilder.schema import Activity

from bot.activities import read_activity
from bot.authentication import (
    LEEWAY,
    ChannelAuthentication,
    Forbidden,
    LaptopAuthentication,
    ServiceHosts,
    SigningKeys,
    Unauthenticated,
    is_loopback,
)
from bot.connector import Connector, PooledConnectors
from config import CONNECTOR_HOSTS
from tests.support.activities import Activities, a_person
from tests.support.login import Login
from tests.support.now import seconds

SERVICE_URL = "http://127.0.0.1:9999/uk/"


@pytest.mark.parametrize(
    ("service_url", "is_allowed"),
    [
        ("https://smba.trafficmanager.net/uk/", True),
        ("https://SMBA.TrafficManager.NET/uk/", True),
        ("https://smba.trafficmanager.net:443/uk/", True),
        ("https://emea.ng.smba.trafficmanager.net/", True),
        ("https://smba.infra.gcc.teams.microsoft.com/teams", True),
        ("http://smba.trafficmanager.net/uk/", False),
        ("https://smba.trafficmanager.net.evil.example/", False),
        ("https://evilsmba.trafficmanager.net/", False),
        ("https://botframework.com/", False),
        ("https://smba.trafficmanager.net@evil.example/", False),
        ("https://me:too@smba.trafficmanager.net/", False),
        ("https://evil.example/?smba.trafficmanager.net", False),
        ("https:smba.trafficmanager.net", False),
        ("javascript:alert(1)", False),
        ("https://[smba.trafficmanager.net/", False),
        ("https://smba.trafficmanager.net:99999/", False),
        ("", False),
    ],
)
def test_only_the_connectors_own_hosts_are_answered(service_url: str, is_allowed: bool):
    assert ServiceHosts(CONNECTOR_HOSTS).allow(service_url) is is_allowed


@pytest.mark.parametrize(
    ("pattern", "service_url", "is_allowed"),
    [
        ("127.0.0.1", "http://127.0.0.1:3978/", True),
        ("127.0.0.1:3978", "http://127.0.0.1:3978/", True),
        ("127.0.0.1:3978", "http://127.0.0.1:3979/", False),
        ("*.example.org", "https://a.b.example.org/", True),
        ("*.example.org", "https://example.org/", False),
        ("intranet", "http://intranet/", False),
        (" Host.Example ", "https://host.example/", True),
        ("", "https://host.example/", False),
    ],
)
def test_hosts_of_ones_own_may_be_named(pattern: str, service_url: str, is_allowed: bool):
    assert ServiceHosts([pattern]).allow(service_url) is is_allowed


@pytest.mark.parametrize(
    ("host", "is_this_machine"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("127.evil.example.org", False),
        ("localhost.example.org", False),
        ("128.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 -- asked about, not listened on
        ("", False),
    ],
)
def test_this_machine_is_known_by_its_addresses_not_by_how_a_name_begins(
    host: str, is_this_machine: bool
):
    assert is_loopback(host) is is_this_machine


@pytest.mark.parametrize(
    "service_url", ["http://127.evil.example.org/", "https://smba.trafficmanager.net/", ""]
)
async def test_a_laptop_answers_nobody_but_itself(service_url: str):
    connectors = PooledConnectors(Connector(None, None))  # pyright: ignore[reportArgumentType] -- nothing is sent

    with pytest.raises(Forbidden):
        await LaptopAuthentication(connectors).authenticate_request(
            Activity(type="message", service_url=service_url), ""
        )


# --- tokens seen before ----------------------------------------------------------------------


@pytest.fixture
async def channel() -> AsyncGenerator[tuple[Login, ChannelAuthentication]]:
    async with Login() as login, aiohttp.ClientSession() as http:
        keys = SigningKeys(http, login.bot_metadata_url)
        connectors = PooledConnectors(Connector(http, None))
        hosts = ServiceHosts(["127.0.0.1"])
        yield (
            login,
            ChannelAuthentication(
                keys, connectors, app_id=login.app_id, tenant_id=login.tenant, hosts=hosts
            ),
        )


def an_activity(login: Login) -> Activity:
    made = Activities(app_id=login.app_id, tenant=login.tenant, service_url=SERVICE_URL)
    return read_activity(json.dumps(made.message("help", a_person("Asha"))).encode())


async def test_a_token_seen_before_is_refused_when_it_has_run_out(
    channel: tuple[Login, ChannelAuthentication],
):
    login, authentication = channel
    claims = {"exp": seconds() - LEEWAY + 2}
    token = "Bearer " + login.channel_token(login.app_id, SERVICE_URL, **claims)
    await authentication.authenticate_request(an_activity(login), token)

    with time_machine.travel(seconds() + 3), pytest.raises(Unauthenticated, match="Expired"):
        await authentication.authenticate_request(an_activity(login), token)


async def test_a_token_seen_before_is_refused_when_its_key_is_withdrawn(
    channel: tuple[Login, ChannelAuthentication], monkeypatch: pytest.MonkeyPatch
):
    login, authentication = channel
    token = "Bearer " + login.channel_token(login.app_id, SERVICE_URL)
    await authentication.authenticate_request(an_activity(login), token)

    login.rotate(keep=0)
    monkeypatch.setattr("bot.authentication.KEYS_LAST", -1)

    with pytest.raises(Unauthenticated, match="unknown signing key"):
        await authentication.authenticate_request(an_activity(login), token)


async def test_a_token_seen_before_speaks_for_no_other_service_or_channel(
    channel: tuple[Login, ChannelAuthentication],
):
    login, authentication = channel
    token = "Bearer " + login.channel_token(login.app_id, SERVICE_URL)
    await authentication.authenticate_request(an_activity(login), token)

    for other in ({"service_url": "http://127.0.0.1:9/"}, {"channel_id": "slack"}):
        activity = an_activity(login)
        for name, value in other.items():
            setattr(activity, name, value)
        with pytest.raises(Unauthenticated):
            await authentication.authenticate_request(activity, token)
