"""Tables of visitors of web chats, of contacts who sign in to their cases, and of the sessions of both."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

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

# Somebody asked to be let in to their own cases: by a code or a link that goes to the address they named. It
# is bound to the browser that asked, is used once, and says nowhere in clear whom it is for. There is a row
# whether the address is known here or not.
customer_sign_in = Table(
    "customer_sign_in",
    metadata,
    id_column(),
    Column("browser_hash", LargeBinary, nullable=False, unique=True),
    Column("address_hash", LargeBinary, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),  # the address as it was written
    Column("code_hash", LargeBinary, nullable=False),
    Column("link_hash", LargeBinary, nullable=False, unique=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
    created_column(),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("used_at", Instant),
)

# A browser in which a contact signed in; only the token's hash is kept. It belongs to the address that was
# proven: whose that is is looked up each time, so a merge and its undoing are obeyed at once.
customer_session = Table(
    "customer_session",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("address_id", ForeignKey("address.id", ondelete="CASCADE"), nullable=False, index=True),
    created_column(),
    Column("expires_at", Instant, nullable=False, index=True),
)
