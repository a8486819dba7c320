"""What somebody lets others read of a course: their words, where they may appear, and under which name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from learning.errors import LearningError
from learning.people import PersonId
from learning.sessions import CourseId

LONGEST, LONGEST_NAME = 400, 120


class Place(StrEnum):
    """Stored, so they stay as they are."""

    HUB = "hub"
    ENGAGE = "engage"
    REPORT = "report"
    INVITATION = "invitation"


class Signing(StrEnum):
    FULL = "full"
    """With name and job title."""

    FIRST = "first"
    NAMELESS = "nameless"
    """As somebody with a part, such as a head of service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """It may appear in these places, as these words, under this name, and nowhere else.

    One that was taken back has neither text nor places.
    """

    course_id: CourseId
    person_id: PersonId
    text: str
    places: frozenset[Place]
    signed_as: str
    agreed_at: datetime
    revoked_at: datetime | None = None

    @property
    def is_given(self) -> bool:
        return self.revoked_at is None


class NoQuote(LearningError):
    """What was sent cannot be taken as a quote; says what to do."""


def checked(
    text: str, places: Iterable[Place], signing: Signing | None, title: str, *, agreed: bool
) -> str:
    """The words on one line. Nothing counts as agreed that was not ticked. Raises NoQuote."""
    words = " ".join(text.split())
    if not words:
        raise NoQuote("Write a sentence or two that others may read.")
    if len(words) > LONGEST:
        raise NoQuote(f"That has {len(words)} characters where {LONGEST} fit. Shorten it.")
    if not list(places):
        raise NoQuote("Tick where it may appear: one place at least.")
    if signing is None:
        raise NoQuote("Choose how it is signed.")
    if len(" ".join(title.split())) > LONGEST_NAME:
        raise NoQuote(
            f"The job title or description may have {LONGEST_NAME} characters. Shorten it."
        )
    if signing is Signing.NAMELESS and not title.strip():
        raise NoQuote("Say how you are to be described, such as a head of service.")
    if not agreed:
        raise NoQuote("Tick that you agree. Without that nothing is kept.")
    return words


def signed(name: str, signing: Signing, title: str) -> str:
    """What stands under the quote: "Asha Rao, Head of Housing", "Asha" or "A head of service"."""
    part = " ".join(title.split())
    match signing:
        case Signing.FULL:
            found = ", ".join(each for each in (name.strip(), part) if each)
        case Signing.FIRST:
            found = name.split()[0] if name.strip() else ""
        case Signing.NAMELESS:
            found = part[:1].upper() + part[1:]
    if not found:
        raise NoQuote("I do not know your name. Sign as a description, such as a head of service.")
    return found[:200]
