"""What the words of the programme mean is read beside all else, and no text twice."""

import asyncio
import threading
from collections.abc import Generator, Iterable, Sequence
from zlib import crc32

import numpy as np
import pytest

from language.meaning import Floats, Meaning, texts
from learning.search import Match
from learning.sessions import Details
from services.catalogue import AT_ONCE
from tests.services.desk import Desk
from tests.support.builders import details
from tests.support.databases import ON_SQLITE

pytestmark = ON_SQLITE

SAME = {"flushes": "menopause", "nerves": "presenting"}


class Thesaurus:
    """A sentence model to which words mean themselves, and a few mean the same as others.

    `asked` has all texts that it was asked about. Closed, it keeps whoever asks about several until
    it is opened.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.calls = 0
        self.begun = threading.Event()
        self.answered = threading.Event()
        self.open = threading.Event()
        self.open.set()

    def embed(self, texts: Sequence[str]) -> Floats:
        self.calls += 1
        self.asked += texts
        if len(texts) > 1:
            self.begun.set()
            self.open.wait()
        rows = np.stack([self._row(text) for text in texts])
        self.answered.set()
        return rows

    def knows(self, word: str) -> bool:
        return word in SAME

    def forget(self) -> None:
        self.asked.clear()
        self.calls = 0
        self.begun.clear()
        self.answered.clear()

    @staticmethod
    def _row(text: str) -> Floats:
        said = "".join(ch if ch.isalnum() else " " for ch in text.casefold()).split()
        row = np.zeros(384, np.float32)
        for word in {SAME.get(w, w) for w in said}:
            row += np.random.default_rng(crc32(word.encode())).standard_normal(384, np.float32)
        return row / max(float(np.linalg.norm(row)), 1e-9)


@pytest.fixture(scope="module")
def known() -> dict[str, Floats]:
    """What never changes, as that model has it."""
    some = list(texts())
    return dict(zip(some, Thesaurus().embed(some), strict=True))


@pytest.fixture
def model() -> Generator[Thesaurus]:
    model = Thesaurus()
    yield model
    model.open.set()


@pytest.fixture
def meaning(model: Thesaurus, known: dict[str, Floats]) -> Meaning:
    return Meaning(model, known)


CHANGE = details(
    "ME1", title="Changing bodies", summary="Facts. Bring a friend.", topics=("menopause",)
)
TALKS = details("PC1", title="Presenting", summary="Stand up.", topics=("public speaking",))


def codes(found: Iterable[Match]) -> list[str]:
    return [m.session.code for m in found if m.is_sure]


async def until(event: threading.Event) -> None:
    assert await asyncio.to_thread(event.wait, 30)


async def read(desk: Desk, meaning: Meaning) -> None:
    """The programme of this moment, read to its end."""
    await desk.catalogue.programme()
    desk.catalogue.learn(meaning)
    await desk.catalogue.settled()


async def test_sessions_are_found_by_what_they_mean_once_they_have_been_read(
    desk: Desk, meaning: Meaning
):
    await desk.publish(CHANGE, TALKS)
    before = codes(await desk.catalogue.find("flushes"))

    await read(desk, meaning)

    assert before == []
    assert codes(await desk.catalogue.find("flushes"))[:1] == ["ME1"]
    assert codes(await desk.catalogue.find("nerves"))[:1] == ["PC1"]


async def test_a_model_that_is_there_before_any_session_reads_the_first_programme(
    desk: Desk, meaning: Meaning, model: Thesaurus
):
    desk.catalogue.learn(meaning)
    await desk.catalogue.settled()
    assert model.asked == []
    await desk.publish(CHANGE)

    await desk.catalogue.programme()
    await desk.catalogue.settled()

    assert codes(await desk.catalogue.find("flushes")) == ["ME1"]


async def test_each_text_of_a_programme_is_read_once(
    desk: Desk, meaning: Meaning, model: Thesaurus
):
    twice = details("ME2", title=CHANGE.title, summary=CHANGE.summary, topics=CHANGE.topics)
    await desk.publish(CHANGE, twice)

    await read(desk, meaning)

    assert sorted(model.asked) == [
        "Bring a friend.",
        "Changing bodies",
        "Changing bodies. Facts. Bring a friend.",
        "Facts.",
        "menopause",
    ]


async def test_of_a_changed_programme_only_new_texts_are_read(
    desk: Desk, meaning: Meaning, model: Thesaurus
):
    await desk.publish(CHANGE)
    await read(desk, meaning)
    model.forget()

    await desk.publish(TALKS)
    await desk.catalogue.programme()
    await desk.catalogue.settled()

    assert sorted(model.asked) == [
        "Presenting",
        "Presenting. Stand up.",
        "Stand up.",
        "public speaking",
    ]
    assert codes(await desk.catalogue.find("nerves"))[:1] == ["PC1"]
    assert codes(await desk.catalogue.find("flushes"))[:1] == ["ME1"]


async def test_a_session_called_off_takes_no_more_reading(
    desk: Desk, meaning: Meaning, model: Thesaurus
):
    change, _ = await desk.publish(CHANGE, TALKS)
    await read(desk, meaning)
    model.forget()

    await desk.programme.cancel_session(change.id)
    await desk.catalogue.programme()
    await desk.catalogue.settled()

    assert model.asked == []
    assert codes(await desk.catalogue.find("nerves"))[:1] == ["PC1"]


async def test_a_booking_takes_no_reading(desk: Desk, meaning: Meaning, model: Thesaurus):
    [change] = await desk.publish(CHANGE)
    await read(desk, meaning)
    model.forget()

    await desk.book(change, "asha")
    await desk.catalogue.programme()
    await desk.catalogue.settled()

    assert model.asked == []


async def test_meanwhile_words_are_answered(desk: Desk, meaning: Meaning, model: Thesaurus):
    await desk.publish(CHANGE)
    await desk.catalogue.programme()
    model.open.clear()

    desk.catalogue.learn(meaning)
    await until(model.begun)
    meanwhile = [codes(await desk.catalogue.find(text)) for text in ("menopause", "flushes")]
    model.open.set()
    await desk.catalogue.settled()

    assert meanwhile == [["ME1"], []]
    assert codes(await desk.catalogue.find("flushes")) == ["ME1"]


async def test_what_was_read_before_is_found_by_meaning_while_what_is_new_is_found_by_words(
    desk: Desk, meaning: Meaning, model: Thesaurus
):
    await desk.publish(CHANGE)
    await read(desk, meaning)
    model.open.clear()
    await desk.publish(TALKS)

    asked = ("presenting", "menopause", "flushes")
    meanwhile = [codes(await desk.catalogue.find(text))[:1] for text in asked]
    model.open.set()
    await desk.catalogue.settled()

    assert meanwhile == [["PC1"], ["ME1"], ["ME1"]]
    assert codes(await desk.catalogue.find("nerves"))[:1] == ["PC1"]


def many(letter: str) -> list[Details]:
    """So many sessions that they are read in three parts."""
    return [details(f"{letter}{n}", title=f"{letter} {n}") for n in range(2 * AT_ONCE + 1)]


async def test_a_programme_changed_while_it_is_read_is_read_as_it_is_then(
    desk: Desk, meaning: Meaning, model: Thesaurus
):
    await desk.publish(*many("A"))
    await desk.catalogue.programme()
    model.open.clear()
    desk.catalogue.learn(meaning)
    await until(model.begun)

    await desk.publish(CHANGE)
    await desk.catalogue.programme()
    model.open.set()
    await desk.catalogue.settled()

    assert codes(await desk.catalogue.find("flushes")) == ["ME1"]


async def test_closing_in_the_middle_ends_before_all_has_been_read(
    desk: Desk, meaning: Meaning, model: Thesaurus
):
    await desk.publish(*many("A"))
    await desk.catalogue.programme()
    model.open.clear()
    desk.catalogue.learn(meaning)
    await until(model.begun)

    await desk.catalogue.close()
    await desk.catalogue.settled()
    model.open.set()
    await until(model.answered)

    assert (model.calls, len(model.asked)) == (1, AT_ONCE)
    assert codes(await desk.catalogue.find("flushes")) == []
    assert codes(await desk.catalogue.find("A1")) == ["A1"]


async def test_closing_is_no_trouble_where_nothing_is_read(desk: Desk, meaning: Meaning):
    await desk.catalogue.close()
    await desk.publish(CHANGE)
    await read(desk, meaning)

    await desk.catalogue.close()

    assert codes(await desk.catalogue.find("flushes")) == ["ME1"]
