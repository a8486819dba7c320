"""Draws one document in a process of its own: a job as JSON comes in, the pages go out as JSON.

It runs apart from everything else, so it imports nothing of ours.
"""

from __future__ import annotations

import base64
import importlib
import json
import re
import struct
import sys
import zlib
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

SHARPNESS = 144
"""Dots to the inch of a picture: a page 300 points wide is 600 dots wide."""

SHADES = 16
"""From white to ink: what lies between two of them is not seen in letters and bars."""

INK = (28, 26, 56)

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
        ppi=SHARPNESS if kind == "png" else None,
    )
    found = [made] if isinstance(made, bytes) else list(made)
    reduce = {"svg": smaller, "png": in_shades}.get(kind)
    return [reduce(page) for page in found] if reduce else found


def smaller(svg: bytes) -> bytes:
    """Half of it or less: what is so by itself is left out, and names are short."""
    short: dict[bytes, bytes] = {}

    def renamed(name: re.Match[bytes]) -> bytes:
        return name[1] + short.setdefault(name[2], b"g%d" % len(short))

    return LONG_NAMES.sub(renamed, NEEDLESS.sub(b"", svg))


def in_shades(png: bytes) -> bytes:
    """A fifth of it: of one colour, four bits a dot. Cards have room for few bytes."""
    chunks = _chunks(png)
    width, height, depth, colours = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    if (depth, colours) != (8, 6):
        return png
    packed = bytearray()
    # The red of a dot tells how dark it is: white has most of it, ink least.
    for reds in _reds(zlib.decompress(chunks[b"IDAT"]), width):
        shades = [(255 - red) * (SHADES - 1) // (255 - INK[0]) for red in reds]
        shades = [min(shade, SHADES - 1) for shade in shades] + [0] * (width % 2)
        packed.append(0)
        packed += bytes(16 * a + b for a, b in zip(shades[::2], shades[1::2], strict=True))
    palette = bytes(
        255 - (255 - part) * shade // (SHADES - 1) for shade in range(SHADES) for part in INK
    )
    return png[:8] + b"".join(
        _chunk(name, data)
        for name, data in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 4, 3, 0, 0, 0)),
            (b"PLTE", palette),
            (b"IDAT", zlib.compress(bytes(packed), 9)),
            (b"IEND", b""),
        )
    )


def _chunks(png: bytes) -> dict[bytes, bytes]:
    """Each by its name; the parts of the picture itself as one."""
    found: dict[bytes, bytes] = {}
    place = 8
    while place < len(png):
        length, name = struct.unpack(">I4s", png[place : place + 8])
        found[name] = found.get(name, b"") + png[place + 8 : place + 8 + length]
        place += length + 12
    return found


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _reds(raw: bytes, width: int) -> list[bytes]:
    """The red of each dot, line by line, as it was before PNG's filters: of four bytes the first."""
    lines: list[bytes] = []
    above = bytes(width)
    length = width * 4
    for place in range(0, len(raw), length + 1):
        way, line = raw[place], bytearray(raw[place + 1 : place + 1 + length : 4])
        if way == 2 and not any(line):
            line = bytearray(above)
        elif way:
            left = corner = 0
            for i, up in enumerate(above):
                line[i] = left = (line[i] + _guess(way, left, up, corner)) % 256
                corner = up
        above = bytes(line)
        lines.append(above)
    return lines


def _guess(way: int, left: int, up: int, corner: int) -> int:
    """What PNG's filters subtract: by their numbers Sub, Up, Average and Paeth."""
    if way < 4:
        return (0, left, up, (left + up) // 2)[way]
    to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
    if to_left <= to_up and to_left <= to_corner:
        return left
    return up if to_up <= to_corner else corner


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
