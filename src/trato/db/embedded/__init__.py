"""PostgreSQL without installing it: the packaged programs under a supervisor of our own."""

from trato.db.embedded.server import EmbeddedPostgres, exists, running_dsn, throwaway

__all__ = ["EmbeddedPostgres", "exists", "running_dsn", "throwaway"]
