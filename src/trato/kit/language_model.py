"""A language model behind an OpenAI-compatible endpoint: one question, one answer, within limits.

The client library is loaded with the first question: whoever has no model never pays for it.
"""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from pydantic import SecretStr

from trato.kit import bounded

EXTRA: Final = "language_model"  # in `Services.extras`, where one is configured
MOST_BYTES: Final = 200_000
AT_ONCE: Final = 4  # questions of a process; who comes later waits within their own limit
_HTTP_OK: Final = 200

Why = Literal["slow", "unreachable", "refused", "too_long", "unreadable"]


class ModelFailed(Exception):
    """The model gave no answer that can be read; `why` says it in a word, never with the key."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """Where the model answers, as the administrator set it, and for how long it is waited for."""

    url: str
    name: str
    key: SecretStr | None = field(default=None, repr=False)
    limit_s: float = 30.0
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE), repr=False)

    async def answer(self, messages: list[dict[str, str]]) -> str:
        """Return what the model says; raises `ModelFailed`. Never call it within a transaction."""
        openai = await asyncio.to_thread(_library)
        try:
            async with asyncio.timeout(self.limit_s), self.room:
                said = await self._ask(openai, messages)
        except TimeoutError:
            raise ModelFailed("slow") from None
        return _content(said)

    async def _ask(self, openai: Any, messages: list[dict[str, str]]) -> bytes:
        # what the environment holds for other programs is not ours: no proxy, no organisation, no redirect
        plain = openai.DefaultAsyncHttpxClient(trust_env=False, follow_redirects=False)
        key = self.key.get_secret_value() if self.key else ""
        client = openai.AsyncOpenAI(
            base_url=self.url,
            api_key=key or "none",
            timeout=self.limit_s,
            max_retries=1,
            http_client=plain,
        )
        left_out = ["OpenAI-Organization", "OpenAI-Project", *(() if key else ("Authorization",))]
        headers = {"Accept-Encoding": "identity"} | dict.fromkeys(left_out, openai.Omit())
        try:
            async with (
                client,
                client.chat.completions.with_streaming_response.create(
                    model=self.name, messages=messages, stream=False, extra_headers=headers
                ) as response,
            ):
                if response.status_code != _HTTP_OK:
                    raise ModelFailed("refused")
                said = await bounded.whole(response.iter_bytes(16_384), MOST_BYTES)
        except openai.APITimeoutError:
            raise ModelFailed("slow") from None
        except openai.APIStatusError:
            raise ModelFailed("refused") from None
        except openai.OpenAIError:
            raise ModelFailed("unreachable") from None
        if said is None:
            raise ModelFailed("too_long")
        return said


def _library() -> Any:
    import openai
    import openai.resources.chat.completions  # else it comes with the first question, on the loop

    return openai


def _content(said: bytes) -> str:
    try:
        content = json.loads(said)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise ModelFailed("unreadable") from None
    if not isinstance(content, str):
        raise ModelFailed("unreadable")
    return content
