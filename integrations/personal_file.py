"""One person's data as a file: a page to read, and the same as JSON for another system."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile
from zoneinfo import ZoneInfo

from learning.people import PersonId
from services.ports.personal import Part

PAGE, PLAIN = "my-data.html", "my-data.json"

TITLES: Mapping[str, tuple[str, str]] = {
    "people": ("You", "Who you are, how we can write to you, and what you want to hear."),
    "person_profiles": ("From the directory", "What your organisation's directory told."),
    "last_seen": ("When we last talked", "To the night; kept so that nobody is kept for ever."),
    "conversation_state": (
        "What our talk is about",
        "The list shown to you last and what was asked, so that “the second one” is understood.",
    ),
    "calendar_keys": ("Your calendar's address", "When it was made. The address is not stored."),
    "bookings": ("Bookings", "Places you have, had, or waited for."),
    "attendance": ("Where you were", "What is known of each session, and who says so."),
    "attendance_records": ("What Teams and Zoom told", "When you were in which meeting."),
    "attendance_changes": ("Corrections", "What was changed by hand of who was where."),
    "check_in_helpers": ("Helping at the door", "Sessions at which somebody may check people in."),
    "zoom_registrants": ("Registrations with Zoom", "With your own link into each session."),
    "feedback": ("What you said of sessions", "Others see sums only, and words without names."),
    "wants_again": ("To be told when it runs again", "What you asked to hear of."),
    "ideas": ("Your ideas", "What you wished for."),
    "idea_supports": ("Ideas you support", ""),
    "missed_words": (
        "Words that found nothing",
        "Single words of what you looked for, kept by a mark instead of your name.",
    ),
    "champions": ("Champions", "Whom an organiser named a champion, or whom you named."),
    "shares": ("What you shared", "By its tag the bookings that it brought are counted."),
    "themes": ("Questions for ideas", "Those that you opened."),
    "outbox": (
        "Sent, and to be sent",
        "What was written to you unasked, and what other systems were asked about you.",
    ),
    "changes": ("What was changed", "What you changed, or what was changed about you."),
    "errands": ("Long work", "What you had done at the desk in the last day."),
    "hub_items": ("The list in SharePoint", "Items that you edited last."),
    "past_editions": ("Earlier years", "Figures that you imported."),
}
"""In the order of the page."""

LABELS: Mapping[str, str] = {
    "id": "Account",
    "email": "E-mail",
    "teams_id": "Teams account",
    "manager_id": "Manager's account",
    "by_id": "Done by",
    "changed_by": "Said by",
    "person_id": "Who",
    "key": "Who",
    "helped": "Supported my goals",
    "queue_no": "Order of asking",
    "spans": "From and to",
}

NOT_HERE = (
    "Backups of the database, and the logs, which hold ids of accounts and no words.",
    "Invitations in your organisation's calendar and registrations at Zoom: they stand there.",
    "Figures in which at least five people are counted together, and nobody is named.",
    "Questions asked in Viva Engage: kept two days by an id of Viva Engage that we cannot match.",
    "The programme: where you facilitate, your name stands in it as organisers wrote it.",
    "Keys and digests that say nothing by themselves, and files that hold other people's data.",
)

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:52rem;padding:0 1rem}
h2{margin:2rem 0 .2rem}p.why{margin:0 0 .6rem;opacity:.75}
dl{border:1px solid #8886;border-radius:.5rem;padding:.6rem .9rem;margin:.6rem 0}
dl div{display:flex;flex-wrap:wrap;gap:0 1rem}dt{min-width:12rem;font-weight:600}
dd{margin:0;overflow-wrap:anywhere;flex:1 1 16rem}
:root{color-scheme:light dark}
"""


def as_zip(
    person_id: PersonId, parts: Sequence[Part], *, made_at: datetime, zone: ZoneInfo
) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr(PAGE, as_page(person_id, parts, made_at=made_at, zone=zone))
        archive.writestr(PLAIN, as_json(person_id, parts, made_at=made_at))
    return file.getvalue()


def as_json(person_id: PersonId, parts: Sequence[Part], *, made_at: datetime) -> str:
    whole = {
        "made_at": made_at.isoformat(timespec="seconds"),
        "account": person_id,
        "kept": {part.table: list(part.rows) for part in _in_order(parts)},
        "not_in_this_file": list(NOT_HERE),
    }
    return json.dumps(whole, ensure_ascii=False, indent=2)


def as_page(
    person_id: PersonId, parts: Sequence[Part], *, made_at: datetime, zone: ZoneInfo
) -> str:
    """Readable by itself, without a network; times are those of `zone`."""
    when = _moment(made_at, zone)
    body = "".join(_section(part, zone) for part in _in_order(parts))
    nothing = "<p><strong>Nothing is kept about you.</strong></p>" if not parts else ""
    not_here = "".join(f"<li>{escape(each)}</li>" for each in NOT_HERE)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>What Learnweek keeps about you</title><style>{STYLE}</style></head><body>"
        "<h1>What Learnweek keeps about you</h1>"
        f"<p>Account {escape(person_id)}, as of {escape(when)} ({escape(zone.key)}). Where others are"
        " named in what is kept about you, this file says only “somebody else”. The same is in"
        f" {PLAIN}, for another system to read.</p>{nothing}{body}"
        f"<h2>What is not in this file</h2><ul>{not_here}</ul></body></html>"
    )


def _in_order(parts: Sequence[Part]) -> Iterator[Part]:
    by_table = {part.table: part for part in parts}
    for table in (*TITLES, *sorted(by_table.keys() - TITLES.keys())):
        if table in by_table:
            yield by_table[table]


def _section(part: Part, zone: ZoneInfo) -> str:
    title, why = TITLES.get(part.table, (_label(part.table), ""))
    rows = "".join(_row(row, zone) for row in part.rows)
    said = f'<p class="why">{escape(why)}</p>' if why else ""
    return f"<section><h2>{escape(title)}</h2>{said}{rows}</section>"


def _row(row: Mapping[str, Any], zone: ZoneInfo) -> str:
    shown = ((_label(name), _words(value, zone)) for name, value in row.items())
    lines = [
        f"<div><dt>{escape(label)}</dt><dd>{escape(words)}</dd></div>"
        for label, words in shown
        if words
    ]
    return f"<dl>{''.join(lines)}</dl>" if lines else ""


def _label(name: str) -> str:
    return LABELS.get(name) or name.replace("_", " ").capitalize()


def _words(value: Any, zone: ZoneInfo) -> str:
    match value:
        case None | "" | {} | []:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return _moment_of(value, zone)
        case dict() | list():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


def _moment_of(text: str, zone: ZoneInfo) -> str:
    """An instant as a clock on the wall says it; any other text as it is."""
    if len(text) != len("2026-05-18T08:00:00+00:00") or text[10] != "T":
        return text
    try:
        return _moment(datetime.fromisoformat(text), zone)
    except ValueError:
        return text


def _moment(instant: datetime, zone: ZoneInfo) -> str:
    local = instant.astimezone(zone)
    return f"{local.day} {local:%B %Y, %H:%M}"
