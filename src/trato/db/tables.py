"""The one table of jobs: sends, timers, retries, deliveries; and by which key the database is sealed."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
)

from trato.db.metadata import Instant, created_column, json_column, metadata

job = Table(
    "job",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("key", Text),  # at most one waiting job of a kind and key
    Column("lane", Text),  # what may fail together, such as an account; its kind when there is none
    json_column("data"),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("run_at", Instant, nullable=False),
    created_column("planned_at"),  # when `run_at` was written
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("owner", Uuid),
    Column("lease_until", Instant),
    Column("error", Text),
    created_column(),
    CheckConstraint("state IN ('waiting', 'running', 'failed')", name="state"),
    Index("ix_job_due", "run_at", postgresql_where="state = 'waiting'"),
    Index("ix_job_running", "lease_until", postgresql_where="state = 'running'"),
    Index("uq_job_key", "kind", "key", unique=True, postgresql_where="state = 'waiting' AND key IS NOT NULL"),
)

# Lanes that do not get through. A lane that works has no row.
job_lane = Table(
    "job_lane",
    metadata,
    Column("lane", Text, primary_key=True),
    Column("failures", Integer, nullable=False, server_default="0"),  # since it last got through
    Column("held_until", Instant),  # nothing of it is tried before
)

# One row: a machine with another key is refused before it writes what nobody else can read.
installation_key = Table(
    "installation_key",
    metadata,
    Column("id", SmallInteger, primary_key=True, server_default="1"),
    Column("fingerprint", Text, nullable=False),
    created_column(),
    CheckConstraint("id = 1", name="one"),
)
