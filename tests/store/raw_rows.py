"""Rows written past the repositories, to see what the database itself refuses."""

from typing import Any

NOW = "'2026-05-18 08:00:00.000000'"

ROWS: dict[str, dict[str, Any]] = {
    "editions": {"id": 1, "name": "'The week'"},
    "sessions": {
        "id": 1,
        "edition_id": 1,
        "code": "'GM1'",
        "code_key": "'gm1'",
        "title": "''",
        "summary": "''",
        "strand": "''",
        "topics": "'[]'",
        "facilitators": "'[]'",
        "starts_at": "'2026-05-20 09:00:00.000000'",
        "ends_at": "'2026-05-20 10:00:00.000000'",
        "timezone": "'Europe/London'",
        "capacity": 12,
        "format": "'in_person'",
        "link": "''",
        "location": "''",
        "audience": "''",
        "waiting_list": "true",
        "state": "'published'",
        "taken": 0,
        "waiting": 0,
        "next_no": 1,
        "kept": 0,
        "sequence": 0,
        "roster_version": 0,
        "join_url": "''",
    },
    "people": {
        "id": "'asha'",
        "name": "''",
        "email": "''",
        "teams_id": "''",
        "service_url": "''",
        "conversation_id": "''",
        "tenant_id": "''",
        "unreachable": "''",
        "wants_nudges": "true",
        "wants_highlights": "false",
    },
    "bookings": {
        "id": 1,
        "session_id": 1,
        "person_id": "'asha'",
        "state": "'booked'",
        "queue_no": 1,
        "asked_at": NOW,
        "changed_at": NOW,
        "source": "'chat'",
    },
    "channels": {
        "id": "'19:general'",
        "name": "''",
        "team_id": "''",
        "team_name": "''",
        "paused": "''",
        "service_url": "''",
        "conversation_id": "''",
        "tenant_id": "''",
    },
    "meetings": {
        "session_id": 1,
        "event_id": "''",
        "transaction": "''",
        "sequence": 0,
        "roster_version": 0,
    },
    "outbox": {
        "id": 1,
        "kind": "'nudge'",
        "key": "'k1'",
        "priority": 30,
        "payload": "'{}'",
        "due_at": NOW,
        "next_at": NOW,
        "state": "'queued'",
        "attempts": 0,
        "owner": "''",
        "last_error": "''",
        "activity_id": "''",
    },
    "mailing_totals": {
        "mailing": "'highlights:2026-05-18'",
        "state": "'sent'",
        "reason": "''",
        "kind": "'highlights'",
        "due_at": NOW,
        "count": 3,
    },
    "pace": {"name": "'messages'", "next_slot": "1.5"},
    "versions": {"name": "'programme'", "value": 1},
    "conversation_state": {
        "key": "'asha'",
        "data": "'{}'",
        "etag": 1,
        "changed_at": NOW,
    },
}


def row(table: str, **literals: Any) -> str:
    """An INSERT of the table's usual row, with these SQL literals instead of its own."""
    values = ROWS[table] | literals
    columns = ", ".join(f'"{name}"' for name in values)
    return f"INSERT INTO {table} ({columns}) VALUES ({', '.join(map(str, values.values()))})"  # noqa: S608 -- of constants


A_WEEK = (row("editions"), row("sessions"), row("people"))
"""What the other rows refer to."""

EVERY_TABLE = tuple(row(table) for table in ROWS)
