"""The table of what is written and waits for its moment: undo and schedule are the same thing."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY

from trato.db.metadata import Instant, created_column, id_column, json_column, metadata, version_column

# A message before its moment. It becomes one with the same id at its due instant and not before: until then
# nothing that reads messages knows of it. `held`: the contact wrote in between, or one of its files has gone
# with another message, and an agent decides.
scheduled_message = Table(
    "scheduled_message",
    metadata,
    id_column(),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False),
    Column("agent_id", ForeignKey("agent.id")),
    Column("client_id", Text, nullable=False),
    Column("kind", Text, nullable=False),  # undo: a few seconds to think better of it; later: a moment chosen
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("due_at", Instant, nullable=False),
    Column("even_if_written", Boolean, nullable=False, server_default="false"),  # goes whatever comes between
    json_column("queued"),  # what `queue_message` is to be given; empty once it is sent or taken back
    Column("file_ids", ARRAY(Uuid), nullable=False, server_default="{}"),  # kept as long as it waits
    created_column(
        "judged_at"
    ),  # when an agent last looked and said that it goes: what is written later counts
    version_column(),
    created_column(),
    CheckConstraint("kind IN ('undo', 'later')", name="kind"),
    CheckConstraint("state IN ('waiting', 'held', 'sent', 'taken_back')", name="state"),
    UniqueConstraint("conversation_id", "client_id"),
    Index("ix_scheduled_message_open", "conversation_id", postgresql_where="state IN ('waiting', 'held')"),
)
