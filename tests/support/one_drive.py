"""Stand-in for somebody's OneDrive: it takes files by upload sessions, a piece at a time."""

import re
from typing import Self
from uuid import uuid4

from aiohttp import web

from tests.support.server import Server, application

RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
STEP = 320 * 1024
"""Pieces but the last are a multiple of this."""


class OneDrive:
    """Each upload session is an address by itself, without a token; it is gone once the file is whole."""

    def __init__(self) -> None:
        self.url = ""
        self.files: dict[str, bytes] = {}
        self.asked = 0
        self.faults: list[str] = []
        self._open: dict[str, tuple[str, bytes]] = {}
        self._troubles: list[int] = []
        self._server = Server(application(web.put("/upload/{id}", self._put)))

    async def __aenter__(self) -> Self:
        self.url = await self._server.start()
        return self

    async def __aexit__(self, kind: object, *_: object) -> None:
        await self._server.stop()
        assert kind or not self.faults, f"the bot sent what it should not: {self.faults}"

    def fail_next(self, *statuses: int) -> None:
        self._troubles += statuses

    def upload_info(self, name: str) -> dict[str, str]:
        """What Teams gives the bot once somebody has agreed."""
        id = uuid4().hex
        self._open[id] = (name, b"")
        return {
            "contentUrl": f"{self.url}/personal/asha/Documents/Applications/Learnweek/{name}",
            "name": name,
            "uploadUrl": f"{self.url}/upload/{id}",
            "uniqueId": id.upper(),
            "fileType": name.rpartition(".")[2],
            "etag": f'"{{{id}}},1"',
        }

    async def _put(self, request: web.Request) -> web.Response:
        self.asked += 1
        body = await request.read()
        if self._troubles:
            status = self._troubles.pop(0)
            headers = {"Location": f"{self.url}/elsewhere"} if 300 <= status < 400 else {}
            return web.json_response({"error": {"code": "x"}}, status=status, headers=headers)
        id = request.match_info["id"]
        if id not in self._open:
            return web.json_response({"error": {"code": "itemNotFound"}}, status=404)
        if "Authorization" in request.headers:
            self.faults.append("a token, where the address alone is the permission")
        name, so_far = self._open[id]
        told = RANGE.fullmatch(request.headers.get("Content-Range", ""))
        first, last, total = map(int, told.groups()) if told else (-1, -1, -1)
        if first != len(so_far) or last - first + 1 != len(body):
            self.faults.append(f"{request.headers.get('Content-Range')} with {len(body)} bytes")
            return web.json_response({"error": {"code": "invalidRange"}}, status=416)
        whole = so_far + body
        if len(whole) < total:
            if len(body) % STEP:
                self.faults.append(f"a piece of {len(body)} bytes")
            self._open[id] = (name, whole)
            return web.json_response({"nextExpectedRanges": [f"{len(whole)}-"]}, status=202)
        del self._open[id]
        self.files[name] = whole
        return web.json_response({"id": id, "name": name, "size": total}, status=201)
