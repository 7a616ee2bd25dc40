"""A file of settings: what comes out goes in, all or nothing, once, and says what it would do."""

import httpx
import pytest
from sqlalchemy import text
from tests.support.postgres import ForgettingDatabase

from trato.db.edge import Services
from trato.kit.errors import Conflict, DomainError, Invalid, TooLarge
from trato.setup import service
from trato.setup.kind import SYSTEM

from .conftest import SHOP, Bring, empty

HEAD = "format: trato-settings\nversion: 1\n"


async def taken_out(services: Services) -> str:
    return await service.take_out(services, SYSTEM)


async def count(db: ForgettingDatabase, query: str) -> int:
    async with db.connect() as c:
        return int(await c.scalar(text(query)) or 0)


async def test_what_comes_out_of_one_installation_makes_another_the_same(
    db: ForgettingDatabase, services: Services, bring: Bring
) -> None:
    seen = await bring(dry_run=True)
    assert [(one.field, one.why.message) for one in seen.problems] == []
    plan = await bring()
    assert plan.left_out == [("agents", "nadie@latienda.example")]
    assert [(one.account, one.secrets) for one in plan.awaited] == [
        ("Chat", ["identity_secret"]),
        ("Correo", ["password"]),
        ("Correo viejo", ["password"]),
    ]
    first = await taken_out(services)
    for said in (
        *("name: Frío Sur\n", "known_as: Frío Sur (2)", "accounts: [Chat, Correo]", "value: La Tienda"),
        *("owner: ana@latienda.example", "system_account: Correo", "amount: '50.00'", "    Con gusto,\n"),
    ):
        assert said in first
    await empty(db)
    assert await taken_out(services) != first
    plan = await bring(first)
    assert plan.problems == []
    assert await taken_out(services) == first

    # and once more: nothing changes, nobody is told
    before = await count(db, "SELECT count(*) FROM event")
    for given in (first, SHOP):
        plan = await bring(given)
        assert (plan.changes, plan.problems) == ([], [])
    assert sum(plan.untouched.values()) > 30
    assert await count(db, "SELECT count(*) FROM event") == before
    assert await taken_out(services) == first


async def test_a_look_changes_nothing_and_what_is_seen_is_what_happens(
    db: ForgettingDatabase, services: Services, bring: Bring
) -> None:
    before = await taken_out(services)
    seen = await bring(dry_run=True)
    assert (seen.count("new"), seen.count("changed")) == (31, 7)
    assert await taken_out(services) == before
    assert await count(db, "SELECT count(*) FROM audit_log WHERE action = 'settings.imported'") == 0
    done = await bring(expected=seen.digest)
    assert done.digest == seen.digest
    assert await count(db, "SELECT count(*) FROM audit_log WHERE action = 'queue.created'") == 2
    assert await count(db, "SELECT count(*) FROM audit_log WHERE action = 'settings.imported'") == 1
    assert await count(db, "SELECT count(*) FROM event WHERE type = 'queue.changed'") > 0
    # what would happen is another thing by now
    change = f"{HEAD}queues:\n- name: garantías\n  priority: 7\n  team: []\n".replace("  team: []\n", "")
    seen = await bring(change, dry_run=True)
    assert [(one.name, one.before, one.after) for one in seen.changes[0].fields] == [
        ("name", "Garantías", "garantías"),
        ("priority", 2, 7),
    ]
    async with db.begin() as c:
        await c.execute(text("UPDATE queue SET priority = 3, version = version + 1"))
    with pytest.raises(Conflict, match="changed since you looked"):
        await bring(change, expected=seen.digest)
    assert await count(db, "SELECT count(*) FROM queue WHERE priority = 3") == 2


