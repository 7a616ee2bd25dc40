"""A full disk takes no file, says so, and loses nothing: what is sent again later arrives once."""

import asyncio
import os
import shutil
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.support.installation import DeskUser, Installation, Visitor, installation, send_mail
from tests.support.mail import free_ports
from tests.support.until import wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        sys.platform != "linux" or os.geteuid() != 0, reason="only root on Linux mounts a small disk"
    ),
]
SHOP = "hola@tienda.test"


@pytest.fixture
def small_disk(reachable: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    disk = reachable / "disk"
    disk.mkdir()
    mount = shutil.which("mount") or "/bin/mount"
    subprocess.run([mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], check=True)
    try:
        yield disk
    finally:
        subprocess.run([shutil.which("umount") or "/bin/umount", "--lazy", str(disk)], check=True)


@pytest.fixture
def up(small_disk: Path, reachable: Path) -> Iterator[Installation]:
    """A demo shop whose attachments lie on the small disk."""
    with installation(reachable) as found:
        found.start("--demo", TRATO_STORE_URL=str(small_disk))
        yield found


@pytest.fixture
def disk_of_everything(reachable: Path) -> Iterator[Path]:
    """A disk for a whole installation, its database too."""
    disk = reachable / "whole"
    disk.mkdir()
    mount = shutil.which("mount") or "/bin/mount"
    subprocess.run([mount, "-t", "tmpfs", "-o", "size=260m,mode=755", "tmpfs", str(disk)], check=True)
    try:
        yield disk
    finally:
        subprocess.run([shutil.which("umount") or "/bin/umount", "--lazy", str(disk)], check=True)


@pytest.fixture
async def mail_port(desk: DeskUser) -> int:
    (port,) = free_ports(1)
    brand = (await desk.do("GET", "/brands"))["items"][0]["id"]
    settings = {"address": SHOP, "listener_host": "127.0.0.1", "listener_port": port}
    given = {"kind": "email", "name": "Mail", "brand_id": brand, "settings": settings}
    await desk.do("POST", "/accounts", given)
    return port


def fill(disk: Path) -> Path:
    """Leave no room at all."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            return ballast


def leftovers(disk: Path) -> list[Path]:
    return [path for path in disk.rglob("*") if path.is_file() and path.stat().st_size > 100_000]


async def test_a_chat_file(
    small_disk: Path, up: Installation, http: httpx.AsyncClient, visitor: Visitor
) -> None:
    await visitor.open()
    before = leftovers(small_disk)
    headers = {"Authorization": f"Bearer {visitor.token}", "X-Forwarded-For": visitor.network}
    data = ("Una línea del pedido. " * 60_000).encode()

    async def upload(content: bytes) -> httpx.Response:
        where = "/api/v1/visitor/attachments"
        return await http.post(where, params={"filename": "pedido.txt"}, content=content, headers=headers)

    refused = await upload(data)
    assert refused.status_code == 503
    assert refused.headers["content-type"] == "application/problem+json"
    assert "disk" in refused.json()["todo"]
    assert "Traceback" not in refused.text
    assert leftovers(small_disk) == before, "half a file takes no room"
    assert (await visitor.say("sin archivo"))["text"] == "sin archivo"

    taken = await upload(data[:100_000])
    assert taken.status_code == 201, taken.text
    message = await visitor.say("con archivo", attachment_ids=[taken.json()["id"]])
    assert [file["size"] for file in message["attachments"]] == [100_000]
    async with up.database() as look:
        assert await look.value("SELECT count(*) FROM attachment WHERE size > 50000") == 1


async def test_a_mail(small_disk: Path, up: Installation, mail_port: int) -> None:
    def listens() -> bool:
        try:
            with smtplib.SMTP("127.0.0.1", mail_port, timeout=5):
                return True
        except OSError:
            return False

    await asyncio.to_thread(wait_until, listens, what="mail is taken", within_s=30)
    ballast = fill(small_disk)
    mail = f"From: ana@clientes.test\r\nTo: {SHOP}\r\nSubject: Pedido\r\n\r\nNo llegó.\r\n"

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", mail_port, timeout=15) as server:
            server.sendmail("ana@clientes.test", [SHOP], mail.encode())

    with pytest.raises(smtplib.SMTPDataError) as refused:
        await asyncio.to_thread(send)
    assert refused.value.smtp_code == 451
    count = "SELECT count(*) FROM message WHERE text ~ 'No llegó'"
    async with up.database() as look:
        assert await look.value(count) == 0
        ballast.unlink()
        await asyncio.to_thread(send)
        await asyncio.to_thread(send)  # the sender never saw our 250
        assert await look.value(count) == 1
    await asyncio.to_thread(send_mail, mail_port, "b@clientes.test", SHOP, "Otro", "otro asunto")


async def test_the_database_itself_has_no_room(disk_of_everything: Path) -> None:
    """Refused in a sentence, nothing confirmed is lost, and it goes on by itself when there is room."""
    with installation(disk_of_everything) as whole:
        await asyncio.to_thread(whole.start, "--demo")
        async with httpx.AsyncClient(base_url=whole.url, timeout=30) as http:
            desk = await DeskUser(http).sign_in()
            accounts = (await desk.do("GET", "/accounts"))["items"]
            chat = next(account["public_key"] for account in accounts if account["kind"] == "webchat")
            visitor = await Visitor(http, chat).open()
            confirmed = [(await visitor.say("con lugar"))["text"]]
            ballast = fill(disk_of_everything)
            refused = 0
            for number in range(400):  # what PostgreSQL holds ready serves for some more
                text = f"apretado {number} " + "x" * 8_000
                body = {"client_id": f"tight-room-{number}", "text": text}
                headers = {
                    "Authorization": f"Bearer {visitor.token}",
                    "X-Forwarded-For": f"10.9.9.{number % 250}",
                }
                answer = await http.post("/api/v1/visitor/messages", json=body, headers=headers)
                if answer.status_code == 200:
                    confirmed.append(answer.json()["message"]["text"])
                    continue
                if answer.status_code == 429:
                    await asyncio.sleep(float(answer.headers["retry-after"]))
                    continue
                assert answer.status_code == 503, answer.text
                assert answer.headers["content-type"] == "application/problem+json"
                assert "Traceback" not in answer.text
                refused += 1
                if refused == 5:
                    break
            assert refused
            ballast.unlink()
            confirmed.append((await visitor.say("otra vez con lugar"))["text"])
            async with whole.database() as look:
                rows = await look.rows(
                    "SELECT text FROM message WHERE text ~ '^(con lugar|apretado|otra vez)'"
                )
            kept = [row["text"] for row in rows]
            assert set(confirmed) <= set(kept)
            assert len(set(kept)) == len(kept)
