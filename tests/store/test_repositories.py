"""What is stored comes back as it was: every field, in any script, to the microsecond."""

from dataclasses import MISSING, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from learning.bookings import Booking, BookingState
from learning.errors import NotFound
from learning.people import FORGOTTEN, NO_CHAT, Address, Channel, Person, PersonId, Unreached
from learning.sessions import CourseId, Details, EditionId, Format, Session, SessionId, SessionState
from services.ports.storage import Meeting
from store.unit_of_work import SqlWork
from tests.support.builders import details, meet, person, publish
from tests.support.clocks import MONDAY

TOKYO = datetime(2026, 5, 19, 18, 30, 15, 123456, tzinfo=ZoneInfo("Asia/Tokyo"))
WORDS = "Dysgu yn y gwaith – «ŷ» 学習 ‏عربى‏ 👩🏽‍🏫 ' \" \\ %s :now"

FULL_DETAILS = Details(
    code="GM-1.b",
    title=WORDS,
    summary=f"{WORDS}\n\n{WORDS}",
    strand=WORDS,
    topics=(WORDS, "two; and a half"),
    facilitators=("Siân", WORDS),
    starts_at=TOKYO,
    ends_at=TOKYO + timedelta(hours=1),
    timezone="Asia/Tokyo",
    capacity=40,
    format=Format.ZOOM,
    link="https://example.org/?a=%20&b=ŷ",
    location=WORDS,
    audience=WORDS,
    waiting_list=False,
)
ASHA = Person(
    id=PersonId("6f1c"),
    name=WORDS,
    email="asha@example.org",
    teams_id="29:1x",
    timezone="Asia/Tokyo",
    address=Address(service_url="https://s.example.org", conversation_id="a:1", tenant_id="t"),
    unreachable="BotNotInConversationRoster",
    wants_nudges=False,
    wants_highlights=True,
    welcomed_at=TOKYO,
)
GENERAL = Channel(
    id="19:general@thread.tacv2",
    name=WORDS,
    team_id="19:team",
    team_name="Learning at Work",
    paused="team archived",
    address=Address(service_url="https://s.example.org", conversation_id="19:g", tenant_id="t"),
)


def unset(value: Any) -> list[str]:
    """The fields of a value that are as they would be if nobody had mentioned them."""
    return [
        f.name
        for f in fields(value)
        if getattr(value, f.name)
        == (f.default_factory() if f.default_factory is not MISSING else f.default)
    ]


async def test_a_session_keeps_every_field(work: SqlWork):
    [stored] = await publish(work, details())
    full = Session(
        id=stored.id,
        edition_id=stored.edition_id,
        details=FULL_DETAILS,
        state=SessionState.CANCELLED,
        taken=7,
        waiting=3,
        next_no=11,
        kept=6,
        sequence=4,
        roster_version=9,
        join_url="https://teams.example.org/l/ŷ",
        changed_at=TOKYO,
        course_id=CourseId(5),
    )
    assert unset(full) == unset(full.details) == []

    async with work() as uow:
        await uow.sessions.save(full)
        await uow.commit()

    async with work(read_only=True) as uow:
        found = await uow.sessions.get(stored.id)
    assert found == full
    assert found.starts_at is not None
    assert found.starts_at.tzinfo is UTC


async def test_a_session_without_times_or_limit_stays_without(work: SqlWork):
    bare = details("EDX", None, capacity=None, format=Format.SELF_PACED)

    [stored] = await publish(work, bare)

    assert stored == Session(id=stored.id, edition_id=stored.edition_id, details=bare)


async def test_a_booking_changes_the_counts_and_nothing_else_of_a_session(work: SqlWork):
    [stored] = await publish(work, FULL_DETAILS)
    booked = replace(stored, taken=1, waiting=2, next_no=4, kept=1, roster_version=5)
    other = replace(booked, details=details("XX1"), sequence=9, join_url="https://x.example.org")

    async with work() as uow:
        await uow.sessions.save_counts(other)
        await uow.commit()

    async with work(read_only=True) as uow:
        assert await uow.sessions.get(stored.id) == booked


