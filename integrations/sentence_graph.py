"""all-MiniLM-L6-v2 as a graph that multiplies in whole numbers of eight bits.

Weights are rounded to steps of a size for each column, and what they are multiplied with to steps
of a size for each piece, so that a text's vector does not depend on the texts beside it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from integrations.onnx_graph import FLOAT, INT32, MICROSOFT, Graph
from integrations.sentence_model import LONGEST, WIDTH, Floats

LAYERS, HEADS = 6, 12

STEPS = 100
"""To either side of zero. With 127, processors that add pairs of products in 16 bits overflow."""

LOUD, LOUDER = [63, 99, 157, 223, 338], 8
"""Columns that are so much larger than the others in what a layer hands on, measured."""

GELU_LEAST, GELU_STEPS = 0.17, 24
"""How far below zero GELU goes, and how many of the 255 steps that gets."""


def written(weights: Mapping[str, Floats], vocabulary: str) -> bytes:
    """A file for onnxruntime: the numbers of texts' pieces, then zeros, become vectors."""
    return _SentenceGraph(weights).written(vocabulary)


def rounded(matrix: Floats, steps: int) -> tuple[NDArray[np.int8], Floats]:
    """Each row as whole numbers of so many steps to either side, and the size of its steps."""
    sizes = (np.abs(matrix).max(axis=1) / np.float32(steps)).astype(np.float32)
    return np.rint(matrix / sizes[:, None]).astype(np.int8), sizes


class _SentenceGraph:
    """Takes its arrays by the names that they have in the source."""

    def __init__(self, weights: Mapping[str, Floats]) -> None:
        self._weights = weights
        self._graph = Graph()
        self._array, self._node = self._graph.array, self._graph.node

    def written(self, vocabulary: str) -> bytes:
        is_said = self._node("Min", "pieces", self._array(np.array(1)))
        mask = self._node("Cast", is_said, to=INT32)
        x = self._pieces()
        for number in range(LAYERS):
            x = self._layer(f"encoder.layer.{number}", x, mask)
        second = self._array(np.array([1]))
        shares = self._node("Unsqueeze", self._node("Cast", is_said, to=FLOAT), second)
        sums = self._node("Squeeze", self._node("MatMul", shares, x), second)
        vectors = self._node("LpNormalization", sums)
        return self._graph.written(
            given="pieces", shape=["texts", "length"], result=vectors, vocabulary=vocabulary
        )

    def _pieces(self) -> str:
        """What each piece is by itself, and by its place in the text."""
        words, sizes = rounded(self._weights["embeddings.word_embeddings.weight"], 127)
        steps = self._node("Gather", self._array(words), "pieces")
        size = self._node("Gather", self._array(sizes[:, None]), "pieces")
        x = self._node("Mul", self._node("Cast", steps, to=FLOAT), size)
        places = self._weights["embeddings.position_embeddings.weight"][:LONGEST]
        first_kind = self._weights["embeddings.token_type_embeddings.weight"][0]
        zero, length = self._array(np.array([0])), self._node("Shape", "pieces", start=1)
        place = self._node("Slice", self._array(places + first_kind), zero, length, zero)
        x = self._node("Add", x, place)
        norm = self._both("embeddings.LayerNorm")
        return self._node("LayerNormalization", x, *norm, epsilon=1e-12)

    def _layer(self, name: str, x: str, mask: str) -> str:
        """Each piece looks at the others of its text, then thinks by itself."""
        seen = self._seen(f"{name}.attention.self", x, mask)
        seen = self._product(seen, self._weights[f"{name}.attention.output.dense.weight"])
        x = self._sum(x, seen, f"{name}.attention.output")
        thought = self._thought(name, x)
        return self._sum(x, thought, f"{name}.output")

    def _seen(self, name: str, x: str, mask: str) -> str:
        parts = [f"{name}.{part}" for part in ("query", "key", "value")]
        matrix = np.concatenate([self._weights[f"{part}.weight"] for part in parts])
        bias = np.concatenate([self._weights[f"{part}.bias"] for part in parts])
        sizes = np.ones(WIDTH, np.float32)
        sizes[LOUD] = LOUDER
        looking = self._product(self._node("Mul", x, self._array(1 / sizes)), matrix * sizes)
        split = self._graph.nodes("Split", looking, outputs=3, axis=-1, num_outputs=3)
        return self._node(
            "MultiHeadAttention", *split, self._array(bias), mask, domain=MICROSOFT, num_heads=HEADS
        )

    def _thought(self, name: str, x: str) -> str:
        """How large each column of x becomes is known from the step before."""
        before = f"{name}.attention.output.LayerNorm"
        stretch, shift = self._weights[f"{before}.weight"], self._weights[f"{before}.bias"]
        sizes = 2 * np.abs(stretch) + np.abs(shift)
        matrix, bias = (self._weights[f"{name}.intermediate.dense.{k}"] for k in ("weight", "bias"))
        wide = self._product(self._node("Mul", x, self._array(1 / sizes)), matrix * sizes)
        wide = self._node("BiasGelu", wide, self._array(bias), domain=MICROSOFT)
        least = GELU_LEAST / GELU_STEPS * (255 - GELU_STEPS)
        largest = self._node("ReduceMax", wide, self._array(np.array([-1])))
        largest = self._node("Max", largest, self._array(np.array(least, np.float32)))
        matrix = self._weights[f"{name}.output.dense.weight"]
        return self._steps_product(wide, largest, matrix, zero=GELU_STEPS)

    def _product(self, x: str, matrix: Floats) -> str:
        last = self._array(np.array([-1]))
        largest = self._node("ReduceMax", self._node("Abs", x), last)
        return self._steps_product(x, largest, matrix, zero=128)

    def _steps_product(self, x: str, largest: str, matrix: Floats, *, zero: int) -> str:
        """x in steps from 0 to 255, times the weights; `zero` of the steps are below zero."""
        step = self._array(np.array(1 / (255 - zero), np.float32))
        below = self._array(np.array(zero, np.uint8))
        steps = self._node("QuantizeLinear", self._node("Div", x, largest), step, below)
        columns, sizes = rounded(matrix, STEPS)
        by = self._array(np.ascontiguousarray(columns.T))
        product = self._node(
            "MatMulIntegerToFloat", steps, by, step, self._array(sizes), below, domain=MICROSOFT
        )
        return self._node("Mul", product, largest)

    def _sum(self, x: str, y: str, name: str) -> str:
        """Brought to mean 0 and variance 1 for each piece, then stretched and shifted."""
        bias = self._array(self._weights[f"{name}.dense.bias"])
        norm = self._both(f"{name}.LayerNorm")
        return self._node(
            "SkipLayerNormalization", x, y, *norm, bias, domain=MICROSOFT, epsilon=1e-12
        )

    def _both(self, name: str) -> list[str]:
        return [self._array(self._weights[f"{name}.{part}"]) for part in ("weight", "bias")]
