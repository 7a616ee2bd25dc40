"""Tables of waiting: what was told of it, who is written or called back, and peaks that were planned."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY

from trato.db.metadata import Instant, created_column, id_column, metadata, version_column

# What a queue does about long waits; one that is not named does what is usual (`waiting_rules`).
queue_waiting = Table(
    "queue_waiting",
    metadata,
    Column("queue_id", ForeignKey("queue.id", ondelete="CASCADE"), primary_key=True),
    Column("offer_after_s", Integer),  # other ways are offered to who would wait longer
    Column("slot_s", Integer),
    Column("slot_capacity", SmallInteger),  # contacts agreed with in a slot
    CheckConstraint("offer_after_s >= 0 AND slot_s BETWEEN 300 AND 86400", name="times"),
    CheckConstraint("slot_capacity BETWEEN 0 AND 1000", name="slot_capacity"),
)

# Each estimate that a contact was told, and how long it took in the end: its error is measured.
wait_estimate = Table(
    "wait_estimate",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False),
    Column("queue_id", Uuid),
    created_column("told_at"),
    Column("position", Integer, nullable=False),
    Column("estimate_s", Float, nullable=False),
    Column("low_s", Float, nullable=False),
    Column("high_s", Float, nullable=False),
    Column("actual_s", Float),
    Column("outcome", Text),  # accepted, left; null while they wait
    CheckConstraint("outcome IN ('accepted', 'left')", name="outcome"),
    Index("ix_wait_estimate_open", "conversation_id", postgresql_where="outcome IS NULL"),
    Index("ix_wait_estimate_told", "told_at"),
)

# A contact who left the page and keeps the place, or agreed on a time: we write or call first.
callback = Table(
    "callback",
    metadata,
    id_column(),
    Column("conversation_id", ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False),
    Column("queue_id", Uuid),
    Column("how", Text, nullable=False),  # here: in the chat, where they look again
    Column("address", Text),  # the email or the phone number, as the contact wrote it
    Column("slot_start", Instant),  # null: when the turn comes
    Column("slot_end", Instant),
    Column("state", Text, nullable=False),
    Column("mailed_until", Instant),  # answers up to this one went by mail too
    Column("done_at", Instant),
    Column("done_by", Text),
    version_column(),
    created_column(),
    CheckConstraint("how IN ('here', 'email', 'phone')", name="how"),
    CheckConstraint("(how = 'here') = (address IS NULL)", name="address"),
    CheckConstraint("state IN ('waiting', 'scheduled', 'done', 'cancelled')", name="state"),
    CheckConstraint("state <> 'scheduled' OR slot_start IS NOT NULL", name="slot"),
    Index(
        "uq_callback_open",
        "conversation_id",
        unique=True,
        postgresql_where="state IN ('waiting', 'scheduled')",
    ),
    Index("ix_callback_slot", "slot_start", postgresql_where="state = 'scheduled'"),
    Index("ix_callback_mail", "created_at", postgresql_where="how = 'email' AND state <> 'cancelled'"),
)

# A sale, a launch: what is expected, and who helps out.
peak = Table(
    "peak",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("queue_ids", ARRAY(Uuid), nullable=False, server_default="{}"),
    Column("contacts_per_hour", Float, nullable=False),
    Column("handle_s", Float, nullable=False, server_default="480"),
    Column(
        "at_once", Float, nullable=False, server_default="1"
    ),  # conversations that one agent takes at once
    Column("incident_text", Text, nullable=False, server_default=""),  # drafts, for who publishes them
    Column("article_text", Text, nullable=False, server_default=""),
    Column("state", Text, nullable=False, server_default="planned"),
    version_column(),
    created_column(),
    CheckConstraint("ends_at > starts_at", name="times"),
    CheckConstraint("contacts_per_hour >= 0 AND handle_s > 0 AND at_once > 0", name="load"),
    CheckConstraint("state IN ('planned', 'applied', 'cancelled')", name="state"),
)

peak_loan = Table(
    "peak_loan",
    metadata,
    Column("peak_id", ForeignKey("peak.id", ondelete="CASCADE"), primary_key=True),
    Column("agent_id", ForeignKey("agent.id"), primary_key=True),
    Column("skill_id", ForeignKey("skill.id", ondelete="CASCADE"), primary_key=True),
    Column("level", SmallInteger, nullable=False, server_default="3"),
    CheckConstraint("level BETWEEN 1 AND 5", name="level"),
)
