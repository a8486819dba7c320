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
from collections.abc import Iterator, Mapping, Sequence
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
    lessons = Lessons(given.seed, given.without)
    learnt = taught(weights, pieces, lessons, given.steps, given.seed)
    halves = {
        f"{name}.{part}": np.asarray(matrix, np.float16)
        for name, both in learnt.items()
        for part, matrix in zip(("into", "out"), both, strict=True)
    }
    np.savez_compressed(given.to, allow_pickle=False, **halves)


class Lessons:
    """Texts to look at together, in groups; which belong together says `loss`."""

    def __init__(self, seed: int, without: Sequence[str]) -> None:
        self._dice = random.Random(seed)
        self._programmes = [
            some
            for name, some in examples.programmes().items()
            if name in WORKPLACES and name not in without
        ]
        self._wishes = list(sayings().values())

    def texts(self) -> list[str]:
        """All that will be looked at."""
        found: dict[str, None] = {}
        for example in chain.from_iterable(self._programmes):
            found.update(dict.fromkeys((*example.sayings, *example.parts())))
        for subject in SUBJECTS:
            found.update(dict.fromkeys((*subject.names, *subject.sayings)))
        return [*found, *chain.from_iterable(self._wishes)]

    def one(self) -> Groups:
        dice = self._dice
        some = dice.sample(dice.choice(self._programmes), SESSIONS)
        subjects = dice.sample(SUBJECTS, SUBJECTS_AT_ONCE)
        wishes = [dice.sample(sayings, 2) for sayings in self._wishes]
        names = [dice.choice([e.title, dice.choice(e.topics)]) for e in some]
        return [
            [dice.choice(e.sayings) for e in some],
            [*(first for first, _ in wishes), *(second for _, second in wishes)],
            [dice.choice(s.sayings) for s in subjects],
            [*names, *(dice.choice(s.names) for s in subjects)],
            [dice.choice(list(e.parts())[-3:]) for e in some],
        ]


def loss(learnt: Learnt, weights: Arrays, before: Sequence[Floats], rows: Sequence[Floats]):
    after = [vectors(weights, learnt, each) for each in rows]
    said, wishes, sayings, names, long = after
    first, second = jnp.split(wishes, 2)
    titles, subjects = names[:SESSIONS], names[SESSIONS:]
    near = [jnp.exp(SHARPNESS * (said @ texts.T)) for texts in (titles, long)]
    sessions = jnp.log(sum(near)) / SHARPNESS
    moved = [1 - (a * b).sum(-1) for a, b in zip(after, before, strict=True)]
    parts = (
        _missed(sessions) + MIRRORED * _missed(sessions.T),
        OF_SUBJECTS * _missed(sayings @ subjects.T),
        OF_WISHES * _missed(jnp.concatenate([first @ second.T, first @ said.T], axis=1)),
        HOLD * jnp.concatenate(moved).mean(),
    )
    return sum(parts), parts


def _missed(near: jax.Array) -> jax.Array:
    """Each row's own column should be the largest (InfoNCE)."""
    own = jnp.arange(len(near))
    return optax.softmax_cross_entropy_with_integer_labels(SCALE * near, own).mean()


def taught(
    weights: Mapping[str, Floats], pieces: WordPieces, lessons: Lessons, steps: int, seed: int
) -> Learnt:
    """Some half an hour on two cores."""
    arrays = {name: jnp.asarray(each) for name, each in weights.items()}
    learnt = untaught(weights, RANK, seed)
    speed = optax.warmup_cosine_decay_schedule(0, FASTEST, WARM_UP, steps, FASTEST / 20)
    learning = optax.adam(speed)

    @jax.jit
    def step(learnt: Learnt, state: optax.OptState, *args):
        (_, parts), slopes = jax.value_and_grad(loss, has_aux=True)(learnt, *args)
        changes, state = learning.update(slopes, state, learnt)
        return optax.apply_updates(learnt, changes), state, parts

    before = dict(looked_at(arrays, learnt, pieces, lessons.texts()))
    state = learning.init(learnt)
    begun, told = time.monotonic(), list[list[float]]()
    for number in range(1, steps + 1):
        groups = lessons.one()
        rows = [padded(pieces, *each) for each in zip(groups, LENGTHS, strict=True)]
        were = [np.stack([before[text] for text in group]) for group in groups]
        learnt, state, parts = step(learnt, state, arrays, were, rows)
        told.append([float(part) for part in parts])
        if number % TOLD == 0:
            words = " ".join(f"{part:.3f}" for part in np.mean(told[-TOLD:], axis=0))
            print(f"{number} of {steps}: {words}, {time.monotonic() - begun:.0f} s", flush=True)
    return learnt


def looked_at(
    weights: Arrays, learnt: Learnt, pieces: WordPieces, texts: Sequence[str]
) -> Iterator[tuple[str, Floats]]:
    """Each text with its vector."""
    look = jax.jit(vectors)
    for some in (texts[start : start + MANY] for start in range(0, len(texts), MANY)):
        rows = padded(pieces, [*some, *[""] * (MANY - len(some))], LONGEST_HERE)
        yield from zip(some, np.asarray(look(weights, learnt, rows)), strict=False)


def padded(pieces: WordPieces, texts: Sequence[str], length: int) -> NDArray[np.int32]:
    rows = np.zeros((len(texts), length), np.int32)
    for row, text in zip(rows, texts, strict=True):
        numbers = pieces.numbers(text, at_most=length)
        row[: len(numbers)] = numbers
    return rows


if __name__ == "__main__":
    main()
