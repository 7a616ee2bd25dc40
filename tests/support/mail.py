"""A mail provider of the tests' own: Dovecot and Postfix as Debian ships them, in a folder on loopback."""

import contextlib
import datetime as dt
import imaplib
import os
import shutil
import signal
import smtplib
import socket
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from functools import partial
from pathlib import Path
from string import Template
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.support.until import wait_until

PASSWORD = "correcto-caballo-batería"
SHOP, PEOPLE = "tienda.test", "gente.test"

DOVECOT = Template("""
protocols = imap lmtp
listen = 127.0.0.1
base_dir = $dir/run
state_dir = $dir/state
log_path = $dir/dovecot.log
ssl = yes
ssl_cert = <$dir/cert.pem
ssl_key = <$dir/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
mail_location = maildir:$dir/mail/%u
mail_max_userip_connections = 500
recipient_delimiter = +
first_valid_uid = 1
imap_capability = $capability
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = $dir/oauth2.conf
}
passdb {
  driver = static
  args = password=$password
}
userdb {
  driver = static
  args = uid=mail gid=mail home=$dir/mail/%u allow_all_users=yes
}
service imap-login {
  inet_listener imap {
    port = $imap
  }
  inet_listener imaps {
    port = $imaps
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = $lmtp
  }
}
service auth {
  inet_listener {
    address = 127.0.0.1
    port = $sasl
  }
}
# Without it each wrong password would slow down all that follow, by more than Postfix waits for.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  unix_listener stats-writer {
    mode = 0666
  }
}
""")
OAUTH = Template("""
introspection_url = $introspection
introspection_mode = post
username_attribute = username
active_attribute = active
active_value = true
""")
POSTFIX = Template("""
compatibility_level = 3.6
queue_directory = $dir/queue
data_directory = $dir/data
maillog_file = $dir/postfix.log
maillog_file_prefixes = $dir
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
meta_directory = /etc/postfix
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.tienda.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
virtual_mailbox_domains = $domains
virtual_alias_maps = regexp:$dir/aliases
transport_maps = regexp:$dir/transport
virtual_mailbox_maps = regexp:$dir/users
virtual_transport = lmtp:inet:127.0.0.1:$lmtp
virtual_mailbox_limit = 0
mailbox_size_limit = 0
message_size_limit = 80000000
recipient_delimiter = +
smtpd_recipient_limit = 20000
smtpd_client_connection_count_limit = 0
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:$sasl
smtpd_tls_security_level = may
smtpd_tls_cert_file = $dir/cert.pem
smtpd_tls_key_file = $dir/key.pem
smtputf8_enable = yes
strict_smtputf8 = no
queue_run_delay = 1s
transport_retry_time = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
smtpd_error_sleep_time = 0
in_flow_delay = 0
""")
SERVICES = Template("""
127.0.0.1:$smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
""")
# Whoever is called nobody does not exist; everybody else does.
USERS = "!/^nobody/ here\n"
# `late…` is taken and cannot be delivered afterwards: its sender gets a report.
ALIASES = "/^late/ late@nowhere.invalid\n"
TRANSPORT = "/@nowhere\\.invalid$/ error:5.1.1 there is nobody of this name\n"


