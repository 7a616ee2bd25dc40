"""Host pages that fail: counted by different visitors; several of them make a suspected incident."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert as on_conflict_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.brands import service as brands
from trato.db.edge import Services
from trato.decide.page_address import bare
from trato.decide.page_failures import WINDOW, Evidence, Seen, suspected
from trato.incidents import queries
from trato.incidents import service as incidents
from trato.kit.errors import NotFound
from trato.kit.ids import new_id
from trato.live import service as live
from trato.trail.failure_schemas import PageFailureView
from trato.trail.tables import page_failure, page_failure_seen

Kind = Literal["script", "request", "clicks"]

QUIET: Final = timedelta(hours=6)  # after somebody put it away, unless it is met again later
KEEP_SEEN: Final = timedelta(days=1)
KEEP: Final = timedelta(days=30)

_SEEN: Final = text("""
    SELECT encode(who, 'hex') AS who, encode(network, 'hex') AS network, at FROM page_failure_seen
    WHERE key = :key AND at >= :since LIMIT 1000
""")
_PUT_AWAY: Final = text("""
    SELECT EXISTS (SELECT FROM page_failure WHERE key = :key AND state = 'put_away' AND last_at > :since)
""")
# What somebody confirmed, resolved or dismissed as an incident is seen there.
_STANDING: Final = text("""
    SELECT f.* FROM page_failure f
    WHERE f.state = 'suspected'
      AND NOT EXISTS (SELECT FROM incident i WHERE i.id = f.incident_id AND i.state <> 'suspected')
    ORDER BY f.last_at DESC, f.id LIMIT 50
""")
_TITLES: Final = {
    "es": "Posible falla en {page}",
    "en": "Possible failure of {page}",
    "pt": "Possível falha em {page}",
}
_FORGET: Final = text("DELETE FROM page_failure_seen WHERE at < :before")
_FORGET_OLD: Final = text("DELETE FROM page_failure WHERE last_at < :before")


@dataclass(frozen=True, slots=True)
class Failure:
    """What failed on a page: the script and its line, the request and its status, or clicks in vain."""

    page: str
    kind: Kind
    what: str = ""
    detail: int | None = None

    def key(self, account_id: UUID) -> bytes:
        """Return by what two visitors' failures are the same one."""
        said = "\n".join((str(account_id), self.page, self.kind, self.what, str(self.detail or "")))
        return hashlib.sha256(said.encode()).digest()


def fit(page: str, kind: Kind, what: str, detail: int | None) -> Failure | None:
    """Return a failure as it is kept, without queries; None when its page is none."""
    shown = bare(page)
    return Failure(shown, kind, bare(what), detail) if shown else None


def nameless(services: Services, day: datetime, *parts: str) -> bytes:
    """Return a name that is another one tomorrow and says nothing of who bears it."""
    said = "\n".join((f"{day:%Y-%m-%d}", *parts))
    return hmac.digest(services.secrets.derive("page failures"), said.encode(), "sha256")[:16]


async def note(
    c: AsyncConnection, account_id: UUID, failure: Failure, who: bytes, network: bytes, now: datetime
) -> bool:
    """Count a visitor who met a failure; True when it is suspected to be an incident."""
    key = failure.key(account_id)
    met = on_conflict_insert(page_failure_seen).values(
        id=new_id(), account_id=account_id, key=key, who=who, network=network, at=now
    )
    await c.execute(met.on_conflict_do_update(index_elements=["key", "who"], set_={"at": now}))
    rows = await c.execute(_SEEN, {"key": key, "since": now - WINDOW})
    evidence = suspected((Seen(row.who, row.network, row.at) for row in rows), now)
    if evidence is None or await c.scalar(_PUT_AWAY, {"key": key, "since": now - QUIET}):
        return False
    await _suspect(c, account_id, key, failure, evidence)
    return True


async def _suspect(
    c: AsyncConnection, account_id: UUID, key: bytes, failure: Failure, evidence: Evidence
) -> None:
    """Keep the suspicion with what speaks for it; told once, and again as more visitors meet it."""
    found = page_failure.c
    counted = {
        "visitors": evidence.visitors,
        "networks": evidence.networks,
        "last_at": evidence.last_at,
    }
    query = (
        on_conflict_insert(page_failure)
        .values(
            id=new_id(),
            account_id=account_id,
            key=key,
            page=failure.page,
            kind=failure.kind,
            what=failure.what,
            detail=failure.detail,
            first_at=evidence.first_at,
            **counted,
        )
        .on_conflict_do_update(
            index_elements=["key"],
            # As the index is written: with a value in it, a plan for all values finds no index.
            index_where=text("state = 'suspected'"),
            set_=counted | {"version": found.version + 1},
            where=found.visitors < evidence.visitors,
        )
        .returning(found.id)
    )
    failure_id = await c.scalar(query)
    if failure_id is None:
        return
    if await c.scalar(select(found.incident_id).where(found.id == failure_id)) is None:
        incident_id = await _declare(c, account_id, failure, evidence)
        await c.execute(update(page_failure).where(found.id == failure_id).values(incident_id=incident_id))
    await _tell(c, failure_id, "system")


async def _declare(c: AsyncConnection, account_id: UUID, failure: Failure, evidence: Evidence) -> UUID:
    """Declare the suspicion: the desk sees it, and whoever confirms it tells the customers."""
    account = await brands.get_account(c, account_id)
    values = {
        "brand_id": account.brand_id,
        "state": "suspected",
        "titles": {language: said.format(page=failure.page) for language, said in _TITLES.items()},
        "began_at": evidence.first_at,
        "evidence": {
            "page": failure.page,
            "kind": failure.kind,
            "what": failure.what,
            "detail": failure.detail,
            "visitors": evidence.visitors,
            "networks": evidence.networks,
        },
    }
    return UUID(str((await incidents.declare(c, values, actor="system"))["id"]))


async def standing(c: AsyncConnection) -> list[dict[str, Any]]:
    """Return what is suspected now, the latest first."""
    return [dict(row) for row in (await c.execute(_STANDING)).mappings()]


async def put_away(c: AsyncConnection, failure_id: UUID, *, actor: str) -> dict[str, Any]:
    """Say that somebody looked into it; it comes back when it is met hours later. Raises `NotFound`."""
    found = page_failure.c
    query = (
        update(page_failure)
        .where(found.id == failure_id, found.state == "suspected")
        .values(state="put_away", ended_by=actor, version=found.version + 1)
        .returning(found.id, found.incident_id)
    )
    row = (await c.execute(query)).first()
    if row is None:
        raise NotFound("This is solved, or somebody put it away before you.")
    if row.incident_id is not None:
        suspicion = await queries.get(c, row.incident_id)
        if suspicion["state"] == "suspected":
            await incidents.dismiss(c, row.incident_id, actor=actor)
    return await _tell(c, failure_id, actor)


async def expire(c: AsyncConnection, now: datetime) -> None:
    """Forget who met what, and suspicions of long ago."""
    await c.execute(_FORGET, {"before": now - KEEP_SEEN})
    await c.execute(_FORGET_OLD, {"before": now - KEEP})


async def _tell(c: AsyncConnection, failure_id: UUID, actor: str) -> dict[str, Any]:
    query = select(page_failure).where(page_failure.c.id == failure_id)
    found = dict((await c.execute(query)).mappings().one())
    shown = PageFailureView.model_validate(found).model_dump(mode="json")
    data = {"page_failure": shown}
    await live.append(c, "page_failure.changed", audience="staff", actor=actor, data=data)
    return found
