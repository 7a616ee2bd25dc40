"""Tables of what a shop's page told with a conversation, of orders, and of how many opened an answer."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY

from trato.db.metadata import Instant, created_column, id_column, json_column, metadata

# Where the visitor is on the shop's site, as its page says: the latest, once they wrote.
page_context = Table(
    "page_context",
    metadata,
    Column("conversation_id", ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True),
    json_column("told"),  # product, step, cart, order, language
    Column("page", Text, nullable=False, server_default=""),  # an address without query
    Column("at", Instant, nullable=False),
)

# An order that a shop's page told. Whose it is is known only where a person helped: by the conversation.
shop_order = Table(
    "shop_order",
    metadata,
    id_column(),
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("key", LargeBinary, nullable=False),  # of its number: told again it is one, and says no number
    Column("number", Text, nullable=False, server_default=""),  # where a person helped
    Column("total", Numeric(14, 4), nullable=False),
    Column("currency", Text, nullable=False),  # ISO 4217
    Column("helped", ARRAY(Text), nullable=False, server_default="{}"),
    Column("conversation_id", ForeignKey("conversation.id", ondelete="SET NULL"), index=True),
    created_column("at"),
    CheckConstraint("total >= 0", name="total"),
    CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
    CheckConstraint("helped <@ ARRAY['search', 'chat', 'callback']", name="helped"),
    UniqueConstraint("account_id", "key"),
    Index("ix_shop_order_at", "at"),
)

# How many visitors of a site opened an answer of the search that day: a number, and nobody's.
answer_opened = Table(
    "answer_opened",
    metadata,
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("day", Date, nullable=False),
    Column("visitors", Integer, nullable=False, server_default="0"),
    PrimaryKeyConstraint("account_id", "day"),
)
