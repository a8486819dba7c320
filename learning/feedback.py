"""What people say of a session afterwards: when they are asked, and what of it may be shown."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from learning import local_time
from learning.attendance import Outcome, Presence, is_recorded, takes_own_word
from learning.bookings import Booking, BookingState
from learning.notices import Kind, Notice, QuietHours
from learning.people import PersonId
from learning.sessions import Session, SessionId
from learning.small_groups import FEWEST

ASKED_AFTER = timedelta(minutes=15)
"""After a session's end. Teams and Zoom are asked first who came: five minutes before."""

LOOKS = (ASKED_AFTER, timedelta(minutes=130), timedelta(hours=25))
"""When it is looked who is to be asked: later looks find those of whom it became known that they came."""

ASKED_FOR = timedelta(days=7)
"""About what ended longer ago nobody is asked unasked."""

OPEN_FOR = timedelta(days=14)
"""How long after the end of an edition's last session its answers can be given and changed."""

REMINDED_AT = time(10, 0)
"""On the day after they were asked, by the person's own clock."""

TOLD_AFTER, TOLD_UNTIL = timedelta(days=1), timedelta(days=21)
"""How long after a session's end whoever ran it is told what people say, once."""

LONGEST_COMMENT = 500
MOST_STARS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one person says of one session. `helped` is None where they left that open.

    `shown` is the mark of the answer as what is shown was made of it, '' while it is not in that.
    """

    session_id: SessionId
    who: str
    stars: int
    helped: bool | None = None
    comment: str = ""
    given_at: datetime
    changed_at: datetime
    shown: str = ""

    @property
    def mark(self) -> str:
        """The same for the same answer, whenever it was given."""
        said = f"{self.stars} {self.helped} {self.comment}"
        return hashlib.sha256(said.encode(errors="backslashreplace")).hexdigest()

    @property
    def is_news(self) -> bool:
        return self.mark != self.shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What of a session's answers may be shown.

    `stars` counts the answers with one star, with two, and so on. The comments stand in the order of
    their letters, which tells nothing of who wrote them, or when.
    """

    session_id: SessionId
    stars: tuple[int, int, int, int, int]
    helped: int
    not_helped: int
    comments: tuple[str, ...]
    released_at: datetime

    @property
    def answers(self) -> int:
        return sum(self.stars)

    @property
    def average(self) -> float:
        return sum(n * count for n, count in enumerate(self.stars, 1)) / max(1, self.answers)


def release(session_id: SessionId, answers: Sequence[Answer], now: datetime) -> Release | None:
    """What may be shown from now on; None where that is what was shown before, or nothing.

    It changes only when at least as many answers differ from what was shown as make a group: who
    compares before and after learns of no fewer people.
    """
    if sum(answer.is_news for answer in answers) < FEWEST:
        return None
    counts = [sum(a.stars == n for a in answers) for n in range(1, MOST_STARS + 1)]
    one, two, three, four, five = counts
    return Release(
        session_id=session_id,
        stars=(one, two, three, four, five),
        helped=sum(a.helped is True for a in answers),
        not_helped=sum(a.helped is False for a in answers),
        comments=tuple(sorted((a.comment for a in answers if a.comment), key=_letters)),
        released_at=now,
    )


def without(shown: Release, comment: str) -> Release:
    """The same without what somebody wrote who is to be forgotten; the counts stay."""
    comments = list(shown.comments)
    if comment in comments:
        comments.remove(comment)
    return replace(shown, comments=tuple(comments))


def nobodys(answer: Answer, successor: PersonId) -> Answer:
    """The answer of somebody who is forgotten: its words go, and that is no news of it."""
    wordless = replace(answer, who=successor, comment="")
    return wordless if answer.is_news else replace(wordless, shown=wordless.mark)


def _letters(comment: str) -> tuple[str, str]:
    return comment.casefold(), comment


