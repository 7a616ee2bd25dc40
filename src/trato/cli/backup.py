"""`trato backup` and `trato restore`: everything of an installation in one file, and back."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from trato.cli.installation import (
    AsJson,
    Data,
    database,
    installation,
    load_settings,
    prepare_folder,
    print_json,
    reaching,
    say,
)

app = typer.Typer()

_BYTES_PER_MB = 1_000_000


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The backup to write, such as trato-2027-01-31.tar.")],
    *,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Save database, attachments and key in one file, also while Trato runs.

    Who has the file can read everything: keep it as safe as the installation itself.
    """
    from trato.db import backup as backups

    settings = load_settings(data=data)
    with database(settings) as dsn:
        manifest = asyncio.run(backups.write(installation(settings, dsn), file, say))
    backups.note_last(settings.data, file, manifest)
    size = file.stat().st_size
    say(f"Saved {len(manifest.sha256)} parts, {size / _BYTES_PER_MB:.1f} MB, to {file}.")
    if manifest.missing:
        say(backups.missing_files(manifest))
    if manifest.key_fingerprint and backups.KEY not in manifest.sha256:
        say("The key is not in it, since TRATO_SECRET_KEY is set: keep that value too.")
    if as_json:
        print_json(
            {
                "file": str(file),
                "bytes": size,
                "parts": len(manifest.sha256),
                "missing": len(manifest.missing),
            }
        )


@app.command()
def restore(
    file: Annotated[
        Path, typer.Argument(help="A file that `trato backup` wrote.", exists=True, dir_okay=False)
    ],
    *,
    data: Data = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a database that is not empty.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring back what a backup holds, into an empty installation. Trato must be stopped."""
    from trato.db import restore as restores
    from trato.db.backup import missing_files
    from trato.db.embedded import EmbeddedPostgres

    settings = load_settings(data=data)
    prepare_folder(settings)
    if settings.database_url:
        place = installation(settings, settings.database_url)
        with reaching():
            manifest = asyncio.run(restores.restore(file, place, say, force=force))
    else:
        with EmbeddedPostgres(settings.data) as server:  # refuses while Trato runs
            place = installation(settings, server.dsn)
            manifest = asyncio.run(restores.restore(file, place, say, force=force))
    say(f"Restored the backup of {manifest.created_at}, made by Trato {manifest.version}.")
    if manifest.missing:
        say(missing_files(manifest))
    if as_json:
        print_json(
            {
                "file": str(file),
                "created_at": manifest.created_at,
                "parts": len(manifest.sha256),
                "missing": len(manifest.missing),
            }
        )
