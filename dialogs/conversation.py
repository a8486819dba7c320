"""One turn of talk: the open question first, then whatever the words command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from botbuilder.core import TurnContext
from botbuilder.dialogs import DialogSet

from cards import talk as cards
from dialogs import asked as packed
from dialogs.attendance_answers import AttendanceAnswers
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
from dialogs.questions import (
    ASKER,
    COMMAND,
    SAID,
    ChooseSessionDialog,
    ConfirmDialog,
    TellDialog,
)
from dialogs.record_answers import RecordAnswers
from dialogs.reply import Asker, Purpose, Question, Reply
from dialogs.report_answers import ReportAnswers
from dialogs.set_answers import SetAnswers
from dialogs.state import PersonState
from language import commands
from language.commands import Command
from language.phrases import ordinal
from language.understanding import at_once, by_meaning, texts_in
from learning.errors import LearningError
from learning.sessions import CourseId, SessionId
from learning.sources import of_champion
from services.catalogue import Catalogue
from services.ports.clocks import Clock

CHOOSE, CONFIRM, TELL = "choose_session", "confirm", "tell"
CHOICES = frozenset({Purpose.BOOK, Purpose.CANCEL, Purpose.CANCEL_SESSION, Purpose.PLAN})


class Conversation:
    def __init__(
        self,
        state: PersonState,
        catalogue: Catalogue,
        clock: Clock,
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
        report: ReportAnswers,
        collation: CollationAnswers,
        commitments: CommitmentAnswers,
        courses: CourseAnswers,
        leaving: CourseLeavingAnswers,
        sets: SetAnswers,
        guide: GuideAnswers,
    ) -> None:
        self._state = state
        self._catalogue = catalogue
        self._clock = clock
        self._programme = programme
        self._booking = booking
        self._personal = personal
        self._organiser = organiser
        self._engage = engage
        self._plans = plans
        self._attendance = attendance
        self._feedback = feedback
        self._record = record
        self._ideas = ideas
        self._champions = champions
        self._report = report
        self._courses = courses
        self._leaving = leaving
        self._sets = sets
        self._guide = guide
        self._collation = collation
        self._commitments = commitments
        self._dialogs = DialogSet(state.dialogs)
        self._dialogs.add(
            ChooseSessionDialog(
                CHOOSE,
                {
                    Purpose.BOOK: self._book_chosen,
                    Purpose.CANCEL: self._cancel_chosen,
                    Purpose.CANCEL_SESSION: self._cancel_session_chosen,
                    Purpose.PLAN: self._plan_chosen,
                },
            )
        )
        self._dialogs.add(
            ConfirmDialog(
                CONFIRM,
                {
                    Purpose.CLASH: self._despite_clash,
                    Purpose.OTHER_DATE: self._other_date,
                    Purpose.LEAVE_COURSE: self._leave_course,
                    Purpose.CALL_OFF: self._call_off,
                    Purpose.FORGET: self._forget,
                },
            )
        )
        self._dialogs.add(TellDialog(TELL, {Purpose.IDEA: self._idea_told}))

    async def answer(self, turn: TurnContext, asker: Asker, text: str) -> list[Reply]:
        """What to say to these words, to each thing in them. The caller sends it and saves the state."""
        now = self._clock.now()
        asked = packed.unpack(self._state.asked_for(turn, now) or {})
        shown = self._state.shown(turn, now)
        context = self._catalogue.context(
            asker.programme, asker.zone, asked=asked, shown=len(shown)
        )
        command = at_once(text, context)
        if command is None:
            await self._catalogue.think(asker.programme, *texts_in(text, context))
            meant = partial(by_meaning, text, context)
            command = await self._catalogue.meanwhile(asker.programme, meant)
        turn.turn_state[COMMAND] = command
        turn.turn_state[ASKER] = asker
        turn.turn_state[SAID] = text
        self._state.close_old_question(turn, now)
        if self._state.is_asked(turn):
            talk = await self._dialogs.create_context(turn)
            reply = (await talk.continue_dialog()).result
            if isinstance(reply, Reply):
                await self._keep(turn, [reply])
                return [reply]
        each = command.commands if isinstance(command, commands.Several) else (command,)
        replies = [await self._obeyed(turn, asker, c, shown) for c in each]
        await self._keep(turn, replies)
        return replies

    async def pressed(self, turn: TurnContext, reply: Reply) -> None:
        """A button was pressed: it answers what was asked before, and may ask something itself."""
        self._state.close_question(turn)
        await self._keep(turn, [reply])

    async def _keep(self, turn: TurnContext, replies: Sequence[Reply]) -> None:
        """What of these replies the next words may be about; only the first question stays open."""
        if any(reply.forgets for reply in replies):
            self._state.forget(turn)
            return
        now = self._clock.now()
        if question := next((r.question for r in replies if r.question is not None), None):
            talk = await self._dialogs.create_context(turn)
            await talk.begin_dialog(_dialog(question.purpose), question)
            self._state.asked(turn, now)
        if shown := list(dict.fromkeys(i for reply in replies for i in reply.shown)):
            last = next((r for r in reversed(replies) if r.asked is not None), None)
            answers = packed.pack(last.asked, last.upto) if last and last.asked else None
            self._state.remember(turn, shown, now, answers)

    async def _obeyed(
        self, turn: TurnContext, asker: Asker, command: Command, shown: Sequence[SessionId]
    ) -> Reply:
        """One of several things may be refused without the others."""
        try:
            if asker.only is not None and not isinstance(command, asker.only):
                return await self._in_teams(turn, asker, command, shown)
            return await self._obey(turn, asker, command, shown)
        except LearningError as error:
            return Reply(card=cards.say(str(error)), private=True)

    async def _in_teams(
        self, turn: TurnContext, asker: Asker, command: Command, shown: Sequence[SessionId]
    ) -> Reply:
        """What is not done where they ask, with the words that do it in the bot's own chat."""
        words = turn.activity.text or ""
        if isinstance(command, commands.Book):
            named = await self._booking.named(asker, command.what, shown)
            words = f"book {named.code if named else command.what}"
        card = cards.say("I can only do that in Teams, where I know who you are.")
        return Reply(card=card, instead=words.strip())

    async def _obey(
        self, turn: TurnContext, asker: Asker, command: Command, shown: Sequence[SessionId]
    ) -> Reply:
        match command:
            case commands.WhatsOn():
                return await self._programme.whats_on(asker, command)
            case commands.Find():
                return await self._find(asker, command, shown)
            case commands.More():
                asked = self._state.asked_for(turn, self._clock.now())
                return await self._programme.more_of(asker, asked, shown)
            case commands.Another(than=than, what=what):
                return await self._programme.others(asker, what, shown, than)
            case commands.Book(what=what, tag=tag):
                from_post = replace(asker, source=of_champion(tag)) if tag else asker
                return await self._booking.book_named(from_post, what, shown)
            case commands.Cancel(what=what):
                return await self._booking.cancel_named(asker, what, shown)
            case commands.CancelSession(what=what):
                return await self._organiser.cancel_named(asker, what, shown)
            case commands.Snooze(when=when, after=after):
                return await self._booking.snooze(asker, when, after, shown)
            case commands.MyBookings():
                return await self._booking.mine(asker)
            case commands.Resources():
                return await self._programme.resources()
            case commands.PlanWeek(about=about, when=when):
                asked = self._state.asked_for(turn, self._clock.now())
                looked_for = packed.unpack(asked or {})
                return await self._plans.plan(asker, about, when, looked_for)
            case commands.WhoIsUnreached():
                return await self._organiser.unreached(asker)
            case commands.HubList():
                return await self._organiser.hub_list(asker)
            case commands.WhatWasSent():
                return await self._organiser.deliveries(asker)
            case commands.Engage(do=do):
                return await self._engage.obey(asker, do)
            case commands.OrganiserHelp():
                return await self._organiser.help(asker)
            case (
                commands.Here()
                | commands.CheckIn()
                | commands.ShowDoor()
                | commands.WhoCame()
                | commands.MarkAttendance()
                | commands.LetCheckIn()
            ):
                return await self._attendance.obey(asker, command, shown)
            case commands.SeeCollation():
                return await self._collation.all(asker)
            case commands.Commit() | commands.Commitments() | commands.Quotes():
                said = command.said if isinstance(command, commands.Commit) else ""
                answer = await self._commitments.obey(asker, command)
                otherwise = commands.Find(said, asked=False)
                return answer or await self._find(asker, otherwise, shown)
            case commands.HowItWent():
                return await self._report.show(asker)
            case commands.GiveFeedback() | commands.SeeFeedback():
                return await self._feedback.obey(asker, command, shown)
            case (
                commands.NameChampion()
                | commands.EndChampion()
                | commands.WhoAreChampions()
                | commands.WhatToPromote()
                | commands.MyPosts()
            ):
                return await self._champions.obey(asker, command)
            case commands.ShareSession(what=what):
                said = commands.Find(f"share {what}", asked=False)
                post = await self._champions.share_named(asker, what, shown)
                return post or await self._find(asker, said, shown)
            case (
                commands.Idea()
                | commands.Ideas()
                | commands.MyIdeas()
                | commands.AskForIdeas()
                | commands.StopIdeas()
            ):
                return await self._ideas.obey(asker, command)
            case (
                commands.MyLearning()
                | commands.TellAgain()
                | commands.StopTelling()
                | commands.WhatIAskedFor()
            ):
                return await self._record.obey(asker, command, shown)
            case commands.Dilemmas() | commands.GuideMeeting() | commands.LeaveSet():
                own = await self._guide.obey(asker, command)
                said = command.text if isinstance(command, commands.GuideMeeting) else ""
                return own or await self._find(asker, commands.Find(said, asked=False), shown)
            case commands.MySet():
                return await self._sets.mine(asker)
            case commands.LeaveCourse(what=what):
                return await self._leaving.ask_which(asker, what)
            case commands.MyCourses() | commands.GoOnWithCourse() | commands.CourseToDo():
                own = await self._courses.obey(asker, command)
                return own or await self._obey(turn, asker, commands.More(), shown)
            case commands.Several(commands=several):
                return await self._obey(turn, asker, several[0], shown)
            case _:
                return await self._personally(asker, command, shown)

    async def _personally(
        self, asker: Asker, command: Command, shown: Sequence[SessionId]
    ) -> Reply:
        """What is about the person or the talk itself, and not about sessions."""
        match command:
            case commands.Nudges(on=on):
                return await self._personal.nudges(asker, on)
            case commands.Highlights(on=on):
                return await self._personal.highlights(asker, on)
            case commands.ChannelHighlights(on=on):
                return await self._personal.channel_highlights(asker, on)
            case commands.MyCalendar(do=do):
                return await self._personal.calendar(asker, do)
            case commands.MyData():
                return await self._personal.my_data(asker)
            case commands.ForgetMe():
                return await self._personal.ask_forget(asker)
            case commands.Greeting():
                return self._personal.hello(asker)
            case commands.Thanks():
                return self._personal.welcome_back()
            case commands.Chatter():
                return self._personal.small_talk()
            case commands.Human():
                about = await self._catalogue.among(shown) if len(shown) == 1 else []
                return self._personal.human(about[0] if about else None)
            case _:
                return self._personal.help()

    async def _find(
        self, asker: Asker, command: commands.Find, shown: Sequence[SessionId]
    ) -> Reply:
        """A code, a title or "the second one" shows that session; anything else is looked for."""
        named = None
        if command.when is None and not command.wanted:
            named = await self._booking.named(asker, command.text, shown)
        if named is not None:
            return await self._programme.show(asker, named.id)
        if asker.only is None and (own := await self._courses.titled(asker, command.text)):
            return own
        return await self._programme.find(asker, command)

    async def _book_chosen(self, asker: Asker, question: Question, words: str) -> Reply | None:
        if words == "no":
            return await self._booking.leave_as_is(asker)
        named = await self._booking.named(asker, words, question.sessions)
        if named is None and question.sessions and ordinal(words) is None:
            return await self._among(asker, question, words)
        return await self._booking.book_named(asker, words, question.sessions)

    async def _among(self, asker: Asker, question: Question, words: str) -> Reply | None:
        """Words about one of the sessions on offer book it; others were not an answer."""
        found = await self._catalogue.find(words)
        offered = [m.session.id for m in found if m.is_sure and m.session.id in question.sessions]
        return await self._booking.book(asker, offered[0]) if len(offered) == 1 else None

    async def _cancel_chosen(self, asker: Asker, question: Question, words: str) -> Reply | None:
        if words == "no":
            return await self._booking.leave_as_is(asker)
        return await self._booking.cancel_named(asker, words, question.sessions)

    async def _plan_chosen(self, asker: Asker, question: Question, words: str) -> Reply | None:
        if words == "no":
            return await self._booking.leave_as_is(asker)
        return await self._plans.chosen(asker, words)

    async def _idea_told(self, asker: Asker, question: Question, words: str) -> Reply | None:
        if words == "no":
            return await self._booking.leave_as_is(asker)
        if await self._booking.named(asker, words, ()) is not None:
            return None  # a session's code or title: they have something else in mind
        return await self._ideas.send(asker, words)

    async def _cancel_session_chosen(
        self, asker: Asker, question: Question, words: str
    ) -> Reply | None:
        if words == "no":
            return await self._booking.leave_as_is(asker)
        return await self._organiser.cancel_named(asker, words, question.sessions)

    async def _despite_clash(self, asker: Asker, question: Question, words: str) -> Reply:
        wanted, *others = question.sessions
        if words == "swap" and len(others) == 1:
            return await self._booking.swap(asker, wanted, others[0])
        if words == "swap":  # for which one? The card asks, with a button for each
            return await self._booking.book(asker, wanted)
        if words == "yes":
            return await self._booking.book(asker, wanted, anyway=True)
        return await self._booking.leave_as_is(asker)

    async def _other_date(self, asker: Asker, question: Question, words: str) -> Reply:
        wanted, other = question.sessions
        if words in ("yes", "swap"):
            return await self._booking.swap(asker, wanted, other)
        return await self._booking.leave_as_is(asker)

    async def _leave_course(self, asker: Asker, question: Question, words: str) -> Reply:
        if words == "yes":
            return await self._leaving.leave(asker, CourseId(int(question.sessions[0])))
        return await self._booking.leave_as_is(asker)

    async def _call_off(self, asker: Asker, question: Question, words: str) -> Reply:
        if words == "yes":
            return await self._organiser.cancel(asker, question.sessions[0])
        return await self._booking.leave_as_is(asker)

    async def _forget(self, asker: Asker, question: Question, words: str) -> Reply:
        if words == "yes":
            return await self._personal.forget(asker)
        return await self._booking.leave_as_is(asker)


def _dialog(purpose: Purpose) -> str:
    """Which dialog waits for the answer to a question."""
    if purpose is Purpose.IDEA:
        return TELL
    return CHOOSE if purpose in CHOICES else CONFIRM
