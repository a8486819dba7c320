"""`python -m tests.chaos --minutes 5 --seed 1`: faults at random, and the proof that it adds up."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from integrations.logs import configure_logs
from tests.chaos.outcome import Outcome
from tests.chaos.plan import Size, drawn
from tests.chaos.start import run

REPLICAS = {"postgresql": 2, "sqlite": 1}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0, help="on each database")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=list(REPLICAS), action="append")
    parser.add_argument("--keep", type=Path, help="a folder for the logs and the files of a run")
    given = parser.parse_args()
    configure_logs(json=False, level="ERROR")
    outcomes: list[Outcome] = []
    for database in given.database or REPLICAS:
        with tempfile.TemporaryDirectory(prefix="learnweek-chaos-") as temporary:
            folder = (given.keep or Path(temporary)) / database
            folder.mkdir(parents=True, exist_ok=True)
            outcomes.append(asyncio.run(one(database, given.seed, given.minutes, folder)))
            print(
                outcomes[-1],
                *(outcomes[-1].breaches or ["nothing wrong"]),
                "",
                sep="\n",
                flush=True,
            )
    return 1 if any(outcome.breaches for outcome in outcomes) else 0


async def one(database: str, seed: int, minutes: float, folder: Path) -> Outcome:
    replicas = REPLICAS[database]
    plan = drawn(
        seed, Size(seconds=60 * minutes), replicas=replicas, database_restarts=replicas > 1
    )
    print(f"{database}, seed {seed}:", flush=True)
    for fault in plan.faults:
        print(f"  planned {fault.at:7.2f} {fault}", flush=True)
    return await run(plan, database, folder, lambda words: print(words, flush=True))


if __name__ == "__main__":
    sys.exit(main())
