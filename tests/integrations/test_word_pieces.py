"""Pieces are cut as BERT's uncased tokeniser cuts them."""

import pytest

from integrations.word_pieces import WordPieces, words

MARKERS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
VOCABULARY = [
    *MARKERS, "book", "##ing", "##s", "cafe", "week", "un", "##un", "!", "a", "##a", "[", "]", "sep",
    "学", "ng", "##book",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" \t\r\n\u00a0\u3000\u2028", ""),
        ("Excel For BEGINNERS", "excel for beginners"),
        ("Café Zoë ÅNGSTRÖM ŵythnos", "cafe zoe angstrom wythnos"),
        ("cafe\u0301", "cafe"),
        ("straße Œuvre", "straße œuvre"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("İstanbul", "istanbul"),
        ("don't!!", "don ' t ! !"),
        ("£5 + $4 = ½", "£5 + $ 4 = ½"),
        ("“quoted” – end…", "“ quoted ” – end …"),
        ("C++ a_b x@y.uk", "c + + a _ b x @ y . uk"),
        ("a≠b", "a = b"),
        ("\u037e", ";"),
        ("学习week", "学 习 week"),
        ("ひらがな", "ひらかな"),
        ("🎉party", "🎉party"),
        ("👩\u200d💻", "👩💻"),
        ("so\u00adft ze\u200bro nu\x00ll ta\x0bb bad\ufffd", "soft zero null tab bad"),
    ],
)
def test_words_are_plain_and_apart(text: str, expected: str):
    assert list(words(text)) == expected.split(" ") * bool(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Bookings!", ["book", "##ing", "##s", "!"]),
        ("unun", ["un", "##un"]),
        ("café weeks", ["cafe", "week", "##s"]),
        ("bookx week", ["[UNK]", "week"]),
        ("ing", ["[UNK]"]),
        ("学book", ["学", "book"]),
        ("[SEP]", ["[", "sep", "]"]),
        ("a" * 100, ["a", *["##a"] * 99]),
        ("a" * 101, ["[UNK]"]),
    ],
)
def test_the_longest_piece_that_fits_is_taken(text: str, expected: list[str]):
    numbers = WordPieces(VOCABULARY).numbers(text, at_most=128)

    assert [VOCABULARY[number] for number in numbers] == ["[CLS]", *expected, "[SEP]"]


def test_a_long_text_is_cut_and_still_ends_as_it_should():
    numbers = WordPieces(VOCABULARY).numbers("book week " * 10_000, at_most=8)

    assert [VOCABULARY[number] for number in numbers] == [
        "[CLS]", *["book", "week"] * 3, "[SEP]",
    ]  # fmt: skip
