"""Shapes of calendars at the HTTP edge."""

from datetime import date, datetime
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from trato.decide.holidays import MAX_TEXT
from trato.kit.errors import Unfit
from trato.kit.inputs import Line, MaybeLine, TimeZone, unchanged
from trato.kit.paging import Page

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Clock = str  # judged by decide.timetable, which says what is wrong with which span
Spans = list[tuple[Clock, Clock]]
Week = dict[Day, Spans]
MAX_EXCEPTIONS = 400


class CalendarException(BaseModel):
    """A date with hours of its own; without spans it is closed."""

    model_config = ConfigDict(extra="forbid")

    date: date
    name: MaybeLine = Field(default="", max_length=120)
    spans: Spans = Field(default_factory=list, max_length=12)


class CalendarBody(BaseModel):
    """A calendar. A span whose end is not later than its start ends on the next day; 24:00 is midnight.

    Holidays come as iCalendar text in `ical`, or are fetched from `ical_url` every few hours.
    """

    model_config = ConfigDict(extra="forbid")

    name: Line = Field(max_length=120)
    time_zone: TimeZone
    week: Week = Field(default_factory=dict)
    exceptions: list[CalendarException] = Field(default_factory=list, max_length=MAX_EXCEPTIONS)
    ical: str = Field(default="", max_length=MAX_TEXT)
    ical_url: str | None = Field(default=None, max_length=2_000)

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if self.ical and self.ical_url:
            raise Unfit("Holidays come from a text or from an address, not from both.")
        return self


class CalendarChange(CalendarBody):
    """What may change of a calendar; what is left out stays."""

    name: Line = unchanged(max_length=120)
    time_zone: TimeZone = unchanged()
    week: Week = unchanged()
    exceptions: list[CalendarException] = unchanged(max_length=MAX_EXCEPTIONS)
    ical: str = unchanged(max_length=MAX_TEXT)


class CalendarState(BaseModel):
    """Whether it is open now; when it opens or closes next, null if not within 400 days."""

    open: bool
    opens_at: datetime | None
    closes_at: datetime | None


class CalendarView(BaseModel):
    """A calendar; `ical_error` says why its holidays could not be fetched last time."""

    id: UUID
    name: str
    time_zone: str
    week: dict[str, Any]
    exceptions: list[CalendarException]
    ical_url: str | None
    ical_fetched_at: datetime | None
    ical_error: str | None
    has_ical: bool
    version: int
    created_at: datetime
    now: CalendarState


class CalendarDetail(CalendarView):
    """A calendar with the text of its holidays."""

    ical: str


class CalendarPage(Page[CalendarView]):
    """All calendars, by name."""


class CalendarSpell(BaseModel):
    """From when until when it is open."""

    start: datetime
    end: datetime


class CalendarDay(BaseModel):
    """A date as it will be: when it is open, and the name of the exception or holiday that governs it."""

    date: date
    name: str
    special: bool
    openings: list[CalendarSpell]


class CalendarPreview(CalendarState):
    """What a calendar, saved or not, says of now and of the days to come."""

    days: list[CalendarDay]
