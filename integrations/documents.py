"""Documents and charts, drawn by Typst in a process of its own."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import structlog

from integrations.typesetting import draw
from learning.drawings import Certificate, Chart, Document
from learning.errors import LearningError

log = structlog.get_logger()

PROGRAM = Path(draw.__file__)
SECONDS = 60.0
AT_A_TIME = 2
"""Documents drawn together: more would only wait for the processors."""

KEPT = 8
"""Sets of charts that are not drawn again while their figures stay as they are."""

MISSING = (
    "Documents cannot be drawn here, as the package typst is not installed. Whoever runs this app can"
    " install it: pip install -r requirements.txt."
)
TOO_LONG = (
    "This took too long and was broken off. Try again when there is less to do, or take another kind of"
    " file."
)
FAULT = "The document could not be drawn; the reason stands in the log. Take another kind of file."


class TypstDocuments:
    """Fulfils the port `Documents`. Nothing is loaded into this process, and nothing stays in it."""

    def __init__(self, *, python: str = sys.executable, seconds: float = SECONDS) -> None:
        self._python = python
        self._seconds = seconds
        self._places = asyncio.Semaphore(AT_A_TIME)
        self._kept: OrderedDict[str, Mapping[str, bytes]] = OrderedDict()

    async def report(self, document: Document) -> bytes:
        [pdf] = await self._drawn("report", "pdf", asdict(document))
        return pdf

    async def charts(self, charts: Sequence[Chart]) -> Mapping[str, bytes]:
        """Drawn once for as long as the figures stay as they are."""
        if not charts:
            return {}
        values = {"charts": [asdict(chart) for chart in charts]}
        known = json.dumps(values, default=_plain)
        if known not in self._kept:
            pages = await self._drawn("charts", "svg", values)
            self._kept[known] = {
                chart.name: page for chart, page in zip(charts, pages, strict=True)
            }
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(known)
        return self._kept[known]

    async def picture(self, chart: Chart) -> bytes:
        [png] = await self._drawn("result", "png", {"charts": [asdict(chart)]})
        return png

    async def certificate(self, certificate: Certificate) -> bytes:
        [pdf] = await self._drawn("certificate", "pdf", asdict(certificate))
        return pdf

    async def _drawn(self, template: str, kind: str, values: Mapping[str, Any]) -> list[bytes]:
        """Every page of an SVG, or the one file of a PDF. Raises LearningError."""
        job = json.dumps({"template": template, "kind": kind, "values": values}, default=_plain)
        async with self._places:
            code, out, said = await self._run(job.encode())
        if code == draw.MISSING:
            raise LearningError(MISSING)
        if code != 0:
            # What Typst says may quote what people typed, so only its kind is logged.
            log.error("document not drawn", template=template, code=code, reason=_kind(said))
            raise LearningError(FAULT)
        return [base64.b64decode(page) for page in json.loads(out)]

    async def _run(self, job: bytes) -> tuple[int, bytes, bytes]:
        # Isolated: it has the environment's packages, and nothing of what stands beside it.
        process = await asyncio.create_subprocess_exec(
            self._python,
            "-I",
            str(PROGRAM),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(self._seconds):
                out, said = await process.communicate(job)
        except TimeoutError as error:
            log.error("document took too long")
            raise LearningError(TOO_LONG) from error
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        assert process.returncode is not None
        return process.returncode, out, said


def _plain(value: object) -> Any:
    """What JSON does not know: numbers as such, sets as lists."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, frozenset):
        return sorted(cast("frozenset[int]", value))
    raise TypeError(type(value).__name__)


def _kind(said: bytes) -> str:
    """The name of the exception of a traceback."""
    last = said.decode(errors="replace").strip().rpartition("\n")[2]
    return last.partition(":")[0][:100]
