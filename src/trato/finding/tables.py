"""Tables of what can be found: the words that are in use, and of each thing by which of them it is found.

They are a cache: whatever stands here is read from the things themselves, and can be read again.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY

from trato.db.metadata import Instant, metadata

finding_word = Table(
    "finding_word",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column(
        "word", Text(collation="C"), nullable=False, unique=True
    ),  # so that one index finds beginnings too
    Column("uses", BigInteger, nullable=False, server_default="0"),  # things that have it; in no index
    Column("named", Boolean, nullable=False, server_default="false"),  # in a name or a title
    Index("ix_finding_word_named", "word", postgresql_where="named"),
    postgresql_with={"fillfactor": 80},
)

# `place` grows with what comes, and falls with what is read of earlier times: so the newest is found first.
# Beside numbers of words, `marks` holds negative ones of `finding.marks`: kind, stretch, who may see it.
finding_entry = Table(
    "finding_entry",
    metadata,
    Column("kind", SmallInteger, nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("ref", Uuid, nullable=False, unique=True),
    Column("marks", ARRAY(Integer), nullable=False),
    PrimaryKeyConstraint("kind", "place"),
    Index(
        "ix_finding_entry_marks",
        "marks",
        postgresql_using="gin",
    ),
)

# How far each kind is read; without its row it is read anew from the newest to the oldest.
finding_state = Table(
    "finding_state",
    metadata,
    Column("kind", SmallInteger, primary_key=True, autoincrement=False),
    Column("top", BigInteger, nullable=False, server_default="0"),
    Column("bottom", BigInteger, nullable=False, server_default="1"),
    Column("behind", Uuid),  # the last one that was read of earlier times
    Column("read_all_at", Instant),
    CheckConstraint("kind BETWEEN 1 AND 4", name="kind"),
)
