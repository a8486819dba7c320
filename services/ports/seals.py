"""Keeping what somebody wrote so that the database alone does not tell it."""

from __future__ import annotations

from typing import Protocol

from learning.people import PersonId


class Seals(Protocol):
    """Each person, and each action learning set, has a key of their own that comes of SECRET_KEY.

    It keeps text from whoever reads the database, a backup or an export. It does not keep it from
    whoever holds SECRET_KEY as well: who may read what is decided before anything is opened.
    """

    def seal(self, owner: str, text: str) -> str: ...
    def open(self, owner: str, sealed: str) -> str | None:
        """The text; None where it was sealed for somebody else, under another key, or is damaged."""
        ...


def of_person(person_id: PersonId) -> str:
    return f"person:{person_id}"


def of_set(set_id: int) -> str:
    return f"set:{set_id}"
