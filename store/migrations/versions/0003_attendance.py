"""What systems said of who was there, and what came of it.

Only adds: replicas of the version before go on beside this one.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from store.tables import Id, Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attendance_records",
        sa.Column("id", Id, nullable=False),
        sa.Column("session_id", Id, nullable=False),
        sa.Column("system", sa.String(length=20), nullable=False),
        sa.Column("meeting", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("is_organiser", sa.Boolean(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("kept_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_attendance_records_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_records")),
        sa.UniqueConstraint(
            "session_id",
            "system",
            "meeting",
            "report",
            "record",
            name=op.f("uq_attendance_records_said"),
        ),
    )
    op.create_index("ix_attendance_records_who", "attendance_records", ["who"])
    op.create_table(
        "attendance",
        sa.Column("session_id", Id, nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_attendance_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "who", name=op.f("pk_attendance")),
    )
    op.create_index("ix_attendance_who", "attendance", ["who"])
    op.create_table(
        "attendance_changes",
        sa.Column("id", Id, nullable=False),
        sa.Column("session_id", Id, nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("was", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_attendance_changes_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_changes")),
    )
    op.create_index("ix_attendance_changes_session_id", "attendance_changes", ["session_id"])
    op.create_table(
        "check_in_helpers",
        sa.Column("session_id", Id, nullable=False),
        sa.Column("person_id", sa.String(length=200), nullable=False),
        sa.Column("allowed_by", sa.String(length=200), nullable=False),
        sa.Column("allowed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_check_in_helpers_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "person_id", name=op.f("pk_check_in_helpers")),
    )


def downgrade() -> None:
    op.drop_table("check_in_helpers")
    op.drop_table("attendance_changes")
    op.drop_table("attendance")
    op.drop_table("attendance_records")
