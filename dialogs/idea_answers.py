"""Answers about ideas: taking one, offering like ones, who supports what, and asking for some."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, assert_never

from cards import ideas as cards
from cards import talk
from dialogs.reply import Asker, Purpose, Question, Reply
from language import commands
from learning.errors import LearningError
from learning.ideas import Idea, IdeaId, ThemeId
from learning.sessions import Session
from services.catalogue import Catalogue
from services.idea_board import IdeaBoard
from services.ideas import IdeaService
from services.organisers import Organisers
from services.ports.clocks import Clock

LONGEST = 4000
"""Characters of an idea that are looked at: one that is too long is refused, and not cut."""

IN_PROGRAMME = 2
"""Sessions that are shown where an idea sounds like them."""

AboutIdeas = (
    commands.Idea | commands.Ideas | commands.MyIdeas | commands.AskForIdeas | commands.StopIdeas
)
Data = Mapping[str, Any]


class IdeaAnswers:
    """All of it in the person's own chat: an idea may name somebody."""

    def __init__(
        self,
        ideas: IdeaService,
        board: IdeaBoard,
        catalogue: Catalogue,
        organisers: Organisers,
        clock: Clock,
        *,
        public_url: str,
    ) -> None:
        self._ideas = ideas
        self._board = board
        self._catalogue = catalogue
        self._organisers = organisers
        self._clock = clock
        self._public_url = public_url

    async def obey(self, asker: Asker, command: AboutIdeas) -> Reply:
        match command:
            case commands.Idea(text=""):
                return await self.ask()
            case commands.Idea(text=text, is_wish=is_wish):
                return await self.send(asker, text, may_be_there=is_wish)
            case commands.Ideas():
                return await self.list(asker)
            case commands.MyIdeas():
                return await self.mine(asker)
            case commands.AskForIdeas(question=question):
                return await self._ask_everybody(asker, question)
            case commands.StopIdeas():
                return await self.close(asker)
            case _:
                assert_never(command)

    async def ask(self, *, text: str = "", fault: str = "") -> Reply:
        """Ask what the idea is; their next words will be it."""
        card = cards.ask_card(await self._ideas.theme(), text=text, fault=fault)
        return Reply(card=card, private=True, question=Question(purpose=Purpose.IDEA))

    async def send(
        self, asker: Asker, text: str, *, anyway: bool = False, may_be_there: bool = False
    ) -> Reply:
        """Keep it, or offer what is like it: ideas of others and, where it may be, sessions."""
        try:
            found = await self._ideas.look(asker.person.id, text)
            sessions = await self._sessions(text) if may_be_there else []
            if found.idea is None and not anyway and (found.alike or sessions):
                return self._offer(asker, text, found.alike, sessions)
            if found.idea is None:
                found = await self._ideas.keep(asker.person.id, text)
        except LearningError as error:
            return await self.ask(text=text[: cards.LONGEST], fault=str(error))
        assert found.idea is not None, "it was kept, or had been before"
        card = cards.kept_card(found.idea, found.theme, is_new=found.is_new)
        return Reply(card=card, private=True)

    def _offer(
        self, asker: Asker, text: str, alike: Sequence[Idea], sessions: Sequence[Session]
    ) -> Reply:
        card = cards.alike_card(" ".join(text.split()), alike, sessions, zone=asker.zone)
        return Reply(card=card, private=True, shown=tuple(s.id for s in sessions))

    async def send_from_card(self, asker: Asker, data: Data) -> Reply:
        text = data.get("idea")
        words = text[:LONGEST] if isinstance(text, str) else ""
        return await self.send(asker, words, anyway=data.get("anyway") is True)

    async def support(self, asker: Asker, idea_id: IdeaId) -> Reply:
        idea = await self._ideas.support(asker.person.id, idea_id)
        return Reply(card=cards.supported_card(idea), private=True)

    async def withdraw(self, asker: Asker, idea_id: IdeaId) -> Reply:
        idea = await self._ideas.withdraw(asker.person.id, idea_id)
        return Reply(card=cards.withdrawn_card(idea), private=True)

    async def list(self, asker: Asker, start: int = 0) -> Reply:
        """The most supported; for organisers with the way to the desk."""
        found = await self._ideas.board(asker.person.id, start, cards.PAGE)
        is_organiser = await self._organisers.includes(asker.person.id)
        card = cards.board_card(
            found.ideas,
            found.supported,
            found.theme,
            start=start,
            has_more=found.has_more,
            desk=f"{self._public_url}/desk/ideas" if is_organiser else "",
        )
        return Reply(card=card, private=True)

    async def mine(self, asker: Asker) -> Reply:
        own = await self._ideas.mine(asker.person.id)
        card = cards.mine_card([(o.idea, o.session) for o in own], zone=asker.zone)
        return Reply(card=card, private=True)

    async def _ask_everybody(self, asker: Asker, question: str) -> Reply:
        """An organiser asks; while another question is open it says which."""
        if not await self._organisers.includes(asker.person.id):
            return _not_allowed()
        theme = await self._ideas.theme()
        if not question:
            words = (
                "Type: ask for ideas: and then your question. Everybody's ideas answer it until you"
                " close it."
            )
            return Reply(card=talk.say(words), private=True)
        try:
            opened, champions = await self._board.ask(question, by=asker.person.id)
        except LearningError as error:
            if theme is None:
                raise
            return Reply(card=cards.theme_open_card(str(error), theme), private=True)
        return Reply(card=cards.opened_card(opened, champions), private=True)

    async def close(self, asker: Asker, theme_id: ThemeId | None = None) -> Reply:
        if not await self._organisers.includes(asker.person.id):
            return _not_allowed()
        closed = await self._board.close(theme_id, by=asker.person.id)
        words = f"“{closed.question}” is closed." if closed else "No such question is open."
        more = ["Its ideas stay, and people can go on supporting them."] if closed else []
        desk = f"{self._public_url}/desk/ideas"
        return Reply(
            card=talk.say(words, *more, actions=[cards.kit.open_url("Ideas at the desk", desk)]),
            private=True,
        )

    async def _sessions(self, text: str) -> list[Session]:
        """What is on that this may mean: only what is open and surely fits."""
        now = self._clock.now()
        found = await self._catalogue.find(text[: cards.LONGEST])
        sure = [m.session for m in found if m.is_sure and m.session.is_open(now)]
        return sure[:IN_PROGRAMME]


def _not_allowed() -> Reply:
    words = "Only organisers can do that. Ask your learning and development team."
    return Reply(card=talk.say(words), private=True)