async def test_what_is_in_the_way_is_told_with_its_line_and_nothing_happens(
    services: Services, bring: Bring
) -> None:
    before = await taken_out(services)
    wrong = f"""{HEAD}
skills:
- name: Buena
- name: ''
- name: buena
queues:
- name: Una
  priorty: 3
- name: Dos
  skills:
  - skill: Buena
    level: 9
- name: Tres
  skills:
  - skill: Nadie
    level: 1
  teams: Sur
- name: Cinco
  accounts: [Correo]
- name: Seis
  accounts: [Correo]
- name: Cuatro
  relaxation:
  - {{after_s: 20, allow: anybody}}
  - {{after_s: 10, allow: team}}
doors:
- {{kind: shop, name: Centro, owner: nadie@latienda.example}}
accounts:
- kind: email
  name: Correo
  brand: Trato
  settings: {{address: a@b.example, password: hunter2}}
- kind: paloma
  name: Paloma
  brand: Trato
"""
    plan = await bring(wrong, dry_run=True)
    assert [(one.line, one.field) for one in plan.problems] == [
        (34, "accounts.0.settings.password"),
        (35, "accounts.1.kind"),
        (6, "skills.1.name"),
        (7, "skills.2"),
        (23, "queues.4.accounts.0"),  # two entries want it
        (10, "queues.0.priorty"),
        (14, "queues.1.skills.0.level"),
        (17, "queues.2.skills.0.skill"),
        (21, "queues.3.accounts.0"),  # it is in the way itself
        (23, "queues.4.accounts.0"),
        (27, "queues.5.relaxation.1.after_s"),
        (29, "doors.0.owner"),
    ]
    assert plan.problems[5].why.todo == "Did you mean “priority”?"
    assert "hunter2" not in str([one.why for one in plan.problems])
    with pytest.raises(Conflict, match="12 entries are in the way"):
        await bring(wrong)
    assert await taken_out(services) == before


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("", "not a file of Trato"),
        ("hola", "not a file of Trato"),
        ("[1]", "not a file of Trato"),
        ("format: trato-settings\n", "of version None"),
        ("format: trato-settings\nversion: 2\n", "of version 2, and this Trato reads version 1"),
        ("format: trato-settings\nversion: true\n", "of version True"),
        (f"{HEAD}queue: []\n", "Line 3: nothing here is called “queue”"),
        (f"{HEAD}queues: 3\n", "Line 3: a list is expected"),
        (f"{HEAD}queues:\n- 3\n", "Line 4: names with their values"),
        (f"{HEAD}organisation: []\n", "Line 3: names with their values"),
        (f"{HEAD}queues: &a\n- name: x\ntags: *a\n", "Line 3: anchors"),
        (f"{HEAD}tags:\n- name: x\n  name: y\n", "Line 5: “name” stands there twice"),
        (f"{HEAD}tags:\n- name: \x00", "cannot be read at line 4"),
        (f"{HEAD}tags: !!python/name:os.system\n", "Line 3: marks of types"),
    ],
)
async def test_another_file_is_refused_with_the_place(bring: Bring, given: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        await bring(given, dry_run=True)


@pytest.mark.parametrize(
    ("entry", "place", "line", "told"),
    [
        ("queues:\n- name: A\n  priority: alta", "priority", 5, "Aquí se espera un número entero."),
        ("queues:\n- name: A\n  priority: 99", "priority", 5, "Debe ser 10 o menos."),
        (
            "brands:\n- name: A\n  tone: yo\n  language: es",
            "tone",
            5,
            "uno de estos valores: 'usted', 'tu', 'vos'.",
        ),
        ("sections:\n- slug: a", "names", 4, "Falta este dato."),
        ("brands:\n- name: '  '\n  language: es", "name", 4, "Falta este dato."),
        (
            "rules:\n- name: A\n  on_events: [message.created]\n  actions:\n  - {do: set_queues}",
            "actions.0",
            7,
            "Aquí se espera uno de estos valores",
        ),
        (
            "rules:\n- name: A\n  on_events: [message.created]\n  actions:\n  - {do: add_task, title: ''}",
            "actions.0.title",
            7,
            "Falta este dato.",
        ),
        (
            "agents:\n- email: ana@latienda.example\n  latitude: {amount: '1.500', currency: USD}",
            "latitude.amount",
            5,
            "sin separador de miles",
        ),
        (
            "agents:\n- email: ana@latienda.example\n  latitude: {amount: 1.500, currency: USD}",
            "latitude.amount",
            5,
            "entre comillas",
        ),
        (
            "agents:\n- email: ana@latienda.example\n  latitude: {amount: '15', currency: PESOS}",
            "latitude.currency",
            5,
            "las tres letras de una moneda",
        ),
        (
            "accounts:\n- {kind: webchat, name: C, brand: Trato, settings: {origins: [mitienda.com]}}",
            "settings.origins.0",
            4,
            "con https:// al comienzo",
        ),
    ],
)
async def test_what_is_wrong_is_told_in_the_language_of_whoever_reads(
    http: httpx.AsyncClient, entry: str, place: str, line: int, told: str
) -> None:
    given = {"text": f"{HEAD}{entry}\n", "dry_run": True}
    found = await http.post("/settings/import", json=given, headers={"Accept-Language": "es"})
    (problem, *_) = found.json()["problems"]
    section = entry.split(":", maxsplit=1)[0]
    assert (problem["line"], told in problem["detail"]) == (line, True), problem
    assert problem["field"].startswith(f"{section}.0.{place}")


async def test_hours_of_the_house_may_pass_midnight(bring: Bring) -> None:
    plan = await bring(f"{HEAD}organisation:\n  hours:\n    fri:\n    - ['22:00', '02:00']\n")
    assert plan.problems == []
    overlap = "    fri:\n    - ['22:00', '09:00']\n    sat:\n    - ['08:00', '12:00']\n"
    (problem,) = (await bring(f"{HEAD}organisation:\n  hours:\n{overlap}", dry_run=True)).problems
    assert (problem.field, problem.why.message) == ("organisation.hours", "08:00-12:00 overlaps 22:00-09:00.")


@pytest.mark.parametrize("given", ["#" * 10_000_000, HEAD + "tags:\n" + "- name: x\n" * 5_001])
async def test_more_than_settings_ever_are_is_not_read(bring: Bring, given: str) -> None:
    with pytest.raises(TooLarge):
        await bring(given, dry_run=True)


async def test_nothing_is_taken_away_unless_it_is_asked_for(bring: Bring, services: Services) -> None:
    await bring()
    less = f"{HEAD}skills:\n- name: Heladeras\nsites: []\nteams:\n- name: Ventas\nbrands: []\n"
    assert (await bring(less)).changes == []
    plan = await bring(less, dry_run=True, remove=True)
    assert [(one.section, one.key, one.why.message) for one in plan.problems] == [
        ("skills", "Garantías", "A queue asks for this skill."),
        ("teams", "Frío", "A queue is served by this team."),
        ("sites", "Bogotá", "Teams work at this site."),
    ]
    assert set(plan.stay) == {
        ("brands", "La Tienda"),
        ("brands", "Frío Sur"),
        ("brands", "Frío Sur (2)"),
    }
    free = f"{HEAD}queues:\n- name: Garantías\n  skills: []\n  teams: []\n- name: Vieja\n"
    plan = await bring(free + less.removeprefix(HEAD), remove=True)
    assert [(one.act, one.key) for one in plan.changes] == [
        ("changed", "Garantías"),
        ("removed", "Garantías"),
        ("removed", "Frío"),
        ("removed", "Bogotá"),
    ]


async def test_a_key_renames_and_the_same_file_goes_on_working(bring: Bring, services: Services) -> None:
    await bring()
    policy = "sla_policies:\n- name: Otra\n  queue: Reclamos\n  first_reply_s: 60\n"
    renamed = f"{HEAD}queues:\n- known_as: Garantías\n  name: Reclamos\n{policy}"
    plan = await bring(renamed)
    assert [(one.act, one.key) for one in plan.changes] == [("changed", "Garantías"), ("new", "Otra")]
    assert (await bring(renamed)).changes == []
    assert "queue: Garantías" not in await taken_out(services)


async def test_an_account_comes_into_use_when_its_secrets_are_typed(
    bring: Bring, services: Services, http: httpx.AsyncClient
) -> None:
    await bring()
    accounts = {one["name"]: one for one in (await http.get("/accounts")).json()["items"]}
    mail, old = accounts["Correo"], accounts["Correo viejo"]
    assert (mail["enabled"], mail["secrets_awaited"], mail["secrets_set"]) == (False, ["password"], [])
    for one in (mail, old):
        settings = {**one["settings"], "password": "corcho verde 9"}
        answer = await http.patch(f"/accounts/{one['id']}", json={"settings": settings})
        assert answer.json()["secrets_awaited"] == []
        assert answer.json()["enabled"] is (one is mail)
    found = await taken_out(services)
    assert "corcho" not in found
    assert (await bring()).changes == []  # what was typed stays
    assert (await http.get("/accounts")).json()["items"][1]["secrets_set"] == ["password"]


async def test_over_http_it_is_for_keys_that_may_all_of_it(http: httpx.AsyncClient) -> None:
    answer = await http.get("/settings")
    assert answer.headers["content-type"].startswith("application/yaml")
    assert "trato-settings.yaml" in answer.headers["content-disposition"]
    body = {"text": answer.text, "dry_run": True}
    told = (await http.post("/settings/import", json=body)).json()
    assert (told["applied"], told["changes"], told["problems"]) == (False, [], [])
    hook = f"{HEAD}webhooks:\n- url: https://erp.example/x\n"
    told = (await http.post("/settings/import", json={"text": hook})).json()
    assert told["applied"] is True
    assert told["made_secrets"][0]["secret"].startswith("whsec_")
    wrong = {"text": f"{HEAD}doors:\n- {{kind: shop, name: A, owner: x}}\n"}
    answer = await http.post("/settings/import", json=wrong, headers={"Accept-Language": "es"})
    assert (answer.status_code, answer.json()["detail"][:20]) == (409, "No se importó nada: ")
    answer = await http.post(
        "/settings/import", json={**wrong, "dry_run": True}, headers={"Accept-Language": "es"}
    )
    assert answer.json()["problems"][0]["detail"] == "En agents no hay nada que se llame «x»."
    assert (await http.post("/settings/import", json={"text": "x" * 6_000_000})).status_code == 413


async def test_before_the_first_set_up_there_is_nothing_to_change(
    db: ForgettingDatabase, services: Services, bring: Bring
) -> None:
    async with db.begin() as c:
        await c.execute(text("DELETE FROM organisation"))
    with pytest.raises(DomainError):
        await bring(f"{HEAD}organisation:\n  name: X\n")
