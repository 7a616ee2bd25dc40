"""Whom a note calls by name; beside the messages, so that writing one costs nothing more."""

from sqlalchemy import Column, ForeignKey, Table

from trato.db.metadata import metadata

message_mention = Table(
    "message_mention",
    metadata,
    Column("message_id", ForeignKey("message.id", ondelete="CASCADE"), primary_key=True),
    Column("agent_id", ForeignKey("agent.id"), primary_key=True, index=True),
)
