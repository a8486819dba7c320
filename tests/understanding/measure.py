"""How much of the set is understood, and what counts as understood."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.understanding.answers import Answer, Understand
from tests.understanding.lines import CHATTER, FILES, Line, read_lines
from tests.understanding.today import fresh, today

ROUNDS = 1
SEARCHES = frozenset({"find", "whats_on", "book"})
"""What is answered with "nothing found" where no session fits: understood as a wish, but harmless."""

ACTS = frozenset({"book", "cancel", "cancel_session"})
"""What changes something, so that the second best does not do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    right: int
    of: int

    def __str__(self) -> str:
        return f"{100 * self.right / self.of:.1f}" if self.of else "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was right of some lines. `solved` is a line in which nothing was wrong.

    `accepted` is how many lines of chatter, and lines that nothing fits, were answered as if
    understood. `stray` is how many lines that name no day had one read into them, `misdone` how many
    had something done at once that nobody wanted.
    """

    lines: int
    solved: Share
    top_1: Share
    top_3: Share
    intents: Share
    dates: Share
    accepted: Share
    stray: int
    misdone: int
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What was right of one line; None where the line expects nothing of the kind."""

    intents: bool | None
    top_1: bool | None
    top_3: bool | None
    dates: bool | None
    accepted: bool | None
    is_stray: bool
    is_misdone: bool
    is_solved: bool


def measure(lines: Sequence[Line], understand: Understand | None = None) -> Figures:
    """Understand every line; without `understand` as the product does today."""
    meaning = understand or today
    marks = [mark(line, meaning(line)) for line in lines]
    spent = sorted(_milliseconds(meaning, line) for line in lines)
    return Figures(
        lines=len(lines),
        solved=_share(m.is_solved for m in marks),
        top_1=_share(m.top_1 for m in marks),
        top_3=_share(m.top_3 for m in marks),
        intents=_share(m.intents for m in marks),
        dates=_share(m.dates for m in marks),
        accepted=_share(m.accepted for m in marks),
        stray=sum(m.is_stray for m in marks),
        misdone=sum(m.is_misdone for m in marks),
        p50_ms=spent[len(spent) // 2] if spent else 0.0,
        p99_ms=spent[int(0.99 * len(spent))] if spent else 0.0,
    )


def mark(line: Line, answer: Answer) -> Mark:
    """What is right of an answer. Chatter is judged by one thing only: that it is not acted upon."""
    when = next((p.when for p in answer.parts if p.when is not None), None)
    if line.category == CHATTER:
        accepted = _is_accepted(line, answer)
        return Mark(
            intents=None,
            top_1=None,
            top_3=None,
            dates=None,
            accepted=accepted,
            is_stray=False,
            is_misdone=_is_misdone(line, answer),
            is_solved=not accepted,
        )
    several = len(line.intents[0]) > 1
    asked = several and answer.asks
    intents = asked or any(_are(answer, choice, line) for choice in line.intents)
    top_1 = _offers(line, answer, 1) if line.sessions else None
    top_3 = _offers(line, answer, 3) if line.sessions else None
    dates = line.is_when(when) if line.names_days else None
    accepted = _is_offered(answer) if line.nothing_fits else None
    offered = top_1 if ACTS & {i for choice in line.intents for i in choice} else top_3
    return Mark(
        intents=intents,
        top_1=top_1,
        top_3=top_3,
        dates=dates,
        accepted=accepted,
        is_stray=when is not None and not line.names_days and not several,
        is_misdone=_is_misdone(line, answer),
        is_solved=intents and offered is not False and dates is not False and not accepted,
    )


def _are(answer: Answer, choice: Sequence[str], line: Line) -> bool:
    """Whether these are the intents; looking for a session on some days is one thing by either name."""
    alike = {"whats_on": "find"} if line.sessions else {}
    found = [alike.get(p.intent, p.intent) for p in answer.parts]
    return found == [alike.get(intent, intent) for intent in choice]


def _offers(line: Line, answer: Answer, most: int) -> bool:
    """Whether an acceptable session is among the first few offered, for every thing wanted."""
    if len(answer.parts) < len(line.sessions):
        return False
    return all(
        not wanted or bool(set(wanted) & set(part.codes[:most]))
        for wanted, part in zip(line.sessions, answer.parts, strict=False)
    )


def _is_accepted(line: Line, answer: Answer) -> bool:
    """Whether chatter was answered as if it were a wish, other than in a way that does for it."""
    fitting = {intent for choice in line.intents for intent in choice}
    return any(
        p.intent not in fitting and p.is_sure and (bool(p.codes) or p.intent not in SEARCHES)
        for p in answer.parts
    )


def _is_misdone(line: Line, answer: Answer) -> bool:
    """Whether something would be done at once that is none of what was wanted."""
    intents = {intent for choice in line.intents for intent in choice}
    wanted = {code for group in line.sessions for code in group}
    return any(
        p.is_done and (p.intent not in intents or (bool(p.codes) and p.codes[0] not in wanted))
        for p in answer.parts
    )


def _is_offered(answer: Answer) -> bool:
    return any(p.is_sure and p.codes for p in answer.parts)


def _milliseconds(meaning: Understand, line: Line) -> float:
    """The quickest of some rounds: what the machine did meanwhile is not meant."""

    def once() -> float:
        fresh()
        begun = time.perf_counter()
        meaning(line)
        return 1000 * (time.perf_counter() - begun)

    return min(once() for _ in range(ROUNDS))


def _share(marks: Iterable[bool | None]) -> Share:
    judged = [m for m in marks if m is not None]
    return Share(right=sum(judged), of=len(judged))


# --- the benchmark ----------------------------------------------------------------------------

HEAD = (
    "lines",
    "solved",
    "top-1",
    "top-3",
    "intents",
    "dates",
    "accepted",
    "stray",
    "misdone",
    "p50",
    "p99",
)


def run() -> None:
    """Print the figures: by programme and category for tuning, the totals only of what is held back."""
    lines = read_lines(FILES["tune"])
    print("shares in %; accepted: of chatter and of what nothing fits, answered as if understood;")
    print(
        "stray: lines with a day read into them; misdone: something done at once that nobody wanted;"
    )
    print("p50 and p99 in ms")
    for programme in dict.fromkeys(line.programme for line in lines):
        own = [line for line in lines if line.programme == programme]
        print(f"\n{programme:<12}" + "".join(f"{name:>9}" for name in HEAD))
        for category in dict.fromkeys(line.category for line in own):
            _print(category, [line for line in own if line.category == category])
        _print("all of it", own)
    print(f"\n{'':<12}" + "".join(f"{name:>9}" for name in HEAD))
    _print("tune", lines)
    _print("held back", read_lines(FILES["held_back"]))


def _print(name: str, lines: Sequence[Line]) -> None:
    f = measure(lines)
    shares = (f.solved, f.top_1, f.top_3, f.intents, f.dates, f.accepted)
    cells = [
        str(f.lines),
        *map(str, shares),
        str(f.stray),
        str(f.misdone),
        f"{f.p50_ms:.2f}",
        f"{f.p99_ms:.2f}",
    ]
    print(f"{name:<12}" + "".join(f"{cell:>9}" for cell in cells))
