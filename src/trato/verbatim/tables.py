"""Tables of the same text to many: digests for a day, counts for a season. No words are kept."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from trato.db.metadata import Instant, id_column, metadata

# A text of an agent that went to a contact. The digest is keyed, by agent too: nobody can try words against
# it without the installation's key, and the same text of two agents is not the same.
verbatim_sent = Table(
    "verbatim_sent",
    metadata,
    id_column(),
    Column("agent_id", ForeignKey("agent.id"), nullable=False),
    Column("contact_id", ForeignKey("contact.id"), nullable=False),
    Column("digest", Text, nullable=False),
    Column("sent_at", Instant, nullable=False),
    # not unique: two contacts that are merged may both have had it
    Index("ix_verbatim_sent_digest", "digest", "sent_at"),
    Index("ix_verbatim_sent_contact", "contact_id"),
    Index("ix_verbatim_sent_sent", "sent_at"),
)

verbatim_day = Table(
    "verbatim_day",
    metadata,
    id_column(),
    Column("agent_id", ForeignKey("agent.id"), nullable=False),
    Column("day", Date, nullable=False),  # of the organisation's clock
    Column("texts", Integer, nullable=False),  # reached their third person
    Column("messages", Integer, nullable=False),  # to a third person or a later one
    UniqueConstraint("agent_id", "day"),
)
