"""How an installation is judged: facts in, one line of verdict each out, with the mend."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

OLDEST_POSTGRES = 15
CLOCK_TOLERANCE = timedelta(seconds=2)
LATE_JOB, STUCK_JOB = timedelta(seconds=30), timedelta(minutes=5)
BEHIND_EVENTS = 10_000
OLD_BACKUP, NO_BACKUP_GRACE = timedelta(days=2), timedelta(days=1)
LITTLE_SPACE_BYTES, NO_SPACE_BYTES = 2_000_000_000, 300_000_000
_GB = 1_000_000_000


class State(StrEnum):
    """How good it is; only FAIL makes the command fail."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Check:
    """One line of the doctor: what was looked at, what was found, and what to do."""

    name: str
    state: State
    message: str
    todo: str = ""


@dataclass(frozen=True)
class DatabaseFacts:
    """What the server says of itself."""

    version: str
    major: int
    answer_ms: float
    in_recovery: bool
    durable: bool
    connections: int
    connection_limit: int


def judge_database(facts: DatabaseFacts) -> Check:
    """Say whether the server is one that Trato can rely on."""
    name = "database"
    found = f"PostgreSQL {facts.version}, answers in {facts.answer_ms:.0f} ms"
    if facts.major < OLDEST_POSTGRES:
        return Check(name, State.FAIL, found, f"Upgrade the server to PostgreSQL {OLDEST_POSTGRES} or newer.")
    if facts.in_recovery:
        todo = "Point TRATO_DATABASE_URL at the primary, or add target_session_attrs=read-write."
        return Check(name, State.FAIL, f"{found}, but it is a read-only standby", todo)
    if not facts.durable:
        todo = "Set fsync, full_page_writes and synchronous_commit to on."
        return Check(name, State.FAIL, f"{found}, but a crash could lose acknowledged messages", todo)
    if facts.connections > 0.9 * facts.connection_limit:
        found = f"{found}; {facts.connections} of {facts.connection_limit} connections are taken"
        return Check(name, State.WARN, found, "Raise max_connections, or lower TRATO_DATABASE_POOL.")
    return Check(name, State.OK, found)


def judge_migrations(current: str | None, head: str, *, known: bool) -> Check:
    """Say whether the schema is the one this code expects."""
    name = "migrations"
    if current == head:
        return Check(name, State.OK, f"the schema is at {head}")
    if current is None:
        return Check(name, State.FAIL, "the database is empty", "Start `trato up` once, or restore a backup.")
    if not known:
        return Check(
            name, State.FAIL, f"the schema {current} is of a newer version of Trato", "Start that version."
        )
    return Check(
        name, State.FAIL, f"the schema is at {current}, this version expects {head}", "Restart `trato up`."
    )


def judge_disk(place: str, free_bytes: int) -> Check:
    """Say whether there is room to go on."""
    found = f"{free_bytes / _GB:.1f} GB free for {place}"
    if free_bytes < NO_SPACE_BYTES:
        return Check("disk", State.FAIL, found, "Free some space now: mail is about to be refused.")
    if free_bytes < LITTLE_SPACE_BYTES:
        return Check("disk", State.WARN, found, "Free some space, or move the data folder to a larger disk.")
    return Check("disk", State.OK, found)


def judge_clock(here: datetime, database: datetime, newest_event: datetime | None) -> Check:
    """Say whether this machine, the database and the past agree on the time."""
    off = abs(here - database)
    todo = "Let both machines keep time by NTP."
    if off > CLOCK_TOLERANCE:
        return Check(
            "clock", State.FAIL, f"this machine and the database are {off.total_seconds():.0f} s apart", todo
        )
    if newest_event is not None and newest_event - database > CLOCK_TOLERANCE:
        ahead = newest_event - database
        found = f"the newest event is {ahead.total_seconds():.0f} s in the future: the clock was set back"
        return Check("clock", State.WARN, found, todo)
    return Check("clock", State.OK, f"within {off.total_seconds() * 1000:.0f} ms of the database's")


