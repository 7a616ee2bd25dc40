"""Write the reference pages from the code; with --check, say which are not fresh."""

import inspect
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from fastapi import FastAPI
from typer._click.core import Context

import trato.channel_sdk as sdk
import trato.cli
from trato.app.web import include_routes
from trato.cards import contract
from trato.db.schema import all_tables
from trato.live.catalogue import KINDS
from trato.settings import Settings

FOLDER = Path(__file__).parent.parent / "docs/reference"
REFERENCE = re.compile(r'"#/components/schemas/([^"]+)"')
EVENTS = """\
Each event is `{id, type, at, actor, contact_id, conversation_id, case_id, data}`; a webhook sends
`{type, timestamp, data}`. `data` holds whole entities, in the shape of the REST views below: keep
them by id, the higher `version` wins. *staff*: signed-in users, API keys and webhooks; *all*: also
that conversation's visitor, who is told less. An API key is told of a type when it has the scope.

"""
MADE = "*Written by `python tools/reference.py` from the code; do not edit.*\n\n"


def commands() -> Iterator[str]:
    """Yield each command with its options."""
    group: Any = typer.main.get_command(trato.cli.compose())
    yield "# Commands\n\n" + MADE
    for name in sorted(group.commands):
        yield from _command(f"trato {name}", group.commands[name])


def _command(name: str, command: Any) -> Iterator[str]:
    if hasattr(command, "list_commands"):  # also those that a group adds while it runs
        context = Context(command)
        for sub in sorted(command.list_commands(context)):
            yield from _command(f"{name} {sub}", command.get_command(context, sub))
        return
    arguments = [(p.name or "").upper() for p in command.params if p.param_type_name == "argument"]
    yield f"## `{' '.join([name, *arguments])}`\n\n{inspect.cleandoc(command.help or '')}\n\n"
    options = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
    for option in options:
        yield f"- `{', '.join(option.opts)}` {getattr(option, 'help', None) or ''}".rstrip() + "\n"
    yield "\n" if options else ""


def settings() -> Iterator[str]:
    """Yield each setting with its variable and default."""
    yield "# Settings\n\n" + MADE
    yield "Variables of the environment; options of the command line win over them.\n\n"
    yield "| variable | default | what it sets |\n|---|---|---|\n"
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, ()) else f"`{field.default}`"
        yield f"| `TRATO_{name.upper()}` | {default} | {field.description} |\n"


def http_api() -> Iterator[str]:
    """Yield each route by tag."""
    app = FastAPI()
    include_routes(app)
    document = app.openapi()
    yield "# HTTP API\n\n" + MADE
    yield "The whole description is at `/api/openapi.json`. How to sign in, repeat, page and read errors:\n"
    yield "[use the API](../how-to/use-the-api.md).\n"
    routes: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            line = inspect.cleandoc(operation.get("description", "")).split("\n\n")[0].replace("\n", " ")
            tag = (operation.get("tags") or ["other"])[0]
            row = f"| `{method.upper()} {path}` | {line} | {_callers(operation)} |\n"
            routes.setdefault(tag, []).append(row)
    for tag in sorted(routes):
        yield f"\n## {tag}\n\n| route | what it does | who |\n|---|---|---|\n"
        yield from sorted(routes[tag])


def _callers(operation: dict[str, Any]) -> str:
    """Return the least role, and the scopes of a key where keys are taken."""
    keys = [way["key"] for way in operation.get("security", []) if "key" in way]
    role = operation.get("x-role") or ("visitor" if operation.get("security") else "anybody")
    return role + "".join(f"; {', '.join(f'`{scope}`' for scope in scopes)}" for scopes in keys)


def database() -> Iterator[str]:
    """Yield each table with its columns."""
    yield "# Database\n\n" + MADE
    for table in sorted(all_tables().tables.values(), key=lambda t: t.name):
        yield f"\n## {table.name}\n\n"
        for column in table.columns:
            target = "".join(f" → {key.target_fullname}" for key in column.foreign_keys)
            marks = " key" if column.primary_key else "" if column.nullable else " required"
            yield f"- `{column.name}` {str(column.type).lower()}{marks}{target}\n"


