"""Table of how far each agent has read a conversation."""

from sqlalchemy import Column, ForeignKey, Table

from trato.db.metadata import Instant, metadata

# A row of its own: to read changes nothing of the conversation, whose versions and events others follow.
reading = Table(
    "reading",
    metadata,
    Column("conversation_id", ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True),
    Column("agent_id", ForeignKey("agent.id", ondelete="CASCADE"), primary_key=True),
    Column("read_until", Instant, nullable=False),
)