def judge_account(
    name: str, kind: str, state: str, error: str | None, ok_at: datetime | None, *, connects: bool | None
) -> Check:
    """Say whether a channel's account does its work.

    `connects`: whether its channel keeps a connection of its own; None for a channel that is not installed.
    """
    found = f"{name} ({kind})"
    if connects is None:
        todo = f"Install the channel {kind} again, or remove the account at the desk."
        return Check("channel", State.FAIL, f"{found}: this channel is not installed", todo)
    if state == "failing":
        since = f", last good {ok_at:%Y-%m-%d %H:%M} UTC" if ok_at else ""
        return Check(
            "channel",
            State.FAIL,
            f"{found}: {error or 'failing'}{since}",
            "Check it under Channels at the desk.",
        )
    if state == "new" and not connects:
        return Check("channel", State.OK, f"{found} is reached by its contacts, it connects to nothing")
    if state == "new":
        return Check(
            "channel", State.WARN, f"{found} was never connected", "Check it under Channels at the desk."
        )
    return Check("channel", State.OK, f"{found} works")


def judge_jobs(now: datetime, oldest_due: datetime | None, failed: int, *, running: Collection[str]) -> Check:
    """Say whether workers keep up; `oldest_due` is the time of the first job that should have begun.

    `running` names the roles that use the database now; none of them: Trato is stopped.
    """
    if "work" not in running and not (running and oldest_due and now - oldest_due > STUCK_JOB):
        return Check("workers", State.WARN, "none runs", _start("work", running))
    lag = max(now - oldest_due, timedelta()) if oldest_due else timedelta()
    found = f"{lag.total_seconds():.0f} s behind" if lag > LATE_JOB else "keeping up"
    if lag > STUCK_JOB:
        todo = "See the log of `trato work`." if "work" in running else _start("work", running)
        return Check("workers", State.FAIL, found, todo)
    if failed:
        todo = "See their errors in the table job; messages among them are shown at the desk."
        return Check("workers", State.WARN, f"{found}; {failed} jobs were given up", todo)
    if lag > LATE_JOB:
        return Check("workers", State.WARN, found, "If this goes on, start another `trato work`.")
    return Check("workers", State.OK, found)


def judge_router(
    now: datetime, lease_until: datetime | None, waiting: int, *, running: Collection[str]
) -> Check:
    """Say whether somebody hands out the waiting contacts; `running` as for `judge_jobs`."""
    if lease_until is not None and lease_until > now - CLOCK_TOLERANCE:
        return Check("router", State.OK, f"leads; {waiting} waiting")
    state = State.FAIL if waiting and running else State.WARN
    return Check("router", state, f"nobody leads; {waiting} waiting", _start("route", running))


def _start(role: str, running: Collection[str]) -> str:
    if running:
        return f"Start `trato {role}` (or `trato up`)."
    return f"Trato is stopped: start `trato up`, or `trato {role}` among the single roles."


def judge_webhook(url: str, state: str, failures: int, error: str | None, since: datetime | None) -> Check:
    """Say whether an outgoing webhook reaches its receiver; only the receiver's host is shown."""
    name, found = "webhook", urlsplit(url).hostname or "an address without a host"
    where = "under Administration → Webhooks at the desk"
    last = f", last error: {error}" if error else ""
    if state == "disabled":
        return Check(
            name, State.FAIL, f"{found} was stopped{last}", f"Mend the receiver, then resume it {where}."
        )
    if state == "paused":
        return Check(name, State.WARN, f"{found} is paused{last}", f"Resume it {where}.")
    if failures:
        began = f" since {since:%Y-%m-%d %H:%M} UTC" if since else ""
        found = f"{found} fails{began}: {failures} attempts{last}"
        return Check(name, State.WARN, found, "Mend the receiver: what it missed is sent again by itself.")
    return Check(name, State.OK, f"{found} takes what it is sent")


