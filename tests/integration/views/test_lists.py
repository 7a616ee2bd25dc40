"""What stands in a view: the same by SQL and in memory, ordered by what hurts first, paged and counted."""

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from trato.decide.views import FIELDS, TIMES, WORDS, Condition, Viewer, belongs, seen_by
from trato.kit.clock import now
from trato.kit.ids import new_id
from trato.views import lists
from trato.views.matching import known_of

from .conftest import House

HOW_MANY = 40
VIEWS = 100


async def scatter(house: House, dice: random.Random) -> dict[str, list[str]]:
    """Fill the house with conversations of all kinds; return the ids that conditions may name."""
    teams = [await house.add("team", name=f"Team {n}") for n in range(2)]
    queues = [await house.add("queue", name=f"Queue {n}", priority=n) for n in range(2)]
    tags = [await house.add("tag", name=f"Tag {n}") for n in range(3)]
    agents = [(await house.worker(f"w{n}", team=teams[n])).agent_id for n in range(2)]
    await house.run("INSERT INTO queue_team (queue_id, team_id) VALUES (:q, :t)", q=queues[0], t=teams[0])
    policy = new_id()
    await house.run("INSERT INTO sla_policy (id, name) VALUES (:id, 'P')", id=policy)
    for n in range(HOW_MANY):
        await _one(house, dice, n, {"agents": agents, "queues": queues, "tags": tags, "policy": policy})
    as_words = {"team": teams, "queue": queues, "label": tags, "assignee": agents, "owner": agents}
    named = {field: [str(one) for one in ids] for field, ids in as_words.items()}
    named |= {"account": [str(house.centre.account_id)], "brand": [str(house.centre.brand_id)]}
    return named | {"channel": ["webchat", "mail"], "language": ["es", "pt", "none"]}


async def _one(house: House, dice: random.Random, n: int, things: dict[str, Any]) -> None:
    at = now()

    def ago(most_min: int = 4_000) -> Any:
        return dice.choice([None, at - timedelta(minutes=dice.randint(-300, most_min))])

    case_id = None
    if dice.random() < 0.6:
        case_id = await house.add(
            "cases",
            brand_id=house.centre.brand_id,
            contact_id=house.centre.contact_id,
            status=dice.choice(["open", "waiting", "resolved", "closed"]),
            owner_id=dice.choice([None, *things["agents"]]),
            promised_at=ago(),
            updated_at=at,
        )
    conversation_id = await house.arrives(priority=dice.randint(-1, 1), case_id=case_id)
    status = dice.choice(["open", "open", "snoozed", "closed"])
    await house.run(
        "UPDATE conversation SET status = :status, spam = :spam, channel = :channel, language = :language,"
        " assignee_id = :assignee, trouble = :trouble, waiting_since = :waiting, last_message_at = :last,"
        " snoozed_until = :snoozed, closed_at = :closed WHERE id = :id",
        id=conversation_id,
        status=status,
        spam=dice.random() < 0.1,
        channel=dice.choice(["webchat", "mail"]),
        language=dice.choice([None, "es", "pt"]),
        assignee=dice.choice([None, *things["agents"]]),
        trouble=dice.choice([None, None, "failed", "uncertain"]),
        waiting=ago(),
        last=ago() or at,
        snoozed=at + timedelta(hours=n) if status == "snoozed" else None,
        closed=at - timedelta(days=dice.choice([1, 29, 31])) if status == "closed" else None,
    )
    if dice.random() < 0.5:
        await house.run("DELETE FROM waiting WHERE conversation_id = :id", id=conversation_id)
    else:
        queue_id = dice.choice([None, *things["queues"]])
        await house.run(
            "UPDATE waiting SET queue_id = :q WHERE conversation_id = :id", id=conversation_id, q=queue_id
        )
    for tag_id in dice.sample(things["tags"], dice.randint(0, 2)):
        about = "case" if case_id is not None and dice.random() < 0.5 else "conversation"
        await house.run(
            f"INSERT INTO {about}_tag ({about}_id, tag_id, actor) VALUES (:id, :tag, 'system')"
            " ON CONFLICT DO NOTHING",
            id=case_id if about == "case" else conversation_id,
            tag=tag_id,
        )
    if dice.random() < 0.4:
        due = at + timedelta(minutes=dice.randint(-90, 90))
        await house.run(
            "INSERT INTO sla_clock (id, policy_id, target, conversation_id, within_s, near_percent,"
            " started_at, running_since, near_at, due_at, state)"
            " VALUES (:id, :policy, 'first_reply', :c, 60, 80, :at, :at, :near, :due, 'ok')",
            id=new_id(),
            policy=things["policy"],
            c=conversation_id,
            at=at,
            near=dice.choice([None, due - timedelta(minutes=40)]),
            due=due,
        )


