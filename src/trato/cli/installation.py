"""What commands that serve an installation share: its settings, and a database to speak to."""

import asyncio
import errno
import json
import os
import sys
from collections.abc import Iterator, Mapping
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
        typed = given.get(name) is not None
        shown = f"--{name.replace('_', '-')}" if typed else f"TRATO_{name.upper()}" if name else "of TLS"
        wrong = first["msg"].removeprefix("Value error, ")
        raise Invalid(f"The setting {shown} is wrong: {wrong}.", field=name) from None


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
        with reaching():
            yield running
        return
    with EmbeddedPostgres(settings.data) as server:
        yield server.dsn


@contextmanager
def reaching() -> Iterator[None]:
    """Raise `Unavailable` with the mend when the database fails in the block."""
    from trato.db.engine import FAILURES
    from trato.kit.errors import Unavailable

    try:
        yield
    except FAILURES as error:
        if isinstance(error, OSError) and (error.filename or error.errno == errno.ENOSPC):
            raise  # a file, not the database
        cause = getattr(error, "orig", None) or error
        while cause.__cause__ is not None and not str(cause):
            cause = cause.__cause__
        reason = " ".join(str(cause).split()) or "no answer in time"
        raise Unavailable(
            f"The database cannot be used: {reason}.".replace("..", "."),
            todo="Is the server running, and is TRATO_DATABASE_URL right?",
        ) from error


def check_database(settings: "Settings", dsn: str, *, upgrade: bool) -> None:
    """Make sure of the server, the schema and the key; with `upgrade` the schema is brought to this version.

    Raises `DomainError` with the mend: no answer, another version's schema, another key.
    """
    from trato.db import backup, migrate, one_key

    async def run() -> None:
        await migrate.check_server(dsn)
        if upgrade:
            await backup.before_migration(installation(settings, dsn), say)
            await migrate.upgrade(dsn)
        else:
            await migrate.check(dsn)
        await one_key.settle(dsn, settings.outside_key, settings.key_file)

    with reaching():
        asyncio.run(run())


def check_tls(settings: "Settings") -> None:
    """Raise `Invalid` with the mend when certificate and key could not be served."""
    import ssl

    from trato.kit.errors import Invalid

    if settings.tls_cert is None or settings.tls_key is None:
        return
    for option, file in (("--tls-cert", settings.tls_cert), ("--tls-key", settings.tls_key)):
        try:
            file.open("rb").close()
        except OSError as error:
            raise Invalid(
                f"The file of {option} cannot be read: {file}: {error.strerror}.",
                todo="Name a PEM file that this user may read.",
            ) from error
    try:
        # a password would be asked for at the terminal, by each start again
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
            settings.tls_cert, settings.tls_key, password=""
        )
    except (OSError, ValueError) as error:
        raise Invalid(
            f"{settings.tls_cert} and {settings.tls_key} are no certificate and its key: {error}.",
            todo="Give the certificate chain in PEM and its private key without a password.",
        ) from error


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

    return Installation(
        dsn=dsn, store_url=settings.store, data=settings.data, outside_key=settings.outside_key
    )


def print_json(found: Mapping[str, Any]) -> None:
    """End stdout with one compact line of JSON."""
    print(json.dumps(found, separators=(",", ":")), flush=True)


def say(line: str) -> None:
    """Tell progress, on stderr."""
    print(line, file=sys.stderr, flush=True)
