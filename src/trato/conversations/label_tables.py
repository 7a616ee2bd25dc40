"""Tables of what people call things: tags of conversations and cases, and how work on them may end."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, func

from trato.db.metadata import Instant, created_column, id_column, json_column, metadata, version_column

tag = Table(
    "tag",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    version_column(),
    created_column(),
    Column("removed_at", Instant),  # what has it keeps it; nothing gets it any more
)
Index("uq_tag_name", func.lower(tag.c.name), unique=True, postgresql_where="removed_at IS NULL")

conversation_tag = Table(
    "conversation_tag",
    metadata,
    Column("conversation_id", ForeignKey("conversation.id"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id"), primary_key=True, index=True),
    Column("actor", Text, nullable=False),
    created_column(),
)

case_tag = Table(
    "case_tag",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id"), primary_key=True, index=True),
    Column("actor", Text, nullable=False),
    created_column(),
)

disposition = Table(
    "disposition",
    metadata,
    id_column(),
    Column("code", Text, nullable=False, unique=True),  # as interactions keep it, for good
    json_column("names"),  # {"es": "Resuelto", "en": ..., "pt": ...}
    Column("position", Integer, nullable=False, server_default="0"),
    Column("active", Boolean, nullable=False, server_default="true"),
    version_column(),
    created_column(),
)
