"""A course from its folder: all of it or nothing, again without a change, and later with some."""

import asyncio
from datetime import date
from pathlib import Path

import pytest

from integrations.spreadsheets import read_table
from learning.courses.progress import StepState
from learning.errors import LearningError, OnlyOnCourse, OtherDate, SessionFull
from learning.notices import Kind
from learning.people import PersonId
from learning.sessions import Session
from services.booking import BookingService
from services.copying import EditionCopies, NotCopied
from services.course_imports import CourseImport, CourseImports
from services.course_paths import CoursePaths
from services.places import Places
from services.programme import DatesOfCourse
from tests.services.desk import LONDON, RULES, Desk
from tests.support.builders import details
from tests.support.clocks import MONDAY
from tests.support.courses import a_folder, enrol
from tests.support.databases import ON_SQLITE
from wiring.course_folders import course_in

A, B = "{code: SHOES-A, starts: 2026-06-10T09:30}", "{code: SHOES-B, starts: 2026-06-17T13:00}"
PNG = b"\x89PNG\r\n\x1a\n and so on"
ASHA, BO, CY = (PersonId(name) for name in ("asha", "bo", "cy"))


def imports(desk: Desk) -> CourseImports:
    return CourseImports(desk.work, desk.clock, Places(RULES, LONDON), timezone="Europe/London")


async def take_in(desk: Desk, folder: Path, *, dry_run: bool = False) -> CourseImport:
    reading, pictures = course_in(folder, "Europe/London")
    return await imports(desk).import_course(reading, pictures, dry_run=dry_run)


def change(folder: Path, page: str, old: str, new: str) -> None:
    text = (folder / page).read_text("utf-8")
    assert old in text
    (folder / page).write_text(text.replace(old, new), "utf-8")


async def everything(desk: Desk) -> tuple[object, ...]:
    async with desk.work(read_only=True) as uow:
        return (
            await uow.courses.all(),
            await uow.sessions.all(),
            await uow.sessions.version(),
            await uow.journal.latest(50),
            len(await uow.outbox.recent(500)),
        )


async def dates(desk: Desk) -> dict[str, Session]:
    async with desk.work(read_only=True) as uow:
        return {s.code: s for s in await uow.sessions.all() if s.course_id is not None}


def lines(done: CourseImport) -> list[str]:
    return [line for line in str(done).splitlines() if line.startswith(("- ", "note"))]


async def test_a_folder_is_taken_in_once_and_the_same_again_changes_nothing(
    desk: Desk, tmp_path: Path
):
    folder = a_folder(tmp_path, A, B)
    dry = await take_in(desk, folder, dry_run=True)
    assert (await everything(desk))[0] == []

    done = await take_in(desk, folder)
    before = await everything(desk)
    again = await take_in(desk, folder)

    assert str(dry) == str(done)
    assert await everything(desk) == before
    assert lines(again) == []
    assert str(again).startswith("The customer at the heart: added 0, changed 0, unchanged 9")
    [running] = before[0]  # pyright: ignore[reportGeneralTypeIssues]
    shoes = (await dates(desk))["SHOES-A"]
    assert (shoes.course_id, shoes.edition_id) == (running.id, running.edition_id)
    assert shoes.ends_at == MONDAY.replace(month=6, day=10, hour=12, minute=0)
    assert shoes.details.capacity == 16


async def test_a_later_folder_changes_what_it_has_and_says_what_it_no_longer_has(
    desk: Desk, tmp_path: Path
):
    folder = a_folder(tmp_path, A, B)
    await take_in(desk, folder)
    async with desk.work() as uow:
        running = await uow.courses.coded("customer")
        assert running is not None
        await uow.step_states.save(
            StepState(
                course_id=running.id, person_id=ASHA, step_id="30-promises", started_at=MONDAY
            )
        )
        await uow.commit()
    await desk.meet("asha")
    await enrol(desk.work, running, [ASHA], MONDAY)
    await desk.bookings.book(ASHA, (await dates(desk))["SHOES-A"].id)

    (folder / "30-promises.md").unlink()
    (folder / "20-behind-the-numbers.md").unlink()
    change(folder, "50-live.md", "09:30", "10:30")
    change(folder, "50-live.md", f"  - {B}\n", "  - {code: SHOES-C, starts: 2026-07-01T09:30}\n")
    change(folder, "programme.md", "cohort: Spring", "cohort: Autumn")
    dry, done = await take_in(desk, folder, dry_run=True), await take_in(desk, folder)

    assert str(dry) == str(done)
    assert lines(done) == [
        "- programme: changed",
        "- 50-live In their shoes: changed",
        "- 20-behind-the-numbers Behind the numbers: withdrawn, no longer in the folder, "
        "nobody had begun it",
        "- 30-promises Promises: withdrawn, no longer in the folder, what people answered there "
        "is kept",
        "- SHOES-C In their shoes: added",
        "- SHOES-A In their shoes: changed starts, ends; everybody booked is told",
        "- SHOES-B In their shoes: withdrawn, no longer in the file, still published: cancel it if "
        "need be",
        "note: 1 person is in the cohort “Spring”, which programme.md no longer names.",
    ]
    assert [n.person_id for n in await desk.owed(Kind.SESSION_CHANGED)] == [ASHA]
    async with desk.work(read_only=True) as uow:
        after = await uow.courses.coded("CUSTOMER")
        states = await uow.step_states.of_person(ASHA)
    assert after is not None
    assert (after.version, [s.order for s in after.course.steps]) == (
        2,
        [10, 40, 50, 60, 70, 80, 90],
    )
    assert [s.step_id for s in states] == ["30-promises"]


