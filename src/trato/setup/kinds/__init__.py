"""Every kind of settings, in the order in which the file has them and an import makes them.

A new kind of settings is one `Kind` in this folder and its line in `KINDS`, after what it refers to. A new
field of a kind that is here needs nothing: the file has what the bodies of the API have; only one that holds
an id needs a form (`Ref`, `Refs`), so that it is named. A table that is not to be in the file stands in
`trato.setup.left_out` with the reason: a test finds one that is in neither list.
"""

from typing import Final

from trato.setup.kind import Kind
from trato.setup.kinds import beside, helping, house, outside, promises, words, work

KINDS: Final[tuple[Kind, ...]] = (
    house.ORGANISATION,
    house.BRANDS,
    house.LOOKS,
    house.ACCOUNTS,
    house.CALENDARS,
    work.SITES,
    work.TEAMS,
    work.SKILLS,
    work.AWAY_REASONS,
    work.CHANNEL_WEIGHTS,
    work.QUEUES,
    work.AGENTS,
    words.TAGS,
    words.DISPOSITIONS,
    words.MACROS,
    promises.SLA_POLICIES,
    promises.RULES,
    promises.DOORS,
    promises.SERVICES,
    beside.FIELDS,
    beside.CARD_SOURCES,
    helping.HELP_CENTRES,
    helping.SECTIONS,
    helping.SYNONYMS,
    outside.WEBHOOKS,
)

# The organisation stands first in the file, and names an account: it is changed when those are made.
IN_TURN: Final = (*(kind for kind in KINDS if not kind.single), *(kind for kind in KINDS if kind.single))
