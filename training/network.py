"""all-MiniLM-L6-v2 in JAX, with what is learnt beside its weights: two narrow matrices for each."""

from __future__ import annotations

from collections.abc import Mapping

import jax
import jax.numpy as jnp
import numpy as np

from integrations.sentence_graph import HEADS, LAYERS
from integrations.sentence_model import WIDTH, Floats

Arrays = Mapping[str, jax.Array]
Learnt = dict[str, tuple[jax.Array, jax.Array]]

PARTS = (
    "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
    "intermediate.dense", "output.dense",
)  # fmt: skip
MATRICES = [f"encoder.layer.{n}.{part}.weight" for n in range(LAYERS) for part in PARTS]
PADDED = -1e9


def untaught(weights: Mapping[str, Floats], rank: int, seed: int) -> Learnt:
    """Matrices whose product is zero (LoRA, Hu et al. 2021): the model begins as it is."""
    dice = np.random.default_rng(seed)
    found: Learnt = {}
    for name in MATRICES:
        wide, narrow = weights[name].shape
        into = dice.normal(0, narrow**-0.5, (rank, narrow))
        found[name] = jnp.asarray(into, jnp.float32), jnp.zeros((wide, rank), jnp.float32)
    return found


def vectors(weights: Arrays, learnt: Learnt, pieces: jax.Array) -> jax.Array:
    """A row of length 1 for each text, given by the numbers of its pieces and then zeros."""
    is_said = pieces > 0
    hidden = jnp.where(is_said, 0.0, PADDED)[:, None, None, :]
    texts, length = pieces.shape

    def product(x: jax.Array, name: str) -> jax.Array:
        # Multiplied out first, as XLA is slow with narrow matrices; so are more than two dimensions.
        into, out = learnt[f"{name}.weight"]
        matrix = weights[f"{name}.weight"] + out @ into
        flat = x.reshape(-1, x.shape[-1]) @ matrix.T + weights[f"{name}.bias"]
        return flat.reshape(*x.shape[:-1], -1)

    def normal(x: jax.Array, name: str) -> jax.Array:
        x = x - x.mean(-1, keepdims=True)
        x = x / jnp.sqrt((x**2).mean(-1, keepdims=True) + 1e-12)
        return x * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    x = weights["embeddings.word_embeddings.weight"][pieces]
    x = x + weights["embeddings.position_embeddings.weight"][:length]
    x = normal(x + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        query, key, value = (
            product(x, f"{layer}.{part}")
            .reshape(texts, length, HEADS, WIDTH // HEADS)
            .transpose(0, 2, 1, 3)
            for part in PARTS[:3]
        )
        near = query @ key.transpose(0, 1, 3, 2) / (WIDTH // HEADS) ** 0.5
        seen = jax.nn.softmax(near + hidden, -1) @ value
        seen = seen.transpose(0, 2, 1, 3).reshape(texts, length, WIDTH)
        x = x + product(seen, f"{layer}.attention.output.dense")
        x = normal(x, f"{layer}.attention.output.LayerNorm")
        thought = jax.nn.gelu(product(x, f"{layer}.intermediate.dense"), approximate=False)
        x = normal(x + product(thought, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
    said = is_said[..., None].astype(x.dtype)
    mean = (x * said).sum(1) / said.sum(1)
    return mean / jnp.linalg.norm(mean, axis=-1, keepdims=True)
