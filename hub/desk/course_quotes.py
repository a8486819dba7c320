"""What people say of a programme, at the desk: each with where they agreed that it appears."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from hub import look
from hub.desk.courses import PATH, no_course, path
from hub.visitors import visitor_of
from learning.courses.quotes import Place
from services.ports.commitments import Spoken
from services.quotes import QuoteService

PLACES = {
    Place.HUB: "The hub page, where it stands by itself",
    Place.ENGAGE: "Posts on Viva Engage",
    Place.REPORT: "The report",
    Place.INVITATION: "The next invitation",
}


class CourseQuotePages:
    def __init__(self, quotes: QuoteService) -> None:
        self._quotes = quotes

    def routes(self) -> list[web.RouteDef]:
        return [web.get(f"{PATH}/{{code}}/quotes", self.show)]

    async def show(self, request: web.Request) -> web.Response:
        found = await self._quotes.of_course(request.match_info["code"])
        if found is None:
            return no_course(request)
        running, quotes = found
        values: dict[str, Any] = {
            "course": running.course,
            "path": path(running),
            "quotes": [_line(each) for each in quotes],
        }
        return look.page("desk_course_quotes.html", values, visitor=visitor_of(request))


def _line(spoken: Spoken) -> dict[str, Any]:
    """`post` is what may be copied into a post: '' where they did not agree to that."""
    quote = spoken.quote
    may_be_posted = Place.ENGAGE in quote.places
    return {
        "text": quote.text,
        "signed": quote.signed_as,
        "places": [words for place, words in PLACES.items() if place in quote.places],
        "not_in": [words for place, words in PLACES.items() if place not in quote.places],
        "post": f"“{quote.text}” {quote.signed_as}" if may_be_posted else "",
    }
