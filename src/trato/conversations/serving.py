"""Stored files over HTTP, whole or in parts, streamed: shown where that is safe, else a download."""

from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from trato.conversations.shown import HEAD_BYTES, may_be_shown, shown_as
from trato.db.edge import Services
from trato.kit.byte_range import OutsideError, is_known, part_of, still_holds

WHOLE = 200
PART = 206
KNOWN = 304
OUTSIDE = 416


async def send(
    shared: Services,
    request: Request,
    row: Mapping[str, Any],
    *,
    show: bool = True,
    readers: Literal["same-origin", "cross-origin"] = "same-origin",
) -> Response:
    """Return a stored file, or the part of it that was asked for (RFC 9110, section 14).

    Pictures and audio, known by their bytes, may be shown where they are, unless `show` forbids it; all else
    is a download whatever it claims to be. Nothing in it runs. `readers` are the pages that may hold one that
    is shown: a mail's frame has no origin, and its pictures come by signed URL, which is key enough. Raises
    `NotFound` when the bytes are not there any more.
    """
    shown = await _shown(shared, row, show=show)
    size, etag = int(row["size"]), f'"{row.get("sha256") or row["id"]}"'
    headers = _headers(row, etag, shown, readers)
    asked = request.headers
    if is_known(asked.get("if-none-match"), etag):
        return Response(status_code=KNOWN, headers=headers)
    kind = shown or "application/octet-stream"
    if request.method == "HEAD":
        return Response(media_type=kind, headers={**headers, "Content-Length": str(size)})
    wanted = asked.get("range") if still_holds(asked.get("if-range"), etag) else None
    try:
        part = part_of(wanted, size)
    except OutsideError:
        return Response(status_code=OUTSIDE, headers={**headers, "Content-Range": f"bytes */{size}"})
    if part is None:
        bytes_ = await shared.store.stream(row["store_key"])
        return StreamingResponse(
            bytes_, WHOLE, media_type=kind, headers={**headers, "Content-Length": str(size)}
        )
    headers |= {"Content-Range": part.of(size), "Content-Length": str(part.length)}
    bytes_ = await shared.store.stream(row["store_key"], part.first, part.end)
    return StreamingResponse(bytes_, PART, media_type=kind, headers=headers)


async def _shown(shared: Services, row: Mapping[str, Any], *, show: bool) -> str | None:
    """Return as what it is shown; what is gone from the store is said before anything is sent."""
    claimed = str(row["content_type"]).lower()
    if not row["size"]:
        return None
    looked_at = show and may_be_shown(claimed)
    head = await shared.store.head(row["store_key"], HEAD_BYTES if looked_at else 1)
    return shown_as(claimed, head) if looked_at else None


def _headers(row: Mapping[str, Any], etag: str, shown: str | None, readers: str) -> dict[str, str]:
    way = "inline" if shown else "attachment"
    return {
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "Content-Disposition": f"{way}; filename*=UTF-8''{quote(row['filename'])}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        # Asked for again each time, which costs a few bytes: what is erased is not shown out of a cache.
        "Cache-Control": "private, no-cache",
        "Cross-Origin-Resource-Policy": readers if shown else "same-origin",
    }
