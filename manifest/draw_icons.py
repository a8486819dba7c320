"""Draws the two icons of the Teams app: a calendar sheet that is also a speech bubble.

    python manifest/draw_icons.py

Teams rounds the corners of the colour icon itself, so its ground fills the square.
"""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

Colour = tuple[int, int, int, int]
Picture = Callable[[float, float], Colour]

INDIGO: Colour = (0x3D, 0x3A, 0x8C, 255)
TEAL: Colour = (0x14, 0xA3, 0x98, 255)
PALE: Colour = (0xC9, 0xCB, 0xE8, 255)
WHITE: Colour = (255, 255, 255, 255)
NOTHING: Colour = (255, 255, 255, 0)


def in_box(x: float, y: float, box: tuple[float, float, float, float], radius: float) -> bool:
    """Whether a point lies in a box (left, top, right, bottom) with rounded corners."""
    left, top, right, bottom = box
    if not (left <= x <= right and top <= y <= bottom):
        return False
    dx = max(left + radius - x, x - right + radius, 0)
    dy = max(top + radius - y, y - bottom + radius, 0)
    return dx * dx + dy * dy <= radius * radius


def in_triangle(x: float, y: float, corners: tuple[tuple[float, float], ...]) -> bool:
    """Whether a point lies in a triangle."""
    (ax, ay), (bx, by), (cx, cy) = corners
    sides = (
        (bx - ax) * (y - ay) - (by - ay) * (x - ax),
        (cx - bx) * (y - by) - (cy - by) * (x - bx),
        (ax - cx) * (y - cy) - (ay - cy) * (x - cx),
    )
    return min(sides) >= 0 or max(sides) <= 0


def colour_icon(x: float, y: float) -> Colour:
    """A white sheet with a teal head on indigo; one day of the weeks stands out."""
    if any(in_box(x, y, (cx - 4, 32, cx + 4, 56), 4) for cx in (72, 120)):
        return WHITE
    if in_box(x, y, (36, 44, 156, 136), 14):
        return sheet(x, y)
    if in_triangle(x, y, ((56, 130), (92, 130), (56, 162))):
        return WHITE
    return INDIGO


def sheet(x: float, y: float) -> Colour:
    """The sheet itself: its head, then two working weeks."""
    if y < 70:
        return TEAL
    for row, cy in enumerate((90, 115)):
        for column, cx in enumerate((52, 74, 96, 118, 140)):
            if in_box(x, y, (cx - 7, cy - 8, cx + 7, cy + 8), 4):
                return TEAL if (row, column) == (1, 2) else PALE
    return WHITE


def outline_icon(x: float, y: float) -> Colour:
    """The same sheet as white lines on nothing."""
    outside = in_box(x, y, (4, 5, 28, 25), 4) or in_triangle(x, y, ((8, 24), (17, 24), (8, 31)))
    inside = in_box(x, y, (6, 7, 26, 23), 2) or in_triangle(x, y, ((10, 22), (14, 22), (10, 26.5)))
    head = in_box(x, y, (5, 11, 27, 12), 0)
    rings = any(in_box(x, y, (cx - 1, 2, cx + 1, 9), 1) for cx in (11, 21))
    days = any(in_box(x, y, (cx - 1, 16, cx + 1, 19), 0) for cx in (11, 16, 21))
    return WHITE if (outside and not inside) or head or rings or days else NOTHING


def sampled(picture: Picture, x: int, y: int, samples: int) -> bytes:
    """One pixel, smoothed: the mean of a grid of points, each as strong as it is opaque."""
    points = [
        picture(x + (i + 0.5) / samples, y + (j + 0.5) / samples)
        for i in range(samples)
        for j in range(samples)
    ]
    alpha = sum(point[3] for point in points)
    if alpha == 0:
        return bytes(NOTHING)
    mean = [round(sum(point[part] * point[3] for point in points) / alpha) for part in range(3)]
    return bytes([*mean, round(alpha / len(points))])


def png(picture: Picture, size: int, samples: int) -> bytes:
    """A square picture as an RGBA file."""
    rows = b"".join(
        b"\0" + b"".join(sampled(picture, x, y, samples) for x in range(size)) for y in range(size)
    )
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    )


if __name__ == "__main__":
    here = Path(__file__).parent
    (here / "color.png").write_bytes(png(colour_icon, 192, 4))
    (here / "outline.png").write_bytes(png(outline_icon, 32, 8))
