"""Tables of routing: presence, the waiting, the leader and its inbox."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from trato.db.metadata import Instant, created_column, json_column, metadata
from trato.routing import hours_tables as _hours  # noqa: F401  the rest of the slice's tables
from trato.routing import queue_tables as _  # noqa: F401  the same
from trato.routing import waiting_tables as _waiting  # noqa: F401  and what is told and agreed while waiting

# One row an agent; load counts offered and accepted ones, and the database itself refuses one too many.
presence = Table(
    "presence",
    metadata,
    Column("agent_id", ForeignKey("agent.id"), primary_key=True),
    Column("state", Text, nullable=False, server_default="offline"),
    Column("reason", Text),
    Column("since", Instant, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("load", Integer, nullable=False, server_default="0"),
    Column("idle_since", Instant, nullable=False),
    Column("last_seen_at", Instant),
    Column("reconnecting", Boolean, nullable=False, server_default="false"),  # not seen, and not lost yet
    Column("unanswered", Integer, nullable=False, server_default="0"),  # offers in a row left to expire
    CheckConstraint("state IN ('available', 'away', 'offline')", name="state"),
    CheckConstraint("load >= 0 AND load <= capacity", name="load"),
)

# How many conversations of a channel an agent has in hand; only for those with a limit for it. The database
# refuses one too many here as well.
presence_channel = Table(
    "presence_channel",
    metadata,
    Column("agent_id", ForeignKey("agent.id"), primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("load", Integer, nullable=False),
    Column("capacity", Integer, nullable=False),
    CheckConstraint("load >= 0 AND load <= capacity", name="load"),
)

# A contact waits until somebody accepts: while an offer stands, the row keeps the place and names the offer.
waiting = Table(
    "waiting",
    metadata,
    Column("conversation_id", ForeignKey("conversation.id"), primary_key=True),
    Column("since", Instant, nullable=False),
    Column("priority", Integer, nullable=False, server_default="0"),
    json_column("needs"),  # language, owner, spoke_last, skills {skill: level}, declined {agent: when}
    Column("queue_id", ForeignKey("queue.id"), index=True),
    Column("channel", Text, nullable=False, server_default=""),
    Column("offer_id", Uuid),  # the interaction that offers it now
)

# What happened since the leader last looked; drained in one transaction with what it causes.
routing_inbox = Table(
    "routing_inbox",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("kind", Text, nullable=False),  # arrived, left, agent, profile, queue, anew
    Column("conversation_id", Uuid),
    Column("agent_id", Uuid),
    Column("queue_id", Uuid),
    created_column("at"),
)


def _notice_columns() -> tuple[Column[Any], ...]:
    """Return what supervisors need to see such a row at the desk, and to put it away."""
    return (
        Column("id", Uuid, nullable=False, unique=True, server_default=text("gen_random_uuid()")),
        Column("put_away_at", Instant),
        Column("put_away_by", Text),
    )


# What must never be and is, as the checker beside the router found it; empty when all is well.
routing_alarm = Table(
    "routing_alarm",
    metadata,
    Column("what", Text, primary_key=True),
    json_column("ids", "[]"),
    created_column("since"),
    *_notice_columns(),
)

# Skills that somebody needed and nobody had, so that each is told once.
routing_lack = Table(
    "routing_lack",
    metadata,
    Column("queue_id", ForeignKey("queue.id", ondelete="CASCADE"), primary_key=True),
    Column("skill_id", ForeignKey("skill.id", ondelete="CASCADE"), primary_key=True, index=True),
    created_column("since"),
    *_notice_columns(),
)

routing_lease = Table(
    "routing_lease",
    metadata,
    Column("one", SmallInteger, primary_key=True, server_default="1"),
    Column("owner", Uuid),
    Column("epoch", BigInteger, nullable=False, server_default="0"),
    Column("expires_at", Instant),
    CheckConstraint("one = 1", name="one"),
)
