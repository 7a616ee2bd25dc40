"""Takes in what comes from outside, then looks whether it is a plain answer that nobody need read."""

import structlog

from trato.brands.service import AccountRecord
from trato.channel_sdk import Inbound, InboundEvent
from trato.db.edge import Services
from trato.flow import inbound, resolution

log = structlog.get_logger()


async def take_in(services: Services, account: AccountRecord, event: InboundEvent) -> inbound.Received:
    """Take one event; when this returns it is durable. Raises as `inbound.receive`.

    What cannot be looked at now stays what it is: a message that waits for a person.
    """
    received = await inbound.receive(services, account, event)
    if not isinstance(event, Inbound) or received.conversation_id is None or received.message_id is None:
        return received
    if _is_plain(event):
        try:
            await resolution.heard(services, received.conversation_id, received.message_id, event.text)
        except Exception:
            log.exception("arrival.not_heard", message=str(received.message_id))
    return received


def _is_plain(event: Inbound) -> bool:
    """Say whether it is nothing but words, of a person who is known to be who they say."""
    known = event.verified or event.conversation_id is not None
    return known and event.sent_by == "person" and not (event.spam or event.files or event.file_ids)
