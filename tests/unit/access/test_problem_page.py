"""A person who opens an address gets a page; a program gets the problem."""

import httpx
import pytest
from fastapi import FastAPI

from trato.access import problems
from trato.kit.errors import NotFound, TooMany

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


async def ask(path: str, *, method: str = "GET", **headers: str) -> httpx.Response:
    app = FastAPI()
    problems.install(app)

    @app.api_route("/help/{name}", methods=["GET", "POST"])
    @app.get("/api/v1/{name}")
    async def here(name: str) -> None:
        raise TooMany("Slow.", retry_after_s=7) if name == "much" else NotFound("there is no such file")

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


async def test_when_to_try_again_is_kept() -> None:
    answer = await ask("/help/much", **BROWSER)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")


@pytest.mark.parametrize(
    ("path", "method", "headers"),
    [
        ("/help/lost", "GET", {"accept": "*/*"}),
        ("/help/lost", "POST", BROWSER),
        ("/api/v1/lost", "GET", BROWSER),
    ],
)
async def test_a_program_gets_the_problem(path: str, method: str, headers: dict[str, str]) -> None:
    answer = await ask(path, method=method, **headers)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "not-found"
