"""Seals under a key for each owner, all of which come of SECRET_KEY."""

from __future__ import annotations

from integrations.vault import Vault, WrongKey


class KeyedSeals:
    def __init__(self, secret_key: str) -> None:
        self._secret_key = secret_key

    def seal(self, owner: str, text: str) -> str:
        return Vault(self._secret_key, owner=owner).seal(text)

    def open(self, owner: str, sealed: str) -> str | None:
        try:
            return Vault(self._secret_key, owner=owner).open(sealed)
        except WrongKey:
            return None
