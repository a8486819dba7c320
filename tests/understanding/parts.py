"""What each part of finding contributes alone: words, spelling, meaning, subjects."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

from language.meaning import ProgrammeMeaning
from language.sayings import Wish
from learning.search import Nearness, SearchIndex
from services.listing import Programme
from tests.understanding.answers import Understand
from tests.understanding.lines import sessions
from tests.understanding.today import answer, meaning, programme, vectors


class ExactWords(SearchIndex):
    """Words count only as they are spelt in the programme."""

    def _spelt(self, word: str) -> tuple[str, float, float]:
        if word in self._rarity:
            return super()._spelt(word)
        return word, 0.0, math.log(1 + len(self.sessions))


class NoWords(SearchIndex):
    """Codes and whole titles alone are found by what is written; nothing is mended."""

    def _shares(self, text: str) -> dict[int, float]:
        return {}

    def mended(self, text: str, knows: Callable[[str], bool]) -> str:
        return text


class NoSubjects(ProgrammeMeaning):
    """Words are compared with what the sessions say of themselves, and with nothing else."""

    def nearness(self, text: str) -> Nearness:
        thought = self._meaning.thought(text)
        own, nearest = self._texts.soft(thought.vector)
        return Nearness(scores=own.tolist(), nearest=nearest, chatter=thought.wishes[Wish.CHATTER])


def alone() -> Mapping[str, Understand]:
    """Sessions found by one part. What is wanted, and when, is as the whole product understands it."""
    return {
        "words as they are spelt": _found_in(lambda name: _plain(ExactWords(sessions(name)))),
        "words, spelling forgiven": _found_in(lambda name: programme(name, has_model=False)),
        "meaning": _found_in(lambda name: _with(NoSubjects, name)),
        "meaning and subjects": _found_in(lambda name: _with(ProgrammeMeaning, name)),
        "all together": _found_in(programme),
    }


def _found_in(make: Callable[[str], Programme]) -> Understand:
    known = cache(make)
    return lambda line: answer(line, known(line.programme), programme(line.programme))


def _plain(index: SearchIndex) -> Programme:
    return Programme(version=1, editions=(), index=index)


def _with(kind: type[ProgrammeMeaning], name: str) -> Programme:
    means = kind(meaning(), sessions(name), vectors(name))
    return replace(_plain(NoWords(sessions(name))), meaning=means)
