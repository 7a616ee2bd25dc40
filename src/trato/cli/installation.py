"""What commands that serve an installation share: its settings, and a database to speak to."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from trato.db.backup import Installation
    from trato.settings import Settings

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of database, attachments and key; default TRATO_DATA or ./var."),
]
AsJson = Annotated[bool, typer.Option("--json", help="End stdout with one line of JSON.")]


def load_settings(**given: Any) -> "Settings":
    """Return the settings of the environment, with what the command line says over them.

    Raises `Invalid` naming the first setting that makes no sense.
    """
    from pydantic import ValidationError

    from trato.kit.errors import Invalid
    from trato.settings import Settings

    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise Invalid(f"The setting {name or 'of TLS'} is wrong: {first['msg']}.", field=name) from None


@contextmanager
def database(settings: "Settings") -> Iterator[str]:
    """Give the URL of the installation's database; the embedded one is started when it does not run.

    Raises `NotFound` where no installation is: an empty one is not made for a question.
    """
    from trato.db.embedded import EmbeddedPostgres, exists, running_dsn
    from trato.kit.errors import NotFound

    if not settings.database_url and not exists(settings.data):
        raise NotFound(
            f"There is no installation of Trato in {settings.data.absolute()}.",
            todo="Say where it is with --data or TRATO_DATA, or set TRATO_DATABASE_URL.",
        )
    running = settings.database_url or running_dsn(settings.data)
    if running:
        yield running
        return
    with EmbeddedPostgres(settings.data) as server:
        yield server.dsn


def prepare_folder(settings: "Settings") -> None:
    """Make the data folder when missing; what is private in it is for its owner alone.

    Where root starts us the folder itself lets others pass: the database's own user is one of them.
    """
    if not settings.data.exists():
        settings.data.mkdir(parents=True)
        settings.data.chmod(0o711 if os.geteuid() == 0 else 0o700)
    if settings.store_url is None:
        Path(settings.store).mkdir(mode=0o700, exist_ok=True)


def installation(settings: "Settings", dsn: str) -> "Installation":
    """Return what a backup of these settings is about."""
    from trato.db.backup import Installation

    outside = settings.secrets if settings.secret_key else None
    return Installation(dsn=dsn, store_url=settings.store, data=settings.data, outside_key=outside)


def say(line: str) -> None:
    """Tell progress, on stderr."""
    print(line, file=sys.stderr, flush=True)
