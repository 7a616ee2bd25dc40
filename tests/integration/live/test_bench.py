"""`trato bench live` measures a real web process and says what it found."""

import json
import subprocess
import sys

import pytest


@pytest.mark.slow
def test_a_small_measurement_loses_nothing() -> None:
    load = ["--subscribers", "20", "--rate", "20", "--seconds", "2"]
    done = subprocess.run(
        [sys.executable, "-m", "trato", "bench", "live", *load, "--json"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    last = done.stdout.splitlines()[-1]
    found = json.loads(last)
    assert last == json.dumps(found, separators=(",", ":"))
    assert list(found) == ["subscribers", "events_per_s", "p50_ms", "p99_ms", "lost", "rss_mb", "ratio"]
    assert "request" not in done.stderr.replace("requests", ""), "no line for each stream"
    assert (found["subscribers"], found["lost"]) == (20, 0)
    assert 0 < found["p50_ms"] <= found["p99_ms"]
    assert found["rss_mb"] > 0
    assert found["ratio"] > 0
