"""What people say of sessions and wish for, and who promotes them. The tables, on both databases."""

from __future__ import annotations

import sqlalchemy as sa

from store.tables import Id, Instant, metadata

feedback = sa.Table(
    "feedback",
    metadata,
    sa.Column("session_id", Id, sa.ForeignKey("sessions.id"), primary_key=True),
    # No foreign key: the answers stay as counts after their giver was forgotten.
    sa.Column("who", sa.String(200), primary_key=True),
    sa.Column("stars", sa.Integer, nullable=False),
    sa.Column("helped", sa.Boolean),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("given_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    # Digests of the answer as it stands, and as it was when what is shown was made of it.
    sa.Column("mark", sa.String(64), nullable=False),
    sa.Column("shown", sa.String(64), nullable=False),
    sa.CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
    sa.Index("ix_feedback_who", "who"),
)

# What of the answers may be shown: taken anew only when enough of them differ from it.
feedback_releases = sa.Table(
    "feedback_releases",
    metadata,
    sa.Column("session_id", Id, sa.ForeignKey("sessions.id"), primary_key=True),
    sa.Column("stars", sa.JSON, nullable=False),
    sa.Column("helped", sa.Integer, nullable=False),
    sa.Column("not_helped", sa.Integer, nullable=False),
    sa.Column("comments", sa.JSON, nullable=False),
    sa.Column("released_at", Instant, nullable=False),
)

champions = sa.Table(
    "champions",
    metadata,
    sa.Column("person_id", sa.String(200), primary_key=True),
    sa.Column("group_name", sa.String(200), primary_key=True),
    sa.Column("named_by", sa.String(200), nullable=False),
    sa.Column("named_at", Instant, nullable=False),
)

shares = sa.Table(
    "shares",
    metadata,
    sa.Column("tag", sa.String(16), primary_key=True),
    sa.Column("person_id", sa.String(200), nullable=False),
    sa.Column("session_id", Id, sa.ForeignKey("sessions.id"), nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("posted_at", Instant),
    sa.UniqueConstraint("person_id", "session_id"),
)

themes = sa.Table(
    "themes",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("opened_by", sa.String(200), nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("closed_at", Instant),
)

ideas = sa.Table(
    "ideas",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("theme_id", Id, sa.ForeignKey("themes.id")),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("person_id", sa.String(200), nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("session_id", Id, sa.ForeignKey("sessions.id")),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Index("ix_ideas_person_id", "person_id"),
    sa.Index("ix_ideas_session_id", "session_id"),
)

idea_supports = sa.Table(
    "idea_supports",
    metadata,
    sa.Column("idea_id", Id, sa.ForeignKey("ideas.id"), primary_key=True),
    sa.Column("person_id", sa.String(200), primary_key=True),
    sa.Column("supported_at", Instant, nullable=False),
    sa.Index("ix_idea_supports_person_id", "person_id"),
)

# Single words, never what somebody typed; `mark` counts different people and names nobody.
missed_words = sa.Table(
    "missed_words",
    metadata,
    sa.Column("word", sa.String(60), primary_key=True),
    sa.Column("mark", sa.String(64), primary_key=True),
    sa.Column("asked_on", sa.Date, nullable=False),
    sa.Index("ix_missed_words_asked_on", "asked_on"),
)

past_editions = sa.Table(
    "past_editions",
    metadata,
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("held_on", sa.Date),
    sa.Column("figures", sa.JSON, nullable=False),
    sa.Column("imported_by", sa.String(200), nullable=False),
    sa.Column("imported_at", Instant, nullable=False),
)

# The figures of bookings and attendance that a report shows until enough people's have changed.
report_releases = sa.Table(
    "report_releases",
    metadata,
    sa.Column("edition_id", Id, sa.ForeignKey("editions.id"), primary_key=True),
    sa.Column("figures", sa.JSON, nullable=False),
    # What each person adds to them, as a keyed digest that says neither who nor what.
    sa.Column("patterns", sa.JSON, nullable=False),
    sa.Column("rules", sa.String(200), nullable=False),
    sa.Column("made_at", Instant, nullable=False),
)

wants_again = sa.Table(
    "wants_again",
    metadata,
    sa.Column("person_id", sa.String(200), primary_key=True),
    sa.Column("session_id", Id, sa.ForeignKey("sessions.id"), primary_key=True),
    sa.Column("asked_at", Instant, nullable=False),
    # The newest session there was when they asked: only what is newer is news.
    sa.Column("known_upto", Id, nullable=False),
    sa.Column("told_at", Instant),
    sa.Index("ix_wants_again_session_id", "session_id"),
)

# When somebody last talked with the bot, as a night's look can tell: talk is not kept so long.
last_seen = sa.Table(
    "last_seen",
    metadata,
    sa.Column(
        "person_id",
        sa.String(200),
        sa.ForeignKey("people.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("seen_at", Instant, nullable=False),
    sa.Index("ix_last_seen_seen_at", "seen_at"),
)
