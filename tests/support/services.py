"""The shared things of a process, over a test database and a folder of the test's own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from trato.brands import service as brands
from trato.db.edge import Services
from trato.db.engine import Database
from trato.db.store import Store
from trato.db.wake import Wake
from trato.kit.public_address import PublicAddress
from trato.kit.secret_box import SecretBox


@asynccontextmanager
async def running_services(db: Database, dsn: str, folder: Path) -> AsyncIterator[Services]:
    wake = Wake(dsn)
    await wake.start()
    try:
        yield Services(
            db=db,
            wake=wake,
            store=Store.open(str(folder / "files")),
            secrets=SecretBox(b"k" * 32),
            public=PublicAddress("http://127.0.0.1:8000"),
        )
    finally:
        await wake.close()


async def make_account(services: Services, kind: str, **settings: object) -> brands.AccountRecord:
    async with services.db.begin() as c:
        if await brands.get_organisation(c) is None:
            await brands.set_up_organisation(
                c, {"name": "Tienda", "language": "es", "time_zone": "America/Bogota", "hours": {}}
            )
        brand = (await brands.list_brands(c))[0]
        return await brands.create_account(
            c, services.secrets, kind=kind, name=kind, brand_id=brand["id"], values=settings
        )
