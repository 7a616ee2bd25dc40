"""What can be wrong with a mail server, as a sentence with its mend and without a secret in it."""

import re
import socket
import ssl
from typing import Final

from trato.kit.clean_text import clean_line

_MAX_SAID: Final = 300
_LONG_TOKEN: Final = re.compile(r"[A-Za-z0-9+/_=-]{60,}")


class MailTrouble(Exception):
    """A mail server cannot be used as configured; the text is for the administrator."""


def said(answer: object) -> str:
    """Return what a server answered, on one line, bounded, and without what could be a token."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    return _LONG_TOKEN.sub("…", clean_line(text, _MAX_SAID))


def connection_trouble(error: BaseException, protocol: str, host: str, port: int) -> MailTrouble:
    """Return why a connection could not be made or was lost, and what to do."""
    return error if isinstance(error, MailTrouble) else MailTrouble(_sentence(error, protocol, host, port))


def _sentence(error: BaseException, protocol: str, host: str, port: int) -> str:
    place = f"{protocol} server {host}:{port}"
    match error:
        case socket.gaierror():
            text = f"The name of the {place} is not known: check how it is written."
        case ssl.SSLCertVerificationError():
            text = (
                f"The certificate of the {place} is not trusted ({said(error.verify_message)}): "
                "use the name it was issued for, or add its authority to the account."
            )
        case ssl.SSLError():
            text = f"The {place} does not speak TLS as asked: choose the other kind of security or port."
        case ConnectionRefusedError():
            text = f"The {place} refuses connections: check the port, and that it runs."
        case TimeoutError():
            text = f"The {place} does not answer: check the port and the firewall between here and there."
        case _:
            what = said(error) or type(error).__name__
            text = f"The connection to the {place} broke ({what}): it is tried again."
    return text
