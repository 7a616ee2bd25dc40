"""`trato bench routing` measures what it says, on a small floor."""

import json

import pytest
from typer.testing import CliRunner

from trato.cli.bench import app

pytestmark = pytest.mark.slow

KEYS = {
    *("agents", "waiting", "assignments_per_s", "p50_ms", "p99_ms"),
    *("double", "over_capacity", "stranded", "rss_mb"),
}


@pytest.mark.parametrize("how", [(), ("--accept",)], ids=["at once", "accepted"])
def test_a_small_floor_is_measured(
    fresh_dsn: str, monkeypatch: pytest.MonkeyPatch, how: tuple[str, ...]
) -> None:
    monkeypatch.setenv("TRATO_DATABASE_URL", fresh_dsn)
    small = ("--agents", "40", "--waiting", "1000", "--ends", "100", "--arrivals", "40", "--seconds", "2")
    done = CliRunner().invoke(app, ["routing", "--json", *small, *how])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout.splitlines()[-1])
    assert set(found) == KEYS
    assert (found["double"], found["over_capacity"]) == (0, 0)
    assert found["assignments_per_s"] > 0
    assert found["p50_ms"] <= found["p99_ms"]
