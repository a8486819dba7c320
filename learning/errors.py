"""The ways a rule can say no; each carries what the answer to the person needs."""

from __future__ import annotations

from datetime import datetime


class LearningError(Exception):
    """A rule said no. Shown to the person as a card, never as a fault."""


class NotFound(LearningError):
    """What was asked for does not exist, or no longer does."""

    def __init__(self, what: str, key: object) -> None:
        super().__init__(f"There is no {what} {key}.")
        self.what = what
        self.key = key


class Refused(LearningError):
    """A booking rule said no; `session_id` is the session it was about."""

    def __init__(self, session_id: int, message: str) -> None:
        super().__init__(message)
        self.session_id = session_id


class AlreadyBooked(Refused):
    """The person has a live booking on this session."""

    def __init__(self, session_id: int) -> None:
        super().__init__(session_id, "You already have this one.")


class SessionFull(Refused):
    """No place is free and the session keeps no waiting list."""

    def __init__(self, session_id: int) -> None:
        super().__init__(session_id, "Every place on this session is taken.")


class BookingClosed(Refused):
    """The session has begun, so places can be neither taken nor given back."""

    def __init__(self, session_id: int, closed_at: datetime) -> None:
        super().__init__(session_id, "This session has already started.")
        self.closed_at = closed_at


class SessionWithdrawn(Refused):
    """The session has been cancelled by its organisers."""

    def __init__(self, session_id: int) -> None:
        super().__init__(session_id, "This session has been cancelled.")


class NothingToBook(Refused):
    """A self-paced session: it has no places, only a link."""

    def __init__(self, session_id: int) -> None:
        super().__init__(session_id, "No booking needed: start whenever it suits you.")


class Clash(Refused):
    """The person is booked on something else at that time and has not said that it is all right."""

    def __init__(self, session_id: int, other_ids: tuple[int, ...]) -> None:
        super().__init__(session_id, "You are already booked on something at that time.")
        self.other_ids = other_ids


class NoSuchBooking(Refused):
    """The person has no live booking on this session."""

    def __init__(self, session_id: int) -> None:
        super().__init__(session_id, "You have no booking on this session.")


class OfferGone(Refused):
    """The place that was offered is no longer held for this person."""

    def __init__(self, session_id: int) -> None:
        super().__init__(session_id, "That offer has run out.")


class OnlyOnCourse(Refused):
    """The live session of a course that the person is not on, or of another cohort of it."""

    def __init__(self, session_id: int, title: str, cohort: str = "") -> None:
        whom = f"those on the programme {title}"
        if cohort:
            whom = f"the cohort {cohort} of the programme {title}"
        super().__init__(session_id, f"This session is for {whom}.")
        self.title = title
        self.cohort = cohort


class OtherDate(Refused):
    """The person has another date of the same course, and has not said that this one is instead of it."""

    def __init__(self, session_id: int, other_id: int) -> None:
        super().__init__(session_id, "You already have another date of this programme.")
        self.other_id = other_id


class NotAllowed(LearningError):
    """Only an organiser, or someone with a certain part, may do this."""


class UnreadableFile(LearningError):
    """A file cannot be read at all; says why, and what to do."""
