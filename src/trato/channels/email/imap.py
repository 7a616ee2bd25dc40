"""One IMAP mailbox over one connection, by blocking calls made in threads (RFC 3501, RFC 2177)."""

import contextlib
import socket
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import imapclient
from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError, LoginError

from trato.channels.email.settings import Server
from trato.channels.email.trouble import MailTrouble, connection_trouble, said

MAX_BYTES: Final = 50 * 1024 * 1024
_CONNECT_S: Final = 20.0
_READ_S: Final = 60.0
_KEEPALIVE: Final = (
    ("SO_KEEPALIVE", socket.SOL_SOCKET, 1),
    ("TCP_KEEPIDLE", socket.IPPROTO_TCP, 60),
    ("TCP_KEEPINTVL", socket.IPPROTO_TCP, 15),
    ("TCP_KEEPCNT", socket.IPPROTO_TCP, 4),
)


class LoginRefused(MailTrouble):
    """The server does not know us: another token or password is needed."""


class Gone(Exception):
    """The connection is lost: connect again."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail in the mailbox that was not read yet."""

    uid: int
    size: int
    received_at: datetime


class Mailbox:
    """A selected folder. Not safe for several threads, but `cut` may be called from any.

    Every call may raise `Gone`; reading marks nothing as seen (`BODY.PEEK`).
    """

    def __init__(self, client: imapclient.IMAPClient, uid_validity: int, next_uid: int) -> None:
        self._client = client
        self._next_uid = next_uid
        self.uid_validity = uid_validity
        """While it is the same, a UID names the same mail for ever (RFC 3501 §2.3.1.1)."""
        self.can_idle = bool(client.has_capability("IDLE"))

    def uids_after(self, uid: int) -> list[int]:
        """Return the UIDs above `uid`, lowest first."""
        # `n:*` names the last mail even when all are below n (RFC 3501 §6.4.8)
        return [found for found in self._search(["UID", f"{uid + 1}:*"]) if found > uid]

    def uids_not_older(self, day: date | None) -> list[int]:
        """Return the UIDs of unread mail, and of all that came on this day or later."""
        return self._search(["UNSEEN"] if day is None else ["OR", "UNSEEN", "SINCE", day])

    def next_uid(self) -> int:
        """Return the UID that the next mail had at least when the folder was opened (RFC 3501 §6.3.1)."""
        return self._next_uid or max(self._search(["ALL"]), default=0) + 1

    def sizes(self, uids: Sequence[int]) -> list[Waiting]:
        """Return what waits under these UIDs; those that were deleted meanwhile are left out."""
        with _losing():
            found = self._client.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"])
        return [
            Waiting(uid, int(data.get(b"RFC822.SIZE", 0)), _in_utc(data.get(b"INTERNALDATE")))
            for uid, data in sorted(found.items())
        ]

    def read(self, uid: int) -> bytes | None:
        """Return a mail as it is kept, or None when it was deleted meanwhile."""
        return self._fetch(uid, "BODY.PEEK[]", b"BODY[]")

    def read_header(self, uid: int) -> bytes | None:
        """Return the header of a mail that is too large to be read."""
        return self._fetch(uid, "BODY.PEEK[HEADER]", b"BODY[HEADER]")

    def mark_seen(self, uids: Sequence[int]) -> None:
        """Mark mails as seen, for people who look at the mailbox with another program."""
        if uids:
            with _losing():
                self._client.add_flags(uids, [imapclient.SEEN], silent=True)

    def wait(self, within_s: float) -> None:
        """Return when something happens in the folder, or after `within_s`; tells a dead connection."""
        with _losing():
            # A mail may have come while the last search ran: the server said so then, and says it only once.
            _, said_meanwhile = self._client._imap.response("EXISTS")  # noqa: SLF001  IMAPClient hides it
            if said_meanwhile != [None]:
                return
            if not self.can_idle:
                self._client.noop()
                return
            self._client.idle()
            # What the server says here is only a hint: the next search finds what is new.
            if not self._holds_answer():
                self._client.idle_check(within_s)
            self._client.idle_done()

    def _holds_answer(self) -> bool:
        """Whether the server has said something that lies in our buffer, where a poll of the socket is blind.

        It may say what is new together with its consent to IDLE, and then nothing more.
        """
        connection = self._client.socket()
        connection.setblocking(False)
        try:
            return bool(self._client._imap.file.peek(1))  # noqa: SLF001  imaplib's buffer, which it hides
        except ssl.SSLWantReadError:
            return False
        finally:
            connection.settimeout(_READ_S)

    def cut(self) -> None:
        """End the connection at once, from any thread: a waiting call raises `Gone`."""
        with contextlib.suppress(OSError):
            self._client.socket().shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Take leave of the server, and of the socket in any case."""
        with contextlib.suppress(OSError, IMAPClientError):
            self._client.logout()
        with contextlib.suppress(OSError, IMAPClientError):
            self._client.shutdown()

    def _search(self, criteria: list[Any]) -> list[int]:
        with _losing():
            return sorted(int(uid) for uid in self._client.search(criteria))

    def _fetch(self, uid: int, item: str, key: bytes) -> bytes | None:
        with _losing():
            found = self._client.fetch([uid], [item]).get(uid)
        return None if found is None or key not in found else bytes(found[key] or b"")


@contextlib.contextmanager
def _losing() -> Iterator[None]:
    try:
        yield
    except (OSError, IMAPClientError, ValueError) as error:
        raise Gone(said(error) or type(error).__name__) from error


def _in_utc(found: object) -> datetime:
    """Return the instant at which the server took the mail; IMAPClient gives it naive, in local time."""
    return found.astimezone(UTC) if isinstance(found, datetime) else datetime.now(UTC)


def open_mailbox(server: Server, folder: str, tls: Any, token: str | None) -> Mailbox:
    """Connect, sign in with the password or an access token, and select; raises `MailTrouble`."""
    client = connect(server, tls)
    try:
        sign_in(client, server, token)
        return select(client, folder)
    except BaseException:
        with contextlib.suppress(OSError, IMAPClientError):
            client.shutdown()
        raise


def connect(server: Server, tls: Any) -> imapclient.IMAPClient:
    """Return a connection, encrypted as the settings say; raises `MailTrouble`."""
    client = None
    try:
        client = imapclient.IMAPClient(
            server.host,
            server.port,
            ssl=server.security == "tls",
            ssl_context=tls,
            timeout=imapclient.SocketTimeout(connect=_CONNECT_S, read=_READ_S),
        )
        for name, level, value in _KEEPALIVE:
            client.socket().setsockopt(level, getattr(socket, name), value)
        if server.security == "starttls":
            client.starttls(tls)
    except CapabilityError as error:
        raise MailTrouble("no_starttls", host=server.host) from error
    except (OSError, IMAPClientError) as error:
        if client is not None:
            with contextlib.suppress(OSError, IMAPClientError):
                client.shutdown()
        raise connection_trouble(error, "IMAP", server.host, server.port) from error
    return client


def sign_in(client: imapclient.IMAPClient, server: Server, token: str | None) -> None:
    """Sign in by XOAUTH2 with a token, else by password; raises `MailTrouble`."""
    try:
        if token is not None:
            client.oauth2_login(server.username, token)
        elif client.has_capability("AUTH=PLAIN"):
            client.plain_login(server.username, server.password)  # takes any letters (RFC 4616)
        else:
            client.login(server.username, server.password)
    except UnicodeError as error:
        raise LoginRefused("ascii_only", host=server.host) from error
    except LoginError as error:
        if isinstance(error.__context__, IMAPClientAbortError):  # cut off, not refused
            raise connection_trouble(error, "IMAP", server.host, server.port) from error
        raise LoginRefused(
            "imap_login_refused", host=server.host, user=server.username, said=said(error)
        ) from error
    except (OSError, IMAPClientError) as error:
        raise connection_trouble(error, "IMAP", server.host, server.port) from error


def select(client: imapclient.IMAPClient, folder: str) -> Mailbox:
    """Open the folder for reading and marking; raises `MailTrouble`."""
    try:
        answer = client.select_folder(folder)
    except (OSError, IMAPClientError) as error:
        raise MailTrouble("no_folder", folder=folder, said=said(error)) from error
    return Mailbox(client, int(answer.get(b"UIDVALIDITY", 0)), int(answer.get(b"UIDNEXT", 0)))
