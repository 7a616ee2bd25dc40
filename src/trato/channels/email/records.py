"""DNS for our own check of mail: bounded in time, remembered for a while, and quiet when nobody answers."""

import time
from dataclasses import dataclass
from threading import Lock
from typing import Final, Literal

import dns.exception
import dns.rdatatype
import dns.resolver

from trato.channels.email.own_check import LookupFailed

Kind = Literal["TXT", "A", "AAAA", "MX", "PTR"]

_ANSWER_WITHIN_S: Final = 2.0
_SILENCES: Final = 3  # so many in a row mean that no DNS answers us, not that one domain's is slow
_REST_S: Final = 60.0  # then the next mails are not kept waiting
_KEEP_S: Final = 600.0
_KEEP_NOTHING_S: Final = 60.0
_MAX_KEPT: Final = 5_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands under a name; `exists` is whether the name does, with records of any kind."""

    values: tuple[str, ...] = ()
    exists: bool = True


class Records:
    """Looks records up; called from threads. `resolver` is the machine's own unless another is given."""

    def __init__(self, resolver: dns.resolver.Resolver | None = None) -> None:
        self._resolver = resolver
        self._kept: dict[tuple[str, Kind], tuple[float, Answer]] = {}
        self._silences = 0
        self._silent_until = 0.0
        self._lock = Lock()

    def __call__(self, name: str) -> str | None:
        """Return a name's first TXT record, None when there is none; raises `LookupFailed` within 2 s."""
        return next(iter(self.ask(name, "TXT").values), None)

    def ask(self, name: str, kind: Kind) -> Answer:
        """Return the records of one kind; raises `LookupFailed` within two seconds."""
        key, now = (name.lower().rstrip("."), kind), time.monotonic()
        with self._lock:
            kept = self._kept.get(key)
            if kept and kept[0] > now:
                return kept[1]
            if now < self._silent_until:
                raise LookupFailed(name)
        found, lives_s = self._ask(*key)
        with self._lock:
            if len(self._kept) >= _MAX_KEPT:
                self._kept.clear()
            self._kept[key] = (now + lives_s, found)
            self._silences = 0
        return found

    def _ask(self, name: str, kind: Kind) -> tuple[Answer, float]:
        """Ask once; returns the answer and how long it may be remembered."""
        try:
            resolver = self._resolver or dns.resolver.get_default_resolver()
            answer = resolver.resolve(name, kind, lifetime=_ANSWER_WITHIN_S, search=False)
        except dns.resolver.NXDOMAIN:
            return Answer(exists=False), _KEEP_NOTHING_S
        except dns.resolver.NoAnswer:
            return Answer(), _KEEP_NOTHING_S
        except (dns.exception.DNSException, OSError, UnicodeError, ValueError) as error:
            self._note_silence()
            raise LookupFailed(name) from error
        ttl_s = float(answer.rrset.ttl) if answer.rrset else 0.0
        return Answer(tuple(_value(record, kind) for record in answer)), min(ttl_s, _KEEP_S)

    def _note_silence(self) -> None:
        with self._lock:
            self._silences += 1
            if self._silences >= _SILENCES:
                self._silences = 0
                self._silent_until = time.monotonic() + _REST_S


def _value(record: object, kind: Kind) -> str:
    match kind:
        case "TXT":  # one record is a sequence of strings, joined without anything between (RFC 7208 §3.3)
            return b"".join(record.strings).decode("utf-8", "replace")  # type: ignore[attr-defined]
        case "MX":
            return str(record.exchange).rstrip(".")  # type: ignore[attr-defined]
        case "PTR":
            return str(record.target).rstrip(".")  # type: ignore[attr-defined]
        case _:
            return str(record.address)  # type: ignore[attr-defined]
