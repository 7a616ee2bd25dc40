"""Our own check of a mail: DKIM signatures, and with SPF's result the policy of its domain (DMARC)."""

import logging
import re
from collections.abc import Callable
from typing import Final

import dkim

from trato.channels.email.addresses import parse_addresses
from trato.channels.email.authentication import (
    AuthenticationResult,
    MethodResult,
    aligned,
    judge,
    organisation,
)
from trato.channels.email.model import ParsedMail

MAX_BYTES: Final = 30 * 1024 * 1024
MAX_SIGNATURES: Final = 4

# The library logs what mails hold.
_SILENT: Final = logging.getLogger("trato.dkim")
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False

Lookup = Callable[[str], str | None]
"""Return the TXT record of a name, or None when there is none; raises `LookupFailed` when DNS is silent.

It must keep to its own time limit: at most six names are asked for one mail.
"""


class LookupFailed(Exception):
    """DNS gave no answer in time: nothing is known, and asking later may help."""


def own_result(
    raw: bytes, mail: ParsedMail, lookup: Lookup, spf: MethodResult | None = None
) -> AuthenticationResult:
    """Verify what could vouch for From and weigh it by the domain's policy (RFC 7489 §3.1); never raises.

    `spf` is what was found when the mail came, where it came to us directly.
    """
    domain = mail.sender.domain if mail.sender else ""
    results = [spf] if spf else []
    if mail.from_count != 1 or not domain or len(raw) > MAX_BYTES:
        return judge(mail, results, "own") if results else AuthenticationResult()
    results += _verify_signatures(raw, mail, lookup)
    if any(_vouches(found, domain, strict=False) for found in results) or spf:
        policy = _policy(domain, lookup)
        satisfied = any(
            _vouches(found, domain, strict=policy.get(_ALIGNMENT[found.method]) == "s") for found in results
        )
        if satisfied or policy:
            verdict = "pass" if satisfied else "temperror" if policy is _UNKNOWN else "fail"
            results.append(MethodResult("dmarc", verdict, {"header.from": domain}))
    return judge(mail, results, "own")


_ALIGNMENT: Final = {"dkim": "adkim", "spf": "aspf"}
_UNKNOWN: Final = {"adkim": "s", "aspf": "s"}  # not knowing, the stricter rule is the safe one


def _vouches(found: MethodResult, domain: str, *, strict: bool) -> bool:
    """Whether a result speaks for the domain in From: of itself, or of its organisation."""
    properties = found.properties
    if found.method == "dkim":
        named = properties.get("header.d", "")
    else:
        named = properties.get("smtp.mailfrom") or properties.get("smtp.helo", "")
    return found.result == "pass" and (named == domain if strict else aligned(named, domain))


def _verify_signatures(raw: bytes, mail: ParsedMail, lookup: Lookup) -> list[MethodResult]:
    message = dkim.DKIM(logger=_SILENT)
    try:
        message.set_message(raw)
    except dkim.MessageFormatError:
        return []
    if not _same_author(message, mail):
        return []
    count = sum(name.lower() == b"dkim-signature" for name, _ in message.headers)
    return [_verify(message, index, lookup) for index in range(min(count, MAX_SIGNATURES))]


def _same_author(message: dkim.DKIM, mail: ParsedMail) -> bool:
    """Whether the library reads the same From as we do: what it verified must be what we show."""
    authors = [value for name, value in message.headers if name.strip().lower() == b"from"]
    found, more = parse_addresses(authors)
    return not more and found == (mail.sender,)


def _verify(message: dkim.DKIM, index: int, lookup: Lookup) -> MethodResult:
    silent = False

    def text_record(name: bytes, timeout: int = 5) -> bytes | None:
        nonlocal silent
        del timeout  # the lookup keeps to its own
        try:
            found = lookup(name.decode("ascii", "replace").rstrip("."))
        except LookupFailed:
            silent = True
            return None
        return None if found is None else found.encode("utf-8", "replace")

    try:
        verified = message.verify(index, dnsfunc=text_record)
    except dkim.ValidationError:
        return MethodResult("dkim", "fail", {"header.d": _signer(message)})
    except Exception:  # noqa: BLE001 - the library raises whatever a hostile signature makes it raise
        return MethodResult("dkim", "temperror" if silent else "permerror", {"header.d": ""})
    if b"l" in message.signature_fields:
        # A signature of only a part of the body lets anybody write the rest (RFC 6376 §8.2).
        return MethodResult("dkim", "policy", {"header.d": _signer(message)})
    result = "pass" if verified else "temperror" if silent else "fail"
    return MethodResult("dkim", result, {"header.d": _signer(message)})


def _signer(message: dkim.DKIM) -> str:
    return bytes(message.domain or b"").decode("ascii", "replace").strip().lower()


def _policy(domain: str, lookup: Lookup) -> dict[str, str]:
    """Return the tags of the domain's DMARC record, or of its organisation's; none of both gives none."""
    for name in dict.fromkeys((domain, organisation(domain))):
        try:
            record = lookup(f"_dmarc.{name}") if name else None
        except LookupFailed:
            return _UNKNOWN
        if record and re.match(r"\s*v\s*=\s*DMARC1\s*(?:;|\Z)", record):
            pairs = (tag.partition("=") for tag in record.split(";"))
            return {key.strip().lower(): value.strip().lower() for key, _, value in pairs}
    return {}
