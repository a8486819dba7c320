"""What the notices about Viva Engage bring about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cards import engage as cards
from dialogs.engage_posts import EngagePosts
from dialogs.engage_talk import EngageTalk
from jobs.deliver import Effect, NoLongerNeeded, check
from learning.notices import Kind
from services.engage import EngageService
from services.people import PeopleService
from services.ports.deliveries import Delivery
from services.ports.systems import Messenger, Unreachable


class EngageEffects:
    def __init__(
        self,
        service: EngageService,
        posts: EngagePosts,
        talk: EngageTalk,
        people: PeopleService,
        messenger: Messenger,
        *,
        zone: ZoneInfo,
    ) -> None:
        self._service = service
        self._posts = posts
        self._talk = talk
        self._people = people
        self._messenger = messenger
        self._zone = zone

    def table(self) -> Mapping[Kind, Effect]:
        return {
            Kind.ENGAGE_POST: self._post,
            Kind.ENGAGE_DELETE: self._delete,
            Kind.ENGAGE_ANSWER: self._answer,
            Kind.ENGAGE_SIGN_IN: self._sign_in,
        }

    async def _post(self, delivery: Delivery) -> str:
        day = date.fromisoformat(delivery.notice.payload["day"])
        text = await self._posts.of(day)
        if not text:
            raise NoLongerNeeded("nothing more is on that day")
        again = delivery.attempts > 1
        posted = await self._service.post(day, text, again=again, check=lambda: check(delivery))
        return str(posted)

    async def _delete(self, delivery: Delivery) -> str:
        await self._service.delete(int(delivery.notice.payload["message"]))
        return ""

    async def _answer(self, delivery: Delivery) -> str:
        answered = await self._talk.answer(
            int(delivery.notice.payload["message"]),
            alone=delivery.notice.payload.get("alone") is True,
            again=delivery.attempts > 1,
            check=lambda: check(delivery),
        )
        if not answered:
            raise NoLongerNeeded("nothing to say to it")
        return ""

    async def _sign_in(self, delivery: Delivery) -> str:
        """To an organiser, in their own chat in Teams."""
        since = datetime.fromisoformat(delivery.notice.payload["since"])
        if not await self._service.is_needed_since(since):
            raise NoLongerNeeded("somebody has signed in")
        person_id = delivery.notice.person_id
        person = await self._people.find(person_id) if person_id else None
        if person is None:
            raise NoLongerNeeded("the person is gone")
        if person.address is None or person.unreachable:
            raise Unreachable(person.unreachable or "no chat with this person")
        check(delivery)
        try:
            card = cards.sign_in_card(since, zone=self._zone)
            return await self._messenger.send(person.address, card)
        except Unreachable as error:
            await self._people.cannot_reach(person.id, str(error))
            raise


def off() -> Mapping[Kind, Effect]:
    """Where Viva Engage is off, what was written before is dropped."""

    async def drop(delivery: Delivery) -> str:
        raise NoLongerNeeded("Viva Engage is off")

    return {
        Kind.ENGAGE_POST: drop,
        Kind.ENGAGE_DELETE: drop,
        Kind.ENGAGE_ANSWER: drop,
        Kind.ENGAGE_SIGN_IN: drop,
    }