async def test_sessions_come_by_edition_and_by_id(work: SqlWork):
    spring = await publish(work, details("A"), details("B"), edition="Spring")
    autumn = await publish(work, details("A"), edition="Autumn")

    async with work(read_only=True) as uow:
        editions = await uow.editions.all()
        assert [e.name for e in editions] == ["Spring", "Autumn"]
        assert [await uow.sessions.of_edition(e.id) for e in editions] == [spring, autumn]
        assert await uow.sessions.all() == spring + autumn
        assert await uow.sessions.among([autumn[0].id, SessionId(99)]) == {autumn[0].id: autumn[0]}
        with pytest.raises(NotFound):
            await uow.sessions.get(SessionId(99))
        assert await uow.sessions.of_edition(EditionId(99)) == []


async def test_adding_returns_what_was_added_and_not_what_was_there(work: SqlWork):
    await publish(work, details("A"))

    added = await publish(work, details("B"), details("C"))

    assert [s.code for s in added] == ["B", "C"]


async def test_an_edition_is_found_in_any_case(work: SqlWork):
    async with work() as uow:
        added = await uow.editions.add("Wythnos Ddysgu Ŷ")

        assert await uow.editions.named("WYTHNOS DDYSGU ŷ") == added
        assert await uow.editions.named("Wythnos") is None


async def test_the_version_grows_with_the_programme_and_not_with_bookings(work: SqlWork):
    versions: list[int] = []

    async def note() -> None:
        async with work(read_only=True) as uow:
            versions.append(await uow.sessions.version())

    await note()
    [session] = await publish(work, details())
    await note()
    async with work() as uow:
        await uow.sessions.save_counts(replace(session, taken=1))
        await uow.commit()
    await note()
    async with work() as uow:
        await uow.sessions.save(replace(session, join_url="https://x.example.org"))
        await uow.commit()
    await note()

    assert versions == [0, 1, 1, 2]


async def test_a_booking_keeps_every_field(work: SqlWork):
    [session] = await publish(work, details())
    await meet(work, "asha")
    full = Booking(
        id=1,
        session_id=session.id,
        person_id=PersonId("asha"),
        state=BookingState.OFFERED,
        queue_no=5,
        asked_at=TOKYO,
        changed_at=TOKYO + timedelta(seconds=1),
        offered_until=TOKYO + timedelta(hours=4),
        source="hub",
    )
    assert unset(full) == []

    async with work() as uow:
        stored = await uow.bookings.save(replace(full, id=0))
        await uow.commit()

    assert stored == replace(full, id=stored.id)
    async with work(read_only=True) as uow:
        assert await uow.bookings.live(session.id, full.person_id) == stored
    async with work() as uow:
        taken_up = replace(stored, state=BookingState.BOOKED, offered_until=None)
        assert await uow.bookings.save(taken_up) == taken_up
        await uow.commit()
    async with work(read_only=True) as uow:
        assert await uow.bookings.of_session(session.id) == [taken_up]


async def test_bookings_are_found_by_what_they_are(work: SqlWork):
    first, second = await publish(work, details("A"), details("B"))
    await meet(work, "asha", "bo", "cy", "di")
    ahead = MONDAY + timedelta(hours=1)
    given = [
        booking(first, "asha", 1, BookingState.BOOKED),
        booking(first, "bo", 2, BookingState.CANCELLED),
        booking(first, "bo", 3, BookingState.OFFERED, offered_until=ahead),
        booking(first, "cy", 5, BookingState.WAITING),
        booking(first, "di", 4, BookingState.WAITING),
        booking(second, "bo", 1, BookingState.OFFERED, offered_until=MONDAY),
    ]
    async with work() as uow:
        stored = [await uow.bookings.save(b) for b in given]
        await uow.commit()
    asha, bo_before, bo, cy, di, bo_second = stored

    async with work(read_only=True) as uow:
        found = uow.bookings
        assert await found.of_session(first.id) == [asha, bo_before, bo, di, cy]
        assert await found.waiting(first.id, 9) == [di, cy]
        assert await found.waiting(first.id, 1) == [di]
        assert [await found.position(b) for b in (di, cy)] == [1, 2]
        assert await found.of_person(PersonId("bo")) == [bo, bo_second]
        assert await found.history(PersonId("bo")) == [bo_before, bo, bo_second]
        assert await found.lapsed(MONDAY) == [bo_second]
        assert await found.lapsed(ahead) == [bo, bo_second]
        assert await found.of_edition(first.edition_id) == [
            asha,
            bo_before,
            bo,
            di,
            cy,
            bo_second,
        ]
        assert await found.live(second.id, PersonId("asha")) is None


