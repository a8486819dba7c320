"""What words mean, by a sentence model: how near they are to a session, a subject, a wish."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from threading import Lock
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from language.leaning import Leaning
from language.recall import Memory
from language.sayings import Wish, sayings
from language.subjects import SUBJECTS
from learning.search import Nearness
from learning.sessions import Session

Floats: TypeAlias = NDArray[np.float32]

_NOTHING: Floats = np.zeros(384, np.float32)
SHARPNESS = np.float32(14)
"""How much the nearest text of a session counts before its others."""

BEST = {"subject": 2, "wish": 3}
"""So many of the nearest sayings are averaged."""

RECENT = 256
"""Texts that are kept for a moment: one message is looked at for several ends."""

LARGE = 500
"""Sessions from which on reading must be quick: half the time, for one hit in a hundred."""

UNRELATED = 0.3
"""What a subject's nearness loses where a session has nothing to do with it."""

KNOWN, TAUGHT = 0.8, 0.72
"""As near as this to a subject, words are about it; as near to it, a programme teaches it."""


class SentenceModel(Protocol):
    """What English texts mean, as vectors."""

    def embed(self, texts: Sequence[str]) -> Floats:
        """A row of length 1 for each text; the nearer two meanings, the larger the dot product.

        Zeros for a text that says nothing. Some milliseconds for each, so in a thread.
        """
        ...

    def knows(self, word: str) -> bool:
        """Whether this word, in small letters, is one that the model has met as it is spelt."""
        ...


class Thought:
    """What is known of a text by itself. Each part is worked out when it is first asked for."""

    def __init__(self, row: Floats, meaning: Meaning) -> None:
        self._row, self._meaning = row, meaning

    @cached_property
    def vector(self) -> Floats:
        """What it means, drawn towards what people needed who said much the same."""
        return self._meaning.drawn(self._row)

    @cached_property
    def leaning(self) -> float:
        """Above zero where it sounds like a need, below where it sounds like chatter."""
        return self._meaning.leaning(self._row)

    @cached_property
    def subjects(self) -> Floats:
        """How near it is to each subject."""
        return self._meaning.subjects.best(self._row, BEST["subject"])

    @cached_property
    def wishes(self) -> Mapping[Wish, float]:
        """How near it is to what people say who want each thing."""
        near = self._meaning.sayings.best(self._row, BEST["wish"])
        return dict(zip(Wish, map(float, near), strict=True))


class Meaning:
    """The subjects of workplace learning and what people say, ready to be compared with."""

    def __init__(
        self,
        model: SentenceModel,
        known: Mapping[str, Floats],
        memory: Memory | None = None,
        leaning: Leaning | None = None,
    ) -> None:
        """`known` has the vectors of `texts()`."""
        self._model = model
        self._memory, self._leaning = memory, leaning
        self.subject_names = _Grouped([[known[t] for t in s.names] for s in SUBJECTS])
        self.subjects = _Grouped([[known[t] for t in (*s.sayings, *s.names)] for s in SUBJECTS])
        self.sayings = _Grouped([[known[t] for t in said] for said in sayings().values()])
        self._recent: dict[str, Thought] = {}
        self._lock = Lock()

    def knows(self, word: str) -> bool:
        return self._model.knows(word)

    def embed(self, some: Sequence[str]) -> Floats:
        return self._model.embed(some)

    def wishes(self, text: str) -> Mapping[Wish, float]:
        """How near the words are to what people say who want each thing."""
        return self.thought(text).wishes

    def think(self, *some: str) -> None:
        """Look at these texts at once, which takes half the time of one by one. Thread-safe."""
        with self._lock:
            new = [text for text in dict.fromkeys(some) if text not in self._recent]
        if new:
            self._looked_at(new)

    def has_thought(self, text: str) -> bool:
        """Whether this text was looked at not long ago, so that it takes no time."""
        return text in self._recent

    @property
    def kept(self) -> int:
        """How many texts were looked at not long ago."""
        return len(self._recent)

    def thought(self, text: str) -> Thought:
        """Thread-safe; some milliseconds the first time that a text is asked for."""
        with self._lock:
            found = self._recent.get(text)
        return found or self._looked_at([text])[0]

    def forget(self) -> None:
        """Look at everything anew."""
        with self._lock:
            self._recent.clear()

    def _looked_at(self, some: Sequence[str]) -> list[Thought]:
        found = [Thought(row, self) for row in self._model.embed(some)]
        with self._lock:
            self._recent.update(zip(some, found, strict=True))
            while len(self._recent) > RECENT:
                del self._recent[next(iter(self._recent))]
        return found

    def drawn(self, row: Floats) -> Floats:
        return row if self._memory is None else self._memory.drawn(row)

    def leaning(self, row: Floats) -> float:
        return 0.0 if self._leaning is None else self._leaning.of(row)


