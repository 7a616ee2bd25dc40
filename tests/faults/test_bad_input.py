"""Whatever is sent from outside gets a clear problem or is kept safely; nothing stops, nothing is lost."""

import asyncio
import base64
import io
import smtplib
import socket
import time
import zipfile
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.support.installation import DeskUser, Installation, Visitor
from tests.support.mail import free_ports
from tests.support.until import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
SHOP = "hola@tienda.test"


def problem(answer: httpx.Response, *statuses: int) -> dict[str, Any]:
    """Check that this is a problem that a person understands (RFC 9457), and return it."""
    assert answer.status_code in statuses, answer.text[:500]
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["status"] == answer.status_code
    assert told["title"]
    assert "Traceback" not in answer.text
    assert "asyncpg" not in answer.text
    return told


async def post(http: httpx.AsyncClient, visitor: Visitor, path: str, content: bytes) -> httpx.Response:
    headers = {
        "Authorization": f"Bearer {visitor.token}",
        "Content-Type": "application/json",
        "X-Forwarded-For": visitor.network,
    }
    return await http.post(f"/api/v1/visitor/{path}", content=content, headers=headers)


async def test_json_that_is_none_too_deep_or_too_large(http: httpx.AsyncClient, visitor: Visitor) -> None:
    await visitor.open()
    for content in (b"", b"\xff\xfe", b"{", b'{"text": "\xed\xa0\x80"}', b"[" * 200_000):
        problem(await post(http, visitor, "messages", content), 400, 422)
    deep = b'{"client_id": "aaaaaaaa", "text": ' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"}"
    problem(await post(http, visitor, "messages", deep), 400, 422)
    huge = b'{"client_id": "aaaaaaaa", "text": "' + b"x" * 20_000_000 + b'"}'
    problem(await post(http, visitor, "messages", huge), 413)
    number = b'{"client_id": "aaaaaaaa", "text": ' + b"9" * 100_000 + b"}"
    problem(await post(http, visitor, "messages", number), 400, 422)
    assert (await visitor.say("sigo aquí"))["text"] == "sigo aquí"


async def test_text_of_nothing_controls_and_reversed_writing(
    http: httpx.AsyncClient, visitor: Visitor, desk: DeskUser
) -> None:
    await visitor.open()
    for nothing in ("", "   \n", "\x00\x07"):
        body = {"client_id": uuid4().hex, "text": nothing}
        headers = {"Authorization": f"Bearer {visitor.token}", "X-Forwarded-For": visitor.network}
        problem(await http.post("/api/v1/visitor/messages", json=body, headers=headers), 422)
    said = "a\x00b\x1b[31mc \u202egnp.exe\u202c \u2066x\u2069 " + "e\u0301" * 500 + " 🧊"
    message = await visitor.say(said)
    assert "\x00" not in message["text"]
    assert "\x1b" not in message["text"]
    assert "gnp.exe \u2066x\u2069" in message["text"], "no override, and a whole isolate as it was meant"
    assert message["text"].endswith("🧊")
    conversation = await desk.do("GET", f"/conversations/{message['conversation_id']}")
    assert conversation["messages"][-1]["text"] == message["text"]


async def test_forged_identities_and_tokens(http: httpx.AsyncClient, chat: str, visitor: Visitor) -> None:
    soon = int(time.time()) + 600
    for identity in (
        {"user_id": "88120", "exp": soon, "signature": "0" * 64},
        {"user_id": "88120", "exp": soon, "signature": ""},
        {"user_id": "88120", "exp": 0, "signature": "0" * 64},
        {"user_id": "88120\x00", "exp": 2**70, "signature": "é" * 64},
    ):
        view = (await Visitor(http, chat).open(identity=identity)).view
        assert view["identity_problem"]
        assert view["identified"] is False
        assert view["greeting"]["name"] == ""
    for token in ("x", "\u202e".encode().hex(), "a" * 5_000):
        headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": visitor.network}
        problem(await http.get("/api/v1/visitor/live", headers=headers), 401)
        problem(await http.get("/api/v1/snapshot", headers=headers), 401)
    problem(await http.get("/api/v1/snapshot", headers={"Cookie": "__Host-trato_desk=forged"}), 401)


async def test_a_zip_bomb_is_not_unpacked(http: httpx.AsyncClient, visitor: Visitor) -> None:
    await visitor.open()
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"0" * 200_000_000)
        archive.writestr("word/document.xml", b"0" * 200_000_000)
    headers = {"Authorization": f"Bearer {visitor.token}", "X-Forwarded-For": visitor.network}
    for name in ("bomba.zip", "bomba.docx", "bomba.txt"):
        began = time.monotonic()
        answer = await http.post(
            "/api/v1/visitor/attachments",
            params={"filename": name},
            content=bomb.getvalue(),
            headers=headers,
        )
        assert time.monotonic() - began < 5, "nobody unpacked it"
        if answer.status_code != 201:  # refused, or kept as the bytes that it is
            problem(answer, 422)


@pytest.fixture
async def mail_port(desk: DeskUser) -> int:
    (port,) = free_ports(1)
    brand = (await desk.do("GET", "/brands"))["items"][0]["id"]
    settings = {"address": SHOP, "listener_host": "127.0.0.1", "listener_port": port}
    await desk.do(
        "POST", "/accounts", {"kind": "email", "name": "M", "brand_id": brand, "settings": settings}
    )

    def listens() -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=2):
                return True
        except OSError:
            return False

    await asyncio.to_thread(wait_until, listens, what="mail is taken", within_s=40)
    return port


async def test_strange_mails_are_all_kept(up: Installation, mail_port: int) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"0" * 100_000_000)
    many = ", ".join(f"a{n}@clientes.test" for n in range(10_000))
    head = f"From: Ana <ana@clientes.test>\r\nTo: {SHOP}\r\n".encode()
    mails = {
        "nothing": b"\r\n",
        "no body": head + b"Subject: no body\r\n\r\n",
        "invalid": head + b"Subject: \xff\xfe\x80 no\x00\r\n\r\n\xc3\x28\xa0\xa1 texto\x00\r\n",
        "bidi": head + "Subject: \u202egnp.exe\u202c\r\n\r\n\u2066hola\u2069\r\n".encode(),
        "many": head + b"Cc: " + many.encode() + b"\r\nSubject: many\r\n\r\nhola a todos\r\n",
        "deep": head
        + b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(500)
        )
        + b"\r\nen el fondo\r\n",
        "bomb": head + b"Subject: bomb\r\nContent-Type: application/zip; name=a.zip\r\n"
        b"Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + _base64(bomb.getvalue()),
    }

    def send(raw: bytes) -> None:
        with smtplib.SMTP("127.0.0.1", mail_port, timeout=60) as server:
            server.sendmail("ana@clientes.test", [SHOP], raw)

    for raw in mails.values():
        await asyncio.to_thread(send, raw)
    async with up.database() as look:
        receipts = await look.rows(
            "SELECT r.state, r.raw_key FROM receipt r JOIN account a ON a.id = r.account_id"
            " WHERE a.kind = 'email' AND r.provider_id !~ '^demo:'"
        )
        assert len(receipts) == len(mails)
        assert all(receipt["raw_key"] for receipt in receipts)
        assert {receipt["state"] for receipt in receipts} <= {"done", "ignored", "broken"}
        assert [r["state"] for r in receipts].count("broken") <= 1, "at most the one that holds nothing"


def _base64(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")
