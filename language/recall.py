"""Drawing words nearer to what people needed who said much the same."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
Halves: TypeAlias = NDArray[np.float16]
Bytes: TypeAlias = NDArray[np.int8]

ALIKE, SHARPNESS = 8, np.float32(20)
"""So many of what is likest count, and how much the likest of all counts before the others."""

PULL = np.float32(0.5)
"""How far words are drawn towards what was needed."""

ROUGHLY, CLOSER = 64, 128
"""By so few dimensions all are compared, and so many of them by all that is known."""

STEPS = np.float32(254)
"""From 0 to 1, in which texts are kept: no coordinate of one is as large as a half."""


class Memory:
    """What people have said, and what they needed. Comparing with 40,000 takes about a millisecond."""

    def __init__(
        self, said: Bytes, needs: Floats, which: NDArray[np.int32], rough: Halves, basis: Floats
    ) -> None:
        """`said` has a row for each text, by `in_bytes`, `which` the row of `needs` that belongs to it.

        `rough` are these texts along the few directions of `basis` in which they differ most.
        """
        self._said, self._needs, self._which = said, needs, which
        self._rough, self._basis = rough.astype(np.float32), basis

    def drawn(self, vector: Floats) -> Floats:
        """A vector of length 1, nearer to the needs; one of zeros, which says nothing, as it is."""
        if not len(self._said) or not vector.any():
            return vector
        along: Floats = vector @ self._basis
        roughly: Floats = self._rough @ along
        some = _largest(roughly, CLOSER)
        near: Floats = self._said[some].astype(np.float32) @ vector
        best = _largest(near, ALIKE)
        weights = np.exp(SHARPNESS / STEPS * (near[best] - near.max()))
        need = weights @ self._needs[self._which[some[best]]]
        moved = vector + PULL * need / np.linalg.norm(need)
        return moved / np.linalg.norm(moved)


def in_bytes(said: Floats) -> Bytes:
    """Rows of length 1, rounded."""
    return np.clip(np.round(said * STEPS), -127, 127).astype(np.int8)


def directions(said: Floats) -> Floats:
    """The directions in which these rows differ most, as columns."""
    _, found = np.linalg.eigh(said.T @ said)
    return found[:, ::-1][:, :ROUGHLY].astype(np.float32)


def _largest(values: Floats, count: int) -> NDArray[np.intp]:
    """The places of the largest few, in no order."""
    if len(values) <= count:
        return np.arange(len(values))
    return np.argpartition(values, -count)[-count:]
