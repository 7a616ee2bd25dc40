"""Tables of visitors of web chats and of their sessions."""

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table, Text

from trato.db.metadata import Instant, created_column, id_column, json_column, metadata

# Who came to a shop's page. The contact is whoever owns the address (visitor, id): there is none before
# something was said or an identity was proven.
visitor = Table(
    "visitor",
    metadata,
    id_column(),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("external_id", Text),  # the host site's user, proven by its signature
    Column("known_as", ForeignKey("visitor.id"), index=True),  # the proven visitor this one turned out to be
    json_column("preference"),  # said before there was a contact
    Column("language", Text),
    Column("origin", Text),
    created_column(),
    Index(
        "uq_visitor_external",
        "account_id",
        "external_id",
        unique=True,
        postgresql_where="external_id IS NOT NULL",
    ),
)

# One browser of a visitor; only the token's hash is kept.
visitor_session = Table(
    "visitor_session",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("visitor_id", ForeignKey("visitor.id", ondelete="CASCADE"), nullable=False, index=True),
    created_column(),
    Column("last_seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
)
