"""Champions: who promotes the week in which group, what they share, and when they hear what to promote."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from learning.errors import LearningError
from learning.notices import Kind, Notice, QuietHours
from learning.people import Address, Person, PersonId
from learning.profiles import Profile
from learning.sessions import Session, SessionId, by_time

LONGEST_GROUP = 100
"""Characters of a department's or a network's name."""

TAG_LETTERS = "23456789bcdfghjkmnpqrstvwxz"
"""None that is taken for another, and no vowels, so that no word comes of them."""

TAG_LENGTH = 8
TAG = re.compile(f"[{TAG_LETTERS}]{{{TAG_LENGTH}}}")

AHEAD = timedelta(weeks=8)
"""How far ahead sessions are promoted."""

MOST = 5
"""Sessions on a champion's card."""

SEND_AT, SEND_UNTIL = time(9, 30), time(12, 0)
SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Champion:
    """Somebody who promotes the week in one department or staff network; some do in several."""

    person_id: PersonId
    group: str
    named_by: PersonId
    named_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a champion shares of one session; bookings that come of it carry the tag.

    `posted_at` is when they asked for a post to copy, None for a card that a search has put at hand.
    """

    tag: str
    person_id: PersonId
    session_id: SessionId
    made_at: datetime
    posted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """What a champion may promote now; `suits` are those of it that are about their groups.

    `brought`: how many different people booked by what they shared.
    """

    groups: tuple[str, ...]
    sessions: tuple[Session, ...]
    suits: frozenset[SessionId]
    brought: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPosts:
    """How many people each shared session was booked by, and how many different ones all of them."""

    sessions: tuple[tuple[Session, int], ...]
    brought: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A champion of one group; `shared`: of how many sessions there is a post or a booking."""

    person: Person
    named_at: datetime
    profile: Profile | None = None
    shared: int = 0
    brought: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A department or staff network, its champions, and how many different people they brought."""

    name: str
    members: tuple[Member, ...]
    brought: int = 0


def group_name(text: str) -> str:
    """The name of a group as it is kept. Raises LearningError."""
    name = " ".join(text.split())
    if not name:
        raise LearningError("Say for which department or staff network.")
    if len(name) > LONGEST_GROUP:
        raise LearningError(f"The name of a group may have {LONGEST_GROUP} characters at most.")
    return name


def as_known(group: str, known: Iterable[str]) -> str:
    """The group as it is spelt already, so that "housing" and "Housing" are one."""
    same = (name for name in sorted(known) if name.casefold() == group.casefold())
    return next(same, group)


def tag_in(text: str) -> str:
    """The tag that somebody's words or an address hold, as it is kept; '' for what is none."""
    tag = text.casefold()
    return tag if TAG.fullmatch(tag) else ""


def monday(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def card_week(now: datetime, zone: ZoneInfo) -> date | None:
    """The Monday of the week whose card is due in this zone by now; None where it is not the time.

    It goes out on Monday morning. A morning on which nothing could be sent is made up for on the
    next working day.
    """
    local = now.astimezone(zone)
    is_morning = SEND_AT <= local.time() < SEND_UNTIL
    return monday(local.date()) if is_morning and local.weekday() < SATURDAY else None


def card_notice(
    person_id: PersonId, week: date, now: datetime, zone: ZoneInfo, quiet: QuietHours
) -> Notice:
    """What to promote this week: once a week for each champion, and never in quiet hours."""
    return Notice(
        kind=Kind.CHAMPION_CARD,
        key=f"{Kind.CHAMPION_CARD}:{person_id}:{week.isoformat()}",
        mailing=f"{Kind.CHAMPION_CARD}:{week.isoformat()}",
        due_at=quiet.shift(now, zone),
        person_id=person_id,
        payload={"week": week.isoformat()},
    )


def named_notice(
    person_id: PersonId, group: str, now: datetime, near: Address | None = None
) -> Notice:
    """Tell somebody that they are a champion; `near` is where to open a chat they never had."""
    hello = {"service_url": near.service_url, "tenant_id": near.tenant_id} if near else {}
    return Notice(
        kind=Kind.CHAMPION_NAMED,
        key=f"{Kind.CHAMPION_NAMED}:{person_id}:{now.isoformat()}",
        mailing=f"{Kind.CHAMPION_NAMED}:{now.date().isoformat()}",
        due_at=now,
        person_id=person_id,
        payload={"group": group, "near": hello},
    )


def to_promote(
    sessions: Iterable[Session], suits: Collection[SessionId], now: datetime
) -> list[Session]:
    """What is most worth promoting: what suits the group, then by places left, then the soonest.

    Nothing that is full; what has no limit comes last, as nothing is lost while its places stay empty.
    """
    ahead = [
        s
        for s in by_time(sessions)
        if s.is_open(now) and s.starts_at and s.starts_at - now <= AHEAD and s.places_left != 0
    ]
    ranked = sorted(ahead, key=lambda s: (s.id not in suits, -(s.places_left or 0)))[:MOST]
    return sorted(by_time(ranked), key=lambda s: s.id not in suits)


def of_the_week(sessions: Iterable[Session], now: datetime) -> frozenset[SessionId]:
    """The sessions of the editions that still lie ahead; where none does, of the latest."""
    dated = [s for s in sessions if s.starts_at is not None and s.ends_at is not None]
    ahead = {s.edition_id for s in dated if not s.is_over(now)}
    latest = {s.edition_id for s in by_time(dated)[-1:]}
    return frozenset(s.id for s in dated if s.edition_id in (ahead or latest))
