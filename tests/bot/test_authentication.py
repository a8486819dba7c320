"""Which service addresses are Teams', and which are this very machine."""

import pytest
from botbuilder.schema import Activity

from bot.authentication import Forbidden, LaptopAuthentication, ServiceHosts, is_loopback
from bot.connector import Connector, PooledConnectors
from config import CONNECTOR_HOSTS


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
