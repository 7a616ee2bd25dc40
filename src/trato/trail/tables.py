"""Tables of the trail and who agreed to share it, and of pages that are reported as broken."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from trato.db.metadata import IN_STORE, Instant, created_column, id_column, metadata, version_column

# A row is the consent: without it nothing of what somebody does alone is kept here.
trail = Table(
    "trail",
    metadata,
    id_column(),
    Column("holder", Text, nullable=False, unique=True),  # as the event log names actors: visitor:…
    created_column("consented_at"),
)

trail_step = Table(
    "trail_step",
    metadata,
    id_column(),
    Column("trail_id", ForeignKey("trail.id", ondelete="CASCADE"), nullable=False),
    Column("client_id", Uuid, nullable=False),  # sent again it is one
    Column("conversation_id", ForeignKey("conversation.id", ondelete="CASCADE")),  # once they wrote
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False, server_default=""),
    Column("outcome", Text),
    Column("reason", Text),
    Column("page", Text, nullable=False, server_default=""),  # an address without query
    Column("article_id", ForeignKey("article.id", ondelete="SET NULL")),
    Column("language", Text),
    Column("at", Instant, nullable=False),
    created_column(),
    CheckConstraint("kind IN ('search', 'article', 'feedback', 'page', 'failure')", name="kind"),
    UniqueConstraint("trail_id", "client_id"),
    Index("ix_trail_step_conversation", "conversation_id", "at"),
    Index("ix_trail_step_created", "created_at"),
)

# A page that somebody says is broken; as long as it is, whoever says so again is joined to it.
page_report = Table(
    "page_report",
    metadata,
    id_column(),
    Column("page", Text, nullable=False),  # our own as a path, a host site's with its host; without query
    Column("title", Text, nullable=False, server_default=""),
    Column("article_id", ForeignKey("article.id", ondelete="SET NULL")),
    Column("state", Text, nullable=False, server_default="open"),
    Column("task_id", ForeignKey("task.id", ondelete="SET NULL")),
    Column("count", Integer, nullable=False, server_default="0"),
    Column("note", Text, nullable=False, server_default=""),  # what was mended, as the customers are told
    Column("ended_at", Instant),
    Column("ended_by", Text),
    version_column(),
    created_column(),
    CheckConstraint("state IN ('open', 'mended', 'dropped')", name="state"),
    Index("uq_page_report_open", "page", unique=True, postgresql_where="state = 'open'"),
    Index("ix_page_report_state", "state", "created_at"),
)

# What one person said of it, and where they are told when it is mended.
page_report_said = Table(
    "page_report_said",
    metadata,
    id_column(),
    Column("report_id", ForeignKey("page_report.id", ondelete="CASCADE"), nullable=False),
    Column("expected", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("conversation_id", ForeignKey("conversation.id", ondelete="SET NULL")),
    Column("email", Text),
    Column("filename", Text),
    Column("content_type", Text),
    Column("size", BigInteger),
    Column("store_key", Text, info=IN_STORE),
    Column("told_at", Instant),
    created_column(),
    Index("ix_page_report_said_report", "report_id", "created_at"),
)

# Who met a failure of a host page, for the short while in which it counts: no address, nothing of them.
page_failure_seen = Table(
    "page_failure_seen",
    metadata,
    id_column(),
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("key", LargeBinary, nullable=False),  # of page, kind and what failed
    Column("who", LargeBinary, nullable=False),  # of this day alone
    Column("network", LargeBinary, nullable=False),
    created_column("at"),
    UniqueConstraint("key", "who"),
    Index("ix_page_failure_seen_at", "at"),
)

# A page that fails for several visitors: a suspicion with its evidence, until somebody looked into it.
page_failure = Table(
    "page_failure",
    metadata,
    id_column(),
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("page", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("what", Text, nullable=False, server_default=""),  # an address without query
    Column("detail", Integer),  # the status of a request, the line of a script
    Column("visitors", Integer, nullable=False),
    Column("networks", Integer, nullable=False),
    Column("state", Text, nullable=False, server_default="suspected"),
    Column("incident_id", ForeignKey("incident.id", ondelete="SET NULL")),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("ended_by", Text),
    version_column(),
    created_column(),
    CheckConstraint("kind IN ('script', 'request', 'clicks')", name="kind"),
    CheckConstraint("state IN ('suspected', 'put_away')", name="state"),
    Index("uq_page_failure_suspected", "key", unique=True, postgresql_where="state = 'suspected'"),
    Index("ix_page_failure_last", "last_at"),
)
