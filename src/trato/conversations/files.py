"""Files and mail HTML as they leave us: by signed URL or session, never run by a browser."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse

from trato.db.edge import Services
from trato.kit.clock import now
from trato.kit.errors import NotAllowed

GOOD_FOR_S = 3600
_CID = re.compile(r'(?P<before>\b(?:src|background)=")cid:(?P<id>[^"]+)"', re.IGNORECASE)
_REMOTE = re.compile(r'\bdata-remote-src="(?P<url>https?://[^"]+)"')
_STYLE = """
body{margin:12px 14px;font:15px/1.5 system-ui,sans-serif;color:#1d2329;background:#fff;overflow-wrap:anywhere}
img{max-width:100%;height:auto} img:not([src]){border:1px dashed #b9c1c8;background:#f6f7f8;color:#55606a}
table{max-width:100%} pre{white-space:pre-wrap}
details{margin:8px 0;color:#55606a} summary{cursor:pointer}
"""
_STYLE_HASH = hashlib.sha256(_STYLE.encode()).digest()


def sign(shared: Services, path: str, query: Mapping[str, str] | None = None) -> str:
    """Return the path with an expiry and a signature over all of it."""
    values = {**(query or {}), "exp": str(int(now().timestamp()) + GOOD_FOR_S)}
    return f"{path}?{urlencode({**values, 'sig': _signature(shared, path, values)})}"


def check(shared: Services, request: Request) -> None:
    """Raise `NotAllowed` unless the request's URL was signed by us and is still good."""
    values = dict(request.query_params)
    given = values.pop("sig", "")
    right = hmac.compare_digest(given.encode(), _signature(shared, request.url.path, values).encode())
    if not right or not values.get("exp", "").isdigit() or int(values["exp"]) < now().timestamp():
        raise NotAllowed("This link is not valid any more.", todo="Open the message again.")


def _signature(shared: Services, path: str, values: Mapping[str, str]) -> str:
    signed = f"{path}?{urlencode(sorted(values.items()))}"
    return hmac.new(shared.secrets.derive("signed urls"), signed.encode(), "sha256").hexdigest()[:40]


def html_page(shared: Services, html: str, inline: Mapping[str, UUID], *, images: bool) -> Response:
    """Return a mail's HTML as a page of its own, with a policy that lets nothing run."""

    def signed(match: re.Match[str]) -> str:
        file_id = inline.get(match["id"])
        if file_id is None:
            return match[0]
        return f'{match["before"]}{quote_attribute(sign(shared, f"/files/{file_id}"))}"'

    shown = _CID.sub(signed, html)
    if images:
        shown = _REMOTE.sub(lambda match: f'src="{match["url"]}" referrerpolicy="no-referrer"', shown)
    style = base64.b64encode(_STYLE_HASH).decode()
    policy = (
        f"default-src 'none'; img-src 'self' data:{' https: http:' if images else ''};"
        f" style-src 'sha256-{style}'; form-action 'none'; base-uri 'none'; frame-ancestors 'self';"
        " sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    page = f'<!doctype html><meta charset="utf-8"><style>{_STYLE}</style>{shown}'
    return HTMLResponse(
        page,
        headers={
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "private, max-age=3600",
        },
    )


def quote_attribute(value: str) -> str:
    """Return a value that may stand between double quotes in HTML."""
    return value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


async def original(shared: Services, key: str) -> Response:
    """Return a message as it came, as a download that no browser shows."""
    return StreamingResponse(
        await shared.store.stream(key),
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": "attachment; filename=original.eml",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )
