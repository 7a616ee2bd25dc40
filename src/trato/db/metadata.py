"""One MetaData for all slices' tables, with names for constraints so that migrations can speak of them."""

from typing import Any, Final

from sqlalchemy import Column, DateTime, Index, Integer, MetaData, Uuid, func
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Instant = DateTime(timezone=True)


def id_column() -> Column:  # type: ignore[type-arg]
    """Return the usual primary key: a UUIDv7 made by the application (`kit.ids.new_id`)."""
    return Column("id", Uuid, primary_key=True)


def created_column(name: str = "created_at") -> Column:  # type: ignore[type-arg]
    """Return an instant that the database fills."""
    return Column(name, Instant, nullable=False, server_default=func.now())


def json_column(name: str, default: str = "{}") -> Column:  # type: ignore[type-arg]
    """Return a JSONB column that is never null."""
    return Column(name, JSONB, nullable=False, server_default=default)


def version_column() -> Column:  # type: ignore[type-arg]
    """Return the number that grows with each change, by which two people's changes are told apart."""
    return Column("version", Integer, nullable=False, server_default="1")


IN_STORE: Final = {"in_store": True}
"""The `info` of a column whose values are keys of files in the store: a backup makes sure of them."""


def words_index(table: str, column: str, **options: Any) -> Index:
    """Return an index that finds words anywhere in a text by ILIKE, of three letters and more (pg_trgm).

    It costs a writer of that column much, others nothing: give it to what is written once.
    """
    name = f"ix_{table}_{column}_words"
    ops = {column: "gin_trgm_ops"}
    return Index(name, column, postgresql_using="gin", postgresql_ops=ops, **options)
