"""Hands a written mail to the provider's SMTP server, and knows exactly how it ended (RFC 5321, RFC 6409)."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Mapping
from typing import Final, cast

import aiosmtplib

from trato.channel_sdk import SendFailed, Sent, Why
from trato.channels.email.compose import Composed
from trato.channels.email.oauth import Tokens
from trato.channels.email.settings import MailSettings, Server
from trato.channels.email.trouble import MailTrouble, connection_trouble, said, say

_CONNECT_S: Final = 20.0
_ANSWER_S: Final = 60.0
_DATA_S: Final = 300.0  # a server may scan a large mail before it answers (RFC 5321 §4.5.3.2.6: 10 minutes)
_TEMPORARY: Final = 400
_PERMANENT: Final = 500
_SHOWN_REFUSALS: Final = 5

_LINE_ENDS: Final = re.compile(rb"\r\n|\r|\n")
_DOTS: Final = re.compile(rb"(?m)^\.")

Refusals = Mapping[str, aiosmtplib.SMTPResponse]


async def submit(mail: Composed, settings: MailSettings, server: Server, tokens: Tokens) -> Sent:
    """Send one mail; returns once the server has taken it, for all recipients or with a note for some.

    Raises `SendFailed`: RETRY as long as the server cannot have taken it, REJECTED when it will not,
    UNKNOWN when the connection was lost before it said which. Cancelled, it raises STOPPED or UNKNOWN.
    """
    sent = None
    try:
        async with session(settings, server, tokens) as smtp:
            refused = await _envelope(smtp, mail, server)
            await _data(smtp, mail, server)
            sent = Sent(note=_note(refused) if refused else None)
    except MailTrouble as error:
        raise SendFailed(Why.RETRY, error.sentence, unreachable=True) from error
    except asyncio.CancelledError as error:
        if sent is None:
            raise stopped() from error
    return sent


def stopped() -> SendFailed:
    """Return that we were cancelled while the server could not have the mail yet."""
    return SendFailed(Why.STOPPED, "Sending was stopped before the server had the mail: it is sent later.")


@contextlib.asynccontextmanager
async def session(settings: MailSettings, server: Server, tokens: Tokens) -> AsyncIterator[aiosmtplib.SMTP]:
    """Connect and sign in; raises `MailTrouble`. Leaves politely, or at once when something rose."""
    smtp = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        use_tls=server.security == "tls",
        start_tls=server.security == "starttls",
        tls_context=settings.tls() if server.security != "none" else None,
        timeout=_CONNECT_S,
    )
    try:
        await smtp.connect()
        await _greet(smtp)
        await _sign_in(smtp, settings, server, tokens)
        yield smtp
        # It is done; what goes wrong with the leave-taking changes nothing.
        with contextlib.suppress(aiosmtplib.SMTPException, OSError):
            await smtp.quit(timeout=5)
    except (aiosmtplib.SMTPConnectError, aiosmtplib.SMTPTimeoutError, OSError) as error:
        raise connection_trouble(_root(error), "SMTP", server.host, server.port) from error
    except aiosmtplib.SMTPException as error:
        raise MailTrouble("smtp_odd", host=server.host, said=said(error)) from error
    finally:
        smtp.close()


async def _greet(smtp: aiosmtplib.SMTP) -> None:
    """Learn what the server can do; an old one that knows no EHLO can do little."""
    try:
        if smtp.is_ehlo_or_helo_needed:
            await smtp.ehlo(timeout=_ANSWER_S)
    except aiosmtplib.SMTPHeloError as error:
        if error.code < _PERMANENT:
            raise
        await smtp.helo(timeout=_ANSWER_S)


def _root(error: BaseException) -> BaseException:
    """Return what lies below the library's own error, which says only that there was one."""
    below = error.__cause__ or error.__context__
    return below if isinstance(error, aiosmtplib.SMTPException) and isinstance(below, OSError) else error


