"""Known incidents and planned work as the help centre says them: a banner on every page, the status page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from trato.decide.incidents import text_in
from trato.decide.spoken import say_date, say_day
from trato.incidents.announcement import latest
from trato.kit.clock import now


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of an incident at one moment."""

    at: str
    stamp: str
    text: str
    done: bool
    again: bool  # it was said to be over


@dataclass(frozen=True, slots=True)
class Notice:
    """An incident in the reader's words."""

    id: str
    title: str
    text: str  # the latest, else what people notice
    noticed: str
    mark: str  # incident, maintenance, planned, resolved: for the words and the colour
    severity: str
    window: str  # of maintenance
    affects: str
    began: str
    stamp: str
    updates: Sequence[Told]


def notice(
    row: Mapping[str, Any], language: str, first: str, zone: ZoneInfo, words: Mapping[str, str]
) -> Notice:
    """Return an incident in a language, else in the brand's (`first`), else in one that it was written in."""
    phase = row["phase"]
    mark = phase if phase in {"planned", "resolved"} else row["kind"]
    own = ZoneInfo(row["time_zone"]) if row["time_zone"] else zone
    names = [text_in(one["names"], language, first) for one in row["services"]]
    updates = [
        Told(
            at=_moment(datetime.fromisoformat(one["at"]), language, zone),
            stamp=datetime.fromisoformat(one["at"]).isoformat(timespec="seconds"),
            text=text_in(one["texts"], language, first),
            done=one["kind"] == "resolved",
            again=one["kind"] == "reopened",
        )
        for one in reversed(row["updates"])
    ]
    return Notice(
        id=str(row["id"]),
        title=text_in(row["titles"], language, first),
        text=latest(row, language, first),
        noticed=text_in(row["noticed"], language, first),
        mark=mark,
        severity=row["severity"],
        window=_window(row["starts_at"], row["ends_at"], language, own, words) if row["starts_at"] else "",
        affects=words["affects"].format(", ".join(names)) if names else "",
        began=_moment(row["began_at"], language, zone),
        stamp=row["began_at"].isoformat(timespec="seconds"),
        updates=updates,
    )


def _moment(at: datetime, language: str, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    say = say_date if local.year == now().astimezone(zone).year else say_day
    return f"{say(local.date(), language)}, {local:%H:%M}"


def _window(start: datetime, end: datetime, language: str, zone: ZoneInfo, words: Mapping[str, str]) -> str:
    """Say a window in the time zone that it was planned in, with the city by which that is called."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    until = f"{last:%H:%M}" if first.date() == last.date() else _moment(end, language, zone)
    city = zone.key.rpartition("/")[2].replace("_", " ")
    return words["window"].format(_moment(start, language, zone), until, city)
