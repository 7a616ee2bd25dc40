"""Tables of the straight line: receipts of what came in."""

from sqlalchemy import (
    BigInteger,
    Boolean,
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

from trato.db.metadata import IN_STORE, Instant, created_column, json_column, metadata
from trato.flow import mention_tables as _mention  # noqa: F401  the rest of the slice's tables
from trato.flow import scheduled_tables as _scheduled  # noqa: F401  the rest of the slice's tables
from trato.flow import transfer_tables as _  # noqa: F401  the other half of the slice's tables

# Unique on the account and the provider's id: the second delivery of the same thing stops here.
receipt = Table(
    "receipt",
    metadata,
    Column("account_id", ForeignKey("account.id"), primary_key=True),
    Column("provider_id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("raw_key", Text, info=IN_STORE),  # the thing as it came, in the attachment store
    Column("message_id", Uuid),
    json_column("inbound"),  # parsed, kept only until it is through
    Column("error", Text),
    Column("attempts", Integer, nullable=False, server_default="0"),
    created_column("received_at"),
    Column("settled_at", Instant),
    CheckConstraint("state IN ('pending', 'done', 'broken', 'ignored', 'duplicate')", name="state"),
    Index("ix_receipt_age", "received_at", postgresql_using="brin"),
    Index("ix_receipt_raw", "raw_key", postgresql_where="raw_key IS NOT NULL"),
    Index("ix_receipt_open", "state", "received_at", postgresql_where="state IN ('pending', 'broken')"),
)

# Requests that no account claims, and events no connector understands: kept and shown.
stray = Table(
    "stray",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("endpoint", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("raw_key", Text, nullable=False, info=IN_STORE),
    Column("digest", Text, nullable=False),  # of the body: the same is kept once
    Column("size", BigInteger, nullable=False),
    Column("vouched", Boolean, nullable=False),  # its connector believes the sender
    Column("request", LargeBinary),  # encrypted JSON: method, headers and query, to read it again
    created_column("received_at"),
    Column("dismissed_at", Instant),
    Index("uq_stray_digest", "digest", unique=True, postgresql_where="dismissed_at IS NULL"),
)
