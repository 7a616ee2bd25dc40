"""A browser at the desk and the world above access, for tests through real requests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access.guard import guarded

PUBLIC = "https://desk.example"
PASSWORD = "lluvia sobre tejados 7"


@dataclass
class World:
    """What the layers above would do, remembered."""

    mails: list[tuple[str, str, str, str]] = field(default_factory=list)
    can_mail: bool = True
    handed_over: list[tuple[UUID, UUID | None]] = field(default_factory=list)
    events: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    async def send_link(self, c: AsyncConnection, to: str, subject: str, text: str, language: str) -> None:
        self.mails.append((to, subject, text, language))

    async def able(self, c: AsyncConnection) -> bool:
        return self.can_mail

    async def hand_over(self, c: AsyncConnection, agent_id: UUID, to_agent_id: UUID | None) -> None:
        self.handed_over.append((agent_id, to_agent_id))

    async def announce(
        self, c: AsyncConnection, event_type: str, actor: str, data: Mapping[str, Any]
    ) -> None:
        self.events.append((event_type, data))

    async def organisation(self, c: AsyncConnection) -> Mapping[str, Any]:
        return {"name": "La Tienda", "language": "es", "time_zone": "America/Bogota"}


class Browser:
    """A browser at the desk: keeps cookies, sends Origin and the CSRF token."""

    def __init__(self, app: FastAPI, *, ip: str = "203.0.113.7", origin: str = PUBLIC) -> None:
        transport = httpx.ASGITransport(guarded(app, trusted_proxies=["10.0.0.0/8"]), client=(ip, 50_000))
        self.http = httpx.AsyncClient(transport=transport, base_url=f"{origin}/api/v1")
        self.origin = origin
        self.csrf = ""

    async def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        sent = {"X-CSRF-Token": self.csrf, "Origin": self.origin, "Sec-Fetch-Site": "same-origin"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.http.request(
            method, path, json=body, headers={name: value for name, value in sent.items() if value}
        )

    async def sign_in(self, email: str, password: str = PASSWORD) -> httpx.Response:
        response = await self("POST", "/session", {"email": email, "password": password})
        if response.status_code == 200:
            self.csrf = response.json().get("csrf", "")
        return response

    @property
    def token(self) -> str | None:
        return self.http.cookies.get("__Host-trato_desk")

    def replace_cookie(self, value: str) -> None:
        self.http.cookies.delete("__Host-trato_desk")
        self.http.cookies.set("__Host-trato_desk", value, domain="desk.example", path="/")


@dataclass(frozen=True)
class People:
    ana: UUID  # administrator
    sara: UUID  # supervisor
    alba: UUID  # agent
