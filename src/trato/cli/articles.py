"""`trato import articles` and `trato export articles`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trato.cli.installation import AsJson, Data, database, load_settings, print_json, reaching, say

if TYPE_CHECKING:
    from trato.db.edge import Services
    from trato.knowledge.importing import Outcome
    from trato.settings import Settings

app = typer.Typer()
_import = typer.Typer(name="import", help="Bring in what another system keeps.", no_args_is_help=True)
_export = typer.Typer(name="export", help="Take out what Trato keeps.", no_args_is_help=True)
app.add_typer(_import)
app.add_typer(_export)

SHOWN = 20


@_import.callback()
def importing() -> None:
    """Take what stands before the kind of things to import."""


@_export.callback()
def exporting() -> None:
    """Take what stands before the kind of things to export."""


@_import.command("articles")
def bring_in(
    path: Annotated[
        Path, typer.Argument(metavar="FILE|DIR", help="Markdown, HTML, CSV, JSON lines, Zendesk.")
    ],
    *,
    language: Annotated[
        str | None, typer.Option("--language", help="Of texts that do not say theirs: es, en or pt.")
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Show them to readers; else they are drafts.")
    ] = False,
    section: Annotated[str | None, typer.Option("--section", help="For articles that name none.")] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Write over texts that were changed here since the last time.")
    ] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Import articles for the help centre; what was imported before is changed, never doubled.

    Each bad row is named with its place and left out; then the command ends with 1. JSON: `articles`,
    `created`, `texts`, `changed`, `unchanged`, `published`, `kept`, `failed`.
    """
    from trato.kit.errors import Invalid
    from trato.knowledge.reading.rows import language_of

    spoken = language_of(language) if language else None
    if language and spoken is None:
        raise Invalid(f"Trato does not know the language {language}.", todo="Give es, en or pt.")
    with database(settings := load_settings(data=data)) as dsn, reaching():
        outcome = asyncio.run(_bring_in(settings, dsn, path, spoken, (publish, overwrite, section)))
    _report(outcome, as_json=as_json)
    if outcome.failed:
        raise typer.Exit(1)


@_export.command("articles")
def take_out(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is empty or not there yet.")],
    *,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Write all articles as Markdown files, in a folder for each language, with their pictures.

    What is published is written, and the draft of what never was. JSON: `texts`, `files`.
    """
    with database(settings := load_settings(data=data)) as dsn, reaching():
        found = asyncio.run(_take_out(settings, dsn, folder))
    say(f"{found['texts']} texts and {found['files']} files are in {folder}.")
    if as_json:
        print_json(found)


async def _bring_in(
    settings: "Settings",
    dsn: str,
    path: Path,
    language: str | None,
    wanted: tuple[bool, bool, str | None],
) -> "Outcome":
    from trato.brands import service as brands
    from trato.knowledge import importing, reading

    publish, overwrite, section = wanted
    async with services_of(settings, dsn) as services:
        async with services.db.connect() as c:
            organisation = await brands.get_organisation(c)
        first = language or (str(organisation["language"]) if organisation else "es")
        wishes = importing.Wishes(publish=publish, overwrite=overwrite, section=section, language=first)
        return await importing.keep(services, reading.read(path, language), wishes, say)


async def _take_out(settings: "Settings", dsn: str, folder: Path) -> dict[str, int]:
    from trato.knowledge import exporting

    async with services_of(settings, dsn) as services:
        return await exporting.write(services, folder, say)


@asynccontextmanager
async def services_of(settings: "Settings", dsn: str) -> "AsyncIterator[Services]":
    """Open what commands about articles work with."""
    from trato.app.wiring import open_services

    async with open_services(settings, dsn, "articles") as services:
        yield services


def _report(outcome: "Outcome", *, as_json: bool) -> None:
    for row in outcome.failed[:SHOWN]:
        say(f"{row.where} {row.why}")
    if len(outcome.failed) > SHOWN:
        say(f"… and {len(outcome.failed) - SHOWN} more that could not be imported")
    for name in outcome.kept[:SHOWN]:
        say(f"{name} was changed here since and is left as it is; --overwrite takes the file's text")
    lines = (
        f"{outcome.articles} articles ({outcome.created} new) with {outcome.texts} texts: "
        f"{outcome.changed} written, {outcome.unchanged} as they were, {outcome.published} published, "
        f"{len(outcome.kept)} kept, {len(outcome.failed)} failed."
    )
    typer.echo(lines, err=as_json)
    if as_json:
        print_json(_as_json(outcome))


def _as_json(outcome: "Outcome") -> dict[str, Any]:
    names = ("articles", "created", "texts", "changed", "unchanged", "published", "kept")
    found: dict[str, Any] = {name: getattr(outcome, name) for name in names}
    return found | {"failed": [{"where": row.where, "why": row.why} for row in outcome.failed]}
