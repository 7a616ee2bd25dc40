"""Tables of visitors of web chats."""

from sqlalchemy import Column, ForeignKey, LargeBinary, Table, Text

from trato.db.metadata import Instant, created_column, id_column, metadata

visitor = Table(
    "visitor",
    metadata,
    id_column(),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("contact_id", ForeignKey("contact.id")),  # known once something was said or identity proven
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("external_id", Text),  # the host site's user, proven by its signature
    Column("language", Text),
    Column("origin", Text),
    created_column(),
    Column("last_seen_at", Instant, nullable=False),
)
