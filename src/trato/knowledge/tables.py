"""Tables of sections, articles, their texts and files, what readers say, and what tunes the search."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, DOUBLE_PRECISION

from trato.db.metadata import (
    IN_STORE,
    Instant,
    created_column,
    id_column,
    json_column,
    metadata,
    version_column,
)

# How a brand's help centre looks and what it is called; a brand without a row has the usual face.
help_centre = Table(
    "help_centre",
    metadata,
    Column("brand_id", ForeignKey("brand.id"), primary_key=True),
    json_column("titles"),  # {"es": "¿En qué podemos ayudarle?"}
    Column("accent", Text),  # "#0b6e6e"; only its hue and strength are taken, so that text stays legible
    Column("site_url", Text),  # where the brand's own site is
    Column("owner_id", ForeignKey("agent.id")),  # who answers for pages that no owner of an article does
    Column("slug", Text, unique=True),  # at /help/{slug}; the first brand is at /help without one
    Column("host", Text, unique=True),  # a name of its own, "ayuda.marca.example": there it is at /help
    version_column(),
)

section = Table(
    "section",
    metadata,
    id_column(),
    Column("slug", Text, nullable=False, unique=True),
    Column("old_slugs", ARRAY(Text), nullable=False, server_default="{}"),
    json_column("names"),  # {"es": "Garantía", "pt": "Garantia"}
    json_column("descriptions"),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("external_id", Text, unique=True),
    version_column(),
    created_column(),
)

article = Table(
    "article",
    metadata,
    id_column(),
    Column("kind", Text, nullable=False, server_default="article"),
    Column("section_id", ForeignKey("section.id"), index=True),
    Column("visibility", Text, nullable=False, server_default="public"),
    Column("brand_ids", ARRAY(Uuid), nullable=False, server_default="{}"),  # that show it; none: all do
    Column("source_language", Text, nullable=False),  # the others are translated from this one
    Column("owner_id", ForeignKey("agent.id"), index=True),  # who answers for it
    Column("review_at", Date, index=True),  # when somebody should look whether it still holds
    Column("position", Integer, nullable=False, server_default="0"),
    Column("external_id", Text, unique=True),  # its name where it was imported from
    version_column(),
    created_column(),
    created_column("changed_at"),
    Column("removed_at", Instant),
    CheckConstraint("kind IN ('article', 'policy')", name="kind"),
    CheckConstraint("visibility IN ('public', 'signed_in', 'agents')", name="visibility"),
)

# The text as it is being written; what readers see is the version that `published` names.
article_translation = Table(
    "article_translation",
    metadata,
    Column("article_id", ForeignKey("article.id"), nullable=False),
    Column("language", Text, nullable=False),
    Column("slug", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False, server_default=""),
    Column("body", Text, nullable=False, server_default=""),  # Markdown
    Column("source_version", Integer, nullable=False, server_default="0"),  # of the source: written from it
    Column("drafted", Boolean, nullable=False, server_default="true"),  # the text is newer than `published`
    Column("published", Integer),  # the number of the version that readers see
    Column("published_at", Instant),
    Column("first_published_at", Instant),
    Column("edited_by", Text, nullable=False),  # as events name an actor
    created_column("edited_at"),
    Column("revision", Integer, nullable=False, server_default="1"),  # grows with each change of this row
    PrimaryKeyConstraint("article_id", "language"),
    Index("uq_article_translation_slug", "language", "slug", unique=True),
)

# What was published, never changed afterwards.
article_version = Table(
    "article_version",
    metadata,
    Column("article_id", ForeignKey("article.id"), nullable=False),
    Column("language", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("html", Text, nullable=False),  # made safe
    Column("text", Text, nullable=False),  # of `html`, for search
    Column("note", Text, nullable=False, server_default=""),  # what changed
    Column("minor", Boolean, nullable=False, server_default="false"),  # translations of the one before hold
    Column("source_version", Integer, nullable=False),
    Column("published_by", Text, nullable=False),
    created_column("published_at"),
    PrimaryKeyConstraint("article_id", "language", "number"),
)

# Addresses that once led to an article, and still do.
article_old_slug = Table(
    "article_old_slug",
    metadata,
    Column("language", Text, nullable=False),
    Column("slug", Text, nullable=False),
    Column("article_id", ForeignKey("article.id"), nullable=False, index=True),
    created_column(),
    PrimaryKeyConstraint("language", "slug"),
)

# How people ask for a text in words that it does not use: the search finds it by these too.
article_question = Table(
    "article_question",
    metadata,
    id_column(),
    Column("article_id", ForeignKey("article.id"), nullable=False),
    Column("language", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("made_by", Text, nullable=False),  # as events name an actor
    created_column(),
    UniqueConstraint("article_id", "language", "question"),
)

article_file = Table(
    "article_file",
    metadata,
    id_column(),
    Column("article_id", ForeignKey("article.id"), nullable=False, index=True),
    Column("filename", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("store_key", Text, nullable=False, info=IN_STORE),
    Column("uploaded_by", Text, nullable=False),
    created_column(),
)

# "Did this solve it?": no address, no name, only what was said of which version.
article_feedback = Table(
    "article_feedback",
    metadata,
    id_column(),
    Column("article_id", ForeignKey("article.id"), nullable=False),
    Column("language", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("solved", Boolean, nullable=False),
    Column("reason", Text),
    Column("words", Text, nullable=False, server_default=""),
    Column("taken", Boolean, nullable=False, server_default="false"),  # counted among what is missing
    created_column(),
    CheckConstraint("reason IN ('unclear', 'wrong', 'incomplete', 'another_matter', 'other')", name="reason"),
    Index("ix_article_feedback_article", "article_id", "created_at"),
    Index("ix_article_feedback_new", "id", postgresql_where="NOT solved AND NOT taken"),
    Index("ix_article_feedback_created", "created_at"),
)

# Questions that no article answered, as `decide.unanswered` leaves them: how often, and when last.
unanswered_question = Table(
    "unanswered_question",
    metadata,
    id_column(),
    Column("language", Text, nullable=False),  # of the page on which it was asked
    Column("question", Text, nullable=False),
    Column("asked", Integer, nullable=False, server_default="1"),
    Column("taken", Integer, nullable=False, server_default="0"),  # of these, counted among what is missing
    created_column(),
    created_column("last_at"),
    UniqueConstraint("language", "question"),
    Index("ix_unanswered_question_last", "last_at"),
)

# Words that mean the same to those who ask; a group without a language holds in all.
synonym_group = Table(
    "synonym_group",
    metadata,
    id_column(),
    Column("language", Text),
    Column("words", ARRAY(Text), nullable=False),
    Column("made_by", Text, nullable=False),  # as events name an actor
    version_column(),
    created_column("changed_at"),
    CheckConstraint("language IN ('es', 'en', 'pt')", name="language"),
)

# A question whose first hit somebody judged, with what the gate saw: what it learns from.
answer_sample = Table(
    "answer_sample",
    metadata,
    id_column(),
    Column("language", Text, nullable=False),
    Column("question", Text, nullable=False),  # as `decide.unanswered` leaves it
    Column("judged_right", Boolean, nullable=False),
    Column("judge", Text, nullable=False),
    Column("signals", ARRAY(DOUBLE_PRECISION), nullable=False),  # by `answer_gate.SIGNALS`
    created_column(),
    CheckConstraint("judge IN ('reader', 'owner')", name="judge"),
    Index("ix_answer_sample_created", "created_at"),
)

# The gate that was learned from these; one row, the shipped gate serves without it.
answer_gate = Table(
    "answer_gate",
    metadata,
    Column("single", Boolean, primary_key=True, server_default="true"),
    json_column("gate"),
    Column("samples", Integer, nullable=False),
    Column("precision", DOUBLE_PRECISION, nullable=False),  # that was asked for
    Column("made_by", Text, nullable=False),
    created_column("made_at"),
    CheckConstraint("single", name="single"),
)

# How often a text was opened, by day; nothing of who did.
article_read = Table(
    "article_read",
    metadata,
    Column("article_id", ForeignKey("article.id"), nullable=False),
    Column("language", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("reads", Integer, nullable=False),
    PrimaryKeyConstraint("article_id", "day", "language"),
    Index("ix_article_read_day", "day"),
)
