"""What organisers see of what was sent: to how many, and what became of each."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from cards.deliveries import meetings_and_ahead
from learning import notices
from learning.mailings import Events, Mailing, Subject
from learning.notices import Kind, Notice
from learning.people import PersonId
from learning.sessions import Format, Session
from services import outreach
from services.ledger import Ledger
from tests.services.desk import Desk
from tests.services.test_outreach import MORNING, THE_DAY, channel
from tests.support.builders import details, person, queue
from tests.support.databases import ON_SQLITE, run_sql

HOUR = timedelta(hours=1)
LISBON = "Europe/Lisbon"
"""Its clocks say what London's say."""


@pytest.fixture
def ledger(desk: Desk) -> Ledger:
    return Ledger(desk.work, desk.clock)


async def test_a_fan_out_adds_up_at_every_moment_whoever_moves_or_changes_their_mind(
    desk: Desk, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
):
    """Each page is written, and then written again as if its sender had died before it said so."""
    monkeypatch.setattr(outreach, "PAGE", 2)
    await desk.publish(details())
    crowd = [
        person(f"p{n}", wants_highlights=True, timezone=LISBON if n % 2 else None)
        for n in range(10)
    ]
    await desk.meet(*crowd)
    desk.clock.set(MORNING)
    await desk.outreach.queue()
    seen = [await highlights(ledger)]

    zones = {p.id: p.timezone for p in crowd}
    while owed := await desk.owed(Kind.FAN_OUT):
        page = owed[0]
        await set_state(desk, page, "leased")
        seen.append(await highlights(ledger))
        for _ in range(2):
            await desk.outreach.write_page(notices.FanOut.of(page))
            seen.append(await highlights(ledger))
        await set_state(desk, page, "sent")
        seen.append(await highlights(ledger))
        written = await desk.owed(Kind.HIGHLIGHTS)  # one of these now lives in the other zone
        who = PersonId(str(written[-1].person_id))
        await desk.meet(person(who, wants_highlights=True, timezone=None if zones[who] else LISBON))
        seen.append(await highlights(ledger))

    assert {people for people, _, _ in seen} == {10}
    assert seen[0] == (10, 10, 0)
    assert seen[-1] == (10, 0, 10)
    assert [to_come for _, to_come, _ in seen] == sorted((s[1] for s in seen), reverse=True)


