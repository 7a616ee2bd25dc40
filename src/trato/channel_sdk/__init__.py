"""All that a connector may know: what comes in, what goes out, and the few things it may ask of us.

A connector is one folder under `trato.channels` (or an installed package with the entry point
`trato.channels`): `connector.py` with an instance named `connector` of a class deriving from
`Connector`, `strings.json` (es, en, pt), `icon.svg`, `samples/` and `README.md`. Nothing else names it.
"""

from trato.channel_sdk.connector import (
    Account,
    Capabilities,
    Check,
    Connector,
    Hook,
    HookReply,
    SecretKeeper,
    Sink,
)
from trato.channel_sdk.inbound import (
    Broken,
    Delivery,
    File,
    Inbound,
    InboundEvent,
    Party,
    Sender,
    Typing,
)
from trato.channel_sdk.outbound import Outbound, OutboundFile, SendFailed, Sent, Why
from trato.channel_sdk.sentences import Sentence, Wording

__all__ = [
    "Account",
    "Broken",
    "Capabilities",
    "Check",
    "Connector",
    "Delivery",
    "File",
    "Hook",
    "HookReply",
    "Inbound",
    "InboundEvent",
    "Outbound",
    "OutboundFile",
    "Party",
    "SecretKeeper",
    "SendFailed",
    "Sender",
    "Sent",
    "Sentence",
    "Sink",
    "Typing",
    "Why",
    "Wording",
]
