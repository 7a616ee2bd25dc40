"""What can be wrong with a mail server, as a sentence with its mend and without a secret in it."""

import re
import socket
import ssl
from typing import Final

from trato.channel_sdk import Sentence, Wording
from trato.kit.clean_text import clean_line

_MAX_SAID: Final = 300
_LONG_TOKEN: Final = re.compile(r"[A-Za-z0-9+/_=-]{60,}")


say: Final = Wording(__package__)


class MailTrouble(Exception):
    """A mail server cannot be used as configured; the sentence is for the administrator."""

    def __init__(self, code: str, **values: object) -> None:
        self.sentence: Sentence = say(code, **values)
        super().__init__(self.sentence.text)


def said(answer: object) -> str:
    """Return what a server answered, on one line, bounded, and without what could be a token."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    return _LONG_TOKEN.sub("…", clean_line(text, _MAX_SAID))


def connection_trouble(error: BaseException, protocol: str, host: str, port: int) -> MailTrouble:
    """Return why a connection could not be made or was lost, and what to do."""
    if isinstance(error, MailTrouble):
        return error
    place: dict[str, object] = {"protocol": protocol, "host": host, "port": port}
    match error:
        case socket.gaierror():
            code = "unknown_name"
        case ssl.SSLCertVerificationError():
            code, place["said"] = "untrusted_certificate", said(error.verify_message)
        case ssl.SSLError():
            code = "no_tls"
        case ConnectionRefusedError():
            code = "connection_refused"
        case TimeoutError():
            code = "no_answer"
        case _:
            code, place["said"] = "connection_broken", said(error) or type(error).__name__
    return MailTrouble(code, **place)
