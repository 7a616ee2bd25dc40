"""`trato route`: the router, and `trato route explain`: what it decided, and why."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trato.cli.installation import AsJson, Data, database, load_settings, print_json, reaching
from trato.cli.roles import run_role

if TYPE_CHECKING:
    from collections.abc import Iterator

app = typer.Typer(name="route", invoke_without_command=True)


@app.callback()
def route(context: typer.Context, *, data: Data = None) -> None:
    """Run the router: one leads, the others stand by and take over within seconds."""
    if context.invoked_subcommand is None:
        run_role("route", load_settings(data=data))


@app.command()
def explain(
    wanted: Annotated[
        str, typer.Argument(metavar="ID", help="Of a conversation or interaction, or the number of a case.")
    ],
    *,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Tell every decision about a conversation: when, who, why, and what came of it.

    For one that waits also what would be decided now, and of each agent who is available why not them.
    JSON: `conversations`, each with `decisions` and `now`.
    """
    with database(load_settings(data=data)) as dsn, reaching():
        found = asyncio.run(_ask(dsn, wanted))
    for conversation in found:
        for line in _lines(conversation):
            typer.echo(line, err=as_json)
    if as_json:
        print_json({"conversations": found})


async def _ask(dsn: str, wanted: str) -> list[dict[str, Any]]:
    from trato.db.engine import Database
    from trato.flow.explain import explain as ask

    db = Database.open(dsn, pool_size=1, application_name="trato explain")
    try:
        async with db.snapshot() as c:
            return await ask(c, wanted)
    finally:
        await db.close()


def _lines(conversation: dict[str, Any]) -> "Iterator[str]":
    case = f", case {conversation['case']}" if conversation["case"] else ""
    yield f"conversation {conversation['conversation_id']} ({conversation['channel']}{case})"
    for one in conversation["decisions"]:
        queue = f" in {one['queue']}" if one["queue"] else ""
        waited = f" after {one['waited_s']:.0f} s{queue}" if one["waited_s"] is not None else ""
        yield f"  {one['at'][:19]}Z{waited}: {one['agent']}, {one['reason']}"
        yield f"    {_outcome(one)}"
    if not conversation["decisions"]:
        yield "  nothing was decided yet"
    now = conversation["now"]
    if now:
        until = f", until {now['until'][:19]}Z at the latest" if now["until"] else ""
        yield f"  now: {now['sentence']}{until}"
        for agent, against in now["agents"].items():
            yield f"    {agent}: {', '.join(against) or 'could be asked'}"


def _outcome(one: dict[str, Any]) -> str:
    state, why = one["state"], one["end_reason"]
    because = f" ({why})" if why else ""
    if one["accepted_at"] and one["ended_at"]:
        return f"accepted {one['accepted_at'][:19]}Z, ended {one['ended_at'][:19]}Z{because}"
    if one["accepted_at"]:
        return f"accepted {one['accepted_at'][:19]}Z" + (", wraps up" if state == "wrap_up" else "")
    if one["ended_at"]:
        return f"{state} {one['ended_at'][:19]}Z{because}"
    return "offered, not answered yet"
