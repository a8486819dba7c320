"""Answers to organisers about Viva Engage: how it stands, posting, deleting, answering people there."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from cards import engage as cards
from cards import talk
from dialogs.engage_posts import EngagePosts
from dialogs.reply import Asker, Reply
from language.commands import ToEngage
from services.engage import EngageService
from services.organisers import Organisers

NOT_SET_UP = "Viva Engage is not set up here. The administrators' guide says how."
NOTHING = "Nothing more is on today, so there is nothing to post."


class EngageAnswers:
    """Asks who is speaking on every action. Without a service Viva Engage is off."""

    def __init__(
        self,
        organisers: Organisers,
        service: EngageService | None,
        posts: EngagePosts | None,
        *,
        zone: ZoneInfo,
    ) -> None:
        self._organisers = organisers
        self._service = service
        self._posts = posts
        self._zone = zone

    async def obey(self, asker: Asker, do: ToEngage, message_id: int = 0) -> Reply:
        """Do what an organiser asks for; `message_id` is the post that a button names."""
        if not await self._organisers.includes(asker.person.id):
            return _say("Only organisers can do that. Ask your learning and development team.")
        if self._service is None or self._posts is None:
            return _say(NOT_SET_UP)
        match do:
            case ToEngage.PREVIEW:
                text = await self._posts.today()
                return Reply(card=cards.preview_card(text), private=True) if text else _say(NOTHING)
            case ToEngage.POST:
                return await self._post(self._service, self._posts)
            case ToEngage.ASK_DELETE:
                return await self._ask_delete(self._service)
            case ToEngage.DELETE:
                was_there = await self._service.ask_delete(message_id)
                gone = "That post is gone already."
                return _say("I'm deleting the post." if was_there else gone)
            case ToEngage.ANSWERS_ON | ToEngage.ANSWERS_OFF:
                return await self._answers(self._service, do is ToEngage.ANSWERS_ON)
            case ToEngage.STATUS:
                return await self._status(self._service)

    async def _post(self, service: EngageService, posts: EngagePosts) -> Reply:
        if not await posts.today():
            return _say(NOTHING)
        await service.post_now()
        standing = await service.standing()
        if standing.needed_since or not standing.account:
            return _say("I post today's highlights as soon as somebody has signed in.", LOGIN)
        return _say(
            "I'm posting today's highlights to the community.",
            "A mistake? Type delete the last engage post.",
        )

    async def _ask_delete(self, service: EngageService) -> Reply:
        last = await service.last_post()
        if last is None:
            return _say("There is no post of mine to delete.")
        card = cards.ask_delete_card(last.message_id, last.posted_at, zone=self._zone)
        return Reply(card=card, private=True)

    async def _answers(self, service: EngageService, on: bool) -> Reply:
        await service.answer_people(on)
        if on:
            return _say("I answer people in Viva Engage again, from what they say now on.")
        return _say("I no longer answer anybody in Viva Engage. I still post the highlights.")

    async def _status(self, service: EngageService) -> Reply:
        found = await service.standing()
        standing = cards.Standing(
            account=found.account,
            needed_since=found.needed_since,
            answers=found.answers,
            waiting=found.waiting,
            last_post=found.last.posted_at if found.last else None,
            last_post_id=found.last.message_id if found.last else None,
        )
        return Reply(card=cards.status_card(standing, zone=self._zone), private=True)


LOGIN = f"An administrator runs {cards.LOGIN}."


def _say(*words: str) -> Reply:
    return Reply(card=talk.say(*words), private=True)
