"""Cards about one's own learning: what one attended, and a certificate to keep."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from cards import kit, sayings
from cards.kit import Card, Element, execute
from cards.sessions import again_action
from learning.people import Person
from learning.record import Attended, EditionRecord, Record, hours
from learning.sessions import EditionId, Session

SHORT = 80

Pdf = Callable[[EditionId], str]
"""The address of the certificate of an edition."""


def record_card(record: Record, *, pdf: Pdf, zone: ZoneInfo, now: datetime) -> Card:
    """What somebody attended, by edition, the latest first."""
    if not record.editions:
        title = "Nothing is recorded yet"
        return kit.card(
            f"{title} of what you attended",
            kit.heading(title),
            kit.text("What you attend stands here, a little after each session has ended."),
            actions=[
                execute("What's on this week", "day.show", words="this week"),
                execute("My bookings", "bookings.show"),
            ],
        )
    title = f"You attended {total(record.attended, record.quarters)}"
    parts = [part for each in record.editions for part in _edition(each, pdf, zone, now)]
    shown = kit.fitting(parts)
    return kit.card(
        title,
        kit.heading("My learning"),
        kit.text(f"{title}."),
        *shown,
        kit.quiet("The rest stands on the page My week of the hub.")
        if len(shown) < len(parts)
        else None,
        actions=[execute("What I asked to hear of", "again.list")],
    )


def certificate_card(person: Person, each: EditionRecord, *, pdf: Pdf, zone: ZoneInfo) -> Card:
    """To keep: who attended what, with the hours. What was only looked in at is not on it."""
    name = person.name or person.email
    said = total(len(each.attended), each.quarters)
    rows = [
        kit.group(
            kit.text(entry.session.title, weight="Bolder"),
            kit.quiet(f"{day(entry.session, zone)} · {hours(entry.quarters)}"),
        )
        for entry in each.attended
    ]
    shown = kit.fitting(rows)
    left = len(rows) - len(shown)
    return kit.card(
        f"Certificate of attendance: {name}, {each.edition.name}, {said}",
        kit.heading("Certificate of attendance"),
        kit.text(name, weight="Bolder", size="Medium"),
        kit.text(f"attended {said} in {each.edition.name}."),
        *shown,
        kit.quiet(f"and {left} more, all of them on the PDF") if left else None,
        actions=[kit.open_url("Certificate (PDF)", pdf(each.edition.id))],
    )


def total(sessions: int, quarters: int) -> str:
    """'3 sessions, 3.5 hours'."""
    return f"{sessions} session{'' if sessions == 1 else 's'}, {hours(quarters)}"


def day(session: Session, zone: ZoneInfo) -> str:
    """'Monday 18 May 2026'."""
    if session.starts_at is None:
        return ""
    local = session.starts_at.astimezone(zone).date()
    return f"{sayings.day(local)} {local.year}"


def spent(entry: Attended) -> str:
    return "there briefly, not counted" if entry.is_brief else hours(entry.quarters)


def _edition(each: EditionRecord, pdf: Pdf, zone: ZoneInfo, now: datetime) -> list[Element]:
    name = sayings.shortened(each.edition.name, SHORT)
    heading = kit.subheading(f"{name}: {total(len(each.attended), each.quarters)}")
    certificates = kit.buttons(
        kit.open_url("Certificate (PDF)", pdf(each.edition.id)),
        execute("Certificate as a card", "record.certificate", edition=each.edition.id),
    )
    rows = [_row(entry, zone, now) for entry in each.entries]
    if certificates is None or not each.attended:
        return [heading, *rows]
    return [heading, certificates, *rows]


def _row(entry: Attended, zone: ZoneInfo, now: datetime) -> Element:
    return kit.group(
        kit.text(entry.session.title, weight="Bolder"),
        kit.quiet(f"{day(entry.session, zone)} · {spent(entry)}"),
        kit.buttons(again_action(entry.session, now)),
        separator=True,
    )
