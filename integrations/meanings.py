"""The sentence model with the vectors of what never changes, ready to be asked."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from pathlib import Path

import numpy as np

from integrations import sentence_model
from integrations.sentence_model import Floats, MiniLM, made_of
from language.meaning import Meaning, texts

KEPT = sentence_model.INSTALLED.with_name("known-sentences.npz")
"""Written at set-up, so that a start does not spend seconds on it."""


def load(path: Path = KEPT) -> Meaning | None:
    """None where set-up could not fetch the model. Takes a moment, seconds where nothing is kept.

    Raises DamagedModel.
    """
    model = sentence_model.load()
    return None if model is None else Meaning(model, _kept(path) or _looked_at(model))


def keep(path: Path = KEPT) -> None:
    """Look at all that never changes, for `load`; nothing where that is done or there is no model."""
    if _kept(path) is not None or (model := sentence_model.load()) is None:
        return
    rows = model.embed(list(texts()))
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
        np.savez(file, of=_mark(), rows=rows.astype(np.float16))
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)


def _kept(path: Path = KEPT) -> dict[str, Floats] | None:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            if str(arrays["of"]) != _mark():
                return None
            rows = arrays["rows"].astype(np.float32)
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile):
        return None
    return dict(zip(texts(), rows, strict=True))


def _looked_at(model: MiniLM) -> dict[str, Floats]:
    some = list(texts())
    return dict(zip(some, model.embed(some), strict=True))


def _mark() -> str:
    """Of which texts, by which model: others are looked at anew."""
    of = (made_of(), *texts())
    return hashlib.sha256("\n".join(of).encode()).hexdigest()


if __name__ == "__main__":
    keep()
