"""All tables in one MetaData and all SQL functions in order: what migrations make and compare."""

import importlib
from importlib import resources

from sqlalchemy import MetaData

from trato.db.metadata import metadata

# What the tables need of PostgreSQL beyond itself; trusted, so the database's owner may add it (since 13).
EXTENSIONS = ("pg_trgm",)

# The order of the house, lowest first: a function may call those of slices before it.
SLICES = (
    "db",
    "access",
    "live",
    "brands",
    "contacts",
    "fields",
    "conversations",
    "knowledge",
    "incidents",
    "gaps",
    "webhooks",
    "cards",
    "routing",
    "macros",
    "flow",
    "trail",
    "verbatim",
    "storefront",
    "privacy",
    "finding",
    "automation",
    "notifications",
    "portal",
    "beside",
    "views",
)


def all_tables() -> MetaData:
    """Return the metadata with every slice's tables loaded."""
    for slice_name in SLICES:
        importlib.import_module(f"trato.{slice_name}.tables")
    return metadata


def all_functions() -> list[str]:
    """Return the SQL functions of every slice that has some, in order."""
    found: list[str] = []
    for slice_name in SLICES:
        files = [
            file for file in resources.files(f"trato.{slice_name}").iterdir() if file.name.endswith(".sql")
        ]
        found.extend(file.read_text("utf-8") for file in sorted(files, key=lambda file: file.name))
    return found
