"""`trato channels` lists the kinds of channels; `trato new-channel` starts the folder of one."""

import json
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from trato.cli.installation import AsJson, print_json

app = typer.Typer()


@app.command()
def channels(*, as_json: AsJson = False) -> None:
    """List the channels that are installed, and what each can do."""
    from trato.channels import load_connectors, resource

    found = []
    for connector in load_connectors().values():
        can = connector.capabilities
        names = ("files", "html", "copies", "starts", "visitors", "listens", "idempotent_send")
        strings = json.loads(resource(connector, "strings.json") or "{}")
        found.append(
            {
                "kind": connector.kind,
                "name": strings.get("en", {}).get("name", connector.kind),
                "module": type(connector).__module__,
                "can": [name for name in names if getattr(can, name)],
            }
        )
    if as_json:
        print_json({"channels": found})
        return
    for channel in found:
        print(f"{channel['kind']:<12} {channel['name']:<16} {', '.join(channel['can'])}")


@app.command(name="new-channel")
def new_channel(
    name: Annotated[str, typer.Argument(help="Small letters and digits, such as telegram.")],
    *,
    folder: Annotated[Path | None, typer.Option(help="Where channels live; Trato's own by default.")] = None,
) -> None:
    """Start a connector: a folder with a small channel that works, to be changed into the real one."""
    from trato.channel_sdk.scaffold import scaffold

    where = folder or Path(str(resources.files("trato.channels")))
    for file in scaffold(name, where):
        print(file)
    typer.echo("Next: docs/how-to/write-a-channel.md, then ./trato test tests/contract", err=True)