def answered(
    before: Answer | None,
    session_id: SessionId,
    who: PersonId,
    *,
    stars: int,
    helped: bool | None,
    comment: str,
    now: datetime,
) -> Answer:
    """The answer as it now stands. Sending the same again is no change."""
    after = Answer(
        session_id=session_id,
        who=who,
        stars=stars,
        helped=helped,
        comment=" ".join(comment.split())[:LONGEST_COMMENT],
        given_at=before.given_at if before else now,
        changed_at=before.changed_at if before else now,
        shown=before.shown if before else "",
    )
    return after if after == before else replace(after, changed_at=now)


class Part(StrEnum):
    """What somebody has to do with a session's feedback."""

    MAY_ANSWER = "may answer"
    MAY_SAY_SO = "may say that they came"
    NONE = "none"


def part_in(booking: Booking | None, outcome: Outcome | None) -> Part:
    """Those who were there answer; those who were booked and not seen may say that they were."""
    if outcome is not None and outcome.state is not Presence.ABSENT:
        return Part.MAY_ANSWER
    if not takes_own_word(outcome):
        return Part.NONE
    is_booked = booking is not None and booking.state is BookingState.BOOKED
    return Part.MAY_SAY_SO if is_booked else Part.NONE


def is_over(session: Session, now: datetime) -> bool:
    """Whether it took place, at a time of its own: of no other can people say how it was."""
    return is_recorded(session) and session.is_over(now)


def is_told_of(session: Session, now: datetime) -> bool:
    """Whether whoever ran it may be told by now what people say."""
    if session.ends_at is None or not is_over(session, now):
        return False
    return TOLD_AFTER <= now - session.ends_at < TOLD_UNTIL


def closes_at(sessions: Iterable[Session]) -> datetime | None:
    """Until when answers about these, all of an edition, are taken; None where none has a time."""
    ends = [s.ends_at for s in sessions if s.ends_at is not None and not s.is_cancelled]
    return max(ends) + OPEN_FOR if ends else None


def looks(session: Session, now: datetime) -> list[timedelta]:
    """Which looks for those who are to be asked are due by now."""
    if session.ends_at is None or not is_recorded(session):
        return []
    since = now - session.ends_at
    return [after for after in LOOKS if after <= since] if since < ASKED_FOR else []


def asking(
    session: Session, person_id: PersonId, quiet: QuietHours, zone: ZoneInfo, now: datetime
) -> list[Notice]:
    """Ask somebody once about a session that ended, and once more; one that has moved is another."""
    assert session.ends_at is not None, "only what has ended is asked about"
    due = quiet.shift(now, zone)
    day_after = due.astimezone(zone).date() + timedelta(days=1)
    again = quiet.shift(local_time.at(day_after, REMINDED_AT, zone), zone)
    return [
        _notice(Kind.FEEDBACK, session, person_id, due),
        _notice(Kind.FEEDBACK_REMINDER, session, person_id, again),
    ]


def _notice(kind: Kind, session: Session, person_id: PersonId, due: datetime) -> Notice:
    ends = session.ends_at.isoformat() if session.ends_at else ""
    return Notice(
        kind=kind,
        key=f"{kind}:{person_id}:{session.id}:{ends}",
        mailing=f"{kind}:{session.id}",
        due_at=due,
        person_id=person_id,
        session_id=session.id,
        payload={"ends": ends},
    )


def is_about(notice: Notice, session: Session) -> bool:
    """Whether the session still ended when it did as this was written."""
    ends_at = session.ends_at
    return ends_at is not None and notice.payload.get("ends") == ends_at.isoformat()


def result(session: Session, person_id: PersonId, due: datetime) -> Notice:
    """Tell somebody who ran it what people say of a session: once."""
    return Notice(
        kind=Kind.FEEDBACK_RESULT,
        key=f"{Kind.FEEDBACK_RESULT}:{person_id}:{session.id}",
        mailing=f"{Kind.FEEDBACK_RESULT}:{session.id}",
        due_at=due,
        person_id=person_id,
        session_id=session.id,
    )
