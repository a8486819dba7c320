"""`python -m training.follow`: the model learns to find near what it and a larger one find near together.

Begins with what `training.teach` wrote, over the sessions of all workplaces, and writes the same file.
The larger model is not needed afterwards.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from integrations.sentence_model import ADAPTER, WIDTH, Floats
from integrations.sentence_weights import PACKAGES, adapted, first_of
from integrations.word_pieces import WordPieces
from language import examples
from training.larger import Larger
from training.network import MATRICES, Arrays, Learnt, vectors
from training.teach import (
    OF_SUBJECTS,
    OF_WISHES,
    SCALE,
    SESSIONS,
    Lessons,
    Loss,
    Rows,
    halves,
    looked_at,
    missed,
    of_sessions,
    trained,
)

RANK, KEPT, STEPS = 48, 64, 1300
"""Of what is learnt here, and of all that is written."""

LARGER = 0.7
"""What the larger model's judgement counts beside the model's own."""

EACH = 2
"""Sayings of a session in a lesson."""

OF_EXAMPLES, OF_BOTH, HOLD = 0.25, 2.0, 1.5
"""What counts: which belong together, how near texts are to each other, and every vector by itself."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=ADAPTER)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _, fetched, vocabulary = first_of(PACKAGES, Path(folder))
    pieces = WordPieces(vocabulary.split("\n"))
    weights = adapted(fetched)
    lessons = Lessons(given.seed, examples.programmes(), EACH)
    texts = lessons.texts()
    own = looked_at(weights, pieces, texts)
    goals = together(np.stack([own[text] for text in texts]), Larger(pieces).embed(texts))
    by_text = dict(zip(texts, goals, strict=True))
    learnt = trained(weights, pieces, lessons, by_text, loss, RANK, given.steps, given.seed)
    changes = {
        name: weights[name] - fetched[name] + np.asarray(out @ into)
        for name, (into, out) in learnt.items()
    }
    np.savez_compressed(given.to, allow_pickle=False, **halves(narrowed(changes)))


def together(own: Floats, larger: Floats) -> Floats:
    """Rows as long as the model's own, and as near to those as can be, whose products are as nearly as can
    be the means of both models' products.
    """
    both = np.concatenate([own, np.sqrt(LARGER) * larger], axis=1)
    _, directions = np.linalg.eigh(both.T @ both)
    rows = both @ directions[:, ::-1][:, :WIDTH]
    left, _, right = np.linalg.svd(rows.T @ own)
    rows = rows @ (left @ right)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def loss(learnt: Learnt, weights: Arrays, is_taught: float, goals: Rows, rows: Rows) -> Loss:
    after = [vectors(weights, learnt, each) for each in rows]
    said, wishes, sayings, names, _ = after
    first, second = jnp.split(wishes, 2)
    sessions = of_sessions(after)
    own = jnp.split(sessions, EACH)
    held = [1 - (a * b).sum(-1) for a, b in zip(after, goals, strict=True)]
    parts = (
        is_taught * sum(missed(each) + 0.15 * missed(each.T) for each in own),
        OF_SUBJECTS * missed(sayings @ names[SESSIONS:].T),
        OF_WISHES * missed(jnp.concatenate([first @ second.T, first @ said[:SESSIONS].T], axis=1)),
        sum(_apart(a, b) for a, b in zip(_nearness(goals), _nearness(after), strict=True)),
        jnp.concatenate(held).mean(),
    )
    return OF_EXAMPLES * sum(parts[:3]) + OF_BOTH * parts[3] + HOLD * parts[4], parts


def _nearness(rows: Rows) -> Sequence[jax.Array]:
    """Of what people said to sessions, to each other and to subjects."""
    said, _, sayings, names, _ = rows
    subjects = names[SESSIONS:]
    others = said @ said.T - 2 * jnp.eye(len(said))
    return of_sessions(rows), others, said @ subjects.T, sayings @ subjects.T


def _apart(wanted: jax.Array, found: jax.Array) -> jax.Array:
    """How differently the same are called nearest (Kullback and Leibler)."""
    shares = jax.nn.softmax(SCALE * wanted)
    logarithms = jax.nn.log_softmax(SCALE * wanted) - jax.nn.log_softmax(SCALE * found)
    return (shares * logarithms).sum(-1).mean()


def narrowed(changes: dict[str, Floats]) -> Learnt:
    """Two narrow matrices for each, whose product is as near to it as can be."""
    found: Learnt = {}
    for name in MATRICES:
        left, sizes, right = np.linalg.svd(changes[name], full_matrices=False)
        roots = np.sqrt(sizes[:KEPT])
        found[name] = (
            jnp.asarray(roots[:, None] * right[:KEPT]),
            jnp.asarray(left[:, :KEPT] * roots),
        )
    return found


if __name__ == "__main__":
    main()