class MailProvider:
    """Both servers; every address at `tienda.test` and `gente.test` is a mailbox with the same password."""

    def __init__(
        self, folder: Path, *, introspection: str = "http://127.0.0.1:9/", idle: bool = True
    ) -> None:
        self.folder = folder
        names = ("imap", "imaps", "lmtp", "sasl", "smtp")
        self.ports = dict(zip(names, free_ports(len(names)), strict=True))
        self._values = {
            **self.ports,
            "dir": str(folder),
            "password": PASSWORD,
            "introspection": introspection,
            "domains": f"{SHOP} {PEOPLE}",
            "capability": "" if idle else "IMAP4rev1 LITERAL+ UIDPLUS",
        }
        self._dovecot: subprocess.Popen[bytes] | None = None
        self._write()

    def _write(self) -> None:
        folder = self.folder
        folder.chmod(0o755)
        for name, owner in (("mail", "mail"), ("queue", "root"), ("data", "postfix"), ("etc", "root")):
            (folder / name).mkdir(exist_ok=True)
            shutil.chown(folder / name, owner)
        self.authority = write_certificate(folder)
        (folder / "dovecot.conf").write_text(DOVECOT.substitute(self._values))
        (folder / "oauth2.conf").write_text(OAUTH.substitute(self._values))
        for name, content in (("users", USERS), ("aliases", ALIASES), ("transport", TRANSPORT)):
            (folder / name).write_text(content)
        (folder / "etc/main.cf").write_text(POSTFIX.substitute(self._values))
        (folder / "etc/master.cf").write_text(SERVICES.substitute(self._values))

    def change_uid_validity(self, address: str) -> None:
        """Forget which UID names which mail, as a mailbox does that was restored from a backup."""
        self.stop_dovecot()
        for path in (self.folder / "mail" / address).rglob("dovecot*"):
            path.unlink()
        self.start_dovecot()

    def start_dovecot(self) -> None:
        self._dovecot = subprocess.Popen(
            ("dovecot", "-F", "-c", str(self.folder / "dovecot.conf")), start_new_session=True
        )
        for name in ("imap", "imaps", "lmtp", "sasl"):
            wait_until(partial(answers, self.ports[name]), what=f"Dovecot listens for {name}")

    def stop_dovecot(self) -> None:
        if self._dovecot is not None:
            self._dovecot.send_signal(signal.SIGTERM)
            self._dovecot.wait(20)
            self._dovecot = None

    def start_postfix(self) -> None:
        self._postfix("start")
        wait_until(lambda: answers(self.ports["smtp"]), what="Postfix listens")

    def stop_postfix(self) -> None:
        self._postfix("stop", check=False)
        wait_until(lambda: not answers(self.ports["smtp"]), what="Postfix has stopped")

    def queued(self) -> int:
        """Return how many mails Postfix has taken and not yet delivered or returned.

        What was cut off while it came in was never taken: its file lacks the mark of a whole mail (the
        owner's x bit, MAIL_QUEUE_STAT_READY) and stays for a day and a half.
        """
        queues = (self.folder / "queue" / name for name in ("maildrop", "incoming", "active", "deferred"))
        modes = (path.lstat().st_mode for queue in queues for path in queue.rglob("*"))
        return sum(stat.S_ISREG(mode) and bool(mode & stat.S_IXUSR) for mode in modes)

    def deliver_now(self) -> None:
        """Have Postfix try again what waits for its turn."""
        self._postfix("flush")

    def welcome_everybody(self) -> None:
        """From now on whoever is called nobody exists too."""
        (self.folder / "users").write_text("/./ here\n")
        self._postfix("reload")

    def _postfix(self, command: str, *, check: bool = True) -> None:
        done = subprocess.run(
            ("postfix", "-c", str(self.folder / "etc"), command), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0 or not check, done.stderr + self.log("postfix")

    def log(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace")[-5_000:] if path.exists() else ""

    def settings(self, address: str, **more: object) -> dict[str, Any]:
        """What an account says to read and answer from this mailbox, the password among it."""
        return {
            "address": address,
            "imap_host": "127.0.0.1",
            "imap_port": self.ports["imap"],
            "imap_security": "none",
            "smtp_host": "127.0.0.1",
            "smtp_port": self.ports["smtp"],
            "smtp_security": "none",
            "password": PASSWORD,
        } | more

    def send(self, raw: bytes, to: str, *, sender: str = f"pedro@{PEOPLE}") -> None:
        """Hand a mail to Postfix, as a customer's program does."""
        with smtplib.SMTP("127.0.0.1", self.ports["smtp"], timeout=30) as client:
            client.sendmail(sender, [to], raw)

    def deliver(self, raw: bytes, to: str, *, sender: str = f"pedro@{PEOPLE}") -> None:
        """Put a mail into a mailbox by LMTP, bytes as they are."""
        with smtplib.LMTP("127.0.0.1", self.ports["lmtp"], timeout=60) as client:
            client.sendmail(sender, [to], raw)

    @contextlib.contextmanager
    def mailbox(self, address: str) -> Iterator[imaplib.IMAP4]:
        """Somebody's mailbox, seen with another program than ours."""
        client = imaplib.IMAP4("127.0.0.1", self.ports["imap"], timeout=30)
        try:
            client.authenticate("PLAIN", lambda _: f"\0{address}\0{PASSWORD}".encode())
            client.select("INBOX")
            yield client
        finally:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                client.logout()

    def mails(self, address: str) -> list[bytes]:
        """Return the mails in somebody's inbox, oldest first."""
        with self.mailbox(address) as client:
            _, found = client.uid("SEARCH", "ALL")
            return [self._fetch(client, uid) for uid in found[0].split()]

    def until_mails(self, address: str, count: int = 1) -> list[bytes]:
        """Return the mails in somebody's inbox once there are so many."""
        wait_until(lambda: len(self.mails(address)) >= count, what=f"{count} mails for {address}")
        return self.mails(address)

    @staticmethod
    def _fetch(client: imaplib.IMAP4, uid: bytes) -> bytes:
        _, parts = client.uid("FETCH", uid.decode(), "(BODY.PEEK[])")
        return bytes(parts[0][1])

    def unseen(self, address: str) -> int:
        with self.mailbox(address) as client:
            _, found = client.uid("SEARCH", "UNSEEN")
            return len(found[0].split())


def free_ports(count: int) -> list[int]:
    """Return ports that nobody uses, each another one."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]


def answers(port: int) -> bool:
    """Whether somebody accepts connections there."""
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex(("127.0.0.1", port)) == 0


def write_certificate(folder: Path) -> str:
    """Write a certificate for localhost and return it: it is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
    (folder / "cert.pem").write_text(pem)
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    (folder / "key.pem").chmod(0o600)
    return pem


@contextlib.contextmanager
def running_provider(*, postfix: bool = True, **options: Any) -> Iterator[MailProvider]:
    """Start both servers, or Dovecot alone, or skip with the reason why this machine cannot."""
    missing = [name for name in ("dovecot", "postfix") if shutil.which(name, path=search_path()) is None]
    if missing or os.geteuid() != 0:
        pytest.skip(f"needs root, Dovecot and Postfix; missing: {', '.join(missing) or 'root'}")
    # A short path that other users may enter: sockets lie below it.
    folder = Path(tempfile.mkdtemp(prefix="trato-mail-", dir="/tmp"))
    provider = MailProvider(folder, **options)
    try:
        provider.start_dovecot()
        if postfix:
            provider.start_postfix()
        yield provider
    finally:
        if postfix:
            provider.stop_postfix()
        provider.stop_dovecot()
        shutil.rmtree(folder, ignore_errors=True)


def search_path() -> str:
    return f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"


def mail(
    text: str = "Hola, no me llegó el pedido.",
    *,
    to: str,
    sender: str = f"Pedro Páramo <pedro@{PEOPLE}>",
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """Return a plain mail with the fields given besides."""
    message = EmailMessage()
    fields = {
        "From": sender,
        "To": to,
        "Subject": "Mi pedido",
        "Date": format_datetime(dt.datetime.now(dt.UTC)),
        "Message-ID": make_msgid(domain=PEOPLE),
        **(headers or {}),
    }
    for name, value in fields.items():
        message[name] = value
    message.set_content(text)
    return message.as_bytes()
