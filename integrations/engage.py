"""Viva Engage (Yammer's interface): one community, read and written by the service account."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast

import aiohttp

from integrations.circuits import Circuit
from integrations.engage_messages import read_member, read_message, read_messages, written_id
from integrations.rest import Rest, Unauthorised
from services.ports.clocks import Steady
from services.ports.engage import CallLimit, Feed, Member, Said, SignIn, SignInNeeded, TooSoon
from services.ports.systems import Missing, Unavailable

PATIENCE = 20.0
"""Seconds that a call may wait for its turn; beyond that whoever asked tries again later."""

PAGES = 5
"""So many times twenty messages are read at once; who is away for longer misses the rest."""

KNOWN = 3600.0
"""Seconds for which we remember who somebody is."""

MOST_KNOWN = 2000
MOST_HEARD = 200


class Account(Protocol):
    async def standing(self) -> SignIn: ...
    async def token(self, stale: bool = False) -> str: ...


class WrongCommunity(ValueError):
    """It is neither a number nor what stands in a community's address."""


def community_number(value: str) -> int:
    """The number of a community: as it is, or from the id in its address, which is base64 of JSON.

    Raises WrongCommunity.
    """
    value = value.strip()
    if value.isdecimal():
        return int(value)
    try:
        padded = value + "=" * (-len(value) % 4)
        return int(json.loads(base64.urlsafe_b64decode(padded))["id"])
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise WrongCommunity from error


class Engage:
    """The Community of one group."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        base_url: str,
        account: Account,
        circuit: Circuit,
        limit: CallLimit,
        steady: Steady,
        *,
        group_id: int,
    ) -> None:
        self._account = account
        self._rest = Rest(http, base_url, account.token, circuit, pause=30.0)
        self._limit = limit
        self._steady = steady
        self._group_id = group_id
        self._me: tuple[str, Member] | None = None
        self._members: dict[int, tuple[float, Member]] = {}
        self._heard: dict[int, Said] = {}

    async def post(self, text: str) -> int:
        return await self._write({"body": text, "group_id": str(self._group_id)})

    async def reply(self, message_id: int, text: str) -> int:
        return await self._write({"body": text, "replied_to_id": str(message_id)})

    async def write_to(self, member_id: int, text: str) -> int:
        """As JSON: that is the one form in which a list of people is described."""
        body = {"body": text, "direct_to_user_ids": [member_id]}
        return written_id(await self._ask("POST", "/messages.json", body=body))

    async def delete(self, message_id: int) -> None:
        try:
            await self._ask("DELETE", f"/messages/{message_id}")
        except Missing:
            return

    async def message(self, message_id: int) -> Said:
        """What was just heard is not asked for again: calls are few."""
        if message_id in self._heard:
            return self._heard[message_id]
        me = await self.me()
        answer = await self._ask("GET", f"/messages/{message_id}.json")
        if not isinstance(answer, dict):
            raise Unavailable("Viva Engage: no message")
        told = cast("dict[str, Any]", answer)
        return read_message(told, told.get("references") or [], me, self._group_id)

    async def member(self, member_id: int) -> Member:
        known = self._members.get(member_id)
        if known is None or self._steady() - known[0] > KNOWN:
            if len(self._members) >= MOST_KNOWN:
                self._members.clear()
            known = self._steady(), read_member(await self._ask("GET", f"/users/{member_id}.json"))
            self._members[member_id] = known
        return known[1]

    async def check(self) -> str:
        """Whether the account may read the community; its name. Raises as every call does."""
        await self.latest()
        return (await self.me()).name

    async def me(self) -> Member:
        """Who is signed in; asked again when somebody else is."""
        account = (await self._account.standing()).account
        if self._me is None or self._me[0] != account:
            self._me = account, read_member(await self._ask("GET", "/users/current.json"))
        return self._me[1]

    async def received(self, newer_than: int | None) -> Feed:
        return await self._feed("/messages/received.json", newer_than)

    async def private(self, newer_than: int | None) -> Feed:
        return await self._feed("/messages/private.json", newer_than)

    async def latest(self) -> Sequence[Said]:
        return await self._read(f"/messages/in_group/{self._group_id}.json", {"limit": "20"})

    async def in_thread(self, thread_id: int, newer_than: int) -> Sequence[Said]:
        query = {"newer_than": str(newer_than)}
        return await self._read(f"/messages/in_thread/{thread_id}.json", query)

    async def _feed(self, path: str, newer_than: int | None) -> Feed:
        if newer_than is None:
            latest = await self._read(path, {"limit": "1"})
            return Feed(newest=max((m.id for m in latest), default=0))
        found: dict[int, Said] = {}
        query = {"newer_than": str(newer_than)}
        for _ in range(PAGES):
            page = [m for m in await self._read(path, query) if m.id > newer_than]
            fresh = [m for m in page if m.id not in found]
            found |= {m.id: m for m in fresh}
            if len(page) < 20 or not fresh:
                break
            query = {"newer_than": str(newer_than), "older_than": str(min(found))}
        messages = tuple(found[i] for i in sorted(found))
        self._heard = {m.id: m for m in [*self._heard.values(), *messages][-MOST_HEARD:]}
        return Feed(messages=messages, newest=max(found, default=newer_than))

    async def _read(self, path: str, query: Mapping[str, str]) -> list[Said]:
        me = await self.me()
        answer = await self._ask("GET", path, query=query)
        return read_messages(answer, me, self._group_id)

    async def _write(self, form: Mapping[str, str]) -> int:
        return written_id(await self._ask("POST", "/messages.json", form=form))

    async def _ask(self, method: str, path: str, **more: Any) -> Any:
        """One call, in its turn. Whether anybody is signed in is seen before the turn is taken."""
        await self._account.token()
        wait = await self._limit.reserve(PATIENCE)
        if wait > PATIENCE:
            raise TooSoon("Viva Engage: asked too often", retry_after=wait)
        await asyncio.sleep(wait)
        try:
            return await self._rest.ask(method, path, **more)
        except Unauthorised as error:
            raise SignInNeeded(f"{error}: the account is not accepted") from error
