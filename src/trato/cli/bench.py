"""`trato bench`: measures this machine, and in the same run the limit below."""

import asyncio
import signal
import sys
from collections.abc import Coroutine
from typing import Annotated, Any, TypeVar

import typer
import uvloop

from trato.cli.installation import AsJson, load_settings, print_json, say

app = typer.Typer(name="bench", help="Measure this machine, and in the same run the limit below.")

Found = TypeVar("Found")

Seconds = Annotated[float, typer.Option("--seconds", min=1, help="How long each phase lasts.")]


@app.callback()
def bench() -> None:
    """Take what stands before a measurement."""


def _stoppable(work: Coroutine[Any, Any, Found]) -> Found:
    """Run it so that SIGTERM ends it as Ctrl-C does, and with it all the processes that it started."""

    async def until_told() -> Found:
        task = asyncio.current_task()
        if task is not None:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await work

    try:
        return asyncio.run(until_told())
    except asyncio.CancelledError:
        raise typer.Exit(128 + signal.SIGTERM) from None


@app.command()
def live(
    *,
    subscribers: Annotated[int, typer.Option(min=1, help="Open streams.")] = 500,
    events_per_s: Annotated[int, typer.Option("--rate", min=1, help="Events per second.")] = 100,
    seconds: Seconds = 20,
    as_json: AsJson = False,
) -> None:
    """Send events to many subscribers of one web process, in a database of its own.

    The limit below is the same load over bare sockets. JSON: `subscribers`, `events_per_s`, `p50_ms`,
    `p99_ms`, `lost`, `rss_mb` of the web process, and `ratio`: our p99 divided by that of bare sockets.
    """
    from trato.bench.live import Load, measure
    from trato.bench.scratch import scratch_database

    async def run() -> dict[str, int | float | None]:
        async with scratch_database(load_settings().database_url) as dsn:
            return await measure(
                dsn, [sys.executable, "-m", "trato", "web"], Load(subscribers, events_per_s, seconds), say
            )

    found = _stoppable(run())
    say(
        f"live: {found['events_per_s']} events/s to {found['subscribers']} subscribers, "
        f"p50 {found['p50_ms']} ms, "
        f"p99 {found['p99_ms']} ms, lost {found['lost']}, web process {found['rss_mb']} MB; "
        f"p99 is {found['ratio']} times that of bare sockets"
    )
    if as_json:
        print_json(found)


@app.command()
def ingest(
    *,
    writers: Annotated[int, typer.Option(min=1, max=50, help="Messages at once.")] = 16,
    stored: Annotated[int, typer.Option(min=0, help="Messages of earlier years in the database.")] = 0,
    seconds: Seconds = 20,
    as_json: AsJson = False,
) -> None:
    """Make messages durable through the straight line, in a database of its own.

    The limit below is one transaction that inserts the same rows without looking anything up. JSON:
    `messages_per_s`, `raw_per_s`, `ratio` of the two, `p50_ms`, `p99_ms`.
    """
    from trato.bench.ingest import measure
    from trato.bench.scratch import scratch_database

    async def run() -> dict[str, int | float]:
        async with scratch_database(load_settings().database_url) as dsn:
            return await measure(dsn, writers=writers, seconds=seconds, say=say, stored=stored)

    found = uvloop.run(run())
    say(
        f"ingest: {found['messages_per_s']} messages/s, {found['ratio']} of the raw rate "
        f"({found['raw_per_s']}/s); p50 {found['p50_ms']} ms, p99 {found['p99_ms']} ms"
    )
    if as_json:
        print_json(found)


@app.command()
def routing(
    *,
    agents: Annotated[int, typer.Option(min=4, help="Agents with room for four each.")] = 1_000,
    waiting: Annotated[int, typer.Option(min=1_000, help="Contacts in line when it begins.")] = 100_000,
    ends: Annotated[
        float, typer.Option(min=4, help="Conversations ended a second while all wait.")
    ] = 2_100.0,
    arrivals: Annotated[float, typer.Option(min=4, help="Contacts a second in the second phase.")] = 200.0,
    accept: Annotated[bool, typer.Option("--accept", help="Offers that agents accept, one by one.")] = False,
    seconds: Seconds = 20,
    as_json: AsJson = False,
) -> None:
    """Assign a backlog in a database of its own, with four processes of agents beside the router.

    First everybody waits and agents end what they have longest: `assignments_per_s`. Then all are free and
    contacts arrive: `p50_ms` and `p99_ms` from the commit of the arrival to the assignment. JSON:
    `agents`, `waiting`, `assignments_per_s`, `p50_ms`, `p99_ms`, `double`, `over_capacity`, `stranded`,
    `rss_mb` of the router.
    """
    from trato.bench.routing import Load, measure
    from trato.bench.scratch import scratch_database

    async def run() -> dict[str, int | float | None]:
        async with scratch_database(load_settings().database_url) as dsn:
            load = Load(agents, waiting, ends, arrivals, seconds, auto_accept=not accept)
            return await measure(dsn, [sys.executable, "-m", "trato", "route"], load, say)

    found = uvloop.run(run())
    say(
        f"routing: {found['assignments_per_s']} assignments/s with {found['waiting']} waiting for "
        f"{found['agents']} agents; assigned within p50 {found['p50_ms']} ms, p99 {found['p99_ms']} ms; "
        f"double {found['double']}, over capacity {found['over_capacity']}, stranded {found['stranded']}; "
        f"router {found['rss_mb']} MB"
    )
    if as_json:
        print_json(found)


