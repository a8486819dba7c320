"""The tables, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from typing_extensions import override

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class Instant(sa.types.TypeDecorator[datetime]):
    """A UTC instant, aware on both sides; SQLite itself keeps no zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    @override
    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


PROGRAMME = "programme"
"""The name of the version that every change to the programme, and no booking, moves on."""

versions = sa.Table(
    "versions",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)

editions = sa.Table(
    "editions",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False, unique=True),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("edition_id", Id, sa.ForeignKey("editions.id"), nullable=False),
    sa.Column("code", sa.String(40), nullable=False),
    sa.Column("code_key", sa.String(40), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("strand", sa.String(200), nullable=False),
    sa.Column("topics", sa.JSON, nullable=False),
    sa.Column("facilitators", sa.JSON, nullable=False),
    sa.Column("starts_at", Instant),
    sa.Column("ends_at", Instant),
    sa.Column("timezone", sa.String(64), nullable=False),
    sa.Column("capacity", sa.Integer),
    sa.Column("format", sa.String(20), nullable=False),
    sa.Column("link", sa.Text, nullable=False),
    sa.Column("location", sa.Text, nullable=False),
    sa.Column("audience", sa.Text, nullable=False),
    sa.Column("waiting_list", sa.Boolean, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("taken", sa.Integer, nullable=False),
    sa.Column("waiting", sa.Integer, nullable=False),
    sa.Column("next_no", sa.Integer, nullable=False),
    sa.Column("kept", sa.Integer, nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("roster_version", sa.Integer, nullable=False),
    sa.Column("join_url", sa.Text, nullable=False),
    sa.Column("changed_at", Instant),
    # The course whose live session it is, which only those on the course book.
    sa.Column("course_id", Id),
    sa.UniqueConstraint("edition_id", "code_key"),
    sa.CheckConstraint("capacity IS NULL OR capacity >= 1", name="capacity"),
    sa.CheckConstraint(
        "capacity IS NULL OR taken <= capacity OR taken <= kept", name="not_overbooked"
    ),
    sa.CheckConstraint("taken >= 0 AND waiting >= 0", name="counts"),
)

people = sa.Table(
    "people",
    metadata,
    sa.Column("id", sa.String(200), primary_key=True),
    sa.Column("name", sa.String(300), nullable=False),
    sa.Column("email", sa.String(320), nullable=False),
    sa.Column("teams_id", sa.String(300), nullable=False),
    sa.Column("timezone", sa.String(64)),
    sa.Column("service_url", sa.Text, nullable=False),
    sa.Column("conversation_id", sa.Text, nullable=False),
    sa.Column("tenant_id", sa.String(64), nullable=False),
    sa.Column("unreachable", sa.String(200), nullable=False),
    sa.Column("wants_nudges", sa.Boolean, nullable=False),
    sa.Column("wants_highlights", sa.Boolean, nullable=False),
    sa.Column("welcomed_at", Instant),
)

LIVE = "state IN ('booked', 'offered', 'waiting')"

bookings = sa.Table(
    "bookings",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("session_id", Id, sa.ForeignKey("sessions.id"), nullable=False),
    sa.Column("person_id", sa.String(200), sa.ForeignKey("people.id"), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("queue_no", sa.Integer, nullable=False),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("offered_until", Instant),
    sa.Column("source", sa.String(40), nullable=False),
    sa.UniqueConstraint("session_id", "queue_no"),
    sa.Index(
        "uq_bookings_live",
        "session_id",
        "person_id",
        unique=True,
        sqlite_where=sa.text(LIVE),
        postgresql_where=sa.text(LIVE),
    ),
    sa.Index("ix_bookings_person_id", "person_id"),
    sa.Index(
        "ix_bookings_offered_until",
        "offered_until",
        sqlite_where=sa.text("state = 'offered'"),
        postgresql_where=sa.text("state = 'offered'"),
    ),
)

channels = sa.Table(
    "channels",
    metadata,
    sa.Column("id", sa.String(300), primary_key=True),
    sa.Column("name", sa.String(300), nullable=False),
    sa.Column("team_id", sa.String(300), nullable=False),
    sa.Column("team_name", sa.String(300), nullable=False),
    sa.Column("paused", sa.String(40), nullable=False),
    sa.Column("service_url", sa.Text, nullable=False),
    sa.Column("conversation_id", sa.Text, nullable=False),
    sa.Column("tenant_id", sa.String(64), nullable=False),
)

meetings = sa.Table(
    "meetings",
    metadata,
    sa.Column("session_id", Id, sa.ForeignKey("sessions.id"), primary_key=True),
    sa.Column("event_id", sa.Text, nullable=False),
    sa.Column("transaction", sa.String(128), nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("roster_version", sa.Integer, nullable=False),
)

OPEN = "state IN ('queued', 'leased', 'held_back')"
LEASED = "state = 'leased'"

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("key", sa.String(400), nullable=False, unique=True),
    sa.Column("lane", sa.String(80)),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("person_id", sa.String(200)),
    sa.Column("channel_id", sa.String(300)),
    sa.Column("session_id", Id),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("next_at", Instant, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("owner", sa.String(40), nullable=False),
    sa.Column("last_error", sa.String(300), nullable=False),
    sa.Column("activity_id", sa.Text, nullable=False),
    sa.Column("settled_at", Instant),
    sa.Column("mailing", sa.String(400), nullable=False, server_default=sa.text("''")),
    sa.Column("leased_until", sa.Float),
    sa.Index("ix_outbox_mailing", "mailing", "state", "due_at"),
    sa.Index(
        "ix_outbox_leased",
        "leased_until",
        sqlite_where=sa.text(LEASED),
        postgresql_where=sa.text(LEASED),
    ),
    sa.Index(
        "ix_outbox_settled",
        "settled_at",
        sqlite_where=sa.text("settled_at IS NOT NULL"),
        postgresql_where=sa.text("settled_at IS NOT NULL"),
    ),
    sa.Index(
        "ix_outbox_open",
        "priority",
        "next_at",
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    ),
    sa.Index("ix_outbox_lane", "lane", sqlite_where=sa.text(OPEN), postgresql_where=sa.text(OPEN)),
    sa.Index("ix_outbox_subject", "session_id", "person_id", "kind"),
    sa.Index(
        "uq_outbox_lane",
        "lane",
        unique=True,
        sqlite_where=sa.text(LEASED),
        postgresql_where=sa.text(LEASED),
    ),
)

mailing_totals = sa.Table(
    "mailing_totals",
    metadata,
    sa.Column("mailing", sa.String(400), primary_key=True),
    sa.Column("state", sa.String(20), primary_key=True),
    sa.Column("reason", sa.String(300), primary_key=True),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("session_id", Id),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
)

pace = sa.Table(
    "pace",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("next_slot", sa.Float, nullable=False),
)

conversation_state = sa.Table(
    "conversation_state",
    metadata,
    sa.Column("key", sa.String(600), primary_key=True),
    sa.Column("data", sa.JSON, nullable=False),
    sa.Column("etag", sa.Integer, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
)

attendance_records = sa.Table(
    "attendance_records",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("session_id", Id, sa.ForeignKey("sessions.id"), nullable=False),
    sa.Column("system", sa.String(20), nullable=False),
    sa.Column("meeting", sa.Text, nullable=False),
    sa.Column("report", sa.Text, nullable=False),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("who", sa.String(200), nullable=False),
    sa.Column("is_organiser", sa.Boolean, nullable=False),
    sa.Column("spans", sa.JSON, nullable=False),
    sa.Column("seconds", sa.Integer, nullable=False),
    sa.Column("kept_at", Instant, nullable=False),
    sa.UniqueConstraint(
        "session_id",
        "system",
        "meeting",
        "report",
        "record",
        name="uq_attendance_records_said",
    ),
    sa.Index("ix_attendance_records_who", "who"),
)

attendance = sa.Table(
    "attendance",
    metadata,
    sa.Column("session_id", Id, sa.ForeignKey("sessions.id"), primary_key=True),
    sa.Column("who", sa.String(200), primary_key=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("source", sa.String(20), nullable=False),
    sa.Column("seconds", sa.Integer, nullable=False),
    sa.Column("changed_by", sa.String(200), nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("name", sa.String(300), nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Index("ix_attendance_who", "who"),
)

attendance_changes = sa.Table(
    "attendance_changes",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("session_id", Id, sa.ForeignKey("sessions.id"), nullable=False),
    sa.Column("who", sa.String(200), nullable=False),
    sa.Column("was", sa.String(20), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("source", sa.String(20), nullable=False),
    sa.Column("changed_by", sa.String(200), nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Index("ix_attendance_changes_session_id", "session_id"),
)

check_in_helpers = sa.Table(
    "check_in_helpers",
    metadata,
    sa.Column("session_id", Id, sa.ForeignKey("sessions.id"), primary_key=True),
    sa.Column("person_id", sa.String(200), primary_key=True),
    sa.Column("allowed_by", sa.String(200), nullable=False),
    sa.Column("allowed_at", Instant, nullable=False),
)

person_profiles = sa.Table(
    "person_profiles",
    metadata,
    sa.Column(
        "person_id",
        sa.String(200),
        sa.ForeignKey("people.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("department", sa.String(300), nullable=False),
    sa.Column("office", sa.String(300), nullable=False),
    sa.Column("manager_id", sa.String(200), nullable=False),
    sa.Column("language", sa.String(40), nullable=False),
    sa.Column("read_at", Instant, nullable=False),
)

hub_list = sa.Table(
    "hub_list",
    metadata,
    sa.Column("list_key", sa.String(400), primary_key=True),
    sa.Column("link", sa.Text, nullable=False),
    sa.Column("read_at", Instant),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("edition_id", Id, sa.ForeignKey("editions.id")),
    sa.Column("faults", sa.JSON, nullable=False),
    sa.Column("told", sa.String(64), nullable=False),
    sa.Column("report", sa.Text, nullable=False),
    sa.Column("trouble", sa.String(300), nullable=False),
    sa.Column("unwritten", sa.String(300), nullable=False),
    sa.Column("unwatched", sa.String(300), nullable=False),
    sa.Column("watch_id", sa.String(100), nullable=False),
    sa.Column("watch_url", sa.Text, nullable=False),
    sa.Column("watch_until", Instant),
    sa.Column("watch_again_at", Instant),
)

hub_items = sa.Table(
    "hub_items",
    metadata,
    sa.Column("list_key", sa.String(400), primary_key=True),
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("version", sa.String(200), nullable=False),
    sa.Column("editor", sa.String(200)),
    sa.Column("fields", sa.JSON, nullable=False),
    sa.Column("applied", sa.JSON(none_as_null=True)),
    sa.Column("own", sa.JSON, nullable=False),
    sa.Column("faults", sa.JSON, nullable=False),
    sa.Column("told", sa.String(200), nullable=False),
    sa.Column("session_id", Id, sa.ForeignKey("sessions.id")),
    sa.Index("ix_hub_items_session_id", "session_id"),
)

zoom_meetings = sa.Table(
    "zoom_meetings",
    metadata,
    sa.Column("session_id", Id, sa.ForeignKey("sessions.id"), primary_key=True),
    sa.Column("meeting_id", sa.Text, nullable=False),
    sa.Column("mark", sa.String(128), nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("roster_version", sa.Integer, nullable=False),
)

zoom_registrants = sa.Table(
    "zoom_registrants",
    metadata,
    sa.Column("session_id", Id, sa.ForeignKey("sessions.id"), primary_key=True),
    # No foreign key: a registration is cancelled after its owner was forgotten.
    sa.Column("person_id", sa.String(200), primary_key=True),
    sa.Column("registrant_id", sa.Text, nullable=False),
    sa.Column("join_url", sa.Text, nullable=False),
    sa.Index("ix_zoom_registrants_person_id", "person_id"),
)

zoom_calls = sa.Table(
    "zoom_calls",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("calls", sa.Integer, nullable=False),
)

secrets = sa.Table(
    "secrets",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("sealed", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("account", sa.String(320), nullable=False),
    sa.Column("needed_since", Instant),
    sa.Column("leased_until", sa.Float),
    sa.Column("owner", sa.String(40), nullable=False),
)

engage = sa.Table(
    "engage",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("answers", sa.Boolean, nullable=False),
    sa.Column("received", sa.BigInteger),
    sa.Column("private", sa.BigInteger),
    sa.Column("told", Instant),
    sa.Column("next_look", Instant),
)

engage_posts = sa.Table(
    "engage_posts",
    metadata,
    sa.Column("message_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("posted_at", Instant, nullable=False),
    sa.Column("deleted_at", Instant),
)

engage_answers = sa.Table(
    "engage_answers",
    metadata,
    sa.Column("message_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("sender_id", sa.BigInteger, nullable=False),
    sa.Column("parts", sa.JSON, nullable=False),
    sa.Column("written_at", Instant, nullable=False),
    sa.Index("ix_engage_answers_written_at", "written_at"),
)

call_times = sa.Table(
    "call_times",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("times", sa.JSON, nullable=False),
)

changes = sa.Table(
    "changes",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("at", Instant, nullable=False),
    # No foreign keys: who did what stays known after people and sessions are gone.
    sa.Column("by_id", sa.String(200), nullable=False),
    sa.Column("what", sa.String(60), nullable=False),
    sa.Column("session_id", Id),
    sa.Column("person_id", sa.String(200), nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("before", sa.JSON, nullable=False),
    sa.Column("after", sa.JSON, nullable=False),
    sa.Index("ix_changes_at", "at"),
    sa.Index("ix_changes_session_id", "session_id"),
)

errands = sa.Table(
    "errands",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("by_id", sa.String(200), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("result", sa.Text, nullable=False),
    sa.Column("began_at", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("file_name", sa.String(200), nullable=False),
    sa.Column("file", sa.LargeBinary),
    sa.Index("ix_errands_began_at", "began_at"),
)

calendar_keys = sa.Table(
    "calendar_keys",
    metadata,
    sa.Column(
        "person_id",
        sa.String(200),
        sa.ForeignKey("people.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    # The key itself is made of this and the secret key: what is stolen from here opens nothing.
    sa.Column("salt", sa.String(40), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("made_at", Instant, nullable=False),
)
