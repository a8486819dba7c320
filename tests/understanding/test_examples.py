"""What the model is taught and what is remembered is well-formed, and none of what is measured."""

from collections.abc import Iterator
from itertools import chain

import pytest
from rapidfuzz import fuzz, process

from language import examples
from language.sayings import written_later
from tests.understanding.lines import FILES, read_lines
from tests.understanding.taught import places

ALIKE = 85
"""Of a hundred: shorter differences are of spelling."""

SHORT = 2
"""Words: as few are said by everybody."""


def taught() -> Iterator[str]:
    for some in examples.programmes().values():
        yield from chain.from_iterable(example.sayings for example in some)
    yield from chain.from_iterable(written_later().values())


def test_every_session_has_all_that_is_taught_of_it():
    programmes = examples.programmes()

    assert len(programmes) > 1
    for name, some in programmes.items():
        assert all(e.title and all(e.topics) and e.summary for e in some), name
        assert all(len(e.sayings) >= 12 for e in some), name


def test_no_two_sessions_of_a_programme_are_asked_for_alike():
    for name, some in examples.programmes().items():
        sayings = [saying for example in some for saying in example.sayings]
        assert len(set(sayings)) == len(sayings), name


def test_a_line_without_a_session_is_refused(tmp_path):
    path = tmp_path / "office.txt"
    path.write_text("i go red\n")

    with pytest.raises(ValueError, match=r"office\.txt, line 1: no session before it"):
        examples.read(path)


@pytest.mark.parametrize("split", FILES)
def test_nothing_is_taught_that_is_measured(split: str):
    """Only how many is told: nobody is to see the lines that are held back."""
    lines = [line.utterance.lower() for line in read_lines(FILES[split])]
    long = [line for line in lines if len(line.split()) > SHORT]
    said = [text.lower() for text in taught() if len(text.split()) > SHORT]

    near = process.cdist(said, long, scorer=fuzz.ratio, score_cutoff=ALIKE).max(axis=1)

    too_near = int((near >= ALIKE).sum())
    assert too_near == 0


def test_what_is_taught_is_found():
    """So that an adapter of other examples is noticed. It says nothing of words that are new."""
    care = places(examples.programmes()["care"][::4])

    assert care.count(0) > 0.75 * len(care)
