"""Courses over months, who is on them, and what people write there.

Only adds: replicas of the version before go on beside this one.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from store.tables import Id, Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "courses",
        sa.Column("id", Id, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("code_key", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("imported_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_courses_edition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
        sa.UniqueConstraint("code_key", name=op.f("uq_courses_code_key")),
    )
    op.create_table(
        "commitments",
        sa.Column("id", Id, nullable=False),
        sa.Column("course_id", Id, nullable=False),
        sa.Column("person_id", sa.String(length=200), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_commitments_course_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
    )
    op.create_index("ix_commitments_course_id", "commitments", ["course_id"], unique=False)
    op.create_index("ix_commitments_person_id", "commitments", ["person_id"], unique=False)
    op.create_table(
        "course_answers",
        sa.Column("course_id", Id, nullable=False),
        sa.Column("person_id", sa.String(length=200), nullable=False),
        sa.Column("step_id", sa.String(length=200), nullable=False),
        sa.Column("question_id", sa.String(length=200), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_course_answers_course_id")
        ),
        sa.PrimaryKeyConstraint(
            "course_id", "person_id", "step_id", "question_id", name=op.f("pk_course_answers")
        ),
    )
    op.create_index("ix_course_answers_person_id", "course_answers", ["person_id"], unique=False)
    op.create_table(
        "course_pictures",
        sa.Column("course_id", Id, nullable=False),
        sa.Column("file", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_course_pictures_course_id")
        ),
        sa.PrimaryKeyConstraint("course_id", "file", name=op.f("pk_course_pictures")),
    )
    op.create_index("ix_course_pictures_digest", "course_pictures", ["digest"], unique=False)
    op.create_table(
        "enrolments",
        sa.Column("course_id", Id, nullable=False),
        sa.Column("person_id", sa.String(length=200), nullable=False),
        sa.Column("cohort", sa.String(length=120), nullable=False),
        sa.Column("enrolled_by", sa.String(length=200), nullable=False),
        sa.Column("enrolled_at", Instant(), nullable=False),
        sa.Column("left_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_enrolments_course_id")
        ),
        sa.PrimaryKeyConstraint("course_id", "person_id", name=op.f("pk_enrolments")),
    )
    op.create_index("ix_enrolments_person_id", "enrolments", ["person_id"], unique=False)
    op.create_table(
        "quotes",
        sa.Column("course_id", Id, nullable=False),
        sa.Column("person_id", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("signed_as", sa.String(length=200), nullable=False),
        sa.Column("agreed_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_quotes_course_id")),
        sa.PrimaryKeyConstraint("course_id", "person_id", name=op.f("pk_quotes")),
    )
    op.create_index("ix_quotes_person_id", "quotes", ["person_id"], unique=False)
    op.create_table(
        "reflections",
        sa.Column("course_id", Id, nullable=False),
        sa.Column("person_id", sa.String(length=200), nullable=False),
        sa.Column("step_id", sa.String(length=200), nullable=False),
        sa.Column("question_id", sa.String(length=200), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_reflections_course_id")
        ),
        sa.PrimaryKeyConstraint(
            "course_id", "person_id", "step_id", "question_id", name=op.f("pk_reflections")
        ),
    )
    op.create_index("ix_reflections_person_id", "reflections", ["person_id"], unique=False)
    op.create_table(
        "collated_answers",
        sa.Column("course_id", Id, nullable=False),
        sa.Column("step_id", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.String(length=200), nullable=False),
        sa.Column("session_id", Id, nullable=True),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("released_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_collated_answers_course_id")
        ),
        sa.PrimaryKeyConstraint(
            "course_id", "step_id", "person_id", name=op.f("pk_collated_answers")
        ),
    )
    op.create_index(
        "ix_collated_answers_person_id", "collated_answers", ["person_id"], unique=False
    )
    op.create_table(
        "set_wishes",
        sa.Column("course_id", Id, nullable=False),
        sa.Column("person_id", sa.String(length=200), nullable=False),
        sa.Column("can", sa.JSON(), nullable=False),
        sa.Column("prefers", sa.JSON(), nullable=False),
        sa.Column("put_forward_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_set_wishes_course_id")
        ),
        sa.PrimaryKeyConstraint("course_id", "person_id", name=op.f("pk_set_wishes")),
    )
    op.create_index("ix_set_wishes_person_id", "set_wishes", ["person_id"], unique=False)
    op.create_table(
        "sets",
        sa.Column("id", Id, nullable=False),
        sa.Column("course_id", Id, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("slot", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("facilitator_id", sa.String(length=200), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.Column("event_id", sa.String(length=400), nullable=False),
        sa.Column("join_url", sa.Text(), nullable=False),
        sa.Column("attempt", sa.String(length=64), nullable=False),
        sa.Column("chat_id", sa.String(length=200), nullable=False),
        sa.Column("bound", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_sets_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sets")),
    )
    op.create_index("ix_sets_course_id", "sets", ["course_id"], unique=False)
    op.create_index("ix_sets_facilitator_id", "sets", ["facilitator_id"], unique=False)
    op.create_table(
        "step_states",
        sa.Column("course_id", Id, nullable=False),
        sa.Column("person_id", sa.String(length=200), nullable=False),
        sa.Column("step_id", sa.String(length=200), nullable=False),
        sa.Column("screen", sa.Integer(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("done_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_step_states_course_id")
        ),
        sa.PrimaryKeyConstraint("course_id", "person_id", "step_id", name=op.f("pk_step_states")),
    )
    op.create_index("ix_step_states_person_id", "step_states", ["person_id"], unique=False)
    op.create_table(
        "commitment_checks",
        sa.Column("commitment_id", Id, nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("said_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitments.id"], name=op.f("fk_commitment_checks_commitment_id")
        ),
        sa.PrimaryKeyConstraint("commitment_id", "day", name=op.f("pk_commitment_checks")),
    )
    op.create_index(
        "ix_commitment_checks_person_id", "commitment_checks", ["person_id"], unique=False
    )
    op.create_table(
        "commitment_releases",
        sa.Column("course_id", Id, nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("patterns", sa.JSON(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_commitment_releases_course_id")
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_commitment_releases")),
    )
    op.create_table(
        "dilemmas",
        sa.Column("id", Id, nullable=False),
        sa.Column("set_id", Id, nullable=False),
        sa.Column("person_id", sa.String(length=200), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("brought_at", Instant(), nullable=False),
        sa.Column("presented", sa.Integer(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["set_id"], ["sets.id"], name=op.f("fk_dilemmas_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dilemmas")),
    )
    op.create_index("ix_dilemmas_person_id", "dilemmas", ["person_id"], unique=False)
    op.create_index("ix_dilemmas_set_id", "dilemmas", ["set_id"], unique=False)
    op.create_table(
        "set_meetings",
        sa.Column("id", Id, nullable=False),
        sa.Column("set_id", Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("facilitator_id", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("round_ends_at", Instant(), nullable=True),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["set_id"], ["sets.id"], name=op.f("fk_set_meetings_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_meetings")),
        sa.UniqueConstraint("set_id", "number", name=op.f("uq_set_meetings_set_id_number")),
    )
    op.create_index(
        "ix_set_meetings_facilitator_id", "set_meetings", ["facilitator_id"], unique=False
    )
    op.create_table(
        "set_members",
        sa.Column("set_id", Id, nullable=False),
        sa.Column("person_id", sa.String(length=200), nullable=False),
        sa.Column("joined_at", Instant(), nullable=False),
        sa.Column("left_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["set_id"], ["sets.id"], name=op.f("fk_set_members_set_id")),
        sa.PrimaryKeyConstraint("set_id", "person_id", name=op.f("pk_set_members")),
    )
    op.create_index("ix_set_members_person_id", "set_members", ["person_id"], unique=False)
    op.add_column("sessions", sa.Column("course_id", Id))


def downgrade() -> None:
    op.drop_column("sessions", "course_id")
    op.drop_index("ix_set_members_person_id", table_name="set_members")
    op.drop_table("set_members")
    op.drop_index("ix_set_meetings_facilitator_id", table_name="set_meetings")
    op.drop_table("set_meetings")
    op.drop_index("ix_dilemmas_set_id", table_name="dilemmas")
    op.drop_index("ix_dilemmas_person_id", table_name="dilemmas")
    op.drop_table("dilemmas")
    op.drop_index("ix_commitment_checks_person_id", table_name="commitment_checks")
    op.drop_table("commitment_checks")
    op.drop_table("commitment_releases")
    op.drop_index("ix_step_states_person_id", table_name="step_states")
    op.drop_table("step_states")
    op.drop_index("ix_sets_facilitator_id", table_name="sets")
    op.drop_index("ix_sets_course_id", table_name="sets")
    op.drop_table("sets")
    op.drop_index("ix_collated_answers_person_id", table_name="collated_answers")
    op.drop_table("collated_answers")
    op.drop_index("ix_set_wishes_person_id", table_name="set_wishes")
    op.drop_table("set_wishes")
    op.drop_index("ix_reflections_person_id", table_name="reflections")
    op.drop_table("reflections")
    op.drop_index("ix_quotes_person_id", table_name="quotes")
    op.drop_table("quotes")
    op.drop_index("ix_enrolments_person_id", table_name="enrolments")
    op.drop_table("enrolments")
    op.drop_index("ix_course_pictures_digest", table_name="course_pictures")
    op.drop_table("course_pictures")
    op.drop_index("ix_course_answers_person_id", table_name="course_answers")
    op.drop_table("course_answers")
    op.drop_index("ix_commitments_person_id", table_name="commitments")
    op.drop_index("ix_commitments_course_id", table_name="commitments")
    op.drop_table("commitments")
    op.drop_table("courses")
