"""Tables of what keeps a case in motion: its tasks and the record of each move."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from trato.db.metadata import (
    Instant,
    created_column,
    id_column,
    json_column,
    metadata,
    version_column,
)

# Something to do by a date. Reminders of a promise and of a step are tasks too, made before the date breaks.
# One of kind `elsewhere` is about no case: `place` says where at the desk it is done.
task = Table(
    "task",
    metadata,
    id_column(),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), index=True),
    Column("kind", Text, nullable=False, server_default="follow_up"),
    Column("step_id", ForeignKey("case_step.id", ondelete="CASCADE")),
    Column("place", Text),
    Column("title", Text, nullable=False, server_default=""),
    Column("owner_id", ForeignKey("agent.id")),  # null: nobody's yet, supervisors see to it
    Column("due_at", Instant),
    Column("state", Text, nullable=False, server_default="open"),
    Column("snoozed_until", Instant),
    Column("until_reply", Boolean, nullable=False, server_default="false"),
    Column("snoozed_at", Instant),
    Column("broken_at", Instant),  # the date passed while it was open
    Column("done_at", Instant),
    Column("done_by", ForeignKey("agent.id")),
    Column("created_by", ForeignKey("agent.id")),
    version_column(),
    created_column(),
    CheckConstraint("kind IN ('follow_up', 'promise', 'step', 'elsewhere')", name="kind"),
    CheckConstraint("(kind = 'elsewhere') = (case_id IS NULL)", name="case"),
    CheckConstraint("(kind = 'elsewhere') = (place IS NOT NULL)", name="place"),
    CheckConstraint("state IN ('open', 'done', 'dropped')", name="state"),
    CheckConstraint("(kind = 'step') = (step_id IS NOT NULL)", name="step"),
    Index("ix_task_owner", "owner_id", "due_at", postgresql_where="state = 'open'"),
    Index("ix_task_due", "due_at", postgresql_where="state = 'open'"),
    Index(
        "uq_task_promise",
        "case_id",
        unique=True,
        postgresql_where="kind = 'promise' AND state = 'open'",
    ),
    Index("uq_task_step", "step_id", unique=True, postgresql_where="state = 'open'"),
)

# What happened to a case, who did it and when: it only grows.
case_move = Table(
    "case_move",
    metadata,
    id_column(),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),  # as the event log names actors
    Column("agent_id", ForeignKey("agent.id")),
    json_column("data"),
    created_column("at"),
    Index("ix_case_move_case", "case_id", "at"),
)

# Two cases that turned out to be one, and one that turned out to be two: which rows moved, for the undo.
case_merge = Table(
    "case_merge",
    metadata,
    id_column(),
    Column("kind", Text, nullable=False),
    Column("kept_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("other_id", ForeignKey("cases.id"), nullable=False, index=True),  # merged into it, or split off it
    Column("moved", JSONB, nullable=False),
    Column("before", JSONB, nullable=False),  # columns of both as they were
    Column("made_by", ForeignKey("agent.id")),
    created_column(),
    Column("undone_at", Instant),
    CheckConstraint("kind IN ('merge', 'split')", name="kind"),
)

# Cases that have to do with one another, each pair once.
case_link = Table(
    "case_link",
    metadata,
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    Column("related_id", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("made_by", ForeignKey("agent.id")),
    created_column(),
    CheckConstraint("case_id < related_id", name="once"),
)

# A named owner of a thing: a shop, a product, a site. Contacts take an unresolved matter to them.
door = Table(
    "door",
    metadata,
    id_column(),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("owner_id", ForeignKey("agent.id"), nullable=False),
    Column("answer_hours", Integer, nullable=False, server_default="24"),  # the owner answers within
    Column("for_all", Boolean, nullable=False, server_default="false"),  # of what has no door of its own
    Column("active", Boolean, nullable=False, server_default="true"),
    version_column(),
    created_column(),
    CheckConstraint("kind IN ('shop', 'product', 'site', 'other')", name="kind"),
    CheckConstraint("answer_hours BETWEEN 1 AND 720", name="answer_hours"),
)

# What an agent may give without asking anybody.
latitude = Table(
    "latitude",
    metadata,
    Column("agent_id", ForeignKey("agent.id"), primary_key=True),
    Column("amount", Numeric(12, 2), nullable=False),
    Column("currency", Text, nullable=False),  # ISO 4217
    CheckConstraint("amount >= 0", name="amount"),
    CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
)

# Something given to make up for what went wrong; above the agent's latitude a supervisor decides first.
gesture = Table(
    "gesture",
    metadata,
    id_column(),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("amount", Numeric(12, 2), nullable=False),
    Column("currency", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("given_by", ForeignKey("agent.id"), nullable=False),
    Column("decided_by", ForeignKey("agent.id")),  # null: within the agent's own latitude
    Column("decided_at", Instant),
    Column("reason", Text, nullable=False, server_default=""),
    version_column(),
    created_column(),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
    CheckConstraint("state IN ('asked', 'given', 'refused')", name="state"),
    Index("ix_gesture_asked", "created_at", postgresql_where="state = 'asked'"),
)
