"""A translator behind LibreTranslate's HTTP contract, `POST /translate`: one text in, one text out.

Any server may stand there that takes `{"q", "source", "target", "format": "text", "api_key"?}` and answers
`{"translatedText", "detectedLanguage"?: {"language"}}`.
"""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import httpx
from pydantic import SecretStr

from trato.kit import bounded

EXTRA: Final = "translator"  # in `Services.extras`, where one is configured
LONGEST: Final = 10_000  # characters of a text
MOST_BYTES: Final = 200_000
AT_ONCE: Final = 4  # texts of a process; who comes later waits within their own limit
DETECT: Final = "auto"

Why = Literal["slow", "unreachable", "refused", "too_long", "unreadable"]


class TranslatorFailed(Exception):
    """There is no translation; `why` says it in a word, never with the key nor the text."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why


@dataclass(frozen=True, slots=True)
class Translation:
    """A text in another language; `source` is the one it was found to be in, where the server says so."""

    text: str
    source: str | None


@dataclass(frozen=True, slots=True)
class Translator:
    """Where the translator answers, as the administrator set it, and for how long it is waited for."""

    url: str
    key: SecretStr | None = field(default=None, repr=False)
    limit_s: float = 10.0
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE), repr=False)

    async def translate(self, text: str, *, to: str, source: str | None = None) -> Translation:
        """Return a text in the language `to`; raises `TranslatorFailed`. Never call it within a transaction.

        Languages are of two letters (ISO 639-1); without `source` the server finds it out.
        """
        if len(text) > LONGEST:
            raise TranslatorFailed("too_long")
        asked = {"q": text, "source": source or DETECT, "target": to, "format": "text"}
        if self.key:
            asked["api_key"] = self.key.get_secret_value()
        try:
            async with asyncio.timeout(self.limit_s), self.room:
                said = await self._ask(asked)
        except TimeoutError:
            raise TranslatorFailed("slow") from None
        return _read(said, source)

    async def _ask(self, asked: dict[str, str]) -> bytes:
        # what the environment holds for other programs is not ours: no proxy, no redirect
        client = httpx.AsyncClient(
            trust_env=False,
            follow_redirects=False,
            timeout=self.limit_s,
            headers={"Accept-Encoding": "identity"},
        )
        try:
            async with client, client.stream("POST", f"{self.url}/translate", json=asked) as response:
                if response.status_code != httpx.codes.OK:
                    raise TranslatorFailed("refused")
                said = await bounded.whole(response.aiter_bytes(16_384), MOST_BYTES)
        except httpx.TimeoutException:
            raise TranslatorFailed("slow") from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise TranslatorFailed("unreachable") from None
        if said is None:
            raise TranslatorFailed("too_long")
        return said


def _read(said: bytes, source: str | None) -> Translation:
    try:
        answer: Any = json.loads(said)
        text = answer["translatedText"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise TranslatorFailed("unreadable") from None
    if not isinstance(text, str) or not text.strip():
        raise TranslatorFailed("unreadable")
    detected = answer.get("detectedLanguage")
    found = detected.get("language") if isinstance(detected, dict) else None
    return Translation(text, found if isinstance(found, str) else source)
