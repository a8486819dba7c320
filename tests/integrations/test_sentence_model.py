"""The sentence model as set-up made it; without it, these say why they are skipped."""

import importlib.util
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from integrations import sentence_weights
from integrations.sentence_graph import rounded
from integrations.sentence_model import INSTALLED, DamagedModel, MiniLM, load
from services.ports.systems import SentenceModel

installed = pytest.mark.skipif(
    not INSTALLED.exists(),
    reason="no sentence model: run `python -m integrations.sentence_weights`",
)

SESSIONS = [
    "Presenting with confidence: talk to an audience without fear",
    "Excel for beginners: formulas, tables and charts",
    "Sleep well: rest and recovery",
    "Welsh for the workplace: greetings and small talk",
]


WITHOUT_ONNXRUNTIME = "import sys; sys.modules['onnxruntime'] = None"


def said_by(code: str) -> str:
    command = [sys.executable, "-W", "ignore", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 -- our own words


@pytest.fixture(scope="module")
def model() -> MiniLM:
    found = load()
    assert found is not None
    return found


@installed
@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("I get nervous speaking to big groups", 0),
        ("adding up columns in a spreadsheet", 1),
        ("I am tired all the time", 2),
        ("learning a language", 3),
    ],
)
def test_what_means_the_same_is_nearest(model: SentenceModel, text: str, best: int):
    nearness = model.embed(SESSIONS) @ model.embed([text])[0]

    assert int(nearness.argmax()) == best


@installed
def test_what_means_the_same_is_nearer_than_what_sounds_the_same(model: SentenceModel):
    happy, *others = model.embed(
        [
            "That is a happy person",
            "That is a very happy person",
            "That is a happy dog",
            "Today is a sunny day",
        ]
    )

    nearness = [float(other @ happy) for other in others]
    assert nearness == sorted(nearness, reverse=True)
    assert nearness[0] > 0.9
    assert nearness[2] < 0.5


@installed
@pytest.mark.parametrize(
    ("need", "best"),
    [
        ("my legs turn to jelly when it's my turn to talk", 0),
        ("the boss wants a pivot thingy and i haven't a clue", 1),
        ("up half the night then snapping at everyone", 2),
    ],
)
def test_a_need_is_nearest_to_what_meets_it(model: SentenceModel, need: str, best: int):
    """Which is not what it sounds like: the model was taught it."""
    nearness = model.embed(SESSIONS) @ model.embed([need])[0]

    assert int(nearness.argmax()) == best


@installed
def test_a_text_has_one_vector_alone_and_among_others(model: SentenceModel):
    texts = [*SESSIONS, "", "yes", "presenting " * 300] * 5

    together = model.embed(texts)
    alone = np.concatenate([model.embed([text]) for text in texts])

    assert together.shape == (35, 384)
    assert together.dtype == np.float32
    np.testing.assert_allclose(together, alone, atol=1e-5)
    lengths = np.linalg.norm(together, axis=1)
    np.testing.assert_allclose(lengths, [float(bool(text)) for text in texts], atol=1e-5)


@installed
def test_threads_ask_at_the_same_time(model: SentenceModel):
    texts = [*SESSIONS, *(session.lower().replace(":", " and") for session in SESSIONS)]

    with ThreadPoolExecutor(4) as threads:
        asked = list(threads.map(lambda text: model.embed([text])[0], texts * 20))

    np.testing.assert_allclose(asked, np.tile(model.embed(texts), (20, 1)), atol=1e-5)


@installed
def test_common_words_are_known_and_those_with_a_common_ending(model: MiniLM):
    words = "training stress menu bookings budgeting meetings helpers replying sharply organises"

    assert [word for word in words.split() if not model.knows(word)] == []


@installed
def test_misspelt_and_rare_words_are_not_known(model: MiniLM):
    words = (
        "menapause resiliance presentaton managment stres leadrship excell spreadsheet vers fing"
    )

    assert [word for word in words.split() if model.knows(word)] == []


@installed
def test_nothing_said_is_near_to_nothing(model: SentenceModel):
    assert model.embed([]).shape == (0, 384)
    assert not model.embed(["", " \n", "\u200b"]).any()
    assert model.embed(["🎉"]).any()


@installed
def test_what_comes_after_the_longest_text_does_not_count(model: SentenceModel):
    long = "presenting with confidence " * 100

    first, second = model.embed([long, long + "and then a great deal about spreadsheets"])

    np.testing.assert_allclose(first, second, atol=1e-5)


@installed
@pytest.mark.parametrize("damage", ["cut", "changed", "emptied", "another", "older"])
def test_a_damaged_file_is_refused_with_what_to_do(tmp_path: Path, damage: str):
    path = tmp_path / "model.onnx"
    whole = INSTALLED.read_bytes()
    middle = len(whole) // 2
    match damage:
        case "cut":
            path.write_bytes(whole[:middle])
        case "changed":
            path.write_bytes(whole[:middle] + bytes(1000) + whole[middle + 1000 :])
        case "emptied":
            path.write_bytes(b"")
        case "another":
            path.write_text("not a model")
        case _:
            path.write_bytes(whole[:-64] + b"0" * 64)

    with pytest.raises(DamagedModel, match=r"model\.onnx is damaged .* Delete it, then run"):
        load(path)


