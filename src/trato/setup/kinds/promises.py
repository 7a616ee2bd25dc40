"""What is promised and what happens by itself: targets of service, rules, who answers for what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from trato.automation.rules import api as rules_api
from trato.automation.rules import schemas as rule_schemas
from trato.automation.rules import service as rules
from trato.automation.sla import api as sla_api
from trato.automation.sla import policies
from trato.automation.sla import schemas as sla_schemas
from trato.conversations import case_api, case_schemas, doors
from trato.incidents import affected
from trato.incidents import api as incidents_api
from trato.incidents import schemas as incident_schemas
from trato.kit.plain_yaml import Place
from trato.setup.forms import GONE, LANGUAGES, Each, Names, Plain, Ref
from trato.setup.kind import Kind, changed, made, read, removed

# Fields of conditions whose values are things of ours.
_ABOUT: Final[Mapping[str, str]] = {
    "conversation.brand": "brands",
    "conversation.assignee": "agents",
    "case.owner": "agents",
    "queue": "queues",
    "tags": "tags",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """When a rule holds: a tree of tests, with names where the API has ids."""

    name: str = "condition"
    sections: frozenset[str] = frozenset(_ABOUT.values())

    def out(self, value: Any, names: Names) -> Any:
        """Return the tree as the file has it."""
        return _each(value, (), lambda section, one, _: names.key(section, one))

    def back(self, value: Any, names: Names, place: Place) -> Any:
        """Return the tree as the API takes it; raises `Wrong` for what is not here."""
        return _each(value, place, lambda section, one, where: str(names.id(section, one, where)))


def _each(node: Any, place: Place, change: Any) -> Any:
    """Return a condition with its references changed; what is no condition stays, for the rule to judge."""
    if isinstance(node, list):
        return [_each(one, (*place, number), change) for number, one in enumerate(node)]
    if not isinstance(node, Mapping):
        return node
    section = _ABOUT.get(str(node.get("field")))
    if section is None or "value" not in node:
        return {key: _each(one, (*place, key), change) for key, one in node.items()}
    value, where = node["value"], (*place, "value")
    several = isinstance(value, list)
    found = [change(section, one, where) for one in value] if several else change(section, value, where)
    return {**node, "value": found}


SLA_POLICIES = Kind(
    "sla_policies",
    frozenset({"sla_policy"}),
    every=read(policies.every),
    body=sla_schemas.SlaPolicyBody,
    change=sla_schemas.SlaPolicyChange,
    create=made(sla_api.create),
    update=changed(sla_api.change),
    remove=removed(sla_api.remove),
    forms={
        "brand_id": Ref("brand", "brands"),
        "queue_id": Ref("queue", "queues"),
        "calendar_id": Ref("calendar", "calendars"),
    },
    ordered=True,
)
RULES = Kind(
    "rules",
    frozenset({"rule"}),
    every=read(rules.every),
    body=rule_schemas.RuleBody,
    change=rule_schemas.RuleChange,
    create=made(rules_api.create),
    update=changed(rules_api.change),
    remove=removed(rules_api.remove),
    forms={
        "condition": Condition(),
        "actions": Each(
            "actions",
            {
                "queue_id": Ref("queue", "queues"),
                "agent_id": Ref("agent", "agents"),
                "tag_id": Ref("tag", "tags"),
                "macro_id": Ref("macro", "macros"),
            },
        ),
    },
    ordered=True,
)
DOORS = Kind(
    "doors",
    frozenset({"door"}),
    every=read(doors.doors),
    body=case_schemas.DoorBody,
    change=case_schemas.DoorChange,
    create=made(case_api.add_door),
    update=changed(case_api.change_door),
    forms={"owner_id": Ref("owner", "agents")},
)


def _service_name(item: Mapping[str, Any]) -> str:
    names = item.get("names")
    found = names if isinstance(names, Mapping) else {}
    first = next((found[one] for one in LANGUAGES if one in found), "")
    return f"{item.get('brand', GONE)}: {first}"


SERVICES = Kind(
    "services",
    frozenset({"service"}),
    every=read(affected.every),
    body=incident_schemas.ServiceBody,
    change=incident_schemas.ServiceChange,
    create=made(incidents_api.add_service),
    update=changed(incidents_api.change_service),
    remove=removed(incidents_api.remove_service),
    forms={"brand_id": Ref("brand", "brands"), "names": Plain("names", keys=LANGUAGES)},
    name=_service_name,
    ordered=True,
)
