"""A whole `trato up` with the demo shop, its people and its mail, for tests that wound it."""

import asyncio
import json
import os
import re
import signal
import smtplib
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from itertools import count
from pathlib import Path
from typing import Any, Self, TypeVar
from uuid import uuid4

import httpx
import psutil
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import text
from tests.support.mail import free_ports
from tests.support.until import wait_until

from trato.db.embedded import running_dsn
from trato.db.engine import Database
from trato.demo import shop
from trato.kit.processes import working_in
from trato.routing import checks

START_LIMIT_S = 180
T = TypeVar("T")

_NETWORKS = count(1)
_AGAIN = {408, 429, 500, 502, 503, 504}


class Installation:
    """A running `trato up`, with all of its processes within reach."""

    def __init__(self, folder: Path) -> None:
        self.data, self.log = folder / "data", folder / "log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *options: str, **environment: str) -> None:
        # Every visitor of a test comes from a network of their own, as behind a proxy.
        told = {"TRATO_TRUSTED_PROXIES": "127.0.0.1", **environment}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "trato", "up", "--data", str(self.data), "--port", "0", *options],
                stdout=log,
                stderr=log,
                env={name: value for name, value in os.environ.items() if name != "TRATO_DATABASE_URL"}
                | told,
                start_new_session=True,
            )
        before = self.said().count("Ctrl-C")
        wait_until(
            lambda: self.said().count("Ctrl-C") > before or self.ended(),
            what="up is up",
            within_s=START_LIMIT_S,
        )
        assert not self.ended(), self.said()

    def said(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    @property
    def url(self) -> str:
        return str(re.findall(r"Desk\s+(http\S+)/", self.said())[-1])

    @property
    def dsn(self) -> str:
        found = running_dsn(self.data)
        assert found, "the database is away"
        return found

    def members(self) -> list[psutil.Process]:
        assert self.process is not None
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]

    def names(self) -> list[tuple[int, str]]:
        """Return every process of the tree with its name; some may have ended meanwhile."""
        return list(_read(self.members(), lambda member: (member.pid, member.name())))

    def kill(self, role: str) -> None:
        """End one role, or the whole database server, without a warning."""
        if role == "postgres":
            pids = working_in((self.data / "postgres").resolve() / "data")
        else:
            pids = [pid for pid, name in self.names() if name == f"trato {role}"]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def stop(self) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(20)

    @asynccontextmanager
    async def database(self) -> AsyncIterator["Looking"]:
        """Look into the database, beside everything that runs."""
        db = Database.open(self.dsn, pool_size=2, application_name="test")
        try:
            yield Looking(db)
        finally:
            await db.close()


@contextmanager
def installation(folder: Path) -> Iterator[Installation]:
    """Give an installation that is not started yet, and that is gone afterwards."""
    found = Installation(folder)
    try:
        yield found
    finally:
        if found.process is not None:
            found.stop()
            wait_until(
                lambda: not working_in((found.data / "postgres").resolve() / "data"), what="it is gone"
            )


@dataclass(frozen=True)
class Looking:
    """What the tables say."""

    db: Database

    async def rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        async with self.db.connect() as c:
            return [dict(row) for row in (await c.execute(text(sql), values)).mappings()]

    async def value(self, sql: str, **values: Any) -> Any:
        (row,) = await self.rows(sql, **values)
        return next(iter(row.values()))

    async def until_none(self, sql: str, what: str, *, within_s: float) -> None:
        """Wait until a query finds nothing."""
        left: list[dict[str, Any]] = []
        for _ in range(int(within_s / 0.2)):
            left = await self.rows(sql)
            if not left:
                return
            await asyncio.sleep(0.2)
        raise AssertionError(f"not within {within_s} s: {what}; left {left[:5]}")

    async def until_some(
        self, sql: str, what: str, *, within_s: float, **values: Any
    ) -> list[dict[str, Any]]:
        """Wait until a query finds something, and return it."""
        for _ in range(int(within_s / 0.2)):
            if found := await self.rows(sql, **values):
                return found
            await asyncio.sleep(0.2)
        raise AssertionError(f"not within {within_s} s: {what}")

    async def check_routing(self) -> None:
        """Every invariant of routing holds; what may be true for a moment does not last."""
        async with self.db.connect() as c:
            assert await checks.broken(c) == {}
        lasting: dict[str, list[str]] = {}
        for _ in range(20):
            async with self.db.connect() as c:
                lasting = await checks.stranded(c)
            if not lasting:
                return
            await asyncio.sleep(1)
        raise AssertionError(lasting)


async def again_and_again(http: httpx.AsyncClient, method: str, path: str, **options: Any) -> httpx.Response:
    """Ask as a patient client does: on a lost connection or a "come back later" the same again."""
    last: object = None
    for _ in range(600):
        try:
            answer = await http.request(method, path, **options)
        except httpx.TransportError as error:
            last = error
        else:
            if answer.status_code not in _AGAIN:
                return answer
            last = answer.text
        await asyncio.sleep(0.1)
    raise AssertionError(f"{method} {path} never went through: {last!r}")


