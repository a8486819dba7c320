"""What a programme file would say of a session: the text of its cells, and a file of its own."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from learning.programme_cells import moment_text
from learning.programme_table import COLUMNS, Row, Table
from learning.sessions import Details


def written(details: Details) -> dict[str, str]:
    """The cells by column; times are local to the session."""
    zone = ZoneInfo(details.timezone)
    starts, ends = details.starts_at, details.ends_at
    return {
        "code": details.code,
        "title": details.title,
        "summary": details.summary,
        "strand": details.strand,
        "topics": "; ".join(details.topics),
        "facilitators": "; ".join(details.facilitators),
        "starts": moment_text(starts, zone) if starts else "",
        "ends": moment_text(ends, zone) if ends else "",
        "timezone": details.timezone,
        "capacity": "" if details.capacity is None else str(details.capacity),
        "format": details.format.value,
        "link": details.link,
        "location": details.location,
        "audience": details.audience,
        "waiting_list": "yes" if details.waiting_list else "no",
    }


def differing(before: Details, after: Details) -> tuple[dict[str, str], dict[str, str]]:
    """The cells that are not the same in both, as they were and as they are."""
    old, new = written(before), written(after)
    columns = [c for c in COLUMNS if old[c] != new[c]]
    return {c: old[c] for c in columns}, {c: new[c] for c in columns}


def one_row(cells: Mapping[str, str]) -> Table:
    """A programme file of one session; columns that are not given are empty."""
    return Table(
        header=COLUMNS, rows=(Row(line=2, cells=tuple(cells.get(c, "") for c in COLUMNS)),)
    )
