"""What is sealed under one key is read under no other."""

import pytest

from integrations.vault import Vault, WrongKey


def test_what_was_sealed_is_read_again_under_the_same_key():
    sealed = Vault("a long random text").seal("é token")

    assert "token" not in sealed
    assert Vault("a long random text").open(sealed) == "é token"


@pytest.mark.parametrize("change", [lambda s: s, lambda s: s[:-5], lambda s: "", lambda s: "x" + s])
def test_what_is_damaged_or_of_another_key_is_not_read(change):
    sealed = change(Vault("one").seal("token"))

    with pytest.raises(WrongKey):
        Vault("another").open(sealed)


def test_a_text_is_sealed_differently_each_time():
    vault = Vault("one")

    assert vault.seal("token") != vault.seal("token")
