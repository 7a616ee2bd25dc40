"""Tables of users, agents, sessions, keys and the audit log."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY

from trato.db.metadata import Instant, created_column, id_column, json_column, metadata

user = Table(
    "users",
    metadata,
    id_column(),
    Column("email", Text, nullable=False),
    Column("email_key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("language", Text, nullable=False, server_default="es"),
    Column("password_hash", Text),
    Column("totp_secret", LargeBinary),  # encrypted; set once confirmed
    Column("totp_last_step", BigInteger),  # a code is accepted once
    Column("recovery_hashes", ARRAY(LargeBinary)),
    Column("active", Boolean, nullable=False, server_default="true"),
    created_column(),
    CheckConstraint("role IN ('administrator', 'supervisor', 'agent')", name="role"),
)

portrait = Table(
    "portrait",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("picture", LargeBinary, nullable=False),  # a PNG, cleaned
    created_column(),
)

# An agent is who helps; the assistant is one without a user.
agent = Table(
    "agent",
    metadata,
    id_column(),
    Column("user_id", ForeignKey("users.id"), unique=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False, server_default="person"),
    Column("capacity", Integer, nullable=False, server_default="4"),
    Column("signature", Text, nullable=False, server_default=""),
    Column("portrait", ForeignKey("portrait.digest"), index=True),
    Column("active", Boolean, nullable=False, server_default="true"),
    created_column(),
    CheckConstraint("kind IN ('person', 'assistant')", name="kind"),
    CheckConstraint("capacity >= 0", name="capacity"),
)

session = Table(
    "session",
    metadata,
    id_column(),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("previous_hash", LargeBinary, unique=True),  # honoured until the rotated token has arrived
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("csrf", Text, nullable=False),
    Column("strong", Boolean, nullable=False, server_default="false"),  # second factor or passkey used
    Column("ip", Text),
    Column("user_agent", Text),
    created_column(),
    Column("proved_at", Instant, nullable=False),  # when the person last showed who they are
    Column("rotated_at", Instant, nullable=False),
    Column("confirmed_at", Instant),  # when the rotated token was first seen
    Column("last_seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

# Invitations, password resets and the first administrator's link: usable once, only the hash is kept.
one_time_link = Table(
    "one_time_link",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("user_id", ForeignKey("users.id")),
    json_column("data"),
    created_column(),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

passkey = Table(
    "passkey",
    metadata,
    id_column(),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("credential_id", LargeBinary, nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False, server_default="0"),
    Column("name", Text, nullable=False),
    created_column(),
    Column("last_used_at", Instant),
)

# What a ceremony of several steps remembers between two requests; taken once, found by a random token.
challenge = Table(
    "challenge",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("user_id", Uuid),
    Column("purpose", Text, nullable=False),
    Column("value", LargeBinary, nullable=False),  # encrypted
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("expires_at", Instant, nullable=False, index=True),
)

api_key = Table(
    "api_key",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("created_by", ForeignKey("users.id"), nullable=False),
    created_column(),
    Column("expires_at", Instant),
    Column("last_used_at", Instant),
    Column("revoked_at", Instant),
)

# Counters of a sliding limit, such as failed sign-ins per address and per network.
throttle = Table(
    "throttle",
    metadata,
    Column("key", Text, primary_key=True),
    Column("hits", Integer, nullable=False),
    Column("window_ends_at", Instant, nullable=False, index=True),
)

# Answers to POST requests with an Idempotency-Key: a repeated one is answered, not performed again.
idempotency = Table(
    "idempotency",
    metadata,
    Column("key_hash", LargeBinary, primary_key=True),  # of the caller, the route and the key
    Column("request_hash", LargeBinary, nullable=False),
    Column("status", Integer),  # null while the first request is under way
    Column("answer", LargeBinary),  # encrypted
    Column("expires_at", Instant, nullable=False, index=True),
)

# Append-only: a trigger refuses to change or remove rows, see functions.sql.
audit_log = Table(
    "audit_log",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    created_column("at"),
    Column("actor", Text, nullable=False),  # user:<id>, key:<id>, system
    Column("action", Text, nullable=False),
    Column("target", Text, nullable=False, server_default=""),
    json_column("data"),
    Column("ip", Text),
)
