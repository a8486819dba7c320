"""Answers about champions: naming them, what they may promote, posts to copy, and what those brought."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from cards import champions as cards
from cards import sessions as session_cards
from cards import talk
from cards.kit import execute
from dialogs.booking_answers import BookingAnswers
from dialogs.reply import Asker, Reply
from language import commands
from learning.errors import LearningError, NotFound
from learning.people import Person, PersonId
from learning.search import clear_match
from learning.sessions import SessionId
from services.catalogue import Catalogue
from services.champions import ChampionService
from services.organisers import Organisers
from services.ports.clocks import Clock
from services.rosters import Rosters

MOST_MEANT = 6
MYSELF = frozenset({"me", "myself"})


class ChampionAnswers:
    """Asks who is speaking on every action: a button may be pressed by somebody else, or much later."""

    def __init__(
        self,
        catalogue: Catalogue,
        bookings: BookingAnswers,
        organisers: Organisers,
        champions: ChampionService,
        people: Rosters,
        clock: Clock,
        *,
        public_url: str,
    ) -> None:
        """`people` finds colleagues, whether they ever wrote to us or not."""
        self._catalogue = catalogue
        self._bookings = bookings
        self._organisers = organisers
        self._champions = champions
        self._people = people
        self._clock = clock
        self._public_url = public_url.rstrip("/")

    async def obey(
        self,
        asker: Asker,
        command: commands.NameChampion
        | commands.EndChampion
        | commands.WhoAreChampions
        | commands.WhatToPromote
        | commands.MyPosts,
    ) -> Reply:
        match command:
            case commands.NameChampion(who=who, group=group):
                return await self._name_called(asker, who, group)
            case commands.EndChampion(who=who, group=group):
                return await self._end_called(asker, who, group)
            case commands.WhoAreChampions():
                return await self.everybody(asker)
            case commands.WhatToPromote():
                return await self.promote(asker)
            case commands.MyPosts():
                return await self.posts(asker)

    # --- champions themselves --------------------------------------------------------------------

    async def promote(self, asker: Asker) -> Reply:
        promotion = await self._champions.promotion(asker.person.id)
        card = cards.promotion_card(promotion, zone=asker.zone)
        return Reply(card=card, private=True, shown=tuple(s.id for s in promotion.sessions))

    async def posts(self, asker: Asker) -> Reply:
        posts = await self._champions.posts(asker.person.id)
        return Reply(card=cards.posts_card(posts, zone=asker.zone), private=True)

    async def share(self, asker: Asker, session_id: SessionId) -> Reply:
        """A post to copy; whoever is no champion is told how anybody shares."""
        if not await self._champions.groups_of(asker.person.id):
            session = await self._catalogue.get(session_id)
            card = cards.how_to_share_card(session, now=self._clock.now())
            return Reply(card=card, private=True, shown=(session_id,))
        session, tag = await self._champions.share(asker.person.id, session_id)
        link = f"{self._public_url}/hub/sessions/{quote(session.code, safe='')}?from={tag}"
        card = cards.post_card(session, link, zone=asker.zone)
        return Reply(card=card, private=True, shown=(session_id,))

    async def share_named(
        self, asker: Asker, what: str, shown: Sequence[SessionId]
    ) -> Reply | None:
        """The post that these words ask for; None where they are about no session."""
        session = await self._bookings.named(asker, what, shown)
        if session is not None:
            return await self.share(asker, session.id)
        matches = [m for m in await self._catalogue.find(what) if m.is_sure]
        if clear := clear_match(matches):
            return await self.share(asker, clear.id)
        if not matches or not await self._champions.groups_of(asker.person.id):
            return None
        found = [m.session for m in matches][: session_cards.PAGE]
        question = "Which session would you like to share?"
        card = session_cards.choice_card(
            question, found, "champion.share", "Share", zone=asker.zone
        )
        return Reply(card=card, private=True, shown=tuple(s.id for s in found))

    # --- organisers ------------------------------------------------------------------------------

    async def everybody(self, asker: Asker) -> Reply:
        if not await self._organisers.includes(asker.person.id):
            return self._not_allowed()
        groups = await self._champions.overview()
        return Reply(
            card=cards.champions_card(groups, f"{self._public_url}/desk/champions"), private=True
        )

    async def name(self, asker: Asker, who: PersonId, group: str) -> Reply:
        if not await self._organisers.includes(asker.person.id):
            return self._not_allowed()
        try:
            person = await self._people.find(who)
        except NotFound as error:
            raise LearningError("I do not know this person any more.") from error
        group, is_new = await self._champions.name(person, group, by=asker.person.id)
        name = person.name or "This person"
        words = f"{name} is a champion for {group} already. Nothing was changed."
        if is_new:
            told = "and is being told" if asker.person.id != person.id else "and it is written down"
            words = f"{name} is now a champion for {group}, {told}."
        return Reply(card=talk.say(words, actions=[_ALL]), private=True)

    async def end(self, asker: Asker, who: PersonId, group: str) -> Reply:
        if not await self._organisers.includes(asker.person.id):
            return self._not_allowed()
        left = await self._champions.end(who, group, by=asker.person.id)
        try:
            name = (await self._people.find(who)).name or "This person"
        except NotFound:
            name = "This person"
        words = f"{name} is no champion{f' for {group}' if group else ''}. Nothing was changed."
        if left:
            words = f"{name} is no longer a champion for {' or '.join(left)}."
        return Reply(card=talk.say(words, actions=[_ALL]), private=True)

    async def _name_called(self, asker: Asker, who: str, group: str) -> Reply:
        if not await self._organisers.includes(asker.person.id):
            return self._not_allowed()
        if not group:
            words = f"For which department or staff network? Say: make {who[:60]} a champion for Housing."
            return Reply(card=talk.say(words), private=True)
        if who.casefold() in MYSELF:
            return await self.name(asker, asker.person.id, group)
        found = await self._people.search(who)
        sure = [p for p in found.people if _is_called(p, who)]
        if len(sure) == 1 and found.is_whole:
            return await self.name(asker, sure[0].id, group)
        note = ""
        if not found.is_whole:
            note = "The directory does not answer just now: these are only people whom I know."
        return self._which(who, sure or list(found.people), "champion.name", group, note)

    async def _end_called(self, asker: Asker, who: str, group: str) -> Reply:
        """Looked for among champions only: nobody else can be meant."""
        if not await self._organisers.includes(asker.person.id):
            return self._not_allowed()
        groups = await self._champions.overview()
        among = {
            m.person.id: m.person
            for g in groups
            for m in g.members
            if not group or g.name.casefold() == group.casefold()
        }
        if who.casefold() in MYSELF:
            return await self.end(asker, asker.person.id, group)
        called = [p for p in among.values() if _is_called(p, who)]
        if len(called) == 1:
            return await self.end(asker, called[0].id, group)
        if not called:
            words = (
                f"I know no champion called “{who[:60]}”{f' for {group[:60]}' if group else ''}."
            )
            return Reply(card=talk.say(words, actions=[_ALL]), private=True)
        return self._which(who, called, "champion.end", group)

    def _which(
        self, who: str, found: Sequence[Person], verb: str, group: str, note: str = ""
    ) -> Reply:
        if not found:
            words = f"I know nobody called “{who[:60]}”. Write the name as it is in Teams."
            return Reply(card=talk.say(words, *([note] if note else [])), private=True)
        card = cards.which_champion_card(who, found[:MOST_MEANT], verb, group, note=note)
        return Reply(card=card, private=True)

    def _not_allowed(self) -> Reply:
        words = "Only organisers can do that. Ask your learning and development team."
        return Reply(card=talk.say(words), private=True)


_ALL = execute("All champions", "champion.all")


def _is_called(person: Person, words: str) -> bool:
    """Whether each of these words is one of the name's, or all of it is their mail address."""
    name = set(person.name.casefold().split())
    said = words.casefold().split()
    return person.email.casefold() == words.casefold() or (bool(said) and name.issuperset(said))
