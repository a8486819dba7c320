"""The SharePoint list of the programme, as it was last seen.

Only adds: replicas of the version before go on beside this one.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from store.tables import Id, Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hub_list",
        sa.Column("list_key", sa.String(length=400), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("read_at", Instant()),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("edition_id", Id),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("told", sa.String(length=64), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("trouble", sa.String(length=300), nullable=False),
        sa.Column("unwritten", sa.String(length=300), nullable=False),
        sa.Column("unwatched", sa.String(length=300), nullable=False),
        sa.Column("watch_id", sa.String(length=100), nullable=False),
        sa.Column("watch_url", sa.Text(), nullable=False),
        sa.Column("watch_until", Instant()),
        sa.Column("watch_again_at", Instant()),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_hub_list_edition_id")
        ),
        sa.PrimaryKeyConstraint("list_key", name=op.f("pk_hub_list")),
    )
    op.create_table(
        "hub_items",
        sa.Column("list_key", sa.String(length=400), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.String(length=200), nullable=False),
        sa.Column("editor", sa.String(length=200)),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("applied", sa.JSON(none_as_null=True)),
        sa.Column("own", sa.JSON(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("told", sa.String(length=200), nullable=False),
        sa.Column("session_id", Id),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_hub_items_session_id")
        ),
        sa.PrimaryKeyConstraint("list_key", "id", name=op.f("pk_hub_items")),
    )
    op.create_index("ix_hub_items_session_id", "hub_items", ["session_id"])


def downgrade() -> None:
    op.drop_table("hub_items")
    op.drop_table("hub_list")
