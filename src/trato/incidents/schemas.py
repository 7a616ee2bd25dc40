"""Shapes of incidents, what they affect, whom they touch and who is told, at the HTTP edge."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from trato.kit.errors import Unfit
from trato.kit.inputs import Line, Prose, TimeZone, unchanged

Language = Literal["es", "en", "pt"]
Severity = Literal["minor", "major", "critical"]
Kind = Literal["incident", "maintenance"]
Phase = Literal["suspected", "planned", "ongoing", "resolved", "dismissed"]
ServiceKind = Literal["product", "site", "channel"]

Names = Annotated[dict[Language, Annotated[Line, Field(max_length=80)]], Field(min_length=1)]
Titles = Annotated[dict[Language, Annotated[Line, Field(max_length=140)]], Field(min_length=1)]
_Said = Annotated[Prose, StringConstraints(strip_whitespace=True, max_length=2_000)]
Texts = dict[Language, _Said]
Written = Annotated[
    dict[
        Language, Annotated[Prose, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
    ],
    Field(min_length=1),
]
Words = Annotated[list[Annotated[Line, Field(max_length=80)]], Field(max_length=40)]
ServiceIds = Annotated[list[UUID], Field(max_length=50)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ServiceBody(_Body):
    """Something of a brand that can be affected, as customers call it."""

    brand_id: UUID
    kind: ServiceKind = "product"
    names: Names
    position: int = Field(default=0, ge=0, le=1_000_000)


class ServiceChange(_Body):
    """What may change of it; what is left out stays."""

    kind: ServiceKind = unchanged()
    names: Names = unchanged()
    position: int = unchanged(ge=0, le=1_000_000)
    active: bool = unchanged()


class ServiceView(BaseModel):
    """Something of a brand that can be affected."""

    id: UUID
    brand_id: UUID
    kind: str
    names: dict[str, str]
    position: int
    active: bool
    version: int


class IncidentBody(_Body):
    """An incident, or planned maintenance with its window.

    `noticed`: what people notice. `words`: phrases by which customers tell of it. `time_zone`: in which the
    window was planned, and is told. `ends_itself`: maintenance is over at its end without anybody saying so.
    `state` `suspected`: only the desk sees it until somebody confirms it.
    """

    brand_id: UUID
    kind: Kind = "incident"
    state: Literal["open", "suspected"] = "open"
    severity: Severity = "minor"
    titles: Titles
    noticed: Texts = Field(default_factory=dict)
    words: Words = Field(default_factory=list)
    service_ids: ServiceIds = Field(default_factory=list)
    began_at: AwareDatetime | None = None
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    time_zone: TimeZone | None = None
    ends_itself: bool = True

    @model_validator(mode="after")
    def _window(self) -> Self:
        given = (self.starts_at, self.ends_at, self.time_zone)
        if self.kind == "maintenance" and None in given:
            raise Unfit("Maintenance has a beginning, an end and a time zone.")
        if self.kind == "incident" and any(one is not None for one in given):
            raise Unfit("Only maintenance is planned for a time.")
        return self


class IncidentChange(_Body):
    """What may change; what is left out stays."""

    severity: Severity = unchanged()
    titles: Titles = unchanged()
    noticed: Texts = unchanged()
    words: Words = unchanged()
    service_ids: ServiceIds = unchanged()
    starts_at: AwareDatetime = unchanged()
    ends_at: AwareDatetime = unchanged()
    time_zone: TimeZone = unchanged()
    ends_itself: bool = unchanged()


class UpdateBody(_Body):
    """What is new, in the languages it is written in; the same `client_id` twice is one update."""

    client_id: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    texts: Written


class ResolveBody(_Body):
    """What was done, or why it is not over after all, as everybody who is told reads it; may be left out."""

    texts: Texts = Field(default_factory=dict)


class UpdateView(BaseModel):
    """What was told of an incident."""

    id: UUID
    kind: str
    texts: dict[str, str]
    at: datetime
    by: str


class AffectedView(BaseModel):
    """What an incident affects."""

    id: UUID
    kind: str
    names: dict[str, str]


class IncidentView(BaseModel):
    """An incident or planned maintenance, with all that was told of it, and how many it touches.

    `phase` is where it stands now; `linked` conversations, `followers` who asked to be told, `told`, and
    `to_tell` who still are to be; `unreachable` cannot be.
    """

    id: UUID
    brand_id: UUID
    kind: str
    state: str
    phase: Phase
    severity: str
    titles: dict[str, str]
    noticed: dict[str, str]
    words: list[str]
    services: list[AffectedView]
    evidence: dict[str, Any]
    began_at: datetime
    starts_at: datetime | None
    ends_at: datetime | None
    time_zone: str | None
    ends_itself: bool
    declared_by: str
    resolved_at: datetime | None
    resolved_by: str | None
    updates: list[UpdateView]
    linked: int
    followers: int
    told: int
    to_tell: int
    unreachable: int
    version: int
    created_at: datetime


class LinkReason(BaseModel):
    """By which words of theirs one can tell; none when it was linked by hand."""

    words: list[str] = Field(default_factory=list)
    phrase: str | None = None


class IncidentLinkView(BaseModel):
    """That an incident touches a conversation, and why; `follows`: its contact asked to be told."""

    incident_id: UUID
    conversation_id: UUID
    state: str
    reason: LinkReason
    by: str
    at: datetime
    follows: bool
    titles: dict[str, str]
    phase: Phase
    severity: str
    kind: str
    contact_name: str
    case_number: int | None
    case_title: str | None


class TellingView(BaseModel):
    """Who is told that it is over, and what came of it."""

    contact_id: UUID
    contact_name: str
    asked: bool
    state: str
    channel: str | None
    problem: str | None
    told_at: datetime | None
    conversation_id: UUID | None


class AnnouncementView(BaseModel):
    """What a phone menu or a bot says before anything else; `texts` is empty when nothing is known."""

    incident_ids: list[UUID]
    texts: dict[str, str]
