"""A report as a file, whoever asks for it: the desk or the command line."""

from __future__ import annotations

import asyncio

from core import Core
from hub.report_file import html_file
from learning.errors import LearningError
from learning.report import Report
from learning.report_document import document
from learning.report_sheets import tables


async def written(core: Core, report: Report, kind: str) -> bytes:
    """As "html", "pdf" or "xlsx". Raises LearningError, also where documents cannot be drawn here."""
    shown = document(report, core.settings.zone)
    match kind:
        case "pdf":
            return await core.documents.report(shown)
        case "html":
            return html_file(shown, await core.documents.charts(shown.charts))
        case "xlsx":
            from integrations.workbooks import write_tables  # openpyxl is slow to load

            return await asyncio.to_thread(lambda: write_tables(tables(report)))
        case _:
            raise LearningError("A report can be written as html, pdf or xlsx.")
