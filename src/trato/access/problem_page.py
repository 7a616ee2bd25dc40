"""The page that a person sees in a browser where a program would get a problem (RFC 9457)."""

import base64
import hashlib
from collections.abc import Mapping
from html import escape

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

# Whatever lives under these is asked by programs, also when a browser's headers come with it.
_PROGRAMS = ("/api/", "/hooks/", "/widget/", "/health/", "/metrics")
_STYLE = (
    ":root{--paper:oklch(0.982 0.006 90);--ink:oklch(0.25 0.02 240);--quiet:oklch(0.44 0.018 240);"
    "--thread:oklch(0.5 0.085 195);color-scheme:light dark}"
    "@media(prefers-color-scheme:dark){:root{--paper:oklch(0.205 0.012 240);--ink:oklch(0.93 0.008 90);"
    "--quiet:oklch(0.78 0.012 240);--thread:oklch(0.72 0.095 195)}}"
    "body{margin:0;font:17px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}"
    "main{max-width:34em;margin:0 auto;padding:18vh 24px 24px}"
    "svg{fill:none;stroke:var(--thread);stroke-width:2;stroke-linecap:round}"
    "h1{font-size:26px;line-height:1.25;letter-spacing:-.011em;margin:16px 0 8px}"
    "p{margin:0 0 16px;color:var(--quiet)}a{color:inherit;text-underline-offset:3px}"
)
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; frame-ancestors 'none'"

_WORDS: Mapping[str, Mapping[int, tuple[str, str]]] = {
    "es": {
        404: ("Esta página no existe", "El enlace puede estar mal copiado o ser de una versión anterior."),
        429: ("Demasiados intentos", "Espere un momento e intente de nuevo."),
        503: ("Esto no está disponible ahora", "Intente de nuevo en un momento."),
        0: ("Algo no funcionó", "Quedó registrado. Intente de nuevo en un momento."),
    },
    "en": {
        404: ("This page does not exist", "The link may be copied wrong or come from an earlier version."),
        429: ("Too many attempts", "Wait a moment and try again."),
        503: ("This is not available now", "Try again in a moment."),
        0: ("Something went wrong", "It was noted. Try again in a moment."),
    },
    "pt": {
        404: ("Esta página não existe", "O link pode estar copiado errado ou ser de uma versão anterior."),
        429: ("Tentativas demais", "Espere um momento e tente de novo."),
        503: ("Isto não está disponível agora", "Tente de novo em um momento."),
        0: ("Algo não funcionou", "Ficou registrado. Tente de novo em um momento."),
    },
}
_HELP = {"es": "Ir a la ayuda", "en": "Go to the help page", "pt": "Ir para a ajuda"}


def for_reader(request: Request, response: Response, language: str) -> Response:
    """Return the same answer as a page when a person opened the address in a browser, else as it is."""
    wanted = "text/html" in request.headers.get("accept", "")
    if request.method != "GET" or not wanted or request.url.path.startswith(_PROGRAMS):
        return response
    words = _WORDS.get(language, _WORDS["en"])
    title, todo = words.get(response.status_code, words[0])
    home = getattr(request.state, "help", "/help")  # of the brand that was asked
    page = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>"
        '<svg viewBox="0 0 120 36" width="120" height="36" aria-hidden="true">'
        '<path d="M2 18c24-26 34 26 58 0s34 26 58 0"/></svg>'
        f"<h1>{escape(title)}</h1><p>{escape(todo)}</p>"
        f'<p><a href="{home}">{_HELP.get(language, _HELP["en"])}</a></p></main></body></html>'
    )
    kept = {name: response.headers[name] for name in ("retry-after",) if name in response.headers}
    headers = {**kept, "Cache-Control": "no-store", "Content-Security-Policy": _POLICY}
    return HTMLResponse(page, response.status_code, headers=headers)
