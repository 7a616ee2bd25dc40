"""What the page on cards says to type is typed, and the demo shop's own card answers."""

import json
import os
import re
import socket
import subprocess
from textwrap import dedent

import pytest
from tests.e2e.conftest import unique
from tests.support.staff import Staff
from tests.support.tree import ROOT, Tree
from tests.support.until import wait_until

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def test_the_commands_of_the_how_to_run_and_the_demo_has_a_card(tree: Tree, administrator: Staff) -> None:
    """What the page says to type is typed: the example is run, registered, and told of a change."""
    text = (ROOT / "docs/how-to/cards.md").read_text().replace("8400", str(free_port()))
    run, register, tell = (
        dedent(one) for one in re.findall(r"^ *```sh\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    )
    scopes = ["organisation:write", "contacts:write"]
    key = administrator.post("/api-keys", name=unique("tarjetas"), scopes=scopes)["token"]
    said = {**os.environ, "TRATO": tree.url, "KEY": key}

    def typed(command: str) -> str:
        done = subprocess.run(
            ["bash", "-c", command], env=said, cwd=ROOT, capture_output=True, text=True, check=True
        )
        return done.stdout

    said["SECRET"] = json.loads(typed(register))["secret"]
    pedro = next(
        one
        for tab in ("all", "closed")
        for one in administrator.get("/inbox", tab=tab, q="Pedro Gómez")["items"]
        if one["channel"] == "email"
    )
    cards = f"/conversations/{pedro['id']}/cards"
    with subprocess.Popen(["bash", "-c", f"exec {run}"], env=said, cwd=ROOT) as example:
        try:
            asked = wait_until(
                lambda: administrator.post(f"{cards}/order-cards", again=True)["card"], within_s=60
            )
            assert asked["title"] == "Pedido 88120"
            assert typed(tell) == ""
            shown = wait_until(lambda: administrator.post(f"{cards}/orders", again=True)["card"])
            assert shown["title"] == "Pedido 88120", shown
            assert [one["key"] for one in administrator.get(cards)["items"]] == ["orders", "order-cards"]
        finally:
            example.terminate()
            administrator.delete("/card-sources/order-cards")
