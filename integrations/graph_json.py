"""Microsoft Graph, asked in plain JSON where the SDK's models would change what is said.

Its models turn text that looks like a date or an id into one, so that a title could come back another;
and they know no publishing of pages.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from typing import Any
from urllib.parse import urlsplit

from integrations.graph import Guarded, options
from services.ports.systems import Unavailable

MOST_PAGES = 1000


class Expired(Exception):
    """A link to what changed is too old (410); `again` is where to begin from the start."""

    def __init__(self, again: str) -> None:
        super().__init__("the link is too old")
        self.again = again


class GraphJson:
    """Goes through the SDK's client: its connection, its tokens, and our circuit around it."""

    def __init__(self, graph: Guarded, base_url: str) -> None:
        self._graph = graph
        self._base_url = base_url.rstrip("/")

    async def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The answer's JSON, None where it is empty; `path` is percent-encoded, or a link of Graph's.

        Raises Unavailable, EventVanished for a 404, Rejected, or Expired.
        """
        url = path if self.is_own(path) else self._base_url + path

        async def send(client: Any) -> bytes | None:
            from kiota_abstractions.api_error import APIError
            from kiota_abstractions.method import Method
            from kiota_abstractions.request_information import RequestInformation
            from msgraph.generated.models.o_data_errors.o_data_error import ODataError

            request = RequestInformation(Method[method])
            request.url = url
            request.configure(options(calendar=False))
            request.headers.try_add("Accept", "application/json")
            if body is not None:
                request.set_stream_content(json.dumps(body).encode(), "application/json")
            try:
                return await client.request_adapter.send_primitive_async(
                    request, "bytes", {"XXX": ODataError}
                )
            except APIError as error:
                if error.response_status_code == 410:
                    headers: Any = error.response_headers or {}
                    raise Expired(str(headers.get("location") or "")) from error
                raise

        content = await self._graph.call(send)
        try:
            return json.loads(content) if content else None
        except ValueError as error:
            raise Unavailable("Graph: an answer that is not JSON") from error

    async def pages(self, path: str) -> AsyncGenerator[dict[str, Any]]:
        """Each page of an answer. Raises as `ask` does."""
        link = path
        for _ in range(MOST_PAGES):
            page = await self.ask("GET", link)
            yield page
            link = str(page.get("@odata.nextLink") or "")
            if not link:
                return
            if not self.is_own(link):
                raise Unavailable("Graph: the next page is somewhere else")
        raise Unavailable("Graph: pages without end")

    def is_own(self, url: str) -> bool:
        """Whether a whole address is one of the Graph that we speak to."""
        ours, given = urlsplit(self._base_url), urlsplit(url)
        return (given.scheme, given.netloc) == (ours.scheme, ours.netloc)
