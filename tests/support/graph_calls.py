"""A request to Graph and its answer, whether they came alone or in a batch."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import uuid4

from aiohttp import web
from yarl import URL

from tests.support.now import now
from tests.support.server import failure
from tests.support.troubles import DROPPED, Trouble

# By status: the code that is meant when a test names none.
USUAL = {
    400: "BadRequest",
    401: "InvalidAuthenticationToken",
    403: "ErrorAccessDenied",
    404: "ErrorItemNotFound",
    409: "ErrorConflict",
    412: "ErrorIrresolvableConflict",
    429: "ApplicationThrottled",
    500: "InternalServerError",
    503: "serviceNotAvailable",
    504: "UnknownError",
}


class Logged(NamedTuple):
    """One request as it came: the path after /v1.0 with its ids decoded."""

    method: str
    path: str
    body: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request; `operation` is its name in the contract, `ids` what its path names."""

    operation: str
    ids: Mapping[str, str]
    url: URL
    headers: Mapping[str, str]
    body: Any

    @property
    def method(self) -> str:
        return self.operation.partition(" ")[0]

    @property
    def query(self) -> Mapping[str, str]:
        return self.url.query

    @property
    def timezone(self) -> str:
        """The zone that the caller wants times in."""
        found = re.search(r'outlook\.timezone="([^"]*)"', self.headers.get("Prefer", ""))
        return found[1] if found else "UTC"

    @property
    def wants_immutable_ids(self) -> bool:
        return 'idtype="immutableid"' in self.headers.get("Prefer", "").lower()

    @property
    def select(self) -> tuple[str, ...]:
        return tuple(name for name in self.query.get("$select", "").split(",") if name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Call], Reply | Awaitable[Reply]]


class GraphRefused(Exception):
    """Graph will not do this; `more` stands in the error object beside code and message."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.reply = Reply(status=status, body=graph_error(status, code, message, **more))


def graph_error(
    status: int, code: str | None = None, message: str = "", **more: Any
) -> dict[str, Any]:
    """The body of a refusal."""
    request = {
        "date": now().isoformat()[:19],
        "request-id": str(uuid4()),
        "client-request-id": str(uuid4()),
    }
    code = code or USUAL.get(status, "UnknownError")
    return {"error": {"code": code, "message": message or code, "innerError": request, **more}}


def as_planned(trouble: Trouble) -> Reply:
    """The answer of a request that was to go wrong."""
    return Reply(status=trouble.status or DROPPED, body=trouble.body, headers=trouble.headers)


def sent(request: web.Request, reply: Reply) -> web.Response:
    """A reply on its way over HTTP."""
    if reply.status == DROPPED:
        return failure(request, Trouble(status=DROPPED))
    if reply.body is None:
        return web.Response(status=reply.status, headers=reply.headers)
    return web.json_response(reply.body, status=reply.status, headers=reply.headers)
