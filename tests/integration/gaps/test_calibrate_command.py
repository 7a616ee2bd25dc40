"""`trato eval answers --calibrate` learns from what was judged in an installation, or says why it cannot."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from trato.db.engine import Database
from trato.decide.answer_gate import SIGNALS
from trato.knowledge import gate

pytestmark = pytest.mark.slow


def calibrate(dsn: str, data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "trato", "eval", "answers", *arguments, "--data", str(data), "--json"]
    env = {**os.environ, "TRATO_DATABASE_URL": dsn, "TRATO_SECRET_KEY": "0" * 64}
    return subprocess.run(command, capture_output=True, text=True, timeout=180, check=False, env=env)


async def test_it_learns_or_says_why_not(committing_db: Database, fresh_dsn: str, tmp_path: Path) -> None:
    few = calibrate(fresh_dsn, tmp_path, "--calibrate")
    assert few.returncode != 0
    assert "Too few answers were judged to learn from." in few.stderr
    assert "Traceback" not in few.stderr
    draw = np.random.default_rng(3)
    async with committing_db.begin() as c:
        for number in range(60):
            right = number % 3 != 0
            signals = draw.normal(1.0 if right else -1.0, 0.6, len(SIGNALS)).tolist()
            await gate.judge(c, "es", f"pregunta {number} abc", signals, right=right, judge="reader")
    learned = calibrate(fresh_dsn, tmp_path, "--calibrate", "--precision", "0.9")
    assert learned.returncode == 0, learned.stderr
    found = json.loads(learned.stdout.splitlines()[-1])
    assert (found["samples"], found["right"], found["wrong"]) == (60, 40, 20)
    assert sum(of for _, _, of in found["curve"]) == 60
    async with committing_db.connect() as c:
        kept = await gate.kept_gate(c)
    assert kept is not None
    assert (kept.samples, kept.values["threshold"]) == (60, found["threshold"])


def test_without_files_and_without_calibrate_it_says_what_to_give(tmp_path: Path) -> None:
    refused = calibrate("postgresql://nowhere", tmp_path)
    assert refused.returncode != 0
    assert "--calibrate" in refused.stderr
