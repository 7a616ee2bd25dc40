"""`trato bench views` measures what it says, over a few conversations."""

import json

import pytest
from typer.testing import CliRunner

from trato.cli.bench import app


def test_views_are_measured(fresh_dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRATO_DATABASE_URL", fresh_dsn)
    done = CliRunner().invoke(app, ["views", "--live", "40", "--ended", "60", "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout.splitlines()[-1])
    assert {name: one["conversations"] for name, one in found["views"].items()} == {
        "all": 40,
        "nobody's": 20,
        "promise broken": 8,
        "waiting for an hour": 0,
        "label": 2,
        "no label": 8,
        "team": 8,
        "mention": 0,
        "label, ended too": 5,
    }
    assert found["p95_ms"] > 0
    assert found["ratio"] > 0
