"""Who reads our pages: what has to be known of them, and the two ways in which they prove it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from learning.people import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Somebody of our own organisation; `tenant_id` is its, '' on a laptop."""

    person_id: PersonId
    name: str
    email: str = ""
    tenant_id: str = ""


class NotSignedIn(Exception):
    """They could not prove who they are; its words say why, for the log and without secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A sign-in under way: where the browser goes, and what only it and we may know until it is back."""

    address: str
    kept: Mapping[str, str]


class TabTokens(Protocol):
    """What Teams gives a tab for the person who looks at it."""

    async def signed_in(self, token: str) -> SignedIn:
        """Raises NotSignedIn."""
        ...


class WebSignIn(Protocol):
    """Signing in with a browser outside Teams."""

    async def begin(self) -> Begun:
        """Raises Unavailable."""
        ...

    async def finish(self, kept: Mapping[str, str], answer: Mapping[str, str]) -> SignedIn:
        """`kept` is what `begin` gave, `answer` the query with which the browser came back.

        Raises NotSignedIn, Unavailable.
        """
        ...
