"""The invariants of courses, each a query for its breaches."""

from __future__ import annotations

_SEALED = (
    "course_answers",
    "reflections",
    "collated_answers",
    "dilemmas",
    "commitments",
    "commitment_checks",
    "set_meetings",
)
_UNSEALED = " UNION ALL ".join(
    f"SELECT '{table}' AS part FROM {table} WHERE sealed <> '' AND sealed NOT LIKE 'gAAAAA%'"  # noqa: S608 -- of constants
    for table in _SEALED
)
"""What is sealed begins with the version of its format and a time in this century (Fernet)."""

COURSE_CHECKS: dict[str, str] = {
    "somebody who is not on the programme has a place on its live session": """
        SELECT DISTINCT s.code FROM sessions s JOIN bookings b ON b.session_id = s.id
        WHERE s.course_id IS NOT NULL AND s.starts_at > :now
          AND b.state IN ('booked', 'offered') AND NOT EXISTS (
            SELECT 1 FROM enrolments e WHERE e.course_id = s.course_id
              AND e.person_id = b.person_id AND e.left_at IS NULL)""",
    "somebody is in two action learning sets": """
        SELECT c.code FROM set_members m
        JOIN sets s ON s.id = m.set_id JOIN courses c ON c.id = s.course_id
        WHERE s.state = 'confirmed' AND m.left_at IS NULL
        GROUP BY c.code, m.person_id HAVING count(*) > 1""",
    "somebody is in an action learning set with their own manager": """
        SELECT DISTINCT c.code FROM set_members a
        JOIN set_members b ON b.set_id = a.set_id AND b.left_at IS NULL
        JOIN person_profiles p ON p.person_id = a.person_id AND p.manager_id = b.person_id
        JOIN sets s ON s.id = a.set_id JOIN courses c ON c.id = s.course_id
        WHERE s.state = 'confirmed' AND a.left_at IS NULL""",
    "a meeting ahead is led by somebody who is not of its set": """
        SELECT DISTINCT c.code FROM set_meetings t
        JOIN sets s ON s.id = t.set_id JOIN courses c ON c.id = s.course_id
        WHERE t.facilitator_id <> '' AND t.facilitator_id <> s.facilitator_id
          AND t.state = 'planned' AND s.state = 'confirmed' AND NOT EXISTS (
            SELECT 1 FROM set_members m WHERE m.set_id = s.id
              AND m.person_id = t.facilitator_id AND m.left_at IS NULL)""",
    "what people wrote in a programme is not sealed": f"SELECT DISTINCT part FROM ({_UNSEALED}) t",  # noqa: S608 -- of constants
    "a quote that was taken back still has its words": """
        SELECT DISTINCT c.code FROM quotes q JOIN courses c ON c.id = q.course_id
        WHERE q.revoked_at IS NOT NULL AND q.text <> ''""",
}
