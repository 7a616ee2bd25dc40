"""The list of event types holds what the code appends, and says whose scope each needs."""

import json
import re
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import FastAPI

import trato
from trato.access.roles import SCOPES
from trato.app.web import include_routes
from trato.live import catalogue
from trato.live.audience import Staff
from trato.live.queries import Event

SOURCE = Path(trato.__file__).parent
SAID = re.compile(
    r"""(?:append_event\(|live\.append\(|ports\.changed\(|VALUES \(|event=)\s*(?:c,\s*)?"""
    r"""['"]([a-z_]+\.[a-z_]+)['"]"""
)


def appended() -> set[str]:
    files = (file for file in SOURCE.rglob("*") if file.suffix in {".py", ".sql"})
    return {kind for file in files for kind in SAID.findall(file.read_text("utf-8"))}


def test_the_list_is_whole() -> None:
    assert appended() == set(catalogue.KEPT)


def test_every_entity_is_described() -> None:
    app = FastAPI()
    include_routes(app)
    known = app.openapi()["components"]["schemas"].keys()
    assert {schema for kind in catalogue.KINDS.values() for schema in kind.data.values()} <= known


@pytest.mark.parametrize("kind", catalogue.KINDS)
def test_a_key_is_told_of_a_type_with_its_scope_alone(kind: str) -> None:
    agent_id = uuid4()
    event = Event(1, kind, "staff", None, json.dumps({"data": {"agent_id": str(agent_id)}}))
    needed = catalogue.KINDS[kind].scope
    with_it = Staff(types=catalogue.seen_with({"events:read", needed}))
    without_it = Staff(types=catalogue.seen_with(SCOPES.keys() - {needed}))
    assert with_it.render(event) == Staff(agent_id=agent_id).render(event) == event.frame
    assert without_it.render(event) is None


def test_what_one_agent_is_told_goes_to_nobody_elses_desk() -> None:
    personal = [name for name, kind in catalogue.KINDS.items() if kind.personal]
    assert "notification.changed" in personal
    for name in personal:
        whose = uuid4()
        event = Event(1, name, "staff", None, json.dumps({"data": {"agent_id": str(whose)}}))
        assert Staff(agent_id=uuid4()).render(event) is None
        assert Staff().render(event) is None
        assert Staff(agent_id=whose).render(event)


def test_a_type_that_nobody_listed_is_for_people_alone() -> None:
    event = Event(1, "new.type", "staff", None, "{}")
    assert Staff(types=catalogue.seen_with(SCOPES)).render(event) is None
    assert Staff().render(event) is not None
