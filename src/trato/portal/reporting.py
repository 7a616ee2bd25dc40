"""What a page's report holds that comes from outside: whose page, the screenshot, where to answer."""

import asyncio
import hashlib
from datetime import timedelta
from typing import Any, Final

from fastapi import Request

from trato.access.edge import origin_of, own_origins
from trato.access.throttle import Limit
from trato.brands.service import AccountRecord
from trato.db.edge import Services
from trato.kit.errors import Invalid
from trato.kit.ids import new_id
from trato.portal import files
from trato.trail import reports

MAX_PICTURE: Final = 5_000_000
REPORTED: Final = Limit(
    "page-reports", 20, timedelta(hours=1)
)  # by network: an office reports a page together
_PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def page_of(request: Request, address: str, record: AccountRecord | None) -> str:
    """Return the page as it is kept: of ours, or of a site that the account lists; raises `Invalid`."""
    own = own_origins(request)
    at = origin_of(address) if "://" in address else None
    found = reports.place_of(address, at if at is not None and at in own else "")
    listed = {origin_of(str(one)) for one in (record.settings.get("origins") or ())} if record else set()
    if not found.startswith("/") and at not in listed:
        raise Invalid("Which page is it?", field="page", todo="Give its address.")
    return found


async def picture(shared: Services, filename: str, data: bytes) -> dict[str, Any] | None:
    """Store a screenshot and return its columns, None without one; raises `Invalid`, `TooLarge`."""
    if not data:
        return None
    checked = await asyncio.to_thread(files.check, filename, data, max_bytes=MAX_PICTURE)
    if checked.content_type not in _PICTURES:
        raise Invalid(
            "A screenshot is a picture.", field="screenshot", todo="Send it as PNG, JPEG, GIF or WebP."
        )
    digest = await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest())
    key = f"reports/{digest[:2]}/{new_id()}"
    await shared.store.put(key, data)
    return {
        "filename": checked.filename,
        "content_type": checked.content_type,
        "size": len(data),
        "store_key": key,
    }
