"""Shapes of organisation, brands, channels and accounts at the HTTP edge."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator

from trato.decide.timetable import first_fault
from trato.kit.errors import Unfit
from trato.kit.inputs import Line, Prose, TimeZone, unchanged
from trato.kit.paging import Page

Language = Literal["es", "en", "pt"]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Hours = dict[Day, list[tuple[str, str]]]


class Body(BaseModel):
    """A request body: unknown fields are refused, so that a typing error is told."""

    model_config = ConfigDict(extra="forbid")


class OrganisationBody(Body):
    """Name, language, time zone and opening hours; an end that is not later than its start is a day later."""

    name: Line = Field(max_length=120)
    language: Language
    time_zone: TimeZone
    hours: Hours = Field(default_factory=dict)

    @field_validator("hours")
    @classmethod
    def _can_be(cls, value: Hours) -> Hours:
        fault = first_fault({str(day): spans for day, spans in value.items()})
        if fault is not None and fault.kind == "overlap":
            raise Unfit("{one} overlaps {other}.", values={"one": fault.said, "other": fault.other})
        if fault is not None:
            raise Unfit("“{said}” is not a span of hours.", values={"said": fault.said})
        return value


class AdministratorBody(Body):
    """Who administers first."""

    name: Line = Field(max_length=120)
    email: str = Field(min_length=3, max_length=254)
    password: str = Field(max_length=1_000)


class SetUpBody(Body):
    """The first set-up: the token of the printed link, the organisation and its administrator."""

    token: str = Field(max_length=200)
    organisation: OrganisationBody
    administrator: AdministratorBody


class OrganisationChange(OrganisationBody):
    """What may change of the organisation; what is left out stays."""

    name: Line = unchanged(max_length=120)
    language: Language = unchanged()
    time_zone: TimeZone = unchanged()
    hours: Hours = unchanged()
    wrap_up_s: int = unchanged(ge=0, le=3_600)
    system_account_id: UUID | None = None


class OrganisationView(BaseModel):
    """The organisation."""

    name: str
    language: Language
    time_zone: str
    hours: Hours
    set_up_at: datetime | None
    wrap_up_s: int  # where no queue says otherwise
    system_account_id: UUID | None
    version: int


class BrandBody(Body):
    """A face to customers."""

    name: Line = Field(max_length=120)
    language: Language
    tone: Literal["usted", "tu", "vos"] = "usted"
    signature: Prose = Field(default="", max_length=2_000)


class BrandChange(Body):
    """What may change of a brand; what is left out stays."""

    name: Line = unchanged(max_length=120)
    language: Language = unchanged()
    tone: Literal["usted", "tu", "vos"] = unchanged()
    signature: Prose = unchanged(max_length=2_000)


class BrandView(BaseModel):
    """A brand."""

    id: UUID
    name: str
    language: Language
    tone: Literal["usted", "tu", "vos"]
    signature: str
    version: int
    created_at: datetime


class ChannelView(BaseModel):
    """A kind of channel, with what the form for a new account needs."""

    kind: str
    strings: dict[str, dict[str, Any]]
    icon: str
    settings_schema: dict[str, Any]
    capabilities: dict[str, Any]


class AccountBody(Body):
    """A new account; `settings` as the channel's schema says, secrets among them."""

    kind: str = Field(max_length=40)
    name: Line = Field(max_length=120)
    brand_id: UUID
    settings: dict[str, Any] = Field(default_factory=dict)


class AccountChange(Body):
    """What may change of an account; a secret that is left out stays, one given as null goes."""

    name: Line | None = Field(default=None, max_length=120)
    enabled: bool | None = None
    undo_s: int | None = Field(default=None, ge=0, le=60)
    settings: dict[str, Any] | None = None


class SentenceView(BaseModel):
    """A sentence that the channel's `strings` hold in each language; `values` fill its `{places}`."""

    code: str
    values: dict[str, str]


class AccountView(BaseModel):
    """An account; `secrets_set` names the secrets that are kept.

    `secrets_awaited` are those that it had where its settings came from: typed, it comes into use.
    """

    id: UUID
    kind: str
    name: str
    brand_id: UUID
    public_key: str
    settings: dict[str, Any]
    secrets_set: list[str]
    secrets_awaited: list[str]
    enabled: bool
    state: Literal["new", "ok", "failing"]
    last_error: str | None
    last_sentences: list[SentenceView]
    last_error_at: datetime | None
    last_ok_at: datetime | None
    undo_s: int  # for how many seconds a reply by it can be taken back
    version: int
    capabilities: dict[str, Any]


class CheckView(BaseModel):
    """One line of a connection test."""

    name: str
    ok: bool
    message: str
    sentence: SentenceView | None


class ChecksView(BaseModel):
    """A connection test."""

    checks: list[CheckView]


class BrandPage(Page[BrandView]):
    """All brands, oldest first."""


class ChannelPage(Page[ChannelView]):
    """Every kind of channel that is installed."""


class AccountPage(Page[AccountView]):
    """All accounts, oldest first."""
