"""`python -m tests.bench [NAME …]`: run the benchmarks, all of them without a name."""

import os
import platform
import sys

from integrations.logs import configure_logs
from tests.bench import press, rush, start, turn

BENCHMARKS = {"start": start.run, "turn": turn.run, "press": press.run, "rush": rush.run}


def main(names: list[str]) -> int:
    unknown = [n for n in names if n not in BENCHMARKS]
    if unknown:
        print(f"No benchmark {', '.join(unknown)}. There are: {', '.join(BENCHMARKS)}.")
        return 1
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
          f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")  # fmt: skip
    configure_logs(json=False, level="ERROR")
    for name in names or BENCHMARKS:
        print(f"\n## {name}")
        BENCHMARKS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
