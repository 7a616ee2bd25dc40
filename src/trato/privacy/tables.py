"""Table of who asked to be erased: that it was asked, by whom and what came of it, never who it was."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text

from trato.db.metadata import Instant, created_column, id_column, json_column, metadata, version_column

erasure = Table(
    "erasure",
    metadata,
    id_column(),
    Column("contact_id", ForeignKey("contact.id"), nullable=False, index=True),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("asked_by", Text, nullable=False),  # as the event log names actors
    Column("reason", Text, nullable=False, server_default=""),  # why it was asked or withdrawn, by one of us
    created_column(),
    Column("due_at", Instant, nullable=False),
    Column("settled_at", Instant),
    json_column("erased"),  # how many rows of what
    version_column(),
    CheckConstraint("state IN ('waiting', 'done', 'cancelled')", name="state"),
    Index("ix_erasure_due", "due_at", postgresql_where="state = 'waiting'"),
)
