"""`trato inspect`: what Trato understands of a message in a file, without a database."""

import codecs
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from trato.cli.installation import print_json
from trato.kit.charsets import decode
from trato.kit.errors import Invalid

if TYPE_CHECKING:
    from typer._click.core import Command, Context

    from trato.channel_sdk import Connector

AsJson = Annotated[bool, typer.Option("--json", help="What is printed is JSON in any case.")]
Files = Annotated[list[Path], typer.Argument(help="The files to read, each a message.", metavar="FILE…")]


class _WithChannels(TyperGroup):
    """Offers a command for each channel that reads files, by the name that its connector gives itself."""

    def list_commands(self, ctx: "Context") -> list[str]:
        return [*super().list_commands(ctx), *sorted(readers())]

    def get_command(self, ctx: "Context", cmd_name: str) -> "Command | None":
        command = super().get_command(ctx, cmd_name)
        if command is not None:
            return command
        found = readers().get(cmd_name)
        if found is not None:
            return _channel_command(cmd_name, found)
        return _refusing(cmd_name) if cmd_name in _connectors() else None


def _connectors() -> "Mapping[str, Connector]":
    from trato.channels import load_connectors

    return load_connectors()


def readers() -> Mapping[str, Callable[[bytes], Mapping[str, Any]]]:
    """Return what reads a file, of each channel whose connector offers it."""
    from trato.channel_sdk import Connector

    return {
        kind: connector.inspect
        for kind, connector in _connectors().items()
        if type(connector).inspect is not Connector.inspect
    }


app = typer.Typer(
    name="inspect",
    cls=_WithChannels,
    no_args_is_help=True,
    help="Print what is understood of a message in a file, as one JSON object a line.",
)


@app.command()
def reply(files: Files, *, as_json: AsJson = True) -> None:
    """Print the text of each plain-text reply without its quotes, and its signature."""
    del as_json
    print_each(files, reply_of)


def reply_of(raw: bytes) -> Mapping[str, Any]:
    """Return what `trato inspect reply` prints of one file."""
    from trato.kit.reply_text import split_reply

    found = split_reply(text_of(raw))
    return {"reply_text": found.reply_text, "signature": found.signature}


def text_of(raw: bytes) -> str:
    """Return a file's text; a mark of byte order at its beginning says how it is written."""
    marks = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
    for mark, charset in marks.items():
        if raw.startswith(mark):
            return raw.decode(charset, "replace").removeprefix("\ufeff")
    return decode(raw, None)[0]


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
        print_json({"file": str(file), **found})
    if missing:
        raise typer.Exit(1)


def _refusing(name: str) -> "Command":
    single = typer.Typer(add_completion=False, rich_markup_mode=None)

    @single.command(name, help=f"Say why the channel {name} reads no files.")
    def channel(files: Files) -> None:
        del files
        raise Invalid(
            f"The channel {name} has no messages in files to inspect.",
            todo=f"Channels that have: {', '.join(sorted(readers())) or 'none'}.",
        )

    return typer.main.get_command(single)


def _channel_command(name: str, read: Callable[[bytes], Mapping[str, Any]]) -> "Command":
    single = typer.Typer(add_completion=False, rich_markup_mode=None)

    @single.command(name, help=f"Print what the channel {name} reads in each file.")
    def channel(files: Files, *, as_json: AsJson = True) -> None:
        del as_json
        print_each(files, read)

    return typer.main.get_command(single)
