"""One MetaData for all slices' tables, with names for constraints so that migrations can speak of them."""

from typing import Final

from sqlalchemy import Column, DateTime, MetaData, Uuid, func
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


IN_STORE: Final = {"in_store": True}
"""The `info` of a column whose values are keys of files in the store: a backup makes sure of them."""