def judge_routing(broken: Mapping[str, int]) -> Check:
    """Say whether what must never be is not: `broken` counts the cases of each invariant."""
    found = [f"{name} ({count})" for name, count in broken.items() if count]
    if found:
        todo = (
            "Tell the makers of Trato, with the log of the router; releasing the conversation helps for now."
        )
        return Check("routing", State.FAIL, "; ".join(found), todo)
    return Check("routing", State.OK, f"all {len(broken)} invariants hold")


def judge_stranded(stayed: Mapping[str, int]) -> Check:
    """Say whether the router keeps up: `stayed` counts what was wrong at two looks, seconds apart."""
    found = [f"{name} ({count})" for name, count in stayed.items() if count]
    if found:
        todo = "Is `trato route` (or `trato up`) running? See its log for what stops it."
        return Check("stranded", State.FAIL, "; ".join(found), todo)
    return Check("stranded", State.OK, "nobody waits beside somebody free")


def judge_consumers(behind: Sequence[tuple[str, int]]) -> Check:
    """Say whether the readers of the event log follow it."""
    late = [f"{name} {count:,}" for name, count in behind if count > BEHIND_EVENTS]
    if late:
        todo = "Is `trato work` running? See its log for what stops them."
        return Check("events", State.WARN, f"unread events: {', '.join(late)}", todo)
    return Check("events", State.OK, "every reader follows")


def judge_search(behind: int | None, unread: Sequence[str]) -> Check:
    """Say whether the desk's search knows what is there.

    `behind` counts the events it has still to see, None before it ever began; `unread` names the kinds that
    were there before and of which not all was read.
    """
    if behind is None:
        todo = "Start `trato work` (or `trato up`): it reads what is there, the newest first."
        return Check("search", State.WARN, "nothing was read yet", todo)
    found = f"{behind:,} events behind"
    if behind > BEHIND_EVENTS:
        todo = "Is `trato work` running? See its log for what stops it."
        return Check("search", State.WARN, f"{found}: what is new is not found", todo)
    if unread:
        todo = "Let `trato work` run: the newest is found already."
        return Check("search", State.WARN, f"{found}; still being read: {', '.join(unread)}", todo)
    return Check("search", State.OK, found if behind else "follows")


def judge_trouble(uncertain: int, failed: int, broken: int) -> Check:
    """Say what waits for a person's hand."""
    parts = [
        text
        for count, text in (
            (uncertain, f"{uncertain} conversations with a message that may or may not have been sent"),
            (failed, f"{failed} with a message that was not sent"),
            (broken, f"{broken} inbound messages that could not be understood"),
        )
        if count
    ]
    if parts:
        places = [
            *(["in the inbox, under Failed"] if uncertain or failed else []),
            *(["in the administration, under Unreadable"] if broken else []),
        ]
        return Check(
            "messages", State.WARN, "; ".join(parts), f"Settle them at the desk: {'; '.join(places)}."
        )
    return Check("messages", State.OK, "none waits for a hand")


def judge_backup(now: datetime, last: datetime | None, installed: datetime | None) -> Check:
    """Say whether there is a recent backup to come back to."""
    todo = "Run `trato backup FILE` every day, for instance from cron, and keep the file elsewhere."
    if last is None:
        if installed is None or now - installed < NO_BACKUP_GRACE:
            return Check("backup", State.OK, "none yet, the installation is new", todo)
        return Check("backup", State.WARN, "none was ever made", todo)
    age_days = (now - last) / timedelta(days=1)
    if now - last > OLD_BACKUP:
        return Check("backup", State.WARN, f"the last one is {age_days:.0f} days old", todo)
    return Check("backup", State.OK, f"the last one is of {last:%Y-%m-%d %H:%M} UTC")


def lines(checks: Sequence[Check]) -> Iterator[str]:
    """Yield one line a check, what to do at its end."""
    for check in checks:
        mend = f"  → {check.todo}" if check.todo and check.state is not State.OK else ""
        yield f"{check.state:<5} {check.name:<11} {check.message}{mend}"
