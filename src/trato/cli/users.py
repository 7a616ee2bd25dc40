"""`trato users link`: a way back in for whoever runs the machine, when no mail can be sent."""

import asyncio
from typing import Annotated

import typer

from trato.cli.installation import AsJson, Data, database, load_settings, print_json, reaching

app = typer.Typer(name="users", help="People who sign in.")


@app.callback()
def users() -> None:
    """Take what stands before a command."""


@app.command()
def link(
    email: Annotated[str, typer.Argument(metavar="ADDRESS", help="With which they sign in.")],
    *,
    port: Annotated[int | None, typer.Option(help="At which the desk is, as in trato up.")] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Make a link with which somebody chooses another password, or accepts their invitation.

    It works once; links made before stop working. A second factor is still asked for. JSON: `link`.
    """
    settings = load_settings(data=data, port=port)
    with database(settings) as dsn, reaching():
        found = asyncio.run(_made(dsn, settings.public.url, email))
    typer.echo(found, err=as_json)
    if as_json:
        print_json({"link": found})


async def _made(dsn: str, public_url: str, email: str) -> str:
    from trato.access.service import link_for
    from trato.db.engine import Database

    db = Database.open(dsn, pool_size=1, application_name="trato users")
    try:
        async with db.begin() as c:
            return await link_for(c, public_url, email)
    finally:
        await db.close()
