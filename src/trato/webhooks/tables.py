"""Tables of outgoing webhooks."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY

from trato.db.metadata import Instant, created_column, id_column, metadata

webhook_endpoint = Table(
    "webhook_endpoint",
    metadata,
    id_column(),
    Column("url", Text, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("secret", LargeBinary, nullable=False),  # encrypted
    Column("event_types", ARRAY(Text), nullable=False),  # empty: all
    Column("state", Text, nullable=False, server_default="active"),
    Column("position", BigInteger, nullable=False, server_default="0"),  # tried once up to here
    Column("failures", Integer, nullable=False, server_default="0"),  # attempts since the last success
    Column("failing_since", Instant),
    Column("last_error", Text),
    Column("lease_owner", Uuid),  # the process that delivers to it
    Column("lease_until", Instant),
    created_column(),
    Column("removed_at", Instant),
    CheckConstraint("state IN ('active', 'paused', 'disabled')", name="state"),
)

webhook_delivery = Table(
    "webhook_delivery",
    metadata,
    id_column(),  # also the message's id at the receiver, the same for every attempt
    Column("endpoint_id", ForeignKey("webhook_endpoint.id"), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_attempt_at", Instant),
    Column("status_code", Integer),
    Column("error", Text),
    created_column(),
    Column("settled_at", Instant),
    CheckConstraint("state IN ('waiting', 'delivered', 'failed')", name="state"),
    Index("uq_webhook_delivery", "endpoint_id", "position", unique=True),
    Index("ix_webhook_delivery_due", "endpoint_id", "next_attempt_at", postgresql_where="state = 'waiting'"),
)
