"""Tables of automation: targets of service and their clocks, rules and their runs."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
)

from trato.db.metadata import Instant, created_column, id_column, json_column, metadata, version_column

sla_policy = Table(
    "sla_policy",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    Column("position", Integer, nullable=False, server_default="0"),  # the first that holds is chosen
    Column("brand_id", ForeignKey("brand.id")),
    Column("queue_id", Uuid),
    Column("channel", Text),
    Column("priority_from", SmallInteger),
    Column("calendar_id", ForeignKey("hours_calendar.id")),  # the organisation's hours when there is none
    Column("first_reply_s", Integer),
    Column("next_reply_s", Integer),
    Column("resolution_s", Integer),
    Column("near_percent", SmallInteger, nullable=False, server_default="75"),
    Column("active", Boolean, nullable=False, server_default="true"),
    version_column(),
    created_column(),
    Column("removed_at", Instant),  # its clocks run on
    CheckConstraint("first_reply_s > 0 AND next_reply_s > 0 AND resolution_s > 0", name="targets"),
    CheckConstraint("near_percent BETWEEN 1 AND 100", name="near"),
)

# A promised time that runs, or ran. It keeps the numbers with which it began.
sla_clock = Table(
    "sla_clock",
    metadata,
    id_column(),
    Column("policy_id", ForeignKey("sla_policy.id"), nullable=False, index=True),
    Column("calendar_id", ForeignKey("hours_calendar.id"), index=True),
    Column("target", Text, nullable=False),
    Column("conversation_id", ForeignKey("conversation.id")),
    Column("case_id", ForeignKey("cases.id")),
    Column("within_s", Integer, nullable=False),
    Column("near_percent", SmallInteger, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("spent_s", Float, nullable=False, server_default="0"),  # open time before `running_since`
    Column("running_since", Instant),  # null: it stands still
    Column("near_at", Instant),
    Column("due_at", Instant),
    json_column("closed", "[]"),  # [[from, until]]: what lies before `due_at` and is no open time
    Column("state", Text, nullable=False),
    Column("settled_at", Instant),
    version_column(),
    CheckConstraint("target IN ('first_reply', 'next_reply', 'resolution')", name="target"),
    CheckConstraint("state IN ('ok', 'near', 'broken', 'paused', 'met', 'missed', 'dropped')", name="state"),
    CheckConstraint("(settled_at IS NULL) = (state IN ('ok', 'near', 'broken', 'paused'))", name="settled"),
    CheckConstraint("(conversation_id IS NULL) <> (case_id IS NULL)", name="about"),
    Index("ix_sla_clock_conversation", "conversation_id", "started_at"),
    Index("ix_sla_clock_case", "case_id", "started_at"),
    Index("ix_sla_clock_running", "due_at", postgresql_where="settled_at IS NULL"),
)
Index(
    "uq_sla_clock_conversation",
    sla_clock.c.conversation_id,
    unique=True,
    postgresql_where="settled_at IS NULL AND conversation_id IS NOT NULL",
)
Index(
    "uq_sla_clock_case",
    sla_clock.c.case_id,
    unique=True,
    postgresql_where="settled_at IS NULL AND case_id IS NOT NULL",
)

rule = Table(
    "rule",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    Column("position", Integer, nullable=False, server_default="0"),
    json_column("on_events", "[]"),  # types of events
    json_column("condition"),
    json_column("actions", "[]"),
    Column(
        "once", Boolean, nullable=False, server_default="true"
    ),  # for a conversation, or a case without one
    Column("active", Boolean, nullable=False, server_default="false"),
    version_column(),
    created_column(),
    Column("removed_at", Instant),
)

# What a rule did about an event, once: also when it did nothing because it may not.
rule_run = Table(
    "rule_run",
    metadata,
    id_column(),
    Column("rule_id", ForeignKey("rule.id"), nullable=False),
    Column("rule_version", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),  # of the event
    Column("type", Text, nullable=False),
    Column("conversation_id", Uuid),
    Column("case_id", Uuid),
    Column("depth", SmallInteger, nullable=False, server_default="1"),  # 1: not caused by another rule
    Column("outcome", Text, nullable=False),
    json_column("steps", "[]"),  # [{"do": "add_tag", "outcome": "done"}, …]
    created_column("at"),
    CheckConstraint("outcome IN ('done', 'partly', 'refused', 'failed')", name="outcome"),
    Index("uq_rule_run", "rule_id", "position", unique=True),
    Index("ix_rule_run_conversation", "conversation_id", "at"),
    Index("ix_rule_run_at", "at"),
)
