"""Looking for sessions on the page: understood as chat understands it, answered as chat answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import takewhile
from zoneinfo import ZoneInfo

from cards.kit import Card, Element
from cards.plain_text import Place, plain_text
from dialogs.programme_answers import MOST, ProgrammeAnswers
from dialogs.reply import Asker, Reply
from hub import listing
from language import commands
from language.commands import Command, Find, Wanted, WhatsOn
from language.understanding import at_once, by_meaning, texts_in
from learning.people import Person, PersonId
from learning.search import clear_match
from learning.sessions import Session
from services.catalogue import Catalogue
from services.listing import Programme

SEARCHES = (Find, WhatsOn, commands.Another, commands.More)
NOBODY = Person(id=PersonId(""), name="")

ELSEWHERE = {
    commands.MyBookings: "/hub/mine",
    commands.Resources: "/hub#resources",
}
"""What has a page, or a part of one, of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was found, best first, under what chat would say of it.

    `to` is the page that answers better than a list. `say` are words that only the chat can act on.
    """

    heading: str = ""
    note: str = ""
    sessions: tuple[Session, ...] = ()
    to: str = ""
    say: str = ""


class Search:
    def __init__(self, catalogue: Catalogue, answers: ProgrammeAnswers, *, zone: ZoneInfo) -> None:
        self._catalogue = catalogue
        self._answers = answers
        self._zone = zone

    async def answer(self, text: str, who: PersonId = NOBODY.id) -> Answer:
        """`who` looks for it, if they have signed in: only for what finds nothing."""
        programme = await self._catalogue.programme()
        command = await self._understood(text, programme)
        if isinstance(command, commands.Several):
            command = _looked_for(command.commands)
        # Nothing personal: whoever reads along finds the same.
        asker = Asker(
            person=replace(NOBODY, id=who), zone=self._zone, programme=programme, in_public=True
        )
        match command:
            case Find() | WhatsOn() | commands.Another() | commands.More():
                return await self._found(asker, command)
            case commands.MyBookings() | commands.Resources():
                return Answer(to=ELSEWHERE[type(command)])
            case commands.Book(what=what) | commands.Cancel(what=what) if what:
                return await self._named(asker, what)
            case commands.Chatter():
                return await self._listed(asker, Find(text, asked=False))
            case _:
                return Answer(say=text)

    async def _understood(self, text: str, programme: Programme) -> Command:
        """As in a turn of chat; what takes time is done beside the event loop."""
        context = self._catalogue.context(programme, self._zone)
        command = at_once(text, context)
        if command is None:
            await self._catalogue.think(programme, *texts_in(text, context))
            command = await self._catalogue.meanwhile(programme, partial(by_meaning, text, context))
        return command

    async def _found(self, asker: Asker, command: Command) -> Answer:
        if isinstance(command, Find) and command.when is None and not command.wanted:
            named = await self._catalogue.coded(command.text)
            if named is not None:
                return Answer(to=listing.path(named))
        return await self._listed(asker, command)

    async def _listed(self, asker: Asker, command: Command) -> Answer:
        also: list[Session] = []
        match command:
            case Find():
                reply = await self._answers.find(asker, command)
                if len(reply.shown) == 1:
                    also = await self._also(command)
            case commands.Another(than=than, what=what):
                reply = await self._answers.others(asker, what, (), than)
            case WhatsOn():
                reply = await self._answers.whats_on(asker, command)
            case _:
                reply = await self._answers.whats_on(asker, WhatsOn())
        return await self._read(reply, also)

    async def _also(self, command: Find) -> list[Session]:
        """What else fits: where one fits best, chat shows that alone, but a page has room for all."""
        found = await self._catalogue.find(
            command.text, MOST, when=command.when, zone=self._zone, wanted=command.wanted
        )
        return [m.session for m in found if m.is_sure]

    async def _named(self, asker: Asker, what: str) -> Answer:
        """Whoever wants to book is led to the session's page, where that can be done."""
        named = await self._catalogue.coded(what)
        if named is None:
            matches, _ = await self._catalogue.wished(what, self._zone)
            named = clear_match(matches)
        if named is not None:
            return Answer(to=listing.path(named))
        return await self._listed(asker, Find(what, asked=False))

    async def _read(self, reply: Reply, also: Sequence[Session]) -> Answer:
        before, heading, after = _said(reply.card)
        shown = dict.fromkeys([*reply.shown, *(s.id for s in also)])
        fresh = await self._catalogue.among(shown)
        if reply.asked is not None and Wanted.PLACES_LEFT in reply.asked.wanted:
            fresh = [s for s in fresh if s.places_left != 0] or fresh
        if len(reply.shown) == 1 and fresh and heading == fresh[0].title:
            heading, after = "", before  # the card of one session: the list has its title itself
        return Answer(heading=heading, note=after or before, sessions=tuple(fresh))


def _looked_for(several: Iterable[Command]) -> Command:
    """The first that is a search; where none is, the first."""
    some = list(several)
    return next((c for c in some if isinstance(c, SEARCHES)), some[0])


def _said(card: Card) -> tuple[str, str, str]:
    """What stands above the sessions on a card: a sentence, the heading, another sentence."""
    body: list[Element] = card.content["body"]
    above = list(takewhile(lambda element: element["type"] == "TextBlock", body))
    at = next((n for n, e in enumerate(above) if e.get("style") == "heading"), None)
    if at is None:
        return "", "", _words(above)
    after = [e for e in above[at + 1 :] if "weight" not in e]  # what is bold begins the list
    return _words(above[:at]), _words(above[at : at + 1]), _words(after)


def _words(elements: Sequence[Element]) -> str:
    """The first of these as people wrote it."""
    return plain_text(Card("", {"body": elements[:1]}), Place())
