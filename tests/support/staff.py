"""Somebody of the staff as a program: prepares what a journey starts from, over the public API."""

from typing import Any, Self

import httpx

DEMO_PASSWORD = "demostracion-2026"
PASSWORD = "lluvia sobre tejados 7"


class Staff:
    """A signed-in session of the API; every refusal fails the test with its answer."""

    def __init__(self, url: str, email: str, password: str = DEMO_PASSWORD) -> None:
        self.url, self.email, self.password = url, email, password
        self._client = httpx.Client(base_url=f"{url}/api/v1", timeout=30)
        entered = self._client.post("/session", json={"email": email, "password": password})
        answer = self._said(entered)
        # By hand: unlike a browser, httpx sends no secure cookie to loopback without TLS.
        self._client.headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in entered.cookies.items())
        self._client.headers["X-CSRF-Token"] = answer["csrf"]
        self.user: dict[str, Any] = answer["user"]
        self.agent_id: str | None = self.user["agent_id"]

    @property
    def headers(self) -> dict[str, str]:
        """What a request of this session carries."""
        return dict(self._client.headers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def _said(self, answer: httpx.Response) -> Any:
        assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.text}"
        return answer.json() if answer.content else None

    def get(self, path: str, **query: Any) -> Any:
        return self._said(self._client.get(path, params=query))

    def post(self, path: str, **body: Any) -> Any:
        return self._said(self._client.post(path, json=body))

    def put(self, path: str, **body: Any) -> Any:
        return self._said(self._client.put(path, json=body))

    def patch(self, path: str, **body: Any) -> Any:
        return self._said(self._client.patch(path, json=body))

    def delete(self, path: str) -> Any:
        return self._said(self._client.delete(path))

    def invited(self, email: str, name: str, role: str = "agent") -> str:
        """Invite somebody and return their link."""
        link: str = self.post("/invitations", email=email, name=name, role=role, capacity=4)["link"]
        return link

    def colleague(self, email: str, name: str, role: str = "agent") -> "Staff":
        """Invite somebody who accepts at once; return them signed in."""
        token = self.invited(email, name, role).partition("#")[2]
        with httpx.Client(base_url=f"{self.url}/api/v1", timeout=30) as client:
            accepted = client.post(
                "/invitations/accept",
                json={"token": token, "name": name, "password": PASSWORD, "language": "es"},
            )
            assert accepted.is_success, accepted.text
        return Staff(self.url, email, PASSWORD)

    def close_everything(self) -> None:
        """Leave nobody waiting and nobody busy, so that the next test's customer is the only one."""
        for tab in ("waiting", "all"):
            for one in self.get("/inbox", tab=tab)["items"]:
                if one["status"] != "closed":
                    self.patch(f"/conversations/{one['id']}", status="closed")
