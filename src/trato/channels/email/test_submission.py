"""What becomes of a mail is known exactly: taken, refused, to be tried again, or unknown."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest
from tests.support.mail import free_ports
from tests.support.until import until

from trato.channel_sdk import Account, Outbound, OutboundFile, Party, SendFailed, Sent, Why
from trato.channels.email.connector import connector

MESSAGE = UUID("0190a5b8-5e31-7ccb-8fb5-111111111111")
CONVERSATION = UUID("0190a5b8-5e31-7ccb-8fb5-222222222222")
HANG_UP = ""
SILENCE = "\0"


@dataclass
class Script:
    """A server that answers as told: `answers` by the start of the command, 250 to everything else."""

    answers: dict[str, str] = field(default_factory=dict)
    extensions: Sequence[str] = ("SMTPUTF8", "SIZE 1000000")
    commands: list[str] = field(default_factory=list)
    content: bytes = b""
    port: int = 0
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._talk(reader, writer)
        writer.close()
        self.ended.set()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).decode().rstrip():
            self.commands.append(line)
            answer = next(
                (a for start, a in self.answers.items() if line.startswith(start)), self._usual(line)
            )
            if answer == HANG_UP:
                return
            if answer == SILENCE:
                await self._silence(reader)
            writer.write(answer.encode() + b"\r\n")
            if "do not listen" in answer:
                await self._silence(reader, deaf=True)
            if answer.startswith("354"):
                self.content = await reader.readuntil(b"\r\n.\r\n")
                answer = self.answers.get(".", "250 taken")
                if answer == HANG_UP:
                    return
                if answer == SILENCE:
                    await self._silence(reader)
                writer.write(answer.encode() + b"\r\n")
            await writer.drain()

    async def _silence(self, reader: asyncio.StreamReader, *, deaf: bool = False) -> None:
        """Say nothing until the other side has gone; `deaf` also reads nothing until the test is over."""
        if deaf:
            await self.over.wait()
        await reader.read()
        raise ConnectionResetError

    def _usual(self, line: str) -> str:
        if line.startswith("EHLO"):
            return "\r\n".join(["250-here", *(f"250-{name}" for name in self.extensions), "250 HELP"])
        return "354 go on" if line == "DATA" else "250 ok"


@contextlib.asynccontextmanager
async def scripted(**script: Any) -> AsyncIterator[Script]:
    found = Script(**script)
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    async with server:
        yield found
        found.over.set()
        if found.commands:
            await found.ended.wait()


def account(port: int, **settings: object) -> Account:
    secrets = {"password": "secreta"} if "auth" in settings else {}
    values = {
        "address": "hola@tienda.test",
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_security": "none",
    }
    return Account(MESSAGE, "email", "Tienda", "k", {**values, **settings}, secrets, b"s" * 32)


def outbound(*to: str, **more: Any) -> Outbound:
    return Outbound(
        MESSAGE,
        CONVERSATION,
        "root@gente.test",
        to=[Party("email", address) for address in to or ("pedro@gente.test",)],
        text="Hola",
        **{"subject": "Mi pedido", "brand_name": "Tienda", **more},
    )


async def failure(message: Outbound, **script: Any) -> SendFailed:
    async with scripted(**script) as server:
        with pytest.raises(SendFailed) as caught:
            await connector.send(message, account(server.port))
    return caught.value


async def test_a_mail_is_written_with_all_its_fields() -> None:
    async def content() -> bytes:
        return b"%PDF-1.4"

    message = outbound(
        author_name="Ana",
        cc=[Party("email", "copia@gente.test")],
        bcc=[Party("email", "oculta@gente.test")],
        in_reply_to="b@gente.test",
        references=["root@gente.test", "b@gente.test"],
        files=[OutboundFile("guía.pdf", "application/pdf", 8, content)],
        external_id=connector.new_external_id(MESSAGE, account(1)),
    )
    async with scripted() as server:
        assert await connector.send(message, account(server.port)) == Sent()
    recipients = [line for line in server.commands if line.startswith("RCPT")]
    assert len(recipients) == 3
    raw = server.content
    assert b"oculta" not in raw
    assert b"Message-ID: <0190a5b8-5e31-7ccb-8fb5-111111111111@tienda.test>" in raw
    assert b"In-Reply-To: <b@gente.test>" in raw
    assert b"<root@gente.test> <b@gente.test>" in raw.replace(b"\r\n", b"")
    assert b"Subject: Re: Mi pedido" in raw
    assert b'Reply-To: "Tienda" <hola+' in raw
    assert b"application/pdf" in raw
    assert b"Auto-Submitted" not in raw


async def test_what_nobody_wrote_just_now_says_so() -> None:
    async with scripted() as server:
        await connector.send(outbound(automatic=True), account(server.port))
    assert b"Auto-Submitted: auto-generated" in server.content
    assert b"List-Unsubscribe" not in server.content


@pytest.mark.parametrize(
    ("url", "lines"),
    [
        (
            "https://desk.test/stop/abc",
            (b"List-Unsubscribe: <https://desk.test/stop/abc>\r\n", b"=One-Click\r\n"),
        ),
        ("http://127.0.0.1:8000/stop/abc", (b"List-Unsubscribe: <http://127.0.0.1:8000/stop/abc>\r\n",)),
        ("https://desk.test/>\r\nBcc: x@y.test", ()),
    ],
)
async def test_where_mails_of_its_kind_are_ended_stands_in_its_head(
    url: str, lines: tuple[bytes, ...]
) -> None:
    async with scripted() as server:
        await connector.send(outbound(automatic=True, leave_url=url), account(server.port))
    for line in lines:
        assert line in server.content
    assert (b"One-Click" in server.content) == (b"=One-Click\r\n" in lines)
    assert (b"List-Unsubscribe" in server.content) == bool(lines)


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"MAIL": "451 later"}, Why.RETRY),
        ({"MAIL": "550 never"}, Why.REJECTED),
        ({"RCPT": "450 later"}, Why.RETRY),
        ({"RCPT": "550 no such user"}, Why.REJECTED),
        ({"DATA": "451 later"}, Why.RETRY),
        ({".": "451 later"}, Why.RETRY),
        ({".": "554 looks like spam"}, Why.REJECTED),
        ({"MAIL": HANG_UP}, Why.RETRY),
        ({"RCPT": HANG_UP}, Why.RETRY),
        ({".": HANG_UP}, Why.UNKNOWN),
        ({"EHLO": "421 busy", "HELO": "421 busy"}, Why.RETRY),
    ],
)
async def test_each_end_is_told_apart(answers: dict[str, str], why: Why) -> None:
    found = await failure(outbound(), answers=answers)
    assert found.why is why
    said = next(iter(answers.values())).partition(" ")[2]
    assert said in found.message


async def test_one_refused_recipient_is_a_note_and_the_others_get_it() -> None:
    async with scripted(answers={"RCPT TO:<mal@": "550 no such user"}) as server:
        sent = await connector.send(outbound("pedro@gente.test", "mal@gente.test"), account(server.port))
    assert sent.note == "mal@gente.test: 550 no such user"
    assert b"Hola" in server.content


async def test_letters_outside_ascii_need_a_server_that_can() -> None:
    found = await failure(outbound("peñón@gente.test"), extensions=())
    assert found.why is Why.REJECTED
    assert "SMTPUTF8" in found.message
    async with scripted() as server:
        await connector.send(outbound("peñón@gente.test"), account(server.port))
    assert any("SMTPUTF8" in line for line in server.commands)


async def test_no_server_is_tried_again_with_a_clear_sentence() -> None:
    (port,) = free_ports(1)
    with pytest.raises(SendFailed, match="refuses connections") as caught:
        await connector.send(outbound(), account(port))
    assert caught.value.why is Why.RETRY


async def test_a_wrong_password_is_tried_again_and_not_repeated() -> None:
    async with scripted(answers={"AUTH": "535 5.7.8 no"}, extensions=("AUTH PLAIN",)) as server:
        with pytest.raises(SendFailed, match="check the user name") as caught:
            await connector.send(outbound(), account(server.port, auth="password"))
    assert caught.value.why is Why.RETRY
    assert "secreta" not in caught.value.message


async def test_a_server_that_cannot_check_now_who_we_are_is_no_wrong_password() -> None:
    answer = "454 4.7.0 Temporary authentication failure"
    async with scripted(answers={"AUTH": answer}, extensions=("AUTH PLAIN",)) as server:
        with pytest.raises(SendFailed, match="try again in a few minutes") as caught:
            await connector.send(outbound(), account(server.port, auth="password"))
    assert caught.value.why is Why.RETRY


@pytest.mark.parametrize("address", ["abc@unknown.invalid", "a b@gente.test", "a@b\r\nRCPT TO:<c@d.test>"])
async def test_what_is_no_address_reaches_no_server(address: str) -> None:
    async with scripted() as server:
        with pytest.raises(SendFailed) as caught:
            await connector.send(outbound(address), account(server.port))
    assert caught.value.why is Why.REJECTED
    assert server.commands == []


async def cut_off(server: Script, message: Outbound, ready: Callable[[], bool]) -> Sent:
    """Send, and cancel as a worker that ends does, once the server has come so far."""
    sending = asyncio.create_task(connector.send(message, account(server.port)))
    await until(ready, "the server has come so far")
    sending.cancel()
    return await sending


@pytest.mark.parametrize("silent_at", ["MAIL", "RCPT", "DATA"])
async def test_a_stop_before_the_text_means_that_the_server_has_nothing(silent_at: str) -> None:
    async with scripted(answers={silent_at: SILENCE}) as server:
        with pytest.raises(SendFailed) as caught:
            await cut_off(server, outbound(), lambda: any(c.startswith(silent_at) for c in server.commands))
    assert caught.value.why is Why.STOPPED


async def test_a_stop_while_the_text_is_on_its_way_means_that_the_server_has_nothing() -> None:
    """Its last line, the dot alone, is still here."""

    async def content() -> bytes:
        return b"x" * 20_000_000

    message = outbound(files=[OutboundFile("a.bin", "application/octet-stream", 20_000_000, content)])
    async with scripted(answers={"DATA": "354 go on, I do not listen"}, extensions=()) as server:
        with pytest.raises(SendFailed) as caught:
            await cut_off(server, message, lambda: "DATA" in server.commands)
    assert caught.value.why is Why.STOPPED
    assert server.content == b""


async def test_a_stop_after_the_final_dot_is_unknown() -> None:
    async with scripted(answers={".": SILENCE}) as server:
        with pytest.raises(SendFailed) as caught:
            await cut_off(server, outbound(), lambda: server.content != b"")
    assert caught.value.why is Why.UNKNOWN


async def test_a_stop_during_the_leave_taking_changes_nothing() -> None:
    async with scripted(answers={"QUIT": SILENCE}) as server:
        assert await cut_off(server, outbound(), lambda: "QUIT" in server.commands) == Sent()


async def test_lines_that_begin_with_a_dot_arrive_as_they_are() -> None:
    text = ".\n..\n.uno\nfin"
    async with scripted() as server:
        await connector.send(replace(outbound(), text=text), account(server.port))
    assert b"\r\n..\r\n...\r\n..uno\r\nfin" in server.content


async def test_an_answer_that_is_none_after_the_final_dot_is_unknown() -> None:
    found = await failure(outbound(), answers={".": "what?"})
    assert found.why is Why.UNKNOWN


@pytest.mark.parametrize(
    ("answers", "unreachable"),
    [({"EHLO": HANG_UP}, True), ({"RCPT": "450 later"}, False), ({"RCPT": "550 no such user"}, False)],
)
async def test_what_no_mail_would_get_past_is_told_from_what_this_one_does_not(
    answers: dict[str, str], unreachable: bool
) -> None:
    assert (await failure(outbound(), answers=answers)).unreachable is unreachable
