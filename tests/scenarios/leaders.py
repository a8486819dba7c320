"""Sixty leaders on a programme, each with habits of their own, and the books kept beside the product.

They do what people do: answer a reminder or let it lie, book a date, fill in what a card asks for, leave.
What they write is theirs; the books keep it, to look for where it must not be.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from learning.people import PersonId
from tests.scenarios.world import World, person_id, read
from tests.support.activities import Person, a_person
from tests.support.card_parts import buttons, parts

SLOTS = tuple(
    f"{day} {part}"
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
    for part in ("morning", "afternoon")
)
ONWARD = frozenset({"Save and go on", "Go on", "Finish"})
MOST_SCREENS = 12


@dataclass
class Leader:
    """One of them: how likely they are to do what they are reminded of, and what they have done."""

    person: Person
    zeal: float
    is_on: bool = True
    wants_nudges: bool = True
    done: set[str] = field(default_factory=set[str])

    @property
    def id(self) -> PersonId:
        return person_id(self.person)


@dataclass
class Cohort:
    """All of them, and the dice they throw; `secrets` is every word that only its writer may read."""

    dice: random.Random
    leaders: list[Leader]
    secrets: list[str] = field(default_factory=list[str])
    _numbers: count = field(default_factory=count)  # type: ignore[type-arg]

    @property
    def on_it(self) -> list[Leader]:
        return [leader for leader in self.leaders if leader.is_on]

    def of(self, who: str) -> Leader:
        return next(leader for leader in self.leaders if leader.id == who)

    def secret(self) -> str:
        """A sentence that stands nowhere else."""
        words = f"zq{next(self._numbers):04}xj is what I would not say aloud"
        self.secrets.append(words)
        return words

    def filled(self, card: Mapping[str, Any]) -> dict[str, Any]:
        """Something in every field of a card, an order of its own for places."""
        values: dict[str, Any] = {}
        places: dict[str, list[str]] = {}
        for _, part in parts(card):
            match part["type"]:
                case "Input.ChoiceSet" if ".place." in part["id"]:
                    question = part["id"].rpartition(".place.")[0]
                    if question not in places:
                        every = [c["value"] for c in part["choices"]]
                        places[question] = self.dice.sample(every, len(every))
                    values[part["id"]] = places[question].pop()
                case "Input.ChoiceSet":
                    values[part["id"]] = self.dice.choice(part["choices"])["value"]
                case "Input.Text":
                    values[part["id"]] = self.secret()
                case _:
                    pass
        return values

    async def go_through(self, world: World, leader: Leader, card: Any) -> bool:
        """Fill in one screen after the other; whether the end was reached. Some stop on the way."""
        for _ in range(MOST_SCREENS):
            shown = card.get("value", card)
            onward = [b["title"] for b in buttons(shown) if b["title"] in ONWARD]
            if not onward:
                return True
            if self.dice.random() > 0.9 + leader.zeal / 10:
                await world.teams.press(leader.person, shown, title="Later")
                return False
            card = await world.teams.press(
                leader.person, shown, title=onward[0], data=self.filled(shown)
            )
            assert "Sorry, something went wrong" not in read(card)
        raise AssertionError("a step without an end")


def sixty(seed: int) -> Cohort:
    """A dozen eager ones, most who come round to it, and six who do nothing at all."""
    dice = random.Random(seed)
    zeal = [0.95] * 14 + [0.6] * 24 + [0.3] * 16 + [0.0] * 6
    leaders = [Leader(a_person(f"Leader {n:02}"), zeal=zeal[n]) for n in range(60)]
    return Cohort(dice=dice, leaders=leaders)
