"""Tables of what passes between colleagues: transfers, drafts, consults."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY

from trato.db.metadata import Instant, created_column, id_column, json_column, metadata, version_column

# A conversation on its way to somebody else. `asked`: a warm one that the other has not answered yet, the
# first keeps it so long; `waiting`: it is in line for whoever comes; `done`: somebody has it.
transfer = Table(
    "transfer",
    metadata,
    id_column(),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("from_agent_id", ForeignKey("agent.id")),  # who had it; nobody when it was in line
    Column("interaction_id", Uuid),  # the stretch of work it was given from
    Column("to_kind", Text, nullable=False),
    Column("to_id", Uuid, nullable=False),
    Column("to_name", Text, nullable=False),  # as it was called then
    Column("level", SmallInteger),
    Column("note", Text, nullable=False, server_default=""),
    Column("state", Text, nullable=False),
    Column("got_by", ForeignKey("agent.id")),
    Column("answer", Text, nullable=False, server_default=""),  # why it was declined or withdrawn
    version_column(),
    created_column(),
    Column("settled_at", Instant),
    CheckConstraint("kind IN ('blind', 'warm')", name="kind"),
    CheckConstraint("to_kind IN ('agent', 'queue', 'skill', 'team', 'site')", name="to_kind"),
    CheckConstraint("level BETWEEN 1 AND 5", name="level"),
    CheckConstraint("state IN ('asked', 'waiting', 'done', 'declined', 'withdrawn')", name="state"),
    Index("ix_transfer_conversation", "conversation_id", "created_at"),
    # One at a time is under way.
    Index(
        "uq_transfer_open", "conversation_id", unique=True, postgresql_where="state IN ('asked', 'waiting')"
    ),
    Index("ix_transfer_asked", "to_id", postgresql_where="state = 'asked'"),
)

# What an agent is writing, kept on the server so that it follows the conversation and every device.
draft = Table(
    "draft",
    metadata,
    Column("conversation_id", ForeignKey("conversation.id"), primary_key=True),
    Column("agent_id", ForeignKey("agent.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("text", Text, nullable=False),
    json_column("also"),  # whom else it is for, as typed: to, cc, bcc, reply_all
    Column("file_ids", ARRAY(Uuid), nullable=False, server_default="{}"),  # kept as long as it is here
    Column("from_agent_id", ForeignKey("agent.id")),  # who began it, when it came with the conversation
    json_column(
        "came", "[]"
    ),  # others' that came to one that was begun: id, from_agent_id, text, also, file_ids
    created_column("updated_at"),
    CheckConstraint("kind IN ('reply', 'note')", name="kind"),
)

# A question to a colleague beside a conversation. It takes nothing of anybody's capacity.
consult = Table(
    "consult",
    metadata,
    id_column(),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False),
    Column("case_id", ForeignKey("cases.id")),
    Column("asker_id", ForeignKey("agent.id"), nullable=False),
    Column("to_kind", Text, nullable=False),
    Column("to_id", Uuid, nullable=False),
    Column("to_name", Text, nullable=False),
    Column("level", SmallInteger),
    Column("question", Text, nullable=False),
    Column("expert_id", ForeignKey("agent.id")),  # who is asked, or answers; null: whoever knows may take it
    json_column("decision"),  # why this one, as {code, values}
    json_column("declined", "[]"),  # agents who could not
    Column("state", Text, nullable=False, server_default="asked"),
    Column("outcome", Text, nullable=False, server_default=""),
    version_column(),
    created_column(),
    Column("accepted_at", Instant),
    Column("closed_at", Instant),
    CheckConstraint("to_kind IN ('agent', 'skill', 'team')", name="to_kind"),
    CheckConstraint("level BETWEEN 1 AND 5", name="level"),
    CheckConstraint("state IN ('asked', 'answering', 'closed')", name="state"),
    Index("ix_consult_conversation", "conversation_id", "created_at"),
    Index("ix_consult_asker", "asker_id", postgresql_where="state <> 'closed'"),
    Index("ix_consult_expert", "expert_id", postgresql_where="state <> 'closed'"),
)

consult_message = Table(
    "consult_message",
    metadata,
    id_column(),
    Column("consult_id", ForeignKey("consult.id"), nullable=False),
    Column("agent_id", ForeignKey("agent.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("position", Integer, nullable=False),  # their order
    created_column(),
    UniqueConstraint("consult_id", "client_id"),
    UniqueConstraint("consult_id", "position"),
)
