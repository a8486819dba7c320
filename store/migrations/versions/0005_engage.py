"""What is signed in to outside, and messages of Viva Engage that were answered.

Only adds: replicas of the version before go on beside this one.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from store.tables import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "secrets",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=320), nullable=False),
        sa.Column("needed_since", Instant()),
        sa.Column("leased_until", sa.Float()),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_secrets")),
    )
    op.create_table(
        "engage",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("answers", sa.Boolean(), nullable=False),
        sa.Column("received", sa.BigInteger()),
        sa.Column("private", sa.BigInteger()),
        sa.Column("told", Instant()),
        sa.Column("next_look", Instant()),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_engage")),
    )
    op.create_table(
        "engage_posts",
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("posted_at", Instant(), nullable=False),
        sa.Column("deleted_at", Instant()),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_engage_posts")),
    )
    op.create_table(
        "engage_answers",
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sender_id", sa.BigInteger(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_engage_answers")),
    )
    op.create_index("ix_engage_answers_written_at", "engage_answers", ["written_at"])
    op.create_table(
        "call_times",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("times", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_call_times")),
    )


def downgrade() -> None:
    op.drop_table("call_times")
    op.drop_index("ix_engage_answers_written_at", "engage_answers")
    op.drop_table("engage_answers")
    op.drop_table("engage_posts")
    op.drop_table("engage")
    op.drop_table("secrets")
