"""Telling people of their set: its next meeting, whose turn it is, ends of rounds, who came and went."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from cards import set_notices as cards
from cards.guide import Meeting
from cards.kit import Card
from dialogs.shown_meetings import shown
from jobs.deliver import Effect, NoLongerNeeded
from jobs.telling import Telling
from learning.courses import guide, meeting_notices
from learning.courses.action_sets import NOBODY, MeetingState
from learning.courses.meeting_notices import About, Change
from learning.errors import NotAllowed
from learning.notices import Kind
from learning.people import Person, PersonId
from services.organisers import Organisers
from services.people import PeopleService
from services.ports.clocks import Clock
from services.ports.deliveries import Delivery
from services.ports.systems import Messenger, Rejected
from services.set_life import SetLife
from services.set_meetings import SetMeetings, View
from services.set_rooms import Room


class GuideEffects:
    """Nothing in a row is trusted: the meeting, and who is in the set, is read again."""

    def __init__(
        self,
        meetings: SetMeetings,
        life: SetLife,
        people: PeopleService,
        organisers: Organisers,
        messenger: Messenger,
        clock: Clock,
        *,
        zone: ZoneInfo,
        public_url: str,
    ) -> None:
        self._meetings = meetings
        self._life = life
        self._organisers = organisers
        self._telling = Telling(people, messenger)
        self._clock = clock
        self._zone = zone
        self._public_url = public_url

    def table(self) -> Mapping[Kind, Effect]:
        return {
            Kind.SET_MEETING: self._remind,
            Kind.SET_TURN: self._turn,
            Kind.ROUND_OVER: self._round_over,
            Kind.SET_PEOPLE: self._people_changed,
            Kind.MERGE_PROPOSED: self._merge_proposed,
        }

    async def _remind(self, delivery: Delivery) -> str:
        person, view = await self._view(delivery)
        if not person.wants_nudges:
            raise NoLongerNeeded("nudges are off")
        if view.meeting.starts_at.isoformat() != delivery.notice.payload["starts"]:
            raise NoLongerNeeded("the meeting has moved")
        self._check_ahead(view)
        meeting = shown(view.room, view.meeting, person.id, view.at)
        zone = person.zone(self._zone)
        card = cards.reminder_card(meeting, zone=zone, dilemmas=len(view.choices))
        return await self._telling.tell(delivery, person, card)

    async def _turn(self, delivery: Delivery) -> str:
        person, view = await self._view(delivery)
        self._check_ahead(view)
        return await self._telling.tell(delivery, person, self._turn_card(delivery, person, view))

    def _turn_card(self, delivery: Delivery, person: Person, view: View) -> Card:
        meeting = shown(view.room, view.meeting, person.id, view.at)
        zone = person.zone(self._zone)
        match About(delivery.notice.payload["about"]):
            case About.NAMED | About.SOON as about:
                if not view.leads:
                    raise NoLongerNeeded("somebody else leads it by now")
                if about is About.SOON and not person.wants_nudges:
                    raise NoLongerNeeded("nudges are off")
                return cards.turn_card(meeting, zone=zone)
            case About.ASKED:
                asked = meeting_notices.asked(view.meeting, view.leader, person.id, view.at)
                if view.leader == NOBODY or asked.key != delivery.notice.key:
                    raise NoLongerNeeded("whoever asked leads it no longer")
                return cards.asked_card(meeting, zone=zone)
            case About.RELIEVED:
                if view.leads or view.leader == NOBODY:
                    raise NoLongerNeeded("nobody else leads it any more")
                return cards.relieved_card(meeting, zone=zone)

    async def _round_over(self, delivery: Delivery) -> str:
        person, view = await self._view(delivery)
        told, meeting = delivery.notice.payload, view.meeting
        is_that = (
            meeting.state is MeetingState.UNDER_WAY
            and meeting.round == told["round"]
            and meeting.round_ends_at == datetime.fromisoformat(told["ends"])
            and view.leads
        )
        if not is_that or view.place is None:
            raise NoLongerNeeded("the meeting has gone on")
        if view.at > meeting.ends_at + guide.LATE:
            raise NoLongerNeeded("the meeting is over")
        card = cards.round_over_card(
            shown(view.room, meeting, person.id, view.at), view.place.round.title
        )
        return await self._telling.tell(delivery, person, card)

    async def _people_changed(self, delivery: Delivery) -> str:
        person = await self._telling.whom(delivery)
        told = delivery.notice.payload
        at = datetime.fromisoformat(told["at"])
        found = await self._life.changed_at(_number(told, "set"), at)
        if found is None:
            raise NoLongerNeeded("the set is there no longer")
        room, who = found
        is_merged = Change(told["change"]) is Change.MERGED
        if not room.may_enter(person.id):
            if not is_merged:
                raise NoLongerNeeded("no longer in the set")
            card = cards.relieved_of_set_card(room.action_set.name)
            return await self._telling.tell(delivery, person, card)
        others = [room.name(m.person_id) for m in room.members if m.person_id != person.id]
        name = room.action_set.name
        if is_merged:
            following = self._following(room, person.id)
            zone = person.zone(self._zone)
            card = cards.merged_card(name, others, following, zone=zone)
        else:
            card = cards.left_card(name, who, others)
        return await self._telling.tell(delivery, person, card)

    async def _merge_proposed(self, delivery: Delivery) -> str:
        person = await self._telling.whom(delivery)
        if not await self._organisers.includes(person.id):
            raise NoLongerNeeded("no organiser any more")
        room = await self._life.too_small(_number(delivery.notice.payload, "set"))
        if room is None:
            raise NoLongerNeeded("the set is large enough, or there no longer")
        course = room.running.course
        url = f"{self._public_url}/desk/courses/{quote(course.code, safe='')}/merging"
        card = cards.merge_proposed_card(course.title, room.action_set.name, len(room.members), url)
        return await self._telling.tell(delivery, person, card)

    # --- parts -----------------------------------------------------------------------------------

    async def _view(self, delivery: Delivery) -> tuple[Person, View]:
        """The meeting as whom it is for may see it now."""
        person = await self._telling.whom(delivery)
        try:
            number = _number(delivery.notice.payload, "meeting")
            return person, await self._meetings.view(person.id, number)
        except NotAllowed as error:
            raise NoLongerNeeded("no longer in the set") from error

    def _check_ahead(self, view: View) -> None:
        is_planned = view.meeting.state is MeetingState.PLANNED
        if not is_planned or view.at >= view.meeting.starts_at:
            raise NoLongerNeeded("the meeting has begun")

    def _following(self, room: Room, person_id: PersonId) -> Meeting | None:
        now = self._clock.now()
        meeting = room.current(now)
        if meeting is None or meeting.state is MeetingState.OVER:
            return None
        return shown(room, meeting, person_id, now)


def _number(payload: Mapping[str, object], name: str) -> int:
    value = payload.get(name)
    if not isinstance(value, int):
        raise Rejected(f"the notice names no {name}")
    return value