@dataclass
class Visitor:
    """A visitor of the demo shop's chat, with a network of their own."""

    http: httpx.AsyncClient
    account: str
    token: str = ""
    view: dict[str, Any] = field(default_factory=dict)
    network: str = field(default_factory=lambda: "10.{}.{}.{}".format(*divmod_256(next(_NETWORKS))))

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"X-Forwarded-For": self.network, **options.pop("headers", {})}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return await again_and_again(self.http, method, f"/api/v1/visitor/{path}", headers=headers, **options)

    async def open(self, **body: Any) -> "Visitor":
        answer = await self.ask("POST", "session", json={"account": self.account, "language": "es", **body})
        assert answer.status_code == 200, answer.text
        self.view = answer.json()
        self.token = self.view["token"]
        return self

    async def say(self, said: str, **body: Any) -> dict[str, Any]:
        given = {"client_id": uuid4().hex, "text": said, **body}
        answer = await self.ask("POST", "messages", json=given)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["message"]
        return found

    async def reads(self) -> list[dict[str, Any]]:
        """Return the conversation as the page shows it after a reload."""
        await self.open(token=self.token)
        found: list[dict[str, Any]] = (self.view["conversation"] or {}).get("messages", [])
        return found


def divmod_256(number: int) -> tuple[int, int, int]:
    return number >> 16 & 255, number >> 8 & 255, number & 255


@dataclass
class DeskUser:
    """Somebody signed in at the desk."""

    http: httpx.AsyncClient
    headers: dict[str, str] = field(default_factory=dict)
    view: dict[str, Any] = field(default_factory=dict)

    async def sign_in(self, staff: shop.Staff = shop.STAFF[0]) -> "DeskUser":
        origin = {"Origin": str(self.http.base_url).rstrip("/"), "X-Forwarded-For": "10.255.0.1"}
        given = {"email": staff.email, "password": shop.PASSWORD}
        answer = await again_and_again(self.http, "POST", "/api/v1/session", json=given, headers=origin)
        assert answer.status_code == 200, answer.text
        # By hand: the cookie is for HTTPS, and for browsers on loopback.
        cookie = answer.headers["set-cookie"].split(";")[0]
        self.http.cookies.clear()
        self.view = answer.json()
        self.headers = {**origin, "Cookie": cookie, "X-CSRF-Token": self.view["csrf"]}
        return self

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        return await again_and_again(self.http, method, f"/api/v1{path}", headers=self.headers, **options)

    async def do(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self.ask(method, path, json=body)
        assert answer.is_success, (path, answer.text)
        return answer.json() if answer.content else None

    async def reply(self, conversation_id: str, said: str) -> dict[str, Any]:
        body = {"text": said, "kind": "reply", "client_id": uuid4().hex}
        found: dict[str, Any] = await self.do("POST", f"/conversations/{conversation_id}/messages", body)
        return found


class SmtpSink:
    """The other side of outgoing mail: takes all of it, and counts each text.

    `hangs_up`: it takes a mail and ends the connection before it says so. `refuses`: for good. While `gate`
    is cleared it has the mail, and has not said so yet.
    """

    def __init__(self, *, hangs_up: bool = False) -> None:
        self.hangs_up, self.refuses = hangs_up, False
        self.taken: Counter[str] = Counter()
        self.gate = threading.Event()
        self.gate.set()
        (self.port,) = free_ports(1)
        self._server = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(  # noqa: N802 -- aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.refuses:
            return "550 no such mailbox"
        mail = BytesParser(policy=default).parsebytes(envelope.original_content or b"")
        body = mail.get_body(("plain",))
        assert body is not None
        self.taken[body.get_content().strip().splitlines()[0]] += 1
        if self.hangs_up:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        await asyncio.to_thread(self.gate.wait)
        return "250 taken"

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()


def send_mail(port: int, sender: str, to: str, subject: str, body: str) -> None:
    """Send as a mail server does: until it is taken, the same mail again."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = f"<{uuid4().hex}@clientes.test>"
    mail.set_content(body)

    def taken() -> bool:
        try:
            with smtplib.SMTP("127.0.0.1", port, timeout=15) as server:
                server.send_message(mail)
        except (OSError, smtplib.SMTPException):
            return False
        return True

    wait_until(taken, what="the mail was taken", within_s=120)


def compact(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def named(members: Iterable[psutil.Process]) -> set[str]:
    """Return the names of those that are there still."""
    return set(_read(members, lambda member: member.name()))


def pss(members: Iterable[psutil.Process]) -> int:
    """Return the memory of processes in bytes, what they share counted once."""
    return sum(_read(members, lambda member: int(member.memory_full_info().pss)))


def _read(members: Iterable[psutil.Process], what: Callable[[psutil.Process], T]) -> Iterator[T]:
    """Read something of each process; one that ended meanwhile has nothing to say."""
    for member in members:
        with suppress(psutil.NoSuchProcess):
            yield what(member)
