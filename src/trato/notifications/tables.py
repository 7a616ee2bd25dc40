"""Tables of what agents are told, how they want to be told, what they follow, and their devices.

A notification holds no words of anybody: who reads it sees what the conversation says now, and what is
erased there is gone here too.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from trato.db.metadata import Instant, created_column, id_column, json_column, metadata

notification = Table(
    "notification",
    metadata,
    id_column(),
    Column("agent_id", ForeignKey("agent.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),  # with the kind: what it is, so that it is told once
    Column("position", BigInteger, nullable=False),  # of the last event that it tells of
    Column("conversation_id", Uuid),
    Column("case_id", Uuid),
    Column("contact_id", Uuid),
    Column("message_id", Uuid),
    Column("about_id", Uuid),  # the offer, clock, task, gesture or consult
    Column("actor_id", Uuid),  # the agent who did it
    Column("count", Integer, nullable=False, server_default="1"),
    created_column("told_at"),
    Column("expires_at", Instant),
    Column("read_at", Instant),
    Column("mailed_at", Instant),
    UniqueConstraint("agent_id", "kind", "key"),
    Index("ix_notification_list", "agent_id", "told_at", "id"),
    Index("ix_notification_unread", "agent_id", postgresql_where="read_at IS NULL"),
    Index("ix_notification_key", "kind", "key", postgresql_where="read_at IS NULL"),
    Index("ix_notification_told_at", "told_at"),
)

notification_wishes = Table(
    "notification_wishes",
    metadata,
    Column("agent_id", ForeignKey("agent.id"), primary_key=True),
    json_column("ways"),  # {kind: [way]}; a kind that is not in it has what is usual
    Column("quiet_from", Text, nullable=False, server_default="22:00"),
    Column("quiet_to", Text, nullable=False, server_default="07:00"),
    Column("time_zone", Text),  # null: the organisation's
    Column("silent_until", Instant),
    Column("digest", Text, nullable=False, server_default="off"),
    Column("digest_at", Text, nullable=False, server_default="08:00"),
    Column("digest_sent_at", Instant),
    Column("words_in_push", Boolean, nullable=False, server_default="true"),
    CheckConstraint("digest IN ('off', 'daily', 'weekdays')", name="digest"),
)

followed = Table(
    "followed",
    metadata,
    Column("agent_id", ForeignKey("agent.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("about_id", Uuid, primary_key=True),
    created_column(),
    CheckConstraint("kind IN ('conversation', 'case')", name="kind"),
    Index("ix_followed_about_id", "about_id"),
)

push_device = Table(
    "push_device",
    metadata,
    id_column(),
    Column("agent_id", ForeignKey("agent.id"), nullable=False, index=True),
    Column("session_id", Uuid),  # under which it was added: words go out only while it lives
    Column("endpoint", Text, nullable=False, unique=True),
    Column("p256dh", Text, nullable=False),
    Column("auth", LargeBinary, nullable=False),  # sealed
    Column("name", Text, nullable=False, server_default=""),
    created_column(),
    Column("last_sent_at", Instant),
)

# The key by which push services know this installation (RFC 8292); made at first need.
push_key = Table(
    "push_key",
    metadata,
    Column("one", SmallInteger, primary_key=True, server_default="1"),
    Column("private", LargeBinary, nullable=False),  # sealed
    Column("public", Text, nullable=False),
    created_column(),
    CheckConstraint("one = 1", name="one"),
)
