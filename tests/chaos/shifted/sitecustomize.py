"""Python runs this first where PYTHONPATH names this folder: the process's wall clock is then wrong."""

import os
from datetime import UTC, datetime, timedelta

import time_machine

wrong_by = timedelta(seconds=float(os.environ["CHAOS_CLOCK_IS_WRONG_BY"]))
time_machine.travel(datetime.now(UTC) + wrong_by, tick=True).start()  # noqa: TID251 -- of the machine
