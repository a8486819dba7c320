"""People are met, remembered as they wish, and forgotten without a trace."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from learning.bookings import BookingState
from learning.notices import Kind
from learning.people import FORGOTTEN, Address, Person, PersonId
from learning.sessions import Format, Session
from services.people import Contact, PeopleService
from services.places import Places
from services.ports.deliveries import Outcome, Settlement
from store.conversations import SqlConversationStore
from store.engine import Database
from tests.services.desk import LONDON, RULES, Desk
from tests.support.builders import WEDNESDAY, address, details, person
from tests.support.clocks import MONDAY, FixedClock
from tests.support.databases import ON_SQLITE
from tests.support.deliveries import a_queue, claim, settle

HOUR = timedelta(hours=1)
ASHA, BO, CY = PersonId("asha"), PersonId("bo"), PersonId("cy")
ONE_CHAT = address("asha")
ANOTHER = Address(service_url="https://emea.example.org", conversation_id="a:2", tenant_id="t")


# --- meeting ---------------------------------------------------------------------------------


@ON_SQLITE
async def test_a_stranger_is_remembered_with_what_their_message_tells(desk: Desk):
    met = await desk.people.meet(
        Contact(
            person_id=ASHA, name="Asha", teams_id="29:1", timezone="Asia/Tokyo", address=ANOTHER
        )
    )

    assert met.person == Person(
        id=ASHA, name="Asha", teams_id="29:1", timezone="Asia/Tokyo", address=ANOTHER
    )
    assert await desk.people.find(ASHA) == met.person
    assert await desk.people.find(BO) is None


@ON_SQLITE
@pytest.mark.parametrize(
    ("contact", "changes"),
    [
        ({}, {}),
        ({"name": "Ash"}, {"name": "Ash"}),
        ({"timezone": "Europe/Paris"}, {"timezone": "Europe/Paris"}),
        ({"teams_id": "29:2"}, {"teams_id": "29:2"}),
        ({"address": ANOTHER}, {"address": ANOTHER, "unreachable": ""}),
        ({"address": ONE_CHAT}, {"unreachable": ""}),
    ],
)
async def test_each_message_adds_what_is_new_and_takes_nothing_away(
    desk: Desk, contact: dict[str, Any], changes: dict[str, Any]
):
    known = person(
        "asha",
        email="asha@example.org",
        teams_id="29:1",
        timezone="Asia/Tokyo",
        unreachable="blocked",
        wants_nudges=False,
        wants_highlights=True,
        welcomed_at=MONDAY,
    )
    await desk.meet(known)

    met = await desk.people.meet(Contact(person_id=ASHA, **contact))

    assert met.person == replace(known, **changes)
    assert await desk.people.find(ASHA) == met.person


async def test_two_first_messages_at_once_are_from_one_person(desk: Desk, other_desk: Desk):
    both = [
        desk.people.meet(Contact(person_id=ASHA, name="Asha")),
        other_desk.people.meet(Contact(person_id=ASHA, name="Asha", teams_id="29:1")),
    ]

    await asyncio.gather(*both)

    asha = await desk.people.find(ASHA)
    assert asha is not None
    assert asha.name == "Asha"


async def test_a_person_is_welcomed_once(desk: Desk, other_desk: Desk):
    await desk.meet("asha")

    greetings = await asyncio.gather(*(d.people.welcome(ASHA) for d in (desk, other_desk) * 4))

    assert sorted(greetings) == [False] * 7 + [True]
    asha = await desk.people.find(ASHA)
    assert asha is not None
    assert asha.welcomed_at == MONDAY
    assert not await desk.people.welcome(BO)


async def test_of_changes_that_come_together_none_is_lost(desk: Desk, other_desk: Desk):
    """A turn and a delivery write about one person: what the one learns the other must not undo."""
    await desk.meet("asha")

    await asyncio.gather(
        desk.people.want_nudges(ASHA, False),
        other_desk.people.want_highlights(ASHA, True),
        desk.people.save_email(ASHA, "asha@example.org"),
        other_desk.people.cannot_reach(ASHA, "blocked"),
        other_desk.people.welcome(ASHA),
    )

    assert await desk.people.find(ASHA) == person(
        "asha",
        email="asha@example.org",
        unreachable="blocked",
        wants_nudges=False,
        wants_highlights=True,
        welcomed_at=MONDAY,
    )


@ON_SQLITE
async def test_a_chat_that_was_opened_makes_its_person_reachable(desk: Desk):
    await desk.meet(person("asha", unreachable="ForbiddenOperationException", address=None))

    await desk.people.moved(ASHA, ANOTHER)

    assert await desk.people.find(ASHA) == person("asha", address=ANOTHER)


@ON_SQLITE
@pytest.mark.parametrize(
    ("reason", "keeps"), [("ConversationNotFound", False), ("ConversationBlockedByUser", True)]
)
async def test_only_a_chat_that_is_gone_is_forgotten(desk: Desk, reason: str, keeps: bool):
    await desk.meet("asha")

    await desk.people.cannot_reach(ASHA, reason)

    chat = ONE_CHAT if keeps else None
    assert await desk.people.find(ASHA) == person("asha", unreachable=reason, address=chat)


@ON_SQLITE
async def test_wishes_of_somebody_unknown_make_nobody_known(desk: Desk):
    await desk.people.want_nudges(ASHA, False)
    await desk.people.want_highlights(ASHA, True)
    await desk.people.save_email(ASHA, "asha@example.org")
    await desk.people.cannot_reach(ASHA, "blocked")
    await desk.people.moved(ASHA, ANOTHER)

    assert await desk.people.find(ASHA) is None


@ON_SQLITE
async def test_what_is_kept_about_somebody_is_shown_whole(desk: Desk):
    first, second = await desk.publish(details("A"), details("B", WEDNESDAY + 2 * HOUR))
    await desk.book(first, "asha", "bo")
    await desk.book(second, "asha")
    await desk.bookings.cancel(ASHA, first.id)

    kept = await desk.people.data_of(ASHA)

    assert kept.person == person("asha")
    assert [(s.code, b.state, b.person_id) for s, b in kept.bookings] == [
        ("A", BookingState.CANCELLED, ASHA),
        ("B", BookingState.BOOKED, ASHA),
    ]
    assert await desk.people.data_of(CY) == replace(kept, person=Person(id=CY), bookings=())


# --- forgetting ------------------------------------------------------------------------------

SECRETS = ("asha-7f3e", "Unforgettable", "asha.u@example.org", "29:asha-teams", "a:asha-chat")
WHOLE = Person(
    id=PersonId(SECRETS[0]),
    name=SECRETS[1],
    email=SECRETS[2],
    teams_id=SECRETS[3],
    timezone="Asia/Tokyo",
    address=Address(service_url="https://s.example.org", conversation_id=SECRETS[4]),
    wants_highlights=True,
)


async def test_somebody_forgotten_leaves_no_trace_in_any_table(desk: Desk):
    past, ahead = await desk.publish(
        details("PAST", MONDAY + HOUR, capacity=5), details("AHEAD", format=Format.TEAMS)
    )
    await desk.meet(WHOLE)
    for session in (past, ahead):
        await desk.bookings.book(WHOLE.id, session.id)
    await SqlConversationStore(desk.database, desk.clock).save(WHOLE.id, {"shown": [1]}, 0)
    await said_something(desk, about=SECRETS[2])
    desk.clock.set(MONDAY + 5 * HOUR)
    assert {secret for secret in SECRETS if secret in await all_that_is_stored(desk.database)} == (
        set(SECRETS)
    )

    await desk.people.forget(WHOLE.id)

    left = await all_that_is_stored(desk.database)
    assert [secret for secret in SECRETS if secret in left] == []
    assert await desk.people.find(WHOLE.id) is None


async def test_what_was_attended_stays_as_a_count_and_what_lies_ahead_is_given_back(desk: Desk):
    past, now_on, ahead, cancelled = await desk.publish(
        details("PAST", MONDAY + HOUR),
        details("ON", MONDAY + 4 * HOUR + HOUR / 2),
        details("AHEAD"),
        details("CANCELLED", WEDNESDAY + 3 * HOUR),
    )
    for session in (past, now_on, ahead, cancelled):
        await desk.book(session, "asha", "bo")
    await desk.programme.cancel_session(cancelled.id)
    desk.clock.set(MONDAY + 5 * HOUR)

    await desk.people.forget(ASHA)

    for session, taken in ((past, 2), (now_on, 2), (ahead, 1), (cancelled, 1)):
        assert (await desk.session(session)).taken == taken
        first, second = await desk.bookings_of(session)
        assert first.person_id.startswith(FORGOTTEN)
        assert (second.person_id, second.state) == (BO, BookingState.BOOKED)
    nobody = await desk.people.find((await desk.bookings_of(past))[0].person_id)
    assert nobody is not None
    assert nobody == Person(id=nobody.id, unreachable="forgotten", wants_nudges=False)


async def test_places_that_somebody_forgotten_had_go_to_the_next_in_line(desk: Desk):
    far, near = await desk.publish(
        details("FAR", WEDNESDAY + 96 * HOUR, capacity=1, format=Format.TEAMS),
        details("NEAR", capacity=1),
    )
    for session in (far, near):
        await desk.book(session, "asha", "bo", "cy")
    desk.clock.set(WEDNESDAY - 8 * HOUR)

    await desk.people.forget(ASHA)

    assert await desk.stands(far) == {"bo": "booked", "cy": "waiting"}
    assert await desk.stands(near) == {"bo": "offered", "cy": "waiting"}
    assert await desk.told(Kind.PLACE_GIVEN) == [BO]
    assert await desk.told(Kind.PLACE_OFFERED) == [BO]
    assert len(await desk.owed(Kind.ATTENDEES)) == 2
    assert ASHA not in await desk.nudged()


async def test_who_waited_and_is_forgotten_leaves_the_queue(desk: Desk):
    [session] = await desk.publish(details(capacity=1))
    await desk.book(session, "bo", "asha", "cy")

    await desk.people.forget(ASHA)

    assert await desk.stands(session) == {"bo": "booked", "cy": "waiting"}
    assert (await desk.bookings.standing(CY, session.id)).position == 1


async def test_somebody_forgotten_who_comes_back_is_a_stranger(desk: Desk):
    [session] = await desk.publish(details())
    await desk.book(session, "asha")
    await desk.people.forget(ASHA)
    nudges_before = await desk.owed(Kind.NUDGE)

    met = await desk.people.meet(Contact(person_id=ASHA))
    await desk.bookings.book(ASHA, session.id)

    assert (nudges_before, met.person) == ([], Person(id=ASHA))
    assert await desk.stands(session) == {"asha": "booked"}
    assert await desk.nudged() == {ASHA: 3}
    assert len((await desk.people.data_of(ASHA)).bookings) == 1


async def test_somebody_who_never_booked_is_simply_gone(desk: Desk):
    await desk.meet("asha", "bo")

    await desk.people.forget(ASHA)
    await desk.people.forget(ASHA)
    await desk.people.forget(CY)

    async with desk.database.reading.connect() as db:
        assert (await db.execute(sa.text("SELECT id FROM people"))).all() == [("bo",)]


async def test_forgetting_goes_well_though_a_session_begins_meanwhile(desk: Desk):
    """The clock goes on between its looks."""
    [session] = await desk.publish(details())
    await desk.book(session, "asha")
    desk.clock.set(WEDNESDAY - timedelta(seconds=1))
    people = PeopleService(desk.work, Ticking(desk.clock), Places(RULES, LONDON))

    await people.forget(ASHA)

    assert await desk.people.find(ASHA) is None


class Ticking:
    """A clock that is a second later at each look."""

    def __init__(self, clock: FixedClock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        before = self._clock.now()
        self._clock.advance(timedelta(seconds=1))
        return before


async def test_forgetting_while_others_come_and_go_leaves_all_in_order(
    desk: Desk, other_desk: Desk
):
    sessions = await desk.publish(
        *(details(f"S{n}", WEDNESDAY + n * HOUR, capacity=2) for n in range(4))
    )
    for session in sessions:
        await desk.book(session, "asha", "bo", "cy", "di")

    async def come_and_go(session: Session) -> None:
        for name in ("bo", "cy"):
            await other_desk.bookings.cancel(PersonId(name), session.id)
            await other_desk.bookings.book(PersonId(name), session.id)

    await asyncio.gather(desk.people.forget(ASHA), *map(come_and_go, reversed(sessions)))

    for session in sessions:
        assert sorted((await desk.stands(session)).values()) == ["booked", "booked", "waiting"]
    assert await desk.breaches() == []


async def said_something(desk: Desk, about: str) -> None:
    """One message was sent and one could not be, for a reason that names the person."""
    deliveries = a_queue(desk.database)
    claimed = await claim(deliveries, WEDNESDAY, 3)
    await settle(
        deliveries,
        [
            Settlement(
                delivery=delivery,
                outcome=outcome,
                at=WEDNESDAY,
                reason=f"no mailbox {about}",
                activity_id=f"1:{about}",
            )
            for delivery, outcome in zip(
                claimed, (Outcome.SENT, Outcome.GIVEN_UP, Outcome.HELD_BACK), strict=True
            )
        ],
    )


async def all_that_is_stored(database: Database) -> str:
    """Every value of every row of every table."""
    async with database.reading.connect() as db:
        tables = await db.run_sync(lambda c: sa.inspect(c).get_table_names())
        rows = [
            str(row)
            for table in tables
            for row in await db.execute(sa.text(f'SELECT * FROM "{table}"'))  # noqa: S608 -- of our own
        ]
    assert len(tables) > 5
    return "\n".join(rows)
