"""Table of how far each agent has read the colleagues' talk of a case, and who left it.

What is said there are internal messages, as notes are: whatever keeps notes from customers keeps it too.
"""

from sqlalchemy import Column, ForeignKey, Table

from trato.db.metadata import Instant, metadata

side_reading = Table(
    "side_reading",
    metadata,
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    Column("agent_id", ForeignKey("agent.id", ondelete="CASCADE"), primary_key=True),
    Column("read_until", Instant),
    Column("left_at", Instant),  # what they said or were called for before brings them in no more
)
