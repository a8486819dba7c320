"""Sealing what must not be read where it is stored, under a key that comes of SECRET_KEY."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PURPOSE = b"learnweek: stored tokens"


class WrongKey(Exception):
    """It was sealed under another key or for another owner, or is damaged."""


class Vault:
    def __init__(self, secret_key: str, *, owner: str = "") -> None:
        """Whose `owner` differs cannot open what is sealed here; '' is for tokens of the product."""
        info = b"learnweek: written by " + owner.encode() if owner else PURPOSE
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=info)
        self._fernet = Fernet(base64.urlsafe_b64encode(key.derive(secret_key.encode())))

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Raises WrongKey."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise WrongKey from error
