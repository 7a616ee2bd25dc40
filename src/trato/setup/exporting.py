"""Taking the settings out: one text, the same for the same settings."""

from trato.setup import file, present
from trato.setup.kind import Act
from trato.setup.kinds import KINDS


async def take_out(act: Act) -> str:
    """Return the file of all that is set up here; secrets are named in it and never told."""
    found = await present.everything(act)
    return file.text_of({kind.section: present.as_file(kind, found[kind.section]) for kind in KINDS})
