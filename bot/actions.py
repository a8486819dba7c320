"""What each button does, by its verb; everything is checked anew, cards are pressed days later."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from cards import notices, talk
from dialogs.attendance_answers import AttendanceAnswers, presence
from dialogs.booking_answers import BookingAnswers
from dialogs.champion_answers import ChampionAnswers
from dialogs.collation_answers import CollationAnswers
from dialogs.commitment_answers import CommitmentAnswers
from dialogs.course_answers import CourseAnswers
from dialogs.course_leaving_answers import CourseLeavingAnswers
from dialogs.engage_answers import EngageAnswers
from dialogs.feedback_answers import FeedbackAnswers
from dialogs.guide_answers import GuideAnswers
from dialogs.idea_answers import IdeaAnswers
from dialogs.organiser_answers import OrganiserAnswers
from dialogs.personal_answers import PersonalAnswers
from dialogs.plan_answers import PlanAnswers
from dialogs.programme_answers import ProgrammeAnswers
from dialogs.record_answers import RecordAnswers
from dialogs.reply import Asker, Reply
from dialogs.set_answers import SetAnswers
from language.commands import ToCalendar, ToEngage
from learning.errors import LearningError
from learning.ideas import IdeaId, ThemeId
from learning.people import PersonId
from learning.sessions import CourseId, EditionId, SessionId
from services.course_sittings import Way

MOST_AT_ONCE = 20
"""Sessions that one button is about."""

Data = Mapping[str, Any]
Action = Callable[[Asker, Data], Awaitable[Reply]]


class MalformedAction(ValueError):
    """The button carries something that none of ours does."""


class Actions:
    def __init__(
        self,
        *,
        programme: ProgrammeAnswers,
        booking: BookingAnswers,
        personal: PersonalAnswers,
        organiser: OrganiserAnswers,
        engage: EngageAnswers,
        plans: PlanAnswers,
        attendance: AttendanceAnswers,
        feedback: FeedbackAnswers,
        record: RecordAnswers,
        champions: ChampionAnswers,
        ideas: IdeaAnswers,
        collation: CollationAnswers,
        commitments: CommitmentAnswers,
        courses: CourseAnswers,
        leaving: CourseLeavingAnswers,
        sets: SetAnswers,
        guide: GuideAnswers,
    ) -> None:
        self._table: dict[str, Action] = {
            "day.show": lambda a, d: programme.on_words(a, _text(d, "words")),
            "list.more": programme.more,
            "session.show": lambda a, d: programme.show(a, _session(d)),
            "session.book": lambda a, d: booking.book(
                a, _session(d), anyway=d.get("anyway") is True
            ),
            "session.swap": lambda a, d: booking.swap(a, _session(d), _session(d, "instead_of")),
            "session.leave": lambda a, d: booking.leave_as_is(a),
            "session.cancel": lambda a, d: booking.cancel(a, _session(d)),
            "waiting.accept": lambda a, d: booking.accept(a, _session(d)),
            "waiting.pass": lambda a, d: booking.cancel(a, _session(d)),
            "bookings.show": lambda a, d: booking.mine(a),
            "plan.make": plans.make,
            "plan.book": lambda a, d: plans.book(a, _sessions(d), d),
            notices.OWN_HIGHLIGHTS: lambda a, d: booking.mine(a),
            "nudges.off": lambda a, d: personal.nudges(a, False),
            "nudges.on": lambda a, d: personal.nudges(a, True),
            "highlights.off": lambda a, d: personal.highlights(a, False),
            "highlights.on": lambda a, d: personal.highlights(a, True),
            "calendar.renew": lambda a, d: personal.calendar(a, ToCalendar.RENEW),
            "calendar.remove": lambda a, d: personal.calendar(a, ToCalendar.REMOVE),
            "data.ask_forget": lambda a, d: personal.ask_forget(a),
            "data.forget": lambda a, d: personal.forget(a),
            "data.keep": lambda a, d: booking.leave_as_is(a),
            "organiser.ask_cancel": lambda a, d: organiser.ask_cancel(a, _session(d)),
            "organiser.cancel": lambda a, d: organiser.cancel(a, _session(d)),
            "engage.status": lambda a, d: engage.obey(a, ToEngage.STATUS),
            "engage.preview": lambda a, d: engage.obey(a, ToEngage.PREVIEW),
            "engage.post": lambda a, d: engage.obey(a, ToEngage.POST),
            "engage.ask_delete": lambda a, d: engage.obey(a, ToEngage.ASK_DELETE),
            "engage.delete": lambda a, d: engage.obey(
                a, ToEngage.DELETE, int(_session(d, "message"))
            ),
            "engage.answers": lambda a, d: engage.obey(
                a, ToEngage.ANSWERS_ON if d.get("on") is True else ToEngage.ANSWERS_OFF
            ),
            "champion.promote": lambda a, d: champions.promote(a),
            "champion.posts": lambda a, d: champions.posts(a),
            "champion.share": lambda a, d: champions.share(a, _session(d)),
            "champion.all": lambda a, d: champions.everybody(a),
            "champion.name": lambda a, d: champions.name(
                a, PersonId(_text(d, "who")), _text(d, "group")
            ),
            "champion.end": lambda a, d: champions.end(
                a, PersonId(_text(d, "who")), _text(d, "group")
            ),
            "record.show": lambda a, d: record.mine(a),
            "record.certificate": lambda a, d: record.certificate(
                a, EditionId(int(_session(d, "edition")))
            ),
            "again.ask": lambda a, d: record.ask(a, _session(d)),
            "again.stop": lambda a, d: record.stop(a, _session(d)),
            "again.list": lambda a, d: record.wanted(a),
            "attendance.page": lambda a, d: attendance.check_in(a, _session(d), _page(d)),
            "attendance.tick": lambda a, d: attendance.tick(a, _session(d), _page(d), d),
            "attendance.tick_all": lambda a, d: attendance.tick_all(a, _session(d), _page(d), d),
            "attendance.who": lambda a, d: attendance.who_came(a, _session(d)),
            "attendance.again": lambda a, d: attendance.ask_again(a, _session(d)),
            "attendance.door": lambda a, d: attendance.door(a, _session(d)),
            "attendance.here": lambda a, d: attendance.here(
                a, "", _text(d, "word"), _session(d) if "session" in d else None
            ),
            "attendance.mark": lambda a, d: attendance.mark(
                a, _session(d), _text(d, "who"), presence(d.get("state")), _reason(d)
            ),
            "feedback.show": lambda a, d: feedback.show(a, _session(d)),
            "feedback.send": lambda a, d: feedback.send(a, _session(d), d),
            "feedback.came": lambda a, d: feedback.came(a, _session(d), came=d.get("came") is True),
            "feedback.results": lambda a, d: feedback.results(a, _session(d)),
            **commitments.verbs(),
            "collation.show": lambda a, d: collation.show(
                a, _session(d), _text(d, "step"), _start(d)
            ),
            "attendance.let": lambda a, d: attendance.let(
                a, _session(d), _text(d, "who"), may=d.get("may") is True
            ),
            "idea.ask": lambda a, d: ideas.ask(),
            "idea.send": ideas.send_from_card,
            "idea.list": lambda a, d: ideas.list(a, _start(d)),
            "idea.mine": lambda a, d: ideas.mine(a),
            "idea.support": lambda a, d: ideas.support(a, IdeaId(_session(d, "id"))),
            "idea.withdraw": lambda a, d: ideas.withdraw(a, IdeaId(_session(d, "id"))),
            "course.ask_leave": lambda a, d: leaving.ask(a, _course(d)),
            "course.leave": lambda a, d: leaving.leave(a, _course(d)),
            "course.open": lambda a, d: courses.show(a, _course(d)),
            "course.step": lambda a, d: courses.step(a, _course(d), _text(d, "step")),
            "course.screen": lambda a, d: courses.screen(a, _course(d), _text(d, "step"), d),
            "course.next": lambda a, d: courses.go(a, _course(d), _text(d, "step"), d, Way.ON),
            "course.back": lambda a, d: courses.go(a, _course(d), _text(d, "step"), d, Way.BACK),
            "course.later": lambda a, d: courses.go(a, _course(d), _text(d, "step"), d, Way.LATER),
            "guide.open": lambda a, d: guide.open(a, _id(d, "meeting")),
            "guide.set": lambda a, d: guide.of_set(a, _id(d, "set")),
            "guide.start": lambda a, d: guide.start(a, _id(d, "meeting")),
            "guide.next": lambda a, d: guide.next(a, _id(d, "meeting"), _start(d, "round"), d),
            "guide.back": lambda a, d: guide.back(a, _id(d, "meeting"), _start(d, "round")),
            "guide.more": lambda a, d: guide.more(a, _id(d, "meeting"), _start(d, "round"), d),
            "guide.finish": lambda a, d: guide.finish(a, _id(d, "meeting")),
            "guide.notes": lambda a, d: guide.notes(a, _id(d, "meeting"), d),
            "guide.lead": lambda a, d: guide.lead(a, _id(d, "meeting")),
            "guide.pass": lambda a, d: guide.pass_on(a, _id(d, "meeting")),
            "guide.ask": lambda a, d: guide.ask(a, _id(d, "meeting"), d),
            "guide.agree": lambda a, d: guide.agree(a, _id(d, "meeting")),
            "guide.ask_leave": lambda a, d: guide.ask_leave(a, _id(d, "set")),
            "guide.leave": lambda a, d: guide.leave(a, _id(d, "set")),
            "dilemma.new": lambda a, d: guide.dilemma(a, _id(d, "set")),
            "dilemma.save": lambda a, d: guide.save_dilemma(a, _id(d, "set"), d),
            "dilemma.remove": lambda a, d: guide.remove_dilemma(a, _id(d, "set")),
            "dilemma.list": lambda a, d: guide.dilemmas(a, _id(d, "set")),
            "set.open": lambda a, d: sets.open(a, _course(d)),
            "set.send": lambda a, d: sets.send(a, _course(d), d),
            "set.change": lambda a, d: sets.change(a, _course(d)),
            "set.withdraw": lambda a, d: sets.withdraw(a, _course(d)),
            "set.show": lambda a, d: sets.show(a, int(_session(d, "set"))),
            "theme.close": lambda a, d: ideas.close(a, ThemeId(_session(d, "theme"))),
        }

    async def run(self, asker: Asker, verb: str, data: Data) -> Reply:
        """Run one action; a rule that says no becomes a card, not an error.

        Raises MalformedAction for what no card of ours sends.
        """
        action = self._table.get(verb)
        if action is None:
            raise MalformedAction("unknown verb")
        try:
            return await action(asker, data)
        except LearningError as error:
            return Reply(card=talk.say(str(error)), private=True)


def _session(data: Data, name: str = "session") -> SessionId:
    value = data.get(name)
    if isinstance(value, str) and value.isdecimal() and len(value) < 19:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**63:
        raise MalformedAction(f"no {name}")
    return SessionId(value)


def _course(data: Data) -> CourseId:
    return CourseId(_session(data, "course"))


def _page(data: Data) -> int:
    value = data.get("page")
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _id(data: Data, name: str) -> int:
    return int(_session(data, name))


def _start(data: Data, name: str = "start") -> int:
    """From which place of a list on, or in which round."""
    value = data.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        return 0
    return value if 0 <= value < 10**6 else 0


def _reason(data: Data) -> str:
    return str(data.get("why") or "")[:500]


def _sessions(data: Data) -> list[SessionId]:
    ids: Any = data.get("sessions")
    if not isinstance(ids, list) or not ids:
        raise MalformedAction("no sessions")
    some: list[Any] = ids
    return [_session({"session": each}) for each in some[:MOST_AT_ONCE]]


def _text(data: Data, name: str) -> str:
    return str(data.get(name, ""))[:200]
