"""What things are called and what is written with them: tags, ways in which work ends, macros."""

from trato.conversations import label_api, labels
from trato.conversations import label_schemas as schemas
from trato.macros import api as macro_api
from trato.macros import service as macros
from trato.macros.schemas import MacroBody, MacroChange
from trato.setup.forms import LANGUAGES, Plain, Ref, Refs
from trato.setup.kind import Kind, by, changed, made, read, removed

TAGS = Kind(
    "tags",
    frozenset({"tag"}),
    every=read(labels.every_tag),
    body=schemas.TagBody,
    change=schemas.TagBody,
    create=made(label_api.create_tag),
    update=changed(label_api.rename_tag),
    remove=removed(label_api.remove_tag),
)
DISPOSITIONS = Kind(
    "dispositions",
    frozenset({"disposition"}),
    every=read(labels.dispositions),
    body=schemas.DispositionBody,
    change=schemas.DispositionChange,
    create=made(label_api.create_disposition),
    update=changed(label_api.change_disposition),
    forms={"names": Plain("names", keys=LANGUAGES)},
    name=by("code"),
    ordered=True,
)
MACROS = Kind(
    "macros",
    frozenset({"macro"}),
    every=read(macros.every),
    body=MacroBody,
    change=MacroChange,
    create=made(macro_api.create),
    update=changed(macro_api.change),
    remove=removed(macro_api.remove),
    forms={
        "brand_id": Ref("brand", "brands"),
        "texts": Plain("texts", keys=LANGUAGES),
        "tag_ids": Refs("tags", "tags"),
    },
)
