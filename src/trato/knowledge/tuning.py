"""What tunes the search of a process: synonyms and the gate, read again when somebody changed them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.edge import Services
from trato.knowledge import gate, synonyms
from trato.knowledge.gate import Kept

if TYPE_CHECKING:  # the libraries of the search are loaded with the first question
    from trato.decide.answer_gate import Gate

DATA: Final = "search_data"  # the installation's folder, in `Services.extras`
Origin = Literal["own", "file", "shipped"]

_STATE = text("""
    SELECT (SELECT count(*) || ':' || coalesce(sum(version), 0) || ':' || coalesce(max(id::text), '')
            FROM synonym_group) || ':' || coalesce((SELECT made_at::text FROM answer_gate), '')
""")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tuning:
    """Groups of synonyms by language, under "" those of all; and the gate."""

    synonyms: Mapping[str, Sequence[Sequence[str]]]
    gate: "Gate"


async def state(c: AsyncConnection) -> object:
    """Return what every change of it changes."""
    return await c.scalar(_STATE)


async def read(c: AsyncConnection, data: Path | None) -> Tuning:
    """Return what holds now."""
    return Tuning(await synonyms.groups(c), serving(data, await gate.kept_gate(c))[0])


def serving_gate(shared: Services, kept: Kept | None) -> tuple["Gate", Origin]:
    """Return the gate that serves in this process, and where it is from."""
    return serving(shared.extras.get(DATA), kept)


def serving(data: Path | None, kept: Kept | None) -> tuple["Gate", Origin]:
    """Return the gate that serves: what was learned here, else the file's, else the shipped one."""
    from trato.decide.answer_gate import Gate
    from trato.search.calibration import gate_file, own_gate
    from trato.search.engine import shipped

    if kept is not None:
        try:
            return Gate.of(kept.values), "own"
        except (ValueError, KeyError, TypeError) as error:  # of other signals: learned before an update
            log.warning("search.gate_not_used", reason=repr(error))
    of_file = own_gate(gate_file(data)) if data is not None else None
    return (of_file, "file") if of_file is not None else (Gate.of(shipped()["gate"]), "shipped")
