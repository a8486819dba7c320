"""`python -m training.teach`: what the examples teach, written as a file of 1.2 MB for set-up.

The rule is the product's: of the sessions of one programme, the one that an utterance belongs to
should be nearest, by its nearest text; of the subjects, its own; and of the wishes, its own, nearer
than what asks for a session. Every vector is held near to what it was.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
import optax
from numpy.typing import NDArray

from integrations.sentence_model import ADAPTER, Floats
from integrations.sentence_weights import PACKAGES, first_of
from integrations.word_pieces import WordPieces
from language import examples
from language.sayings import sayings
from language.subjects import SUBJECTS
from training.network import Arrays, Learnt, untaught, vectors

RANK = 16
SESSIONS, SUBJECTS_AT_ONCE = 40, 24
SCALE = 20.0
"""How much nearer the right one should be: the scale that the model itself was trained with."""

SHARPNESS = 12.0
"""How much the nearest text of a session counts before its others."""

HOLD = 0.3
"""What it costs to move a vector."""

MIRRORED, OF_SUBJECTS, OF_WISHES = 0.3, 0.5, 0.3
"""What counts beside utterances and their sessions."""

FASTEST, WARM_UP, STEPS, TOLD = 1e-3, 30, 1400, 50
WORKPLACES = (
    "advisers", "bank", "borough", "care", "county", "emergency", "engineering", "homes",
    "hospital", "leisure", "ministry", "retail", "schools", "studio", "transport", "university",
)  # fmt: skip
"""Those that are taught; of the others the product remembers what was said, which the model has not met."""

LENGTHS = (24, 16, 20, 12, 32)
"""Pieces of utterances, wishes, sayings, names and longer texts that are read here."""

LONGEST_HERE, MANY = max(LENGTHS), 256

Groups: TypeAlias = list[list[str]]
"""As many as LENGTHS."""

Rows: TypeAlias = Sequence[jax.Array]
"""For each group."""

Loss: TypeAlias = tuple[jax.Array, Sequence[jax.Array]]
"""All, and its parts."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=ADAPTER)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without", nargs="*", default=[], help="programmes to measure with")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _, weights, vocabulary = first_of(PACKAGES, Path(folder))
    pieces = WordPieces(vocabulary.split("\n"))
    lessons = Lessons(given.seed, sorted({*WORKPLACES} - {*given.without}))
    before = looked_at(weights, pieces, lessons.texts())
    learnt = trained(weights, pieces, lessons, before, loss, RANK, given.steps, given.seed)
    np.savez_compressed(given.to, allow_pickle=False, **halves(learnt))


class Lessons:
    """Texts to look at together, in groups; which belong together says `loss`."""

    def __init__(self, seed: int, workplaces: Collection[str], each: int = 1) -> None:
        """`each`: so many sayings of a session; first one of each of them, then the next."""
        self._dice = random.Random(seed)
        self._each = each
        self._programmes = {
            name: some for name, some in examples.programmes().items() if name in workplaces
        }
        self._wishes = list(sayings().values())

    def texts(self) -> list[str]:
        """All that will be looked at."""
        found: dict[str, None] = {}
        for example in chain.from_iterable(self._programmes.values()):
            found.update(dict.fromkeys((*example.sayings, *example.parts())))
        for subject in SUBJECTS:
            found.update(dict.fromkeys((*subject.names, *subject.sayings)))
        return [*found, *chain.from_iterable(self._wishes)]

    def one(self) -> tuple[str, Groups]:
        """The workplace whose sessions they are, too."""
        dice = self._dice
        name = dice.choice(sorted(self._programmes))
        some = dice.sample(self._programmes[name], SESSIONS)
        subjects = dice.sample(SUBJECTS, SUBJECTS_AT_ONCE)
        wishes = [dice.sample(sayings, 2) for sayings in self._wishes]
        names = [dice.choice([e.title, dice.choice(e.topics)]) for e in some]
        said = [dice.sample(e.sayings, self._each) for e in some]
        return name, [
            [*chain.from_iterable(zip(*said, strict=True))],
            [*(first for first, _ in wishes), *(second for _, second in wishes)],
            [dice.choice(s.sayings) for s in subjects],
            [*names, *(dice.choice(s.names) for s in subjects)],
            [dice.choice(list(e.parts())[-3:]) for e in some],
        ]


