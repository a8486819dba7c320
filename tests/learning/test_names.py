"""First and last names, as people's display names give them."""

import pytest

from learning.names import first_and_last


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Asha Rao", "Asha", "Rao"),
        ("  Asha   Rao ", "Asha", "Rao"),
        ("Asha", "Asha", ""),
        ("", "", ""),
        ("Asha Devi Rao", "Asha", "Devi Rao"),
        ("Rao, Asha", "Asha", "Rao"),
        ("RAO, Asha (Finance)", "Asha", "RAO"),
        ("Asha Rao (she/her) [External]", "Asha", "Rao"),
        ("Rao,", "Rao", ""),
        (", Asha", "Asha", ""),
        ("(Reception)", "(Reception)", ""),
        ("a" * 70 + " " + "b" * 70, "a" * 64, "b" * 64),
    ],
)
def test_a_name_has_a_first_part_and_perhaps_a_last(name: str, first: str, last: str):
    assert first_and_last(name) == (first, last)
