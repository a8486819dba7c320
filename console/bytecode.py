"""Compiles whatever the product loads, so that it starts quickly even where Python may not write."""

from __future__ import annotations

import importlib
import sys
import warnings

LOADED = (
    "app",
    "console.manifest",
    "integrations.calendars",
    "integrations.graph_calendar",
    "integrations.graph_directory",
    "integrations.sentence_weights",
    "integrations.workbooks",
    "msgraph.generated.models.event",
    "msgraph.generated.models.user_scope_teams_app_installation",
    "msgraph.graph_service_client",
)


def main() -> None:
    """Import the product once, keeping the byte code; old packages' syntax warnings are not ours."""
    warnings.simplefilter("ignore")
    sys.dont_write_bytecode = False
    for name in LOADED:
        importlib.import_module(name)


if __name__ == "__main__":
    main()
