"""The table of calendars: when a queue, a brand or a target of service is open."""

from sqlalchemy import CheckConstraint, Column, Table, Text

from trato.db.metadata import Instant, created_column, id_column, json_column, metadata, version_column

hours_calendar = Table(
    "hours_calendar",
    metadata,
    id_column(),
    Column("name", Text, nullable=False, unique=True),
    Column("time_zone", Text, nullable=False),
    json_column("week"),  # {"mon": [["09:00", "18:00"]], ...}
    json_column("exceptions", "[]"),  # [{"date": "2026-12-24", "name": "...", "spans": [["09:00", "13:00"]]}]
    Column("ical", Text, nullable=False, server_default=""),  # holidays: pasted, or as last fetched
    Column("ical_url", Text),
    Column("ical_fetched_at", Instant),
    Column("ical_tried_at", Instant),
    Column("ical_error", Text),  # why the last try failed; what was fetched before stays in force
    version_column(),  # of what people set
    created_column(),
    CheckConstraint("ical_url IS NOT NULL OR ical_error IS NULL", name="ical_error"),
)
