"""`python -m tests.bench [NAME …]`: run the benchmarks, all of them without a name."""

import os
import platform
import sys
from collections.abc import Callable, Mapping

from integrations.logs import configure_logs
from tests.bench import fanout, hub, index, lag, press, rush_over_http, start, turn
from tests.understanding import measure as understanding

BENCHMARKS: Mapping[str, Callable[[], list[str] | None]] = {
    "start": start.run,
    "turn": turn.run,
    "press": press.run,
    "rush": rush_over_http.run,
    "fanout": fanout.run,
    "lag": lag.run,
    "understanding": understanding.run,
    "index": index.run,
    "hub": hub.run,
}
"""Each prints what it measured, and tells what was wrong: never that something was slow."""


def main(names: list[str]) -> int:
    unknown = [n for n in names if n not in BENCHMARKS]
    if unknown:
        print(f"No benchmark {', '.join(unknown)}. There are: {', '.join(BENCHMARKS)}.")
        return 1
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
          f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")  # fmt: skip
    configure_logs(json=False, level="ERROR")
    wrong: list[str] = []
    for name in names or BENCHMARKS:
        print(f"\n## {name}")
        wrong += BENCHMARKS[name]() or []
    for each in wrong:
        print(f"WRONG  {each}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
