"""What a council's people do with the bot in a busy hour, in the proportions in which they do it."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from store.engine import open_database
from tests.support.activities import Activities, Activity, Person, Place, channel, group_chat
from tests.support.databases import read_sql
from tests.support.now import now

Each = Callable[[Person], Activity]

GENERAL, POLICY = channel(), group_chat()
WORDS = (
    "what's on today",
    "what's on tomorrow",
    "what's on this week",
    "find mentoring",
    "digital accesibility",
    "the second one",
    "resources",
    "my bookings",
    "my data",
    "nudges off",
    "nudges on",
    "help",
    "xyzzy",
)


class Mix:
    """Draws the next thing that somebody does; the same seed draws the same."""

    def __init__(self, activities: Activities, ahead: list[int], *, seed: int = 1) -> None:
        self._a = activities
        self._ahead = ahead
        self._dice = random.Random(seed)
        day = f"{now():%Y-%m-%d}"
        own = {"day": day, "sessions": ahead[:3], "more": 0}
        search = {"queryOptions": {"skip": 0, "count": 25}, "commandId": "searchSessions"}
        link = {"url": "https://learnweek.example.org/hub/sessions/GM1"}
        self._table: list[tuple[int, Each]] = [
            (32, lambda p: self._a.message(self._dice.choice(WORDS), p)),
            (16, lambda p: self._press("session.book", p)),
            (12, lambda p: self._press("session.cancel", p)),
            (6, lambda p: self._press("session.show", p)),
            (4, lambda p: self._a.submit("session.show", {"session": self._one()}, p)),
            (8, lambda p: self._a.request("composeExtension/query", search | self._typed(), p)),
            (3, lambda p: self._a.request("composeExtension/queryLink", link, p)),
            (6, lambda p: self._said("what's on today", p, GENERAL)),
            (4, lambda p: self._said("my bookings", p, GENERAL)),
            (2, lambda p: self._said("find mentoring", p, POLICY)),
            (6, lambda p: self._a.invoke("highlights.mine", own, p, where=GENERAL,
                                         trigger="automatic")),
            (1, lambda p: self._a.installation_update(p)),
        ]  # fmt: skip

    def next(self, people: list[Person]) -> Activity:
        weights = [weight for weight, _ in self._table]
        [(_, make)] = self._dice.choices(self._table, weights)
        return make(self._dice.choice(people))

    def _press(self, verb: str, person: Person) -> Activity:
        return self._a.invoke(verb, {"session": self._one()}, person)

    def _said(self, words: str, person: Person, where: Place) -> Activity:
        return self._a.message(words, person, where=where)

    def _one(self) -> int:
        return self._dice.choice(self._ahead)

    def _typed(self) -> dict[str, object]:
        typed = self._dice.choice(("", "m", "mind", "mindset", "thursday", "wellbeing"))
        return {"parameters": [{"name": "text", "value": typed}]}


async def bookable(database_url: str) -> list[int]:
    """The sessions that begin in more than a day: what comes free is given on at once."""
    database = open_database(database_url)
    rows = await read_sql(database, "SELECT id, starts_at FROM sessions WHERE starts_at > ''")
    await database.close()
    tomorrow = now() + timedelta(days=1)
    return [
        id for id, starts in rows if datetime.fromisoformat(starts).replace(tzinfo=UTC) > tomorrow
    ]
