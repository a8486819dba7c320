"""`composeExtension/queryLink`: a pasted link to a session's page becomes the session's card."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, unquote, urlsplit
from zoneinfo import ZoneInfo

from botbuilder.core import TurnContext

from bot import extension
from bot.extension import Body, Found
from bot.search_box import Zones
from cards import sharing
from learning import champions, sources
from learning.sessions import Session
from services.catalogue import Catalogue
from services.ports.clocks import Clock

PAGES = "/hub/sessions/"


class Unfurling:
    """`chat_link` opens the chat with the bot, `{text}` in it standing for what to say; or ''."""

    def __init__(
        self, catalogue: Catalogue, clock: Clock, zones: Zones, *, public_url: str, chat_link: str
    ) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._zones = zones
        self._public_url = public_url
        self._chat_link = chat_link

    async def unfurl(self, turn: TurnContext) -> Body:
        """Raises MalformedInvoke, as the other does."""
        url = extension.read_link(turn.activity.value)
        return await self._answer(url, await self._zones.of(turn.activity), dialog=True)

    async def unfurl_for_anybody(self, turn: TurnContext) -> Body:
        """For somebody without the app, whom Teams does not name; a dialog needs the app."""
        url = extension.read_link(turn.activity.value)
        return await self._answer(url, await self._zones.of(turn.activity), dialog=False)

    async def _answer(self, url: str, zone: ZoneInfo, *, dialog: bool) -> Body:
        session, tag = await self._session(url), tag_in(url)
        if session is None:
            return extension.result([])
        now = self._clock.now()
        page = f"{self._public_url.rstrip('/')}{PAGES}{quote(session.code, safe='')}"
        words = f"book {session.code} via {tag}" if tag else f"book {session.code}"
        card = sharing.unfurled_card(
            session,
            zone=zone,
            now=now,
            page=f"{page}?from={tag}" if tag else page,
            chat=self._chat_link.replace("{text}", quote(words, safe="")),
            dialog=dialog,
            source=sources.of_champion(tag) if tag else sharing.SOURCE,
        )
        return extension.result(
            [Found(card=card, preview=sharing.preview(session, zone=zone, now=now))]
        )

    async def _session(self, url: str) -> Session | None:
        code = session_code(url, self._public_url)
        known = await self._catalogue.coded(code) if code else None
        found = await self._catalogue.among([known.id] if known else [])
        return found[0] if found else None


def session_code(url: str, public_url: str) -> str:
    """The code of the session whose page this address is; '' for every other address."""
    try:
        asked, ours = urlsplit(url), urlsplit(public_url)
        if (asked.hostname, asked.port) != (ours.hostname, ours.port) or "@" in asked.netloc:
            return ""
    except ValueError:
        return ""
    root = ours.path.rstrip("/") + PAGES
    if asked.scheme not in ("http", "https") or not asked.path.startswith(root):
        return ""
    code = asked.path.removeprefix(root).rstrip("/")
    return "" if "/" in code else unquote(code)


def tag_in(url: str) -> str:
    """The tag of the champion whose post the address stood in, or ''."""
    try:
        asked = dict(parse_qsl(urlsplit(url).query))
    except ValueError:
        return ""
    return champions.tag_in(asked.get("from", ""))
