"""`trato settings export` and `trato settings import`."""

import asyncio
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trato.cli.installation import AsJson, Data, database, load_settings, print_json, reaching, say

if TYPE_CHECKING:
    from trato.settings import Settings

app = typer.Typer(name="settings", help="All that is set up, as one file.", no_args_is_help=True)

SHOWN = 200
CUT = 100


@app.callback()
def settings() -> None:
    """Take what stands before the command."""


@app.command("export")
def take_out(
    file: Annotated[Path, typer.Argument(metavar="FILE|-", help="Where to write it; - for stdout.")],
    *,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Write all that is set up as one YAML file: brands, channels, queues, rules, texts and the rest.

    The same settings give the same file, so it lives well in git. It holds no secret. JSON: `file`, `bytes`.
    """
    with database(found := load_settings(data=data)) as dsn, reaching():
        text = asyncio.run(_take_out(found, dsn))
    if str(file) == "-":
        sys.stdout.write(text)
        return
    file.write_text(text, "utf-8")
    say(f"The settings are in {file}.")
    if as_json:
        print_json({"file": str(file), "bytes": len(text.encode())})


@app.command("import")
def bring_in(
    file: Annotated[Path, typer.Argument(metavar="FILE|-", help="A file that was taken out; - for stdin.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    remove: Annotated[
        bool, typer.Option("--remove", help="Take away what the file's sections do not have.")
    ] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Make what a file of settings says so, all or nothing; a second time changes nothing.

    Says each change. Something in the way ends it with 1, and nothing is done. JSON: `applied`, `digest`,
    `changes`, `untouched`, `problems`, `left_out`, `stay`, `awaited`, `made_secrets`.
    """
    text = _read(file)
    with database(found := load_settings(data=data)) as dsn, reaching():
        told = asyncio.run(_bring_in(found, dsn, text, dry_run=dry_run, remove=remove))
    _report(told, as_json=as_json)
    if told["problems"]:
        raise typer.Exit(1)


def _read(file: Path) -> str:
    from trato.kit.errors import Invalid, TooLarge
    from trato.kit.plain_yaml import MOST_BYTES

    stream = sys.stdin.buffer if str(file) == "-" else file.open("rb")
    with stream:
        raw = stream.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise TooLarge(f"{file} is larger than settings ever are ({MOST_BYTES} bytes).")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(f"{file} is no text in UTF-8.", todo="Is it a file of settings?") from error


async def _take_out(settings: "Settings", dsn: str) -> str:
    from trato.app.wiring import open_services
    from trato.setup import service
    from trato.setup.kind import SYSTEM

    async with open_services(settings, dsn, "settings") as services:
        return await service.take_out(services, SYSTEM)


async def _bring_in(
    settings: "Settings", dsn: str, text: str, *, dry_run: bool, remove: bool
) -> dict[str, Any]:
    """Look first, and do it only when nothing is in the way: what is in the way is told either way."""
    from trato.app.wiring import open_services
    from trato.setup import service, views
    from trato.setup.kind import SYSTEM
    from trato.webhooks.api import ALLOW_PRIVATE

    async with open_services(settings, dsn, "settings") as services:
        services.extras[ALLOW_PRIVATE] = settings.webhooks_allow_private
        plan, made = await service.bring_in(services, SYSTEM, text, dry_run=True, remove=remove)
        applied = not dry_run and not plan.problems
        if applied:
            seen = plan.digest
            plan, made = await service.bring_in(
                services, SYSTEM, text, dry_run=False, remove=remove, expected=seen
            )
        return views.of(plan, "en", applied=applied, made=made)


def _report(told: Mapping[str, Any], *, as_json: bool) -> None:
    for line in (*_changes(told["changes"]), *_beside(told), *_problems(told["problems"])):
        say(line)
    counts = {act: sum(one["act"] == act for one in told["changes"]) for act in ("new", "changed", "removed")}
    done = ", ".join(f"{number} {act}" for act, number in counts.items())
    untouched = sum(one["count"] for one in told["untouched"])
    state = "done" if told["applied"] else "nothing was done"
    line = f"{done}, {untouched} as they were, {len(told['problems'])} in the way: {state}."
    typer.echo(line, err=as_json)
    if as_json:
        print_json(told)


def _changes(changes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for change in changes[:SHOWN]:
        yield f"{change['act']:>8}  {change['section']}: {change['key']}"
        for one in change["fields"] if change["act"] == "changed" else ():
            yield f"          {one['name']}: {_short(one['before'])} → {_short(one['after'])}"
    if len(changes) > SHOWN:
        yield f"… and {len(changes) - SHOWN} more changes"


def _beside(told: Mapping[str, Any]) -> Iterator[str]:
    for one in told["left_out"]:
        yield f"left out  {one['section']}: {one['key']} is not here; an agent is invited first"
    for one in told["stay"]:
        yield f"   stays  {one['section']}: {one['key']} is not in the file, and nothing takes it away"
    for one in told["awaited"]:
        yield f" to type  {one['account']}: {', '.join(one['secrets'])} (at the desk, under channels)"
    for one in told["made_secrets"]:
        yield f"  secret  {one['section']}: {one['key']}, shown this once: {one['secret']}"


def _problems(problems: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for one in problems[:SHOWN]:
        where = f"line {one['line']}: " if one["line"] else ""
        place = one["field"] or one["section"]
        yield f"in the way: {where}{place} ({one['key']}): {one['detail']} {one['todo']}".rstrip()
    if len(problems) > SHOWN:
        yield f"… and {len(problems) - SHOWN} more in the way"


def _short(value: Any) -> str:
    import json

    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    one_line = " ".join(shown.split())
    return one_line if len(one_line) <= CUT else one_line[: CUT - 1] + "…"
