"""Answers about commitments: making, sharing, checking in, and one's own way so far."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any

from cards import commitments as cards
from cards import talk
from cards.commitments import Line, Typed
from cards.course_timeline import timeline_card
from cards.kit import Card
from dialogs.quote_answers import QuoteAnswers, number, typed_text
from dialogs.reply import Asker, Reply
from language.commands import Commit, Commitments, Quotes, ToCommitments
from learning.courses.commitments import NoCommitment, Said
from learning.people import PersonId
from learning.sessions import CourseId
from services.commitments import (
    NOT_ON_IT,
    CommitmentService,
    NotNow,
    Own,
)
from services.course_timelines import CourseTimelines
from services.ports.clocks import Clock
from services.shared_commitments import NO_SUCH_SET, SharedCommitments

ON_NONE = "Commitments belong to a programme over months, and you are on none just now."
DELETED = "Deleted. Nobody can read it any more, and I do not ask about it again."


class CommitmentAnswers:
    """Whose a commitment is, and who is in which set, is asked anew on every press."""

    def __init__(
        self,
        commitments: CommitmentService,
        shared: SharedCommitments,
        timelines: CourseTimelines,
        quotes: QuoteAnswers,
        clock: Clock,
    ) -> None:
        self._commitments = commitments
        self._shared = shared
        self._timelines = timelines
        self._quotes = quotes
        self._clock = clock

    def verbs(self) -> Mapping[str, Callable[[Asker, Mapping[str, Any]], Awaitable[Reply]]]:
        """What the buttons on cards about commitments and quotes do."""
        return {
            "commitment.new": lambda a, d: self.new(a, CourseId(number(d, "course"))),
            "commitment.save": self.save,
            "commitment.show": lambda a, d: self.show(a, number(d, "id")),
            "commitment.edit": lambda a, d: self.edit(a, number(d, "id")),
            "commitment.ask_delete": lambda a, d: self.ask_delete(a, number(d, "id")),
            "commitment.delete": lambda a, d: self.delete(a, number(d, "id")),
            "commitment.list": lambda a, d: self.list(a, number(d, "start")),
            "commitment.share": lambda a, d: self.share(
                a, number(d, "id"), shared=d.get("shared") is True
            ),
            "commitment.check": self.check,
            "commitment.lesson": lambda a, d: self.lesson(a, number(d, "id"), number(d, "day")),
            "commitment.ours": lambda a, d: self.ours(a, number(d, "set")),
            "commitment.timeline": lambda a, d: self.timeline(a),
            **self._quotes.verbs(),
        }

    async def obey(self, asker: Asker, command: Commit | Commitments | Quotes) -> Reply | None:
        """None for "I will … by …" from somebody on no programme: they mean something else."""
        match command:
            case Commit():
                return await self._commit(asker, command)
            case Quotes():
                return await self._quotes.obey(asker, command)
            case Commitments(do=do):
                return await self._do(asker, do)

    async def _do(self, asker: Asker, do: ToCommitments) -> Reply:
        match do:
            case ToCommitments.LIST:
                return await self.list(asker)
            case ToCommitments.NEW:
                return await self.new(asker)
            case ToCommitments.OURS:
                return await self._ours_of_any(asker)
            case ToCommitments.TIMELINE:
                return await self.timeline(asker)

    # --- one's own -------------------------------------------------------------------------------

    async def new(self, asker: Asker, course_id: CourseId | None = None) -> Reply:
        """The empty card; for the programme that they joined last where none is named."""
        courses = await self._commitments.courses(asker.person.id)
        for running in courses:
            if course_id in (None, running.id):
                card = cards.form_card(running.course.title, {"course": running.id})
                return Reply(card=card, private=True)
        return Reply(card=talk.say(NOT_ON_IT if courses else ON_NONE), private=True)

    async def save(self, asker: Asker, data: Mapping[str, Any]) -> Reply:
        """Keep what was filled in, as a new one or instead of one of theirs."""
        text, due = typed_text(data, "text"), typed_text(data, "due")
        shared, today = data.get("with_set") == "yes", self._today(asker)
        try:
            if "id" in data:
                own = await self._commitments.change(
                    asker.person.id, number(data, "id"), text, _day(due), today=today
                )
                return self._one(own, "Changed")
            own = await self._commitments.add(
                asker.person.id,
                CourseId(number(data, "course")),
                text,
                _day(due),
                today=today,
                shared=shared,
            )
        except NoCommitment as error:
            typed = Typed(text=text, due=due, shared=shared)
            return await self._again(asker, data, typed, str(error))
        return self._one(own, "Kept")

    async def show(self, asker: Asker, commitment_id: int) -> Reply:
        return self._one(await self._commitments.own(asker.person.id, commitment_id))

    async def edit(self, asker: Asker, commitment_id: int) -> Reply:
        own = await self._commitments.own(asker.person.id, commitment_id)
        card = cards.form_card(own.course, {"id": commitment_id}, _as_typed(own))
        return Reply(card=card, private=True)

    async def share(self, asker: Asker, commitment_id: int, *, shared: bool) -> Reply:
        own = await self._commitments.share(asker.person.id, commitment_id, shared=shared)
        return self._one(own, "Shared with your set" if shared else "Private again")

    async def ask_delete(self, asker: Asker, commitment_id: int) -> Reply:
        own = await self._commitments.own(asker.person.id, commitment_id)
        return Reply(card=cards.ask_delete_card(_line(own)), private=True)

    async def delete(self, asker: Asker, commitment_id: int) -> Reply:
        await self._commitments.remove(asker.person.id, commitment_id)
        return Reply(card=talk.say(DELETED), private=True)

    async def list(self, asker: Asker, start: int = 0) -> Reply:
        """Those first that wait for their word."""
        mine = await self._commitments.mine(asker.person.id)
        courses = await self._commitments.courses(asker.person.id)
        if not mine and not courses:
            return Reply(card=talk.say(ON_NONE), private=True)
        lines = [_line(own) for own in sorted(mine, key=lambda own: not own.is_due)]
        named = [(running.id, running.course.title) for running in courses]
        return Reply(card=cards.list_card(lines, named, start), private=True)

    async def timeline(self, asker: Asker) -> Reply:
        events = await self._timelines.of_person(asker.person.id)
        return Reply(card=timeline_card(events, asker.zone), private=True)

    async def _commit(self, asker: Asker, command: Commit) -> Reply | None:
        courses = await self._commitments.courses(asker.person.id)
        if not courses:
            return None
        own = await self._commitments.add(
            asker.person.id, courses[0].id, command.text, command.due_on, today=self._today(asker)
        )
        return self._one(own, "Kept")

    async def _again(
        self, asker: Asker, data: Mapping[str, Any], typed: Typed, fault: str
    ) -> Reply:
        """The form as it was sent, with what is wrong."""
        if "id" in data:
            own = await self._commitments.own(asker.person.id, number(data, "id"))
            card = cards.form_card(own.course, {"id": own.commitment.id}, typed, fault=fault)
            return Reply(card=card, private=True)
        courses = await self._commitments.courses(asker.person.id)
        found = next((c for c in courses if c.id == number(data, "course")), None)
        if found is None:
            return Reply(card=talk.say(NOT_ON_IT), private=True)
        card = cards.form_card(found.course.title, {"course": found.id}, typed, fault=fault)
        return Reply(card=card, private=True)

    # --- check-ins -------------------------------------------------------------------------------

    async def check(self, asker: Asker, data: Mapping[str, Any]) -> Reply:
        """What they say of it; what it has become is asked before it is kept."""
        said = str(data.get("state") or "")
        own = await self._commitments.own(asker.person.id, number(data, "id"))
        if said not in set(Said):
            return self._as_it_is(own)
        if said == Said.CHANGED and "text" not in data and own.day == number(data, "day"):
            return Reply(card=cards.changed_card(_line(own), _as_typed(own)), private=True)
        return await self._checked(asker, own, Said(said), data)

    async def lesson(self, asker: Asker, commitment_id: int, day: int) -> Reply:
        """Asks what was learnt, before it is dropped."""
        own = await self._commitments.own(asker.person.id, commitment_id)
        if own.day != day:
            return self._as_it_is(own)
        return Reply(card=cards.lesson_card(_line(own)), private=True)

    async def _checked(self, asker: Asker, own: Own, said: Said, data: Mapping[str, Any]) -> Reply:
        field = {Said.CHANGED: "text", Said.DROPPED: "lesson"}.get(said, "")
        text, due = typed_text(data, field), typed_text(data, "due")
        try:
            after = await self._commitments.check(
                asker.person.id,
                own.commitment.id,
                number(data, "day"),
                said,
                today=self._today(asker),
                text=text,
                due_on=_day(due),
            )
        except NotNow as error:
            return self._as_it_is(own, str(error))
        except NoCommitment as error:
            line = _line(own)
            if said is Said.CHANGED:
                card = cards.changed_card(line, Typed(text=text, due=due), fault=str(error))
            else:
                card = cards.lesson_card(line, text, fault=str(error))
            return Reply(card=card, private=True)
        more = await self._commitments.first_due(asker.person.id) is not None
        card = cards.checked_card(
            _line(after), said, lesson=text.strip() if said is Said.DROPPED else "", more=more
        )
        return Reply(card=card, private=True)

    def _as_it_is(self, own: Own, note: str = "") -> Reply:
        """An old card was pressed: what can be said of it now."""
        if own.is_due:
            return Reply(card=cards.check_card(_line(own), note=note), private=True)
        return Reply(card=cards.one_card(_line(own), note=note), private=True)

    async def due_card(self, person_id: PersonId) -> Card | None:
        """What they are asked about first, for the one reminder of a day."""
        own = await self._commitments.first_due(person_id)
        return cards.check_card(_line(own), reminds=True) if own else None

    # --- a set's ---------------------------------------------------------------------------------

    async def ours(self, asker: Asker, set_id: int) -> Reply:
        board = await self._shared.of_set(asker.person.id, set_id)
        rows = [(s.name, s.text, s.due_on, s.state) for s in board.shared]
        card = cards.ours_card(board.action_set.name, rows, set_id=set_id)
        return Reply(card=card, private=True)

    async def _ours_of_any(self, asker: Asker) -> Reply:
        sets = await self._shared.sets(asker.person.id)
        if not sets:
            return Reply(card=talk.say(NO_SUCH_SET), private=True)
        if len(sets) == 1:
            return await self.ours(asker, sets[0].id)
        return Reply(card=cards.sets_card([(s.id, s.name) for s in sets]), private=True)

    # --- parts -----------------------------------------------------------------------------------

    def _one(self, own: Own, heading: str = "") -> Reply:
        return Reply(card=cards.one_card(_line(own), heading=heading), private=True)

    def _today(self, asker: Asker) -> date:
        return self._clock.now().astimezone(asker.zone).date()


def _line(own: Own) -> Line:
    commitment, answer = own.commitment, own.answer
    return Line(
        id=commitment.id,
        text=own.text,
        course=own.course,
        due_on=commitment.due_on,
        is_shared=commitment.is_shared,
        state=commitment.state,
        day=own.day,
        said=answer.state if answer else None,
        is_due=own.is_due,
    )


def _as_typed(own: Own) -> Typed:
    return Typed(
        text=own.text,
        due=own.commitment.due_on.isoformat(),
        shared=own.commitment.is_shared,
    )


def _day(due: str) -> date | None:
    """A day as an input sends it; None for what is none."""
    try:
        return date.fromisoformat(due)
    except ValueError:
        return None
