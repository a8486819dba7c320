"""Zoom meetings, and the personal links of those registered.

Only adds: replicas of the version before go on beside this one.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from store.tables import Id

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "zoom_meetings",
        sa.Column("session_id", Id, nullable=False),
        sa.Column("meeting_id", sa.Text(), nullable=False),
        sa.Column("mark", sa.String(length=128), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("roster_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_zoom_meetings_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_zoom_meetings")),
    )
    op.create_table(
        "zoom_registrants",
        sa.Column("session_id", Id, nullable=False),
        sa.Column("person_id", sa.String(length=200), nullable=False),
        sa.Column("registrant_id", sa.Text(), nullable=False),
        sa.Column("join_url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_zoom_registrants_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "person_id", name=op.f("pk_zoom_registrants")),
    )
    op.create_index("ix_zoom_registrants_person_id", "zoom_registrants", ["person_id"])
    op.create_table(
        "zoom_calls",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_zoom_calls")),
    )


def downgrade() -> None:
    op.drop_table("zoom_calls")
    op.drop_index("ix_zoom_registrants_person_id", "zoom_registrants")
    op.drop_table("zoom_registrants")
    op.drop_table("zoom_meetings")
