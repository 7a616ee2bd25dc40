"""`trato inspect`: one JSON object a line, in the order given, whatever the files are."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest
from typer.testing import CliRunner

import trato.channels
from trato.channel_sdk import Connector
from trato.cli import compose


class Letters(Connector):
    """A channel that counts."""

    kind: ClassVar[str] = "letters"

    def inspect(self, raw: bytes) -> Mapping[str, Any]:
        return {"size": len(raw), "errors": []}


@pytest.fixture(autouse=True)
def _a_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trato.channels, "load_connectors", lambda: {"letters": Letters()})


def test_a_channel_reads_each_file_in_order(tmp_path: Path) -> None:
    files = [tmp_path / "b", tmp_path / "missing", tmp_path / "a", tmp_path]
    files[0].write_bytes(b"12")
    files[2].write_bytes(b"")
    result = CliRunner().invoke(compose(), ["inspect", "letters", *map(str, files)])
    assert result.exit_code == 1, "two of them could not be opened"
    assert f"{files[1]} cannot be opened: No such file or directory" in result.stderr
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [entry["file"] for entry in found] == [str(file) for file in files]
    assert [entry["size"] for entry in found] == [2, 0, 0, 0]
    assert found[1]["errors"] == ["cannot be opened: No such file or directory"]
    assert found[3]["errors"] == ["cannot be opened: Is a directory"]


def test_a_reply_is_split(tmp_path: Path) -> None:
    file = tmp_path / "reply.txt"
    file.write_bytes(
        "Sí, llegó.\r\n\r\n-- \r\nAna\r\n\r\nEl 3/3/2025, Bea escribió:\r\n> ¿Llegó?\r\n".encode()
    )
    result = CliRunner().invoke(compose(), ["inspect", "reply", str(file)])
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "file": str(file),
        "reply_text": "Sí, llegó.",
        "signature": "-- \nAna",
    }


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "latin-1"])
def test_a_reply_is_read_however_it_is_written(tmp_path: Path, charset: str) -> None:
    file = tmp_path / "reply.txt"
    file.write_bytes("¿Llegó?\n\n> sí\n".encode(charset))
    result = CliRunner().invoke(compose(), ["inspect", "reply", "--json", str(file)])
    assert json.loads(result.stdout)["reply_text"] == "¿Llegó?"


def test_an_unknown_channel_is_refused() -> None:
    assert CliRunner().invoke(compose(), ["inspect", "pigeons", "x"]).exit_code != 0


def test_help_names_the_channels() -> None:
    result = CliRunner().invoke(compose(), ["inspect", "--help"])
    assert "letters" in result.stdout
    assert "reply" in result.stdout
