"""Tables of the sources of cards, and of what they answered a moment ago."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from trato.db.metadata import Instant, created_column, id_column, json_column, metadata, version_column

card_source = Table(
    "card_source",
    metadata,
    id_column(),
    Column("key", Text, nullable=False, unique=True),  # stable: what programs and files call it
    json_column("names"),  # by language
    Column("url", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False),  # encrypted
    Column("sends", ARRAY(Text), nullable=False),  # what of a contact it may be told
    Column("facts", ARRAY(Text), nullable=False, server_default="{}"),  # and which facts, by name
    Column("brands", ARRAY(UUID), nullable=False, server_default="{}"),  # empty: all
    Column("channels", ARRAY(Text), nullable=False, server_default="{}"),  # empty: all
    Column("position", Integer, nullable=False, server_default="0"),
    Column("active", Boolean, nullable=False, server_default="true"),
    version_column(),
    created_column(),
)

# A cache of minutes: what a source says is the source's, and is not kept here. Several rows of one question
# do no harm, the newest counts: a merge of contacts moves them, and no two desks wait for one another.
card_answer = Table(
    "card_answer",
    metadata,
    id_column(),
    Column("source_id", ForeignKey("card_source.id", ondelete="CASCADE"), nullable=False),
    Column("contact_id", ForeignKey("contact.id"), nullable=False, index=True),
    Column("question", LargeBinary, nullable=False),  # a digest of all that was asked
    Column("card", JSONB(none_as_null=True)),  # null: there is nothing to show
    Column("as_of", Instant, nullable=False),  # as the source says
    created_column("asked_at"),
    Column("keep_until", Instant, nullable=False, index=True),
    CheckConstraint("keep_until <= asked_at + interval '1 hour'", name="shortly"),
    Index("ix_card_answer_question", "source_id", "question"),
)
