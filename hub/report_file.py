"""A report as one file of HTML that needs nothing else, to be sent on or kept."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from hub import look
from hub.report_pictures import addresses
from learning.drawings import Document

SHEETS = ("hub.css", "desk.css", "report.css")


def html_file(document: Document, charts: Mapping[str, bytes]) -> bytes:
    """`charts` are SVGs by their names; one that is not there is left to its table."""
    style = "\n".join(look.ASSETS[name].decode() for name in SHEETS)
    text = look.TEMPLATES.get_template("report_file.html").render(
        document=document,
        pictures=addresses(charts),
        style=Markup(style),  # noqa: S704 -- our own stylesheets
    )
    return text.encode()
