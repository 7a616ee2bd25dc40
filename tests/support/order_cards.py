"""The example of a source of cards, as somebody would run it: a process of its own, answering over HTTP."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "order-cards" / "app.py"


@contextmanager
def order_cards(secret: str, port: int = 0) -> Iterator[str]:
    """Run the example until the block ends; give its URL."""
    command = [sys.executable, str(EXAMPLE), "--secret", secret, "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().removeprefix("Cards at ").strip()
        finally:
            process.terminate()