@ON_SQLITE
async def test_who_is_not_written_to_yet_and_no_longer_wants_it_is_counted_no_more(
    desk: Desk, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(outreach, "PAGE", 2)
    await desk.publish(details())
    await desk.meet(*(person(f"p{n}", wants_highlights=True) for n in range(5)))
    desk.clock.set(MORNING)
    await desk.outreach.queue()
    [page] = await desk.owed(Kind.FAN_OUT)
    await desk.outreach.write_page(notices.FanOut.of(page))
    await set_state(desk, page, "sent")

    await desk.people.want_highlights(PersonId("p0"), False)
    await desk.people.want_highlights(PersonId("p3"), False)
    await desk.people.forget(PersonId("p4"))

    assert await highlights(ledger) == (3, 1, 2)


@ON_SQLITE
async def test_repeated_highlights_are_a_mailing_of_their_own(desk: Desk, ledger: Ledger):
    await desk.publish(details())
    await desk.meet(person("asha", wants_highlights=True))
    await desk.channels.subscribe(channel("general"))
    desk.clock.set(MORNING)
    await desk.outreach.queue()
    await desk.highlights()
    desk.clock.advance(HOUR)

    await desk.outreach.queue_now()

    shown = (await ledger.deliveries(9)).mailings
    assert [(m.subject, m.people, m.to_come) for m in shown] == [
        (Subject(kind=Kind.HIGHLIGHTS, day=THE_DAY, again_at=MORNING + HOUR), 1, 1),
        (Subject(kind=Kind.CHANNEL_HIGHLIGHTS, day=THE_DAY, again_at=MORNING + HOUR), 1, 0),
        (Subject(kind=Kind.HIGHLIGHTS, day=THE_DAY), 1, 0),
        (Subject(kind=Kind.CHANNEL_HIGHLIGHTS, day=THE_DAY), 1, 0),
    ]


async def test_the_newest_come_first_and_what_lies_ahead_is_only_counted(
    desk: Desk, ledger: Ledger
):
    [session] = await desk.publish(details())
    now = desk.clock.now()
    await queue(
        desk.work,
        [change(session, f"p{n}", now - HOUR) for n in range(3)],
        [change(session, f"p{n}", now) for n in range(2)],
        [change(session, f"p{n}", now + HOUR) for n in range(4)],
        [notices.to_person(Kind.PLACE_GIVEN, PersonId(p), session, now - 2 * HOUR) for p in "ab"],
    )

    shown = await ledger.deliveries(2)

    about = Subject(kind=Kind.SESSION_CHANGED, session_id=session.id)
    assert shown.mailings == (
        Mailing(subject=about, due_at=now, session=session, queued=2),
        Mailing(subject=about, due_at=now - HOUR, session=session, queued=3),
    )
    assert shown.ahead == 4


@ON_SQLITE
async def test_what_was_sent_in_a_hurry_is_shown_although_it_was_due_later(
    desk: Desk, ledger: Ledger
):
    [session] = await desk.publish(details())
    ahead = change(session, "asha", desk.clock.now() + HOUR)
    await queue(desk.work, ahead)
    await set_state(desk, ahead, "sent")

    shown = await ledger.deliveries(9)

    assert [(m.people, m.sent) for m in shown.mailings] == [(1, 1)]
    assert shown.ahead == 0


@ON_SQLITE
async def test_what_is_withdrawn_is_counted_no_more(desk: Desk, ledger: Ledger):
    [session] = await desk.publish(details())
    told = [change(session, name, desk.clock.now()) for name in ("asha", "bo", "cem")]
    await queue(desk.work, told)
    await set_state(desk, told[0], "sent")
    async with desk.work() as uow:
        await uow.outbox.withdraw(Kind.SESSION_CHANGED, session.id, PersonId("bo"))
        await uow.commit()

    [shown] = (await ledger.deliveries(9)).mailings

    assert (shown.people, shown.sent, shown.queued) == (2, 1, 1)


@ON_SQLITE
async def test_each_calendar_event_is_counted_once_by_how_it_stands_now(desk: Desk, ledger: Ledger):
    """The first failed once and was brought up to date since; for the last the calendar is off."""
    sessions = await desk.publish(*(details(f"S{n}") for n in range(5)))
    states = [["given_up", "sent"], ["sent", "held_back"], ["sent", "given_up"], ["queued"]]
    for session, those in zip(sessions, [*states, ["dropped"]], strict=True):
        for number, state in enumerate(those):
            due = desk.clock.now() + number * HOUR
            row = notices.event(replace(session, sequence=number), due)
            await queue(desk.work, row)
            await set_state(desk, row, state)

    shown = await ledger.deliveries(9)

    assert shown.events == Events(up_to_date=1, held_back=1, given_up=1, waiting=1)
    assert shown.mailings == ()


@ON_SQLITE
async def test_meetings_on_zoom_are_counted_apart(desk: Desk, ledger: Ledger):
    one, other = await desk.publish(*(details(f"S{n}", format=Format.ZOOM) for n in range(2)))
    rows = [
        notices.zoom_meeting(one, desk.clock.now()),
        notices.zoom_registrants(one, desk.clock.now() + HOUR),
        notices.zoom_meeting(other, desk.clock.now()),
    ]
    for row, state in zip(rows, ["sent", "sent", "held_back"], strict=True):
        await queue(desk.work, row)
        await set_state(desk, row, state)

    shown = await ledger.deliveries(9)

    assert shown.zoom == Events(up_to_date=1, held_back=1)
    assert (shown.events, shown.mailings) == (Events(), ())
    assert meetings_and_ahead(shown) == ["Zoom meetings: 1 up to date, 1 held back"]


@pytest.mark.parametrize(
    "mailing", ["", "nudge", "nudge:", "nudge:twelve:x", "highlights:soon", "later:12", ":"]
)
def test_a_name_that_says_nothing_is_about_nothing(mailing: str):
    assert Subject.of(mailing) is None


def test_the_day_of_a_mailing_is_that_of_its_name():
    written = notices.person_highlights(PersonId("asha"), date(2026, 5, 18), MORNING)

    assert Subject.of(written.mailing) == Subject(kind=Kind.HIGHLIGHTS, day=date(2026, 5, 18))


def change(session: Session, name: str, due_at: datetime) -> Notice:
    return notices.to_person(Kind.SESSION_CHANGED, PersonId(name), session, due_at)


async def set_state(desk: Desk, row: Notice, state: str) -> None:
    await run_sql(
        desk.database, "UPDATE outbox SET state = :state WHERE key = :key", state=state, key=row.key
    )


async def highlights(ledger: Ledger) -> tuple[int, int, int]:
    """Of the one mailing: to how many it goes, how many are to be written, how many are written."""
    [shown] = (await ledger.deliveries(9)).mailings
    return shown.people, shown.to_come, shown.queued
