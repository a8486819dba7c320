"""`python -m tests.bench.unlimited`: the product at a rate of sending that no setting allows."""

import asyncio
import sys

import app
import config
from integrations.logs import configure_logs

RATE = 10_000.0


def main() -> int:
    settings = config.load().model_copy(update={"send_rate": RATE})
    configure_logs(json=False, level=settings.log_level)
    return asyncio.run(app.serve(settings))


if __name__ == "__main__":
    sys.exit(main())
