"""What counts as attended, and for how long."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from learning.attendance import Outcome, Presence, Source
from learning.record import Record, hours, quarters, record
from learning.sessions import Edition, EditionId, Format, Session, SessionId, SessionState
from tests.support.builders import WEDNESDAY, details
from tests.support.clocks import MONDAY

MINUTE = timedelta(minutes=1)
NOW = WEDNESDAY + timedelta(days=30)
EDITIONS = {EditionId(n): Edition(id=EditionId(n), name=f"Edition {n}") for n in (1, 2)}


def session(id: int, edition: int = 1, **more: Any) -> Session:
    state = more.pop("state", SessionState.PUBLISHED)
    return Session(
        id=SessionId(id),
        edition_id=EditionId(edition),
        details=details(f"S{id}", **more),
        state=state,
    )


def of(*told: tuple[Session, Presence]) -> Record:
    outcomes = [
        Outcome(session_id=s.id, who="asha", state=state, source=Source.TEAMS, changed_at=MONDAY)
        for s, state in told
    ]
    return record(outcomes, {s.id: s for s, _ in told}, EDITIONS, NOW)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (60, "1 hour"),
        (90, "1.5 hours"),
        (75, "1.25 hours"),
        (45, "0.75 hours"),
        (50, "0.75 hours"),
        (53, "1 hour"),
        (5, "0.25 hours"),
        (0, "0 hours"),
        (600, "10 hours"),
    ],
)
def test_a_length_is_said_in_hours_and_quarters(minutes: int, said: str):
    assert hours(quarters(minutes * MINUTE)) == said


def test_the_latest_edition_comes_first_and_in_it_the_order_of_time():
    early, late = session(1, starts_at=WEDNESDAY), session(2, starts_at=WEDNESDAY + 60 * MINUTE)
    year_after = session(3, 2, starts_at=WEDNESDAY + timedelta(days=20))

    found = of(
        (late, Presence.ATTENDED), (year_after, Presence.ATTENDED), (early, Presence.ATTENDED)
    )

    assert [(e.edition.name, [a.session.code for a in e.entries]) for e in found.editions] == [
        ("Edition 2", ["S3"]),
        ("Edition 1", ["S1", "S2"]),
    ]
    assert (found.attended, found.quarters) == (3, 12)


def test_what_was_looked_in_at_is_shown_and_counts_for_nothing():
    found = of((session(1), Presence.BRIEFLY))

    assert [(e.is_brief, e.quarters) for e in found.editions[0].entries] == [(True, 0)]
    assert (found.attended, found.quarters) == (0, 0)
    assert found.of(EditionId(1)) is None


@pytest.mark.parametrize(
    ("other", "state"),
    [
        (session(2), Presence.ABSENT),
        (session(2, state=SessionState.CANCELLED), Presence.ATTENDED),
        (session(2, starts_at=NOW), Presence.ATTENDED),
        (session(2, starts_at=None, format=Format.SELF_PACED), Presence.ATTENDED),
    ],
)
def test_these_do_not_count(other: Session, state: Presence):
    assert of((other, state)) == Record()
    both = of((session(1), Presence.ATTENDED), (other, state))
    assert both.quarters == 4
    assert replace(both, editions=()) == Record()
