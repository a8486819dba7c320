"""How much of the set is understood, and what counts as understood."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from integrations.meanings import KEPT
from integrations.sentence_model import INSTALLED
from tests.understanding.answers import Answer, Understand
from tests.understanding.lines import CHATTER, FILES, PROGRAMMES, Line, read_lines
from tests.understanding.parts import alone
from tests.understanding.today import by_words, fresh, meaning, today
from tests.understanding.today import programme as known

ROUNDS = 3
YARDSTICK = "how do I write emails that people actually want to read"
"""Ten words, whose embedding is what the model needs for one message."""

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
    return _figures([_look_at(meaning, line) for line in lines])


def _look_at(meaning: Understand, line: Line) -> tuple[Mark, float]:
    """What is right of one line, and the milliseconds that it takes."""
    return mark(line, meaning(line)), _milliseconds(lambda: meaning(line))


def _figures(looked: Sequence[tuple[Mark, float]]) -> Figures:
    marks = [m for m, _ in looked]
    p50, p99 = _percentiles([spent for _, spent in looked])
    return Figures(
        lines=len(marks),
        solved=_share(m.is_solved for m in marks),
        top_1=_share(m.top_1 for m in marks),
        top_3=_share(m.top_3 for m in marks),
        intents=_share(m.intents for m in marks),
        dates=_share(m.dates for m in marks),
        accepted=_share(m.accepted for m in marks),
        stray=sum(m.is_stray for m in marks),
        misdone=sum(m.is_misdone for m in marks),
        p50_ms=p50,
        p99_ms=p99,
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


def _milliseconds(work: Callable[[], object]) -> float:
    """The quickest of some rounds, nothing remembered: what the machine did meanwhile is not meant."""

    def once() -> float:
        fresh()
        begun = time.perf_counter()
        work()
        return 1000 * (time.perf_counter() - begun)

    return min(once() for _ in range(ROUNDS))


def _percentiles(spent: Sequence[float]) -> tuple[float, float]:
    """The median and the 99th of a hundred."""
    ordered = sorted(spent)
    return (ordered[len(ordered) // 2], ordered[int(0.99 * len(ordered))]) if spent else (0.0, 0.0)


def _share(marks: Iterable[bool | None]) -> Share:
    judged = [m for m in marks if m is not None]
    return Share(right=sum(judged), of=len(judged))


# --- the benchmark ----------------------------------------------------------------------------

LOADING = """
import os
from tests.bench.start import resident
bare = resident(os.getpid())
import numpy, onnxruntime
from integrations import meanings
imported = resident(os.getpid())
meaning = meanings.load()
loaded = resident(os.getpid())
meaning.wishes("how do I write emails that people actually want to read")
asked = resident(os.getpid())
if bare:
    print(f"without {bare}, packages imported {imported}, model and kept sentences loaded {loaded}, "
          f"one message asked {asked}")
"""
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
    print("shares in %; accepted: of chatter and of what nothing fits, answered as if understood;")
    print(
        "stray: lines with a day read into them; misdone: something done at once that nobody wanted;"
    )
    print(f"p50 and p99 in ms, nothing cached, the quickest of {ROUNDS}")
    lines = {split: read_lines(path) for split, path in FILES.items()}
    every = [line for some in lines.values() for line in some]
    seen = {line.id: _look_at(today, line) for line in every}
    for programme in PROGRAMMES:
        own = [line for line in lines["tune"] if line.programme == programme]
        _print_head(programme)
        for category in dict.fromkeys(line.category for line in own):
            _print(category, [seen[line.id] for line in own if line.category == category])
        _print("all of it", [seen[line.id] for line in own])
    _print_head("tune")
    _print_totals(lines["tune"], seen)
    _print_head("later")
    _print_totals(lines["later"], seen)
    _print_head("held back")
    _print_totals(lines["held_back"], seen)
    _print_parts([line for line in every if line.sessions])
    _print_cost([line for line in every if line.programme == "week"], seen)
    _print_memory()


def _print_head(name: str) -> None:
    print(f"\n{name:<12}" + "".join(f"{column:>9}" for column in HEAD))


def _print_totals(lines: Sequence[Line], seen: Mapping[str, tuple[Mark, float]]) -> None:
    for programme in PROGRAMMES:
        _print(programme, [seen[line.id] for line in lines if line.programme == programme])
    _print("all of it", [seen[line.id] for line in lines])


def _print(name: str, looked: Sequence[tuple[Mark, float]]) -> None:
    f = _figures(looked)
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


def _print_parts(lines: Sequence[Line]) -> None:
    """Line by line, so that what the model was asked for one part is there for the next."""
    parts = {**alone(), "no model at all": by_words}
    marks = [{name: mark(line, part(line)) for name, part in parts.items()} for line in lines]
    print(
        f"\nfound by each part alone, of the {len(lines)} lines with a session, tune and held back:"
    )
    print(
        "top-1 and top-3 in %. Codes and whole titles are found by all; what is wanted, and when, is"
    )
    print("understood with all, but for the last row, which is the product where there is no model")
    print(f"{'':<25}" + "".join(f"{name:>15}" for name in (*PROGRAMMES, "all of it")))
    for name in parts:
        cells: list[str] = []
        for programme in (*PROGRAMMES, None):
            own = [
                each[name]
                for line, each in zip(lines, marks, strict=True)
                if programme in (line.programme, None)
            ]
            cells.append(f"{_share(m.top_1 for m in own)} {_share(m.top_3 for m in own)!s:>6}")
        print(f"{name:<25}" + "".join(f"{cell:>15}" for cell in cells))


def _print_cost(lines: Sequence[Line], seen: Mapping[str, tuple[Mark, float]]) -> None:
    sessions = len(known(lines[0].programme).sessions)
    print(f"\none message, nothing cached, {sessions} sessions; ms p50, p99")
    for name, own in (
        ("all lines", lines),
        ("lines that ask the model", [line for line in lines if _asks_model(line)]),
    ):
        p50, p99 = _percentiles([seen[line.id][1] for line in own])
        print(f"{name + f' ({len(own)})':<38}{p50:>8.2f}{p99:>8.2f}")
    p50, p99 = _percentiles([_milliseconds(lambda: meaning().embed([YARDSTICK])) for _ in lines])
    print(f"{'yardstick: embedding ten words':<38}{p50:>8.2f}{p99:>8.2f}")


def _asks_model(line: Line) -> bool:
    fresh()
    today(line)
    return meaning().kept > 0


def _print_memory() -> None:
    """In a process of its own, so that nothing else is counted."""
    done = subprocess.run(  # noqa: S603 -- our own words
        [sys.executable, "-c", LOADING], capture_output=True, text=True, check=True
    )
    print(f"\nmemory of a fresh process, MB resident: {done.stdout.strip() or 'not told here'}")
    runtime = find_spec("onnxruntime")
    folder = Path(runtime.origin).parent if runtime and runtime.origin else None
    sizes = {"model": _megabytes(INSTALLED), "kept sentences": _megabytes(KEPT)}
    if folder is not None:
        sizes["onnxruntime"] = sum(_megabytes(p) for p in folder.rglob("*") if p.is_file())
    print("installed, MB: " + ", ".join(f"{name} {size:.1f}" for name, size in sizes.items()))


def _megabytes(path: Path) -> float:
    return path.stat().st_size / 1e6 if path.exists() else 0.0
