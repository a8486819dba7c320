"""Answers about action learning sets: putting oneself forward, taking one's name back, one's own set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cards import sayings, talk
from cards import sets as cards
from cards.kit import Action, Card, execute
from dialogs.reply import Asker, Reply
from learning.courses.schedule import Standing
from learning.people import PersonId
from learning.sessions import CourseId
from services.ports.clocks import Clock
from services.set_wishes import NO_PLACE, BadTimes, Own, SetView, SetWishes

NONE = "You are not on a programme with action learning sets. Ask your learning team about them."


class SetAnswers:
    """Everything here is one person's own, so it is for their own chat only."""

    def __init__(self, wishes: SetWishes, clock: Clock) -> None:
        self._wishes = wishes
        self._clock = clock

    async def mine(self, asker: Asker) -> Reply:
        """Their set, or where they stand with it; a choice where there are several."""
        own = await self._wishes.of_person(asker.person.id)
        led = await self._wishes.facilitated(asker.person.id)
        if len(own) + len(led) == 1:
            return _private(self._own(asker, own[0]) if own else self._set(asker, led[0]))
        if not own and not led:
            return _private(talk.say(NONE))
        offered = [
            (o.mine.action_set.name if o.mine else o.running.course.title, _open(o.running.id))
            for o in own
        ]
        offered += [(f"{v.action_set.name}, which you facilitate", _show(v)) for v in led]
        return _private(cards.which_set_card(offered))

    async def open(self, asker: Asker, course_id: CourseId) -> Reply:
        return _private(self._own(asker, await self._wishes.find(asker.person.id, course_id)))

    async def show(self, asker: Asker, set_id: int) -> Reply:
        return _private(self._set(asker, await self._wishes.view(asker.person.id, set_id)))

    async def change(self, asker: Asker, course_id: CourseId) -> Reply:
        own = await self._wishes.find(asker.person.id, course_id)
        if own.mine is not None or own.wish is None or own.standing is not Standing.OPEN:
            return _private(self._own(asker, own))
        return _private(_form(own, own.wish.can, own.wish.prefers))

    async def send(self, asker: Asker, course_id: CourseId, data: Mapping[str, Any]) -> Reply:
        can, prefers = _chosen(data, "can"), _chosen(data, "prefers")
        try:
            own = await self._wishes.put_forward(asker.person.id, course_id, can, prefers)
        except BadTimes as error:
            own = await self._wishes.find(asker.person.id, course_id)
            return _private(_form(own, can, prefers, note=str(error)))
        return _private(self._own(asker, own))

    async def withdraw(self, asker: Asker, course_id: CourseId) -> Reply:
        own = await self._wishes.withdraw(asker.person.id, course_id)
        title = own.running.course.title
        is_open = own.standing is Standing.OPEN
        return _private(cards.withdrawn_card(course_id, title, is_open=is_open))

    def _own(self, asker: Asker, own: Own) -> Card:
        course = own.running.course
        if own.mine is not None:
            return self._set(asker, own.mine)
        if own.wish is not None:
            return cards.put_forward_card(
                own.running.id,
                course.title,
                own.wish,
                until=own.closes,
                may_change=own.standing is Standing.OPEN,
            )
        if not own.has_place:
            return cards.nothing_open_card(course.title, NO_PLACE)
        match own.standing:
            case Standing.OPEN:
                return _form(own)
            case Standing.NOT_YET:
                when = f" from {sayings.day(own.opens)}" if own.opens else " later"
                words = f"You can put yourself forward{when}. I ask you then."
            case Standing.CLOSED:
                words = "Putting oneself forward has closed. Ask your learning team whether a set has room."
        return cards.nothing_open_card(course.title, words)

    def _set(self, asker: Asker, view: SetView) -> Card:
        more = buttons(view, asker.person.id)
        return cards.set_card(shown(view), zone=asker.zone, now=self._clock.now(), more=more)


def shown(view: SetView) -> cards.Group:
    """A set as its card has it."""
    return cards.Group(
        id=view.action_set.id,
        name=view.action_set.name,
        title=view.title,
        members=view.members,
        facilitator=view.facilitator,
        meetings=view.meetings,
        join_url=view.action_set.join_url,
        chat=view.chat,
    )


def buttons(view: SetView, person_id: PersonId) -> list[Action]:
    """What somebody can do from the card of their set: those who lead it bring nothing."""
    own = view.action_set.id
    guide = [execute("Open the guide", "guide.set", set=own)] if view.meetings else []
    if all(member.id != person_id for member in view.members):
        return guide
    return [
        *guide,
        execute("Bring a dilemma", "dilemma.new", set=own),
        execute("Leave the set", "guide.ask_leave", set=own),
    ]


def _form(
    own: Own,
    can: frozenset[str] = frozenset(),
    prefers: frozenset[str] = frozenset(),
    *,
    note: str = "",
) -> Card:
    return cards.availability_card(
        own.running.id,
        own.running.course.title,
        wish=own.wish,
        can=can,
        prefers=prefers,
        until=own.closes,
        note=note,
    )


def _chosen(data: Mapping[str, Any], name: str) -> frozenset[str]:
    """Teams sends what was chosen of several with commas between."""
    given = data.get(name)
    said = given if isinstance(given, str) else ""
    return frozenset(part.strip() for part in said[:500].split(",") if part.strip())


def _open(course_id: CourseId) -> Action:
    return execute("Show", "set.open", course=course_id)


def _show(view: SetView) -> Action:
    return execute("Show", "set.show", set=view.action_set.id)


def _private(card: Card) -> Reply:
    return Reply(card=card, private=True)
