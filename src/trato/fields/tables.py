"""Tables of fields of an installation's own, and of what stands in them."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from trato.db.metadata import Instant, created_column, id_column, json_column, metadata, version_column

# Retired it is no longer asked for or filled in; what stands in it stays, and is there again once it is back.
field_definition = Table(
    "field_definition",
    metadata,
    id_column(),
    Column("key", Text, nullable=False, unique=True),  # stable: what programs and files call it
    Column("about", Text, nullable=False),
    Column("kind", Text, nullable=False),
    json_column("labels"),  # by language
    json_column("choices", "[]"),  # key, labels, retired
    Column("required", Boolean, nullable=False, server_default="false"),  # before a case is resolved
    Column("found", Boolean, nullable=False, server_default="false"),  # by the global search
    Column("visible_to", Text, nullable=False, server_default="agent"),  # this role and those above it
    Column("position", Integer, nullable=False, server_default="0"),
    Column("retired_at", Instant),
    version_column(),
    created_column(),
    CheckConstraint("about IN ('contact', 'case')", name="about"),
    CheckConstraint("kind IN ('text', 'number', 'date', 'choice', 'yes_no', 'link')", name="kind"),
    CheckConstraint("visible_to IN ('agent', 'supervisor', 'administrator')", name="visible_to"),
    # What agents must fill in, or can find, they can see.
    CheckConstraint("visible_to = 'agent' OR NOT (required OR found)", name="seen"),
)

# One row a field and contact or case. Two contacts who turn out to be one may bring one each: the row that
# was written last counts, and an undone merge has both again; so no index says that there is one.
field_value = Table(
    "field_value",
    metadata,
    id_column(),
    Column("definition_id", ForeignKey("field_definition.id"), nullable=False),
    Column("contact_id", ForeignKey("contact.id")),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE")),
    Column("value", JSONB(none_as_null=True)),  # null: emptied
    Column("actor", Text, nullable=False),  # as the event log names actors
    version_column(),
    created_column("updated_at"),
    CheckConstraint("(contact_id IS NULL) <> (case_id IS NULL)", name="of_one"),
    Index("ix_field_value_contact", "contact_id", "definition_id"),
    Index("ix_field_value_case", "case_id", "definition_id"),
    Index("ix_field_value_definition", "definition_id"),
)