def events() -> Iterator[str]:
    """Yield each event type with its audience, the scope of keys, and what its data holds."""
    app = FastAPI()
    include_routes(app)
    schemas = app.openapi()["components"]["schemas"]
    audiences = _audiences()
    yield "# Events\n\n" + MADE
    yield EVENTS
    yield "| type | says | data | scope of a key | audience |\n|---|---|---|---|---|\n"
    for name, kind in sorted(KINDS.items()):
        data = ", ".join(f"`{key}`: [{schema}](#{schema.lower()})" for key, schema in kind.data.items())
        says = kind.says if kind.kept else f"{kind.says} Not kept: over the stream only, without id."
        audience = ", ".join(sorted(audiences.get(name, {"all or staff"})))
        yield f"| `{name}` | {says} | {data} | `{kind.scope}` | {audience} |\n"
    shown = sorted({schema for kind in KINDS.values() for schema in kind.data.values()})
    inner = sorted(
        {ref for name in shown for ref in REFERENCE.findall(json.dumps(schemas[name]))} - set(shown)
    )
    for name in [*shown, *inner]:
        yield from _schema(name, schemas[name])


def _audiences() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    source = Path(inspect.getfile(sdk)).parent.parent
    sql = re.compile(r"append_event\(\s*'([a-z_.]+)',\s*(?:'(\w+)')?")
    python = re.compile(r"live\.append\(\s*c,\s*\"([a-z_.]+)\",\s*audience=\"(\w+)\"", re.DOTALL)
    ports = re.compile(r"ports\.changed\(c, \"([a-z_.]+)\"()")
    for file in sorted(source.rglob("*")):
        for pattern in {".sql": (sql,), ".py": (python, ports)}.get(file.suffix, ()):
            for kind, audience in pattern.findall(file.read_text("utf-8")):
                told = audience or ("staff" if pattern is ports else "all or staff")
                found.setdefault(kind, set()).add(told)
    return found


def _schema(name: str, schema: dict[str, Any]) -> Iterator[str]:
    about = inspect.cleandoc(schema.get("description", "")).split("\n\n")[0].replace("\n", " ")
    yield f"\n## {name}\n\n{about}\n\n| field | type |\n|---|---|\n"
    for field, rules in schema["properties"].items():
        yield f"| `{field}` | {_type(rules)} |\n"


def _type(rules: dict[str, Any]) -> str:
    """Return a type in words, as short as a table needs it."""
    if "$ref" in rules:
        name = rules["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in rules:
        return " or ".join(_type(one) for one in rules["anyOf"])
    if "enum" in rules:
        return ", ".join(f"`{value}`" for value in rules["enum"])
    if rules.get("type") == "array":
        inner = rules.get("items") or rules["prefixItems"][0]  # a pair is a list of two of a kind
        return f"list of {_type(inner)}"
    return str(rules.get("format") or rules.get("type") or "any").replace("date-time", "instant")


def channel_sdk() -> Iterator[str]:
    """Yield what a connector may know."""
    yield "# Channel SDK\n\n" + MADE + inspect.cleandoc(sdk.__doc__ or "") + "\n"
    for name in sdk.__all__:
        thing = getattr(sdk, name)
        doc = inspect.cleandoc(inspect.getdoc(thing) or "") if inspect.isclass(thing) else ""
        yield f"\n## {name}\n\n{doc}\n"
        if inspect.isclass(thing):
            for method, function in vars(thing).items():
                if inspect.isfunction(function) and not method.startswith("_"):
                    signature = re.sub(r"<[^>]*>", "…", str(inspect.signature(function)))
                    first = inspect.cleandoc(function.__doc__ or "").split("\n")[0]
                    yield f"\n- `{method}{signature}`  \n  {first}\n"


PAGES = {
    "commands": commands,
    "settings": settings,
    "http-api": http_api,
    "events": events,
    "database": database,
    "channel-sdk": channel_sdk,
}


def cards() -> Iterator[str]:
    """Yield the JSON Schema of the contract with sources of cards."""
    yield json.dumps(contract.schema(), indent=2, ensure_ascii=False)


OTHERS = {"cards.schema.json": cards}  # what is no page


def page(name: str) -> str:
    """Return a page as it should be."""
    return "".join((PAGES | OTHERS)[name]()).rstrip() + "\n"


def main() -> int:
    """Write the pages, or with --check compare them; returns how many are not fresh."""
    stale = 0
    for name in (*PAGES, *OTHERS):
        file, wanted = FOLDER / (name if name in OTHERS else f"{name}.md"), page(name)
        if "--check" in sys.argv:
            if not file.exists() or file.read_text("utf-8") != wanted:
                stale += 1
                print(f"{file} is not fresh: run python tools/reference.py")
        else:
            file.write_text(wanted, "utf-8")
    return stale


if __name__ == "__main__":
    sys.exit(main())
