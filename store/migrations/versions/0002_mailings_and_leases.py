"""What belongs to one mailing and what became of it, and leases by the database's own clock.

Only adds: replicas of the version before go on beside this one.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from store.tables import Id, Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LEASED = sa.text("state = 'leased'")
SETTLED = sa.text("settled_at IS NOT NULL")


def upgrade() -> None:
    op.add_column(
        "outbox",
        sa.Column("mailing", sa.String(length=400), nullable=False, server_default=sa.text("''")),
    )
    op.add_column("outbox", sa.Column("leased_until", sa.Float(), nullable=True))
    op.create_index("ix_outbox_mailing", "outbox", ["mailing", "state", "due_at"])
    op.create_index(
        "ix_outbox_leased",
        "outbox",
        ["leased_until"],
        sqlite_where=LEASED,
        postgresql_where=LEASED,
    )
    op.create_index(
        "ix_outbox_settled",
        "outbox",
        ["settled_at"],
        sqlite_where=SETTLED,
        postgresql_where=SETTLED,
    )
    op.create_table(
        "mailing_totals",
        sa.Column("mailing", sa.String(length=400), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("session_id", Id),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("mailing", "state", "reason", name=op.f("pk_mailing_totals")),
    )


def downgrade() -> None:
    op.drop_table("mailing_totals")
    op.drop_index("ix_outbox_settled", "outbox")
    op.drop_index("ix_outbox_leased", "outbox")
    op.drop_index("ix_outbox_mailing", "outbox")
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_column("leased_until")
        outbox.drop_column("mailing")
