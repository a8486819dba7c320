"""What the organisation's directory tells of people, and when it is read again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from learning import local_time
from learning.notices import FIRST, Kind, Notice
from learning.people import PersonId

SATURDAY = 5

SOON = timedelta(minutes=5)
"""After somebody's first words, so that newcomers of one moment are asked about together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Where somebody works and in which language; '' for what the directory does not tell.

    `manager_id` is an account id. `read_at` is when the directory was asked.
    """

    person_id: PersonId
    department: str = ""
    office: str = ""
    manager_id: str = ""
    language: str = ""
    read_at: datetime


def is_in_directory(person_id: PersonId) -> bool:
    """Whether it is an account of the directory, and no id of the channel's own."""
    return bool(person_id) and ":" not in person_id


def saturday(now: datetime, zone: ZoneInfo) -> date | None:
    """The Saturday of this weekend, when profiles are read again; None on a working day."""
    today = now.astimezone(zone).date()
    return (
        today - timedelta(days=today.weekday() - SATURDAY) if today.weekday() >= SATURDAY else None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilePage:
    """One page of a weekend's refresh; `after` is the last person of the page before."""

    saturday: date
    after: PersonId = FIRST

    def began(self, zone: ZoneInfo) -> datetime:
        """What was read before this is old."""
        return local_time.at(self.saturday, time(), zone)

    def notice(self, due: datetime) -> Notice:
        day = self.saturday.isoformat()
        return Notice(
            kind=Kind.PROFILES,
            key=f"{Kind.PROFILES}:{day}:{self.after}",
            mailing=f"{Kind.PROFILES}:{day}",
            due_at=due,
            payload={"day": day, "after": self.after},
        )

    @classmethod
    def of(cls, notice: Notice) -> ProfilePage:
        told = notice.payload
        return cls(saturday=date.fromisoformat(told["day"]), after=PersonId(told["after"]))


def of_newcomer(person_id: PersonId, now: datetime) -> Notice:
    """Have the directory asked about somebody who has just written for the first time."""
    return Notice(
        kind=Kind.PROFILES,
        key=f"{Kind.PROFILES}:new:{person_id}",
        mailing=f"{Kind.PROFILES}:new",
        due_at=now + SOON,
        person_id=person_id,
    )