async def _sign_in(smtp: aiosmtplib.SMTP, settings: MailSettings, server: Server, tokens: Tokens) -> None:
    oauth = settings.oauth
    if oauth is None and not server.password:
        return
    try:
        if oauth is not None:
            await smtp.auth_xoauth2(server.username, await tokens.get(oauth), timeout=_ANSWER_S)
        else:
            await smtp.login(server.username, server.password, timeout=_ANSWER_S)
    except aiosmtplib.SMTPAuthenticationError as error:
        if oauth is not None:
            tokens.forget(oauth)
        # With 4xx it could not find out who we are, and the password may well be right (RFC 4954 §4).
        later = _TEMPORARY <= error.code < _PERMANENT
        code = "smtp_login_later" if later else "smtp_login_refused"
        raise MailTrouble(code, host=server.host, user=server.username, said=said(error.message)) from error


async def _envelope(smtp: aiosmtplib.SMTP, mail: Composed, server: Server) -> Refusals:
    """Name sender and recipients; returns the recipients that were refused, when some were taken."""
    if mail.needs_utf8 and not smtp.supports_extension("smtputf8"):
        raise SendFailed(Why.REJECTED, say("no_utf8", host=server.host))
    options = ["SMTPUTF8"] if mail.needs_utf8 else []
    if smtp.supports_extension("size"):
        options.append(f"SIZE={len(mail.raw)}")
    encoding = "utf-8" if mail.needs_utf8 else "ascii"
    try:
        await smtp.mail(mail.sender, options=options, encoding=encoding, timeout=_ANSWER_S)
    except aiosmtplib.SMTPSenderRefused as error:
        raise _refused(server, error.code, f"{mail.sender}: {error.message}") from error
    refused: dict[str, aiosmtplib.SMTPResponse] = {}
    for recipient in mail.recipients:
        try:
            await smtp.rcpt(recipient, encoding=encoding, timeout=_ANSWER_S)
        except aiosmtplib.SMTPRecipientRefused as error:
            refused[recipient] = aiosmtplib.SMTPResponse(error.code, error.message)
    if len(refused) == len(mail.recipients):
        later = any(answer.code < _PERMANENT for answer in refused.values())
        told = say("not_taken", host=server.host, said=_note(refused))
        raise SendFailed(Why.RETRY if later else Why.REJECTED, told)
    return refused


async def _data(smtp: aiosmtplib.SMTP, mail: Composed, server: Server) -> None:
    """Hand the text over. Up to its last line nobody has the mail, after it only the answer tells."""
    answer = await smtp.execute_command(b"DATA", timeout=_ANSWER_S)
    if answer.code == aiosmtplib.SMTPStatus.start_input:
        try:
            answer = await _text(smtp, mail.raw)
        except (aiosmtplib.SMTPException, OSError, asyncio.CancelledError) as error:
            raise SendFailed(Why.UNKNOWN, say("maybe_taken", host=server.host)) from error
    if answer.code != aiosmtplib.SMTPStatus.completed:
        raise _refused(server, answer.code, answer.message)


async def _text(smtp: aiosmtplib.SMTP, raw: bytes) -> aiosmtplib.SMTPResponse:
    """Write the text with its final dot (RFC 5321 §4.1.1.4, §4.5.2) and return what the server says to it."""
    protocol, transport = smtp.protocol, cast("asyncio.WriteTransport | None", smtp.transport)
    if protocol is None or transport is None:
        raise aiosmtplib.SMTPServerDisconnected("Connection lost")
    lines = _LINE_ENDS.sub(b"\r\n", raw).removesuffix(b"\r\n") + b"\r\n"
    protocol.write(_DOTS.sub(b"..", lines) + b".\r\n")
    try:
        return await protocol.read_response(timeout=_DATA_S)
    except asyncio.CancelledError as error:
        if transport.get_write_buffer_size():  # the dot is still here, and goes with the rest
            transport.abort()
            raise stopped() from error
        raise


def _refused(server: Server, code: int, answer: str) -> SendFailed:
    """Return a refusal as its code means it: 4xx for now, 5xx for good (RFC 5321 §4.2.1)."""
    why = Why.REJECTED if code >= _PERMANENT else Why.RETRY
    return SendFailed(why, say("not_taken", host=server.host, said=f"{code} {said(answer)}"))


def _note(refused: Refusals) -> str:
    """Return who was refused and why, in the server's words."""
    lines = [f"{who}: {answer.code} {said(answer.message)}" for who, answer in refused.items()]
    more = len(lines) - _SHOWN_REFUSALS
    return "; ".join(lines[:_SHOWN_REFUSALS]) + (f"; and {more} more" if more > 0 else "")