@pytest.mark.parametrize(
    ("begins", "lasts", "state", "published", "clashes"),
    [
        (-60, 60, BookingState.BOOKED, True, False),
        (-60, 61, BookingState.BOOKED, True, True),
        (0, 60, BookingState.OFFERED, True, True),
        (10, 20, BookingState.BOOKED, True, True),
        (59, 60, BookingState.BOOKED, True, True),
        (60, 60, BookingState.BOOKED, True, False),
        (0, 60, BookingState.WAITING, True, False),
        (0, 60, BookingState.CANCELLED, True, False),
        (0, 60, BookingState.BOOKED, False, False),
    ],
)
async def test_overlapping_finds_what_a_person_has_a_place_on_meanwhile(
    work: SqlWork, begins: int, lasts: int, state: BookingState, published: bool, clashes: bool
):
    wanted = details("A")
    assert wanted.starts_at is not None
    start = wanted.starts_at + timedelta(minutes=begins)
    other = details("B", start, ends_at=start + timedelta(minutes=lasts))
    first, second = await publish(work, wanted, other)
    await meet(work, "asha")
    async with work() as uow:
        await uow.bookings.save(booking(first, "asha", 1, BookingState.BOOKED))
        await uow.bookings.save(booking(second, "asha", 1, state))
        if not published:
            await uow.sessions.save(replace(second, state=SessionState.CANCELLED))

        found = await uow.bookings.overlapping(PersonId("asha"), first)

    assert found == ([second.id] if clashes else [])


async def test_bookings_are_handed_over_whatever_their_state(work: SqlWork):
    [session] = await publish(work, details())
    await meet(work, "asha", "nobody")
    async with work() as uow:
        for number, state in enumerate((BookingState.CANCELLED, BookingState.BOOKED)):
            await uow.bookings.save(booking(session, "asha", number, state))

        await uow.bookings.hand_over(PersonId("asha"), PersonId("nobody"))

        assert await uow.bookings.history(PersonId("asha")) == []
        assert len(await uow.bookings.history(PersonId("nobody"))) == 2


async def test_a_person_keeps_every_field_and_each_can_be_changed(work: SqlWork):
    bare = Person(id=ASHA.id)
    assert unset(ASHA) == []

    for known in (ASHA, bare, ASHA):
        await meet(work, known)
        async with work(read_only=True) as uow:
            assert await uow.people.find(ASHA.id) == known


async def test_a_reason_of_any_length_is_kept_as_far_as_it_fits(work: SqlWork):
    await meet(work, replace(ASHA, unreachable="ŷ" * 1000))

    async with work(read_only=True) as uow:
        assert await uow.people.find(ASHA.id) == replace(ASHA, unreachable="ŷ" * 200)


async def test_people_are_found_removed_and_counted_among_any_number(work: SqlWork):
    await meet(work, "asha", "bo")
    crowd = [PersonId(f"somebody {n}") for n in range(33_000)]

    async with work() as uow:
        found = await uow.people.among([PersonId("bo"), *crowd, PersonId("asha")])
        await uow.people.remove(PersonId("bo"))

        assert found == {PersonId("asha"): person("asha"), PersonId("bo"): person("bo")}
        assert await uow.people.find(PersonId("bo")) is None
        assert await uow.people.among([]) == {}
        assert await uow.sessions.among(SessionId(n) for n in range(33_000)) == {}


async def test_those_who_want_highlights_come_by_zone_and_page_by_page(work: SqlWork):
    await meet(
        work,
        person("a", wants_highlights=True, timezone="Asia/Tokyo"),
        person("b", wants_highlights=True),
        person("c", wants_highlights=True),
        person("d", wants_highlights=True),
        person("e", timezone="Europe/Paris"),
    )

    async with work(read_only=True) as uow:
        people = uow.people
        zones = await people.zones_of_highlights()
        first = await people.wanting_highlights(None, after=PersonId(""), limit=2)
        second = await people.wanting_highlights(None, after=first[-1], limit=2)
        tokyo = await people.wanting_highlights("Asia/Tokyo", after=PersonId(""), limit=2)

    assert set(zones) == {None, "Asia/Tokyo"}
    assert (first, second, tokyo) == (["b", "c"], ["d"], ["a"])


