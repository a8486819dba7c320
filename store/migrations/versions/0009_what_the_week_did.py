"""What people say of sessions and wish for, who promotes them, and the figures of earlier years.

Only adds: replicas of the version before go on beside this one.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

from store.tables import Id, Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "champions",
        sa.Column("person_id", sa.String(length=200), nullable=False),
        sa.Column("group_name", sa.String(length=200), nullable=False),
        sa.Column("named_by", sa.String(length=200), nullable=False),
        sa.Column("named_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "group_name", name=op.f("pk_champions")),
    )
    op.create_table(
        "last_seen",
        sa.Column("person_id", sa.String(length=200), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_last_seen_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_last_seen")),
    )
    op.create_index("ix_last_seen_seen_at", "last_seen", ["seen_at"], unique=False)
    op.create_table(
        "missed_words",
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("word", "mark", name=op.f("pk_missed_words")),
    )
    op.create_index("ix_missed_words_asked_on", "missed_words", ["asked_on"], unique=False)
    op.create_table(
        "past_editions",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("imported_by", sa.String(length=200), nullable=False),
        sa.Column("imported_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_past_editions")),
    )
    op.create_table(
        "report_releases",
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("patterns", sa.JSON(), nullable=False),
        sa.Column("rules", sa.String(length=200), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_report_releases_edition_id")
        ),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_report_releases")),
    )
    op.create_table(
        "themes",
        sa.Column("id", Id, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.String(length=200), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_themes")),
    )
    op.create_table(
        "feedback",
        sa.Column("session_id", Id, nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("helped", sa.Boolean(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("given_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("shown", sa.String(length=64), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_feedback_stars")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_feedback_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "who", name=op.f("pk_feedback")),
    )
    op.create_index("ix_feedback_who", "feedback", ["who"], unique=False)
    op.create_table(
        "feedback_releases",
        sa.Column("session_id", Id, nullable=False),
        sa.Column("stars", sa.JSON(), nullable=False),
        sa.Column("helped", sa.Integer(), nullable=False),
        sa.Column("not_helped", sa.Integer(), nullable=False),
        sa.Column("comments", sa.JSON(), nullable=False),
        sa.Column("released_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_feedback_releases_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_feedback_releases")),
    )
    op.create_table(
        "ideas",
        sa.Column("id", Id, nullable=False),
        sa.Column("theme_id", Id, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", sa.String(length=200), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("session_id", Id, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_ideas_session_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_ideas_theme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ideas")),
    )
    op.create_index("ix_ideas_person_id", "ideas", ["person_id"], unique=False)
    op.create_index("ix_ideas_session_id", "ideas", ["session_id"], unique=False)
    op.create_table(
        "shares",
        sa.Column("tag", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=200), nullable=False),
        sa.Column("session_id", Id, nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("posted_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_shares_session_id")),
        sa.PrimaryKeyConstraint("tag", name=op.f("pk_shares")),
        sa.UniqueConstraint("person_id", "session_id", name=op.f("uq_shares_person_id_session_id")),
    )
    op.create_table(
        "wants_again",
        sa.Column("person_id", sa.String(length=200), nullable=False),
        sa.Column("session_id", Id, nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("known_upto", Id, nullable=False),
        sa.Column("told_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_wants_again_session_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "session_id", name=op.f("pk_wants_again")),
    )
    op.create_index("ix_wants_again_session_id", "wants_again", ["session_id"], unique=False)
    op.create_table(
        "idea_supports",
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("person_id", sa.String(length=200), nullable=False),
        sa.Column("supported_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_idea_supports_idea_id")),
        sa.PrimaryKeyConstraint("idea_id", "person_id", name=op.f("pk_idea_supports")),
    )
    op.create_index("ix_idea_supports_person_id", "idea_supports", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_idea_supports_person_id", table_name="idea_supports")
    op.drop_table("idea_supports")
    op.drop_index("ix_wants_again_session_id", table_name="wants_again")
    op.drop_table("wants_again")
    op.drop_table("shares")
    op.drop_index("ix_ideas_session_id", table_name="ideas")
    op.drop_index("ix_ideas_person_id", table_name="ideas")
    op.drop_table("ideas")
    op.drop_table("feedback_releases")
    op.drop_index("ix_feedback_who", table_name="feedback")
    op.drop_table("feedback")
    op.drop_table("themes")
    op.drop_table("report_releases")
    op.drop_table("past_editions")
    op.drop_index("ix_missed_words_asked_on", table_name="missed_words")
    op.drop_table("missed_words")
    op.drop_index("ix_last_seen_seen_at", table_name="last_seen")
    op.drop_table("last_seen")
    op.drop_table("champions")
