"""Shapes of contacts at the HTTP edge."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt

from trato.kit.inputs import LanguageTag, Line, MaybeLine, TimeZone, unchanged
from trato.kit.paging import Page

Tone = Literal["usted", "tu", "vos"]
Prefers = Literal["unknown", "alone", "person"]
EvidenceName = Annotated[str, Field(max_length=60)]
EvidenceText = Annotated[str, Field(max_length=500)] | bool | None


class AddressView(BaseModel):
    """A handle of a contact on a channel."""

    id: UUID
    kind: str
    value: str
    verified_at: datetime | None
    verified_by: str | None


SaidBy = Literal["contact", "site", "third_party", "agent", "learned"]
FactValue = StrictBool | StrictInt | StrictFloat | Annotated[str, Field(max_length=2_000)]


class FactView(BaseModel):
    """Something that a contact has told."""

    id: UUID
    case_id: UUID | None  # true of this matter only
    name: str
    value: FactValue
    said_by: SaidBy
    said_at: datetime
    source: str  # the channel's kind, or `desk`, `page`
    noted_by: str
    certainty: float
    conversation_id: UUID | None


class FactBody(BaseModel):
    """Something a contact has told an agent."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=60)
    value: FactValue
    said_by: Literal["contact", "third_party", "agent"] = "contact"
    certainty: float = Field(default=1, gt=0, le=1)
    case_id: UUID | None = None
    conversation_id: UUID | None = None


class FactChange(BaseModel):
    """What may be set right of a fact; what is left out stays."""

    model_config = ConfigDict(extra="forbid")
    name: str | None = Field(default=None, min_length=1, max_length=60)
    value: FactValue | None = None
    said_by: Literal["contact", "third_party", "agent"] | None = None


class ContactView(BaseModel):
    """A person."""

    id: UUID
    name: str
    language: str | None
    time_zone: str | None
    prefers: Prefers
    preferred_channel: str | None
    tone: Tone | None
    preference_source: str | None
    blocked_at: datetime | None
    merged_into: UUID | None
    version: int
    created_at: datetime
    addresses: list[AddressView]
    facts: list[FactView]


class ContactBody(BaseModel):
    """A new contact, known by an address."""

    model_config = ConfigDict(extra="forbid")
    name: MaybeLine = Field(default="", max_length=120)
    kind: str = Field(max_length=40)
    value: Line = Field(max_length=320)
    language: LanguageTag | None = None


class ContactChange(BaseModel):
    """What may change of a contact; what is left out stays."""

    model_config = ConfigDict(extra="forbid")
    name: MaybeLine | None = Field(default=None, max_length=120)
    language: LanguageTag | None = None
    time_zone: TimeZone | None = None
    prefers: Prefers = unchanged()
    preferred_channel: str | None = Field(default=None, max_length=40)
    tone: Tone | None = None


class MergeBody(BaseModel):
    """The other contact, and why they are one person."""

    model_config = ConfigDict(extra="forbid")
    other_id: UUID
    evidence: dict[EvidenceName, EvidenceText] = Field(default_factory=dict, max_length=20)


class MergeDone(BaseModel):
    """A merge: what to undo it by, and the contact that is left."""

    merge_id: UUID
    contact: ContactView


class MergeUndone(BaseModel):
    """Both contacts as they are again."""

    kept: ContactView
    restored: ContactView


class MergeView(BaseModel):
    """A merge that can be undone."""

    id: UUID
    merged_id: UUID
    merged_name: str
    evidence: dict[str, Any]
    created_at: datetime


class MergeSuggestion(BaseModel):
    """A contact who may be the same person, and what speaks for it."""

    contact: ContactView
    evidence: dict[str, Any]


class ContactPage(Page[ContactView]):
    """A page of contacts, the newest first."""


class MergePage(Page[MergeView]):
    """The merges that made a contact."""


class SuggestionPage(Page[MergeSuggestion]):
    """Who may be the same person."""


class FactPage(Page[FactView]):
    """What a contact has told, newest first."""