async def test_who_cannot_be_reached_is_counted_by_reason_with_some_names(work: SqlWork):
    blocked = [person(name, unreachable="blocked") for name in ("cy", "bo", "asha")]
    forgotten = person(f"{FORGOTTEN}1", unreachable="forgotten")
    await meet(work, person("di", unreachable="gone"), *blocked, forgotten, "ed")

    async with work(read_only=True) as uow:
        assert await uow.people.unreached(2) == [
            Unreached(reason="blocked", count=3, names=("Asha", "Bo")),
            Unreached(reason="gone", count=1, names=("Di",)),
        ]


async def test_who_booked_and_never_had_a_chat_cannot_be_reached_either(work: SqlWork):
    [session] = await publish(work, details())
    booked = person("asha", address=None)
    blocked = person("bo", address=None, unreachable="blocked")
    await meet(work, booked, blocked, person("cy", address=None), "di")
    async with work() as uow:
        for number, who in enumerate((booked, blocked, person("di")), 1):
            await uow.bookings.save(
                Booking(
                    session_id=session.id,
                    person_id=who.id,
                    state=BookingState.WAITING,
                    queue_no=number,
                    asked_at=MONDAY,
                    changed_at=MONDAY,
                )
            )
        await uow.commit()

    async with work(read_only=True) as uow:
        assert await uow.people.unreached(2) == [
            Unreached(reason="blocked", count=1, names=("Bo",)),
            Unreached(reason=NO_CHAT, count=1, names=("Asha",)),
        ]


async def test_a_channel_keeps_every_field_until_it_is_removed(work: SqlWork):
    assert unset(GENERAL) == []
    other = replace(GENERAL, id="19:other", team_id="19:another team")

    async with work() as uow:
        for channel in (replace(GENERAL, name="old name"), GENERAL, other):
            await uow.channels.save(channel)
        await uow.commit()

    async with work() as uow:
        assert await uow.channels.find(GENERAL.id) == GENERAL
        assert sorted(await uow.channels.all(), key=lambda c: c.id) == [GENERAL, other]
        await uow.channels.remove_team(GENERAL.team_id)
        assert await uow.channels.all() == [other]
        assert [await uow.channels.remove(other.id) for _ in range(2)] == [True, False]
        assert await uow.channels.find(other.id) is None


async def test_a_meeting_keeps_every_field_and_each_can_be_changed(work: SqlWork):
    [session] = await publish(work, details())
    full = Meeting(
        session_id=session.id,
        event_id="AAMk" * 100,
        transaction="learnweek-1",
        sequence=3,
        roster_version=8,
    )
    assert unset(full) == []

    async with work() as uow:
        assert await uow.meetings.find(session.id) is None
        for meeting in (Meeting(session_id=session.id), full):
            await uow.meetings.save(meeting)
            assert await uow.meetings.find(session.id) == meeting


def booking(session: Session, name: str, number: int, state: BookingState, **more: Any) -> Booking:
    return Booking(
        session_id=session.id,
        person_id=PersonId(name),
        state=state,
        queue_no=number,
        asked_at=MONDAY,
        changed_at=MONDAY,
        **more,
    )


async def test_counts_are_read_without_the_rest_of_the_programme(work: SqlWork):
    known = await publish(work, details("GM1"), details("GM2"))
    gone = replace(known[0], id=SessionId(4711))
    async with work() as uow:
        await uow.sessions.save_counts(replace(known[1], taken=7, waiting=2, next_no=10, kept=1))
        await uow.commit()

    async with work(glance=True) as uow:
        found = await uow.sessions.counted([known[1], gone, known[0]])
        nothing = await uow.sessions.counted([])

    assert found == [replace(known[1], taken=7, waiting=2, next_no=10, kept=1), known[0]]
    assert nothing == []
