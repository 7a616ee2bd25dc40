"""A person who opens an address gets a page; a program gets the problem."""

from html import unescape

import httpx
import pytest
from fastapi import FastAPI

from trato.access import problems
from trato.kit.errors import NotFound, TooMany

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


async def ask(path: str, *, method: str = "GET", **headers: str) -> httpx.Response:
    app = FastAPI()
    problems.install(app)

    @app.api_route("/help/{name:path}", methods=["GET", "POST", "PUT"])
    @app.api_route("/api/v1/{name}", methods=["GET", "POST"])
    async def here(name: str) -> None:
        raise (
            TooMany("Slow.", retry_after_s=7) if name.endswith("much") else NotFound("there is no such file")
        )

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as http:
        return await http.request(method, path, headers=headers)


@pytest.mark.parametrize(
    ("language", "title", "back"),
    [
        ("es-AR", "Esta página no existe", "Ir a la ayuda"),
        ("pt-BR", "Esta página não existe", "Ir para a ajuda"),
        ("fr", "This page does not exist", "Go to the help page"),
    ],
)
async def test_a_browser_is_told_in_the_readers_language(language: str, title: str, back: str) -> None:
    answer = await ask("/help/lost", **BROWSER, **{"accept-language": language})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert title in answer.text
    assert back in answer.text
    assert "no such file" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("path", "title", "back"),
    [
        ("/help/es/much", "Demasiados intentos", "«Atrás»"),
        ("/help/pt/much", "Tentativas demais", "botão do navegador"),
        ("/help/much", "Too many attempts", "your browser's button"),
    ],
)
async def test_a_form_is_answered_with_a_page_in_the_language_of_its_own(
    path: str, title: str, back: str
) -> None:
    answer = await ask(path, method="POST", **BROWSER, **{"accept-language": "fr"})
    assert (answer.status_code, answer.headers["content-type"]) == (429, "text/html; charset=utf-8")
    assert title in answer.text
    assert back in unescape(answer.text)


async def test_what_a_form_says_that_cannot_be_read_is_not_said_to_be_nowhere() -> None:
    app = FastAPI()
    problems.install(app)

    @app.api_route("/form", methods=["GET", "POST"])
    async def form(number: int) -> None: ...

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as http:
        sent = await http.post("/form?number=x", headers={**BROWSER, "accept-language": "es"})
        opened = await http.get("/form?number=x", headers={**BROWSER, "accept-language": "es"})
    assert (sent.status_code, "No pudimos leer lo que envió" in sent.text) == (422, True)
    assert (opened.status_code, "Esta página no existe" in opened.text) == (422, True)


async def test_when_to_try_again_is_kept() -> None:
    answer = await ask("/help/much", **BROWSER)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")


@pytest.mark.parametrize(
    ("path", "method", "headers"),
    [
        ("/help/lost", "GET", {"accept": "*/*"}),
        ("/help/lost", "POST", {"accept": "*/*"}),
        ("/help/lost", "PUT", BROWSER),
        ("/api/v1/lost", "POST", BROWSER),
        ("/api/v1/lost", "GET", BROWSER),
    ],
)
async def test_a_program_gets_the_problem(path: str, method: str, headers: dict[str, str]) -> None:
    answer = await ask(path, method=method, **headers)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "not-found"
