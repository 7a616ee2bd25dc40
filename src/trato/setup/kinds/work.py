"""Who does the work and where it waits: sites, teams, skills, queues, and what is written of each agent."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field

from trato.access import queries as access
from trato.access import users
from trato.access.edge import Caller
from trato.access.ports import EXTRA, Ports
from trato.access.schemas import Capacity
from trato.conversations import gestures
from trato.conversations.case_schemas import Amount, Currency
from trato.kit.errors import Unfit
from trato.kit.inputs import LanguageTag, unchanged
from trato.routing import named, profiles, queues, queues_api, setup_api
from trato.routing import setup_schemas as schemas
from trato.setup.forms import Each, Names, Plain, Ref, Refs
from trato.setup.kind import Act, Kind, Row, by, changed, made, removed


def _named(of: named.Named) -> Any:
    async def every(act: Act) -> Sequence[Row]:
        return await named.every(act.c, of)

    return every


SITES = Kind(
    "sites",
    frozenset({"site"}),
    every=_named(named.SITE),
    body=schemas.SiteBody,
    change=schemas.SiteChange,
    create=made(setup_api.create_site),
    update=changed(setup_api.change_site),
    remove=removed(setup_api.remove_site),
)
TEAMS = Kind(
    "teams",
    frozenset({"team"}),
    every=_named(named.TEAM),
    body=schemas.TeamBody,
    change=schemas.TeamChange,
    create=made(setup_api.create_team),
    update=changed(setup_api.change_team),
    remove=removed(setup_api.remove_team),
    forms={"site_id": Ref("site", "sites")},
)
SKILLS = Kind(
    "skills",
    frozenset({"skill"}),
    every=_named(named.SKILL),
    body=schemas.NamedBody,
    change=schemas.NamedChange,
    create=made(setup_api.create_skill),
    update=changed(setup_api.change_skill),
    remove=removed(setup_api.remove_skill),
)
AWAY_REASONS = Kind(
    "away_reasons",
    frozenset({"away_reason"}),
    every=_named(named.AWAY_REASON),
    body=schemas.NamedBody,
    change=schemas.NamedChange,
    create=made(setup_api.create_away_reason),
    update=changed(setup_api.change_away_reason),
    remove=removed(setup_api.remove_away_reason),
)


class WeightItem(schemas.WeightBody):
    """A channel of the file, and what its conversations take."""

    channel: str


async def _weights(act: Act) -> Sequence[Row]:
    return await profiles.weights(act.c)


async def _set_weight(act: Act, row: Row, body: "WeightChange") -> None:
    given = body.model_dump(exclude_unset=True)
    whole = schemas.WeightBody(**{"units": row["units"], "exclusive": row["exclusive"], **given})
    await setup_api.set_weight(act.caller, act.c, row["channel"], whole)


class WeightChange(schemas.Body):
    """What the file may change of a channel's weight; what is left out stays."""

    units: int = unchanged(ge=1, le=100)
    exclusive: bool = unchanged()


CHANNEL_WEIGHTS = Kind(
    "channel_weights",
    frozenset({"channel_weight"}),
    every=_weights,
    body=WeightItem,
    change=WeightChange,
    update=_set_weight,
    name=by("channel"),
    owner="channel",
    row_id="channel",
    skip_absent=True,
)


async def _queues(act: Act) -> Sequence[Row]:
    return await queues.every(act.c)


async def _change_queue(act: Act, row: Row, body: schemas.QueueChange) -> None:
    """Change a queue from the version that was read; that another took its accounts is no change."""
    now = await queues.get(act.c, row["id"])
    same = all(now[one] == row[one] for one in row if one not in {"version", "account_ids"})
    version = now["version"] if same else row["version"]
    await queues_api.change_queue(act.caller, act.c, row["id"], body, version)


QUEUES = Kind(
    "queues",
    frozenset({"queue", "queue_skill", "queue_team", "queue_account", "queue_waiting"}),
    every=_queues,
    body=schemas.QueueBody,
    change=schemas.QueueChange,
    create=made(queues_api.create_queue),
    update=_change_queue,
    remove=removed(queues_api.remove_queue),
    forms={
        "brand_id": Ref("brand", "brands"),
        "calendar_id": Ref("calendar", "calendars"),
        "skills": Each("skills", {"skill_id": Ref("skill", "skills")}, order="skill"),
        "team_ids": Refs("teams", "teams"),
        "account_ids": Refs("accounts", "accounts"),
    },
    once="account_ids",
)