def test_it_is_none_where_it_is_not_installed(tmp_path: Path):
    assert load(tmp_path / "model.onnx") is None


@pytest.mark.parametrize(
    ("code", "without"),
    [
        ("import app", {"numpy", "onnxruntime"}),
        ("import integrations.sentence_model", {"onnxruntime"}),
    ],
)
def test_nothing_is_loaded_before_it_is_needed(code: str, without: set[str]):
    loaded = said_by(f"{code}; import sys; print(*sys.modules)").split()

    assert without.isdisjoint(loaded)


@installed
def test_it_is_none_where_there_is_no_onnxruntime():
    code = "from integrations import sentence_model; print(sentence_model.load())"

    assert said_by(f"{WITHOUT_ONNXRUNTIME}; {code}") == "None\n"


def test_the_runtime_has_nobody_to_report_to():
    """From 1.29 on onnxruntime's packages send telemetry to its makers."""
    found = importlib.util.find_spec("onnxruntime")
    assert found is not None
    assert found.origin is not None
    libraries = [
        file
        for file in Path(found.origin).with_name("capi").iterdir()
        if {".so", ".dylib", ".dll", ".pyd"}.intersection(file.suffixes)
    ]

    assert libraries
    assert [file.name for file in libraries if b"events.data.microsoft" in file.read_bytes()] == []


# --- set-up ------------------------------------------------------------------------------------


def safetensors(arrays: dict[str, np.ndarray]) -> bytes:
    """A file as the format's description has it."""
    header, at = ['"__metadata__":{"format":"pt"}'], 0
    for name, array in arrays.items():
        ends = f"[{at},{at + array.nbytes}]"
        shape = list(array.shape)
        header.append(f'"{name}":{{"dtype":"F32","shape":{shape},"data_offsets":{ends}}}')
        at += array.nbytes
    head = ("{" + ",".join(header) + "}").encode()
    return len(head).to_bytes(8, "little") + head + b"".join(a.tobytes() for a in arrays.values())


def test_the_source_s_arrays_are_read():
    arrays = {
        "words": np.arange(6, dtype="<f4").reshape(2, 3),
        "bias": np.array([0.5, -1.5], "<f4"),
    }

    found = sentence_weights.tensors(safetensors(arrays))

    assert list(found) == ["words", "bias"]
    for name, array in arrays.items():
        np.testing.assert_array_equal(found[name], array)


def test_what_was_learnt_is_added_to_the_weights(tmp_path: Path):
    weights = {
        "layer.weight": np.eye(2, 3, dtype=np.float32),
        "layer.bias": np.ones(2, np.float32),
    }
    adapter = tmp_path / "adapter.npz"
    into, out = np.array([[1, 2, 3]], np.float16), np.array([[2], [0.5]], np.float16)
    halves = {"layer.weight.into": into, "layer.weight.out": out}
    np.savez(adapter, allow_pickle=False, **halves)

    found = sentence_weights.adapted(weights, adapter)

    assert found["layer.weight"].tolist() == [[3, 4, 6], [0.5, 2, 1.5]]
    assert found["layer.bias"].tolist() == [1, 1]


def test_whole_numbers_keep_each_row_to_within_half_a_step():
    rows = np.array([[0.001, -0.0005, 0.0], [200.0, 50.0, -3.0]], np.float32)

    steps, sizes = rounded(rows, 100)

    assert steps.dtype == np.int8
    assert np.abs(steps).max(axis=1).tolist() == [100, 100]
    assert (np.abs(steps * sizes[:, None] - rows).max(axis=1) <= sizes / 2).all()


@installed
def test_set_up_leaves_what_is_there_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "model.onnx"
    path.symlink_to(INSTALLED)

    sentence_weights.main(path, packages=["not-asked-for==1.0"])

    assert path.is_symlink()
    assert capsys.readouterr().out == ""


def test_set_up_says_so_in_a_line_and_goes_on_when_nothing_can_be_fetched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    path = tmp_path / "share" / "model.onnx"
    package = f"learnweek-has-no-such-package==1.0 --hash=sha256:{'0' * 64}"

    sentence_weights.main(path, packages=[package])

    said = capsys.readouterr().out
    assert said.startswith("No sentence model: learnweek-has-no-such-package==1.0: ")
    assert said.count("\n") == 1
    assert "`python -m integrations.sentence_weights` tries again." in said
    assert list(path.parent.iterdir()) == []


def test_set_up_says_so_where_there_is_no_onnxruntime(tmp_path: Path):
    path = tmp_path / "share" / "model.onnx"
    code = f"sentence_weights.main(pathlib.Path({str(path)!r}))"

    said = said_by(
        f"{WITHOUT_ONNXRUNTIME}; import pathlib; from integrations import sentence_weights; {code}"
    )

    assert said.startswith("No sentence model: onnxruntime, which runs it, is not made for")
    assert not path.parent.exists()
