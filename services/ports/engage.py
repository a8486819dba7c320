"""Viva Engage: what is asked of it, what is signed in there, and what we keep about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from learning.people import PersonId
from services.ports.systems import Unavailable


class SignInNeeded(Unavailable):
    """Nobody is signed in as the service account, or Entra wants to see them again."""


class TooSoon(Unavailable):
    """It is not our turn to ask yet, so nothing was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message in Viva Engage as far as we need it.

    `text` is without mentions. `is_addressed`: we are meant by it. `is_alone`: nobody but its writer
    reads an answer below it. `by_person`: a person wrote it, not a bot and not the system.
    """

    id: int
    sender_id: int
    thread_id: int
    text: str
    at: datetime
    replied_to_id: int | None = None
    group_id: int | None = None
    is_own: bool = False
    by_person: bool = True
    is_private: bool = False
    is_alone: bool = False
    is_addressed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody in Viva Engage."""

    id: int
    name: str = ""
    email: str = ""
    is_person: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What is new in a feed, oldest first, and the newest id that it has now; 0 where it is empty."""

    messages: tuple[Said, ...] = ()
    newest: int = 0


class Community(Protocol):
    """One community, as the service account sees it. All raise Unavailable, SignInNeeded, Rejected."""

    async def post(self, text: str) -> int:
        """Post to the community; the message's id."""
        ...

    async def reply(self, message_id: int, text: str) -> int:
        """Answer in the thread of a message."""
        ...

    async def write_to(self, member_id: int, text: str) -> int:
        """Write a private message to one person."""
        ...

    async def delete(self, message_id: int) -> None:
        """Delete one of our messages; one that is gone already is fine."""
        ...

    async def message(self, message_id: int) -> Said:
        """Raises Missing where it was deleted."""
        ...

    async def member(self, member_id: int) -> Member: ...
    async def received(self, newer_than: int | None) -> Feed:
        """What we were sent or named in since; of None only how far it goes."""
        ...

    async def private(self, newer_than: int | None) -> Feed: ...
    async def latest(self) -> Sequence[Said]:
        """The newest messages of the community."""
        ...

    async def in_thread(self, thread_id: int, newer_than: int) -> Sequence[Said]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Who is signed in, '' where nobody ever was; since when they have to sign in again."""

    account: str = ""
    needed_since: datetime | None = None


class ServiceAccount(Protocol):
    async def standing(self) -> SignIn: ...
    async def miss(self) -> None:
        """Something waits for somebody to sign in: remember since when."""
        ...


class Staff(Protocol):
    """The organisation's accounts. All raise Unavailable or Rejected."""

    async def by_email(self, email: str) -> PersonId | None:
        """The one account with this address, or None."""
        ...

    async def members(self, group_id: str) -> Sequence[PersonId]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A secret as it is stored: sealed, with the version that a writer must have seen."""

    sealed: str
    version: int
    account: str = ""
    needed_since: datetime | None = None


class Secrets(Protocol):
    """What is signed in outside, shared by all replicas."""

    async def find(self, name: str) -> Secret | None: ...
    async def keep(self, name: str, sealed: str, account: str) -> None:
        """Store it over whatever is there: somebody has just signed in."""
        ...

    async def replace(self, name: str, sealed: str, version: int) -> bool:
        """Store it over the version that was read, and end the lease; false if another was faster."""
        ...

    async def lease(self, name: str, owner: str, version: int) -> bool:
        """Be the only one to renew this version for a while."""
        ...

    async def release(self, name: str, owner: str) -> None: ...
    async def need(self, name: str, version: int, since: datetime) -> None:
        """Somebody has to sign in since then, if this version is still the last and it is news."""
        ...


class CallLimit(Protocol):
    """How often a system may be asked, all replicas together."""

    async def reserve(self, patience: float) -> float:
        """Seconds to wait before the next call; if more than `patience`, nothing was reserved."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Whether people are answered, how far each feed was read, and of which need was told."""

    answers: bool = True
    received: int | None = None
    private: int | None = None
    told: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post of ours that stands, or stood, in the community."""

    message_id: int
    day: date
    posted_at: datetime
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of an answer: to one person alone, or in the thread."""

    text: str
    to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is said to one message, and what of it is still to be sent."""

    message_id: int
    sender_id: int
    written_at: datetime
    parts: tuple[Part, ...] = field(default_factory=tuple[Part, ...])


class EngageTables(Protocol):
    """What we keep about Viva Engage inside a unit of work."""

    async def listening(self) -> Listening: ...
    async def save(self, listening: Listening) -> None: ...
    async def next_look(self, now: datetime, patience: float) -> float | None:
        """Reserve the next look at the feeds: seconds to wait, or None while it is not near."""
        ...

    async def add_post(self, post: Post) -> None: ...
    async def posts(self, limit: int) -> list[Post]:
        """The latest first, those that were deleted too."""
        ...

    async def deleted(self, message_id: int, at: datetime) -> None: ...
    async def answer(self, message_id: int) -> Answer | None: ...
    async def keep(self, answer: Answer) -> None: ...
    async def answered(self, sender_id: int, since: datetime) -> int:
        """To how many messages of one sender an answer was written since."""
        ...

    async def forget_old(self, before: datetime) -> None: ...


Check = Callable[[], None]
"""Called right before what cannot be taken back; raises where it must not happen here."""