def _quoted(value: Any) -> Any:
    """Refuse a number: of 1.500 without quotes only 1.5 is left, whatever was meant."""
    if isinstance(value, float):
        raise Unfit("Write the amount in quotes, such as '1500.50'.")
    return value


class Latitude(schemas.Body):
    """What an agent may give without asking."""

    amount: Annotated[Amount, BeforeValidator(_quoted)]
    currency: Currency


class AgentChange(schemas.Body):
    """What is written down of an agent's work; what is left out stays.

    A skill that is lent for a peak is not in the file, and stays as well.
    """

    capacity: Capacity = unchanged()
    team_id: UUID | None = None
    languages: list[LanguageTag] = unchanged(max_length=20)
    limits: dict[str, Annotated[int, Field(ge=0, le=100)]] = unchanged(max_length=50)
    skills: list[schemas.NeededSkill] = unchanged(max_length=200)
    latitude: Latitude | None = None


@dataclass(frozen=True, slots=True)
class _Money(Plain):
    """An amount to the hundredth, however it was written."""

    def out(self, value: Any, names: Names) -> Any:
        """Return the amount as the file has it."""
        del names
        if value is None:
            return None
        return {"amount": f"{Decimal(value['amount']):.2f}", "currency": value["currency"]}


class AgentItem(AgentChange):
    """An agent of the file: somebody who was invited here with this address."""

    email: str


async def people(act: Act) -> Sequence[Row]:
    """Return who works here, each with the address by which a file names them."""
    return [one for one in await access.users(act.c) if one["active"] and one["agent_id"] is not None]


async def _agents(act: Act) -> Sequence[Row]:
    found = []
    for one in await people(act):
        profile = await profiles.get(act.c, one["agent_id"])
        money = await gestures.latitude_of(act.c, one["agent_id"])
        found.append(
            {
                **profile,
                "id": one["agent_id"],
                "user_id": one["id"],
                "email": one["email"],
                "capacity": one["capacity"],
                "skills": [
                    {"skill_id": skill["skill_id"], "level": skill["level"]}
                    for skill in profile["skills"]
                    if skill["until"] is None
                ],
                "lent": [skill for skill in profile["skills"] if skill["until"] is not None],
                "latitude": {"amount": str(money.amount), "currency": money.currency} if money else None,
            }
        )
    return found


async def _change_agent(act: Act, row: Row, body: AgentChange) -> None:
    given = body.model_dump(exclude_unset=True)
    capacity = given.pop("capacity", None)
    if capacity is not None:
        ports: Ports = act.shared.extras.get(EXTRA, Ports())
        await users.change(act.c, ports, act.caller.author, row["user_id"], capacity=capacity)
    if "latitude" in given:
        await _set_latitude(act.c, act.caller, row, given.pop("latitude"))
    if "skills" in given:
        given["skills"] = [*given["skills"], *row["lent"]]
    if given:
        change = schemas.ProfileChange.model_validate(given)
        version = row["version"] if row["version"] > 1 else None  # nobody has written anything of them yet
        await queues_api.change_profile(act.caller, act.c, row["id"], change, version)


async def _set_latitude(c: Any, caller: Caller, row: Row, money: Any) -> None:
    given = gestures.money(Decimal(money["amount"]), money["currency"]) if money else None
    await gestures.set_latitude(c, row["id"], given, actor=caller.actor)


AGENTS = Kind(
    "agents",
    frozenset({"agent_profile", "agent_skill", "latitude"}),
    every=_agents,
    body=AgentItem,
    change=AgentChange,
    update=_change_agent,
    forms={
        "team_id": Ref("team", "teams"),
        "skills": Each("skills", {"skill_id": Ref("skill", "skills")}, order="skill"),
        "latitude": _Money("latitude"),
    },
    name=by("email"),
    owner="email",
    skip_absent=True,
)
