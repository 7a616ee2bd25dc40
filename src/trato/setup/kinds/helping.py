"""How the help centre is set up: its face, its sections, words that mean the same."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from trato.knowledge import help_centres, schemas, section_api, sections, synonyms, tuning_api, tuning_schemas
from trato.setup.forms import LANGUAGES, Plain, Ref
from trato.setup.kind import Act, Kind, Row, by, changed, made, read, removed


class HelpCentreItem(schemas.HelpCentreChange):
    """A help centre of the file: that of a brand."""

    brand_id: UUID


async def _change_face(act: Act, row: Row, body: Any) -> None:
    version = row["version"] if row["version"] > 1 else None  # it has the usual face, and no row yet
    await section_api.change_face(act.caller, act.c, act.shared, row["brand_id"], body, version)


HELP_CENTRES = Kind(
    "help_centres",
    frozenset({"help_centre"}),
    every=read(help_centres.every),
    body=HelpCentreItem,
    change=schemas.HelpCentreChange,
    update=_change_face,
    forms={
        "brand_id": Ref("brand", "brands"),
        "titles": Plain("titles", keys=LANGUAGES),
        "owner_id": Ref("owner", "agents"),
    },
    name=by("brand"),
    owner="brand_id",
    row_id="brand_id",
    ordered=True,
)
SECTIONS = Kind(
    "sections",
    frozenset({"section"}),
    every=read(sections.every),
    body=schemas.SectionBody,
    change=schemas.SectionChange,
    create=made(section_api.create),
    update=changed(section_api.change),
    remove=removed(section_api.remove),
    forms={
        "names": Plain("names", keys=LANGUAGES),
        "descriptions": Plain("descriptions", keys=LANGUAGES),
    },
    name=by("slug"),
    ordered=True,
)


def _group_name(item: Mapping[str, Any]) -> str:
    words = item.get("words")
    first = words[0] if isinstance(words, list) and words else ""
    return f"{item.get('language') or 'all'}: {first}"


SYNONYMS = Kind(
    "synonyms",
    frozenset({"synonym_group"}),
    every=read(synonyms.every),
    body=tuning_schemas.SynonymBody,
    change=tuning_schemas.SynonymChange,
    create=made(tuning_api.add),
    update=changed(tuning_api.change),
    remove=removed(tuning_api.remove),
    name=_group_name,
)
