"""A web server on a free port of this machine, up for as long as a test needs it."""

import ssl

from aiohttp import web
from aiohttp.typedefs import Middleware

from tests.support.troubles import DROPPED, Trouble

LARGEST_REQUEST = 4 * 1024 * 1024


def application(*routes: web.RouteDef, middleware: Middleware | None = None) -> web.Application:
    app = web.Application(
        middlewares=[middleware] if middleware else [], client_max_size=LARGEST_REQUEST
    )
    app.add_routes(routes)
    return app


class Server:
    """One application, over HTTP and, asked for it, over TLS on a second port."""

    def __init__(self, app: web.Application) -> None:
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)

    async def start(self) -> str:
        """Begin to listen; the answer is the address, without a slash at its end."""
        await self._runner.setup()
        return f"http://127.0.0.1:{await self._listen()}"

    async def start_tls(self, context: ssl.SSLContext) -> str:
        return f"https://127.0.0.1:{await self._listen(context)}"

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _listen(self, context: ssl.SSLContext | None = None) -> int:
        await web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=context).start()
        return self._runner.addresses[-1][1]


def failure(request: web.Request, trouble: Trouble) -> web.Response:
    """The bad answer that was planned, or a connection cut before any."""
    if trouble.status == DROPPED and request.transport is not None:
        request.transport.abort()
    if isinstance(trouble.body, str):
        kind = "text/html" if trouble.body.startswith("<") else "text/plain"
        response = web.Response(text=trouble.body, content_type=kind)
    else:
        response = web.json_response(dict(trouble.body))
    response.set_status(trouble.status or 500)
    response.headers.update(trouble.headers)
    return response
