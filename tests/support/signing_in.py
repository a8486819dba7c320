"""A browser in which somebody signs in: it keeps cookies, goes to Entra, and comes back."""

import json
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from html import unescape
from typing import cast

from multidict import CIMultiDictProxy

from tests.support.product import Running
from tests.support.reader import Page, Reader, a_reader

FIELD = re.compile(r'name="(\w+)" value="([^"]*)"')


class Browser:
    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.cookies: dict[str, str] = {}

    async def get(self, path: str, **headers: str) -> Page:
        return await self._ask("GET", path, None, headers)

    async def post(
        self, path: str, fields: Mapping[str, str] | None = None, **headers: str
    ) -> Page:
        return await self._ask("POST", path, fields, headers)

    async def at_entra(self, to: str = "/hub") -> dict[str, str]:
        """Sign in, up to what Entra's page would post back to us."""
        begun = await self.get(f"/hub/sign-in?to={to}")
        assert begun.status == 303, begun.words
        # MSAL takes no endpoint that is not https; the stand-in listens at the same port without.
        address = begun.headers["Location"].replace("https://", "http://", 1)
        async with self.reader.http.get(address, allow_redirects=False) as response:
            page = await response.text()
        return {name: unescape(value) for name, value in FIELD.findall(page)}

    async def come_back(self, answer: Mapping[str, str]) -> Page:
        """As Entra's page has the browser do."""
        headers = {"Origin": "https://login.microsoftonline.com", "Sec-Fetch-Site": "cross-site"}
        return await self._ask("POST", "/hub/signed-in", answer, headers)

    async def sign_in(self, to: str = "/hub") -> Page:
        return await self.come_back(await self.at_entra(to))

    async def is_signed_in(self) -> bool:
        return json.loads((await self.get("/hub/session")).body)["signed_in"]

    async def _ask(
        self, method: str, path: str, fields: Mapping[str, str] | None, headers: Mapping[str, str]
    ) -> Page:
        self.reader.cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        page = await self.reader.ask(method, path, fields, headers=headers)
        set_cookies = cast("CIMultiDictProxy[str]", page.headers).getall("Set-Cookie", [])
        for cookie in set_cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            if "Max-Age=0" in cookie:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return page


@asynccontextmanager
async def a_browser(bot: Running) -> AsyncGenerator[Browser]:
    async with a_reader(bot) as reader:
        yield Browser(reader)
