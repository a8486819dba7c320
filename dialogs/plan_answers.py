"""Answers to "plan my week": what to plan it around, the plan, and booking all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cards import plans as cards
from dialogs import asked as packed
from dialogs.reply import Asker, Purpose, Question, Reply
from language.calendar import When
from language.commands import Find, WhatsOn
from learning import plans
from learning.sessions import SessionId
from services.plans import PlanService

SUBJECTS = 12
"""Strands and topics that are offered to choose from."""

Data = Mapping[str, Any]


class PlanAnswers:
    def __init__(self, planning: PlanService) -> None:
        self._planning = planning

    async def plan(
        self, asker: Asker, about: str, when: When | None, looked_for: WhatsOn | Find | None
    ) -> Reply:
        """Around what is said, else what they looked for last and booked before; else ask."""
        if named := await self._planning.interests(about):
            return await self._propose(asker, named, when)
        liked = await self._planning.liked(asker.person.id)
        last = looked_for.about if isinstance(looked_for, WhatsOn) else ""
        last = looked_for.text if isinstance(looked_for, Find) else last
        guessed = tuple(dict.fromkeys((*await self._planning.interests(last), *liked)))
        if not guessed:
            return await self._ask()
        return await self._propose(asker, guessed[: plans.MOST_INTERESTS], when, guessed=True)

    async def make(self, asker: Asker, data: Data) -> Reply:
        """Plan around what was chosen and typed on a card."""
        said = f"{_text(data, 'choices')}, {_text(data, 'about')}"
        named = await self._planning.interests(said)
        if not named:
            return await self._ask(note="Choose something, or type it.", most=_most(data))
        return await self._propose(asker, named, packed.unpack_days(data), most=_most(data))

    async def chosen(self, asker: Asker, words: str) -> Reply:
        """What somebody answers when they are asked what to plan around."""
        named = await self._planning.interests(words)
        return await self._propose(asker, named, None) if named else await self._ask()

    async def book(self, asker: Asker, ids: Sequence[SessionId], data: Data) -> Reply:
        """Book each; where a place went meanwhile, offer the next best that fits."""
        outcomes = await self._planning.book(asker.person.id, ids[: plans.MOST])
        lost = [o for o in outcomes if o.result in (plans.Result.GONE, plans.Result.REFUSED)]
        instead: tuple[Any, ...] = ()
        if lost and (named := await self._planning.interests(_text(data, "about"))):
            wanted = len(lost)
            again = await self._planning.propose(asker.person, named, asker.zone, most=wanted)
            gone = {o.session.id for o in lost}
            instead = tuple(s for s in again.sessions if s.id not in gone)
        card = cards.booked_card(outcomes, instead, zone=asker.zone)
        shown = (*(o.session.id for o in outcomes), *(s.id for s in instead))
        return Reply(card=card, private=True, shown=shown)

    async def _propose(
        self,
        asker: Asker,
        interests: Sequence[str],
        when: When | None,
        *,
        most: int = plans.USUAL,
        guessed: bool = False,
    ) -> Reply:
        proposal = await self._planning.propose(
            asker.person, interests, asker.zone, most=most, when=when, guessed=guessed
        )
        card = cards.plan_card(proposal, packed.pack_days(when), zone=asker.zone)
        return Reply(card=card, private=True, shown=tuple(s.id for s in proposal.sessions))

    async def _ask(self, *, note: str = "", most: int = plans.USUAL) -> Reply:
        subjects = await self._planning.subjects(SUBJECTS)
        card = cards.ask_card(subjects, note=note, most=most)
        return Reply(card=card, private=True, question=Question(purpose=Purpose.PLAN))


def _text(data: Data, name: str) -> str:
    value = data.get(name)
    return value[:600] if isinstance(value, str) else ""


def _most(data: Data) -> int:
    """How many sessions somebody chose; the usual number for anything odd."""
    value = str(data.get("most") or "")
    known = value.isascii() and value.isdecimal() and len(value) < 3
    return min(max(int(value), plans.FEWEST), plans.MOST) if known else plans.USUAL
