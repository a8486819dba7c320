"""The vectors of what never changes: kept at set-up, used at a start, made anew where they do not fit."""

import os
from pathlib import Path

import numpy as np
import pytest

from integrations import meanings, sentence_model
from language.meaning import Meaning, texts
from language.sayings import Wish

pytestmark = pytest.mark.skipif(
    sentence_model.load() is None,
    reason="no sentence model: run `python -m integrations.sentence_weights`",
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file as set-up writes it, where what stood there before had been cut short."""
    path = tmp_path_factory.mktemp("kept") / "known.npz"
    np.savez(path, of=np.array("cut short"), rows=np.ones((9, 384), np.float16))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    meanings.keep(path)
    return path


@pytest.fixture
def path(kept: Path, tmp_path: Path) -> Path:
    """A copy that may be damaged."""
    copy = tmp_path / "known.npz"
    copy.write_bytes(kept.read_bytes())
    return copy


def rewritten(path: Path, *, of: str | None = None, rows: np.ndarray | None = None) -> None:
    """The file with another mark or other vectors in it."""
    with np.load(path) as old:
        was, had = old["of"], old["rows"]
    np.savez(path, of=was if of is None else np.array(of), rows=had if rows is None else rows)


def meaning(path: Path) -> Meaning:
    found = meanings.load(path)
    assert found is not None
    return found


def test_every_text_that_never_changes_is_kept_and_nothing_else_is_left_behind(kept: Path):
    with np.load(kept, allow_pickle=False) as arrays:
        rows = arrays["rows"].astype(np.float32)

    assert rows.shape == (len(list(texts())), 384)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-2)
    assert [p.name for p in kept.parent.iterdir()] == [kept.name]


def test_a_start_without_it_looks_at_all_of_them_and_understands_the_same(
    kept: Path, tmp_path: Path
):
    words = "i want to make a complaint to somebody"
    nothing = tmp_path / "known.npz"
    nothing.write_bytes(b"")

    fresh = meaning(nothing).wishes(words)

    assert meaning(kept).wishes(words) == pytest.approx(fresh, abs=2e-3)
    assert max(fresh, key=fresh.__getitem__) is Wish.HUMAN


def test_what_is_kept_is_used(path: Path):
    rewritten(path, rows=np.zeros((len(list(texts())), 384), np.float16))

    assert set(meaning(path).wishes("good morning").values()) == {0.0}


def test_what_is_kept_is_not_written_again(path: Path):
    os.utime(path, (0, 0))

    meanings.keep(path)

    assert path.stat().st_mtime == 0


def test_what_does_not_fit_is_made_anew(kept: Path, path: Path):
    """Of other texts here; what is cut short `kept` itself begins with."""
    rewritten(path, of="others")

    meanings.keep(path)

    with np.load(path) as made, np.load(kept) as whole:
        assert str(made["of"]) == str(whole["of"])
        np.testing.assert_array_equal(made["rows"], whole["rows"])
    assert [p.name for p in path.parent.iterdir()] == [path.name]
