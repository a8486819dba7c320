"""Answers to who would leave a programme."""

from __future__ import annotations

from cards import course_welcome as cards
from cards import sayings, talk
from dialogs.reply import Asker, Purpose, Question, Reply
from learning.sessions import CourseId, SessionId
from services.course_paths import CoursePaths, Path
from services.enrolments import Enrolments

ON_NONE = "You are on no programme, so there is none to leave."
NOT_ON_IT = "You are not on that programme."


class CourseLeavingAnswers:
    def __init__(self, paths: CoursePaths, enrolments: Enrolments) -> None:
        self._paths = paths
        self._enrolments = enrolments

    async def ask_which(self, asker: Asker, what: str) -> Reply:
        """Ask before they leave; which one, where they are on several and name none."""
        paths = await self._paths.of_person(asker.person.id)
        named = [p for p in paths if what and what.casefold() in _names(p)]
        if len(paths) == 1 and not what:
            named = paths
        if len(named) == 1:
            return self._ask(asker, named[0])
        if not paths:
            return Reply(card=talk.say(ON_NONE), private=True)
        some = [(p.running.id, p.running.course) for p in paths]
        return Reply(card=cards.which_to_leave_card(some), private=True)

    async def ask(self, asker: Asker, course_id: CourseId) -> Reply:
        path = await self._paths.find(asker.person.id, course_id)
        if path is None:
            return Reply(card=talk.say(NOT_ON_IT), private=True)
        return self._ask(asker, path)

    async def leave(self, asker: Asker, course_id: CourseId) -> Reply:
        """Whoever presses leaves, whosever card it was."""
        path = await self._paths.find(asker.person.id, course_id)
        if path is None:
            return Reply(card=talk.say(NOT_ON_IT), private=True)
        await self._enrolments.withdraw(course_id, asker.person.id, by=asker.person.id)
        words = f"You have left {path.running.course.title}. Those who run it can put you back."
        return Reply(card=talk.say(words), private=True)

    def _ask(self, asker: Asker, path: Path) -> Reply:
        session = path.session
        live = f"{session.title}, {sayings.moment(session, asker.zone)}" if session else ""
        return Reply(
            card=cards.ask_leave_card(path.running.course, path.running.id, live),
            private=True,
            # A question carries ids of whatever it is about.
            question=Question(
                purpose=Purpose.LEAVE_COURSE, sessions=(SessionId(int(path.running.id)),)
            ),
        )


def _names(path: Path) -> set[str]:
    course = path.running.course
    return {course.code.casefold(), course.title.casefold()}
