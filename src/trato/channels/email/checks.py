"""Tries an account's settings against the real servers, one line for each thing that can be wrong."""

import asyncio
import contextlib
from collections.abc import Sequence

from imapclient.exceptions import IMAPClientError

from trato.channel_sdk import Check, Sentence
from trato.channels.email.imap import connect, select, sign_in
from trato.channels.email.oauth import Tokens
from trato.channels.email.settings import MailSettings, Server
from trato.channels.email.submission import session
from trato.channels.email.threads import in_thread
from trato.channels.email.trouble import MailTrouble, say

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


async def run(settings: MailSettings, tokens: Tokens) -> Sequence[Check]:
    """Return the lines in the order in which things are set up; never raises for wrong settings."""
    reading, sending = await asyncio.gather(_imap(settings, tokens), _smtp(settings, tokens))
    return [*reading, *sending, *_encryption(settings), *_ways_in(settings)]


async def _imap(settings: MailSettings, tokens: Tokens) -> list[Check]:
    server = settings.imap
    if server is None:
        return []
    try:
        token = await tokens.get(settings.oauth) if settings.oauth else None
        return await in_thread(lambda: _try_mailbox(settings, server, token))
    except MailTrouble as error:
        return [_wrong("imap_login", error.sentence)]


def _try_mailbox(settings: MailSettings, server: Server, token: str | None) -> list[Check]:
    client = connect(server, settings.tls())
    try:
        sign_in(client, server, token)
        signed_in = Check("imap_login", ok=True)
        try:
            mailbox = select(client, settings.folder)
        except MailTrouble as error:
            return [signed_in, _wrong("imap_folder", error.sentence)]
        slow = None if mailbox.can_idle else say("no_idle")
        return [signed_in, Check("imap_folder", ok=True, message=slow.text if slow else "", sentence=slow)]
    finally:
        with contextlib.suppress(OSError, IMAPClientError):
            client.logout()


async def _smtp(settings: MailSettings, tokens: Tokens) -> list[Check]:
    if settings.smtp is None:
        return [_wrong("smtp_login", say("no_smtp"))]
    try:
        async with session(settings, settings.smtp, tokens):
            return [Check("smtp_login", ok=True)]
    except MailTrouble as error:
        return [_wrong("smtp_login", error.sentence)]


def _wrong(name: str, sentence: Sentence) -> Check:
    return Check(name, ok=False, message=sentence.text, sentence=sentence)


def _encryption(settings: MailSettings) -> list[Check]:
    """Say where mail and passwords would travel in clear; on this machine they may."""
    clear = [
        server.host
        for server in (settings.imap, settings.smtp)
        if server and server.security == "none" and server.host not in _LOCAL
    ]
    return [Check("encryption", ok=not clear, message=", ".join(clear))]


def _ways_in(settings: MailSettings) -> list[Check]:
    there = settings.imap is not None or settings.listener is not None
    return [Check("receiving", ok=there)]
