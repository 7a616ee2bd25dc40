"""PostgreSQL without installing it: the packaged programs under a supervisor of our own."""

from trato.db.embedded.server import EmbeddedPostgres, running_dsn

__all__ = ["EmbeddedPostgres", "running_dsn"]
