"""The sentence model with the vectors of what never changes, ready to be asked."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from integrations import sentence_model
from integrations.sentence_model import Floats, MiniLM, made_of
from language import examples
from language.examples import WORKPLACES
from language.leaning import Leaning, between
from language.meaning import Meaning, texts
from language.recall import Bytes, Halves, Memory, directions, in_bytes
from language.sayings import Wish, sayings

KEPT = sentence_model.INSTALLED.with_name("known-sentences.npz")
"""Written at set-up, so that a start does not spend seconds on it."""


@dataclass(frozen=True, slots=True)
class Known:
    """The vectors of what never changes, in half precision: of `texts()`, and of what people have said who
    needed something; see `language.recall.Memory` and `language.leaning.Leaning`."""

    rows: Halves
    said: Bytes
    needs: Halves
    which: NDArray[np.int32]
    rough: Halves
    basis: Floats
    leaning: Floats

    def meaning(self, model: MiniLM) -> Meaning:
        rows = self.rows.astype(np.float32)
        needs = self.needs.astype(np.float32)
        memory = Memory(self.said, needs, self.which, self.rough, self.basis)
        known = dict(zip(texts(), rows, strict=True))
        return Meaning(model, known, memory, Leaning(self.leaning))


ARRAYS = [field.name for field in fields(Known)]


def load(path: Path = KEPT, workplaces: Path = WORKPLACES) -> Meaning | None:
    """None where set-up could not fetch the model. Takes a moment, half a minute where nothing is kept.

    Raises DamagedModel.
    """
    model = sentence_model.load()
    if model is None:
        return None
    return (_kept(path, workplaces) or _looked_at(model, workplaces)).meaning(model)


def keep(path: Path = KEPT, workplaces: Path = WORKPLACES) -> None:
    """Look at all that never changes, for `load`; nothing where that is done or there is no model."""
    if _kept(path, workplaces) is not None or (model := sentence_model.load(threads=0)) is None:
        return
    known = _looked_at(model, workplaces)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
        np.savez(file, of=_mark(workplaces), **{name: getattr(known, name) for name in ARRAYS})
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)


def _kept(path: Path, workplaces: Path) -> Known | None:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            if str(arrays["of"]) != _mark(workplaces):
                return None
            return Known(**{name: arrays[name] for name in ARRAYS})
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile):
        return None


def _looked_at(model: MiniLM, workplaces: Path) -> Known:
    every = list(examples.needs(workplaces))
    needs = [_mean(model.embed(names)) for names, _ in every]
    which = [number for number, (_, sayings) in enumerate(every) for _ in sayings]
    said = model.embed([saying for _, sayings in every for saying in sayings])
    basis = directions(said)
    chatter = model.embed(sayings()[Wish.CHATTER])
    return Known(
        rows=model.embed(list(texts())).astype(np.float16),
        said=in_bytes(said),
        needs=np.stack(needs).astype(np.float16),
        which=np.array(which, np.int32),
        rough=(said @ basis).astype(np.float16),
        basis=basis,
        leaning=between(said, chatter),
    )


def _mean(rows: Floats) -> Floats:
    mean = rows.mean(axis=0)
    return (mean / np.linalg.norm(mean)).astype(np.float32)


def _mark(workplaces: Path) -> str:
    """Of which texts, by which model: others are looked at anew."""
    digest = hashlib.sha256("\n".join((made_of(), *texts())).encode())
    digest.update(examples.contents(workplaces))
    return digest.hexdigest()


if __name__ == "__main__":
    keep()
