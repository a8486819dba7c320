"""Microsoft Graph: its client, loaded when needed, and what its refusals mean."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from integrations.circuits import Circuit
from services.ports.systems import Conflict, EventVanished, Rejected, Unavailable

if TYPE_CHECKING:
    from msgraph.graph_service_client import GraphServiceClient

TIMEOUT = 30.0
IMMUTABLE = 'IdType="ImmutableId"'
PASSING = frozenset({408, 409, 412, 423, 429, 500, 502, 503, 504})


Token = Callable[[], Awaitable[str]]
T = TypeVar("T")


class Graph:
    """The SDK's client, loaded in a thread when first needed: its models take over a second."""

    def __init__(self, base_url: str, token: Token) -> None:
        self._base_url = base_url.rstrip("/")
        self._token = token
        self._client: GraphServiceClient | None = None
        self._lock = asyncio.Lock()
        self._http: Any = None

    async def client(self) -> GraphServiceClient:
        async with self._lock:
            client = self._client
            if client is None:
                client, self._http = await asyncio.to_thread(_connect, self._base_url, self._token)
                self._client = client
            return client

    async def call(self, ask: Callable[[GraphServiceClient], Awaitable[T]]) -> T:
        """Make one request. Raises Unavailable, EventVanished for a 404, or Rejected."""
        client = await self.client()
        import httpx
        from kiota_abstractions.api_error import APIError

        try:
            async with asyncio.timeout(TIMEOUT):
                return await ask(client)
        except APIError as error:
            raise _failure(error) from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise Unavailable(f"Graph: {type(error).__name__}") from error

    def behind(self, circuit: Circuit) -> Guarded:
        """The same client for one of Graph's services, left alone while that one fails."""
        return Guarded(self, circuit)

    async def close(self) -> None:
        if self._http is not None:
            await self._http.aclose()


class Guarded:
    """Graph, as one of its services is asked through a circuit of its own."""

    def __init__(self, graph: Graph, circuit: Circuit) -> None:
        self._graph = graph
        self._circuit = circuit

    async def call(self, ask: Callable[[GraphServiceClient], Awaitable[T]]) -> T:
        """Make one request. Raises Unavailable, EventVanished for a 404, or Rejected."""
        return await self._circuit.call(lambda: self._graph.call(ask))


def options(query: Any = None, *, calendar: bool = True) -> Any:
    """No retries below us: the outbox has its own, which outlive a restart."""
    from kiota_abstractions.base_request_configuration import RequestConfiguration
    from kiota_abstractions.headers_collection import HeadersCollection
    from kiota_http.middleware.options import RetryHandlerOption

    headers = HeadersCollection()
    if calendar:
        headers.add("Prefer", IMMUTABLE)
    return RequestConfiguration(
        headers=headers,
        options=[RetryHandlerOption(max_retries=0, should_retry=False)],
        query_parameters=query,
    )


def _failure(error: Any) -> Exception:
    """What a refused request means; the code is kept, the message may quote what we sent."""
    status = error.response_status_code or 0
    main = getattr(error, "error", None)
    reason = f"Graph: {status} {getattr(main, 'code', '') or ''}".strip()
    if status in PASSING or status == 0:
        kind = Conflict if status == 409 else Unavailable
        return kind(reason, retry_after=_retry_after(error.response_headers or {}))
    if status == 404:
        return EventVanished(reason)
    return Rejected(reason)


def _retry_after(headers: Any) -> float | None:
    value = str(headers.get("retry-after") or headers.get("Retry-After") or "")
    return float(value) if value.replace(".", "", 1).isdigit() else None


def _connect(base_url: str, token: Token) -> tuple[GraphServiceClient, Any]:
    """Build the client, loading what the first request will need."""
    import httpx
    from kiota_abstractions.authentication import (
        AccessTokenProvider,
        AllowedHostsValidator,
        BaseBearerTokenAuthenticationProvider,
    )
    from kiota_http.kiota_client_factory import KiotaClientFactory
    from msgraph.generated.models.event import Event
    from msgraph.graph_request_adapter import GraphRequestAdapter
    from msgraph.graph_service_client import GraphServiceClient

    class Tokens(AccessTokenProvider):
        async def get_authorization_token(
            self, uri: str, additional_authentication_context: dict[str, Any] | None = None
        ) -> str:
            return await token()

        def get_allowed_hosts_validator(self) -> AllowedHostsValidator:
            return AllowedHostsValidator([httpx.URL(base_url).netloc.decode()])

    http = KiotaClientFactory.create_with_default_middleware(
        httpx.AsyncClient(timeout=httpx.Timeout(20.0, connect=10.0), http2=True)
    )
    adapter = GraphRequestAdapter(BaseBearerTokenAuthenticationProvider(Tokens()), client=http)
    adapter.base_url = base_url
    Event().get_field_deserializers()
    return GraphServiceClient(request_adapter=adapter), http
