"""Files that people send us by HTTP: bounded, typed by what they hold, stored before they are noted."""

import asyncio
import hashlib
from pathlib import PurePath
from typing import Any

import puremagic
from fastapi import UploadFile

from trato.conversations import service
from trato.db.edge import Services
from trato.kit.errors import Invalid, TooLarge
from trato.kit.ids import new_id
from trato.kit.text import clean

MAX_BYTES = 25_000_000
SNIFF_BYTES = 8_192


async def keep(shared: Services, file: UploadFile, *, uploaded_by: str) -> dict[str, Any]:
    """Store a file that an agent uploads and return it as the API shows it.

    Raises `TooLarge`, `Invalid`, `Unavailable`.
    """
    data = await file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise TooLarge("The file is too large.", todo="Send a smaller one.")
    if not data:
        raise Invalid("The file is empty.", field="file")
    return await store(
        shared,
        data,
        filename=file_name(file.filename),
        content_type=type_of(data),
        folder="uploads",
        uploaded_by=uploaded_by,
    )


async def store(
    shared: Services, data: bytes, *, filename: str, content_type: str, folder: str, uploaded_by: str
) -> dict[str, Any]:
    """Keep bytes that a message will carry, and note who may attach them; raises `Unavailable`."""
    digest = await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest())
    key = f"files/{folder}/{digest[:2]}/{new_id()}"
    await shared.store.put(key, data)
    async with shared.db.begin() as c:
        return await service.add_attachment(
            c,
            filename=filename,
            content_type=content_type,
            size=len(data),
            sha256=digest,
            store_key=key,
            uploaded_by=uploaded_by,
        )


def file_name(claimed: str | None) -> str:
    """Return a name without folders or control characters."""
    return clean(PurePath((claimed or "").replace("\\", "/")).name, 200).strip() or "file"


def type_of(data: bytes) -> str:
    """Return the content type that the bytes themselves show, never what the sender claims."""
    try:
        found = puremagic.magic_string(data[:SNIFF_BYTES])
    except (puremagic.PureError, ValueError):
        found = []
    for match in found:
        if match.mime_type:
            return str(match.mime_type)
    try:
        data[:SNIFF_BYTES].decode()
    except UnicodeDecodeError as error:
        if error.start < len(data[:SNIFF_BYTES]) - 4:
            return "application/octet-stream"
    return "application/octet-stream" if b"\x00" in data[:SNIFF_BYTES] else "text/plain"
