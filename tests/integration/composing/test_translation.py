"""A translator that any server may be: asked over HTTP by a person, with no transaction open meanwhile."""

from collections.abc import Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import SecretStr
from tests.support.translator import TranslatorServer, answer, translator_server
from tests.support.with_key import client, make_app, make_key, make_services

from trato.cli.installation import load_settings
from trato.db.wake import Wake
from trato.kit.translator import EXTRA, Translator
from trato.translation import api


@pytest.fixture
def speaking() -> Iterator[TranslatorServer]:
    with translator_server() as running:
        yield running


async def ask(db: Any, dsn: str, translator: Translator | None, **body: Any) -> Any:
    services = make_services(db, Wake(dsn), **{EXTRA: translator})
    _, key = await make_key(db, "conversations:read")
    async with client(make_app(services, [api.router]), key) as http:
        available = (await http.get("/translator")).json()["available"]
        assert available is (translator is not None)
        return await http.post("/translations", json=body)


async def test_a_text_is_translated_and_the_key_goes_only_there(db, worker_dsn, speaking) -> None:
    translator = Translator(speaking.url, SecretStr("secreta"))
    found = await ask(db, worker_dsn, translator, text="A geladeira não gela", to="es")
    assert found.status_code == 200, found.text
    assert found.json() == {"text": "[es] A geladeira não gela", "source": "pt", "to": "es"}
    assert speaking.paths == ["/translate"]
    assert speaking.asked == [
        {
            "q": "A geladeira não gela",
            "source": "auto",
            "target": "es",
            "format": "text",
            "api_key": "secreta",
        }
    ]
    assert "secreta" not in repr(translator)


async def test_without_one_nothing_is_asked_anywhere(db, worker_dsn) -> None:
    found = await ask(db, worker_dsn, None, text="Olá", to="es")
    assert found.status_code == 409
    assert found.json()["title"]


async def test_no_transaction_is_open_while_it_is_waited_for(db, worker_dsn, speaking, monkeypatch) -> None:
    held: list[str] = []
    seen: list[list[str]] = []

    def counted(name: str) -> Any:
        real = getattr(db, name)

        @asynccontextmanager
        async def open_() -> Any:
            held.append(name)
            async with real() as c:
                yield c
            held.remove(name)

        return open_

    class Watching(Translator):
        async def translate(self, *said: Any, **more: Any) -> Any:
            seen.append(list(held))
            return await super().translate(*said, **more)

    for name in ("begin", "connect"):
        monkeypatch.setattr(db, name, counted(name))
    found = await ask(db, worker_dsn, Watching(speaking.url), text="Olá", to="es")
    assert found.status_code == 200
    assert seen == [[]]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ((500, b"{}"), "refused"),
        ((200, b"no json"), "cannot be read"),
        ((200, b'{"translatedText": 3}'), "cannot be read"),
        ((302, b""), "refused"),
        ((200, b'{"translatedText": "' + b"x" * 300_000 + b'"}'), "too long"),
    ],
)
async def test_what_goes_wrong_is_said_and_nothing_is_lost(db, worker_dsn, speaking, said, sentence) -> None:
    speaking.say = lambda asked: said
    found = await ask(db, worker_dsn, Translator(speaking.url), text="Olá", to="es")
    assert found.status_code == 503
    assert sentence in found.text or "no " in found.text


async def test_it_is_waited_for_no_longer_than_set_and_one_that_is_away_is_said(
    db, worker_dsn, speaking
) -> None:
    def slow(asked: dict[str, Any]) -> tuple[int, bytes]:
        speaking.released.wait(30)
        return answer("tarde")

    speaking.say = slow
    found = await ask(db, worker_dsn, Translator(speaking.url, limit_s=0.2), text="Olá", to="es")
    assert found.status_code == 503
    speaking.released.set()
    gone = await ask(db, worker_dsn, Translator("http://127.0.0.1:9"), text="Olá", to="es")
    assert gone.status_code == 503


def test_it_is_off_until_an_address_is_set(monkeypatch) -> None:
    assert load_settings().translator is None
    monkeypatch.setenv("TRATO_TRANSLATOR_URL", "http://10.0.0.5:5000/")
    monkeypatch.setenv("TRATO_TRANSLATOR_KEY", "clave-0123")
    settings = load_settings()
    assert settings.translator is not None
    assert settings.translator.url == "http://10.0.0.5:5000"
    assert "clave-0123" not in repr(settings) + str(settings.model_dump())


async def test_the_language_of_texts_is_found_here(services, db) -> None:
    _, key = await make_key(db, "conversations:read")
    texts = [
        "A geladeira parou de funcionar ontem à noite",
        "ok",
        "My order has not arrived yet, please help",
    ]
    async with client(make_app(services, [api.router]), key) as http:
        found = await http.post("/translator/languages", json={"texts": texts})
    assert found.json() == {"languages": ["pt", None, "en"]}
