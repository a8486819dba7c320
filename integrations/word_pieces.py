"""Cuts English text into word pieces exactly as BERT's uncased tokeniser does."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

LONGEST_TEXT = 10_000
"""Characters; what comes after them could hardly count."""

LONGEST_WORD = 100
IDEOGRAPHS = (
    (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),
)  # fmt: skip


class WordPieces:
    """A vocabulary: a piece's number is its place; one that goes on with a word begins with ##."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._numbers = {piece: number for number, piece in enumerate(vocabulary)}
        self._unknown = self._numbers["[UNK]"]
        self._first, self._last = self._numbers["[CLS]"], self._numbers["[SEP]"]

    def numbers(self, text: str, *, at_most: int) -> list[int]:
        """The pieces' numbers, between the two that mark the ends. Markers in the text are words."""
        pieces = (piece for word in words(text) for piece in self._pieces(word))
        return [self._first, *islice(pieces, at_most - 2), self._last]

    def _pieces(self, word: str) -> list[int]:
        """Always the longest piece that fits; a word with a stretch that none fits is unknown."""
        if len(word) > LONGEST_WORD:
            return [self._unknown]
        found: list[int] = []
        start, mark = 0, ""
        while start < len(word):
            for end in range(len(word), start, -1):
                number = self._numbers.get(mark + word[start:end])
                if number is not None:
                    break
            else:
                return [self._unknown]
            found.append(number)
            start, mark = end, "##"
        return found


def words(text: str) -> Iterator[str]:
    """Small letters without accents; each punctuation mark and each ideograph is a word."""
    yield from "".join(map(_as_read, text[:LONGEST_TEXT])).split()


@lru_cache(maxsize=8192)
def _as_read(character: str) -> str:
    """What stands for one character, with spaces around what is a word by itself."""
    if character in " \t\n\r" or unicodedata.category(character) in ("Zs", "Zl", "Zp"):
        return " "
    if character == "\ufffd" or unicodedata.category(character).startswith("C"):
        return ""
    parts = unicodedata.normalize("NFD", character)
    bare = "".join(part for part in parts if unicodedata.category(part) != "Mn").lower()
    spaced = "".join(f" {part} " if _is_punctuation(part) else part for part in bare)
    return f" {spaced} " if _is_ideograph(character) else spaced


def _is_punctuation(character: str) -> bool:
    """Every ASCII sign counts, whether Unicode calls it punctuation or not."""
    if character.isascii():
        return character.isprintable() and not character.isalnum() and character != " "
    return unicodedata.category(character).startswith("P")


def _is_ideograph(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in IDEOGRAPHS)
