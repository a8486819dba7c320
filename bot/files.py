"""A file for somebody's own chat: they are asked first, then it goes into their OneDrive."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import structlog
from botbuilder.core import TurnContext
from botbuilder.schema import Attachment

from bot import identity
from bot.authentication import ServiceHosts
from bot.refusals import MalformedInvoke
from bot.replies import Message, card_message
from cards import talk
from dialogs.state import person_id_of
from services.personal import OwnFile, PersonalFiles
from services.ports.systems import Rejected, Unavailable

log = structlog.get_logger()

CONSENT = "application/vnd.microsoft.teams.card.file.consent"
INFO = "application/vnd.microsoft.teams.card.file.info"
MY_DATA = {"file": "my data"}

TIMEOUT = aiohttp.ClientTimeout(total=4)
ATTEMPTS = 2
PAUSE = 0.3
"""Teams waits some ten seconds for the answer to an invoke."""


class NotUploaded(Exception):
    """The file is not there, or nobody can say whether it is."""


class Uploads:
    """Puts a file where Teams says; nowhere else than to the hosts of files."""

    def __init__(self, http: aiohttp.ClientSession, hosts: ServiceHosts) -> None:
        self._http = http
        self._hosts = hosts

    def allow(self, url: str) -> bool:
        return self._hosts.allow(url)

    async def put(self, url: str, data: bytes) -> None:
        """Raises NotUploaded. A second try writes the same over the first."""
        if not self.allow(url):
            raise NotUploaded("no host of files")
        reason = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                await asyncio.sleep(PAUSE)
            try:
                status = await self._once(url, data)
            except (aiohttp.ClientError, TimeoutError) as error:
                reason = type(error).__name__
                continue
            if status < 300:
                return
            reason = str(status)
            if status < 500 and status != 429:
                break
        raise NotUploaded(reason)

    async def _once(self, url: str, data: bytes) -> int:
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Range": f"bytes 0-{len(data) - 1}/{len(data)}",
        }
        async with self._http.put(
            url, data=data, headers=headers, timeout=TIMEOUT, allow_redirects=False
        ) as response:
            return response.status


class OwnFiles:
    """All that is kept about somebody, as a file. The card that asks holds none of it."""

    def __init__(self, files: PersonalFiles, uploads: Uploads, *, link: str) -> None:
        self._files = files
        self._uploads = uploads
        self._link = link

    async def offer(self, turn: TurnContext) -> None:
        """Ask whether it may go into their OneDrive, where this chat knows files."""
        if turn.activity.channel_id != "msteams" or not identity.is_personal(turn.activity):
            return
        file = await self._files.of(person_id_of(turn.activity))
        content = {
            "description": talk.FILE_OFFER,
            "sizeInBytes": len(file.data),
            "acceptContext": MY_DATA,
            "declineContext": MY_DATA,
        }
        asked = Attachment(content_type=CONSENT, name=file.name, content=content)
        await turn.send_activity(
            Message(type="message", summary=talk.FILE_OFFER, attachments=[asked])
        )

    async def answer(self, turn: TurnContext) -> None:
        """They said yes or no; the data is read now, however old the question is."""
        if not identity.is_personal(turn.activity):
            raise MalformedInvoke("files are for one's own chat")
        match turn.activity.value:
            case {"action": "accept", "context": {"file": "my data"}, "uploadInfo": dict(info)}:
                await self._send(turn, info)
            case {"action": "decline", "context": {"file": "my data"}}:
                await turn.send_activity(card_message(talk.say(talk.NO_FILE)))
            case _:
                raise MalformedInvoke("it is no file of ours")
        await self._take_back(turn)

    async def _send(self, turn: TurnContext, info: dict[str, Any]) -> None:
        url, shown_at = str(info.get("uploadUrl") or ""), str(info.get("contentUrl") or "")
        file = await self._files.of(person_id_of(turn.activity))
        try:
            await self._uploads.put(url, file.data)
        except NotUploaded as error:
            log.warning("file not uploaded", reason=str(error))
            await turn.send_activity(card_message(talk.no_upload_card(self._link)))
            return
        if self._uploads.allow(shown_at):
            await turn.send_activity(_there(info, shown_at, file))

    async def _take_back(self, turn: TurnContext) -> None:
        """The question, which has been answered; where that cannot be done it stays."""
        question = turn.activity.reply_to_id
        if question:
            try:
                await turn.delete_activity(question)
            except (Rejected, Unavailable) as error:
                log.info("answered question stays", reason=str(error))


def _there(info: dict[str, Any], shown_at: str, file: OwnFile) -> Message:
    name = str(info.get("name") or file.name)
    kind = str(info.get("fileType") or "zip")
    content = {"uniqueId": str(info.get("uniqueId") or ""), "fileType": kind}
    attached = Attachment(content_type=INFO, content_url=shown_at, name=name, content=content)
    return Message(type="message", summary=f"{name} is in your OneDrive", attachments=[attached])
