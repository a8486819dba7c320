"""Whether words sound like a need or like chatter, by the one direction in which the two differ most."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]

SHRINKAGE = 0.01
"""Added to the variance along each direction: examples of chatter are few, and these are 384 directions."""


class Leaning:
    """Fisher's linear discriminant between what people say who need something, and chatter."""

    def __init__(self, direction: Floats) -> None:
        """`direction` is what `between` found."""
        self._direction, self._offset = direction[:-1], float(direction[-1])

    def of(self, vector: Floats) -> float:
        """Above zero for a need, below for chatter; nearly always between -4 and 4."""
        return float(self._direction @ vector) + self._offset if vector.any() else 0.0


def between(needs: Floats, chatter: Floats) -> Floats:
    """The direction, and after it what makes half way between the two means zero."""
    ahead: Floats = needs.mean(axis=0)
    behind: Floats = chatter.mean(axis=0)
    spread: NDArray[np.float64] = (np.cov(needs.T) + np.cov(chatter.T)) / 2
    spread += SHRINKAGE * np.eye(needs.shape[1])
    direction = np.asarray(
        np.linalg.solve(spread, (ahead - behind).astype(np.float64)), dtype=np.float64
    )
    offset = -float(direction @ (ahead + behind)) / 2
    return np.append(direction, offset).astype(np.float32)
