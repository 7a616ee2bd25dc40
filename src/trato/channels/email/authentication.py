"""Whether a mail really comes from the address in its From field (SPF, DKIM, DMARC).

Two sources may say so: the mail server that handed us the mail, when it is one that the account trusts
(RFC 8601), or our own check: the DKIM signatures, and SPF for mail that comes to our own SMTP server.
Nothing else counts: anybody can write a field that claims success, so a result is never taken from a server
that was not named as trusted.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

from trato.channels.email.headers import unfold
from trato.channels.email.model import ParsedMail

Source = Literal["server", "own", "none"]

_MAX_BYTES: Final = 16 * 1024
_QUOTED: Final = r'"(?:[^"\\]|\\.){0,500}+"'
_TOKEN: Final = re.compile(rf"{_QUOTED}|[();]|[^\"();]+|.", re.DOTALL)
_PAIR: Final = re.compile(rf"([A-Za-z0-9._/-]+)\s*=\s*({_QUOTED}|[^\s\"]*)")
_DOMAIN: Final = re.compile(r"(?:[^@\s]*@)?([A-Za-z0-9_\u0080-\uffff.-]+)")


@dataclass(frozen=True, slots=True)
class AuthenticationResult:
    """What is known of a mail's origin; each method's result as RFC 8601 words it, or None.

    `from_authenticated` is the one that matters: the domain in From has vouched for this mail.
    """

    spf: str | None = None
    dkim: str | None = None
    dmarc: str | None = None
    source: Source = "none"
    from_authenticated: bool = False


@dataclass(frozen=True, slots=True)
class MethodResult:
    """One method's result: `properties` such as `header.d`, in lower case."""

    method: str
    result: str
    properties: dict[str, str]


def server_result(mail: ParsedMail, trusted: Collection[str]) -> AuthenticationResult:
    """Return what the trusted mail server says, by its topmost `Authentication-Results` (RFC 8601 §4.1).

    `trusted` are the authserv-ids that the account names. If another server's field stands above, or
    the topmost one cannot be read, nothing is believed: what stands lower may be the sender's own.
    """
    fields = mail.headers.all("authentication-results")
    names = {name.lower().rstrip(".") for name in trusted}
    if not fields or not names:
        return AuthenticationResult()
    server, results = _read_field(fields[0])
    if server not in names:
        return AuthenticationResult()
    return judge(mail, results, "server")


def judge(mail: ParsedMail, results: Collection[MethodResult], source: Source) -> AuthenticationResult:
    """Weigh results as DMARC does: one must pass for a domain aligned with From's (RFC 7489 §3.1)."""
    domain = mail.sender.domain if mail.sender else ""
    single = mail.from_count == 1 and bool(domain) and not mail.headers.cut
    dmarc = next((found for found in results if found.method == "dmarc"), None)
    if dmarc is not None and dmarc.result in {"pass", "fail", "temperror"}:
        named = _domain(dmarc.properties.get("header.from", domain))
        authenticated = dmarc.result == "pass" and named == domain
    else:
        authenticated = any(_vouches(found, domain) for found in results)
    return AuthenticationResult(
        spf=_best(results, "spf"),
        dkim=_best(results, "dkim"),
        dmarc=None if dmarc is None else dmarc.result,
        source=source,
        from_authenticated=single and authenticated,
    )


def aligned(one: str, other: str) -> bool:
    """Whether two domains belong to the same organisation (relaxed alignment, RFC 7489 §3.1.1)."""
    if not one or not other:
        return False
    return one.lower() == other.lower() or organisation(one) == organisation(other) != ""


def organisation(domain: str) -> str:
    """Return the registered domain, such as `example.com.ar`, or an empty text for none."""
    return str(_suffixes().privatesuffix(domain.lower().strip(".")) or "")


@cache
def _suffixes() -> Any:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


def _vouches(found: MethodResult, domain: str) -> bool:
    if found.result != "pass":
        return False
    properties = found.properties
    if found.method == "dkim":
        signer = properties.get("header.d") or properties.get("header.i", "")
        return aligned(_domain(signer), domain)
    if found.method == "spf":
        return aligned(_domain(properties.get("smtp.mailfrom", "")), domain)
    return False


def _domain(value: str) -> str:
    match = _DOMAIN.fullmatch(value.strip())
    return match.group(1).lower().rstrip(".") if match else ""


def _best(results: Collection[MethodResult], method: str) -> str | None:
    """Return `pass` if any of a method's results is, else its first."""
    found = [result.result for result in results if result.method == method]
    return "pass" if "pass" in found else next(iter(found), None)


def _read_field(value: bytes) -> tuple[str, list[MethodResult]]:
    """Return the authserv-id in lower case and the results; an unreadable field gives an empty id."""
    try:
        text = unfold(value[:_MAX_BYTES]).decode("utf-8")
    except UnicodeDecodeError:
        return "", []
    head, *statements = _statements(text)
    server, *version = head.replace('"', "").split() or [""]
    if version not in ([], ["1"]) or "=" in server:
        return "", []
    return server.lower().rstrip("."), [found for text in statements if (found := _result(text))]


def _statements(text: str) -> list[str]:
    """Split at semicolons outside quotes, without comments (RFC 5322 §3.2.2)."""
    found, depth = [""], 0
    for piece in _TOKEN.findall(text):
        if piece == "(" or (depth and piece == ")"):
            depth += 1 if piece == "(" else -1
            found[-1] += " "
        elif depth:
            continue
        elif piece == ";":
            found.append("")
        else:
            found[-1] += piece
    return found


def _result(statement: str) -> MethodResult | None:
    """Read `method[/version] = result` and the `type.property = value` that follow."""
    pairs = [(name.lower(), value.strip('"')) for name, value in _PAIR.findall(statement)]
    if not pairs:
        return None
    properties: dict[str, str] = {}
    for name, value in pairs[1:]:
        properties.setdefault(name, value)
    return MethodResult(pairs[0][0].partition("/")[0], pairs[0][1].lower(), properties)
