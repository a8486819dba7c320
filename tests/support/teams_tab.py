"""Teams around a tab, as a browser meets it: its page, its script, Entra and our own pages, all over TLS.

The page at https://teams.microsoft.com shows ours in a frame and speaks TeamsJS's own messages to it.
"""

import asyncio
import ssl
import tempfile
import threading
from collections import Counter
from collections.abc import Coroutine, Generator
from contextlib import AsyncExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from yarl import URL

from tests.support.activities import Person
from tests.support.login import APP_ID, Login
from tests.support.product import Running, running, settings_for, sqlite_url
from tests.support.signing import a_certificate

HOST = "learnweek.example.org"
SITE = f"https://{HOST}"
TEAMS = "https://teams.microsoft.com"
ENTRA = "login.microsoftonline.com"
CDN = "res.cdn.office.net"
PACKAGE = Path(__file__).parents[2] / "node_modules/@microsoft/teams-js"
SCRIPT = PACKAGE / "dist/umd/MicrosoftTeams.min.js"
HOP = {"host", "connection", "transfer-encoding", "content-length", "content-encoding"}

FRAME = """<!doctype html>
<html lang="en"><head><title>Teams</title>
<style>body { margin: 0 } iframe { width: 100%; height: 98vh; border: 0 }</style></head>
<body><iframe title="Learnweek"></iframe>
<script>
const asked = new URLSearchParams(location.search);
const frame = document.querySelector("iframe");
window.calls = [];
const context = { entityId: "programme", theme: asked.get("theme"), locale: "en-gb" };
if (asked.get("session")) context.subEntityId = asked.get("session");
const runtime = JSON.stringify({ apiVersion: 4, isLegacyTeams: false, supports: {} });
const answers = {
  initialize: () => ["content", "web", runtime, "2.58.0"],
  getContext: () => [context],
  executeDeepLink: () => [true],
  "authentication.getAuthToken": () =>
    asked.get("error") ? [false, asked.get("error")] : [true, asked.get("token")],
};
window.send = (message) => frame.contentWindow.postMessage(message, asked.get("origin"));
window.dress = (theme) => {
  context.theme = theme;
  window.send({ func: "themeChange", args: [theme] });
};
window.addEventListener("message", ({ data, origin, source }) => {
  if (source !== frame.contentWindow || origin !== asked.get("origin")) return;
  window.calls.push([data.func, ...(data.args ?? [])]);
  const answer = answers[data.func];
  if (answer) window.send({ id: data.id, uuidAsString: data.uuidAsString, args: answer() });
});
frame.src = asked.get("page");
</script></body></html>
"""

T = TypeVar("T")


class TeamsTab:
    """`asked` counts requests by host and path. `drops_cookies`: the browser behaves as if it kept none;
    `script` is what the script's address answers with.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, login: Login, bot: Running) -> None:
        self.login = login
        self.bot = bot
        self.port = 0
        self.asked: Counter[str] = Counter()
        self.drops_cookies = False
        self.script = SCRIPT.read_bytes()
        self._loop = loop

    @property
    def rules(self) -> str:
        """For Chromium: where these hosts are."""
        here = f"127.0.0.1:{self.port}"
        hosts = ", ".join(f"MAP {h} {here}" for h in (HOST, CDN, ENTRA, "teams.microsoft.com"))
        return f"--host-resolver-rules={hosts}, MAP * ~NOTFOUND"

    def address(
        self,
        page: str = "/hub?in=teams",
        *,
        person: Person | None = None,
        theme: str = "default",
        session: str = "",
        error: str = "",
        **claims: Any,
    ) -> str:
        """Of Teams' page that shows this page of ours to this person."""
        given = {"page": SITE + page, "origin": SITE, "theme": theme}
        if person is not None:
            ours = f"api://{HOST}/botid-{APP_ID}"
            given["token"] = self.login.tab_token(person.aad_id, ours, name=person.name, **claims)
        if session:
            given["session"] = session
        if error:
            given["error"] = error
        return f"{TEAMS}/v2/?{urlencode(given)}"

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Something in the product's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.asked[f"{request.method} {request.host}{request.path}"] += 1
        if request.host == CDN:
            return self._cdn(request)
        if request.host == ENTRA:
            return await self._passed_on(request, self.login.url)
        if request.host != HOST:
            return web.Response(text=FRAME, content_type="text/html")
        return await self._passed_on(request, self.bot.url)

    def _cdn(self, request: web.Request) -> web.Response:
        headers = {"Access-Control-Allow-Origin": "*"}
        if request.path.endswith("validDomains.json"):
            return web.json_response({"validOrigins": ["teams.microsoft.com"]}, headers=headers)
        assert request.path == "/teams-js/2.58.0/js/MicrosoftTeams.min.js", request.path
        return web.Response(body=self.script, content_type="text/javascript", headers=headers)

    async def _passed_on(self, request: web.Request, to: str) -> web.StreamResponse:
        headers = {n: v for n, v in request.headers.items() if n.lower() not in HOP}
        address = URL(to + request.raw_path, encoded=True)
        async with (
            aiohttp.ClientSession(auto_decompress=False) as http,
            http.request(
                request.method,
                address,
                data=await request.read(),
                headers=headers,
                allow_redirects=False,
            ) as answer,
        ):
            response = web.StreamResponse(status=answer.status)
            for name, value in answer.headers.items():
                dropped = name.lower() == "set-cookie" and self.drops_cookies
                if not dropped and name.lower() not in HOP - {"content-encoding"}:
                    response.headers.add(name, value)
            await response.prepare(request)
            with suppress(ConnectionResetError):  # who leaves a page hears no more of its places
                async for part in answer.content.iter_any():
                    await response.write(part)
            return response


@contextmanager
def teams_tab(folder: Path, week: str) -> Generator[TeamsTab]:
    """The product with this week in it, in a thread of its own, and Teams around it."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    stack = AsyncExitStack()
    try:
        yield asyncio.run_coroutine_threadsafe(_begin(stack, folder, week), loop).result(60)
    finally:
        asyncio.run_coroutine_threadsafe(stack.aclose(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _begin(stack: AsyncExitStack, folder: Path, week: str) -> TeamsTab:
    login = await stack.enter_async_context(Login())
    login.endpoints = f"https://{ENTRA}"
    settings = settings_for(sqlite_url(folder), login)
    bot = await stack.enter_async_context(running(settings))
    await bot.publish(week)
    tab = TeamsTab(asyncio.get_running_loop(), login, bot)
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", tab.serve)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=_context()).start()
    tab.port = runner.addresses[0][1]
    return tab


def _context() -> ssl.SSLContext:
    made = a_certificate()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        certificate, key = Path(folder) / "ca.pem", Path(folder) / "key.pem"
        certificate.write_text(made.certificate)
        key.write_text(made.key)
        context.load_cert_chain(certificate, key)
    return context
