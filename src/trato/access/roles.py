"""The one list of roles and of the scopes that an API key may have."""

from enum import IntEnum
from typing import Literal, Self

RoleName = Literal["agent", "supervisor", "administrator"]


class Role(IntEnum):
    """What a user may do; each role may do all that the ones before it may."""

    AGENT = 1
    SUPERVISOR = 2
    ADMINISTRATOR = 3

    @classmethod
    def named(cls, name: str) -> Self:
        """Return the role of a name as the API and the database spell it; raises KeyError."""
        return cls[name.upper()]

    @property
    def label(self) -> str:
        """Return the name as the API and the database spell it."""
        return self.name.lower()


# A key acts for the user who made it and never may more than that user may now.
SCOPES = {
    "contacts:read": "Read contacts and their addresses",
    "contacts:write": "Create, change, merge and block contacts",
    "conversations:read": "Read conversations, messages and attachments",
    "conversations:write": "Send messages and change conversations",
    "cases:read": "Read cases",
    "cases:write": "Create and change cases",
    "events:read": "Follow the live events",
    "presence:read": "Read who is available",
    "queues:read": "Read queues, skills, teams, sites and what agents can do",
    "queues:write": "Change queues, skills, teams, sites and what agents can do",
    "channels:read": "Read accounts of channels, without their secrets",
    "channels:write": "Create and change accounts of channels",
    "webhooks:read": "Read outgoing webhooks and their deliveries",
    "webhooks:write": "Create, change and replay outgoing webhooks",
    "organisation:read": "Read the organisation and its brands",
    "organisation:write": "Change the organisation and its brands",
    "users:read": "Read users",
    "users:write": "Invite, change and deactivate users",
    "automation:read": "Read rules, macros, targets of service, tags and dispositions",
    "automation:write": "Create and change rules, macros, targets of service, tags and dispositions",
    "articles:read": "Read articles, their drafts and what readers say of them",
    "articles:write": "Write, publish and withdraw articles and their sections",
    "incidents:read": "Read incidents, whom they touch and who is told",
    "incidents:write": "Declare, tell of and resolve incidents, and link conversations to them",
    "audit:read": "Read the audit log",
}
