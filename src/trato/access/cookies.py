"""The desk's cookies: bound to this host, out of reach of scripts and of other sites (RFC 6265bis)."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

# `__Host-`: browsers take it only with Secure, Path=/ and no Domain, so no sibling host can plant one.
SESSION = "__Host-trato_desk"
DEVICE = "__Host-trato_device"

SESSION_LIFE = timedelta(days=7)
DEVICE_LIFE = timedelta(days=365)


def set_cookie_header(
    name: str, value: str, life: timedelta = SESSION_LIFE, *, same_site: str = "Strict"
) -> str:
    """Return a Set-Cookie value; `SameSite=Strict`, since the desk's own pages make all its requests.

    `Lax` is for what must also be there when a link in a mail leads to us.
    """
    kept = f"Path=/; Max-Age={int(life.total_seconds())}; Secure; HttpOnly; SameSite={same_site}"
    return f"{name}={value}; {kept}"


def set_signed_in(response: Response, *, token: str, device: str) -> None:
    """Give the browser its new session, and mark it as a known device."""
    response.headers.append("set-cookie", set_cookie_header(SESSION, token))
    response.headers.append("set-cookie", set_cookie_header(DEVICE, device, DEVICE_LIFE))


def set_signed_out(response: Response) -> None:
    """Take the session cookie away."""
    response.headers.append("set-cookie", set_cookie_header(SESSION, "", timedelta(0)))


def only(request: Request, name: str) -> str | None:
    """Return a cookie's value when it was sent exactly once; two of a name are a planted one."""
    found = [
        part.partition("=")[2].strip()
        for header in request.headers.getlist("cookie")
        for part in header.split(";")
        if part.partition("=")[0].strip() == name
    ]
    return found[0] if len(found) == 1 and found[0] else None
