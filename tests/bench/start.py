"""From nothing to ready: the real command, on an empty database and on one that is there."""

import asyncio
import os
import resource
import socket
import sys
import tempfile
import time
from pathlib import Path

import aiohttp

RUNS = 5


def run() -> None:
    asyncio.run(_run())


async def _run() -> None:
    bare = await _timed("import aiohttp.web, sqlalchemy.ext.asyncio, botbuilder.dialogs")
    with tempfile.TemporaryDirectory() as folder:
        first = await _start(Path(folder))
        later = sorted([await _start(Path(folder)) for _ in range(RUNS)])
    seconds, cpu, memory = later[len(later) // 2]
    print(f"yardstick: importing aiohttp, SQLAlchemy and botbuilder alone   {bare:.2f} s")
    print(f"start to readyz, empty database (tables made, sample week read)  {first[0]:.2f} s")
    print(
        f"start to readyz, median of {RUNS}: {seconds:.2f} s, CPU {cpu:.2f} s, memory {memory} MB"
    )


async def _timed(code: str) -> float:
    begun = time.perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    await process.wait()
    return time.perf_counter() - begun


async def _start(folder: Path) -> tuple[float, float, int]:
    """Seconds until ready, CPU seconds of the whole life, resident megabytes when ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "PORT": str(port),
        "DATABASE_URL": f"sqlite:///{folder / 'start.db'}",
        "SECRET_KEY": "for a benchmark",
        "LOG_LEVEL": "ERROR",
        "MICROSOFT_APP_ID": "",
    }
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "app.py", env={**os.environ, **settings}, stdout=asyncio.subprocess.DEVNULL
    )
    await ready(f"http://127.0.0.1:{port}/readyz")
    seconds = time.perf_counter() - begun
    memory = resident(process.pid)
    process.terminate()
    await process.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, memory


def resident(pid: int) -> int:
    """Megabytes in memory, where the system tells."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS")), 0)


async def ready(url: str) -> None:
    async with aiohttp.ClientSession() as http, asyncio.timeout(60):
        while True:
            try:
                async with http.get(url) as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.01)
