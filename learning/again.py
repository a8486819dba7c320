"""Being told, once, when something runs again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from learning.notices import Kind, Notice
from learning.people import PersonId
from learning.sessions import Format, Session, SessionId, by_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """Somebody asked to hear when this session runs again.

    `known_upto` is the newest session there was when they asked: only what is newer is news.
    `told_at` is when they were told; then nothing more is said until they ask once more.
    """

    person_id: PersonId
    session_id: SessionId
    asked_at: datetime
    known_upto: SessionId
    told_at: datetime | None = None


def may_run_again(session: Session) -> bool:
    """Whether there is anything to wait for: what can be taken at any time never runs again."""
    return session.details.format is not Format.SELF_PACED


def is_worth_asking(session: Session, now: datetime) -> bool:
    """Whether it can no longer be had, so that the next one is all there is to hope for."""
    if not may_run_again(session):
        return False
    is_full = session.places_left == 0 and not session.details.waiting_list
    return session.is_cancelled or session.has_started(now) or is_full


def same_again(session: Session, sessions: Iterable[Session], now: datetime) -> list[Session]:
    """Which of these are the same once more and still to come, the soonest first."""
    return by_time(s for s in sessions if s.is_open(now) and same_run(session, s))


def same_run(session: Session, other: Session) -> bool:
    """Whether one is the other once more: by its code in another edition, or by its title.

    How a title is punctuated makes no difference.
    """
    if session.id == other.id:
        return False
    if session.edition_id != other.edition_id and session.code.casefold() == other.code.casefold():
        return True
    title = _letters(session.title)
    return bool(title) and title == _letters(other.title)


def can_be_had(session: Session) -> bool:
    """Whether it has places left, or at least a queue for them."""
    return session.places_left != 0 or session.details.waiting_list


def news(want: Want, later: Session, due: datetime) -> Notice:
    """Tell somebody of a session that runs again; who wanted it twice is told once."""
    return Notice(
        kind=Kind.RUNS_AGAIN,
        key=f"{Kind.RUNS_AGAIN}:{want.person_id}:{later.id}",
        mailing=f"{Kind.RUNS_AGAIN}:{later.id}",
        due_at=due,
        person_id=want.person_id,
        session_id=later.id,
        payload={"wanted": want.session_id},
    )


def _letters(title: str) -> str:
    return " ".join(re.findall(r"\w+", title.casefold()))
