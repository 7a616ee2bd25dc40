"""DNS for our own check of mail: bounded in time, remembered for a while, and quiet when nobody answers."""

import time
from threading import Lock
from typing import Final

import dns.exception
import dns.resolver

from trato.channels.email.own_check import LookupFailed

_ANSWER_WITHIN_S: Final = 2.0
_SILENCES: Final = 3  # so many in a row mean that no DNS answers us, not that one domain's is slow
_REST_S: Final = 60.0  # then the next mails are not kept waiting
_KEEP_S: Final = 600.0
_MAX_KEPT: Final = 5_000


class TextRecords:
    """Looks up TXT records; called from threads."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, str | None]] = {}
        self._silences = 0
        self._silent_until = 0.0
        self._lock = Lock()

    def __call__(self, name: str) -> str | None:
        """Return a name's TXT record, None when there is none; raises `LookupFailed` within two seconds."""
        name, now = name.lower(), time.monotonic()
        with self._lock:
            kept = self._kept.get(name)
            if kept and kept[0] > now:
                return kept[1]
            if now < self._silent_until:
                raise LookupFailed(name)
        found = self._ask(name)
        with self._lock:
            if len(self._kept) >= _MAX_KEPT:
                self._kept.clear()
            self._kept[name] = (now + _KEEP_S, found)
            self._silences = 0
        return found

    def _ask(self, name: str) -> str | None:
        try:
            answer = dns.resolver.resolve(name, "TXT", lifetime=_ANSWER_WITHIN_S, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return None
        except (dns.exception.DNSException, OSError, UnicodeError) as error:
            self._note_silence()
            raise LookupFailed(name) from error
        record: bytes = b"".join(next(iter(answer)).strings)
        return record.decode("utf-8", "replace")

    def _note_silence(self) -> None:
        with self._lock:
            self._silences += 1
            if self._silences >= _SILENCES:
                self._silences = 0
                self._silent_until = time.monotonic() + _REST_S
