"""Answers about a set's meetings: the guide, whose turn it is, dilemmas, leaving."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from cards import dilemmas as dilemma_cards
from cards import guide as cards
from cards import set_notices, talk
from cards.kit import Card
from dialogs.reply import Asker, Reply
from dialogs.shown_meetings import dilemma, shown
from language import commands
from learning.courses.action_sets import MeetingState
from learning.people import PersonId
from services.dilemmas import DilemmaService, NotTaken
from services.set_life import SetLife
from services.set_meetings import NotKept, SetMeetings, View
from services.set_turns import NobodyElse, NotLeading, SetTurns, TooEarly

Data = Mapping[str, Any]

NO_SET = "You are in no action learning set just now."
NO_MEETING = "Your set has no meetings yet."


class GuideAnswers:
    """All of it in the person's own chat. Every press asks anew whether they are in the set."""

    def __init__(
        self,
        meetings: SetMeetings,
        turns: SetTurns,
        dilemmas: DilemmaService,
        life: SetLife,
        *,
        commitments: bool,
    ) -> None:
        self._meetings = meetings
        self._turns = turns
        self._dilemmas = dilemmas
        self._life = life
        self._commitments = commitments

    async def obey(
        self, asker: Asker, command: commands.Dilemmas | commands.GuideMeeting | commands.LeaveSet
    ) -> Reply | None:
        """None for words that mean something else to who is in no set."""
        match command:
            case commands.GuideMeeting():
                return await self._guide(asker)
            case commands.Dilemmas(bring=bring):
                return await self._which(asker, bring=bring)
            case commands.LeaveSet():
                return await self._ask_leave(asker)

    # --- the guide -------------------------------------------------------------------------------

    async def open(self, asker: Asker, meeting_id: int, note: str = "") -> Reply:
        view = await self._meetings.view(asker.person.id, meeting_id)
        return _private(self._card(asker, view, note))

    async def of_set(self, asker: Asker, set_id: int) -> Reply:
        """The meeting of a set that is under way, or the next."""
        meeting = await self._meetings.of_set(asker.person.id, set_id)
        if meeting is None:
            return _private(talk.say(NO_MEETING))
        return await self.open(asker, meeting.id)

    async def start(self, asker: Asker, meeting_id: int) -> Reply:
        return await self._do(asker, meeting_id, self._meetings.start)

    async def next(self, asker: Asker, meeting_id: int, seen: int, data: Data) -> Reply:
        chosen = str(data.get(cards.PRESENTER) or "")
        dilemma_id = int(chosen) if chosen.isdecimal() and len(chosen) < 19 else None
        return await self._do(
            asker, meeting_id, lambda who, which: self._meetings.go(who, which, seen, 1, dilemma_id)
        )

    async def back(self, asker: Asker, meeting_id: int, seen: int) -> Reply:
        return await self._do(
            asker, meeting_id, lambda who, which: self._meetings.go(who, which, seen, -1)
        )

    async def more(self, asker: Asker, meeting_id: int, seen: int, data: Data) -> Reply:
        ends = _instant(data.get("ends"))
        if ends is None:
            return await self.open(asker, meeting_id)
        return await self._do(
            asker, meeting_id, lambda who, which: self._meetings.more_time(who, which, seen, ends)
        )

    async def finish(self, asker: Asker, meeting_id: int) -> Reply:
        return await self._do(asker, meeting_id, self._meetings.finish)

    async def notes(self, asker: Asker, meeting_id: int, data: Data) -> Reply:
        """Keep what is handed over; what cannot be kept is shown again as it was typed."""
        typed = str(data.get(cards.NOTES) or "")
        try:
            await self._meetings.hand_over(asker.person.id, meeting_id, typed)
        except NotKept as error:
            view = await self._meetings.view(asker.person.id, meeting_id)
            return _private(self._over(asker, view, note=str(error), typed=typed))
        except NotLeading as error:
            return await self._refused(asker, meeting_id, str(error))
        view = await self._meetings.view(asker.person.id, meeting_id)
        return _private(self._over(asker, view, is_kept=bool(typed.strip())))

    async def lead(self, asker: Asker, meeting_id: int) -> Reply:
        """Step in for whoever is missing."""
        return await self._do(asker, meeting_id, self._turns.step_in)

    async def pass_on(self, asker: Asker, meeting_id: int) -> Reply:
        try:
            to = await self._turns.pass_on(asker.person.id, meeting_id)
        except (NotLeading, NobodyElse) as error:
            return await self._refused(asker, meeting_id, str(error))
        view = await self._meetings.view(asker.person.id, meeting_id)
        note = f"Passed on: {view.room.name(to)} leads, and is told so. You come next."
        return _private(self._card(asker, view, note))

    async def ask(self, asker: Asker, meeting_id: int, data: Data) -> Reply:
        other = PersonId(str(data.get(cards.OTHER) or "")[:200])
        if not other:
            return await self.open(asker, meeting_id, "Choose first whom to ask.")
        try:
            await self._turns.ask(asker.person.id, meeting_id, other)
        except NotLeading as error:
            return await self._refused(asker, meeting_id, str(error))
        view = await self._meetings.view(asker.person.id, meeting_id)
        note = f"{view.room.name(other)} is asked. Until they agree, it stays your turn."
        return _private(self._card(asker, view, note))

    async def agree(self, asker: Asker, meeting_id: int) -> Reply:
        return await self._do(asker, meeting_id, self._turns.agree)

    # --- dilemmas --------------------------------------------------------------------------------

    async def dilemma(self, asker: Asker, set_id: int) -> Reply:
        """The form, with what they brought before in it."""
        desk = await self._dilemmas.look(asker.person.id, set_id)
        if not desk.is_member:
            return await self.dilemmas(asker, set_id)
        own = desk.own.text if desk.own else ""
        name = desk.room.action_set.name
        return _private(dilemma_cards.bring_card(set_id, name, text=own, is_there=bool(own)))

    async def save_dilemma(self, asker: Asker, set_id: int, data: Data) -> Reply:
        typed = str(data.get(dilemma_cards.TEXT) or "")
        desk = await self._dilemmas.look(asker.person.id, set_id)
        name = desk.room.action_set.name
        try:
            await self._dilemmas.bring(asker.person.id, set_id, typed)
        except NotTaken as error:
            return _private(
                dilemma_cards.bring_card(
                    set_id, name, text=typed, is_there=desk.own is not None, fault=str(error)
                )
            )
        return _private(dilemma_cards.kept_card(set_id, name, typed.strip()))

    async def remove_dilemma(self, asker: Asker, set_id: int) -> Reply:
        was_there = await self._dilemmas.take_back(asker.person.id, set_id)
        desk = await self._dilemmas.look(asker.person.id, set_id)
        name = desk.room.action_set.name
        return _private(dilemma_cards.gone_card(set_id, name, was_there=was_there))

    async def dilemmas(self, asker: Asker, set_id: int) -> Reply:
        desk = await self._dilemmas.look(asker.person.id, set_id)
        own = [desk.own] if desk.own else []
        card = dilemma_cards.list_card(
            set_id,
            desk.room.action_set.name,
            [dilemma(each) for each in (*own, *desk.others)],
            is_member=desk.is_member,
            own=desk.own.name if desk.own else "",
        )
        return _private(card)

    # --- leaving ---------------------------------------------------------------------------------

    async def ask_leave(self, asker: Asker, set_id: int) -> Reply:
        room = await self._life.room(asker.person.id, set_id)
        return _private(set_notices.ask_leave_card(set_id, room.action_set.name))

    async def leave(self, asker: Asker, set_id: int) -> Reply:
        name = await self._life.leave(asker.person.id, set_id)
        return _private(talk.say(f"You have left {name}.", "Thank you for having been part of it."))

    # --- parts -----------------------------------------------------------------------------------

    async def _guide(self, asker: Asker) -> Reply | None:
        current = await self._meetings.current(asker.person.id)
        if not current:
            rooms = await self._dilemmas.sets_of(asker.person.id)
            return _private(talk.say(NO_MEETING)) if rooms else None
        if len(current) == 1 or current[0][1].state is MeetingState.UNDER_WAY:
            return await self.open(asker, current[0][1].id)
        me = asker.person.id
        meetings = [shown(room, meeting, me, meeting.starts_at) for room, meeting in current]
        return _private(cards.choose_card(meetings, zone=asker.zone))

    async def _which(self, asker: Asker, *, bring: bool) -> Reply:
        rooms = await self._dilemmas.sets_of(asker.person.id)
        if not rooms:
            return _private(talk.say(NO_SET))
        if len(rooms) == 1:
            one = rooms[0].action_set.id
            return await (self.dilemma(asker, one) if bring else self.dilemmas(asker, one))
        names = [(room.action_set.id, room.action_set.name) for room in rooms]
        return _private(dilemma_cards.choose_card(names))

    async def _ask_leave(self, asker: Asker) -> Reply:
        rooms = await self._dilemmas.sets_of(asker.person.id)
        own = [room for room in rooms if room.has(asker.person.id)]
        if not own:
            return _private(talk.say(NO_SET))
        if len(own) == 1:
            return await self.ask_leave(asker, own[0].action_set.id)
        names = [(room.action_set.id, room.action_set.name) for room in own]
        return _private(set_notices.which_to_leave_card(names))

    async def _do(
        self, asker: Asker, meeting_id: int, do: Callable[[PersonId, int], Awaitable[None]]
    ) -> Reply:
        """Change the meeting and show how it stands; a refusal says why above it."""
        try:
            await do(asker.person.id, meeting_id)
        except NotLeading as error:
            return await self._refused(asker, meeting_id, str(error))
        except TooEarly as error:
            return await self.open(asker, meeting_id, str(error))
        return await self.open(asker, meeting_id)

    async def _refused(self, asker: Asker, meeting_id: int, words: str) -> Reply:
        view = await self._meetings.view(asker.person.id, meeting_id)
        meeting = shown(view.room, view.meeting, view.me, view.at)
        return _private(cards.step_in_card(meeting, words))

    def _card(self, asker: Asker, view: View, note: str = "") -> Card:
        meeting = shown(view.room, view.meeting, view.me, view.at)
        if view.meeting.state is MeetingState.OVER:
            return self._over(asker, view, note=note)
        if view.place is None or view.next_place is None or view.meeting.round_ends_at is None:
            return cards.before_card(
                meeting,
                zone=asker.zone,
                dilemmas=len(view.choices),
                notes=cards.Notes(text=view.notes, by=view.notes_by) if view.notes else None,
                may_start=view.may_start,
                note=note,
            )
        presenting = view.presenting
        now = cards.Now(
            number=view.meeting.round,
            place=view.place,
            next_place=view.next_place,
            ends_at=view.meeting.round_ends_at,
            at=view.at,
            presenting=dilemma(presenting) if presenting else None,
            presents=presenting is not None and presenting.person_id == view.me,
            choices=tuple(dilemma(each) for each in view.choices),
        )
        return cards.round_card(
            meeting, now, zone=asker.zone, commitments=self._commitments, note=note
        )

    def _over(
        self,
        asker: Asker,
        view: View,
        *,
        note: str = "",
        typed: str | None = None,
        is_kept: bool = False,
    ) -> Card:
        following = view.following
        writes = view.meeting.facilitator_id == view.me
        notes = view.own_notes if typed is None else typed
        return cards.over_card(
            shown(view.room, view.meeting, view.me, view.at),
            zone=asker.zone,
            following=shown(view.room, following, view.me, view.at) if following else None,
            own_notes=notes if writes else None,
            note=note,
            is_kept=is_kept,
            commitments=self._commitments,
        )


def _private(card: Card) -> Reply:
    return Reply(card=card, private=True)


def _instant(given: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(given))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
