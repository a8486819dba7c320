"""Daily highlights: written once for each who wants them, at their own morning, on days of the week."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from learning.notices import FanOut, Kind, Notice
from learning.people import Channel, PersonId
from learning.sessions import Session, SessionId
from services import outreach
from services.outreach import MOST, Highlights
from store.unit_of_work import SqlUnitOfWork
from tests.services.desk import LONDON, Desk
from tests.support.builders import WEDNESDAY, address, details, notice, person, queue
from tests.support.databases import ON_SQLITE, run_sql

MORNING = datetime(2026, 5, 20, 7, 30, tzinfo=UTC)
"""08:30 in London on Wednesday."""

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
THE_DAY = date(2026, 5, 20)
TOKYO = ZoneInfo("Asia/Tokyo")


def channel(name: str, team: str = "19:team") -> Channel:
    return Channel(id=f"19:{name}", name=name, team_id=team, address=address(name))


def to_whom(notices: list[Notice]) -> list[str | None]:
    return sorted(n.channel_id or n.person_id or "" for n in notices)


async def pages(desk: Desk) -> list[float]:
    """In how many seconds from the morning on the pages of a fan-out are to be written."""
    return [(n.due_at - MORNING).total_seconds() for n in await desk.owed(Kind.FAN_OUT)]


async def sent(desk: Desk) -> None:
    """What was due by now is sent."""
    due = f"{desk.clock.now():%Y-%m-%d %H:%M:%S.%f}"
    await run_sql(
        desk.database,
        f"UPDATE outbox SET state = 'sent' WHERE kind = 'fan_out' AND due_at <= '{due}'",  # noqa: S608 -- ours
    )


async def interrupted(_: SqlUnitOfWork) -> None:
    raise ConnectionError("the database went away")


# --- writing them down -----------------------------------------------------------------------


async def test_highlights_are_written_once_however_often_and_wherever_the_clock_ticks(
    desk: Desk, other_desk: Desk
):
    await desk.publish(details())
    await desk.meet(person("asha", wants_highlights=True), "bo")
    await desk.channels.subscribe(channel("general"))
    for replica in (desk, other_desk):
        replica.clock.set(MORNING)

    await asyncio.gather(*(d.outreach.queue() for d in (desk, other_desk, desk)))
    desk.clock.advance(5 * MINUTE)
    await desk.outreach.queue()

    owed = await desk.highlights()
    assert to_whom(owed) == ["19:general", "asha"]
    assert {n.key for n in owed} == {
        "channel_highlights:19:general:2026-05-20",
        "highlights:asha:2026-05-20",
    }
    assert {n.payload["day"] for n in owed} == {"2026-05-20"}


@ON_SQLITE
@pytest.mark.parametrize(
    ("at", "is_written"),
    [
        (MORNING - MINUTE, False),
        (MORNING, True),
        (MORNING + 3 * HOUR, True),
        (MORNING + 9 * HOUR + 29 * MINUTE, True),
        (MORNING + 9 * HOUR + 30 * MINUTE, False),
        (MORNING + 24 * HOUR, False),
        (MORNING - 24 * HOUR, False),
    ],
)
async def test_they_are_written_from_the_morning_until_the_evening_of_a_day_with_sessions(
    desk: Desk, at: datetime, is_written: bool
):
    await desk.publish(details())
    await desk.channels.subscribe(channel("general"))
    desk.clock.set(at)

    await desk.outreach.queue()

    assert to_whom(await desk.highlights()) == (["19:general"] if is_written else [])


@ON_SQLITE
async def test_each_person_gets_them_in_their_own_morning(desk: Desk):
    """What is on at ten in London is on the same day in Los Angeles and in Tokyo."""
    await desk.publish(details())
    await desk.meet(
        person("london", wants_highlights=True),
        person("tokyo", wants_highlights=True, timezone="Asia/Tokyo"),
        person("los angeles", wants_highlights=True, timezone="America/Los_Angeles"),
    )
    written: dict[str, list[str | None]] = {}

    for clock in ("2026-05-19T23:30", "2026-05-20T07:30", "2026-05-20T15:30"):
        desk.clock.set(datetime.fromisoformat(f"{clock}+00:00"))
        await desk.outreach.queue()
        written[clock] = to_whom(await desk.highlights())

    assert written == {
        "2026-05-19T23:30": ["tokyo"],
        "2026-05-20T07:30": ["london", "tokyo"],
        "2026-05-20T15:30": ["london", "los angeles", "tokyo"],
    }


@ON_SQLITE
async def test_every_day_of_the_week_has_its_own(desk: Desk):
    await desk.publish(details("A"), details("B", WEDNESDAY + 24 * HOUR))
    await desk.meet(person("asha", wants_highlights=True))

    for day in range(3):
        desk.clock.set(MORNING + day * 24 * HOUR)
        await desk.outreach.queue()

    assert [n.payload["day"] for n in await desk.highlights()] == ["2026-05-20", "2026-05-21"]


@ON_SQLITE
@pytest.mark.parametrize("count", [5, 6, 7])
async def test_everybody_who_wants_them_gets_them_page_by_page(
    desk: Desk, count: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(outreach, "PAGE", 3)
    await desk.publish(details())
    crowd = [person(f"person {n}", wants_highlights=True) for n in range(count)]
    await desk.meet(*crowd)
    desk.clock.set(MORNING)

    await desk.outreach.queue()

    assert to_whom(await desk.highlights()) == [p.id for p in crowd]


async def test_a_fan_out_is_written_on_a_timetable_each_page_with_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    """At 40 a second 400 people take ten seconds: what waits to be sent stays short."""
    monkeypatch.setattr(outreach, "PAGE", 400)
    await desk.publish(details())
    await desk.meet(*(person(f"person {n:04}", wants_highlights=True) for n in range(900)))
    desk.clock.set(MORNING)
    await desk.outreach.queue()
    began = [await pages(desk)]

    for passed in (0, 7, 8):
        desk.clock.advance(timedelta(seconds=passed))
        [page] = await desk.owed(Kind.FAN_OUT)
        await desk.outreach.write_page(FanOut.of(page))
        await desk.outreach.write_page(FanOut.of(page))
        await desk.outreach.queue()
        await sent(desk)
        began.append(await pages(desk))

    assert began == [[0.0], [5.0], [15.0], []]
    assert len({n.person_id for n in await desk.owed(Kind.HIGHLIGHTS)}) == 900
    assert len(await desk.owed(Kind.HIGHLIGHTS)) == 900


@ON_SQLITE
async def test_a_page_that_could_not_be_committed_is_written_whole_the_next_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(outreach, "PAGE", 2)
    await desk.publish(details())
    await desk.meet(*(person(name, wants_highlights=True) for name in ("asha", "bo", "cem")))
    desk.clock.set(MORNING)
    await desk.outreach.queue()
    [first] = await desk.owed(Kind.FAN_OUT)

    monkeypatch.setattr(SqlUnitOfWork, "commit", interrupted)
    with pytest.raises(ConnectionError):
        await desk.outreach.write_page(FanOut.of(first))
    monkeypatch.undo()
    monkeypatch.setattr(outreach, "PAGE", 2)
    assert to_whom(await desk.owed()) == [""]

    assert to_whom(await desk.highlights()) == ["asha", "bo", "cem"]


@ON_SQLITE
async def test_who_stopped_them_gets_none(desk: Desk):
    await desk.publish(details())
    await desk.meet(person("asha", wants_highlights=True))
    await desk.people.want_highlights(PersonId("asha"), False)
    desk.clock.set(MORNING)

    await desk.outreach.queue()

    assert await desk.highlights() == []


@ON_SQLITE
async def test_who_cannot_be_reached_gets_none_until_they_come_back(desk: Desk):
    await desk.publish(details("A"), details("B", WEDNESDAY + 24 * HOUR))
    await desk.meet(person("asha", wants_highlights=True, unreachable="blocked"))
    desk.clock.set(MORNING)
    await desk.outreach.queue()
    away = await desk.highlights()

    await desk.meet(person("asha", wants_highlights=True))
    desk.clock.set(MORNING + 24 * HOUR)
    await desk.outreach.queue()

    assert away == []
    assert to_whom(await desk.highlights()) == ["asha"]


@ON_SQLITE
async def test_a_channel_that_is_away_gets_none(desk: Desk):
    await desk.publish(details())
    await desk.channels.subscribe(channel("general"))
    await desk.channels.pause("19:general")
    desk.clock.set(MORNING)

    await desk.outreach.queue()

    assert await desk.highlights() == []
    assert await desk.outreach.queue_now() == 0


# --- trying it out ---------------------------------------------------------------------------


@ON_SQLITE
async def test_highlights_can_be_sent_at_once_and_again(desk: Desk):
    await desk.publish(details())
    await desk.meet(person("asha", wants_highlights=True), "bo")
    await desk.channels.subscribe(channel("general"))
    desk.clock.set(WEDNESDAY - 9 * HOUR)

    assert await desk.outreach.queue_now() == 2
    desk.clock.advance(MINUTE)
    assert await desk.outreach.queue_now() == 2

    assert to_whom(await desk.highlights()) == ["19:general", "19:general", "asha", "asha"]
    assert {n.payload["day"] for n in await desk.highlights()} == {"2026-05-20"}


@ON_SQLITE
async def test_the_next_nudges_can_be_sent_at_once(desk: Desk):
    await queue(
        desk.work,
        notice("1", due_at=WEDNESDAY, person_id=PersonId("asha"), session_id=1),
        notice("2", due_at=WEDNESDAY + HOUR, person_id=PersonId("asha"), session_id=1),
    )

    assert await desk.outreach.nudge_now() == 1


# --- what they say ---------------------------------------------------------------------------


@ON_SQLITE
async def test_highlights_are_of_the_day_in_the_readers_zone_and_still_open(desk: Desk):
    at = {
        "LATE BEFORE": "2026-05-19T22:30",  # 23:30 in London, 07:30 in Tokyo
        "STARTED": "2026-05-20T07:00",
        "CANCELLED": "2026-05-20T10:00",
        "OPEN": "2026-05-20T13:00",
        "LATE": "2026-05-20T22:00",  # 23:00 in London, the next day in Tokyo
        "NEXT": "2026-05-20T23:30",
    }
    rows = [details(code, datetime.fromisoformat(f"{start}+00:00")) for code, start in at.items()]
    sessions = {s.code: s for s in await desk.publish(*rows)}
    await desk.programme.cancel_session(sessions["CANCELLED"].id)
    desk.clock.set(MORNING)

    in_london = await desk.outreach.highlights(THE_DAY, LONDON)
    in_tokyo = await desk.outreach.highlights(THE_DAY, TOKYO)

    assert codes(in_london.sessions) == ["OPEN", "LATE"]
    assert codes(in_tokyo.sessions) == ["OPEN"]


@ON_SQLITE
async def test_a_card_shows_each_viewer_their_own_part_and_leaves_no_trace(desk: Desk):
    booked, other = await desk.publish(details("A"), details("B"))
    await desk.book(booked, "asha")
    ids = [other.id, booked.id, SessionId(999)]

    own = await desk.outreach.own_part(PersonId("asha"), ids)
    nothing = await desk.outreach.own_part(PersonId("a stranger"), ids)

    assert codes(own.sessions) == codes(nothing.sessions) == ["B", "A"]
    assert {i: b.state.value for i, b in own.bookings.items()} == {booked.id: "booked"}
    assert nothing.bookings == {}
    assert await desk.people.find(PersonId("a stranger")) is None


async def test_a_card_refreshes_itself_for_those_who_are_in_it_who_asked_last_first(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    first, second, other = await desk.publish(details("A", capacity=2), details("B"), details("C"))
    for session, name in [(first, "asha"), (first, "bo"), (first, "cy"), (other, "elsewhere")]:
        await meet_and_book(desk, session, name)
    await meet_and_book(desk, second, "asha")
    await desk.bookings.cancel(PersonId("bo"), first.id)
    await desk.book(first, "nameless")
    both = [first.id, second.id]

    everybody = await desk.outreach.viewers(both)
    monkeypatch.setattr(outreach, "VIEWERS", 1)
    newest = await desk.outreach.viewers(both)

    assert (everybody, newest) == (["29:asha", "29:cy"], ["29:asha"])
    assert await desk.outreach.viewers([]) == []


async def meet_and_book(desk: Desk, session: Session, name: str) -> None:
    await desk.meet(person(name, teams_id=f"29:{name}"))
    await desk.bookings.book(PersonId(name), session.id, despite_clash=True)
    desk.clock.advance(MINUTE)


@ON_SQLITE
async def test_highlights_show_those_with_places_left_and_say_how_many_more_there_are(desk: Desk):
    rows = [details(f"S{n}", WEDNESDAY + n * 10 * MINUTE, capacity=1) for n in range(MOST + 2)]
    sessions = await desk.publish(*rows)
    await desk.book(sessions[0], "asha")
    desk.clock.set(MORNING)

    found = await desk.outreach.highlights(THE_DAY, LONDON)

    fresh = [await desk.session(s) for s in sessions[1 : MOST + 1]]
    assert found == Highlights(day=THE_DAY, zone=LONDON, sessions=tuple(fresh), more=2)


def codes(sessions: tuple[Session, ...]) -> list[str]:
    return [s.code for s in sessions]
