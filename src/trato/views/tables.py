"""Tables of views, of each person's order of them, and of what was done with many conversations at once."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, Uuid

from trato.db.metadata import Instant, created_column, id_column, json_column, metadata, version_column

custom_view = Table(
    "custom_view",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),  # who made it
    Column("shared", Text, nullable=False, server_default="nobody"),
    Column("team_id", Uuid),  # with whom, when it is shared with a team; one that is gone is told
    json_column("conditions", "[]"),
    json_column("names"),  # {id: name} of what the conditions name, as it was called when it was chosen
    version_column(),
    created_column(),
    Column("removed_at", Instant),
    CheckConstraint("shared IN ('nobody', 'team', 'everybody')", name="shared"),
    CheckConstraint("(team_id IS NOT NULL) = (shared = 'team')", name="team"),
)
Index(
    "ix_custom_view_shared",
    custom_view.c.shared,
    postgresql_where="removed_at IS NULL AND shared <> 'nobody'",
)

# Where somebody has a view among theirs; those without a place come behind, by name.
custom_view_place = Table(
    "custom_view_place",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("view_id", ForeignKey("custom_view.id"), primary_key=True, index=True),
    Column("position", Integer, nullable=False),
)

# One act on many conversations; its id is chosen by who asks, so that to ask again does nothing twice.
bulk_act = Table(
    "bulk_act",
    metadata,
    id_column(),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    json_column("act"),
    created_column(),
    Index("ix_bulk_act_created", "created_at"),
)

# What was done to one of them, and what is needed to bring it back.
bulk_item = Table(
    "bulk_item",
    metadata,
    Column("bulk_id", ForeignKey("bulk_act.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "conversation_id", ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True, index=True
    ),
    json_column("before"),
    json_column("after"),
    Column("undone", Boolean, nullable=False, server_default="false"),
)
