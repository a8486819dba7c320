"""That Microsoft's own client finds the Graph stand-in to be Graph."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from azure.core.credentials import AccessToken
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_authentication_azure.azure_identity_authentication_provider import (
    AzureIdentityAuthenticationProvider,
)
from msgraph.generated.models.attendee import Attendee
from msgraph.generated.models.attendee_type import AttendeeType
from msgraph.generated.models.body_type import BodyType
from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
from msgraph.generated.models.email_address import EmailAddress
from msgraph.generated.models.event import Event
from msgraph.generated.models.item_body import ItemBody
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.online_meeting_provider_type import OnlineMeetingProviderType
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph.graph_service_client import GraphServiceClient
from msgraph_core import GraphClientFactory
from yarl import URL

from tests.support.graph import ORGANISER, Graph
from tests.support.login import APP_ID, TENANT, Login
from tests.support.now import seconds
from tests.support.tokens import GRAPH


@dataclass
class Credential:
    token: str

    def get_token(self, *_: str, **__: Any) -> AccessToken:
        return AccessToken(self.token, seconds() + 3600)


@pytest.fixture
async def login() -> AsyncIterator[Login]:
    async with Login() as login:
        yield login


@pytest.fixture
async def graph(login: Login) -> AsyncIterator[Graph]:
    async with Graph(login) as graph:
        yield graph


@asynccontextmanager
async def client_of(graph: Graph, login: Login) -> AsyncGenerator[GraphServiceClient, None]:
    url = URL(graph.base_url)
    provider = AzureIdentityAuthenticationProvider(
        Credential(login.tokens.issue(GRAPH, tenant=TENANT, client_id=APP_ID).token),
        scopes=[GRAPH],
        allowed_hosts=[f"{url.host}", f"{url.host}:{url.port}"],
    )
    # The SDK's own transport never closes the one below it, so that one is ours to close.
    async with httpx.AsyncHTTPTransport() as wire:
        plain = httpx.AsyncClient(transport=wire)
        http = GraphClientFactory.create_with_default_middleware(client=plain)
        adapter = GraphRequestAdapter(provider, http)
        adapter.base_url = graph.base_url
        yield GraphServiceClient(request_adapter=adapter)


def an_event() -> Event:
    return Event(
        subject="Resilience",
        body=ItemBody(content_type=BodyType.Html, content="<p>Come along.</p>"),
        start=DateTimeTimeZone(date_time="2026-05-18T10:00:00", time_zone="Europe/London"),
        end=DateTimeTimeZone(date_time="2026-05-18T11:00:00", time_zone="Europe/London"),
        attendees=[
            Attendee(
                email_address=EmailAddress(address="asha@example.gov.uk"),
                type=AttendeeType.Required,
            )
        ],
        is_online_meeting=True,
        online_meeting_provider=OnlineMeetingProviderType.TeamsForBusiness,
        hide_attendees=True,
        transaction_id="lw-GM1-v1",
    )


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_the_sdk_makes_an_event_once(graph: Graph, login: Login):
    config: RequestConfiguration[Any] = RequestConfiguration()
    config.headers.add("Prefer", 'IdType="ImmutableId"')

    async with client_of(graph, login) as client:
        events = client.users.by_user_id(ORGANISER.email).events
        made = await events.post(an_event(), request_configuration=config)
        with pytest.raises(ODataError) as refused:
            await events.post(an_event(), request_configuration=config)

    assert made is not None
    assert made.online_meeting is not None
    assert made.online_meeting.join_url == graph.event_of("Resilience").join_url
    assert refused.value.error is not None
    assert refused.value.error.code == "ErrorDuplicateTransactionId"
    assert refused.value.error.additional_data["@event.existingEventId"] == made.id
    assert [each.method for each in graph.log] == ["POST", "POST"]
    assert graph.faults == []
