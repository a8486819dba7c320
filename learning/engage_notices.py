"""What goes into the outbox for Viva Engage: posts, answers, and telling organisers to sign in."""

from __future__ import annotations

from datetime import date, datetime

from learning.notices import Kind, Notice
from learning.people import PersonId


def post(day: date, due: datetime) -> Notice:
    """Post a day's highlights to the community."""
    return Notice(
        kind=Kind.ENGAGE_POST,
        key=f"{Kind.ENGAGE_POST}:{day.isoformat()}",
        mailing=f"{Kind.ENGAGE_POST}:{day.isoformat()}",
        due_at=due,
        payload={"day": day.isoformat()},
    )


def delete(message_id: int, now: datetime) -> Notice:
    """Delete a post of ours; one that could not be deleted may be tried again."""
    return Notice(
        kind=Kind.ENGAGE_DELETE,
        key=f"{Kind.ENGAGE_DELETE}:{message_id}:{now.isoformat()}",
        mailing=str(Kind.ENGAGE_DELETE),
        due_at=now,
        payload={"message": message_id},
    )


def answer(message_id: int, now: datetime, *, alone: bool) -> Notice:
    """Answer what somebody said there: its key is why it is answered once. Words are not kept.

    `alone`: nobody but who wrote it reads what is answered below it.
    """
    return Notice(
        kind=Kind.ENGAGE_ANSWER,
        key=f"{Kind.ENGAGE_ANSWER}:{message_id}",
        mailing=str(Kind.ENGAGE_ANSWER),
        due_at=now,
        payload={"message": message_id, "alone": alone},
    )


def sign_in(person_id: PersonId, since: datetime, now: datetime) -> Notice:
    """Tell an organiser, once each time, that the service account has to be signed in."""
    return Notice(
        kind=Kind.ENGAGE_SIGN_IN,
        key=f"{Kind.ENGAGE_SIGN_IN}:{person_id}:{since.isoformat()}",
        mailing=f"{Kind.ENGAGE_SIGN_IN}:{since.isoformat()}",
        due_at=now,
        person_id=person_id,
        payload={"since": since.isoformat()},
    )
