"""Tables of cases, conversations, messages, attachments and interactions."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from trato.conversations import label_tables as _  # noqa: F401  the rest of the slice's tables
from trato.conversations.case_tables import case_link, case_merge, case_move, door, gesture, latitude, task
from trato.conversations.thread_tables import reading
from trato.db.metadata import (
    IN_STORE,
    Instant,
    created_column,
    id_column,
    json_column,
    metadata,
    words_index,
)

__all__ = [
    "case_link",
    "case_merge",
    "case_move",
    "door",
    "gesture",
    "latitude",
    "reading",
    "task",
]  # all tables of the slice, whoever loads this module

case = Table(
    "cases",
    metadata,
    id_column(),
    Column("number", BigInteger, Identity(start=1001), nullable=False, unique=True),  # as people say it
    Column("brand_id", ForeignKey("brand.id"), nullable=False),
    Column("contact_id", ForeignKey("contact.id"), nullable=False, index=True),
    Column("title", Text, nullable=False, server_default=""),
    Column("expectation", Text, nullable=False, server_default=""),  # in the customer's own words
    Column("status", Text, nullable=False, server_default="open"),
    Column("waiting_for", Text),
    Column("owner_id", ForeignKey("agent.id")),
    Column("promised_at", Instant),
    Column("promise", Text, nullable=False, server_default=""),  # what was promised for then
    Column("promised_by", ForeignKey("agent.id")),
    Column("promised_on", Instant),  # when the promise was made
    Column("remind_at", Instant),  # when its task is due to be made; null once it was
    Column("snoozed_until", Instant),  # waits until then, or until the contact writes
    Column("resolved_at", Instant),
    Column("resolved_by", Text),  # contact, agent, silence
    Column("resolution", Text, nullable=False, server_default=""),  # what was done, as the contact was told
    Column("asked_at", Instant),  # when the contact was asked whether that was it
    Column("merged_into", ForeignKey("cases.id")),
    Column("door_id", ForeignKey("door.id")),  # the thing that it is about, which has an owner
    Column("taken_to_owner_at", Instant),
    Column("version", Integer, nullable=False, server_default="1"),
    created_column(),
    Column("updated_at", Instant, nullable=False),
    CheckConstraint("status IN ('open', 'waiting', 'resolved', 'closed')", name="status"),
    words_index("cases", "title"),
    Index("ix_cases_resolved", "resolved_at", postgresql_where="status = 'resolved'"),
    Index("ix_cases_remind", "remind_at", postgresql_where="remind_at IS NOT NULL"),
    Index("ix_cases_snoozed", "snoozed_until", postgresql_where="snoozed_until IS NOT NULL"),
)

case_step = Table(
    "case_step",
    metadata,
    id_column(),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="later"),
    Column("due_at", Instant),
    Column("remind_at", Instant),
    Column("done_at", Instant),
    CheckConstraint("state IN ('done', 'now', 'later')", name="state"),
    Index("ix_case_step_remind", "remind_at", postgresql_where="remind_at IS NOT NULL"),
)

conversation = Table(
    "conversation",
    metadata,
    id_column(),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("conversation_key", Text, nullable=False),  # thread's root, visitor, address or call
    Column("channel", Text, nullable=False),
    Column("brand_id", ForeignKey("brand.id"), nullable=False),
    Column("contact_id", ForeignKey("contact.id"), nullable=False, index=True),
    Column("case_id", ForeignKey("cases.id"), index=True),
    Column("subject", Text, nullable=False, server_default=""),
    Column("status", Text, nullable=False, server_default="open"),
    Column("spam", Boolean, nullable=False, server_default="false"),
    Column("spam_cause", Text),  # marked, blocked, or the content: unblocking brings back what blocking moved
    Column("language", Text),
    Column("assignee_id", ForeignKey("agent.id"), index=True),
    Column("preview", Text, nullable=False, server_default=""),
    Column("waiting_since", Instant),  # oldest inbound message nobody has answered
    created_column("last_message_at"),
    Column("last_inbound_at", Instant),
    Column("contact_read_at", Instant),
    Column("agent_read_at", Instant),
    Column("snoozed_until", Instant),
    Column("trouble", Text),  # failed, uncertain: an outbound message needs a hand
    Column("version", Integer, nullable=False, server_default="1"),
    created_column(),
    Column("closed_at", Instant),
    CheckConstraint("status IN ('open', 'snoozed', 'closed')", name="status"),
    CheckConstraint("spam_cause IN ('marked', 'blocked', 'content')", name="spam_cause"),
    Index(
        "uq_conversation_open",
        "account_id",
        "conversation_key",
        unique=True,
        postgresql_where="status <> 'closed'",
    ),
    Index("ix_conversation_key", "account_id", "conversation_key"),
    # Of what a message changes, nothing is searched by an index: its update stays cheap.
    words_index("conversation", "subject", postgresql_where="subject <> ''"),
    Index("ix_conversation_trouble", "trouble", postgresql_where="trouble IS NOT NULL"),
    Index("ix_conversation_list", "status", "closed_at"),
    # A message changes what stands in no index, and finds room for it on its page: then no index is written.
    postgresql_with={"fillfactor": 80},
)

# Contact, agents, third parties and those in copy.
participant = Table(
    "participant",
    metadata,
    id_column(),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("address", Text, nullable=False),
    Column("contact_id", ForeignKey("contact.id"), index=True),
    Column("agent_id", ForeignKey("agent.id")),
    created_column(),
    CheckConstraint("role IN ('contact', 'agent', 'third_party', 'copy')", name="role"),
    UniqueConstraint("conversation_id", "role", "address"),
)

message = Table(
    "message",
    metadata,
    id_column(),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False),
    Column("case_id", ForeignKey("cases.id"), index=True),
    Column("contact_id", ForeignKey("contact.id"), nullable=False),
    Column("direction", Text, nullable=False),
    Column("kind", Text, nullable=False, server_default="text"),
    Column("author_kind", Text, nullable=False),
    Column("author_id", Uuid),
    Column("author_name", Text, nullable=False, server_default=""),
    Column("text", Text, nullable=False, server_default=""),
    Column("subject", Text),
    json_column("payload"),  # the channel's own: to, cc, headers, what was folded away
    Column("html", Text),  # sanitised; shown from its own URL only
    Column(
        "raw_key", Text, info=IN_STORE
    ),  # the original in the store: kept as long as the message, deleted with it
    Column("external_id", Text),  # the provider's or our Message-ID
    Column("dedupe_key", Text),
    Column("client_id", Text),
    Column("status", Text, nullable=False),
    Column("error", Text),
    created_column(),
    Column("occurred_at", Instant, nullable=False),  # when it was written, by the sender's account
    Column("sent_at", Instant),
    Column("delivered_at", Instant),
    Column("read_at", Instant),
    Column("version", Integer, nullable=False, server_default="1"),
    CheckConstraint("direction IN ('in', 'out', 'internal')", name="direction"),
    CheckConstraint(
        "kind IN ('text', 'media', 'leg', 'prompt', 'keys', 'transcript', 'recording', 'trail', 'system')",
        name="kind",
    ),
    CheckConstraint(
        "status IN ('received', 'noted', 'queued', 'sending', 'sent', 'delivered', 'read', 'failed',"
        " 'uncertain', 'cancelled')",
        name="status",
    ),
    CheckConstraint("author_kind IN ('contact', 'agent', 'third_party', 'system')", name="author_kind"),
    Index("ix_message_contact", "contact_id", "created_at"),
    Index("ix_message_conversation", "conversation_id", "created_at"),
    Index("ix_message_external", "external_id", postgresql_where="external_id IS NOT NULL"),
    Index("ix_message_raw", "raw_key", postgresql_where="raw_key IS NOT NULL"),
    Index("uq_message_dedupe", "dedupe_key", unique=True, postgresql_where="dedupe_key IS NOT NULL"),
    Index(
        "uq_message_client",
        "conversation_id",
        "client_id",
        unique=True,
        postgresql_where="client_id IS NOT NULL",
    ),
)

attachment = Table(
    "attachment",
    metadata,
    id_column(),
    Column("message_id", ForeignKey("message.id"), index=True),
    Column("conversation_id", ForeignKey("conversation.id"), index=True),
    Column("filename", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("store_key", Text, nullable=False, index=True, info=IN_STORE),  # the same for each copy of a file
    Column("content_id", Text),
    Column("inline", Boolean, nullable=False, server_default="false"),
    Column("uploaded_by", Text),  # user:<id> or visitor:<id> until it belongs to a message
    Column("place", Integer, nullable=False, server_default="0"),  # among its message's files, as chosen
    created_column(),
)

# One handled stretch of work: AHT, ASA, FCR and occupancy can be computed again from it.
interaction = Table(
    "interaction",
    metadata,
    id_column(),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False),
    Column("case_id", ForeignKey("cases.id")),
    Column("agent_id", ForeignKey("agent.id"), nullable=False),
    Column("queue_id", Uuid),  # where it waited
    Column("units", Integer, nullable=False, server_default="1"),  # of the agent's capacity
    Column("exclusive", Boolean, nullable=False, server_default="false"),  # all of it, whatever it is later
    Column("state", Text, nullable=False, server_default="offered"),
    Column("reason", Text, nullable=False, server_default=""),  # why this agent, in one sentence
    json_column("decision"),  # the same in codes and values, for the desk to say
    Column("queued_at", Instant),
    Column("offered_at", Instant, nullable=False),
    Column("offer_expires_at", Instant),
    Column("accepted_at", Instant),
    Column("first_reply_at", Instant),
    Column("held_s", Float, nullable=False, server_default="0"),
    Column("wrap_up_at", Instant),  # when the talk was over; the time until `ended_at` is wrap-up
    Column("wrap_up_ends_at", Instant),
    Column("wrap_up_extended", Boolean, nullable=False, server_default="false"),
    Column("ended_at", Instant),
    Column("end_reason", Text),
    Column("disposition", Text),
    Column("disposition_offered", Text),  # by the macro that was used last; who ends it says whether it is so
    Column("progress", Boolean),  # whether it moved the matter on; null until it was looked at
    Column("epoch", BigInteger),
    CheckConstraint(
        "state IN ('offered', 'accepted', 'wrap_up', 'ended', 'declined', 'expired', 'withdrawn')",
        name="state",
    ),
    Index("uq_interaction_accepted", "conversation_id", unique=True, postgresql_where="state = 'accepted'"),
    Index(
        "uq_interaction_open",
        "conversation_id",
        "agent_id",
        unique=True,
        postgresql_where="state IN ('offered', 'accepted')",
    ),
    Index("ix_interaction_held", "agent_id", postgresql_where="state IN ('offered', 'accepted', 'wrap_up')"),
    Index("ix_interaction_conversation", "conversation_id", "offered_at"),
    Index(
        "ix_interaction_unmarked",
        "ended_at",
        postgresql_where="state = 'ended' AND progress IS NULL AND accepted_at IS NOT NULL",
    ),
    Index("ix_interaction_case", "case_id"),
    Index("ix_interaction_offer", "offer_expires_at", postgresql_where="state = 'offered'"),
    Index("ix_interaction_wrap_up", "agent_id", postgresql_where="state = 'wrap_up'"),
)
