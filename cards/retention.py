"""How long each kind of data is kept, in the words of the privacy page and of the documentation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from learning.retention import FIXED, USUAL, Data, Periods, in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is kept, from when on its time is counted, and what happens then."""

    what: str
    since: str
    then: str


WORDS: Mapping[str, Words] = {
    Data.BOOKINGS: Words(
        what="Bookings, places on waiting lists, who was at a session, shared sessions",
        since="the last session of the edition",
        then="each person is replaced by a number that leads to nobody; the counts stay",
    ),
    Data.FEEDBACK: Words(
        what="Stars and comments on sessions",
        since="the answer",
        then="the comment is deleted and the stars belong to nobody",
    ),
    Data.IDEAS: Words(
        what="Who had an idea, supported one or opened a question",
        since="the idea, the support or the question",
        then="the idea stays, and belongs to nobody",
    ),
    Data.WISHES: Words(
        what="Wishes to be told when something runs again", since="the wish", then="deleted"
    ),
    Data.COURSES: Words(
        what="What people did, answered, wrote and promised on a programme over months",
        since="the last that happened with the person on it",
        then="what they wrote is deleted and what they did belongs to nobody; the counts stay",
    ),
    Data.WORDS: Words(
        what="Single words that people looked for and did not find",
        since="that day",
        then="deleted",
    ),
    Data.JOURNAL: Words(
        what="Who changed what at the organisers’ desk", since="the change", then="deleted"
    ),
    Data.PEOPLE: Words(
        what="Name, e-mail address, account, settings, department and office",
        since="the last talk with the bot, once nothing else names the person",
        then="the person is forgotten, as by “forget me”",
    ),
    Data.TALK: Words(
        what="What a talk with the bot was about", since="the last message", then="deleted"
    ),
    Data.DELIVERIES: Words(
        what="Which messages were sent to whom, and what organisers wrote in them",
        since="the sending",
        then="counted by session and kind, then deleted",
    ),
    "guests": Words(
        what="Names of guests at a session", since="the session", then="the name is deleted"
    ),
    "zoom": Words(
        what="Registrations with Zoom, and one’s own link", since="the session", then="deleted"
    ),
    "marks": Words(
        what="Digests that keep who was forgotten out of late reports of attendance",
        since="the request",
        then="deleted",
    ),
    "engage": Words(what="Answers to questions in Viva Engage", since="the answer", then="deleted"),
    "work": Words(
        what="Long work of organisers, and the files it made", since="its beginning", then="deleted"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`name` is that of the setting, '' for what cannot be set."""

    name: str
    words: Words
    period: timedelta

    @property
    def how_long(self) -> str:
        return in_words(self.period)


def lines(periods: Periods = USUAL) -> list[Line]:
    """One for each kind of data, those that can be set first."""
    set_ones = [Line(name=d, words=WORDS[d], period=periods[d]) for d in Data]
    fixed = [Line(name="", words=WORDS[name], period=FIXED[name]) for name in FIXED]
    return [*set_ones, *fixed]
