"""Tables of people, their addresses, merges, and facts: what they have told."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from trato.db.metadata import Instant, created_column, id_column, json_column, metadata, words_index

contact = Table(
    "contact",
    metadata,
    id_column(),
    Column("name", Text, nullable=False, server_default=""),
    Column("language", Text),
    Column("time_zone", Text),
    # The preference: said once or learned, obeyed on every channel.
    Column("prefers", Text, nullable=False, server_default="unknown"),
    Column("preferred_channel", Text),
    Column("tone", Text),
    Column("preference_source", Text),
    Column("blocked_at", Instant),
    Column("merged_into", ForeignKey("contact.id")),
    Column("version", Integer, nullable=False, server_default="1"),
    created_column(),
    CheckConstraint("prefers IN ('unknown', 'alone', 'person')", name="prefers"),
    CheckConstraint("tone IN ('usted', 'tu', 'vos')", name="tone"),
    words_index("contact", "name"),
    Index(
        "ix_contact_same_name",
        text("lower(name)"),
        postgresql_where="name LIKE '% %' AND merged_into IS NULL",
    ),
)

address = Table(
    "address",
    metadata,
    id_column(),
    Column("contact_id", ForeignKey("contact.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),  # email, phone, visitor, external
    Column("value", Text, nullable=False),  # as the contact writes it
    Column("key", Text, nullable=False),  # case-folded, what identity compares
    Column("verified_at", Instant),
    Column("verified_by", Text),
    created_column(),
    UniqueConstraint("kind", "key"),
    words_index("address", "value"),
    Index("ix_address_mailbox", text("split_part(key, '@', 1)"), postgresql_where="kind = 'email'"),
)

contact_merge = Table(
    "contact_merge",
    metadata,
    id_column(),
    Column("kept_id", ForeignKey("contact.id"), nullable=False, index=True),
    Column("merged_id", ForeignKey("contact.id"), nullable=False),
    json_column("evidence"),  # why we believe they are one person, shown at the desk
    Column("moved", JSONB, nullable=False),  # ids per table, the contact's columns as before: for the undo
    Column("merged_by", Uuid),
    created_column(),
    Column("undone_at", Instant),
    Index(None, "merged_id", unique=True, postgresql_where="undone_at IS NULL"),
)

# What was said: by whom, when, where, how certain. Read by bot, forms, phone menus and desk, so that nobody
# is asked twice. One row a saying: of those with one name the view shows each, newest first.
fact = Table(
    "fact",
    metadata,
    id_column(),
    Column("contact_id", ForeignKey("contact.id"), nullable=False, index=True),
    Column("case_id", ForeignKey("cases.id"), index=True),  # null: true of the person, whatever the matter
    Column("conversation_id", ForeignKey("conversation.id")),  # where it was said, when it was in one
    Column("name", Text, nullable=False),
    Column("value", JSONB, nullable=False),
    Column("said_by", Text, nullable=False),
    Column("said_at", Instant, nullable=False),
    Column("source", Text, nullable=False),  # the channel's kind; desk, widget, page: where there is none
    Column("noted_by", Text, nullable=False),  # who wrote it down, as the event log names actors
    Column("certainty", Float, nullable=False, server_default="1"),
    created_column(),
    CheckConstraint("said_by IN ('contact', 'site', 'third_party', 'agent', 'learned')", name="said_by"),
    CheckConstraint("certainty > 0 AND certainty <= 1", name="certainty"),
)