@ON_SQLITE
async def test_who_leads_is_named_by_the_page_and_left_alone_where_it_says_nothing(
    desk: Desk, tmp_path: Path
):
    folder = a_folder(tmp_path, A, B)
    await take_in(desk, folder)
    silent = (await dates(desk))["SHOES-A"].details.facilitators

    change(folder, "50-live.md", "capacity: 16", "capacity: 16\nfacilitators: Fay; Orla")
    await take_in(desk, folder)
    named = (await dates(desk))["SHOES-A"].details.facilitators
    change(folder, "50-live.md", "facilitators: Fay; Orla\n", "")
    await take_in(desk, folder)

    assert (silent, named) == ((), ("Fay", "Orla"))
    assert (await dates(desk))["SHOES-A"].details.facilitators == ("Fay", "Orla")


async def test_any_fault_is_told_by_its_line_and_nothing_is_stored(desk: Desk, tmp_path: Path):
    folder = a_folder(tmp_path, A, "{code: SHOES-B, starts: soon, cohort: Winter}")
    change(folder, "10-whose-service.md", "opens: 6 weeks before", "opens: early")

    done = await take_in(desk, folder)

    assert str(done).startswith("Nothing was imported: 2 faults in the folder.\n")
    assert 'opens: "early" is not a time' in str(done)
    assert "50-live, line 11, starts:" in str(done)
    assert (await everything(desk))[:2] == ([], [])
    change(folder, "10-whose-service.md", "opens: early", "opens: 6 weeks before")
    change(folder, "50-live.md", "starts: soon", "starts: 2026-06-17T13:00")
    assert 'cohort: "Winter" is none of the cohorts' in str(await take_in(desk, folder))


@ON_SQLITE
async def test_pictures_are_kept_by_what_they_are_and_nothing_else_passes_as_one(
    desk: Desk, tmp_path: Path
):
    folder = a_folder(tmp_path)
    change(folder, "30-promises.md", "## Room to act", "![A door](door.png)\n\n## Room to act")
    (folder / "door.png").write_bytes(b"<script>")
    (folder / "unused.png").write_bytes(PNG)

    faulty = await take_in(desk, folder)
    (folder / "door.png").write_bytes(PNG)
    await take_in(desk, folder)
    (folder / "door.png").write_bytes(PNG + b"!")
    again = await take_in(desk, folder)

    assert "door.png: is neither a PNG nor a JPEG" in str(faulty)
    assert lines(again) == ["- programme: changed"]
    async with desk.work(read_only=True) as uow:
        running = await uow.courses.coded("CUSTOMER")
        assert running is not None
        [(file, digest)] = (await uow.courses.pictures(running.id)).items()
        stored = await uow.courses.picture(digest)
    assert (file, running.version) == ("door.png", 2)
    assert stored is not None
    assert stored.content == PNG + b"!"


