"""A whole process tree with toy roles, to be started, wounded and stopped by tests.

Run as a script: `toy_tree.py DATA NOTES [MANNER…]`. Each role writes what happens to it into NOTES/<name>.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from trato.db.embedded import EmbeddedPostgres
from trato.kit.errors import DomainError, Unavailable
from trato.kit.logs import configure
from trato.kit.process_tree import ProcessTree, Role


def note(notes: Path, name: str, what: str) -> None:
    with (notes / name).open("a") as file:
        file.write(f"{what} {os.getpid()}\n")


def toy(notes: Path, name: str, manner: str) -> Callable[[Callable[[], None]], None]:
    def run(ready: Callable[[], None]) -> None:
        stopped: list[int] = []
        signal.signal(
            signal.SIGTERM, signal.SIG_IGN if manner == "stubborn" else lambda n, _: stopped.append(n)
        )
        if manner == "unable":
            raise Unavailable("The port is taken.", todo="Choose another.")
        note(notes, name, "began")
        ready()
        while not stopped:
            time.sleep(0.02)
        time.sleep(0.3)  # what it has in hand
        note(notes, name, "drained")

    return run


def main() -> None:
    data, notes, manners = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:] or ["polite", "polite"]
    configure()
    server = EmbeddedPostgres(data)
    roles = [Role(f"role{n}", toy(notes, f"role{n}", manner)) for n, manner in enumerate(manners)]
    try:
        server.start()
        note(notes, "parent", "started")
        ProcessTree(roles, server, on_ready=lambda: note(notes, "parent", "ready")).run()
    except DomainError as error:
        print(error.message, error.todo, file=sys.stderr)
        sys.exit(1)
    note(notes, "parent", "ended")


if __name__ == "__main__":
    main()
