"""Shapes of queues, skills, teams, sites and profiles at the HTTP edge."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from trato.kit.inputs import LanguageTag, Line, TimeZone, unchanged
from trato.kit.paging import Page

NAME_MAX = 80
DAY_S = 86_400
Name = Annotated[Line, Field(max_length=NAME_MAX)]
Level = Annotated[int, Field(ge=1, le=5)]
Allowance = Literal["level", "language", "team", "site", "anybody"]


class Body(BaseModel):
    """A request body: unknown fields are refused, so that a typing error is told."""

    model_config = ConfigDict(extra="forbid")


class NamedBody(Body):
    """Something that has a name alone."""

    name: Name


class NamedChange(Body):
    """Another name."""

    name: Name = unchanged()


class NamedView(BaseModel):
    """Something that has a name alone; `removed` in the event that tells of its end."""

    id: UUID
    name: str
    version: int
    created_at: datetime


class SkillView(NamedView):
    """Something that agents can know, at a level from 1 to 5."""


class AwayReasonView(NamedView):
    """Something that an agent who goes away may choose."""


class SiteBody(NamedBody):
    """A place where teams work."""

    time_zone: TimeZone


class SiteChange(NamedChange):
    """What may change of a site; what is left out stays."""

    time_zone: TimeZone = unchanged()


class SiteView(NamedView):
    """A place where teams work."""

    time_zone: str


class TeamBody(NamedBody):
    """A team, and where it works."""

    site_id: UUID | None = None


class TeamChange(NamedChange):
    """What may change of a team; what is left out stays."""

    site_id: UUID | None = None


class TeamView(NamedView):
    """A team, and where it works."""

    site_id: UUID | None


class NeededSkill(Body):
    """A skill that a queue asks for, and how much of it."""

    skill_id: UUID
    level: Level


class RelaxationStep(Body):
    """What counts no longer once somebody has waited for so long; `by`: how many levels less will do."""

    after_s: int = Field(ge=0, le=DAY_S)
    allow: Allowance
    by: int | None = Field(default=None, ge=1, le=4)


class WaitingRules(Body):
    """What a queue does about long waits.

    Whoever would wait longer than `offer_after_s` is offered other ways: to be written or called, or a time.
    Such a time is a slot of `slot_s` within the hours, for at most `slot_capacity` contacts (0: none is
    agreed).
    """

    offer_after_s: int = Field(default=120, ge=0, le=DAY_S)
    slot_s: int = Field(default=1_800, ge=300, le=DAY_S)
    slot_capacity: int = Field(default=4, ge=0, le=1_000)


class WaitingRulesView(BaseModel):
    """What a queue does about long waits, as it was set or as is usual."""

    offer_after_s: int
    slot_s: int
    slot_capacity: int


class QueueBody(Body):
    """A queue: what it asks for, what it promises, and how it is offered.

    `priority`: each step is a head start of five minutes. `target_percent` of those who come are answered
    within `target_s`. For `patience_s` they wait for who owns the case or spoke last. `push_to`: how many
    agents are asked at once. `account_ids`: what comes in by these accounts waits here; an account that
    another queue had is taken from it. Without `calendar_id` the organisation's hours count.
    `disposition_required`: whoever ends work says how it ended, at the close or while they wrap it up.
    """

    name: Name
    brand_id: UUID | None = None
    calendar_id: UUID | None = None
    priority: int = Field(default=0, ge=-10, le=10)
    target_s: int = Field(default=60, ge=1, le=30 * DAY_S)
    target_percent: int = Field(default=80, ge=1, le=100)
    patience_s: int = Field(default=5, ge=0, le=DAY_S)
    language_needed: bool = False
    relaxation: list[RelaxationStep] = Field(default_factory=list, max_length=20)
    push_to: int = Field(default=1, ge=1, le=20)
    offer_expires_s: int = Field(default=60, ge=5, le=3_600)
    auto_accept: bool = False
    wrap_up_s: int = Field(default=0, ge=0, le=3_600)
    disposition_required: bool = False
    skills: list[NeededSkill] = Field(default_factory=list, max_length=50)
    team_ids: list[UUID] = Field(default_factory=list, max_length=200)
    account_ids: list[UUID] = Field(default_factory=list, max_length=500)
    waiting: WaitingRules = Field(default_factory=WaitingRules)


class QueueChange(Body):
    """What may change of a queue; what is left out stays, also of `waiting`.

    `active: false` takes it out of use: its accounts and those who wait in it have the common line.
    """

    name: Name = unchanged()
    brand_id: UUID | None = None
    calendar_id: UUID | None = None
    priority: int = unchanged(ge=-10, le=10)
    target_s: int = unchanged(ge=1, le=30 * DAY_S)
    target_percent: int = unchanged(ge=1, le=100)
    patience_s: int = unchanged(ge=0, le=DAY_S)
    language_needed: bool = unchanged()
    relaxation: list[RelaxationStep] = unchanged(max_length=20)
    push_to: int = unchanged(ge=1, le=20)
    offer_expires_s: int = unchanged(ge=5, le=3_600)
    auto_accept: bool = unchanged()
    wrap_up_s: int = unchanged(ge=0, le=3_600)
    disposition_required: bool = unchanged()
    skills: list[NeededSkill] = unchanged(max_length=50)
    team_ids: list[UUID] = unchanged(max_length=200)
    account_ids: list[UUID] = unchanged(max_length=500)
    waiting: WaitingRules = unchanged()
    active: bool = unchanged()


class QueueView(BaseModel):
    """A queue as it is set up; `removed` in the event that tells of its end."""

    id: UUID
    name: str
    brand_id: UUID | None
    calendar_id: UUID | None
    priority: int
    target_s: int
    target_percent: int
    patience_s: int
    language_needed: bool
    relaxation: list[RelaxationStep]
    push_to: int
    offer_expires_s: int
    auto_accept: bool
    wrap_up_s: int
    disposition_required: bool
    skills: list[NeededSkill]
    team_ids: list[UUID]
    account_ids: list[UUID]
    waiting: WaitingRulesView
    active: bool
    version: int
    created_at: datetime


class WeightBody(Body):
    """How much of an agent's capacity a conversation of a channel takes.

    `exclusive`: all of it, from an agent who has nothing in hand.
    """

    units: int = Field(ge=1, le=100)
    exclusive: bool = False


class WeightView(WeightBody):
    """A channel and what its conversations take; one that nobody has set takes one unit."""

    channel: str


class OwnSkill(Body):
    """A skill that an agent has; `until`: it is lent for a peak and ends by itself."""

    skill_id: UUID
    level: Level
    until: datetime | None = None


class SkillLevel(Body):
    """How much of one skill an agent has."""

    level: Level
    until: datetime | None = None


class ProfileChange(Body):
    """What may change of a profile; what is left out stays.

    Without `languages` an agent speaks that of their user. `limits`: how many at once by channel.
    """

    team_id: UUID | None = None
    languages: list[LanguageTag] = unchanged(max_length=20)
    limits: dict[str, Annotated[int, Field(ge=0, le=100)]] = unchanged(max_length=50)
    skills: list[OwnSkill] = unchanged(max_length=200)


class ProfileView(BaseModel):
    """What routing knows of an agent beside their presence."""

    agent_id: UUID
    team_id: UUID | None
    languages: list[str]
    limits: dict[str, int]
    skills: list[OwnSkill]
    version: int


class SkillPage(Page[SkillView]):
    """All skills, by name."""


class AwayReasonPage(Page[AwayReasonView]):
    """All reasons to be away, by name."""


class SitePage(Page[SiteView]):
    """All sites, by name."""


class TeamPage(Page[TeamView]):
    """All teams, by name."""


class QueuePage(Page[QueueView]):
    """All queues, by name, those out of use last."""


class WeightPage(Page[WeightView]):
    """Every channel that is installed, by its kind."""


class ProfilePage(Page[ProfileView]):
    """The profile of every active agent, by name."""
