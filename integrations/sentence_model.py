"""What an English sentence means, as a vector: all-MiniLM-L6-v2, from a file, by onnxruntime."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from integrations.word_pieces import WordPieces

INSTALLED = Path(sys.prefix, "share", "learnweek", "all-MiniLM-L6-v2.onnx")
"""Beside the packages: not in the repository, and wherever the environment goes."""

SOURCE = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""The SHA-256 of the model.safetensors that the file is made from."""

ADAPTER = Path(__file__).with_name("workplace_adapter.npz")
"""What the model was taught about needs at work, by `training`: set-up adds it to the weights."""

MADE = 2
"""How set-up makes it: counts up whenever the file must be made anew."""

WIDTH = 384
LONGEST = 128
"""Pieces of a text that are read; the model was trained on as many."""

AT_ONCE = 256
"""Pieces: more would take more memory and no less time."""

ENDINGS = ("s", "es", "ed", "er", "ers", "ing", "ting", "ly")
SHORTEST_STEM = 4
"""A shorter one is found at the beginning of many a misspelt word."""

Floats: TypeAlias = NDArray[np.float32]


class DamagedModel(Exception):
    """The file cannot be used; says what to do."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is damaged or of another version. Delete it, then run "
            "`python -m integrations.sentence_weights`."
        )


class Runtime(Protocol):
    """What onnxruntime makes of the file. It is not loaded before: starts would be slower."""

    def run(
        self, output_names: None, input_feed: Mapping[str, NDArray[np.int64]]
    ) -> Sequence[Floats]: ...


class MiniLM:
    """Texts to vectors of length 1: the nearer two meanings, the larger the dot product.

    English only. Thread-safe; a short text takes some milliseconds and lets other threads run.
    """

    def __init__(self, runtime: Runtime, vocabulary: Sequence[str]) -> None:
        self._runtime = runtime
        self._pieces = WordPieces(vocabulary)
        self._whole = frozenset(vocabulary)

    def embed(self, texts: Sequence[str]) -> Floats:
        """A row for each text; one that says nothing is near to nothing: its row is zeros.

        A text's row does not depend on the others.
        """
        vectors = np.zeros((len(texts), WIDTH), np.float32)
        numbers = [self._pieces.numbers(text, at_most=LONGEST) for text in texts]
        said = {row: pieces for row, pieces in enumerate(numbers) if len(pieces) > 2}
        for rows in _batches({row: len(pieces) for row, pieces in said.items()}):
            padded = np.zeros((len(rows), len(said[rows[0]])), np.int64)
            for place, row in zip(padded, rows, strict=True):
                place[: len(said[row])] = said[row]
            vectors[rows] = self._runtime.run(None, {"pieces": padded})[0]
        return vectors

    def knows(self, word: str) -> bool:
        """Whether it is a piece by itself, as common words are, or one with a common ending."""
        return word in self._whole or any(
            word.removesuffix(ending) in self._whole
            for ending in ENDINGS
            if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM
        )


def load(path: Path = INSTALLED, *, threads: int = 1) -> MiniLM | None:
    """The model, or None where set-up could not fetch it. Raises DamagedModel.

    Beside one thread others would take a core while they wait for work: 0 is for set-up, as many as
    there are cores.
    """
    try:
        _check(path)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise DamagedModel(path) from error
    try:
        onnxruntime = import_module("onnxruntime")
    except ImportError:
        return None  # it is not made for every kind of machine
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    runtime = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    vocabulary: str = runtime.get_modelmeta().custom_metadata_map["vocabulary"]
    return MiniLM(runtime, vocabulary.split("\n"))


@cache
def made_of() -> str:
    """What the file was made from, and how: another one must be made anew."""
    return f"{MADE} {SOURCE} {hashlib.sha256(ADAPTER.read_bytes()).hexdigest()}"


def sealed(graph: bytes) -> bytes:
    """The file: the graph, and a remark at its end by which `load` knows that it is all there."""
    return graph + _seal(memoryview(graph))


def _check(path: Path) -> None:
    whole = memoryview(path.read_bytes())
    size = len(_seal(whole[:0]))
    if bytes(whole[-size:]) != _seal(whole[:-size]):
        raise ValueError("not sealed")


def _seal(graph: memoryview) -> bytes:
    """As a field of the ONNX format, its doc_string, so that the file is still one."""
    digest = hashlib.sha256(made_of().encode())
    digest.update(graph)
    seal = digest.hexdigest().encode()
    return bytes([6 << 3 | 2, len(seal)]) + seal


def _batches(lengths: dict[int, int]) -> Iterator[list[int]]:
    """Rows that may be looked at together: of about the same length, the longest first."""
    rows = sorted(lengths, key=lengths.__getitem__, reverse=True)
    start = 0
    while start < len(rows):
        end = start + AT_ONCE // lengths[rows[start]]
        yield rows[start:end]
        start = end
