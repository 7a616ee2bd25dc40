"""Tables of what can be affected, incidents and their updates, and of whom they touch."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY

from trato.db.metadata import Instant, created_column, id_column, json_column, metadata, version_column

# What of a brand can be affected: a product, a site, a channel, as customers call it.
service = Table(
    "service",
    metadata,
    id_column(),
    Column("brand_id", ForeignKey("brand.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False, server_default="product"),
    json_column("names"),  # {"es": "Pagos", "en": "Payments"}
    Column("position", Integer, nullable=False, server_default="0"),
    Column("active", Boolean, nullable=False, server_default="true"),
    version_column(),
    created_column(),
    CheckConstraint("kind IN ('product', 'site', 'channel')", name="kind"),
)

# Something that does not work, or a planned window of work. What readers see is in the languages it was
# written in; `words` are phrases by which customers would tell of it.
incident = Table(
    "incident",
    metadata,
    id_column(),
    Column("brand_id", ForeignKey("brand.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False, server_default="incident"),
    Column("state", Text, nullable=False, server_default="open"),
    Column("severity", Text, nullable=False, server_default="minor"),
    json_column("titles"),
    json_column("noticed"),  # what people notice
    Column("words", ARRAY(Text), nullable=False, server_default="{}"),
    json_column("evidence"),  # of a suspected one: what was seen, shown at the desk alone
    created_column("began_at"),
    Column("starts_at", Instant),  # of maintenance: as planned
    Column("ends_at", Instant),
    Column("time_zone", Text),  # in which it was planned, and is told
    Column("ends_itself", Boolean, nullable=False, server_default="true"),
    Column("declared_by", Text, nullable=False),  # as the event log names an actor
    Column("resolved_at", Instant),
    Column("resolved_by", Text),
    Column("round", Integer, nullable=False, server_default="0"),  # each end and each return begins another
    version_column(),
    created_column(),
    CheckConstraint("kind IN ('incident', 'maintenance')", name="kind"),
    CheckConstraint("state IN ('suspected', 'open', 'resolved', 'dismissed')", name="state"),
    CheckConstraint("severity IN ('minor', 'major', 'critical')", name="severity"),
    CheckConstraint(
        "kind = 'incident' OR (starts_at IS NOT NULL AND ends_at > starts_at AND time_zone IS NOT NULL)",
        name="window",
    ),
    Index("ix_incident_open", "brand_id", postgresql_where="state IN ('suspected', 'open')"),
    Index("ix_incident_began", "began_at"),
)

incident_service = Table(
    "incident_service",
    metadata,
    Column("incident_id", ForeignKey("incident.id", ondelete="CASCADE"), nullable=False),
    Column("service_id", ForeignKey("service.id"), nullable=False, index=True),
    PrimaryKeyConstraint("incident_id", "service_id"),
)

# What was told since, newest last; the last one of a resolved incident says what was done.
incident_update = Table(
    "incident_update",
    metadata,
    id_column(),
    Column("incident_id", ForeignKey("incident.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False, server_default="update"),
    json_column("texts"),
    Column("by", Text, nullable=False),
    Column("client_id", Text, nullable=False),  # the same update sent twice is one
    created_column("at"),
    CheckConstraint("kind IN ('update', 'resolved', 'reopened')", name="kind"),
    UniqueConstraint("incident_id", "client_id"),
    Index("ix_incident_update_incident", "incident_id", "at"),
)

# Conversations that an incident touches, with the reason; what was undone is not linked again by itself.
incident_link = Table(
    "incident_link",
    metadata,
    Column("incident_id", ForeignKey("incident.id", ondelete="CASCADE"), nullable=False),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False, index=True),
    Column("state", Text, nullable=False, server_default="linked"),
    json_column("reason"),  # {"words": ["pago", "tarjeta"]}; empty: by hand
    Column("by", Text, nullable=False),
    created_column("at"),
    PrimaryKeyConstraint("incident_id", "conversation_id"),
    CheckConstraint("state IN ('linked', 'undone')", name="state"),
)

# Who asked to be told. Two people who turn out to be one may stand here twice; they are told once.
incident_follower = Table(
    "incident_follower",
    metadata,
    id_column(),
    Column("incident_id", ForeignKey("incident.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("contact_id", ForeignKey("contact.id"), nullable=False, index=True),
    Column("channel", Text),  # chosen for this; null: where they usually are reached
    Column("address", Text),  # that they gave for this
    Column("conversation_id", ForeignKey("conversation.id")),
    Column("language", Text),
    Column("asked_at_place", Text, nullable=False),  # page, widget, desk
    created_column(),
)

# An address that somebody wrote on a page, until its owner says by a link that it is theirs.
incident_request = Table(
    "incident_request",
    metadata,
    id_column(),
    Column("incident_id", ForeignKey("incident.id", ondelete="CASCADE"), nullable=False),
    Column("email", Text, nullable=False),
    Column("key", Text, nullable=False),  # by which two spellings are one
    Column("language", Text, nullable=False),
    Column("follower_id", ForeignKey("incident_follower.id", ondelete="SET NULL")),
    created_column(),
    UniqueConstraint("incident_id", "key"),
)

# Who is told that an incident is over: written when it is resolved, worked off in batches.
incident_telling = Table(
    "incident_telling",
    metadata,
    Column("incident_id", ForeignKey("incident.id", ondelete="CASCADE"), nullable=False),
    Column("person_id", Uuid, nullable=False),  # the contact as it was then; merges do not move it
    Column("asked", Boolean, nullable=False, server_default="false"),  # else only linked
    Column("channel", Text),
    Column("address", Text),
    Column("conversation_id", ForeignKey("conversation.id")),
    Column("language", Text),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("problem", Text),
    Column("message_id", Uuid),
    Column("told_at", Instant),
    Column("round", Integer, nullable=False, server_default="1"),  # of the incident: what is told
    PrimaryKeyConstraint("incident_id", "person_id", "round"),
    CheckConstraint("state IN ('waiting', 'told', 'unreachable', 'same')", name="state"),
    Index("ix_incident_telling_waiting", "incident_id", postgresql_where="state = 'waiting'"),
)
