"""The guards before every route: who asks, from where, how much, and what every answer carries."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from pydantic import BaseModel
from starlette.responses import Response
from starlette.types import Message

from trato.access import problems
from trato.access.edge import relayed
from trato.access.guard import guarded
from trato.access.guard.headers import DESK_POLICY
from trato.access.guard.limits import BodyLimit
from trato.access.guard.proxies import networks
from trato.kit.errors import Invalid, TooMany, Unavailable


class Body(BaseModel):
    password: str
    count: int


def make_app() -> FastAPI:
    app = FastAPI()
    problems.install(app)

    @app.get("/api/v1/who")
    async def who(request: Request) -> dict[str, Any]:
        assert request.client is not None
        return {
            "ip": request.client.host,
            "scheme": request.url.scheme,
            "host": request.headers["host"],
            "relayed": relayed(request),
            "left": [name for name in request.headers if name.startswith(("x-forwarded", "forwarded"))],
        }

    @app.post("/api/v1/body")
    async def body(body: Body) -> int:
        return body.count

    @app.post("/hooks/raw")
    async def raw(request: Request) -> int:
        return len(await request.body())

    @app.get("/frame")
    async def frame() -> Response:
        return Response("mail", headers={"Content-Security-Policy": "sandbox"})

    @app.get("/api/v1/error/{kind}")
    async def error(kind: str) -> None:
        raise {
            "invalid": Invalid("No.", field="name"),
            "too-many": TooMany("Slow.", retry_after_s=7),
            "unavailable": Unavailable("Not now."),
            "unexpected": RuntimeError("the secret recipe"),
        }[kind]

    return app


def client(
    ip: str = "203.0.113.7", base: str = "https://desk.example", trusted: str = "10.0.0.0/8"
) -> httpx.AsyncClient:
    app = guarded(make_app(), trusted_proxies=trusted.split(","), body_limits={"/hooks/": 5_000_000})
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(ip, 1234)), base_url=base)


async def who(
    ip: str, headers: list[tuple[str, str]], base: str = "https://desk.example"
) -> Mapping[str, Any]:
    async with client(ip, base) as http:
        found: Mapping[str, Any] = (await http.get("/api/v1/who", headers=headers)).json()
        return found


def httpx_scope(method: str, path: str) -> dict[str, Any]:
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
        "scheme": "http",
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }


class TestProxies:
    async def test_strangers_headers_are_not_believed(self) -> None:
        said = await who(
            "203.0.113.7",
            [
                ("X-Forwarded-For", "127.0.0.1"),
                ("X-Forwarded-Proto", "http"),
                ("X-Forwarded-Host", "evil.example"),
                ("Forwarded", "for=127.0.0.1"),
            ],
        )
        assert said == {
            "ip": "203.0.113.7",
            "scheme": "https",
            "host": "desk.example",
            "relayed": True,
            "left": [],
        }

    async def test_what_a_stranger_passes_on_is_not_from_where_it_seems(self) -> None:
        """As a proxy on this machine does that nobody told us of: the world is not this machine."""
        for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Forwarded-Proto"):
            assert (await who("127.0.0.1", [(header, "198.51.100.1")]))["relayed"], header
        assert not (await who("127.0.0.1", []))["relayed"]
        assert not (await who("10.0.0.9", [("X-Forwarded-For", "198.51.100.1")]))["relayed"]

    async def test_a_trusted_proxy_is(self) -> None:
        said = await who(
            "10.0.0.2",
            [
                ("X-Forwarded-For", "198.51.100.1"),
                ("X-Forwarded-Proto", "https"),
                ("X-Forwarded-Host", "help.example"),
            ],
            base="http://10.0.0.9:8000",
        )
        assert said == {
            "ip": "198.51.100.1",
            "scheme": "https",
            "host": "help.example",
            "relayed": False,
            "left": [],
        }

    @pytest.mark.parametrize(
        ("chain", "expected"),
        [
            ("1.1.1.1, 198.51.100.1", "198.51.100.1"),
            ("1.1.1.1, 198.51.100.1, 10.0.0.3", "198.51.100.1"),
            ("127.0.0.1, 198.51.100.1, 10.0.0.3, 10.9.9.9", "198.51.100.1"),
            ("10.0.0.4, 10.0.0.3", "10.0.0.4"),
            ("198.51.100.1:4711", "198.51.100.1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("::ffff:198.51.100.1", "198.51.100.1"),
            ("garbage", "10.0.0.2"),
            ("198.51.100.1, unknown, 10.0.0.3", "10.0.0.3"),
            ("", "10.0.0.2"),
        ],
    )
    async def test_the_chain_is_read_from_our_end(self, chain: str, expected: str) -> None:
        assert (await who("10.0.0.2", [("X-Forwarded-For", chain)]))["ip"] == expected

    async def test_repeated_headers_are_one_list(self) -> None:
        said = await who("10.0.0.2", [("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-For", "198.51.100.1")])
        assert said["ip"] == "198.51.100.1"

    async def test_the_scheme_is_what_the_clients_own_proxy_saw(self) -> None:
        chain = [("X-Forwarded-For", "6.6.6.6, 198.51.100.1, 10.0.0.3")]
        said = await who("10.0.0.2", [*chain, ("X-Forwarded-Proto", "http, https, http")])
        assert said["scheme"] == "https"

    async def test_a_scheme_that_is_none_changes_nothing(self) -> None:
        headers = [("X-Forwarded-For", "198.51.100.1"), ("X-Forwarded-Proto", "javascript")]
        assert (await who("10.0.0.2", headers))["scheme"] == "https"

    def test_a_wrong_setting_is_said_at_the_start(self) -> None:
        assert len(networks(["10.0.0.1/8", " ::1 ", ""])) == 2
        with pytest.raises(ValueError, match="proxy"):
            networks(["proxy.example"])


class TestHosts:
    @pytest.mark.parametrize(
        "base",
        [
            "https://desk.example",
            "http://localhost:8000",
            "http://127.0.0.1:8000",
            "http://127.9.9.9",
            "http://[::1]:8000",
            "http://tienda.localhost:8000",
        ],
    )
    async def test_where_cookies_are_safe_is_served(self, base: str) -> None:
        async with client(base=base) as http:
            assert (await http.get("/api/v1/who")).status_code == 200

    @pytest.mark.parametrize(
        "base",
        [
            "http://desk.example",
            "http://192.168.1.20:8000",
            "http://localhost.evil.example",
            "http://127.0.0.1.evil.example",
            "http://notlocalhost",
        ],
    )
    async def test_elsewhere_the_mend_is_told(self, base: str) -> None:
        async with client(base=base) as http:
            page = await http.get("/", headers={"Accept": "text/html", "Accept-Language": "es-CO,en;q=0.5"})
            problem = await http.get("/api/v1/who")
        assert page.status_code == 403
        assert '<html lang="es">' in page.text
        assert "--public-url" in page.text
        assert problem.status_code == 403
        assert problem.json()["type"] == "insecure-connection"
        assert "--tls-cert" in problem.json()["todo"]

    @pytest.mark.parametrize(
        "host",
        ["", "desk.example, evil.example", "127.0.0.1:8000@evil.example", "a/b", "[::1", "x y", "x:port"],
    )
    async def test_a_host_that_is_none_is_refused(self, host: str) -> None:
        async with client() as http:
            response = await http.get("/api/v1/who", headers={"Host": host})
        assert (response.status_code, response.json()["type"]) == (400, "bad-request")

    async def test_machines_inside_may_ask_for_health(self) -> None:
        async with client(base="http://10.0.0.9") as http:
            assert (await http.get("/health/live")).status_code == 404, "no such route here, but let through"
            assert (await http.post("/hooks/raw", content=b"x")).status_code == 200


class TestHeaders:
    async def test_every_answer_is_guarded(self) -> None:
        async with client() as http:
            for path in ("/api/v1/who", "/nowhere", "/api/v1/error/unexpected"):
                headers = (await http.get(path)).headers
                assert headers["content-security-policy"] == DESK_POLICY
                assert headers["x-content-type-options"] == "nosniff"
                assert headers["x-frame-options"] == "DENY"
                assert headers["referrer-policy"] == "same-origin"
                assert headers["cross-origin-opener-policy"] == "same-origin"
                assert headers["strict-transport-security"].startswith("max-age=")
                assert headers["x-request-id"]

    def test_the_policy_allows_nothing_inline(self) -> None:
        assert "unsafe" not in DESK_POLICY
        assert "frame-ancestors 'none'" in DESK_POLICY
        assert "default-src 'none'" in DESK_POLICY

    async def test_a_route_may_have_a_policy_of_its_own(self) -> None:
        async with client() as http:
            headers = (await http.get("/frame")).headers
        assert headers.get_list("content-security-policy") == ["sandbox"]
        assert "x-frame-options" not in headers
        assert headers["x-content-type-options"] == "nosniff"

    async def test_no_strict_transport_on_loopback(self) -> None:
        async with client(base="http://localhost:8000") as http:
            assert "strict-transport-security" not in (await http.get("/api/v1/who")).headers


class TestLimits:
    async def test_a_large_body_is_refused_before_it_is_read(self) -> None:
        async with client() as http:
            response = await http.post("/api/v1/body", content=b"x" * 1_000_001)
        assert response.status_code == 413
        assert response.json()["type"] == "too-large"

    async def test_also_without_its_length(self) -> None:
        async def parts() -> AsyncIterator[bytes]:
            for _ in range(1000):
                yield b"x" * 2_000

        async with client() as http:
            response = await http.post(
                "/api/v1/body", content=parts(), headers={"Content-Type": "application/json"}
            )
        assert response.status_code == 413

    async def test_a_path_with_its_own_limit(self) -> None:
        async with client() as http:
            assert (await http.post("/hooks/raw", content=b"x" * 2_000_000)).json() == 2_000_000
            assert (await http.post("/hooks/raw", content=b"x" * 5_000_001)).status_code == 413

    async def test_a_body_that_stops_half_way_is_not_waited_for(self) -> None:
        async def half() -> AsyncIterator[bytes]:
            yield b"x"
            await asyncio.Event().wait()

        app = BodyLimit(make_app(), larger={}, part_s=0.05)
        started: list[Message] = []
        asked = half()

        async def receive() -> Message:
            return {"type": "http.request", "body": await anext(asked), "more_body": True}

        async def send(message: Message) -> None:
            started.append(message)

        scope = httpx_scope("POST", "/hooks/raw")
        await app(scope, receive, send)
        assert started[0]["status"] == 408

    @pytest.mark.parametrize("length", ["-1", "abc", "1e3", "٣"])
    async def test_a_length_that_is_none(self, length: str) -> None:
        async with client() as http:
            request = http.build_request("POST", "/hooks/raw", content=b"x")
            request.headers["Content-Length"] = length.encode().decode("latin-1")
            assert (await http.send(request)).status_code == 413


class TestProblems:
    @pytest.mark.parametrize(
        ("kind", "status"), [("invalid", 422), ("too-many", 429), ("unavailable", 503), ("unexpected", 500)]
    )
    async def test_errors_are_problems(self, kind: str, status: int) -> None:
        async with client() as http:
            response = await http.get(f"/api/v1/error/{kind}")
        assert response.status_code == status
        assert response.headers["content-type"] == "application/problem+json"
        body = response.json()
        assert (body["type"], body["status"]) == (kind, status)
        assert body["title"]

    async def test_more_is_said_where_it_helps(self) -> None:
        async with client() as http:
            assert (await http.get("/api/v1/error/invalid")).json()["field"] == "name"
            assert (await http.get("/api/v1/error/too-many")).headers["retry-after"] == "7"

    async def test_the_unexpected_is_a_number_and_nothing_else(self) -> None:
        async with client() as http:
            response = await http.get("/api/v1/error/unexpected")
        assert "recipe" not in response.text
        assert "Traceback" not in response.text
        assert "RuntimeError" not in response.text
        assert response.json()["id"]

    async def test_input_is_not_given_back(self) -> None:
        async with client() as http:
            response = await http.post("/api/v1/body", json={"password": "hunter2", "count": "hunter2"})
        assert response.status_code == 422
        assert "hunter2" not in response.text
        assert response.json()["field"] == "count"

    @pytest.mark.parametrize(
        ("method", "path", "status", "kind"),
        [("GET", "/api/v1/nothing", 404, "not-found"), ("DELETE", "/api/v1/who", 405, "not-offered")],
    )
    async def test_what_is_not_there(self, method: str, path: str, status: int, kind: str) -> None:
        async with client() as http:
            response = await http.request(method, path)
        assert (response.status_code, response.json()["type"]) == (status, kind)

    @pytest.mark.parametrize(
        ("accept", "title"),
        [
            ("es-MX,es;q=0.9", "No se encontró"),
            ("pt-BR", "Não encontrado"),
            ("de", "Not found"),
            ("", "Not found"),
        ],
    )
    async def test_in_the_readers_language(self, accept: str, title: str) -> None:
        async with client() as http:
            response = await http.get("/api/v1/nothing", headers={"Accept-Language": accept})
        assert response.json()["title"] == title
