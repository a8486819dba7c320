"""Charts as addresses that carry the whole picture, for pages and for files that stand alone."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from markupsafe import Markup

UNTOUCHED = " !$'()*+,-./:;=?@_~"
"""What may stand in such an address as it is, so that it stays small when it is compressed."""


def addresses(charts: Mapping[str, bytes]) -> dict[str, Markup]:
    """Each by the name of its chart."""
    return {name: _address(svg) for name, svg in charts.items()}


def _address(svg: bytes) -> Markup:
    # Typst writes its text as outlines, so quotation marks are those of attributes alone.
    text = quote(svg.decode().replace('"', "'"), safe=UNTOUCHED)
    return Markup(f"data:image/svg+xml,{text}")  # noqa: S704 -- quoted, and written between double marks
