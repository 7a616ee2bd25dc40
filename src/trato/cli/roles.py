"""`trato web` and `work`: one role each, for several machines around one database."""

import socket
from typing import TYPE_CHECKING

import typer

from trato.cli.installation import Data, check_database, check_tls, load_settings, prepare_folder
from trato.cli.up import Host, Port, PublicUrl, TlsCert, TlsKey

if TYPE_CHECKING:
    from trato.settings import Settings

app = typer.Typer()


@app.command()
def web(
    *,
    port: Port = None,
    host: Host = None,
    public_url: PublicUrl = None,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
    data: Data = None,
) -> None:
    """Serve desk, API, widget, help centre and channel webhooks; as many as the load asks for."""
    from trato.cli.composition import check_public_address, listen

    settings = load_settings(
        port=port,
        host=host,
        public_url=public_url,
        tls_cert=tls_cert,
        tls_key=tls_key,
        data=data,
    )
    check_tls(settings)
    with listen(settings) as listener:
        settings = settings.model_copy(update={"port": listener.getsockname()[1]})
        check_public_address(settings.public.url)
        run_role("web", settings, listener)


@app.command()
def work(*, data: Data = None) -> None:
    """Run jobs: sending, fetching mail, timers, webhooks; any number side by side."""
    run_role("work", load_settings(data=data))


def run_role(name: str, settings: "Settings", listener: socket.socket | None = None) -> None:
    """Be one role in this process, until told to stop.

    Raises `Unavailable` without a database, `Conflict` when its schema is of another version or its key
    is another one.
    """
    from trato.cli.composition import composition
    from trato.db.embedded import running_dsn
    from trato.kit.errors import Unavailable
    from trato.kit.logs import configure
    from trato.kit.processes import name_process

    configure(level=settings.log_level)
    dsn = settings.database_url or running_dsn(settings.data)
    if dsn is None:
        raise Unavailable(
            "There is no database to work with.",
            todo="Set TRATO_DATABASE_URL, or start everything with `trato up`.",
        )
    prepare_folder(settings)
    check_database(settings, dsn, upgrade=False)
    with listener or socket.socket() as door:
        roles = {role.name: role for role in composition().roles(settings, dsn, door, traffic=False)}
        name_process(f"trato {name}")
        roles[name].run(lambda: None)
