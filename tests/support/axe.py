"""What axe-core finds wrong with a page for people who use it otherwise than by sight and mouse."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Frame, Page

SOURCE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
WORST = {"serious", "critical"}
RUN = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"


@cache
def _source() -> str:
    if not SOURCE.exists():
        pytest.skip("axe-core is not installed: npm ci")
    return SOURCE.read_text("utf-8")


def serious_faults(page: Page | Frame) -> list[str]:
    """One line for each: the rule, how bad, and the first element that breaks it."""
    page.evaluate(_source())
    violations: list[dict[str, Any]] = page.evaluate(RUN)
    return [
        f"{v['id']} ({v['impact']}): {v['nodes'][0]['html'][:200]}"
        for v in violations
        if v["impact"] in WORST
    ]
