"""A plain client of the Graph stand-in, for its own tests and for looking in from outside."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import aiohttp

from tests.support.activities import a_person
from tests.support.graph import ORGANISER, Graph
from tests.support.login import APP_ID, TENANT, Login
from tests.support.tokens import GRAPH

ASHA = a_person("Asha")
BO = a_person("Bo")
EVENTS = f"/users/{quote(ORGANISER.email)}/events"
IMMUTABLE = 'IdType="ImmutableId"'


def invited(*people: Any) -> list[dict[str, Any]]:
    return [
        {"emailAddress": {"address": each.email, "name": each.name}, "type": "required"}
        for each in people
    ]


def an_event(**more: Any) -> dict[str, Any]:
    return {
        "subject": "Resilience",
        "start": {"dateTime": "2026-05-18T10:00:00", "timeZone": "Europe/London"},
        "end": {"dateTime": "2026-05-18T11:00:00", "timeZone": "GMT Standard Time"},
        "body": {"contentType": "html", "content": "<p>Come along.</p>"},
        "isOnlineMeeting": True,
        "onlineMeetingProvider": "teamsForBusiness",
        "attendees": invited(ASHA),
        "transactionId": "lw-GM1-v1",
        **more,
    }


class Client:
    def __init__(self, graph: Graph, login: Login, http: aiohttp.ClientSession) -> None:
        self.graph = graph
        self.login = login
        self.http = http
        self.bearer = login.tokens.issue(GRAPH, tenant=TENANT, client_id=APP_ID).token

    async def call(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, Any, Mapping[str, str]]:
        sent = {"Authorization": f"Bearer {self.bearer}", "Prefer": IMMUTABLE} | headers
        url = path if path.startswith("http") else self.graph.base_url + path
        async with self.http.request(method, url, json=body, headers=sent) as response:
            told = await response.json() if await response.read() else None
            return response.status, told, response.headers

    async def made(self, **more: Any) -> str:
        status, event, _ = await self.call("POST", EVENTS, an_event(**more))
        assert status == 201, event
        return f"{EVENTS}/{quote(event['id'])}"


@asynccontextmanager
async def a_client() -> AsyncGenerator[Client, None]:
    async with Login() as login, Graph(login) as graph, aiohttp.ClientSession() as http:
        graph.directory.add_user(ASHA, department="Policy")
        graph.directory.add_user(BO)
        yield Client(graph, login, http)


def code(answer: Any) -> tuple[int, str]:
    return answer[0], answer[1]["error"]["code"]
