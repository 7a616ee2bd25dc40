"""Another site, of a shop, as strict as any: it lets in the widget's script and nothing more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI, Response
from tests.support.live_app import port_of

PAGE = """<!doctype html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8">
<title>Otra tienda</title>
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/own.css">
<script src="{server}/widget.js" data-account="{account}" async></script></head>
<body><h1>Otra tienda</h1><label>Buscar <input></label>{body}</body></html>"""


@dataclass
class StrictSite:
    """`url` is known before the account that lists it is made; `server` and `account` are told later.

    `css` and `body` are the shop's own: its style sheet, and what else stands on its page.
    """

    url: str
    server: str = ""
    account: str = ""
    css: str = ""
    body: str = ""

    def policy(self) -> str:
        return f"default-src 'none'; script-src {self.server}; style-src 'self'; connect-src {self.server}"


@asynccontextmanager
async def strict_site() -> AsyncIterator[StrictSite]:
    app = FastAPI()
    site = StrictSite("")

    @app.get("/")
    async def page(lang: str = "es", direction: str = "ltr") -> Response:
        names = {"server": site.server, "account": site.account, "body": site.body}
        html = PAGE.format(language=lang, direction=direction, **names)
        return Response(html, media_type="text/html", headers={"Content-Security-Policy": site.policy()})

    @app.get("/own.css")
    async def own() -> Response:
        return Response(site.css, media_type="text/css")

    @app.get("/favicon.ico")
    async def icon() -> Response:
        return Response(status_code=204)

    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off"))
    running = asyncio.create_task(server._serve())
    try:
        site.url = f"http://127.0.0.1:{await port_of(server)}"
        yield site
    finally:
        server.should_exit = True
        await running