@ON_SQLITE
async def test_its_title_is_no_edition_s_and_no_week_s_file_adds_to_its_dates(
    desk: Desk, tmp_path: Path
):
    folder = a_folder(tmp_path, A)
    await desk.publish(details(), edition="the customer at the heart")
    with pytest.raises(LearningError, match="Give the programme another title"):
        await take_in(desk, folder)
    change(folder, "programme.md", "The customer at the heart", "Customers")
    await take_in(desk, folder)

    assert (await desk.programme.edition_named()).name == "the customer at the heart"
    assert [e.name for e in await desk.programme.editions()][1:] == ["Customers"]
    week = b"code,title,starts,ends\nNEW1,New,2026-06-11T10:00,2026-06-11T11:00\n"
    table = read_table("week.csv", week)
    near = await desk.programme.import_table(table)
    assert near.edition == "the customer at the heart"
    for dry_run in (True, False):
        with pytest.raises(DatesOfCourse, match="Add one there"):
            await desk.programme.import_table(table, edition_name="customers", dry_run=dry_run)
    copies = EditionCopies(desk.programme, timezone="Europe/London")
    with pytest.raises(NotCopied, match="no session with a date"):
        await copies.prepare("Customers", "Customers again", date(2027, 1, 4))


@ON_SQLITE
async def test_two_imports_at_once_make_one_course(desk: Desk, tmp_path: Path):
    folder = a_folder(tmp_path, A, B)

    done = await asyncio.gather(*(take_in(desk, folder) for _ in range(3)))

    assert sorted(len(d.steps.added) for d in done) == [0, 0, 9]
    assert len(await dates(desk)) == 2


@pytest.fixture
async def booked(desk: Desk, tmp_path: Path) -> dict[str, Session]:
    """Two dates of one place each and one for the cohort Autumn; Asha, Bo and Cy are in Spring."""
    autumn = "{code: SHOES-C, starts: 2026-09-02T09:30, cohort: autumn}"
    folder = a_folder(tmp_path, A, B, autumn)
    change(folder, "50-live.md", "capacity: 16", "capacity: 1")
    change(folder, "programme.md", "cohort: Spring", "cohorts: [Spring, Autumn]")
    await take_in(desk, folder)
    await desk.meet("asha", "bo", "cy", "di")
    async with desk.work(read_only=True) as uow:
        running = await uow.courses.coded("CUSTOMER")
    assert running is not None
    await enrol(desk.work, running, [ASHA, BO, CY], MONDAY)
    return await dates(desk)


async def test_nobody_has_two_dates_however_they_press_and_a_full_one_costs_nothing(
    desk: Desk, other_desk: Desk, booked: dict[str, Session]
):
    first, second = booked["SHOES-A"].id, booked["SHOES-B"].id

    async def press(service: BookingService, session: Session) -> str:
        try:
            return str((await service.book(ASHA, session.id)).booking)
        except OtherDate:
            return "other date"

    pressed = await asyncio.gather(
        press(desk.bookings, booked["SHOES-A"]), press(other_desk.bookings, booked["SHOES-B"])
    )
    assert pressed.count("other date") == 1
    [has] = [s for s in (first, second) if await holders(desk, s)]
    free = second if has == first else first
    await desk.bookings.book(BO, free)

    with pytest.raises(SessionFull):
        await desk.bookings.book(ASHA, free)
    with pytest.raises(SessionFull):
        await desk.bookings.change_date(ASHA, free, has, source="card")
    assert (await holders(desk, has), await holders(desk, free)) == ([ASHA], [BO])

    await desk.bookings.cancel(BO, free)
    await desk.bookings.change_date(ASHA, free, has, source="card")
    assert (await holders(desk, has), await holders(desk, free)) == ([], [ASHA])


async def holders(desk: Desk, session_id: int) -> list[PersonId]:
    async with desk.work(read_only=True) as uow:
        found = await uow.bookings.of_session(session_id)  # pyright: ignore[reportArgumentType]
    return [b.person_id for b in found if b.is_live]


@ON_SQLITE
async def test_a_date_of_another_cohort_is_neither_seen_nor_booked(
    desk: Desk, booked: dict[str, Session]
):
    [path] = await CoursePaths(desk.work, zone=LONDON).of_person(ASHA)
    assert [s.code for s in path.sessions] == ["SHOES-A", "SHOES-B"]

    with pytest.raises(OnlyOnCourse, match="for the cohort autumn of the programme"):
        await desk.bookings.book(ASHA, booked["SHOES-C"].id)
    with pytest.raises(OnlyOnCourse, match="for those on the programme"):
        await desk.bookings.book(PersonId("di"), booked["SHOES-A"].id)
    assert await desk.catalogue.coded("shoes-c", ASHA) is None
    assert await desk.catalogue.coded("shoes-a") is None
    assert await desk.catalogue.coded("shoes-a", PersonId("di")) is None
    found = await desk.catalogue.coded("shoes-a", ASHA)
    assert found == booked["SHOES-A"]
    assert [s.code for s in await desk.catalogue.instead(booked["SHOES-A"])] == ["SHOES-B"]
