"""Files of the web's build as browsers ask for them: zipped on the way, known again by their content."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from trato.kit.errors import NotFound


@dataclass(frozen=True, slots=True)
class _File:
    data: bytes
    zipped: bytes
    etag: str


@lru_cache(maxsize=512)  # the desk has some two hundred
def _load(path: Path, changed_ns: int) -> _File:
    del changed_ns  # a part of the key: a new build is another file
    data = path.read_bytes()
    return _File(data, gzip.compress(data, 9, mtime=0), f'"{hashlib.sha256(data).hexdigest()[:32]}"')


def _current(path: Path) -> _File:
    return _load(path, path.stat().st_mtime_ns)


async def send(request: Request, path: Path, content_type: str, headers: Mapping[str, str]) -> Response:
    """Send a file with these headers, or only say that it is as it was; raises `NotFound`."""
    try:
        file = await run_in_threadpool(_current, path)
    except FileNotFoundError as error:
        raise NotFound("There is no such file.") from error
    headers = {**headers, "ETag": file.etag, "Vary": "Accept-Encoding"}
    if file.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(file.zipped, headers={**headers, "Content-Encoding": "gzip"}, media_type=content_type)
    return Response(file.data, headers=headers, media_type=content_type)
