"""Somebody who reads our pages with a browser, and presses what is on them."""

import html
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientSession, FormData

from hub.visitors import Visitors
from learning.people import PersonId
from services.ports.sign_in import SignedIn
from tests.support.activities import Person
from tests.support.product import Running


class Jar:
    """The headers of a response that a cookie is put into."""

    def __init__(self) -> None:
        self.headers = Headers()


class Headers(dict[str, str]):
    def add(self, name: str, value: str) -> None:
        self[name] = value


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return html.unescape(self.body.decode())

    @property
    def words(self) -> str:
        """What can be read of it, on one line."""
        return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", self.text)).strip()


@dataclass(slots=True)
class Reader:
    """`cookie` and `form` are '' for somebody who has not signed in."""

    http: ClientSession
    address: str
    origin: str
    cookie: str = ""
    form: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, **headers: str) -> Page:
        return await self.ask("GET", path, headers=headers)

    async def post(self, path: str, fields: Mapping[str, Any] | None = None) -> Page:
        """Press a button of a form of ours."""
        return await self.ask("POST", path, {"form": self.form, **(fields or {})})

    async def ask(
        self,
        method: str,
        path: str,
        data: Mapping[str, Any] | FormData | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        sent = {"Cookie": self.cookie, "Origin": self.origin, **self.headers, **(headers or {})}
        async with self.http.request(
            method, self.address + path, data=data, headers=sent, allow_redirects=False
        ) as response:
            return Page(
                status=response.status, headers=response.headers, body=await response.read()
            )


@asynccontextmanager
async def a_reader(bot: Running, person: Person | None = None) -> AsyncGenerator[Reader]:
    """Signed in as this person."""
    settings = bot.core.settings
    cookie = form = ""
    if person is not None:
        visitors = Visitors(
            settings.secret_key.get_secret_value(),
            bot.clock,
            is_https=settings.public_url.startswith("https:"),
        )
        jar: Any = Jar()
        who = SignedIn(
            person_id=PersonId(person.aad_id),
            name=person.name,
            email=person.email,
            tenant_id=settings.microsoft_app_tenant_id,
        )
        form = visitors.let_in(jar, who).form
        cookie = jar.headers["Set-Cookie"].partition(";")[0]
    parts = urlsplit(settings.public_url)
    async with ClientSession() as http:
        yield Reader(
            http=http,
            address=bot.url,
            origin=f"{parts.scheme}://{parts.netloc}",
            cookie=cookie,
            form=form,
        )
