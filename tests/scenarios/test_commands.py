"""The commands of `python app.py`, as an organiser or an administrator runs them."""

import asyncio
import csv
import io
import os
import zipfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

import app
from integrations.sentence_model import INSTALLED
from store import migrate
from store.engine import open_database
from tests.scenarios.process import Ran, environment, run
from tests.scenarios.world import (
    ASHA,
    BO,
    WEEK,
    Surroundings,
    a_bot,
    london,
    person_id,
    surroundings,
)
from tests.support.courses import a_folder
from tests.support.databases import ON_POSTGRESQL, run_sql
from tests.support.graph_calls import Call, Reply
from tests.support.troubles import FOREVER

Command = Callable[..., Awaitable[Ran]]


@pytest.fixture
async def around() -> AsyncGenerator[Surroundings]:
    async with surroundings() as around:

        def nothing_in_the_calendar(call: Call) -> Reply:
            around.graph.directory.mailbox(call.ids["user-id"])
            return Reply(body={"value": []})

        around.graph.handlers["GET /users/{user-id}/events"] = nothing_in_the_calendar
        yield around


@pytest.fixture
def command(
    around: Surroundings,
    story_database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> Command:
    """Runs one command with production settings, in a folder of its own."""
    for name, value in environment(around, tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATABASE_URL", story_database)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(app, "configure_logs", lambda **_: None)

    async def run(*words: str) -> Ran:
        code = await asyncio.to_thread(app.main, words)
        told = capsysbinary.readouterr()
        return Ran(code=code, out=told.out, error=told.err.decode())

    return run


# --- import ------------------------------------------------------------------------------------


async def test_import_publishes_a_week_and_reports_what_it_did(command: Command, tmp_path: Path):
    (tmp_path / "week.csv").write_text(WEEK)
    changed = WEEK.replace("Growth mindset", "Growth mindset again").replace("LS1,", "LS2,")
    (tmp_path / "later.csv").write_text(changed)

    first = await command("import", "week.csv", "--edition", "May")
    again = await command("import", "week.csv", "--edition", "May")
    later = await command("import", "later.csv", "--edition", "May")

    assert first.code == again.code == later.code == 0
    assert "added 10, " in first.text
    assert "unchanged 10, " in again.text
    assert "added 1, " in later.text
    assert "changed 1, " in later.text
    assert "LS1" in later.text


async def test_a_dry_run_says_what_would_happen_and_stores_nothing(
    command: Command, tmp_path: Path
):
    (tmp_path / "week.csv").write_text(WEEK)

    dry = await command("import", "week.csv", "--dry-run")
    exported = await command("export", "sessions")

    assert dry.code == 0
    assert "added 10, " in dry.text
    assert "nothing was stored" in dry.text
    assert exported.code == 1
    assert "There is no edition yet" in exported.error


async def test_a_faulty_file_is_refused_whole_with_each_fault_by_line_and_column(
    command: Command, tmp_path: Path
):
    rows = [
        "GM1,Growth,2026-05-18T10:00,2026-05-18T11:00,12,teams",
        "GM1,Twice,2026-05-18T10:00,2026-05-18T11:00,12,teams",
        "XX1,Wrong day,2026-02-30T10:00,2026-05-18T11:00,12,teams",
        "XX2,Skipped,2026-03-29T01:30,2026-03-29T03:30,12,teams",
        "XX3,Nobody,2026-05-18T10:00,2026-05-18T11:00,0,teams",
        "XX4,Odd,2026-05-18T10:00,2026-05-18T11:00,12,telepathy",
    ]
    (tmp_path / "bad.csv").write_text("code,title,starts,ends,capacity,format\n" + "\n".join(rows))

    refused = await command("import", "bad.csv")
    exported = await command("export", "sessions")

    assert refused.code == 1
    for place in (
        "line 3, code",
        "line 4, starts",
        "line 5, starts",
        "line 6, capacity",
        "line 7, format",
    ):
        assert place in refused.error
    assert "There is no edition yet" in exported.error


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x01\x02", b"PK\x03\x04broken", "code,título\n".encode()],
)
@pytest.mark.parametrize("name", ["week.csv", "week.xlsx", "week.ics", "week.pdf"])
async def test_a_file_that_is_no_programme_is_refused_with_a_sentence(
    command: Command, tmp_path: Path, name: str, content: bytes
):
    (tmp_path / name).write_bytes(content)

    refused = await command("import", name)

    assert refused.code == 1
    assert name in refused.error
    assert "Traceback" not in refused.error


async def test_a_file_that_is_not_there_is_named(command: Command):
    refused = await command("import", "nowhere.csv")

    assert refused.code == 1
    assert "nowhere.csv: No such file" in refused.error


async def test_a_programme_of_five_thousand_rows_is_read(command: Command, tmp_path: Path):
    rows = "".join(
        f"S{n},Talk {n},2026-05-{18 + n % 5}T10:00,2026-05-{18 + n % 5}T11:00,12,online,https://example.org\n"
        for n in range(5000)
    )
    (tmp_path / "large.csv").write_text("code,title,starts,ends,capacity,format,link\n" + rows)

    assert "added 5000, " in (await command("import", "large.csv")).text


async def test_a_folder_is_imported_as_a_programme_over_months(command: Command, tmp_path: Path):
    a_folder(tmp_path)

    first = await command("import", "leaders")
    again = await command("import", "leaders", "--dry-run")
    named = await command("import", "leaders", "--edition", "May")
    (tmp_path / "leaders" / "30-promises.md").write_text("---\ntitle: Promises\n---\n", "utf-8")
    faulty = await command("import", "leaders")
    empty = await command("import", str(tmp_path / "leaders" / "30-promises.md"))

    assert (first.code, "- SHOES-A In their shoes: added" in first.text) == (0, True)
    assert again.text.splitlines()[:2] == [
        "The customer at the heart: added 0, changed 0, unchanged 9, withdrawn 0",
        "Live sessions: added 0, changed 0, unchanged 2, withdrawn 0",
    ]
    assert (named.code, "leave --edition out" in named.error) == (1, True)
    assert (faulty.code, faulty.text) == (1, "")
    assert "30-promises, line 2, kind: is missing." in faulty.error
    assert empty.code == 1


# --- export ------------------------------------------------------------------------------------


async def test_sessions_are_exported_as_a_file_that_can_be_imported_again(
    command: Command, tmp_path: Path
):
    (tmp_path / "week.csv").write_text(WEEK)
    await command("import", "week.csv", "--edition", "May")

    exported = await command("export", "sessions")
    (tmp_path / "again.csv").write_bytes(exported.out)
    again = await command("import", "again.csv", "--edition", "May")

    assert exported.code == 0
    assert "unchanged 10, " in again.text


async def test_sessions_are_exported_as_a_workbook_and_as_a_calendar(
    command: Command, tmp_path: Path
):
    (tmp_path / "week.csv").write_text(WEEK)
    await command("import", "week.csv")

    workbook = load_workbook(
        io.BytesIO((await command("export", "sessions", "--format", "xlsx")).out)
    )
    calendar = Calendar.from_ical((await command("export", "sessions", "--format", "ics")).out)

    assert "GM1" in [row[0].value for row in workbook.worksheets[0].iter_rows()]
    assert "Growth mindset" in [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")]


async def test_bookings_are_exported_with_who_and_where_they_stand(
    command: Command, around: Surroundings, story_database: str
):
    async with a_bot(around, story_database) as world:
        await world.know(ASHA)
        await world.bot.publish(WEEK, "May")
        await world.bot.core.bookings.book(person_id(ASHA), (await world.session("GM1")).id)

    exported = await command("export", "bookings", "--edition", "May")

    [row] = csv.DictReader(io.StringIO(exported.out.decode("utf-8-sig")))
    assert "Asha" in row.values()
    assert "GM1" in row.values()
    assert "booked" in row.values()


async def test_an_edition_that_is_not_there_is_named_with_those_that_are(
    command: Command, tmp_path: Path
):
    (tmp_path / "week.csv").write_text(WEEK)
    await command("import", "week.csv", "--edition", "May")

    refused = await command("export", "sessions", "--edition", "June")

    assert refused.code == 1
    assert "There is no edition “June”. There are: “May”." in refused.error


# --- cancel and audit --------------------------------------------------------------------------


async def test_cancel_calls_a_session_off(command: Command, tmp_path: Path):
    (tmp_path / "week.csv").write_text(WEEK)
    await command("import", "week.csv")

    done = await command("cancel", "gm1")
    unknown = await command("cancel", "GM9")

    assert (done.code, unknown.code) == (0, 1)
    assert "Growth mindset is cancelled" in done.text
    assert "There is no session GM9" in unknown.error


async def test_audit_is_silent_about_what_is_right_and_names_each_breach(
    command: Command, around: Surroundings, story_database: str
):
    async with a_bot(around, story_database) as world:
        await world.know(ASHA)
        await world.bot.publish(WEEK)
        await world.bot.core.bookings.book(person_id(ASHA), (await world.session("GM1")).id)
    clean = await command("audit")
    async with a_bot(around, story_database) as world:
        await run_sql(world.bot.core.database, "UPDATE sessions SET taken = 0 WHERE code = 'GM1'")
        broken = await command("audit")
        await run_sql(world.bot.core.database, "UPDATE sessions SET taken = 1 WHERE code = 'GM1'")

    assert (clean.code, broken.code) == (0, 1)
    assert "All rules are kept." in clean.text
    assert broken.text.splitlines() == ["GM1: the count of taken places differs from the bookings"]


# --- deliveries --------------------------------------------------------------------------------


async def test_deliveries_says_what_was_sent_as_a_plain_table(
    command: Command, around: Surroundings, story_database: str
):
    nothing = await command("deliveries")
    async with a_bot(around, story_database) as world:
        await world.know(ASHA, BO)
        await world.bot.publish(WEEK)
        await world.book(ASHA, "DA1")
        await world.book(BO, "DA1")
        around.connector.fail_next(403, code="ConversationBlockedByUser", conversation=BO.chat)
        await world.bot.move_to(london("2026-05-18T09:30"))
        await world.bot.move_to(london("2026-05-18T10:20"))
    sent = await command("deliveries", "--limit", "1")

    assert (nothing.code, sent.code) == (0, 0)
    assert nothing.text == "Nothing has been sent yet.\n"
    header, row, why, calendar = sent.text.splitlines()
    assert header.split() == "to sent sending to go held unneeded unreached failed what".split()
    assert row.split(maxsplit=8) == [
        *"2 1 0 0 0 0 1 0".split(),
        "Nudge of Monday 18 May, 10:20: Digital accessibility",
    ]
    assert why.strip() == "1 blocked the app"
    assert calendar == "Calendar events: 2 up to date."


# --- doctor ------------------------------------------------------------------------------------


async def test_doctor_finds_nothing_wrong_where_everything_is_there(command: Command):
    found = await command("doctor")

    assert found.code == 0, found.text
    assert "WRONG" not in found.text
    assert "ok     Calendar and Teams meetings" in found.text
    model = (
        "ok     Sentence model: inst" if INSTALLED.exists() else "off    Sentence model: not inst"
    )
    assert model in found.text


@pytest.mark.parametrize(
    ("setting", "value", "finding"),
    [
        ("MICROSOFT_APP_PASSWORD", "expired", "Check MICROSOFT_APP_ID, MICROSOFT_APP_PASSWORD"),
        ("PUBLIC_URL", "http://learnweek.example.org", "PUBLIC_URL must begin with https://"),
        ("BOT_OPENID_METADATA_URL", "http://127.0.0.1:9/", "BOT_OPENID_METADATA_URL"),
        ("GRAPH_ORGANISER", "nobody@example.gov.uk", "nobody@example.gov.uk cannot be used"),
        ("GRAPH_BASE_URL", "http://127.0.0.1:9/v1.0", "cannot be used"),
        ("ORGANISERS", "", "Set ORGANISERS_GROUP or ORGANISERS"),
    ],
)
async def test_doctor_names_what_is_wrong_and_the_fix(
    command: Command, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, finding: str
):
    monkeypatch.setenv(setting, value)

    found = await command("doctor")

    assert found.code == 1
    assert "WRONG" in found.text
    assert finding in found.text
    assert "not-a-secret" not in found.text + found.error


async def test_doctor_says_whether_the_app_is_added_for_people_and_what_is_missing(
    command: Command, around: Surroundings
):
    missing = await command("doctor")
    around.graph.apps.catalogue[around.login.app_id] = "catalogue-id"
    there = await command("doctor")
    around.graph.deny("installedApps")
    denied = await command("doctor")
    around.graph.heal()

    assert (missing.code, there.code, denied.code) == (0, 0, 0)
    assert "off    App for people: " in missing.text
    assert "the app is not in the organisation's catalogue" in missing.text
    assert "ok     App for people: added for people who book in a channel" in there.text
    assert "off    App for people: " in denied.text
    assert "Grant TeamsAppInstallation.ReadWriteSelfForUser.All" in denied.text


async def test_doctor_says_what_of_people_cannot_be_read_and_which_permission_is_missing(
    command: Command, around: Surroundings
):
    there = await command("doctor")
    around.graph.fail_next(403, method="GET", path_contains="/users/", times=99)
    around.graph.deny("getSchedule")
    denied = await command("doctor")
    around.graph.heal()
    around.graph.fail_next(503, path_contains="getSchedule")
    down = await command("doctor")
    around.graph.heal()

    assert "ok     People's details: where people work and when they are free" in there.text
    assert "off    People's details: where people work is not read (Graph: 403" in denied.text
    assert "Grant User.Read.All" in denied.text
    assert "Grant Calendars.ReadBasic" in denied.text
    assert "off    People's details: when people are free cannot be read just now" in down.text


async def test_doctor_counts_who_cannot_be_reached_and_names_nobody(
    command: Command, around: Surroundings, story_database: str
):
    nobody = await command("doctor")
    async with a_bot(around, story_database) as world:
        await world.know(ASHA)
        await world.bot.core.people.cannot_reach(person_id(ASHA), "ConversationBlockedByUser")
    one = await command("doctor")

    assert "ok     People: all can be reached" in nobody.text
    assert "ok     People: not reached: 1 blocked the app" in one.text
    assert ASHA.name not in one.text


async def test_doctor_counts_what_waits_for_a_system_that_does_not_answer(
    command: Command, around: Surroundings, story_database: str
):
    nothing = await command("doctor")
    async with a_bot(around, story_database) as world:
        await world.know(ASHA)
        around.graph.fail_next(503, times=FOREVER)
        await world.bot.publish(WEEK)
        await world.bot.settled()
    around.graph.heal()
    held = await command("doctor")

    assert "ok     Deliveries: nothing waits for a system that does not answer" in nothing.text
    assert "held back, and tried again by itself: 2 Calendar event." in held.text


NO_SQLITE = "sqlite:///not-a-database.csv"
NO_POSTGRESQL = "postgresql://nobody@127.0.0.1:9/none"


@pytest.mark.parametrize("url", [NO_SQLITE, NO_POSTGRESQL])
@pytest.mark.parametrize("words", [("doctor",), ("audit",), ("import", "week.csv")])
async def test_a_database_that_cannot_be_opened_is_told_in_a_sentence(
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    url: str,
    words: tuple[str, ...],
):
    (tmp_path / "not-a-database.csv").write_text("code,title\n" * 1000)
    (tmp_path / "week.csv").write_text(WEEK)
    monkeypatch.setenv("DATABASE_URL", url)

    told = await command(*words)

    assert told.code == 1
    assert "DATABASE_URL" in told.text + told.error


# --- manifest, migrate, settings ---------------------------------------------------------------


async def test_manifest_builds_the_teams_package(command: Command, tmp_path: Path):
    built = await command("manifest", "--out", "learnweek.zip")

    assert built.code == 0
    with zipfile.ZipFile(tmp_path / "learnweek.zip") as package:
        assert "manifest.json" in package.namelist()


@ON_POSTGRESQL
async def test_migrate_brings_a_database_to_this_version_and_nothing_works_before(
    command: Command, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DATABASE_URL", database_url)
    database = open_database(database_url)
    await migrate.downgrade(database, "base")
    await database.close()

    before = [await command("audit"), await command("doctor"), await run(os.environ, tmp_path)]
    done = await command("migrate")
    after = await command("audit")

    assert [ran.code for ran in before] == [1, 1, 1]
    assert all("python app.py migrate" in ran.text + ran.error for ran in before)
    assert (done.code, after.code) == (0, 0)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("PORT", "many"),
        ("TIMEZONE", "Europe/Nowhere"),
        ("HIGHLIGHTS_AT", "01:30"),
        ("HIGHLIGHTS_AT", "half past eight"),
        ("NUDGES", "soon"),
        ("QUIET_HOURS", "20:00"),
        ("SEND_RATE", "500"),
        ("DATABASE_URL", "mysql://root@localhost/db"),
        ("SECRET_KEY", ""),
        ("MICROSOFT_APP_TENANT_ID", ""),
        ("LOG_FORMAT", "xml"),
        ("ENTRA_AUTHORITY", "nonsense"),
        ("GRAPH_BASE_URL", "ftp://graph"),
    ],
)
async def test_a_wrong_setting_stops_the_start_with_a_sentence_that_names_it(
    command: Command, monkeypatch: pytest.MonkeyPatch, setting: str, value: str
):
    monkeypatch.setenv(setting, value)

    refused = await command("serve")

    assert refused.code == 1
    assert setting in refused.error
    assert "Traceback" not in refused.error
    assert "not-a-secret" not in refused.error
