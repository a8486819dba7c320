"""Courses, who is on them, and what people write there. The tables, on both databases.

What is called `sealed` cannot be read without our secret key (services/ports/seals.py).
"""

from __future__ import annotations

import sqlalchemy as sa

from store.tables import Id, Instant
from store.week_tables import metadata

courses = sa.Table(
    "courses",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("code", sa.String(40), nullable=False),
    sa.Column("code_key", sa.String(40), nullable=False, unique=True),
    sa.Column("title", sa.String(200), nullable=False),
    # That of its live sessions.
    sa.Column("edition_id", Id, sa.ForeignKey("editions.id"), nullable=False),
    sa.Column("definition", sa.JSON, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("imported_at", Instant, nullable=False),
)

course_pictures = sa.Table(
    "course_pictures",
    metadata,
    sa.Column("course_id", Id, sa.ForeignKey("courses.id"), primary_key=True),
    sa.Column("file", sa.String(200), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Index("ix_course_pictures_digest", "digest"),
)

# Who left stays as a row, so that what they did before still counts.
enrolments = sa.Table(
    "enrolments",
    metadata,
    sa.Column("course_id", Id, sa.ForeignKey("courses.id"), primary_key=True),
    sa.Column("person_id", sa.String(200), primary_key=True),
    sa.Column("cohort", sa.String(120), nullable=False),
    sa.Column("enrolled_by", sa.String(200), nullable=False),
    sa.Column("enrolled_at", Instant, nullable=False),
    sa.Column("left_at", Instant),
    sa.Index("ix_enrolments_person_id", "person_id"),
)

step_states = sa.Table(
    "step_states",
    metadata,
    sa.Column("course_id", Id, sa.ForeignKey("courses.id"), primary_key=True),
    sa.Column("person_id", sa.String(200), primary_key=True),
    sa.Column("step_id", sa.String(200), primary_key=True),
    sa.Column("screen", sa.Integer, nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("done_at", Instant),
    sa.Index("ix_step_states_person_id", "person_id"),
)

course_answers = sa.Table(
    "course_answers",
    metadata,
    sa.Column("course_id", Id, sa.ForeignKey("courses.id"), primary_key=True),
    sa.Column("person_id", sa.String(200), primary_key=True),
    sa.Column("step_id", sa.String(200), primary_key=True),
    sa.Column("question_id", sa.String(200), primary_key=True),
    sa.Column("sealed", sa.Text, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Index("ix_course_answers_person_id", "person_id"),
)

# Apart from the answers, so that nothing that puts answers together can come upon one.
reflections = sa.Table(
    "reflections",
    metadata,
    sa.Column("course_id", Id, sa.ForeignKey("courses.id"), primary_key=True),
    sa.Column("person_id", sa.String(200), primary_key=True),
    sa.Column("step_id", sa.String(200), primary_key=True),
    sa.Column("question_id", sa.String(200), primary_key=True),
    sa.Column("sealed", sa.Text, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Index("ix_reflections_person_id", "person_id"),
)

# What those who lead may see of answers: a copy of each person's share, taken when it may be shown.
collated_answers = sa.Table(
    "collated_answers",
    metadata,
    sa.Column("course_id", Id, sa.ForeignKey("courses.id"), primary_key=True),
    sa.Column("step_id", sa.String(200), primary_key=True),
    # In one copy at most, so that two of them cannot be laid side by side.
    sa.Column("person_id", sa.String(200), primary_key=True),
    # Whose live session it was; NULL where the whole course is one copy.
    sa.Column("session_id", Id),
    # What was chosen, sealed for the course; and the words, sealed for the person.
    sa.Column("figures", sa.Text, nullable=False),
    sa.Column("sealed", sa.Text, nullable=False),
    sa.Column("released_at", Instant, nullable=False),
    sa.Index("ix_collated_answers_person_id", "person_id"),
)

set_wishes = sa.Table(
    "set_wishes",
    metadata,
    sa.Column("course_id", Id, sa.ForeignKey("courses.id"), primary_key=True),
    sa.Column("person_id", sa.String(200), primary_key=True),
    sa.Column("can", sa.JSON, nullable=False),
    sa.Column("prefers", sa.JSON, nullable=False),
    sa.Column("put_forward_at", Instant, nullable=False),
    sa.Index("ix_set_wishes_person_id", "person_id"),
)

sets = sa.Table(
    "sets",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("course_id", Id, sa.ForeignKey("courses.id"), nullable=False),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("slot", sa.String(120), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("facilitator_id", sa.String(200), nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("confirmed_at", Instant),
    # The calendar series and the group chat, and the attempts to make them.
    sa.Column("event_id", sa.String(400), nullable=False),
    sa.Column("join_url", sa.Text, nullable=False),
    sa.Column("attempt", sa.String(64), nullable=False),
    sa.Column("chat_id", sa.String(200), nullable=False),
    sa.Column("bound", sa.Integer, nullable=False),
    sa.Index("ix_sets_course_id", "course_id"),
    sa.Index("ix_sets_facilitator_id", "facilitator_id"),
)

set_members = sa.Table(
    "set_members",
    metadata,
    sa.Column("set_id", Id, sa.ForeignKey("sets.id"), primary_key=True),
    sa.Column("person_id", sa.String(200), primary_key=True),
    sa.Column("joined_at", Instant, nullable=False),
    sa.Column("left_at", Instant),
    sa.Index("ix_set_members_person_id", "person_id"),
)

set_meetings = sa.Table(
    "set_meetings",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("set_id", Id, sa.ForeignKey("sets.id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("starts_at", Instant, nullable=False),
    sa.Column("ends_at", Instant, nullable=False),
    sa.Column("facilitator_id", sa.String(200), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("round_ends_at", Instant),
    # What whoever facilitated hands over to the next.
    sa.Column("sealed", sa.Text, nullable=False),
    sa.UniqueConstraint("set_id", "number"),
    sa.Index("ix_set_meetings_facilitator_id", "facilitator_id"),
)

dilemmas = sa.Table(
    "dilemmas",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("set_id", Id, sa.ForeignKey("sets.id"), nullable=False),
    sa.Column("person_id", sa.String(200), nullable=False),
    sa.Column("sealed", sa.Text, nullable=False),
    sa.Column("brought_at", Instant, nullable=False),
    # The meeting that it was presented at, and as which of its dilemmas.
    sa.Column("presented", sa.Integer),
    sa.Column("turn", sa.Integer),
    sa.Index("ix_dilemmas_set_id", "set_id"),
    sa.Index("ix_dilemmas_person_id", "person_id"),
)

commitments = sa.Table(
    "commitments",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("course_id", Id, sa.ForeignKey("courses.id"), nullable=False),
    sa.Column("person_id", sa.String(200), nullable=False),
    sa.Column("sealed", sa.Text, nullable=False),
    sa.Column("is_shared", sa.Boolean, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Index("ix_commitments_course_id", "course_id"),
    sa.Index("ix_commitments_person_id", "person_id"),
)

commitment_checks = sa.Table(
    "commitment_checks",
    metadata,
    sa.Column("commitment_id", Id, sa.ForeignKey("commitments.id"), primary_key=True),
    # 30, 60 or 90.
    sa.Column("day", sa.Integer, primary_key=True),
    sa.Column("person_id", sa.String(200), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    # The lesson, or how the commitment has changed.
    sa.Column("sealed", sa.Text, nullable=False),
    sa.Column("said_at", Instant, nullable=False),
    sa.Index("ix_commitment_checks_person_id", "person_id"),
)

# What organisers are shown of commitments, and what each person adds to it, unreadable without our key.
commitment_releases = sa.Table(
    "commitment_releases",
    metadata,
    sa.Column("course_id", Id, sa.ForeignKey("courses.id"), primary_key=True),
    sa.Column("figures", sa.JSON, nullable=False),
    sa.Column("patterns", sa.JSON, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
)

quotes = sa.Table(
    "quotes",
    metadata,
    sa.Column("course_id", Id, sa.ForeignKey("courses.id"), primary_key=True),
    sa.Column("person_id", sa.String(200), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    # Where it may appear, and under which name: nothing else may.
    sa.Column("places", sa.JSON, nullable=False),
    sa.Column("signed_as", sa.String(200), nullable=False),
    sa.Column("agreed_at", Instant, nullable=False),
    sa.Column("revoked_at", Instant),
    sa.Index("ix_quotes_person_id", "person_id"),
)
