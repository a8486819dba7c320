"""Who reads our pages: what has to be known of them, and the two ways in which they prove it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Protocol

from learning.people import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Somebody of our own organisation; `tenant_id` is its, '' on a laptop."""

    person_id: PersonId
    name: str
    email: str = ""
    tenant_id: str = ""


class Why(StrEnum):
    """What somebody who could not sign in can do something about."""

    DECLINED = auto()
    """They, or an administrator, did not agree to it."""

    FOREIGN = auto()
    """The account is another organisation's."""

    STALE = auto()
    """It was begun too long ago, elsewhere, or has been finished already."""

    OTHER = auto()


class NotSignedIn(Exception):
    """They could not prove who they are; its words say why, for the log and without secrets."""

    def __init__(self, words: str, why: Why = Why.OTHER) -> None:
        super().__init__(words)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A sign-in under way: where the browser goes, and what only it and we may know until it is back."""

    address: str
    kept: Mapping[str, str]


class TabTokens(Protocol):
    """What Teams gives a tab for the person who looks at it."""

    async def signed_in(self, token: str) -> SignedIn:
        """Raises NotSignedIn, Unavailable."""
        ...


class WebSignIn(Protocol):
    """Signing in with a browser outside Teams."""

    async def begin(self) -> Begun:
        """Raises Unavailable."""
        ...

    async def finish(self, kept: Mapping[str, str], answer: Mapping[str, str]) -> SignedIn:
        """`kept` is what `begin` gave, `answer` the words with which the browser came back.

        Raises NotSignedIn, Unavailable.
        """
        ...
