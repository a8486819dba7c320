"""What people answered in questionnaires and follow-ups, at the desk: together, without names."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from cards import collation as words
from cards import sayings
from hub import look
from hub.desk.courses import PATH, no_course
from hub.visitors import visitor_of
from learning.courses.collating import Collated, Collation
from learning.courses.definition import QuestionKind
from services.course_collation import CourseCollation


class CourseQuestionnairePages:
    def __init__(self, collation: CourseCollation, *, zone: ZoneInfo) -> None:
        self._collation = collation
        self._zone = zone

    def routes(self) -> list[web.RouteDef]:
        return [web.get(f"{PATH}/{{code}}/questionnaire", self.show)]

    async def show(self, request: web.Request) -> web.Response:
        found = await self._collation.of_course(request.match_info["code"])
        if found is None:
            return no_course(request)
        course, collations = found
        values: dict[str, Any] = {
            "course": course,
            "path": request.path.rpartition("/")[0],
            "parts": [self._part(each) for each in collations],
        }
        return look.page("desk_course_questionnaire.html", values, visitor=visitor_of(request))

    def _part(self, each: Collation) -> dict[str, Any]:
        session, released = each.session, each.released_at
        return {
            "title": each.step.title,
            "where": f"{session.code} · {sayings.moment(session, self._zone)}" if session else "",
            "said": words.how_many(each),
            "not_yet": "" if each.figures else words.not_yet(each),
            "answers": each.answers,
            "as_of": sayings.day(released.astimezone(self._zone).date()) if released else "",
            "questions": [_question(one) for one in each.figures],
        }


def _question(one: Collated) -> dict[str, Any]:
    is_ranked = one.question.kind is QuestionKind.RANKING
    return {
        "ask": one.question.ask,
        "count": f"{one.count} answer{'' if one.count == 1 else 's'}{words.average(one)}",
        "lines": [(text, number) for number, text in (words.fact(one, line) for line in one.lines)],
        "column": "Place on average" if is_ranked else "How many",
        "texts": one.texts,
        "is_text": one.question.kind is QuestionKind.TEXT,
    }