def some_conditions(dice: random.Random, named: dict[str, list[str]]) -> list[Condition]:
    found = []
    for field in dice.sample(FIELDS, dice.randint(1, 3)):
        if field in TIMES:
            found.append(Condition(field, over_min=dice.randint(1, 3_000)))
            continue
        values = [*named.get(field, ()), *WORDS.get(field, ("me", "mine", "nobody"))]
        chosen = tuple(dice.sample(values, min(len(values), dice.randint(1, 2))))
        found.append(Condition(field, chosen, none=dice.random() < 0.3))
    return found


async def test_the_database_and_the_rules_agree_on_every_conversation(house: House) -> None:
    dice = random.Random(20261126)
    named = await scatter(house, dice)
    viewer = Viewer(named["assignee"][0], named["team"][0])
    at = now()
    async with house.db.connect() as c:
        ids = list(await c.scalars(text("SELECT id FROM conversation ORDER BY id")))
        known = await known_of(c, ids)
        filled = 0
        for _ in range(VIEWS):
            conditions = seen_by(some_conditions(dice, named), viewer)
            page = await lists.page(c, conditions, at, limit=200)
            by_rules = {str(one) for one in ids if belongs(conditions, known[one], at)}
            assert {one["id"] for one in page["items"]} == by_rules, conditions
            assert page["count"] == len(by_rules)
            filled += bool(by_rules)
    assert filled > VIEWS / 4  # most of all agreed on something


async def test_pages_go_on_in_one_order_and_meet_everything_once(house: House) -> None:
    dice = random.Random(7)
    await scatter(house, dice)
    conditions = [Condition("status", ("open", "snoozed", "closed"))]
    at = now()
    async with house.db.connect() as c:
        whole = await lists.page(c, conditions, at, limit=200)
        seen: list[str] = []
        cursor = None
        while True:
            page = await lists.page(c, conditions, at, cursor=cursor, limit=7)
            seen += [one["id"] for one in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
    assert seen == [one["id"] for one in whole["items"]]
    assert len(seen) == len(set(seen)) == whole["count"]


async def test_what_hurts_comes_first(house: House) -> None:
    at = now()
    quiet, waits, waits_longer, promised, failed, asleep = [
        await house.arrives(ago_s=60 * n) for n in range(1, 7)
    ]
    await house.run("UPDATE conversation SET waiting_since = NULL WHERE id = :id", id=quiet)
    case_id = await house.add(
        "cases",
        brand_id=house.centre.brand_id,
        contact_id=house.centre.contact_id,
        promised_at=at + timedelta(minutes=30),
        updated_at=at,
    )
    await house.run("UPDATE conversation SET case_id = :case WHERE id = :id", id=promised, case=case_id)
    await house.run("UPDATE conversation SET trouble = 'failed' WHERE id = :id", id=failed)
    await house.run(
        "UPDATE conversation SET status = 'snoozed', snoozed_until = :at WHERE id = :id",
        id=asleep,
        at=at + timedelta(days=1),
    )
    async with house.db.connect() as c:
        page = await lists.page(c, [Condition("channel", ("webchat",))], at)
    order = [UUID(one["id"]) for one in page["items"]]
    assert order == [failed, promised, waits_longer, waits, quiet, asleep]


async def test_members_tell_who_came_and_who_left(house: House) -> None:
    ana = await house.worker("ana")
    free, held = await house.arrives(), await house.arrives()
    view = await ana.ask(
        "POST", "/views", 201, name="Mías", conditions=[{"field": "assignee", "values": ["me"]}]
    )
    asked = {"conversation_id": [str(free), str(held), str(new_id())]}
    assert await ana.ask("GET", f"/views/{view['id']}/members", **asked) == {"members": [], "count": 0}
    await ana.ask("POST", f"/conversations/{held}/take")
    assert await ana.ask("GET", f"/views/{view['id']}/members", **asked) == {
        "members": [str(held)],
        "count": 1,
    }
    page = await ana.ask("GET", f"/views/{view['id']}/conversations")
    assert [one["id"] for one in page["items"]] == [str(held)]
    assert page["contacts"][0]["name"] == "Pedro"
