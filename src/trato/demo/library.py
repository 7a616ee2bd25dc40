"""The articles of the fictitious shop: imported as anybody would, owned, and with something left to do."""

from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Final

from sqlalchemy import text

from trato.db.edge import Services
from trato.demo import shop
from trato.kit.clock import now
from trato.knowledge import importing, queries, reading, sections, service, texts
from trato.knowledge.importing import Wishes

FOLDER: Final = Path(str(resources.files("trato.demo") / "articles"))
# In the order in which people need them, with their names in the other languages.
SECTIONS: Final = (
    ("Envíos y entregas", "Envios e entregas", "Shipping and delivery"),
    ("Garantía y reparaciones", "Garantia e consertos", "Warranty and repairs"),
    ("Cambios y devoluciones", "Trocas e devoluções", "Exchanges and returns"),
    ("Pagos y facturas", "Pagamentos e notas fiscais", "Payments and invoices"),
    ("Uso y cuidado", "Uso e cuidados", "Use and care"),
)
_OWNED: Final = "garantia/"
_DUE: Final = "cambios/devolver-un-producto"
_CHANGED: Final = "envios/cuando-llega-mi-pedido"  # after it was translated


async def fill(services: Services) -> None:
    """Fill the shelves: a section in five, an owner, one article due for review, one with stale texts."""
    async with services.db.begin() as c:
        for position, (es, pt, en) in enumerate(SECTIONS, start=1):
            await sections.create(c, {"names": {"es": es, "pt": pt, "en": en}, "position": position})
    read = reading.read(FOLDER, None)
    outcome = await importing.keep(services, read, Wishes(publish=True, language="es"), _quiet)
    if outcome.failed:
        raise RuntimeError(outcome.failed)
    async with services.db.begin() as c:
        owner = await c.scalar(text("SELECT id FROM agent WHERE name = :name"), {"name": shop.STAFF[2].name})
        query = text("SELECT id, external_id FROM article WHERE external_id IS NOT NULL")
        for row in (await c.execute(query)).all():
            review_at = (now() + timedelta(days=-3 if row.external_id == _DUE else 150)).date()
            values = {"review_at": review_at}
            if row.external_id.startswith(_OWNED):
                values["owner_id"] = owner
            await service.change(c, row.id, values, actor="system")
        changed = await service.by_external_id(c, _CHANGED)
        if changed is not None:
            current = await queries.get_text(c, changed, "es")
            body = current["body"].replace("| Uruguay | 5 |", "| Uruguay | 6 |")
            written = texts.Text(current["title"], current["summary"], body)
            await texts.write(c, changed, "es", written, actor="import")
            await texts.publish(c, changed, "es", actor="import", note="Uruguay: 6 días hábiles")


def _quiet(_: str) -> None:
    """Say nothing."""
