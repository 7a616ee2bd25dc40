"""The page that a person sees in a browser where a program would get a problem (RFC 9457)."""

import base64
import hashlib
from collections.abc import Mapping
from html import escape

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

# Whatever lives under these is asked by programs, also when a browser's headers come with it.
_PROGRAMS = ("/api/", "/hooks/", "/widget/", "/health/", "/metrics")
_LANGUAGE = 2  # which part of a help centre's path names it
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

_BACK: Mapping[str, str] = {
    "es": "Vuelva con el botón «Atrás» de su navegador: lo que escribió debería seguir ahí.",
    "en": "Go back with your browser's button: what you wrote should still be there.",
    "pt": "Volte com o botão do navegador: o que você escreveu deve continuar lá.",
}
_WORDS: Mapping[str, Mapping[int, tuple[str, str]]] = {
    "es": {
        400: ("No pudimos leer lo que envió", "Revíselo y envíelo de nuevo."),
        403: ("Esto no se puede enviar desde aquí", "Abra la página de nuevo y envíelo desde ella."),
        404: ("Esta página no existe", "El enlace puede estar mal copiado o ser de una versión anterior."),
        409: ("Esto cambió mientras tanto", "Abra la página de nuevo para ver cómo está ahora."),
        413: ("Lo que envió es demasiado grande", "Envíe menos archivos, o archivos más pequeños."),
        429: ("Demasiados intentos", "Espere un momento e intente de nuevo."),
        503: ("Esto no está disponible ahora", "Intente de nuevo en un momento."),
        0: ("Algo no funcionó", "Quedó registrado. Intente de nuevo en un momento."),
    },
    "en": {
        400: ("We could not read what you sent", "Look it over and send it again."),
        403: ("This cannot be sent from here", "Open the page again and send it from there."),
        404: ("This page does not exist", "The link may be copied wrong or come from an earlier version."),
        409: ("This has changed meanwhile", "Open the page again to see how it stands now."),
        413: ("What you sent is too large", "Send fewer files, or smaller ones."),
        429: ("Too many attempts", "Wait a moment and try again."),
        503: ("This is not available now", "Try again in a moment."),
        0: ("Something went wrong", "It was noted. Try again in a moment."),
    },
    "pt": {
        400: ("Não conseguimos ler o que você enviou", "Confira e envie de novo."),
        403: ("Isto não pode ser enviado daqui", "Abra a página de novo e envie a partir dela."),
        404: ("Esta página não existe", "O link pode estar copiado errado ou ser de uma versão anterior."),
        409: ("Isto mudou enquanto isso", "Abra a página de novo para ver como está agora."),
        413: ("O que você enviou é grande demais", "Envie menos arquivos, ou arquivos menores."),
        429: ("Tentativas demais", "Espere um momento e tente de novo."),
        503: ("Isto não está disponível agora", "Tente de novo em um momento."),
        0: ("Algo não funcionou", "Ficou registrado. Tente de novo em um momento."),
    },
}
_UNREADABLE = frozenset({400, 405, 406, 408, 415, 422})
_HELP = {"es": "Ir a la ayuda", "en": "Go to the help page", "pt": "Ir para a ajuda"}


def by_a_person(request: Request) -> bool:
    """Say whether a browser opened this address, or sent a form to it, for somebody to read the answer."""
    wanted = "text/html" in request.headers.get("accept", "")
    return wanted and request.method in ("GET", "POST") and not request.url.path.startswith(_PROGRAMS)


def language_for(request: Request, otherwise: str) -> str:
    """Return the language of the page on which somebody is (`/help/es/…`), else what the browser asks for."""
    parts = request.url.path.split("/")
    return parts[2] if len(parts) > _LANGUAGE and parts[2] in _WORDS else otherwise


def for_reader(request: Request, response: Response, language: str) -> Response:
    """Return the same answer as a page when a person asked with a browser, else as it is."""
    if not by_a_person(request):
        return response
    language = language_for(request, language)
    words = _WORDS.get(language, _WORDS["en"])
    sent = request.method == "POST"
    status = response.status_code
    if status in _UNREADABLE:  # of an address alone, nobody sent anything
        status = 400 if sent else 404
    title, todo = words.get(status, words[0])
    back = f"<p>{escape(_BACK.get(language, _BACK['en']))}</p>" if sent else ""
    home = getattr(request.state, "help", "/help")  # of the brand that was asked
    page = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>"
        '<svg viewBox="0 0 120 36" width="120" height="36" aria-hidden="true">'
        '<path d="M2 18c24-26 34 26 58 0s34 26 58 0"/></svg>'
        f"<h1>{escape(title)}</h1><p>{escape(todo)}</p>{back}"
        f'<p><a href="{home}">{_HELP.get(language, _HELP["en"])}</a></p></main></body></html>'
    )
    kept = {name: response.headers[name] for name in ("retry-after",) if name in response.headers}
    headers = {**kept, "Cache-Control": "no-store", "Content-Security-Policy": _POLICY}
    return HTMLResponse(page, response.status_code, headers=headers)
