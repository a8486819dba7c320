"""Which columns name people: what is shown to them, handed over and forgotten goes by these."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from store.course_tables import metadata

PERSON_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "attendance": ("who", "changed_by"),
    "attendance_changes": ("who", "changed_by"),
    "attendance_records": ("who",),
    "bookings": ("person_id",),
    "calendar_keys": ("person_id",),
    "champions": ("person_id", "named_by"),
    "changes": ("person_id", "by_id"),
    "check_in_helpers": ("person_id", "allowed_by"),
    "collated_answers": ("person_id",),
    "commitment_checks": ("person_id",),
    "commitments": ("person_id",),
    "conversation_state": ("key",),
    "course_answers": ("person_id",),
    "dilemmas": ("person_id",),
    "enrolments": ("person_id", "enrolled_by"),
    "errands": ("by_id",),
    "feedback": ("who",),
    "hub_items": ("editor",),
    "idea_supports": ("person_id",),
    "ideas": ("person_id",),
    "last_seen": ("person_id",),
    "outbox": ("person_id",),
    "past_editions": ("imported_by",),
    "people": ("id",),
    "person_profiles": ("person_id", "manager_id"),
    "quotes": ("person_id",),
    "reflections": ("person_id",),
    "set_meetings": ("facilitator_id",),
    "set_members": ("person_id",),
    "set_wishes": ("person_id",),
    "sets": ("facilitator_id",),
    "shares": ("person_id",),
    "step_states": ("person_id",),
    "themes": ("opened_by",),
    "wants_again": ("person_id",),
    "zoom_registrants": ("person_id",),
}
"""By table, whom it is about first."""

BESIDE_A_PERSON = frozenset(
    {
        "calendar_keys",
        "conversation_state",
        "last_seen",
        "outbox",
        "people",
        "person_profiles",
    }
)
"""What is kept of somebody only because they are known; it goes with them."""

KEEPS: tuple[tuple[str, str], ...] = tuple(
    (table, name)
    for table, names in PERSON_COLUMNS.items()
    if table not in BESIDE_A_PERSON
    for name in names
)
"""Where anybody who stands in one of these has a part in the week."""


def column(named: tuple[str, str]) -> sa.Column[str]:
    table, name = named
    return metadata.tables[table].c[name]