@app.command()
def search(
    *,
    articles: Annotated[int, typer.Option(min=100, help="Made-up articles.")] = 10_000,
    messages: Annotated[
        int, typer.Option(min=0, help="Made-up messages, asked as at the desk, in place of articles.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Ask an index of made-up articles, in a process of its own on one core, or one of messages.

    Of articles the limit below is taking the meaning of the question, which every answer needs. JSON:
    `articles`, `messages`, `p50_ms`, `p95_ms` of the whole answer, `rss_mb` of the process, and of articles
    `load_s` to open the index and the model and `ratio`: our p50 divided by the limit's; of messages, in a
    database of their own, `fed_per_s` and `disk_mb` of what is kept to find them.
    """
    found = _search_messages(messages) if messages else _search_articles(articles)
    if as_json:
        print_json(found)


def _search_articles(articles: int) -> dict[str, Any]:
    from trato.bench.search import measure

    found = measure(articles, say)
    say(
        f"search: {found['articles']} articles, p50 {found['p50_ms']} ms, p95 {found['p95_ms']} ms, "
        f"{found['ratio']} times the encoding alone; opened in {found['load_s']} s, {found['rss_mb']} MB"
    )
    return found


@app.command()
def views(
    *,
    live: Annotated[int, typer.Option(min=1, help="Conversations that are open.")] = 5_000,
    ended: Annotated[
        int, typer.Option(min=0, help="Conversations that ended in the last 60 days.")
    ] = 200_000,
    as_json: AsJson = False,
) -> None:
    """Ask for views over many conversations, in a database of its own.

    The limit below is one look at the conversations that are open. JSON: `live`, `ended`, of each of `views`
    how many `conversations` stand in it and `p50_ms`, `p95_ms` of its first page with the count, `p95_ms` of
    the slowest, `counts_p50_ms` of counting all of them at once, and `ratio`: the p50 of all that is open
    divided by the limit's.
    """
    from trato.bench.scratch import scratch_database
    from trato.bench.views import measure

    async def run() -> dict[str, Any]:
        async with scratch_database(load_settings().database_url) as dsn:
            return await measure(dsn, live, ended, say)

    found = _stoppable(run())
    say(
        f"views: {found['live']} conversations open, {found['ended']} ended; the slowest view p95 "
        f"{found['p95_ms']} ms, all counted in {found['counts_p50_ms']} ms; {found['ratio']} times one look"
    )
    if as_json:
        print_json(found)


@app.command()
def soak(
    *,
    minutes: Annotated[float, typer.Option(min=0.1, help="How long.")] = 60,
    live: Annotated[int, typer.Option(min=10, help="Conversations that are open all the time.")] = 500,
    events_per_s: Annotated[int, typer.Option("--rate", min=1, help="Events per second.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Work a desk by its keys in a real Chromium while a shop is in full swing, in a database of its own.

    Needs Playwright and Chromium. JSON: `minutes`, `live`, `events_per_s`, `events` that desks are told,
    `lost` of them, `stale` rows at the end, `acts`, from a key to the next frame `paint_p50_ms`,
    `paint_p95_ms`, `paint_max_ms` and to the one that shows what it is for `shown_…`, `never_shown`, the same
    for each of `keys`, and of `memory` (the page with its list alone, after its garbage was collected, and
    each process of the server) how it grows in an hour by least squares after the first quarter. `flat`:
    nothing surely grows by more than `bound_per_h` of its mean in an hour; a run of an hour that is not flat,
    or lost something, fails.
    """
    from trato.bench.scratch import scratch_database
    from trato.bench.soak import HOUR_MIN, Load, measure
    from trato.kit.errors import Unavailable

    async def run() -> dict[str, Any]:
        async with scratch_database(load_settings().database_url) as dsn:
            load = Load(minutes, live, events_per_s)
            return (await measure(dsn, [sys.executable, "-m", "trato"], load, say)).figures()

    found = _stoppable(run())
    say(
        f"soak: {found['minutes']} minutes, {found['live']} conversations, {found['events_per_s']} events/s, "
        f"lost {found['lost']}; a key paints within p50 {found['paint_p50_ms']} ms, p95 "
        f"{found['paint_p95_ms']} ms, at most {found['paint_max_ms']} ms; "
        + ("memory is flat" if found["flat"] else "memory grows")
    )
    if as_json:
        print_json(found)
    if found["lost"] or found["stale"] or (minutes >= HOUR_MIN and not found["flat"]):
        raise Unavailable("The soak found something: see its figures.")


def _search_messages(messages: int) -> dict[str, Any]:
    from trato.bench.finding import measure
    from trato.kit.logs import configure

    configure()  # what is read is told on stderr
    from trato.bench.scratch import scratch_database

    async def run() -> dict[str, Any]:
        async with scratch_database(load_settings().database_url) as dsn:
            return await measure(dsn, messages, say)

    found = _stoppable(run())
    say(
        f"search: {found['messages']} messages, p50 {found['p50_ms']} ms, p95 {found['p95_ms']} ms; "
        f"read at {found['fed_per_s']}/s, {found['disk_mb']} MB on disk, {found['rss_mb']} MB in memory"
    )
    return found
