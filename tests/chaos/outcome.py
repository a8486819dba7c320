"""What came of a run, and its figures."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.chaos.books import Books, Found, Happened
from tests.chaos.load import Load, Sender
from tests.chaos.plan import Plan
from tests.chaos.region import Region


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What the books say, and what was seen besides."""

    plan: Plan
    database: str
    found: Found
    happened: Sequence[Happened]
    load: Load
    sender: Sender
    region: Region
    books: Books
    settling: float
    wrong: Sequence[str]
    logged: Counter[str]

    @property
    def breaches(self) -> list[str]:
        return [*self.wrong, *self.sender.wrong, *self.found.breaches]

    def __str__(self) -> str:
        found, kinds = self.found, Counter(str(h.fault.kind) for h in self.happened)
        told = Counter(str(done.told) for done in self.load.done)
        struck = [h for h in self.happened if h.twice]
        lines = [
            f"run         {self.database}, seed {self.plan.seed}, "
            f"{self.plan.size.seconds / 60:g} minutes, {self.plan.replicas} replicas",
            f"faults      {len(self.happened)}: {_listed(kinds)}",
            f"activities  {len(self.load.done)}; HTTP {_listed(self.sender.statuses)}; sent elsewhere"
            f" {self.sender.elsewhere}, never connected {self.sender.unconnected}",
            f"answers     {_listed(told)}; apologies {len(self.load.apologies)}",
            f"Teams       refused {_listed(self.region.refused)}",
            f"outbox      {_listed(found.states)}, {found.ahead} ahead",
            f"notices     {found.sent} rows sent, {found.taken} messages taken, {found.twice} twice, "
            f"{found.lost} lost",
            f"not in rows {_listed(found.causes)}",
            *(f"            {h.twice} of {h.in_flight} in flight: {h.fault}" for h in struck),
            f"unsure      {found.unsure} bookings whose last answer never came",
            f"settled     in {self.settling:.1f} s; latest after it was due: {found.worst:.1f} s",
            f"            {found.worst_row}",
            f"log         {_listed(self.logged)}",
        ]
        return "\n".join(lines)


def _listed(counts: Mapping[Any, int]) -> str:
    return ", ".join(f"{n} {what}" for what, n in sorted(counts.items(), key=str)) or "none"
