"""The whole tree beside real Dovecot and Postfix, which stop and start; and mails that are too much."""

import asyncio
import hashlib
import io
import re
import smtplib
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from uuid import uuid4

import psutil
import pytest
from tests.support.installation import DeskUser, Installation, Looking
from tests.support.mail import PEOPLE, SHOP, MailProvider, mail, running_provider
from tests.support.until import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400), pytest.mark.alone]

MAILS = 60
LARGE_BYTES = 36_000_000  # as a file; half again as large in a mail

HANDED_OVER = re.compile(r"\(Postfix\) with ESMTPS?A id (\w+)")

INCOMING = """
    SELECT conversation_id, trim(E'\\r\\n ' FROM text) AS text FROM message
    WHERE direction = 'in' AND text ~ '^mail ' AND trim(E'\\r\\n ' FROM text) <> ALL(:done)
"""


@pytest.fixture
def provider() -> Iterator[MailProvider]:
    with running_provider() as running:
        yield running


@pytest.fixture
async def address(desk: DeskUser, provider: MailProvider) -> str:
    """The shop's mailbox, read by the running tree."""
    mine = f"hola.{uuid4().hex[:8]}@{SHOP}"
    brand = (await desk.do("GET", "/brands"))["items"][0]["id"]
    given = {"kind": "email", "name": "Correo", "brand_id": brand, "settings": provider.settings(mine)}
    await desk.do("POST", "/accounts", given)
    return mine


@dataclass
class Post:
    """Customers whose programs send until a mail is taken, and an agent who answers what is at the desk."""

    up: Installation
    desk: DeskUser
    provider: MailProvider
    address: str
    answered: list[str] = field(default_factory=list)

    async def come_in(self) -> None:
        for number in range(MAILS):
            await asyncio.to_thread(self._send, number)

    def _send(self, number: int) -> None:
        raw = mail(f"mail {number}", to=self.address, headers={"Message-ID": f"<{number}.{self.address}>"})
        while True:
            try:
                self.provider.send(raw, self.address)
            except (OSError, smtplib.SMTPException):
                continue
            return

    async def answer(self, look: Looking, count: int) -> None:
        """Answer so many more mails, as they come to the desk."""
        for _ in range(count):
            row = (await look.until_some(INCOMING, "one more mail", within_s=90, done=self.answered))[0]
            self.answered.append(row["text"])
            await self.desk.reply(str(row["conversation_id"]), f"answer to {row['text']}")


async def test_both_servers_stop_and_start_and_every_mail_and_answer_is_there_once(
    up: Installation, desk: DeskUser, provider: MailProvider, address: str
) -> None:
    post = Post(up, desk, provider, address)
    coming = asyncio.create_task(post.come_in())
    async with up.database() as look:
        await post.answer(look, 3)
        for stop, start in (
            (provider.stop_dovecot, provider.start_dovecot),
            (provider.stop_postfix, provider.start_postfix),
            (provider.stop_dovecot, provider.start_dovecot),
        ):
            await asyncio.to_thread(stop)
            await asyncio.to_thread(start)
            await post.answer(look, 3)
        await coming
        await look.until_some(
            "SELECT 1 FROM message WHERE text ~ '^mail ' HAVING count(*) >= :n",
            "every mail is at the desk",
            within_s=90,
            n=MAILS,
        )
        await asyncio.to_thread(provider.stop_postfix)
        await post.answer(look, 3)
        why = "SELECT 1 FROM message WHERE direction = 'out' AND status = 'queued' AND error ~ 'refuses'"
        await look.until_some(why, "an answer says why it waits", within_s=30)
        await asyncio.to_thread(provider.start_postfix)
        await check(post, look)


