"""The first page of the help centre says who we are, when, and how to reach a person."""

import httpx
import pytest
from fastapi import FastAPI
from tests.support.services import make_account, running_services

from trato.brands import service as brands
from trato.portal import help_pages


@pytest.fixture
async def client(committing_db, fresh_dsn, tmp_path):
    async with running_services(committing_db, fresh_dsn, tmp_path) as services:
        account = await make_account(services, "webchat", origins=["https://tienda.example"])
        async with services.db.begin() as c:
            await brands.change_organisation(
                c, {"hours": {"mon": [["09:00", "18:00"]]}, "name": "<b>Tienda</b>"}
            )
        app = FastAPI()
        app.state.services = services
        app.include_router(help_pages.router)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as http:
            yield http, account


@pytest.mark.parametrize(
    ("language", "title", "day"),
    [
        ("es-AR,es;q=0.9", "¿En qué podemos ayudarle?", "lunes"),
        ("en-US", "How can we help you?", "Monday"),
        ("pt-BR", "Como podemos ajudar?", "segunda"),
        ("de", "¿En qué podemos ayudarle?", "lunes"),
    ],
)
async def test_it_speaks_the_readers_language(client, language, title, day):
    http, account = client
    page = await http.get("/help", headers={"accept-language": language})
    assert (title in page.text, day in page.text, account.public_key in page.text) == (True, True, True)
    assert "<b>Tienda" not in page.text
    assert "unsafe-inline" not in page.headers["content-security-policy"]
    assert len(page.content) < 10_000
