"""The command line: what an administrator, a content owner or an integrator runs.

Every module here offers its commands as `app`, a `typer.Typer`: unnamed, its commands stand at the top
(`trato up`); named, they form a group (`trato inspect email`). A module imports what its commands need inside
them, so that `trato --help` answers at once.
"""

import os
import pkgutil
import sys
from importlib import import_module
from typing import Annotated

import typer

from trato import __version__
from trato.kit.errors import DomainError

FAILED, INTERRUPTED = 1, 130


def main() -> None:
    """Run the command line; a failure is one sentence on stderr and a non-zero exit.

    `TRATO_DEBUG=1` shows the whole trace instead.
    """
    try:
        compose()(prog_name="trato")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # the reader of stdout has gone (`trato … | head`); keep the interpreter from flushing into it again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    except (DomainError, OSError) as error:
        if os.environ.get("TRATO_DEBUG"):
            raise
        print(f"trato: {sentence(error)}", file=sys.stderr)
        sys.exit(FAILED)


def compose() -> typer.Typer:
    """Return the application with the commands of every module of this package."""
    app = typer.Typer(
        help="Trato, an open-source contact centre. Start with: trato up --demo",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(options)
    for module in pkgutil.iter_modules(__path__):
        commands = getattr(import_module(f"{__name__}.{module.name}"), "app", None)
        if isinstance(commands, typer.Typer):
            app.add_typer(commands)
    return app


def show_version(wanted: bool) -> None:
    """Print the version and stop, when asked to."""
    if wanted:
        print(__version__)
        raise typer.Exit


def options(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=show_version, is_eager=True, help="Print the version and stop."),
    ] = False,
) -> None:
    """Take what stands before a command."""


def sentence(error: DomainError | OSError) -> str:
    """Say what happened and, where known, what to do next."""
    if isinstance(error, DomainError):
        happened = error.message.rstrip(".")
        return (
            f"{happened}{'; ' if error.todo[0].islower() else '. '}{error.todo}" if error.todo else happened
        )
    return f"{error.strerror}: {error.filename}" if error.filename else str(error)
