"""Documents to print, keep or send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from learning.drawings import Certificate, Chart, Document


class Documents(Protocol):
    """All raise LearningError, with what to do, where nothing can be drawn here."""

    async def report(self, document: Document) -> bytes:
        """As a PDF that a screen reader can read."""
        ...

    async def charts(self, charts: Sequence[Chart]) -> Mapping[str, bytes]:
        """Each by its name, as an SVG for a page."""
        ...

    async def picture(self, chart: Chart) -> bytes:
        """As a PNG small enough to be part of a card."""
        ...

    async def certificate(self, certificate: Certificate) -> bytes:
        """As a PDF that a screen reader can read."""
        ...
