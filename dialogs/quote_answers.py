"""Answers about quotes: giving one, changing what was agreed to, and taking it back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from cards import quotes as cards
from cards import talk
from cards.quotes import Typed
from dialogs.reply import Asker, Reply
from language.commands import Quotes, ToQuotes
from learning.courses.quotes import NoQuote, Place, Quote, Signing
from learning.sessions import CourseId
from services.quotes import NO_QUOTE, QuoteService

LONGEST_TYPED = 2000
"""Characters of what was typed that are shown again."""

NONE_YET = "There is no programme that asks you for a quote now."


class QuoteAnswers:
    """Whose quote it is, is whoever presses; what they may say is asked anew on every press."""

    def __init__(self, quotes: QuoteService) -> None:
        self._quotes = quotes

    def verbs(self) -> Mapping[str, Callable[[Asker, Mapping[str, Any]], Awaitable[Reply]]]:
        return {
            "quote.open": lambda a, d: self.open(a, CourseId(number(d, "course"))),
            "quote.save": lambda a, d: self.save(a, CourseId(number(d, "course")), d),
            "quote.revoke": lambda a, d: self.revoke(a, CourseId(number(d, "course"))),
        }

    async def obey(self, asker: Asker, command: Quotes) -> Reply:
        match command.do:
            case ToQuotes.OPEN:
                return await self._open_any(asker)
            case ToQuotes.REVOKE:
                return await self._revoke_any(asker)

    async def open(self, asker: Asker, course_id: CourseId) -> Reply:
        """The card to fill in, with what they said before in it, but for their consent."""
        offer = await self._quotes.offer(asker.person.id, course_id)
        before = offer.quote
        typed = Typed(text=before.text, places=before.places) if before else Typed()
        title = offer.running.course.title
        card = cards.form_card(course_id, title, typed, is_given=before is not None)
        return Reply(card=card, private=True)

    async def save(self, asker: Asker, course_id: CourseId, data: Mapping[str, Any]) -> Reply:
        """Keep what was agreed to; what is wrong is said on the same card, with all that was typed."""
        offer = await self._quotes.offer(asker.person.id, course_id)
        course, typed = offer.running.course.title, _typed(data)
        try:
            quote: Quote = await self._quotes.save(
                asker.person.id,
                course_id,
                typed.text,
                typed.places,
                typed.signing,
                typed.title,
                agreed=data.get("agree") == "yes",
            )
        except NoQuote as error:
            is_given = offer.quote is not None
            card = cards.form_card(course_id, course, typed, is_given=is_given, fault=str(error))
            return Reply(card=card, private=True)
        return Reply(card=cards.given_card(course, quote), private=True)

    async def revoke(self, asker: Asker, course_id: CourseId) -> Reply:
        given = await self._quotes.given_by(asker.person.id)
        title = next((each.title for each in given if each.quote.course_id == course_id), "")
        await self._quotes.revoke(asker.person.id, course_id)
        return Reply(card=cards.revoked_card(course_id, title), private=True)

    async def _open_any(self, asker: Asker) -> Reply:
        offers = await self._quotes.offers(asker.person.id)
        if not offers:
            return Reply(card=talk.say(NONE_YET), private=True)
        if len(offers) == 1:
            return await self.open(asker, offers[0].running.id)
        courses = [(o.running.id, o.running.course.title) for o in offers]
        return Reply(card=cards.which_card(courses, "quote.open"), private=True)

    async def _revoke_any(self, asker: Asker) -> Reply:
        given = await self._quotes.given_by(asker.person.id)
        if not given:
            return Reply(card=talk.say(NO_QUOTE), private=True)
        if len(given) == 1:
            return await self.revoke(asker, given[0].quote.course_id)
        courses = [(each.quote.course_id, each.title) for each in given]
        return Reply(card=cards.which_card(courses, "quote.revoke"), private=True)


def number(data: Mapping[str, Any], name: str) -> int:
    """The number that a button carries; 0, which nothing has, for what none of ours carries."""
    value = data.get(name)
    if isinstance(value, str) and value.isdecimal() and value.isascii() and len(value) < 19:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        return 0
    return value if 0 < value < 2**63 else 0


def typed_text(data: Mapping[str, Any], name: str) -> str:
    return str(data.get(name) or "")[:LONGEST_TYPED]


def _typed(data: Mapping[str, Any]) -> Typed:
    ticked = set(typed_text(data, "places").split(","))
    signing = typed_text(data, "signing")
    return Typed(
        text=typed_text(data, "text"),
        places=frozenset(place for place in Place if place in ticked),
        signing=Signing(signing) if signing in set(Signing) else None,
        title=typed_text(data, "title"),
    )
