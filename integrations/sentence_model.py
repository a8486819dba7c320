"""What an English sentence means, as a vector: all-MiniLM-L6-v2 in plain NumPy, from a file."""

from __future__ import annotations

import sys
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from integrations.word_pieces import WordPieces

INSTALLED = Path(sys.prefix, "share", "learnweek", "all-MiniLM-L6-v2.npz")
"""Beside the packages: not in the repository, and wherever the environment goes."""

SOURCE = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""The SHA-256 of the model.safetensors that the file was made from."""

LAYERS, HEADS, WIDTH = 6, 12, 384
AT_ONCE = 16
AT_MOST = 128
"""Pieces of a text that are read; the model was trained on as many."""

Floats: TypeAlias = NDArray[np.float32]
Arrays: TypeAlias = Mapping[str, NDArray[Any]]


class DamagedModel(Exception):
    """The file cannot be used; says what to do."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is damaged or of another version. Delete it, then run "
            "`python -m integrations.sentence_weights`."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A linear step."""

    matrix: Floats
    bias: Floats

    def __call__(self, x: Floats) -> Floats:
        """In this order the matrix is read as it lies: half the time of `x @ matrix.T`."""
        return np.ascontiguousarray((self.matrix @ x.T).T) + self.bias


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """Brings each row to mean 0 and variance 1, then stretches and shifts it."""

    stretch: Floats
    shift: Floats

    def __call__(self, x: Floats) -> Floats:
        x = x - x.mean(axis=-1, keepdims=True)
        deviation = np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + np.float32(1e-12))
        return x / deviation * self.stretch + self.shift


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Each piece looks at the others of its text, then thinks by itself."""

    looking: Weights
    seen: Weights
    seen_norm: Norm
    wider: Weights
    narrower: Weights
    norm: Norm

    def __call__(self, x: Floats, texts: Sequence[slice]) -> Floats:
        looking = self.looking(x)
        seen = np.concatenate([_attention(looking[text]) for text in texts])
        x = self.seen_norm(x + self.seen(seen))
        return self.norm(x + self.narrower(_gelu(self.wider(x))))


class MiniLM:
    """Texts to vectors of length 1: the nearer two meanings, the larger the dot product.

    English only. A short text takes some milliseconds and lets other threads run meanwhile.
    """

    def __init__(self, arrays: Arrays) -> None:
        """Keep the words as small integers, and the rest as floats, which are faster."""
        vocabulary = arrays["vocabulary"].tobytes().decode().split("\n")
        self._pieces = WordPieces(vocabulary)
        self._whole = frozenset(vocabulary)
        self._words, self._scales = arrays["words"], arrays["words.scales"]
        self._places = _floats(arrays, "places")
        self._norm = _norm(arrays, "norm")
        self._layers = [_layer(arrays, f"layer.{number}") for number in range(LAYERS)]

    def embed(self, texts: Sequence[str]) -> Floats:
        """A row for each text; one that says nothing is near to nothing: its row is zeros."""
        vectors = np.zeros((len(texts), WIDTH), np.float32)
        numbers = [self._pieces.numbers(text, at_most=AT_MOST) for text in texts]
        said = [row for row, pieces in enumerate(numbers) if len(pieces) > 2]
        for start in range(0, len(said), AT_ONCE):
            rows = said[start : start + AT_ONCE]
            vectors[rows] = self._vectors([numbers[row] for row in rows])
        return vectors

    def knows(self, word: str) -> bool:
        """Whether it is a piece by itself, as common words are."""
        return word in self._whole

    def _vectors(self, texts: Sequence[Sequence[int]]) -> Floats:
        """All pieces of all texts in one matrix, so that nothing is padded."""
        numbers = np.concatenate(texts)
        places = np.concatenate([np.arange(len(text)) for text in texts])
        ends = np.cumsum([len(text) for text in texts])
        slices = [slice(end - len(text), end) for end, text in zip(ends, texts, strict=True)]
        words = self._words[numbers] * self._scales[numbers, None]
        x = self._norm(words + self._places[places])
        for layer in self._layers:
            x = layer(x, slices)
        means = np.stack([x[text].mean(axis=0) for text in slices])
        return means / np.linalg.norm(means, axis=1, keepdims=True)


def load(path: Path = INSTALLED) -> MiniLM | None:
    """The model, or None where set-up could not fetch it. Raises DamagedModel."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            if str(arrays["source"]) != SOURCE:
                raise DamagedModel(path)
            return MiniLM(arrays)
    except FileNotFoundError:
        return None
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise DamagedModel(path) from error


def small(matrix: Floats) -> tuple[NDArray[np.int8], Floats]:
    """A row as small integers and a scale; the file holds matrices so."""
    scales = (np.abs(matrix).max(axis=1) / np.float32(127)).astype(np.float32)
    return np.rint(matrix / scales[:, None]).astype(np.int8), scales


def _layer(arrays: Arrays, name: str) -> Layer:
    return Layer(
        looking=_weights(arrays, f"{name}.looking"),
        seen=_weights(arrays, f"{name}.seen"),
        seen_norm=_norm(arrays, f"{name}.seen_norm"),
        wider=_weights(arrays, f"{name}.wider"),
        narrower=_weights(arrays, f"{name}.narrower"),
        norm=_norm(arrays, f"{name}.norm"),
    )


def _weights(arrays: Arrays, name: str) -> Weights:
    return Weights(matrix=_floats(arrays, name), bias=arrays[f"{name}.bias"])


def _norm(arrays: Arrays, name: str) -> Norm:
    return Norm(stretch=arrays[f"{name}.stretch"], shift=arrays[f"{name}.shift"])


def _floats(arrays: Arrays, name: str) -> Floats:
    return arrays[name] * arrays[f"{name}.scales"][:, None]


def _attention(looking: Floats) -> Floats:
    """What each piece of one text sees of the others, over all heads."""
    split = looking.reshape(len(looking), 3, HEADS, WIDTH // HEADS)
    asking, offering, telling = split.transpose(1, 2, 0, 3)
    scores = asking @ offering.transpose(0, 2, 1) / np.float32((WIDTH // HEADS) ** 0.5)
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    return (shares @ telling).transpose(1, 0, 2).reshape(len(looking), WIDTH)


def _gelu(x: Floats) -> Floats:
    """The usual approximation: NumPy has no error function."""
    inner = x * x * x
    inner *= np.float32(0.044715)
    inner += x
    inner *= np.float32((2 / np.pi) ** 0.5)
    np.tanh(inner, out=inner)
    inner += 1
    inner *= x
    inner *= np.float32(0.5)
    return inner
