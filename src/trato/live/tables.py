"""Tables of the event log and its consumers."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index, SmallInteger, Table, Text, Uuid

from trato.db.metadata import Instant, created_column, json_column, metadata

# `id` is taken at insert, so a writer that commits late leaves a gap behind a reader.
# `position` is given only to committed rows, under a lock: readers follow `position`. See decisions/.
event = Table(
    "event",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("position", BigInteger),
    created_column("at"),
    Column("type", Text, nullable=False),
    Column("version", SmallInteger, nullable=False, server_default="1"),
    Column("audience", Text, nullable=False),
    Column("actor", Text, nullable=False, server_default="system"),
    Column("contact_id", Uuid),
    Column("conversation_id", Uuid),
    Column("case_id", Uuid),
    json_column("data"),
    CheckConstraint("audience IN ('staff', 'all', 'system')", name="audience"),
    Index("ix_event_position", "position", unique=True, postgresql_where="position IS NOT NULL"),
    Index("ix_event_waiting", "id", postgresql_where="position IS NULL"),
    Index("ix_event_conversation", "conversation_id", "position"),
)

# The last position given; one row, locked while positions are handed out.
event_position = Table(
    "event_position",
    metadata,
    Column("one", SmallInteger, primary_key=True, server_default="1"),
    Column("last", BigInteger, nullable=False, server_default="0"),
    CheckConstraint("one = 1", name="one"),
)

consumer = Table(
    "consumer",
    metadata,
    Column("name", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("updated_at", Instant, nullable=False),
)
