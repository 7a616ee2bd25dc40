"""What the access API gives."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from trato.access.roles import RoleName
from trato.kit.paging import Page


class UserView(BaseModel):
    """Somebody who signs in; `invited`: has not accepted the invitation yet."""

    id: UUID
    email: str
    name: str
    role: RoleName
    language: str
    active: bool
    invited: bool
    has_totp: bool
    passkeys: int
    created_at: datetime
    agent_id: UUID | None
    capacity: int | None


class UserPage(Page[UserView]):
    """All users, by name."""


class AgentView(BaseModel):
    """Somebody who helps."""

    id: UUID
    user_id: UUID | None
    name: str
    kind: Literal["person", "assistant"]
    capacity: int
    signature: str
    picture_url: str | None  # on this server
    active: bool


class SessionView(BaseModel):
    """Who is signed in; `csrf` goes back in `X-CSRF-Token` with every change."""

    user: UserView
    agent: AgentView | None
    organisation: dict[str, Any] | None
    csrf: str
    set_up: bool
    language: str


class SecondFactorView(BaseModel):
    """The password was right; one of these is asked now."""

    second_factor: list[Literal["totp", "passkey"]]
    challenge: str


class OpenSession(BaseModel):
    """A session; `strong`: begun with a second factor or a passkey."""

    id: UUID
    current: bool
    ip: str | None
    user_agent: str | None
    strong: bool
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


class SessionPage(Page[OpenSession]):
    """One's own open sessions, the latest first."""


class PasskeyView(BaseModel):
    """A passkey."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None


class PasskeyPage(Page[PasskeyView]):
    """One's own passkeys, the oldest first."""


class CeremonyView(BaseModel):
    """What the browser needs for a passkey (WebAuthn Level 3), and the key of its challenge."""

    challenge: str
    options: dict[str, Any]


class TotpView(BaseModel):
    """A second factor to scan."""

    secret: str
    uri: str
    svg: str


class RecoveryCodes(BaseModel):
    """Codes for when the second factor is lost, shown this once."""

    recovery_codes: list[str]


class OneTimeLink(BaseModel):
    """What a one-time link is for, and for whom."""

    purpose: str
    email: str | None
    name: str | None


class MadeLink(BaseModel):
    """A one-time link to hand over."""

    link: str


class Invited(MadeLink):
    """Somebody invited, and their link."""

    user: UserView


class KeyView(BaseModel):
    """An API key, without what makes it one."""

    id: UUID
    name: str
    prefix: str
    scopes: list[str]
    created_by: UUID
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class KeyPage(Page[KeyView]):
    """The keys that are not revoked, and the scopes that a key may have, each in words."""

    scopes: dict[str, str]


class MadeKey(KeyView):
    """A new key; `token` is shown this once."""

    token: str


class AuditEntry(BaseModel):
    """Who did what to whom."""

    id: Annotated[int, Field(ge=1)]
    at: datetime
    actor: str
    action: str
    target: str
    data: dict[str, Any]
    ip: str | None


class AuditPage(Page[AuditEntry]):
    """A page of the audit log, the latest first."""


class Nothing(BaseModel):
    """Nothing to say: the same whatever came of it."""
