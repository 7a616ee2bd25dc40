"""The page that the mail's last line leads to: one button, no sign-in, no script."""

from html import escape
from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from trato.access.edge import public
from trato.db.edge import Shared, Tx
from trato.notifications import digest

pages = APIRouter(include_in_schema=False)

# Whoever opens it is not known by more than the link: all three languages, the shortest words.
_ASK: Final = ("No recibir más el resumen por correo", "Stop the mail summary", "Não receber mais o resumo")
_DONE: Final = (
    "Listo. Ya no le enviaremos el resumen. Puede volver a activarlo en Trato.",
    "Done. We will not send the summary any more. You can turn it on again in Trato.",
    "Pronto. Não enviaremos mais o resumo. Você pode ativá-lo de novo no Trato.",
)


@pages.get("/stop-summary/{token}", response_class=HTMLResponse, dependencies=[public()])
async def ask(token: str, shared: Shared) -> HTMLResponse:
    """Ask once: programs that look at links in mails turn nothing off."""
    digest.whose(shared, token)
    buttons = " · ".join(escape(one) for one in _ASK)
    return _page(f'<form method="post"><button>{buttons}</button></form>')


@pages.post("/stop-summary/{token}", response_class=HTMLResponse, dependencies=[public(own_pages=True)])
async def stop(token: str, shared: Shared, c: Tx) -> HTMLResponse:
    """Turn it off; also what mail programs call when somebody unsubscribes (RFC 8058).

    No session and no cookie is looked at: the signed link names one agent and this mail alone, so whoever has
    it can end nothing else, and a page that does not have it nothing at all.
    """
    await digest.stop(c, digest.whose(shared, token))
    return _page("".join(f"<p>{escape(one)}</p>" for one in _DONE))


def _page(body: str) -> HTMLResponse:
    return HTMLResponse(
        '<!doctype html><html lang="es"><head><meta charset="utf-8"><title>Trato</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
        f"<body><main><h1>Trato</h1>{body}</main></body></html>",
        headers={"Cache-Control": "no-store", "Referrer-Policy": "same-origin"},
    )
