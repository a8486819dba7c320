"""Draws one document in a process of its own: a job as JSON comes in, the pages go out as JSON.

It runs apart from everything else, so it imports nothing of ours.
"""

from __future__ import annotations

import base64
import importlib
import json
import re
import sys
from pathlib import Path
from typing import Any, cast

HERE = Path(__file__).parent
SHOWN = re.compile(r'the text `"(.+?)"` could not be displayed')
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
NEEDLESS = re.compile(
    rb' (fill-rule="nonzero"|stroke-linecap="butt"|stroke-linejoin="miter"|stroke-miterlimit="4"'
    rb'|xmlns:h5="[^"]*"|[xy]="0")'
)
LONG_NAMES = re.compile(rb'(id="|href="#|url\(#)(\w{20,})')
TRIES = 5
BOX = "□"
"""Stands for a letter that no font has."""

MISSING = 3
"""The exit code where Typst is not installed."""


def main() -> int:
    try:
        typst = importlib.import_module("typst")
    except ImportError:
        return MISSING
    job = json.load(sys.stdin)
    json.dump([base64.b64encode(page).decode() for page in pages(typst, job)], sys.stdout)
    return 0


def pages(typst: Any, job: dict[str, Any]) -> list[bytes]:
    """Letters that Typst's own fonts have not are looked for in the machine's, then left out."""
    values = job["values"]
    for number in range(TRIES):
        try:
            return _drawn(typst, job, values, own_fonts_only=number == 0)
        except typst.TypstError as error:
            unknown = letters(f"{error} {error.diagnostic}")
            if not unknown or number == TRIES - 1:
                raise
            # A letter in the machine's fonts is one that the next try finds.
            if number > 0:
                values = without(values, unknown)
    raise AssertionError


def _drawn(
    typst: Any, job: dict[str, Any], values: dict[str, Any], *, own_fonts_only: bool
) -> list[bytes]:
    kind = job["kind"]
    made = typst.compile(
        str(HERE / f"{job['template']}.typ"),
        root=str(HERE),
        format=kind,
        # What people typed goes in as data, never as source.
        sys_inputs={"values": json.dumps(values)},
        ignore_system_fonts=own_fonts_only,
        pdf_standards=["ua-1"] if kind == "pdf" else [],
    )
    found = [made] if isinstance(made, bytes) else list(made)
    return [smaller(page) for page in found] if kind == "svg" else found


def smaller(svg: bytes) -> bytes:
    """Half of it or less: what is so by itself is left out, and names are short."""
    short: dict[bytes, bytes] = {}

    def renamed(name: re.Match[bytes]) -> bytes:
        return name[1] + short.setdefault(name[2], b"g%d" % len(short))

    return LONG_NAMES.sub(renamed, NEEDLESS.sub(b"", svg))


def letters(complaint: str) -> set[str]:
    """Those of which Typst says that no font has them."""
    found = "".join(SHOWN.findall(complaint))
    return set(ESCAPED.sub(lambda code: chr(int(code[1], 16)), found)) - {"\\"}


def without(value: Any, unknown: set[str]) -> Any:
    """The same with a box for each of these letters; pictures and what cannot be seen simply go."""
    if isinstance(value, str):
        shown = (c if c not in unknown else BOX if c.isalpha() else "" for c in value)
        return "".join(shown).strip()
    if isinstance(value, list):
        return [without(each, unknown) for each in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {k: without(v, unknown) for k, v in cast("dict[str, Any]", value).items()}
    return value


if __name__ == "__main__":
    sys.exit(main())
