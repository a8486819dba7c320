"""From nothing to an outcome: the stand-ins, a database, the replicas, a run, and its books."""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from core import opened
from integrations.clock import SystemClock
from store.engine import open_database
from tests.chaos import history, ledger
from tests.chaos.books import Books
from tests.chaos.databases import a_server
from tests.chaos.load import Load, Sender, channel_token
from tests.chaos.outcome import Outcome
from tests.chaos.plan import Plan, Verb
from tests.chaos.region import Region
from tests.chaos.replicas import Replica, machine
from tests.chaos.run import EDITION, NUDGES, Report, Run, command
from tests.chaos.week import HEADER, line, week
from tests.support.activities import Activities, a_person
from tests.support.graph import Graph
from tests.support.login import SECRET, Login
from tests.support.now import now
from tests.support.product import settings_for

PREPARING, A_SECOND = 12.0, 60
"""Seconds until the first act, and acts in a second, before the plan begins."""


def morning(plan: Plan) -> tuple[str, datetime]:
    """A zone in which it is about eleven, and the minute in which highlights are due there.

    It comes when about a third of the run is over, or was long ago if nobody wishes for any.
    """
    zone = ZoneInfo(f"Etc/GMT{now().hour - 11:+d}")
    if not any(act.verb is Verb.HIGHLIGHTS for act in plan.acts):
        return zone.key, now().astimezone(zone) - timedelta(hours=2)
    preparing = PREPARING + len(plan.before) / A_SECOND
    due = now() + timedelta(seconds=preparing + plan.size.seconds / 3)
    return zone.key, due.astimezone(zone).replace(second=0, microsecond=0) + timedelta(minutes=1)


async def run(plan: Plan, database: str, folder: Path, report: Report = lambda _: None) -> Outcome:
    """The plan on a database, `sqlite` or `postgresql`. What is wrong is in the outcome's breaches."""
    zone, highlights_at = morning(plan)
    starts = week()
    people = [a_person(f"Person {n}", zone) for n in range(plan.size.people)]
    organiser = a_person("Orla", zone)
    async with contextlib.AsyncExitStack() as stack:
        logins = [await stack.enter_async_context(Login()) for _ in range(plan.replicas)]
        graphs = [await stack.enter_async_context(Graph(login)) for login in logins]
        for graph in graphs:
            for person in (*people, organiser):
                graph.directory.add_user(person)
        region = await stack.enter_async_context(Region(logins))
        server = await stack.enter_async_context(a_server(database, folder))
        settings = {
            **machine(),
            "MICROSOFT_APP_ID": logins[0].app_id,
            "MICROSOFT_APP_PASSWORD": SECRET,
            "MICROSOFT_APP_TENANT_ID": logins[0].tenant,
            "BOT_OPENID_METADATA_URL": logins[0].bot_metadata_url,
            "BOT_SERVICE_HOSTS": "127.0.0.1",
            "ORGANISERS": organiser.aad_id,
            "DATABASE_URL": server.url,
            "SECRET_KEY": "for tests only",
            "PUBLIC_URL": "https://learnweek.example.org",
            "TIMEZONE": zone,
            "HIGHLIGHTS_AT": f"{highlights_at:%H:%M}",
            "NUDGES": ",".join(f"{int(each.total_seconds()) // 60}m" for each in NUDGES),
            "QUIET_HOURS": "off",
            "LOG_FORMAT": "json",
        }
        own = [
            {**settings, "ENTRA_AUTHORITY": login.url, "GRAPH_BASE_URL": graph.base_url}
            for login, graph in zip(logins, graphs, strict=True)
        ]
        replicas = [Replica(n, each, folder) for n, each in enumerate(own)]
        by_hand = own[0]
        ids = await _published(by_hand, folder, server.url, starts)
        token = channel_token(logins[0], region.service_url)
        sender = await stack.enter_async_context(Sender(replicas, token))
        load = Load(
            sender=sender,
            region=region,
            activities=Activities(
                app_id=logins[0].app_id, tenant=logins[0].tenant, service_url=region.service_url
            ),
            people=people,
            organiser=organiser,
            ids=ids,
        )
        one = Run(
            plan=plan, folder=folder, server=server, replicas=replicas, region=region, load=load,
            settings=by_hand, starts=starts, highlights_at=highlights_at.timestamp(), report=report,
        )  # fmt: skip
        try:
            await asyncio.gather(*(replica.start() for replica in replicas))
            await load.install()
            await load.all_of(plan.before)
            await one.through()
            settling = await one.settled()
            wrong = [*one.wrong, *(await _audit(one, logins[0]))]
            books = await _books(one)
        finally:
            await asyncio.gather(*(replica.kill() for replica in replicas if replica.lives))
    (folder / "rows.txt").write_text("\n".join(str(row) for row in books.rows))
    (folder / "taken.txt").write_text("\n".join(str(each) for each in books.taken))
    (folder / "done.txt").write_text("\n".join(str(each) for each in books.done))
    wrong += [words for replica in replicas for words in replica.wrong]
    wrong += [f"Teams would not have taken {path}" for path in region.strangers[:5]]
    return Outcome(
        plan=plan,
        database=database,
        found=ledger.audited(books),
        books=books,
        happened=one.happened,
        load=load,
        sender=sender,
        region=region,
        settling=settling,
        wrong=wrong,
        logged=_logged(folder),
    )


async def _published(
    settings: Mapping[str, str], folder: Path, url: str, starts: Mapping[str, str]
) -> dict[str, int]:
    """The week is imported as an operator does; the ids that its codes have got."""
    path = folder / "week.csv"
    lines = [HEADER, *(line(code, at) for code, at in starts.items())]
    path.write_text("\n".join(lines) + "\n")
    code, said = await command(settings, folder, "import", str(path), "--edition", EDITION)
    assert code == 0, said
    database = open_database(url)
    try:
        return {held.code: id for id, held in (await history.held_sessions(database)).items()}
    finally:
        await database.close()


async def _audit(one: Run, login: Login) -> list[str]:
    """What the product itself says of its rules, asked from without and from within."""
    code, words = await command(one.settings, one.folder, "audit")
    said = [] if code == 0 else [f"audit: {each}" for each in words.splitlines()]
    settings = settings_for(one.server.url, login)
    async with opened(settings, SystemClock()) as core, core.work(read_only=True) as uow:
        return said + [f"audit, within: {each}" for each in await uow.audit(core.clock.now())]


async def _books(one: Run) -> Books:
    database = open_database(one.server.url)
    try:
        return Books(
            rows=await history.rows(database),
            taken=one.region.taken,
            done=one.load.done,
            moves=one.moves,
            lives=sorted(
                (life for replica in one.replicas for life in replica.lives),
                key=lambda life: life.began,
            ),
            happened=one.happened,
            live=await history.live_bookings(database),
            sessions=await history.held_sessions(database),
            person_ids=[person.aad_id for person in one.load.people],
            chats={person.chat: person.aad_id for person in one.load.people},
            nudges=[each.total_seconds() for each in NUDGES],
            now=now().timestamp(),
        )
    finally:
        await database.close()


def _logged(folder: Path) -> Counter[str]:
    """What the replicas complained of, and how often."""
    said: Counter[str] = Counter()
    for path in folder.glob("replica-*.log"):
        for text in path.read_text().splitlines():
            try:
                entry = json.loads(text)
            except ValueError:
                said["not JSON"] += 1
                continue
            if entry.get("level") in ("warning", "error", "critical"):
                said[f"{entry['level']}: {entry.get('event')}"] += 1
    return said
