"""What docs/deployment.md, the Dockerfile and deploy/ say of the product is so."""

import re
import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy.pool import QueuePool

import app
from config import Settings
from console import arguments
from store.engine import OneTrip, open_database
from tests.scenarios.process import App, environment
from tests.scenarios.world import surroundings

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = (ROOT / "deploy/compose.yaml").read_text()
PROXY = (ROOT / "deploy/haproxy.cfg").read_text()
GUIDE = (ROOT / "docs/deployment.md").read_text()

NOT_OURS = {
    "LEARNWEEK_VERSION", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD_FILE", "NET_BIND_SERVICE",
}  # fmt: skip


@pytest.mark.parametrize("text", [DOCKERFILE, COMPOSE, GUIDE], ids=["image", "compose", "guide"])
def test_every_setting_that_is_named_exists(text: str):
    named = set(re.findall(r"\b[A-Z]{3,}(?:_[A-Z]+)+\b", text)) - NOT_OURS
    named |= set(re.findall(r"\b(HOST|PORT)=", text))

    assert named - {name.upper() for name in Settings.model_fields} == set()


def test_every_command_that_is_named_exists():
    in_containers = re.findall(r"docker compose run --rm (?:-v \S+ )?migrate (\w+)", GUIDE)
    on_machines = re.findall(r"python app\.py (\w+)", GUIDE)
    in_services = re.findall(r'command: \["(migrate|\w+)"\]', COMPOSE)
    known = arguments.parser().format_help()

    assert in_containers
    assert on_machines
    assert in_services == ["migrate"]
    for command in (*in_containers, *on_machines, *in_services):
        assert re.search(rf"\n\s+{command}\b", known), command


def test_every_file_that_is_named_exists():
    for link in re.findall(r"\]\(([^)#]+)", GUIDE):
        assert (ROOT / "docs" / link).exists(), link


def test_the_port_is_one_everywhere():
    port = Settings.model_fields["port"].default

    assert f"PORT={port}" in DOCKERFILE
    assert f"EXPOSE {port}\n" in DOCKERFILE
    assert re.findall(r"server (\S+) \1:(\d+)", PROXY) == [
        ("replica-1", str(port)),
        ("replica-2", str(port)),
    ]
    assert set(re.findall(r"^  (replica-\d):", COMPOSE, re.MULTILINE)) == {"replica-1", "replica-2"}
    assert f"127.0.0.1:{port}" in GUIDE


def test_connections_are_counted_as_the_pools_allow():
    database = open_database("postgresql://somebody@localhost/learnweek")
    ways = (database.glancing, database.noting)
    engines = (
        database.writing,
        database.reading,
        *(w.engine for w in ways if isinstance(w, OneTrip)),
    )
    pools = {engine.sync_engine.pool for engine in engines}
    sizes = [(pool.size(), pool._max_overflow) for pool in pools if isinstance(pool, QueuePool)]
    kept = sum(size for size, _ in sizes)
    most = kept + sum(more for _, more in sizes)

    needed = most * 3 + 20
    given = re.search(r"max_connections=(\d+)", COMPOSE)

    assert f"**{most} connections**" in GUIDE
    assert f"keeps up to {kept} of them" in GUIDE
    assert f"two replicas need {needed}" in GUIDE
    assert given
    assert int(given[1]) >= needed


def test_whoever_stops_a_replica_waits_longer_than_it_takes():
    waits = re.findall(
        r"(?:stop_grace_period: |--stop-timeout |TimeoutStopSec=|GracePeriodSeconds: )(\d+)",
        COMPOSE + GUIDE,
    )

    assert len(waits) >= 4
    assert all(int(seconds) > app.LONGEST_STOP + 1 for seconds in waits)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """What .dockerignore lets into the image."""
    folder = tmp_path / "app"
    folder.mkdir()
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        if not line.startswith("!"):
            continue
        for source in ROOT.glob(line.removeprefix("!")):
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, folder / source.name, ignore=ignored)
            else:
                shutil.copy(source, folder)
    return folder


@pytest.fixture
async def started(image: Path, tmp_path: Path) -> AsyncGenerator[App]:
    async with (
        surroundings() as around,
        App(environment(around, tmp_path), image, app=image / "app.py") as started,
    ):
        yield started


async def test_the_image_holds_what_the_product_needs_and_serves_what_is_named(started: App):
    paths = {"/hub", "/calendar.ics"}
    for text in (DOCKERFILE, PROXY, GUIDE):
        paths |= set(re.findall(r"/(?:readyz|healthz|metrics)\b", text))

    async with aiohttp.ClientSession() as http:
        for path in sorted(paths):
            async with http.get(started.url + path) as answer:
                assert answer.status == 200, path
        async with http.post(f"{started.url}/api/messages", json={}) as answer:
            assert answer.status == 400
        async with http.get(f"{started.url}/metrics") as answer:
            metrics = await answer.text()
    named = set(re.findall(r"learnweek_(?:turn|refused|tasks|outbox)\w*|process_\w+", GUIDE))
    assert {"/readyz", "/healthz", "/metrics"} <= paths
    assert "learnweek_outbox_rows" in named
    assert all(f"# TYPE {name.removesuffix('_total')}" in metrics for name in named)


def test_the_image_lets_in_no_settings_and_no_data(image: Path):
    assert {path.name for path in image.iterdir() if path.name.startswith(".")} == set()
    assert not (image / "var").exists()
    assert not (image / "tests").exists()


def test_what_stands_before_the_replicas_writes_nobody_s_calendar_key_into_its_log():
    assert "option httplog" not in PROXY
    [(pattern, plain)] = re.findall(r"set-var\(txn\.shown\) path,regsub\(([^,]+),([^)]+)\)", PROXY)
    [written] = re.findall(r'log-format "(.*)"', PROXY)

    assert re.sub(pattern, plain, "/calendar/0123abcd.ics") == "/calendar/-"
    assert "%HM %[var(txn.shown)]" in written
    assert not re.search(r"%(\{[^}]*\})?(r|HU|HP|HQ|HPO)\b", written)
