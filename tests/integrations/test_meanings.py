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


AN_OFFICE = """\
# Presenting with confidence | public speaking; nerves
> Practise in a small group, and find out what to do with your hands.
i go bright red as soon as all eyes are on me
my voice wobbles when the room goes quiet
"""


@pytest.fixture(scope="module")
def workplaces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One small workplace: all of them take a minute to look at."""
    folder = tmp_path_factory.mktemp("workplaces")
    (folder / "office.txt").write_text(AN_OFFICE)
    return folder


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, workplaces: Path) -> Path:
    """A file as set-up writes it, where what stood there before had been cut short."""
    path = tmp_path_factory.mktemp("kept") / "known.npz"
    np.savez(path, of=np.array("cut short"), rows=np.ones((9, 384), np.float16))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    meanings.keep(path, workplaces)
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
        arrays = dict(old)
    changed = {"of": None if of is None else np.array(of), "rows": rows}
    arrays |= {name: array for name, array in changed.items() if array is not None}
    np.savez(path, allow_pickle=False, **arrays)


def meaning(path: Path, workplaces: Path) -> Meaning:
    found = meanings.load(path, workplaces)
    assert found is not None
    return found


def test_every_text_that_never_changes_is_kept_and_nothing_else_is_left_behind(kept: Path):
    with np.load(kept, allow_pickle=False) as arrays:
        rows = arrays["rows"].astype(np.float32)

    assert rows.shape == (len(list(texts())), 384)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-2)
    assert [p.name for p in kept.parent.iterdir()] == [kept.name]


def test_a_start_without_it_looks_at_all_of_them_and_understands_the_same(
    kept: Path, tmp_path: Path, workplaces: Path
):
    words = "i want to make a complaint to somebody"
    nothing = tmp_path / "known.npz"
    nothing.write_bytes(b"")

    anew = meaning(nothing, workplaces)
    fresh = anew.wishes(words)

    assert meaning(kept, workplaces).wishes(words) == pytest.approx(fresh, abs=2e-3)
    a_need = "all eyes on me and i am bright red"
    drawn = meaning(kept, workplaces).thought(a_need).vector
    assert anew.thought(a_need).vector @ drawn == pytest.approx(1, abs=2e-3)
    assert max(fresh, key=fresh.__getitem__) is Wish.HUMAN


def test_what_is_kept_is_used(path: Path, workplaces: Path):
    rewritten(path, rows=np.zeros((len(list(texts())), 384), np.float16))

    assert set(meaning(path, workplaces).wishes("good morning").values()) == {0.0}


def test_what_is_kept_is_not_written_again(path: Path, workplaces: Path):
    os.utime(path, (0, 0))

    meanings.keep(path, workplaces)

    assert path.stat().st_mtime == 0


def test_what_does_not_fit_is_made_anew(kept: Path, path: Path, workplaces: Path):
    """Of other texts here; what is cut short `kept` itself begins with."""
    rewritten(path, of="others")

    meanings.keep(path, workplaces)

    with np.load(path) as made, np.load(kept) as whole:
        assert str(made["of"]) == str(whole["of"])
        np.testing.assert_array_equal(made["rows"], whole["rows"])
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_other_examples_are_looked_at_anew(path: Path, workplaces: Path, tmp_path: Path):
    others = tmp_path / "workplaces"
    others.mkdir()
    (others / "office.txt").write_text(AN_OFFICE + "the spotlight makes me sweat\n")

    meanings.keep(path, others)

    with np.load(path) as made:
        [office] = (made["which"] == 0).nonzero()
        assert len(office) == 3


def test_words_are_drawn_to_what_others_needed_who_spoke_like_that(
    kept: Path, workplaces: Path, tmp_path: Path
):
    """Nothing in the words says "presenting", and nothing else that is remembered is like them."""
    nobody = tmp_path / "nobody"
    nobody.mkdir()
    path = tmp_path / "known.npz"
    meanings.keep(path, nobody)
    remembering, forgetful = meaning(kept, workplaces), meaning(path, nobody)
    [title] = remembering.embed(["Presenting with confidence"])
    words = "i go bright red when all eyes are on me"

    with_office = remembering.thought(words).vector @ title
    without = forgetful.thought(words).vector @ title

    assert with_office > without + 0.05
