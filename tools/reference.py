"""Write the reference pages from the code; with --check, say which are not fresh."""

import inspect
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
from trato.db.schema import all_tables
from trato.settings import Settings

FOLDER = Path(__file__).parent.parent / "docs/reference"
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
    yield "The whole description is at `/api/openapi.json`; errors are problem details (RFC 9457).\n"
    routes: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            line = inspect.cleandoc(operation.get("description", "")).split("\n\n")[0].replace("\n", " ")
            tag = (operation.get("tags") or ["other"])[0]
            routes.setdefault(tag, []).append(f"| `{method.upper()} {path}` | {line} |\n")
    for tag in sorted(routes):
        yield f"\n## {tag}\n\n| route | what it does |\n|---|---|\n"
        yield from sorted(routes[tag])


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
    """Yield each event type that the code appends, with its audience."""
    found: dict[str, set[str]] = {}
    source = Path(inspect.getfile(sdk)).parent.parent
    sql = re.compile(r"append_event\(\s*'([a-z_.]+)',\s*(?:'(\w+)')?")
    python = re.compile(r"live\.append\(\s*c,\s*\"([a-z_.]+)\",\s*audience=\"(\w+)\"", re.DOTALL)
    for file in sorted(source.rglob("*")):
        pattern = {".sql": sql, ".py": python}.get(file.suffix)
        for kind, audience in pattern.findall(file.read_text("utf-8")) if pattern else ():
            found.setdefault(kind, set()).add(audience or "all or staff")
    yield "# Events\n\n" + MADE
    yield "The data of an event holds whole entities, in the shape of the REST views: keep them by id,\n"
    yield "the higher `version` wins. *staff*: signed-in users, API keys and webhooks; *all*: also that\n"
    yield "conversation's visitor.\n\n"
    yield "| type | audience |\n|---|---|\n"
    for kind, audiences in sorted(found.items()):
        yield f"| `{kind}` | {', '.join(sorted(audiences))} |\n"


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


def page(name: str) -> str:
    """Return a page as it should be."""
    return "".join(PAGES[name]()).rstrip() + "\n"


def main() -> int:
    """Write the pages, or with --check compare them; returns how many are not fresh."""
    stale = 0
    for name in PAGES:
        file, wanted = FOLDER / f"{name}.md", page(name)
        if "--check" in sys.argv:
            if not file.exists() or file.read_text("utf-8") != wanted:
                stale += 1
                print(f"{file} is not fresh: run python tools/reference.py")
        else:
            file.write_text(wanted, "utf-8")
    return stale


if __name__ == "__main__":
    sys.exit(main())
