"""Pictures of programmes, for cards: Teams fetches them without signing in, by what nobody can guess."""

from __future__ import annotations

import re

from aiohttp import web

from hub import look
from services.course_desk import CourseDesk
from services.course_imports import kind_of

DIGEST = re.compile(r"[0-9a-f]{64}")


def picture_routes(courses: CourseDesk) -> list[web.RouteDef]:
    async def picture(request: web.Request) -> web.Response:
        digest = request.match_info["digest"]
        content = await courses.picture(digest) if DIGEST.fullmatch(digest) else None
        kind = kind_of(content) if content else ""
        if content is None or not kind:
            raise web.HTTPNotFound
        headers = {
            **look.PLAIN_HEADERS,
            "Cache-Control": "public, max-age=31536000, immutable",
            "Content-Security-Policy": "default-src 'none'",
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        return web.Response(body=content, content_type=kind, headers=headers)

    return [web.get("/hub/courses/pictures/{digest}", picture)]
