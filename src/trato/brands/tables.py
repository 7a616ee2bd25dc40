"""Tables of the organisation, its brands and its channel accounts."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY

from trato.db.metadata import Instant, created_column, id_column, json_column, metadata, version_column

organisation = Table(
    "organisation",
    metadata,
    Column("id", SmallInteger, primary_key=True, server_default="1"),
    Column("name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    json_column("hours"),  # {"mon": [["09:00", "18:00"]], ...}
    Column("set_up_at", Instant),
    version_column(),
    Column("wrap_up_s", Integer, nullable=False, server_default="0"),  # where no queue says otherwise
    Column("system_account_id", Uuid),  # the named account that sends invitations and sign-in links
    CheckConstraint("id = 1", name="one"),
    CheckConstraint("wrap_up_s >= 0", name="wrap_up_s"),
)

brand = Table(
    "brand",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("tone", Text, nullable=False, server_default="usted"),
    Column("signature", Text, nullable=False, server_default=""),
    version_column(),
    created_column(),
)

# How a brand looks on its widget and its help centre; a brand without a row has the usual look.
brand_look = Table(
    "brand_look",
    metadata,
    Column("brand_id", ForeignKey("brand.id"), primary_key=True),
    Column("accent", Text),  # "#0b6e6e": on light pages, legible there
    Column("accent_dark", Text),  # on dark ones; null: the nearest to the other that is legible there
    Column("theme", Text, nullable=False, server_default="auto"),
    Column("side", Text, nullable=False, server_default="end"),  # of the line: in Spanish the right
    Column("corners", Text, nullable=False, server_default="soft"),
    Column("font", Text, nullable=False, server_default="ours"),
    json_column("labels"),  # of the launcher, {"es": "Ayuda"}
    json_column("greetings"),  # the first words to whom we do not know yet
    Column("phone", Text, nullable=False, server_default=""),  # both shown while the server is away
    Column("email", Text, nullable=False, server_default=""),
    Column("logo", LargeBinary),  # a PNG, cleaned
    Column("logo_digest", Text),  # names it in its address, which so may be kept for ever
    version_column(),
    CheckConstraint("theme IN ('auto', 'light', 'dark')", name="theme"),
    CheckConstraint("side IN ('start', 'end')", name="side"),
    CheckConstraint("corners IN ('square', 'soft', 'round')", name="corners"),
    CheckConstraint("font IN ('ours', 'page')", name="font"),
    CheckConstraint("(logo IS NULL) = (logo_digest IS NULL)", name="logo"),
    Index("ix_brand_look_logo_digest", "logo_digest"),
)

account = Table(
    "account",
    metadata,
    id_column(),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("brand_id", ForeignKey("brand.id"), nullable=False),
    Column("public_key", Text, nullable=False, unique=True),  # names the account in URLs; not a secret
    json_column("settings"),
    Column("secrets", LargeBinary),  # encrypted JSON
    Column("secrets_set", ARRAY(Text), nullable=False, server_default="{}"),  # their names, for the form
    Column("renewed", LargeBinary),  # encrypted JSON: secrets that the provider has changed since
    # Secrets that it had where its settings came from, and that nobody has typed here yet.
    Column("secrets_awaited", ARRAY(Text), nullable=False, server_default="{}"),
    Column("enabled", Boolean, nullable=False, server_default="true"),
    Column("on_when_typed", Boolean, nullable=False, server_default="false"),  # enabled once they are typed
    Column("state", Text, nullable=False, server_default="new"),  # new, ok, failing
    Column("last_error", Text),
    json_column("last_sentences", "[]"),  # the same for people: [{"code", "values"}] of the connector's
    Column("last_error_at", Instant),
    Column("last_ok_at", Instant),
    Column("sending_error", Text),  # why nothing can be sent through it now; the above is about listening
    Column("undo_s", SmallInteger),  # for how long a reply can be taken back; null: as the channel says
    version_column(),  # of what people set; a state that comes and goes does not count
    created_column(),
    Column("removed_at", Instant),
    CheckConstraint("undo_s BETWEEN 0 AND 60", name="undo_s"),
)

# One listener per account, with fencing: a paused worker that wakes up finds a newer epoch.
account_listener = Table(
    "account_listener",
    metadata,
    Column("account_id", ForeignKey("account.id"), primary_key=True),
    Column("owner", Uuid),
    Column("epoch", BigInteger, nullable=False, server_default="0"),
    Column("expires_at", Instant),
    json_column("cursor"),  # the connector's own, such as UIDVALIDITY and the last UID
)
