"""Files of conversations over HTTP: in parts, shown where that is safe, and said to be gone when they are."""

import io
import wave
from typing import Any

import pytest
from sqlalchemy import text
from tests.support.case_room import Room

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


def recording(seconds: int = 2) -> bytes:
    kept = io.BytesIO()
    with wave.open(kept, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8_000)
        out.writeframes(bytes(range(256)) * (seconds * 8_000 * 2 // 256))
    return kept.getvalue()


async def upload(ana: Room, name: str, data: bytes, claimed: str | None = None) -> str:
    answer = await ana.http.post("/attachments", files={"file": (name, data)})
    assert answer.status_code == 201, answer.text
    file_id = str(answer.json()["id"])
    if claimed:
        await ana.run("UPDATE attachment SET content_type = :type WHERE id = :id", type=claimed, id=file_id)
    return f"/attachments/{file_id}"


async def test_a_recording_is_sent_in_parts(ana: Room) -> None:
    data = recording()
    path = await upload(ana, "llamada.wav", data)
    whole = await ana.http.get(path)
    assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, data, "audio/wav")
    assert whole.headers["accept-ranges"] == "bytes"
    etag = whole.headers["etag"]
    part = await ana.http.get(path, headers={"Range": "bytes=100-199", "If-Range": etag})
    assert (part.status_code, part.content) == (206, data[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(data)}"
    assert part.headers["content-length"] == "100"
    last = await ana.http.get(path, headers={"Range": "bytes=-50"})
    assert (last.status_code, last.content) == (206, data[-50:])
    for header in ({"Range": "bytes=0-9", "If-Range": '"another"'}, {"Range": "bytes=0-1,5-6"}):
        answer = await ana.http.get(path, headers=header)
        assert (answer.status_code, answer.content) == (200, data)
    outside = await ana.http.get(path, headers={"Range": f"bytes={len(data)}-"})
    assert (outside.status_code, outside.headers["content-range"]) == (416, f"bytes */{len(data)}")
    head = await ana.http.head(path)
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(data)))
    assert (await ana.http.get(path, headers={"If-None-Match": etag})).status_code == 304


@pytest.mark.parametrize(
    ("name", "data", "claimed", "shown"),
    [
        ("foto.png", PNG, None, "image/png"),
        ("nota.ogg", b"OggS\x00\x02" + b"\0" * 60, "audio/ogg; codecs=opus", "audio/ogg"),
        ("nota.mp3", b"\xff\xfb\x90\x00" + b"\0" * 60, "audio/mpeg", "audio/mpeg"),
        ("dibujo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", None),
        ("falsa.png", b"<!doctype html><script>alert(1)</script>", "image/png", None),
        ("falso.mp3", b"<!doctype html><script>alert(1)</script>", "audio/mpeg", None),
        ("factura.pdf", b"%PDF-1.7\n", "application/pdf", None),
        ("pagina.html", b"<!doctype html><p>hola</p>", "text/html", None),
    ],
)
async def test_only_what_is_a_picture_or_sound_by_its_bytes_is_shown(
    ana: Room, name: str, data: bytes, claimed: str | None, shown: str | None
) -> None:
    path = await upload(ana, name, data, claimed)
    answer = await ana.http.get(path)
    said: Any = answer.headers
    assert said["content-type"] == (shown or "application/octet-stream")
    assert said["content-disposition"].startswith("inline" if shown else "attachment")
    assert (said["x-content-type-options"], said["content-security-policy"]) == (
        "nosniff",
        "default-src 'none'; sandbox",
    )


async def test_what_is_gone_from_the_store_is_said_to_be_gone(ana: Room) -> None:
    path = await upload(ana, "llamada.wav", recording())
    (row,) = await ana.rows("SELECT store_key FROM attachment")
    await ana.services.store.delete(row["store_key"])
    for method in ("GET", "HEAD"):
        assert (await ana.http.request(method, path)).status_code == 404
    async with ana.services.db.begin() as c:
        await c.execute(text("DELETE FROM attachment"))
    assert (await ana.http.get(path)).status_code == 404
