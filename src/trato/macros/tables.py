"""The table of macros."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text, func
from sqlalchemy.dialects.postgresql import ARRAY

from trato.db.metadata import Instant, created_column, id_column, json_column, metadata, version_column

macro = Table(
    "macro",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    Column("brand_id", ForeignKey("brand.id")),  # for this brand only
    json_column("texts"),  # {"es": "Hola {{contact.first_name}} …"}
    json_column("tag_ids", "[]"),  # given to the conversation when it is used
    Column("disposition", Text),  # offered when the work ends
    # Of the texts that hold nothing of a case: they are not sent as they stand.
    Column("digests", ARRAY(Text), nullable=False, server_default="{}"),
    version_column(),
    created_column(),
    Column("removed_at", Instant),
)
Index("uq_macro_name", func.lower(macro.c.name), unique=True, postgresql_where="removed_at IS NULL")
Index("ix_macro_digests", macro.c.digests, postgresql_using="gin")
