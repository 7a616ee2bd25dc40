"""A customer of the demo shop's chat as a program, over the visitor API."""

import re
import uuid
from typing import Any, Self

import httpx


class Visitor:
    """An anonymous visitor with one conversation."""

    def __init__(self, url: str) -> None:
        page = httpx.get(f"{url}/demo", timeout=30).text
        found = re.search(r'data-account="([^"]+)"', page)
        assert found, page
        self._client = httpx.Client(
            base_url=f"{url}/api/v1/visitor", timeout=30, headers={"Origin": url, "Referer": f"{url}/demo"}
        )
        self._account = found[1]
        self._token: str | None = None
        self.session()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def session(self) -> Any:
        """Open or resume the session and return what it answers."""
        asked = {"account": self._account, "language": "es", "page": "/demo", "token": self._token}
        answer = self._client.post("/session", json={k: v for k, v in asked.items() if v is not None})
        assert answer.is_success, answer.text
        said = answer.json()
        self._token = said["token"]
        self._client.headers["Authorization"] = f"Bearer {self._token}"
        return said

    def says(self, text: str) -> str:
        """Write, and return what was written."""
        sent = {"client_id": str(uuid.uuid4()), "text": text, "attachment_ids": []}
        answer = self._client.post("/messages", json=sent)
        assert answer.is_success, answer.text
        return text

    @property
    def conversation_id(self) -> str:
        found: str = self.session()["conversation"]["id"]
        return found

    def messages(self) -> list[dict[str, Any]]:
        """Return the conversation as the visitor sees it."""
        found: list[dict[str, Any]] = self.session()["conversation"]["messages"]
        return found
