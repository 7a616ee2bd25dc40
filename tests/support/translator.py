"""A small server that speaks as LibreTranslate does, and says what the test wants."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from tests.support.json_server import JsonServer

Say = Callable[[dict[str, Any]], tuple[int, bytes]]


def answer(text: str, language: str | None = "pt") -> tuple[int, bytes]:
    """Return a translation as the contract carries it."""
    found = {"detectedLanguage": {"confidence": 90, "language": language}} if language else {}
    return 200, json.dumps({"translatedText": text, **found}).encode()


class TranslatorServer(JsonServer):
    """Answers each text with what `say` returns: a status and the bytes of the answer."""

    def __init__(self) -> None:
        super().__init__()
        self.say: Say = lambda asked: answer(f"[{asked['target']}] {asked['q']}")

    def reply(self, asked: dict[str, Any]) -> tuple[int, bytes]:
        return self.say(asked)


def translator_server() -> AbstractContextManager[TranslatorServer]:
    return TranslatorServer().running()
