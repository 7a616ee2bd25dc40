"""The desk's files as a browser asks for them: zipped on the way, kept for ever where the name allows it."""

import gzip
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from trato.app import pages

SCRIPT = b"export const words = 'ayuda';\n" * 200


@pytest.fixture
async def http(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "index-abc.js").write_bytes(SCRIPT)
    (tmp_path / "assets" / "inter.woff2").write_bytes(b"font")
    (tmp_path / "sw.js").write_bytes(SCRIPT)
    monkeypatch.setattr(pages, "DESK", tmp_path)
    app = FastAPI()
    app.include_router(pages.router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk.test") as client:
        yield client


async def test_scripts_come_zipped_to_whoever_reads_that(http: httpx.AsyncClient) -> None:
    async with http.stream("GET", "/assets/index-abc.js", headers={"Accept-Encoding": "gzip"}) as answer:
        sent = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert "javascript" in answer.headers["content-type"]
    assert "immutable" in answer.headers["cache-control"]
    assert len(sent) < len(SCRIPT) / 10
    assert gzip.decompress(sent) == SCRIPT


async def test_whoever_does_not_read_that_gets_them_as_they_are(http: httpx.AsyncClient) -> None:
    answer = await http.get("/assets/index-abc.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.content == SCRIPT


async def test_fonts_are_small_already_and_the_worker_is_never_kept(http: httpx.AsyncClient) -> None:
    font = await http.get("/assets/inter.woff2", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in font.headers
    assert "immutable" in font.headers["cache-control"]
    worker = await http.get("/sw.js", headers={"Accept-Encoding": "gzip"})
    assert worker.headers["cache-control"] == "no-cache"
