"""What both ways in share: handing events on until they are durable, and saying how the account does."""

import structlog

from trato.channel_sdk import Broken, Delivery, Inbound, InboundEvent, Sentence, Sink, Typing
from trato.kit.errors import Unavailable

log = structlog.get_logger(__name__)


class NotKept(Exception):
    """An event could not be made durable now: it must be handed in again."""


async def keep(sink: Sink, event: InboundEvent) -> None:
    """Return once the event is durable, if need be as a broken one; raises `NotKept`.

    What fails for want of a disk or a database is tried again by the caller; what fails for any other
    reason would fail for ever, so its original is kept and shown, and the next one has its turn.
    """
    try:
        await sink.deliver(event)
    except (Unavailable, OSError) as error:
        raise NotKept(str(error) or type(error).__name__) from error
    except Exception as error:
        log.exception("mail_not_delivered", provider_id=_id(event))
        try:
            await sink.deliver(_as_broken(event, error))
        except Exception as second:
            raise NotKept(f"{type(second).__name__} while storing") from second


def _as_broken(event: InboundEvent, error: Exception) -> Broken:
    raw = event.raw if isinstance(event, (Inbound, Delivery, Broken)) else None
    return Broken(_id(event), f"could not be taken in: {type(error).__name__}", raw or b"")


def _id(event: InboundEvent) -> str:
    return event.conversation_key if isinstance(event, Typing) else event.provider_id


class Health:
    """Says how an account does that has several parts: it works when all of them do."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._wrong: dict[str, Sentence] = {}

    async def ok(self, part: str) -> None:
        """Say that a part works."""
        self._wrong.pop(part, None)
        await self._tell()

    async def failing(self, part: str, sentence: Sentence) -> None:
        """Say what is wrong with a part."""
        self._wrong[part] = sentence
        await self._tell()

    async def _tell(self) -> None:
        """Tell the sink; one that cannot be reached learns it the next time."""
        try:
            if self._wrong:
                wrong = list(self._wrong.values())
                await self._sink.failing(" ".join(each.text for each in wrong), wrong)
            else:
                await self._sink.ok()
        except Exception as error:  # noqa: BLE001  what we say is lost, what we read is not
            log.warning("health_not_told", error=type(error).__name__)
