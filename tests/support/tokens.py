"""An OAuth server of the tests' own: gives access tokens, and says whose they are (RFC 6749, RFC 7662)."""

import contextlib
import json
import secrets
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs


class Tokens:
    """What was given to whom; `revoke` ends it. A refresh token is an address, `#1` behind it the next."""

    def __init__(self) -> None:
        self.owners: dict[str, str] = {}
        self.asked = 0
        self.refused: set[str] = set()
        self.rotates = False
        self.used: list[str] = []
        self.url = ""

    @property
    def token_url(self) -> str:
        return f"{self.url}/token"

    @property
    def introspection_url(self) -> str:
        return f"{self.url}/introspect"

    def revoke(self) -> None:
        """End all access tokens; new ones may be asked for."""
        self.owners.clear()

    def give(self, form: dict[str, list[str]]) -> tuple[int, dict[str, object]]:
        owner = form["refresh_token"][0]
        if form["grant_type"] != ["refresh_token"] or form["client_secret"] != ["secreto"]:
            return 401, {"error": "invalid_client"}
        if owner in self.refused:
            return 400, {"error": "invalid_grant"}
        self.asked += 1
        token = secrets.token_urlsafe(60)
        answer: dict[str, object] = {"access_token": token, "token_type": "Bearer", "expires_in": 3600}
        if self.rotates:  # each refresh token is good for once (RFC 9700 §4.14.2)
            self.refused.add(owner)
            self.used.append(owner)
            owner, _, number = owner.partition("#")
            answer["refresh_token"] = f"{owner}#{int(number or 0) + 1}"
        self.owners[token] = owner.partition("#")[0]
        return 200, answer

    def introspect(self, form: dict[str, list[str]]) -> tuple[int, dict[str, object]]:
        owner = self.owners.get(form.get("token", [""])[0])
        return 200, {"active": "true", "username": owner} if owner else {"active": "false"}


@contextlib.contextmanager
def running_tokens() -> Iterator[Tokens]:
    """Serve token and introspection endpoint on loopback."""
    tokens = Tokens()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
            status, answer = (tokens.give if self.path == "/token" else tokens.introspect)(form)
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    tokens.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield tokens
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
