"""Tables of gaps: what is asked and not answered, in which words, and who wrote right after reading."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from trato.db.metadata import Instant, created_column, id_column, json_column, metadata, version_column

# One thing that people ask and do not find answered; its questions are below.
gap = Table(
    "gap",
    metadata,
    id_column(),
    Column("state", Text, nullable=False, server_default="open"),
    Column("title", Text, nullable=False),  # the question that is asked most
    Column("language", Text, nullable=False),  # of that one
    json_column("languages", "[]"),
    Column("size", Integer, nullable=False),  # different questions
    json_column("words"),  # how many of them have each word
    Column("meaning", LargeBinary, nullable=False),  # the sum of their vectors
    Column("article_id", ForeignKey("article.id"), index=True),  # what answers it, or is being written for it
    Column("task_id", ForeignKey("task.id", ondelete="SET NULL"), index=True),
    Column("reason", Text, nullable=False, server_default=""),  # why it is left
    Column("decided_by", Text),  # as events name an actor
    Column("decided_at", Instant),
    version_column(),
    created_column("first_at"),
    created_column("last_at"),
    CheckConstraint("state IN ('open', 'writing', 'answered', 'ignored')", name="state"),
    Index("ix_gap_last", "last_at"),
)

# How a question came: searched in vain, an article that did not solve it, a person asked right after, or
# a bot that had no answer.
gap_question = Table(
    "gap_question",
    metadata,
    id_column(),
    Column("gap_id", ForeignKey("gap.id", ondelete="CASCADE"), nullable=False),
    Column("origin", Text, nullable=False, unique=True),  # what makes it one question however often it comes
    Column("source", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("times", Integer, nullable=False),
    Column("article_id", ForeignKey("article.id"), index=True),  # that was read
    Column("reason", Text),  # what was missing in it
    Column("conversation_id", ForeignKey("conversation.id", ondelete="SET NULL"), index=True),
    created_column("first_at"),
    created_column("last_at"),
    CheckConstraint("source IN ('search', 'article', 'contact', 'bot')", name="source"),
    Index("ix_gap_question_gap", "gap_id", "times"),
    Index("ix_gap_question_last", "last_at"),
)

# How often a gap was met, by day: its volume and where it goes.
gap_day = Table(
    "gap_day",
    metadata,
    Column("gap_id", ForeignKey("gap.id", ondelete="CASCADE"), nullable=False),
    Column("day", Date, nullable=False),
    Column("times", Integer, nullable=False),
    PrimaryKeyConstraint("gap_id", "day"),
    Index("ix_gap_day_day", "day"),
)

# Somebody wrote or called right after an article, or a search without an answer; or a bot had none.
contact_after = Table(
    "contact_after",
    metadata,
    id_column(),
    Column("conversation_id", ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("language", Text, nullable=False),
    Column("article_id", ForeignKey("article.id"), index=True),
    Column("question", Text, nullable=False, server_default=""),
    Column("by_bot", Boolean, nullable=False, server_default="false"),  # a program had no answer to it
    Column("taken", Boolean, nullable=False, server_default="false"),
    created_column("at"),
    Index("ix_contact_after_new", "id", postgresql_where="NOT taken"),
    Index(
        "uq_contact_after_article",
        "conversation_id",
        "article_id",
        unique=True,
        postgresql_where="article_id IS NOT NULL",
    ),
)

# A resolved case that was looked at: what it was about, by which a gap finds who answered it.
gap_case = Table(
    "gap_case",
    metadata,
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    Column("language", Text, nullable=False),
    Column("meaning", LargeBinary),  # null: the contact wrote nothing to compare
    Column("resolved_at", Instant, nullable=False),
    Index("ix_gap_case_resolved", "resolved_at"),
)

# A case that was resolved with an article: an answer in it led there.
article_case = Table(
    "article_case",
    metadata,
    Column("article_id", ForeignKey("article.id"), nullable=False),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("resolved_at", Instant, nullable=False),
    PrimaryKeyConstraint("article_id", "case_id"),
)

# The case that an article was drafted from, and what it says, beside what a language model made of it.
article_source = Table(
    "article_source",
    metadata,
    Column("article_id", ForeignKey("article.id"), primary_key=True),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("language", Text, nullable=False),
    Column("title", Text, nullable=False, server_default=""),  # as the case says it in its own words
    Column("body", Text, nullable=False, server_default=""),
    Column("model", Text),  # the language model that wrote the first text from it; null: none did
    Column("problem", Text),  # why none did although there is one
    created_column(),
)
