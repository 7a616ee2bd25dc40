"""The system's own mail: invitations and links. Never a conversation: nobody at the desk may read a link."""

import base64
import json
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.brands import service as brands
from trato.brands.service import AccountRecord
from trato.channel_sdk import Outbound, Party, SendFailed, Why
from trato.db.edge import Services
from trato.db.jobs import Handler, Retry, back_off_s, enqueue
from trato.kit.errors import DomainError
from trato.kit.ids import new_id

log = structlog.get_logger()

KIND: Final = "system_mail"
_ADDRESS_KIND: Final = "email"
ATTEMPTS: Final = 8  # a few minutes: a link that comes much later is of no use


class SystemMail:
    """Sends through the account that the organisation names for it; the text waits sealed in its job."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def able(self, c: AsyncConnection) -> bool:
        """Say whether the organisation names an account for it."""
        organisation = await brands.get_organisation(c)
        return organisation is not None and organisation["system_account_id"] is not None

    async def send_link(
        self,
        c: AsyncConnection,
        to: str,
        subject: str,
        text: str,
        language: str,
        *,
        otherwise: UUID | None = None,
        leave_url: str | None = None,
    ) -> None:
        """Queue one plain text mail in the caller's transaction; `leave_url` is where such mails are ended.

        It goes by the account that the organisation names, else by `otherwise`; nothing without either.
        """
        organisation = await brands.get_organisation(c)
        account_id = (organisation and organisation["system_account_id"]) or otherwise
        if not account_id:
            return
        mail = {"to": to, "subject": subject, "text": text, "language": language, "id": str(new_id())}
        if leave_url:
            mail["leave_url"] = leave_url
        sealed = self._services.secrets.seal(json.dumps(mail).encode())
        data = {"account_id": str(account_id), "sealed": base64.b64encode(sealed).decode()}
        await enqueue(c, KIND, data, lane=str(account_id))


async def account_for(c: AsyncConnection) -> UUID | None:
    """Return the account by which the system writes: the one it was given, else any that can, or None."""
    organisation = await brands.get_organisation(c)
    if organisation and organisation["system_account_id"]:
        return UUID(str(organisation["system_account_id"]))
    every = await brands.list_brands(c)
    found = await mail_account(c, every[0]["id"]) if every else None
    return found.id if found else None


async def mail_account(c: AsyncConnection, brand_id: UUID) -> AccountRecord | None:
    """Return the account that can send a mail, one of the same brand first; None when there is none."""
    found = [record for record in await brands.list_accounts(c) if record.enabled and starts_mail(record)]
    return min(found, key=lambda record: record.brand_id != brand_id, default=None)


def starts_mail(record: AccountRecord) -> bool:
    """Say whether an account can write a first mail."""
    able = record.connector.capabilities
    return able.address_kind == _ADDRESS_KIND and able.starts


def sending(services: Services) -> Handler:
    """Return the job that sends one such mail; given up after a few minutes, and the log says so."""

    async def run(data: dict[str, Any], attempt: int) -> None:
        mail = json.loads(services.secrets.open(base64.b64decode(data["sealed"])))
        try:
            async with services.db.connect() as c:
                record = await brands.get_account(c, UUID(data["account_id"]))
            account = record.opened(services.secrets, services.db)
            await record.connector.send(
                Outbound(
                    message_id=UUID(mail["id"]),
                    conversation_id=UUID(mail["id"]),
                    conversation_key=mail["id"],
                    to=[Party(record.connector.capabilities.address_kind, mail["to"])],
                    text=mail["text"],
                    subject=mail["subject"],
                    external_id=record.connector.new_external_id(UUID(mail["id"]), account),
                    automatic=True,
                    leave_url=mail.get("leave_url"),
                    language=mail["language"],
                ),
                account,
            )
        except SendFailed as failure:
            if failure.why is Why.STOPPED:
                raise Retry(0, failure.message, counts=False) from failure
            if failure.why is Why.RETRY and attempt < ATTEMPTS:
                pause_s = failure.retry_after_s or back_off_s(attempt)
                raise Retry(pause_s, failure.message, lane_down=failure.unreachable) from failure
            log.warning("system_mail.given_up", reason=failure.message)
        except DomainError as error:
            log.warning("system_mail.given_up", reason=error.message)

    return run
