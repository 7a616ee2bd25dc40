"""`trato inspect`: what Trato understands of a message in a file, without a database."""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from trato.kit.charsets import decode

if TYPE_CHECKING:
    from typer._click.core import Command, Context

Files = Annotated[list[Path], typer.Argument(help="The files to read, each a message.", metavar="FILE…")]


class _WithChannels(TyperGroup):
    """Offers a command for each channel, by the name that its connector gives itself."""

    def list_commands(self, ctx: "Context") -> list[str]:
        from trato.channels import load_connectors

        return [*super().list_commands(ctx), *sorted(load_connectors())]

    def get_command(self, ctx: "Context", cmd_name: str) -> "Command | None":
        from trato.channels import load_connectors

        command = super().get_command(ctx, cmd_name)
        connector = None if command else load_connectors().get(cmd_name)
        return command if connector is None else _channel_command(cmd_name, connector.inspect)


app = typer.Typer(
    name="inspect",
    cls=_WithChannels,
    no_args_is_help=True,
    help="Print what is understood of a message in a file, as one JSON object a line.",
)


@app.command()
def reply(files: Files) -> None:
    """Print the text of each plain-text reply without its quotes, and its signature."""
    print_each(files, reply_of)


def reply_of(raw: bytes) -> Mapping[str, Any]:
    """Return what `trato inspect reply` prints of one file."""
    from trato.kit.reply_text import split_reply

    found = split_reply(decode(raw, None)[0])
    return {"reply_text": found.reply_text, "signature": found.signature}


def print_each(files: list[Path], read: Callable[[bytes], Mapping[str, Any]]) -> None:
    """Print one line of JSON for each file, in the order given, also for one that cannot be opened.

    Ends with 1 when one could not be: a message that is broken is none of these.
    """
    missing = 0
    for file in files:
        try:
            found = read(file.read_bytes())
        except OSError as error:
            missing += 1
            found = {**read(b""), "errors": [f"cannot be opened: {error.strerror or error}"]}
            print(f"{file} cannot be opened: {error.strerror or error}", file=sys.stderr)
        print(json.dumps({"file": str(file), **found}, separators=(",", ":")), flush=True)
    if missing:
        raise typer.Exit(1)


def _channel_command(name: str, read: Callable[[bytes], Mapping[str, Any]]) -> "Command":
    single = typer.Typer(add_completion=False, rich_markup_mode=None)

    @single.command(name, help=f"Print what the channel {name} reads in each file.")
    def channel(files: Files) -> None:
        print_each(files, read)

    return typer.main.get_command(single)
