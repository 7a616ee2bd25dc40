"""A small server that speaks as LibreTranslate does, and says what the test wants."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Say = Callable[[dict[str, Any]], tuple[int, bytes]]


def answer(text: str, language: str | None = "pt") -> tuple[int, bytes]:
    """Return a translation as the contract carries it."""
    found = {"detectedLanguage": {"confidence": 90, "language": language}} if language else {}
    return 200, json.dumps({"translatedText": text, **found}).encode()


class TranslatorServer:
    """Answers each text with what `say` returns: a status and the bytes of the answer."""

    def __init__(self) -> None:
        self.say: Say = lambda asked: answer(f"[{asked['target']}] {asked['q']}")
        self.asked: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.released = threading.Event()  # what is slow waits for it, and for no time
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def run(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.paths.append(self.path)
                outer.asked.append(asked)
                status, data = outer.say(asked)
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(data)))
                    self.end_headers()
                    self.wfile.write(data)
                except (BrokenPipeError, ConnectionResetError):
                    pass  # whoever asked did not wait

            def log_message(self, *_: Any) -> None:
                pass

        return Handler


@contextmanager
def translator_server() -> Iterator[TranslatorServer]:
    server = TranslatorServer()
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join(10)