async def check(post: Post, look: Looking) -> None:
    unsettled = "SELECT id FROM message WHERE direction = 'out' AND status IN ('queued', 'sending')"
    await look.until_none(unsettled, "every answer is sent, or shown as uncertain", within_s=120)
    said = await look.rows("SELECT trim(E'\\r\\n ' FROM text) AS text FROM message WHERE text ~ '^mail '")
    assert Counter(row["text"] for row in said) == Counter(f"mail {n}" for n in range(MAILS))
    assert not await look.rows("SELECT * FROM receipt WHERE state IN ('broken', 'pending')")
    sent = await look.rows("SELECT text, status FROM message WHERE direction = 'out' AND text ~ '^answer'")
    print(f"{len(sent)} answers: {dict(Counter(row['status'] for row in sent))}")
    assert {row["text"] for row in sent} == {f"answer to {text}" for text in post.answered}
    got = await asyncio.to_thread(everybody_got, post.provider)
    for row in sent:
        times = got[row["text"]]
        assert times == 1 or (row["status"] == "uncertain" and times == 0), (row, times)


def everybody_got(provider: MailProvider) -> Counter[str]:
    """Count how often we handed each answer to Postfix, by the number that it gave to each hand-over.

    A Dovecot that stops in the middle may get the same one from Postfix twice; that is between those two.
    """
    provider.deliver_now()  # when it tries again by itself is its own matter
    wait_until(lambda: provider.queued() == 0, what="Postfix has delivered all", within_s=60)
    taken: set[tuple[str, str]] = set()
    for raw in provider.mails(f"pedro@{PEOPLE}"):
        said = raw.decode("utf-8", "replace")
        (number,) = HANDED_OVER.findall(said)
        taken |= {(number, line.strip()) for line in said.splitlines() if line.startswith("answer to mail ")}
    return Counter(answer for _, answer in taken)


async def test_nothing_fifty_megabytes_ten_thousand_names_and_a_bomb_come_in_and_the_next_mail_too(
    up: Installation, desk: DeskUser, provider: MailProvider, address: str
) -> None:
    large = EmailMessage()
    large["From"], large["To"], large["Subject"] = f"ana@{PEOPLE}", address, "large"
    content = bytes(range(256)) * (LARGE_BYTES // 256)
    large.set_content("large")
    large.add_attachment(content, maintype="video", subtype="mp4", filename="video.mp4")
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"0" * 300_000_000)
    packed = EmailMessage()
    packed["From"], packed["To"], packed["Subject"] = f"eva@{PEOPLE}", address, "bomb"
    packed.set_content("bomb")
    packed.add_attachment(bomb.getvalue(), maintype="application", subtype="zip", filename="a.zip")
    crowd = ", ".join(f"Persona {n} <p{n}@{PEOPLE}>" for n in range(10_000))
    mails = {
        "nothing": b"",
        "large": large.as_bytes(),
        "crowd": f"From: luis@{PEOPLE}\r\nTo: {address}\r\nCc: {crowd}\r\n\r\ncrowd\r\n".encode(),
        "bomb": packed.as_bytes(),
        "after": mail("after", to=address),
    }
    assert len(mails["large"]) > 48_000_000
    for raw in mails.values():
        await asyncio.to_thread(provider.deliver, raw, address)
    async with up.database() as look:
        missing = "SELECT 1 WHERE NOT EXISTS (SELECT FROM message WHERE trim(E'\\r\\n ' FROM text) = 'after')"
        await look.until_none(missing, "the mail behind all of them is at the desk", within_s=120)
        receipts = await look.rows(
            "SELECT r.state, r.raw_key FROM receipt r JOIN account a ON a.id = r.account_id"
            " WHERE a.settings->>'address' = :address",
            address=address,
        )
        assert len(receipts) == len(mails), receipts
        assert all(receipt["raw_key"] for receipt in receipts)
        assert {receipt["state"] for receipt in receipts} <= {"done", "ignored", "broken"}
        files = await look.rows("SELECT id, size FROM attachment WHERE filename = 'video.mp4'")
    assert [file["size"] for file in files] == [len(content)]
    answer = await desk.ask("GET", f"/attachments/{files[0]['id']}")
    assert hashlib.sha256(answer.content).digest() == hashlib.sha256(content).digest()
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert provider.unseen(address) == 0
    for pid, name in up.names():
        if name in {"trato web", "trato work"}:
            print(f"{name}: {psutil.Process(pid).memory_info().rss / 1e6:.0f} MB after all of it")
