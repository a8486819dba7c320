"""Who was there, taken in, said and corrected, on a real database."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from learning.attendance import Presence, Seen, Source, Span, is_guest
from learning.notices import Kind, Notice
from learning.people import FORGOTTEN, Person, PersonId
from learning.sessions import Format, Session
from services.attendance import MARKS_KEPT, NAMES_KEPT, NotNow
from services.attendance_polls import OFF, AttendancePolls
from services.doors import Doors
from services.ports.systems import Rejected, Unavailable
from services.ports.zoom import Participant, Registrant, ZoomMeeting
from services.zoom_attendance import ZoomAttendance
from tests.services.desk import Desk
from tests.services.test_people import all_that_is_stored
from tests.support.builders import WEDNESDAY, details, person
from tests.support.databases import ON_SQLITE

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
ENDS = WEDNESDAY + HOUR
ASHA, BO, CY, ORLA = PersonId("asha"), PersonId("bo"), PersonId("cy"), PersonId("orla")


@dataclass(slots=True)
class Reports:
    """A system that tells who was there, or fails; `asked` counts."""

    seen: list[Seen] = field(default_factory=list)
    trouble: Exception | None = None
    asked: int = 0

    async def of(self, session: Session) -> Sequence[Seen]:
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        return self.seen


def at(begin: int, end: int) -> Span:
    """So many minutes after the start."""
    return WEDNESDAY + begin * MINUTE, WEDNESDAY + end * MINUTE


def seen(account: str, *spans: Span, **more: Any) -> Seen:
    usual = Seen(
        system=Source.TEAMS,
        meeting="m",
        report="r1",
        record=str(len(account)),
        account=account,
        spans=spans or (at(0, 60),),
    )
    return replace(usual, **more)


@pytest.fixture
async def session(desk: Desk) -> Session:
    """A Teams session for which Asha and Bo are booked; it ended an hour ago."""
    [session] = await desk.publish(details(format=Format.TEAMS))
    await desk.book(session, "asha", "bo")
    desk.clock.set(ENDS + HOUR)
    return await desk.session(session)


def named(id: str, name: str) -> Person:
    return replace(person(id), name=name)


def polls(desk: Desk, *reports: Reports) -> AttendancePolls:
    systems: dict[Format, Any] = dict(zip((Format.TEAMS,), reports, strict=False))
    return AttendancePolls(desk.work, desk.clock, desk.catalogue, desk.attendance, systems)


async def stand(desk: Desk, session: Session) -> dict[str, tuple[str, str]]:
    """State and source by name."""
    whole = await desk.attendance.of(session.id)
    return {
        a.name or a.who[:6]: (str(a.outcome.state), str(a.outcome.source))
        for a in whole.attendees
        if a.outcome is not None
    }


async def states(desk: Desk, session: Session) -> dict[str, str]:
    return {name: state for name, (state, _) in (await stand(desk, session)).items()}


# --- whose presence it is --------------------------------------------------------------------


async def test_people_are_matched_by_account_and_then_by_mail(desk: Desk, session: Session):
    await desk.meet(person("bo", email="Bo@Example.org"))

    new = await desk.attendance.take_in(
        session.id, [seen("ASHA"), seen("", email="bo@example.ORG", name="Somebody")]
    )

    assert new == 2
    assert await states(desk, session) == {"Asha": "attended", "Bo": "attended"}


@ON_SQLITE
async def test_a_colleague_who_came_without_booking_and_never_wrote_to_us_counts(
    desk: Desk, session: Session
):
    await desk.attendance.take_in(
        session.id,
        [
            seen("zed", name="Zed Abara", email="zed@example.org", report="1"),
            seen("", email="ZED@example.org", report="2"),
        ],
    )

    assert await states(desk, session) == {"Zed Abara": "attended"}
    assert await desk.people.find(PersonId("zed")) == Person(
        id=PersonId("zed"), name="Zed Abara", email="zed@example.org"
    )


@ON_SQLITE
async def test_of_guests_neither_name_nor_address_is_kept_and_each_counts_once(
    desk: Desk, session: Session
):
    await desk.attendance.take_in(
        session.id,
        [
            seen("", at(0, 20), name="Visitor Vee", record="1"),
            seen("", at(30, 60), name="visitor vee", record="2"),
            seen("", email="guest@elsewhere.example", record="3"),
            seen("", record="4"),
            seen("", record="5"),
        ],
    )

    whole = await desk.attendance.of(session.id)
    stored = await all_that_is_stored(desk.database)
    guests = [a for a in whole.attendees if is_guest(a.who)]
    assert sorted(a.outcome.minutes for a in guests if a.outcome) == [50, 60, 60, 60]
    assert "visitor" not in stored.casefold()
    assert "guest@elsewhere" not in stored


@ON_SQLITE
async def test_a_guest_of_two_sessions_is_two_guests(desk: Desk, session: Session):
    [other] = await desk.publish(details("B", format=Format.TEAMS))
    for each in (session, other):
        await desk.attendance.take_in(each.id, [seen("", name="Visitor", record="1")])

    ids = {
        a.who
        for each in (session, other)
        for a in (await desk.attendance.of(each.id)).attendees
        if is_guest(a.who)
    }
    assert len(ids) == 2


# --- taking in ------------------------------------------------------------------------------


async def test_taking_in_the_same_again_changes_nothing(desk: Desk, session: Session):
    said = [seen("asha", at(0, 20)), seen("asha", at(25, 60), report="r2"), seen("zed")]
    await desk.attendance.take_in(session.id, said)
    before = await all_that_is_stored(desk.database)
    desk.clock.set(ENDS + 2 * HOUR)

    again = await desk.attendance.take_in(session.id, said)

    assert again == 0
    assert await all_that_is_stored(desk.database) == before


async def test_two_replicas_that_take_in_at_once_keep_each_record_once(
    desk: Desk, other_desk: Desk, session: Session
):
    other_desk.clock.set(ENDS + HOUR)
    said = [seen("asha"), seen("bo"), seen("zed", name="Zed")]

    news = await asyncio.gather(
        *(d.attendance.take_in(session.id, said) for d in (desk, other_desk) * 3)
    )

    assert sorted(news) == [0, 0, 0, 0, 0, 3]
    assert await states(desk, session) == dict.fromkeys(("Asha", "Bo", "Zed"), "attended")


async def test_a_report_that_has_grown_is_taken_as_it_is_now(desk: Desk, session: Session):
    await desk.attendance.take_in(session.id, [seen("asha", at(0, 10))])
    first = await states(desk, session)
    await desk.attendance.take_in(session.id, [seen("asha", at(0, 50))])

    assert (first, await states(desk, session)) == ({"Asha": "briefly"}, {"Asha": "attended"})


async def test_the_absent_are_named_the_next_day(desk: Desk, session: Session):
    await desk.attendance.take_in(session.id, [seen("asha")])
    first = await stand(desk, session)
    desk.clock.set(ENDS + DAY)
    await desk.attendance.take_in(session.id, [seen("asha")])

    assert first == {"Asha": ("attended", "teams")}
    assert await stand(desk, session) == {
        "Asha": ("attended", "teams"),
        "Bo": ("absent", "booking"),
    }


# --- by hand --------------------------------------------------------------------------------


async def test_a_correction_outranks_what_comes_later_and_keeps_who_why_and_what_was(
    desk: Desk, session: Session
):
    await desk.meet("orla")
    await desk.attendance.take_in(session.id, [seen("asha", at(0, 10))])

    await desk.attendance.correct(
        session.id, ASHA, Presence.ABSENT, by=ORLA, why="it was her colleague"
    )
    desk.clock.set(ENDS + DAY)
    await desk.attendance.take_in(session.id, [seen("asha", at(0, 60), report="later")])

    assert (await stand(desk, session))["Asha"] == ("absent", "correction")
    [change] = (await desk.attendance.of(session.id)).changes
    assert (change.was, change.state, change.changed_by, change.why, change.changed_at) == (
        "briefly",
        "absent",
        ORLA,
        "it was her colleague",
        ENDS + HOUR,
    )


@ON_SQLITE
async def test_those_who_are_ticked_are_there_and_a_tick_can_be_taken_back(
    desk: Desk, session: Session
):
    await desk.attendance.tick(session.id, [ASHA, BO], by=ORLA)
    first = await stand(desk, session)
    await desk.attendance.tick(session.id, [], [BO], by=ORLA)

    assert first == {"Asha": ("attended", "check_in"), "Bo": ("attended", "check_in")}
    assert await stand(desk, session) == {"Asha": ("attended", "check_in")}
    changes = (await desk.attendance.of(session.id)).changes
    assert [(c.who, c.was, c.state) for c in changes] == [
        (ASHA, "", "attended"),
        (BO, "", "attended"),
        (BO, "attended", ""),
    ]


@ON_SQLITE
async def test_a_tick_taken_back_leaves_what_systems_say_and_what_organisers_decided(
    desk: Desk, session: Session
):
    await desk.attendance.tick(session.id, [ASHA, BO], by=CY)
    await desk.attendance.take_in(session.id, [seen("asha", at(0, 10))])
    await desk.attendance.correct(session.id, BO, Presence.BRIEFLY, by=ORLA, why="left early")

    await desk.attendance.tick(session.id, [], [ASHA, BO], by=CY)

    assert await stand(desk, session) == {
        "Asha": ("briefly", "teams"),
        "Bo": ("briefly", "correction"),
    }


async def test_two_who_tick_at_once_do_not_undo_each_other(
    desk: Desk, other_desk: Desk, session: Session
):
    other_desk.clock.set(ENDS + HOUR)

    await asyncio.gather(
        desk.attendance.tick(session.id, [ASHA], by=ORLA),
        other_desk.attendance.tick(session.id, [BO], by=CY),
    )

    assert await states(desk, session) == {"Asha": "attended", "Bo": "attended"}


@ON_SQLITE
async def test_somebody_who_is_not_of_the_session_cannot_be_ticked_by_a_forged_card(
    desk: Desk, session: Session
):
    await desk.meet("cy")

    await desk.attendance.tick(session.id, [CY, "guest:forged"], [CY], by=ORLA)

    assert await states(desk, session) == {}


@ON_SQLITE
async def test_others_are_named_those_we_know_as_themselves(desk: Desk, session: Session):
    await desk.meet(named("cy", "Cy Young"), named("di1", "Di"), named("di2", "Di"))

    unclear = await desk.attendance.tick(
        session.id, [], by=ORLA, guests=["  cy   young ", "Visitor Vee", "", "visitor vee", "Di"]
    )

    assert unclear == ["Di"]
    assert await stand(desk, session) == {
        "Cy Young": ("attended", "check_in"),
        "Visitor Vee": ("attended", "check_in"),
    }


@ON_SQLITE
async def test_a_guests_name_goes_after_a_month_and_the_count_stays(desk: Desk, session: Session):
    await desk.attendance.tick(session.id, [], by=ORLA, guests=["Visitor Vee"])
    desk.clock.set(ENDS + NAMES_KEPT)
    early = await desk.attendance.forget_guests()
    desk.clock.set(ENDS + NAMES_KEPT + MINUTE)

    assert (early, await desk.attendance.forget_guests()) == (0, 1)
    assert "Vee" not in await all_that_is_stored(desk.database)
    [guest] = [a for a in (await desk.attendance.of(session.id)).attendees if is_guest(a.who)]
    assert guest.is_there


@ON_SQLITE
@pytest.mark.parametrize(
    ("now", "in_time"),
    [
        (WEDNESDAY - 31 * MINUTE, False),
        (WEDNESDAY - 30 * MINUTE, True),
        (ENDS + 15 * MINUTE, True),
        (ENDS + 16 * MINUTE, False),
    ],
)
async def test_people_arrive_around_the_session_only(desk: Desk, now: datetime, in_time: bool):
    [session] = await desk.publish(details())
    await desk.meet("asha")
    desk.clock.set(now)

    if not in_time:
        with pytest.raises(NotNow, match="half an hour before"):
            await desk.attendance.arrive(ASHA, session.id)
    else:
        await desk.attendance.arrive(ASHA, session.id)
        await desk.attendance.arrive(ASHA, session.id)
        assert await stand(desk, session) == {"Asha": ("attended", "door")}
        assert len((await desk.attendance.of(session.id)).changes) == 1


@ON_SQLITE
async def test_nobody_is_checked_in_or_corrected_long_before(desk: Desk):
    [session] = await desk.publish(details())
    await desk.book(session, "asha")

    with pytest.raises(NotNow):
        await desk.attendance.tick(session.id, [ASHA], by=ORLA)
    with pytest.raises(NotNow):
        await desk.attendance.correct(session.id, ASHA, Presence.ATTENDED, by=ORLA, why="so")


@ON_SQLITE
async def test_whom_an_organiser_lets_may_check_in_at_that_session(desk: Desk):
    first, second = await desk.publish(details("A"), details("B"))
    await desk.meet("cy")

    await desk.attendance.let(first.id, CY, by=ORLA)
    await desk.attendance.let(first.id, CY, by=ORLA)
    may = [await desk.attendance.may_check_in(CY, s.id) for s in (first, second)]
    await desk.attendance.let_no_more(first.id, CY)

    assert may == [True, False]
    assert not await desk.attendance.may_check_in(CY, first.id)


@ON_SQLITE
async def test_a_name_means_those_of_the_session_before_all_others(desk: Desk, session: Session):
    await desk.meet(named("other", "Asha Other"), named("eve", "Eve 100%_Sure"))

    async def called(name: str) -> list[str]:
        return [p.who for p in await desk.attendance.called(session.id, name)]

    assert await called("asha") == ["asha"]
    assert await called("Other") == ["other"]
    assert await called("100%_sure") == ["eve"]
    assert await called("%") == []
    assert await called("nobody") == []


# --- forgetting -----------------------------------------------------------------------------


async def test_forgetting_takes_the_person_out_and_leaves_the_count(desk: Desk, session: Session):
    await desk.meet("orla", "cy")
    await desk.attendance.take_in(session.id, [seen("asha"), seen("bo")])
    await desk.attendance.correct(session.id, ASHA, Presence.BRIEFLY, by=ORLA, why="Asha said so")
    await desk.attendance.correct(session.id, BO, Presence.ABSENT, by=CY, why="was ill")
    await desk.attendance.let(session.id, CY, by=ORLA)

    await desk.people.forget(ASHA)
    await desk.people.forget(CY)

    whole = await desk.attendance.of(session.id)
    found = {a.who.partition(":")[0]: a.outcome for a in whole.attendees}
    assert {who: str(o.state) for who, o in found.items() if o} == {
        "forgotten": "briefly",
        "bo": "absent",
    }
    assert [c.why for c in whole.changes] == ["", "was ill"]
    stored = await all_that_is_stored(desk.database)
    assert [word for word in ("'asha'", "Asha", "'cy'") if word in stored] == []
    assert not await desk.attendance.may_check_in(CY, session.id)


async def test_who_is_forgotten_stays_so_when_the_report_comes_later(desk: Desk, session: Session):
    await desk.meet(person("dee", email="dee@example.org"))
    for who in (ASHA, PersonId("dee")):
        await desk.people.forget(who)

    await desk.attendance.take_in(
        session.id,
        [
            seen("asha", name="Asha", email="asha@example.org"),
            seen("", name="Dee", email="dee@example.org"),
            seen("bo", at(0, 10)),
        ],
    )

    whole = await desk.attendance.of(session.id)
    found = sorted(
        (a.who.partition(":")[0], str(a.outcome.state)) for a in whole.attendees if a.outcome
    )
    assert found == [("bo", "briefly"), ("forgotten", "attended"), ("forgotten", "attended")]
    assert await desk.people.find(ASHA) is None
    stored = (await all_that_is_stored(desk.database)).casefold()
    assert "asha" not in stored
    assert "dee@" not in stored


@pytest.mark.parametrize("report_first", [True, False])
async def test_forgetting_while_a_report_comes_in_leaves_no_trace(
    desk: Desk, other_desk: Desk, session: Session, report_first: bool
):
    other_desk.clock.set(ENDS + HOUR)
    said = [seen("asha", name="Asha", email="asha@example.org"), seen("bo")]
    both = [desk.people.forget(ASHA), other_desk.attendance.take_in(session.id, said)]

    await asyncio.gather(*(reversed(both) if report_first else both))

    stored = await all_that_is_stored(desk.database)
    whole = await desk.attendance.of(session.id)
    assert "asha" not in stored.casefold()
    assert sorted(a.who.partition(":")[0] for a in whole.attendees if a.is_there) == [
        "bo",
        "forgotten",
    ]


@ON_SQLITE
async def test_marks_of_the_forgotten_go_when_they_have_served(desk: Desk, session: Session):
    await desk.people.forget(ASHA)
    desk.clock.set(ENDS + HOUR + MARKS_KEPT)
    await desk.attendance.forget_guests()
    async with desk.work(read_only=True) as uow:
        assert len(await uow.attendance.records(session.id)) == 1
    desk.clock.set(ENDS + HOUR + MARKS_KEPT + MINUTE)
    await desk.attendance.forget_guests()

    async with desk.work(read_only=True) as uow:
        assert await uow.attendance.records(session.id) == []


@ON_SQLITE
async def test_what_is_kept_is_shown_to_the_person(desk: Desk, session: Session):
    await desk.attendance.take_in(session.id, [seen("asha"), seen("zed", name="Zed")])

    of_asha, of_zed = [await desk.people.data_of(who) for who in (ASHA, PersonId("zed"))]

    assert [(s.code, str(o.state)) for s, o in of_asha.attended] == [("GM1", "attended")]
    assert [(s.code, str(o.state)) for s, o in of_zed.attended] == [("GM1", "attended")]
    assert not (await desk.people.data_of(BO)).attended


# --- asking ---------------------------------------------------------------------------------


async def owed(desk: Desk) -> list[Notice]:
    return await desk.owed(Kind.ATTENDANCE)


async def poll(desk: Desk, asking: AttendancePolls, notice: Notice) -> str:
    assert notice.session_id is not None
    ends_at = datetime.fromisoformat(notice.payload["ends"])
    return await asking.poll(notice.session_id, ends_at, notice.due_at)


async def test_when_to_ask_is_written_once_whoever_looks_and_however_often(
    desk: Desk, other_desk: Desk, session: Session
):
    other_desk.clock.set(ENDS + HOUR)

    for each in (desk, other_desk, desk):
        await polls(each).queue()

    due = [(n.due_at - ENDS) // MINUTE for n in await owed(desk)]
    assert due == [10, 30, 120, 1440]
    assert {n.lane for n in await owed(desk)} == {f"attendance:{session.id}"}


@ON_SQLITE
async def test_only_what_ended_lately_and_took_place_is_asked_for(desk: Desk):
    await desk.publish(
        details("ROOM", WEDNESDAY),
        details("OLD", WEDNESDAY - 8 * DAY, format=Format.TEAMS),
        details("LATER", WEDNESDAY + DAY, format=Format.TEAMS),
        details("PACED", None, format=Format.SELF_PACED),
    )
    [off] = await desk.publish(details("OFF", WEDNESDAY, format=Format.TEAMS))
    await desk.programme.cancel_session(off.id)
    desk.clock.set(ENDS + MINUTE)

    await polls(desk).queue()

    [only] = await owed(desk)
    assert (await desk.session(only.session_id or off.id)).code == "ROOM"
    assert only.due_at == ENDS + DAY


async def test_a_session_that_moved_is_asked_for_anew_and_no_more_at_its_old_time(
    desk: Desk, session: Session
):
    asking = polls(desk, reports := Reports([seen("asha")]))
    await asking.queue()
    [first, *_] = await owed(desk)
    await poll(desk, asking, first)
    moved = replace(session, details=replace(session.details, ends_at=ENDS + 30 * MINUTE))
    async with desk.work() as uow:
        await uow.sessions.save(moved)
        await uow.commit()

    await asking.queue()

    assert len(await owed(desk)) == 8
    old = [n for n in await owed(desk) if n.payload["ends"] == ENDS.isoformat()]
    assert await poll(desk, asking, old[1]) == "the session has moved or is cancelled"
    assert reports.asked == 0
    assert await states(desk, session) == {}


@ON_SQLITE
async def test_after_a_pause_one_look_does_for_all_that_were_missed(desk: Desk, session: Session):
    asking = polls(desk, reports := Reports([seen("asha")]))
    await asking.queue()
    desk.clock.set(ENDS + 2 * DAY)

    said = [await poll(desk, asking, notice) for notice in await owed(desk)]

    assert said == ["a later look is due"] * 3 + [""]
    assert reports.asked == 1
    assert await states(desk, session) == {"Asha": "attended", "Bo": "absent"}


@ON_SQLITE
async def test_a_system_that_is_down_settles_nothing(desk: Desk, session: Session):
    """Asked again it may know who was there: nobody is called absent before."""
    await desk.attendance.tick(session.id, [ASHA], by=ORLA)
    asking = polls(desk, Reports(trouble=Unavailable("Graph: 503")))
    await asking.queue()
    desk.clock.set(ENDS + DAY)

    with pytest.raises(Unavailable):
        await poll(desk, asking, (await owed(desk))[-1])

    assert await states(desk, session) == {"Asha": "attended"}


@ON_SQLITE
async def test_where_a_system_refuses_check_in_stands_in_for_it(desk: Desk, session: Session):
    await desk.attendance.tick(session.id, [ASHA], by=ORLA)
    asking = polls(desk, Reports(trouble=Rejected("no access policy")))
    await asking.queue()
    desk.clock.set(ENDS + DAY)

    with pytest.raises(Rejected, match="no access policy"):
        await poll(desk, asking, (await owed(desk))[-1])

    assert await states(desk, session) == {"Asha": "attended", "Bo": "absent"}


@ON_SQLITE
async def test_without_a_system_absences_are_settled_by_check_in_alone(desk: Desk):
    kept, unkept = await desk.publish(details("KEPT"), details("UNKEPT"))
    for each in (kept, unkept):
        await desk.book(each, "asha", "bo", despite_clash=True)
    desk.clock.set(WEDNESDAY)
    await desk.attendance.tick(kept.id, [ASHA], by=ORLA)
    asking = polls(desk)
    desk.clock.set(ENDS + DAY)
    await asking.queue()

    said = [await poll(desk, asking, notice) for notice in await owed(desk)]

    assert said == [OFF, OFF]
    assert await states(desk, kept) == {"Asha": "attended", "Bo": "absent"}
    assert await states(desk, unkept) == {}


@ON_SQLITE
async def test_organisers_may_have_a_system_asked_again(desk: Desk, session: Session):
    [ahead] = await desk.publish(details("AHEAD", ENDS + DAY, format=Format.TEAMS))

    asked = [await desk.attendance.ask_again(s.id) for s in (session, session, ahead)]
    desk.clock.set(ENDS + 7 * DAY)
    asked.append(await desk.attendance.ask_again(session.id))
    desk.clock.set(ENDS + HOUR)

    assert asked == [True, True, False, False]
    [again] = await owed(desk)
    reports = Reports([seen("asha")])
    assert await poll(desk, polls(desk, reports), again) == ""
    assert reports.asked == 1


# --- Zoom -----------------------------------------------------------------------------------


class Participants:
    """Zoom, as far as it tells who was there."""

    def __init__(self, *participants: Participant) -> None:
        self._participants = participants

    async def participants(self, meeting_id: str) -> Sequence[Participant]:
        assert meeting_id == "845"
        return self._participants


def took_part(
    begin: int, end: int, registrant_id: str = "", name: str = "", email: str = ""
) -> Participant:
    joined_at, left_at = at(begin, end)
    return Participant(
        registrant_id=registrant_id, name=name, email=email, joined_at=joined_at, left_at=left_at
    )


async def test_zooms_participants_are_matched_by_registration_then_by_mail(desk: Desk):
    [session] = await desk.publish(details(format=Format.ZOOM))
    await desk.meet(person("asha"), person("bo", email="bo@example.org"))
    async with desk.work() as uow:
        await uow.zoom.save(ZoomMeeting(session_id=session.id, meeting_id="845", mark="x"))
        await uow.zoom.save_registrants(
            [Registrant(session_id=session.id, person_id=ASHA, registrant_id="reg-1")]
        )
        await uow.commit()
    zoom = Participants(
        took_part(0, 10, "reg-1", "Asha’s iPad"),
        took_part(5, 45, "reg-1", "asha"),
        took_part(0, 20, "", "Bo", "BO@example.org"),
        took_part(0, 60, "reg-unknown", "Visitor"),
    )
    system = ZoomAttendance(desk.work, zoom, Doors("s"))  # pyright: ignore[reportArgumentType] -- all that is asked of it
    desk.clock.set(ENDS + HOUR)

    for _ in range(2):
        await desk.attendance.take_in(session.id, await system.of(session))

    whole = await desk.attendance.of(session.id)
    minutes = {a.name: a.outcome.minutes for a in whole.attendees if a.outcome}
    assert minutes == {"Asha": 45, "Bo": 20, "": 60}
    assert (await stand(desk, session))["Asha"] == ("attended", "zoom")
    stored = await all_that_is_stored(desk.database)
    assert "Visitor" not in stored
    assert "iPad" not in stored
    assert FORGOTTEN not in stored
