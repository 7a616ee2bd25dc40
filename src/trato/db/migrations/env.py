"""Alembic's environment: always over a connection that the caller opened."""

from alembic import context

from trato.db.schema import all_tables

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=all_tables(),
    compare_type=True,
    compare_server_default=True,
    include_name=lambda name, kind, _parents: not (kind == "table" and name == "sql_functions"),
)
with context.begin_transaction():
    context.run_migrations()
