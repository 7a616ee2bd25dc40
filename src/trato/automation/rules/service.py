"""Rules: kept, judged before they are, and the record of what they did."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.automation.tables import rule, rule_run
from trato.conversations import labels
from trato.db.engine import Database
from trato.db.periodic import Periodic
from trato.decide.placeholders import may_bring_news
from trato.kit.errors import Invalid, NotFound
from trato.kit.ids import new_id
from trato.live import versions
from trato.macros import service as macros

KEEP: Final = timedelta(days=30)


async def every(c: AsyncConnection, *, active: bool = False) -> list[dict[str, Any]]:
    """Return the rules in the order in which they are looked at; `active`: only those that run."""
    query = (
        select(rule)
        .where(rule.c.removed_at.is_(None))
        .order_by(rule.c.position, rule.c.created_at, rule.c.id)
    )
    if active:
        query = query.where(rule.c.active)
    return [dict(row) for row in (await c.execute(query)).mappings()]


async def get(c: AsyncConnection, rule_id: UUID) -> dict[str, Any]:
    """Return a rule; raises `NotFound`."""
    query = select(rule).where(rule.c.id == rule_id, rule.c.removed_at.is_(None))
    row = (await c.execute(query)).mappings().first()
    if row is None:
        raise NotFound("There is no such rule.")
    return dict(row)


async def create(c: AsyncConnection, values: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a new rule; raises `Invalid` and `NotFound` for what it must not or cannot do."""
    await judge(c, values)
    return dict(
        (await c.execute(insert(rule).values(id=new_id(), **values).returning(rule))).mappings().one()
    )


async def change(
    c: AsyncConnection, rule_id: UUID, values: Mapping[str, Any], *, expected: int | None = None
) -> dict[str, Any]:
    """Change a rule; what is left out stays. Raises as `create`."""
    await versions.check(c, rule, rule_id, expected, action="rule.changed")
    await judge(c, {**await get(c, rule_id), **values})
    query = update(rule).where(rule.c.id == rule_id).returning(rule)
    return dict((await c.execute(query.values(**values, version=rule.c.version + 1))).mappings().one())


async def remove(c: AsyncConnection, rule_id: UUID) -> None:
    """Have a rule run no more; what it did stays in the record. Raises `NotFound`."""
    await get(c, rule_id)
    await c.execute(update(rule).where(rule.c.id == rule_id).values(removed_at=func.now(), active=False))


async def judge(c: AsyncConnection, values: Mapping[str, Any]) -> None:
    """Raise `Invalid` for a rule that would send nothing new, `NotFound` for what it names and is gone."""
    for action in values["actions"]:
        if action["do"] == "send_message" and not all(map(may_bring_news, action["texts"].values())):
            raise Invalid(
                "This text tells the contact nothing new of their case, so no rule sends it.",
                todo="Put in a step, a promise or a fact, such as {place}.",
                field="actions",
                values={"place": "{{case.promise}}"},
            )
        if action["do"] == "add_tag":
            await labels.get_tag(c, UUID(action["tag_id"]))
        if action["do"] == "draft":
            await macros.get(c, UUID(action["macro_id"]))


async def runs(
    c: AsyncConnection, *, rule_id: UUID | None, after: tuple[datetime | None, UUID | None], limit: int
) -> list[dict[str, Any]]:
    """Return what rules did, the latest first."""
    query = (
        select(rule_run, rule.c.name)
        .join(rule, rule.c.id == rule_run.c.rule_id)
        .order_by(rule_run.c.at.desc(), rule_run.c.id.desc())
        .limit(limit)
    )
    if rule_id is not None:
        query = query.where(rule_run.c.rule_id == rule_id)
    if after[0] is not None:
        query = query.where(tuple_(rule_run.c.at, rule_run.c.id) < tuple_(*after))
    rows = (await c.execute(query)).mappings()
    return [{**row, "rule": {"id": row["rule_id"], "name": row["name"]}} for row in rows]


def retention(db: Database, *, keep: timedelta = KEEP) -> Periodic:
    """Return the job that forgets what rules did a month ago."""

    async def run() -> None:
        async with db.begin() as c:
            await c.execute(delete(rule_run).where(rule_run.c.at < func.now() - keep))

    return Periodic("automation.retention", timedelta(hours=6), db, run)
