"""All that is kept about whoever is signed in, as a file to download."""

from __future__ import annotations

from aiohttp import web

from hub import look
from hub.visitors import visitor_of
from services.personal import PersonalFiles

PATH = "/hub/mine/data"


def own_data_routes(files: PersonalFiles) -> list[web.RouteDef]:
    async def own(request: web.Request) -> web.Response:
        visitor = visitor_of(request)
        assert visitor is not None, "its rule lets nobody else through"
        file = await files.of(visitor.person_id)
        return web.Response(
            body=file.data,
            content_type="application/zip",
            headers={
                **look.PLAIN_HEADERS,
                "Cache-Control": "no-store",
                "Content-Disposition": f'attachment; filename="{file.name}"',
            },
        )

    return [web.get(PATH, own)]
