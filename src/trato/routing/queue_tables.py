"""Tables of who can do what and where contacts wait: sites, teams, skills, queues."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from trato.db.metadata import Instant, created_column, id_column, json_column, metadata, version_column

site = Table(
    "site",
    metadata,
    id_column(),
    Column("name", Text, nullable=False, unique=True),
    Column("time_zone", Text, nullable=False),
    version_column(),
    created_column(),
)

team = Table(
    "team",
    metadata,
    id_column(),
    Column("name", Text, nullable=False, unique=True),
    Column("site_id", ForeignKey("site.id")),
    version_column(),
    created_column(),
)

skill = Table(
    "skill",
    metadata,
    id_column(),
    Column("name", Text, nullable=False, unique=True),
    version_column(),
    created_column(),
)

# What routing knows of an agent beside their presence. Without languages, the one of their user counts.
agent_profile = Table(
    "agent_profile",
    metadata,
    Column("agent_id", ForeignKey("agent.id"), primary_key=True),
    Column("team_id", ForeignKey("team.id"), index=True),
    Column("languages", ARRAY(Text), nullable=False, server_default="{}"),
    json_column("limits"),  # {channel: how many at once}; a channel that is not named has no limit of its own
    version_column(),  # of the skills too
)

agent_skill = Table(
    "agent_skill",
    metadata,
    Column("agent_id", ForeignKey("agent.id"), primary_key=True),
    Column("skill_id", ForeignKey("skill.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("level", SmallInteger, nullable=False),
    Column("until", Instant),  # lent for a peak
    CheckConstraint("level BETWEEN 1 AND 5", name="level"),
)

queue = Table(
    "queue",
    metadata,
    id_column(),
    Column("name", Text, nullable=False, unique=True),
    Column("brand_id", ForeignKey("brand.id")),
    Column("calendar_id", ForeignKey("hours_calendar.id")),  # the organisation's when there is none
    Column(
        "priority", SmallInteger, nullable=False, server_default="0"
    ),  # each step a head start of 5 minutes
    Column(
        "target_s", Integer, nullable=False, server_default="60"
    ),  # service level: this share within this time
    Column("target_percent", SmallInteger, nullable=False, server_default="80"),
    Column("patience_s", Integer, nullable=False, server_default="5"),  # for who owns the case or spoke last
    Column("language_needed", Boolean, nullable=False, server_default="false"),
    json_column("relaxation", "[]"),  # [{"after_s", "allow": level | language | team | site | anybody, "by"}]
    Column("push_to", SmallInteger, nullable=False, server_default="1"),  # how many are asked at once
    Column("offer_expires_s", Integer, nullable=False, server_default="60"),
    Column("auto_accept", Boolean, nullable=False, server_default="false"),
    Column("wrap_up_s", Integer, nullable=False, server_default="0"),
    Column(
        "disposition_required", Boolean, nullable=False, server_default="false"
    ),  # who ends work says how it ended
    Column("active", Boolean, nullable=False, server_default="true"),
    version_column(),
    created_column(),
    CheckConstraint("priority BETWEEN -10 AND 10", name="priority"),
    CheckConstraint("target_s > 0 AND target_percent BETWEEN 1 AND 100", name="target"),
    CheckConstraint("patience_s >= 0 AND wrap_up_s >= 0 AND offer_expires_s > 0", name="times"),
    CheckConstraint("push_to BETWEEN 1 AND 20", name="push_to"),
)

queue_skill = Table(
    "queue_skill",
    metadata,
    Column("queue_id", ForeignKey("queue.id", ondelete="CASCADE"), primary_key=True),
    Column("skill_id", ForeignKey("skill.id"), primary_key=True, index=True),
    Column("level", SmallInteger, nullable=False),
    CheckConstraint("level BETWEEN 1 AND 5", name="level"),
)

# The teams that serve a queue before others do; with none of them, everybody does.
queue_team = Table(
    "queue_team",
    metadata,
    Column("queue_id", ForeignKey("queue.id", ondelete="CASCADE"), primary_key=True),
    Column("team_id", ForeignKey("team.id"), primary_key=True, index=True),
)

# Where what comes in by an account waits; an account that is not named has the common line without a queue.
queue_account = Table(
    "queue_account",
    metadata,
    Column("account_id", ForeignKey("account.id"), primary_key=True),
    Column("queue_id", ForeignKey("queue.id", ondelete="CASCADE"), nullable=False, index=True),
)

# What an agent who goes away may choose from; the agent's own words are as good.
away_reason = Table(
    "away_reason",
    metadata,
    id_column(),
    Column("name", Text, nullable=False, unique=True),
    version_column(),
    created_column(),
)

# How much of an agent's capacity a conversation takes; a channel that is not named takes one unit.
channel_weight = Table(
    "channel_weight",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("units", SmallInteger, nullable=False, server_default="1"),
    Column(
        "exclusive", Boolean, nullable=False, server_default="false"
    ),  # takes all of it, from an agent who is free
    CheckConstraint("units BETWEEN 1 AND 100", name="units"),
)