def loss(learnt: Learnt, weights: Arrays, _: float, before: Rows, rows: Rows) -> Loss:
    after = [vectors(weights, learnt, each) for each in rows]
    said, wishes, sayings, names, _ = after
    first, second = jnp.split(wishes, 2)
    subjects = names[SESSIONS:]
    sessions = of_sessions(after)
    moved = [1 - (a * b).sum(-1) for a, b in zip(after, before, strict=True)]
    parts = (
        missed(sessions) + MIRRORED * missed(sessions.T),
        OF_SUBJECTS * missed(sayings @ subjects.T),
        OF_WISHES * missed(jnp.concatenate([first @ second.T, first @ said.T], axis=1)),
        HOLD * jnp.concatenate(moved).mean(),
    )
    return sum(parts), parts


def of_sessions(rows: Rows) -> jax.Array:
    """How near what people said is to each session, by its nearest text."""
    said, _, _, names, long = rows
    near = [jnp.exp(SHARPNESS * (said @ texts.T)) for texts in (names[:SESSIONS], long)]
    return jnp.log(sum(near)) / SHARPNESS


def missed(near: jax.Array) -> jax.Array:
    """Each row's own column should be the largest (InfoNCE)."""
    own = jnp.arange(len(near))
    return optax.softmax_cross_entropy_with_integer_labels(SCALE * near, own).mean()


def trained(
    weights: Mapping[str, Floats],
    pieces: WordPieces,
    lessons: Lessons,
    goals: Mapping[str, Floats],
    loss: Callable[[Learnt, Arrays, float, Rows, Rows], Loss],
    rank: int,
    steps: int,
    seed: int,
) -> Learnt:
    """Some half an hour on two cores.

    `loss` is asked with what is learnt, the weights, 1 for sessions of WORKPLACES and 0 for others, the
    vectors of `goals` and the pieces.
    """
    arrays = {name: jnp.asarray(each) for name, each in weights.items()}
    learnt = untaught(weights, rank, seed)
    speed = optax.warmup_cosine_decay_schedule(0, FASTEST, WARM_UP, steps, FASTEST / 20)
    learning = optax.adam(speed)

    @jax.jit
    def step(learnt: Learnt, state: optax.OptState, *args):
        (_, parts), slopes = jax.value_and_grad(loss, has_aux=True)(learnt, *args)
        changes, state = learning.update(slopes, state, learnt)
        return optax.apply_updates(learnt, changes), state, parts

    state = learning.init(learnt)
    begun, told = time.monotonic(), list[list[float]]()
    for number in range(1, steps + 1):
        name, groups = lessons.one()
        rows = [padded(pieces, *each) for each in zip(groups, LENGTHS, strict=True)]
        wanted = [np.stack([goals[text] for text in group]) for group in groups]
        learnt, state, parts = step(learnt, state, arrays, float(name in WORKPLACES), wanted, rows)
        told.append([float(part) for part in parts])
        if number % TOLD == 0:
            words = " ".join(f"{part:.3f}" for part in np.mean(told[-TOLD:], axis=0))
            print(f"{number} of {steps}: {words}, {time.monotonic() - begun:.0f} s", flush=True)
    return learnt


def looked_at(
    weights: Mapping[str, Floats], pieces: WordPieces, texts: Sequence[str]
) -> dict[str, Floats]:
    """Each text's vector."""
    arrays = {name: jnp.asarray(each) for name, each in weights.items()}
    look, nothing = jax.jit(vectors), untaught(weights, 1, 0)
    found = dict[str, Floats]()
    for some in (texts[start : start + MANY] for start in range(0, len(texts), MANY)):
        rows = padded(pieces, [*some, *[""] * (MANY - len(some))], LONGEST_HERE)
        found |= zip(some, np.asarray(look(arrays, nothing, rows)), strict=False)
    return found


def halves(learnt: Learnt) -> dict[str, NDArray[np.float16]]:
    """As they are written."""
    return {
        f"{name}.{part}": np.asarray(matrix, np.float16)
        for name, both in learnt.items()
        for part, matrix in zip(("into", "out"), both, strict=True)
    }


def padded(pieces: WordPieces, texts: Sequence[str], length: int) -> NDArray[np.int32]:
    rows = np.zeros((len(texts), length), np.int32)
    for row, text in zip(rows, texts, strict=True):
        numbers = pieces.numbers(text, at_most=length)
        row[: len(numbers)] = numbers
    return rows


if __name__ == "__main__":
    main()