class ProgrammeMeaning:
    """What the sessions of a programme mean."""

    def __init__(
        self, meaning: Meaning, sessions: Sequence[Session], vectors: Mapping[str, Floats]
    ) -> None:
        """`vectors` has those of `texts_of_all`; a text that is not among them says nothing."""
        self._meaning = meaning
        said = [[vectors.get(t, _NOTHING) for t in some] for some in texts_of_all(sessions)]
        names = [[vectors.get(t, _NOTHING) for t in names_of(s)] for s in sessions]
        self._texts = _Grouped(said)
        nearest = meaning.subject_names.nearest
        links = _rows([nearest(_rows(some)) for some in names], len(SUBJECTS))
        self._links = UNRELATED * (1 - np.minimum(links, 1))
        taught = _rows([nearest(_rows(some)) for some in said], len(SUBJECTS))
        self._taught = taught.max(axis=0, initial=0) >= TAUGHT

    def knows(self, word: str) -> bool:
        return self._meaning.knows(word)

    def think(self, *some: str) -> None:
        self._meaning.think(*some)

    def has_thought(self, text: str) -> bool:
        return self._meaning.has_thought(text)

    def nearness(self, text: str) -> Nearness:
        """Thread-safe; some milliseconds the first time that a text is asked for."""
        thought = self._meaning.thought(text)
        subjects = thought.subjects
        about = (subjects - self._links).max(axis=1) if len(self._links) else np.zeros(0)
        nearest = int(subjects.argmax())
        own, nearest_of_all = self._texts.soft(thought.vector)
        return Nearness(
            scores=(own + about).tolist(),
            nearest=max(nearest_of_all, float(about.max(initial=0))),
            chatter=thought.wishes[Wish.CHATTER],
            leaning=thought.leaning,
            is_missing=bool(subjects[nearest] >= KNOWN and not self._taught[nearest]),
        )


class _Grouped:
    """Vectors in groups, which are compared as groups."""

    def __init__(self, groups: Sequence[Sequence[Floats]]) -> None:
        """No group is empty."""
        self._rows = _rows([v for group in groups for v in group])
        sizes = [len(group) for group in groups]
        self._starts = (
            np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(int) if groups else np.zeros(0, int)
        )
        widest = max(sizes, default=0)
        places = self._starts[:, None] + np.arange(widest)
        self._places = (
            np.where(np.arange(widest) < np.array(sizes)[:, None], places, len(self._rows))
            if groups
            else np.zeros((0, 0), int)
        )

    def best(self, vector: Floats, count: int) -> Floats:
        """The mean of each group's nearest few."""
        if not len(self._places):
            return np.zeros(0, np.float32)
        near: Floats = np.append(self._rows @ vector, np.float32(-1))[self._places]
        nearest = np.partition(near, -count, axis=1)[:, -count:]
        return nearest.mean(axis=1).astype(np.float32)

    def soft(self, vector: Floats) -> tuple[Floats, float]:
        """Each group's nearest and a little of its others, and the nearest of all."""
        if not len(self._rows):
            return np.zeros(0, np.float32), 0.0
        near = self._rows @ vector
        summed = np.add.reduceat(np.exp(SHARPNESS * near), self._starts)
        return (np.log(summed) / SHARPNESS).astype(np.float32), float(near.max())

    def nearest(self, vectors: Floats) -> Floats:
        """Each group's nearness to the nearest of these."""
        return np.maximum.reduceat((self._rows @ vectors.T).max(axis=1), self._starts)


def texts() -> Iterator[str]:
    """All that never changes while the product runs."""
    for subject in SUBJECTS:
        yield from (*subject.names, *subject.sayings)
    for said in sayings().values():
        yield from said


def names_of(session: Session) -> Iterator[str]:
    """What a session calls itself and its subjects."""
    yield session.details.title
    yield from session.details.topics


def texts_of_all(sessions: Sequence[Session]) -> list[list[str]]:
    """What each session says of itself; of a large programme not also its whole, which takes longest."""
    is_large = len(sessions) >= LARGE
    return [
        [t for t in texts_of(s) if not (is_large and t.startswith(f"{s.details.title}. "))]
        for s in sessions
    ]


def texts_of(session: Session) -> Iterator[str]:
    """All that a session says of itself, whole and in parts."""
    yield from names_of(session)
    if summary := session.details.summary:
        yield f"{session.details.title}. {summary}"
        yield from re.split(r"(?<=[.!?;:])\s+", summary)


def _rows(vectors: Sequence[Floats], width: int = 384) -> Floats:
    return np.stack(vectors) if len(vectors) else np.zeros((0, width), np.float32)
