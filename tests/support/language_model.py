"""A small server that speaks as an OpenAI-compatible one does, and says what the test wants."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from tests.support.json_server import JsonServer

Say = Callable[[dict[str, Any]], "str | bytes | tuple[int, bytes]"]


class ModelServer(JsonServer):
    """Answers each question with what `say` returns: a text, or raw bytes, or a status with them."""

    def __init__(self) -> None:
        super().__init__()
        self.say: Say = lambda asked: "# Nothing\n\nNothing."

    @property
    def url(self) -> str:
        return f"{super().url}/v1"

    @property
    def material(self) -> str:
        """What the model was given of the case by the last question."""
        return str(self.asked[-1]["messages"][-1]["content"])

    def reply(self, asked: dict[str, Any]) -> tuple[int, bytes]:
        said = self.say(asked)
        status, body = said if isinstance(said, tuple) else (200, said)
        return status, completion(body) if isinstance(body, str) else body


def completion(text: str) -> bytes:
    """Return a text as the protocol carries it."""
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    return json.dumps(
        {"id": "1", "object": "chat.completion", "created": 0, "model": "toy", "choices": [choice]}
    ).encode()


def model_server() -> AbstractContextManager[ModelServer]:
    return ModelServer().running()
