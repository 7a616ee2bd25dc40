"""`trato up`: everything on one machine, as one process tree."""

from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trato.cli.installation import Data, check_database, check_tls, load_settings, prepare_folder
from trato.kit.errors import Invalid

if TYPE_CHECKING:
    from trato.settings import Settings

app = typer.Typer()

Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Port of the web server; 0: a free one.")]
Host = Annotated[str | None, typer.Option(help="Address that the web server listens on.")]
PublicUrl = Annotated[str | None, typer.Option("--public-url", help="Where the world finds Trato.")]
TlsCert = Annotated[Path | None, typer.Option("--tls-cert", help="Certificate chain, to serve HTTPS.")]
TlsKey = Annotated[Path | None, typer.Option("--tls-key", help="Its private key.")]


@app.command()
def up(
    *,
    demo: Annotated[bool, typer.Option("--demo", help="Fill in a fictitious shop.")] = False,
    traffic: Annotated[bool, typer.Option("--traffic", help="With --demo: simulate customers.")] = False,
    port: Port = None,
    host: Host = None,
    public_url: PublicUrl = None,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
    data: Data = None,
) -> None:
    """Start everything on this machine: database, web, workers and router. Ctrl-C stops all of it.

    The database is an embedded PostgreSQL unless TRATO_DATABASE_URL names another.
    """
    settings = load_settings(
        demo=demo or None,
        port=port,
        host=host,
        public_url=public_url,
        tls_cert=tls_cert,
        tls_key=tls_key,
        data=data,
    )
    if traffic and not settings.demo:
        raise Invalid("--traffic simulates customers of the demo shop.", todo="Give --demo too.")
    run(settings, traffic=traffic)


def run(settings: "Settings", *, traffic: bool) -> None:
    """Run the whole tree until told to stop; raises `DomainError` when something stands in the way."""
    from trato.cli.composition import check_public_address, composition, listen
    from trato.db.embedded import EmbeddedPostgres
    from trato.kit.file_lock import FileLock
    from trato.kit.forked import in_child
    from trato.kit.logs import configure
    from trato.kit.process_tree import ProcessTree

    configure(level=settings.log_level)
    check_tls(settings)
    with ExitStack() as stack:
        prepare_folder(settings)
        refusal = f"Trato already runs on {settings.data.absolute()}"
        todo = "Stop it first, or choose another folder with --data."
        stack.enter_context(FileLock(settings.data / "up.lock", refusal, todo=todo))
        listener = stack.enter_context(listen(settings))
        settings = settings.model_copy(update={"port": listener.getsockname()[1]})
        check_public_address(settings.public.url)
        server = None if settings.database_url else stack.enter_context(EmbeddedPostgres(settings.data))
        dsn = settings.database_url or (server.dsn if server else "")
        root = composition()
        in_child(partial(check_database, settings, dsn, upgrade=True))
        lines = in_child(partial(root.prepare, settings, dsn))
        roles = root.roles(settings, dsn, listener, traffic=traffic)
        ProcessTree(roles, server, on_ready=partial(announce, settings.public.url, lines)).run()


def announce(url: str, lines: Sequence[str]) -> None:
    """Print where everything is, in one block."""
    block = [
        f"  Desk          {url}/",
        f"  Help centre   {url}/help",
        *(f"  {line}".rstrip() for line in lines),
    ]
    rule = "─" * max(len(line) + 2 for line in block)
    print("\n".join(["", rule, "  Trato is running. Ctrl-C stops it.", "", *block, rule, ""]), flush=True)
