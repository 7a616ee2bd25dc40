"""Examples to measure on are read whole, or the command says what is wrong with them."""

import json
from pathlib import Path

import pytest

from trato.bench.examples import read_articles, read_questions
from trato.kit.errors import Invalid


def test_a_line_ends_where_json_lines_end(tmp_path: Path) -> None:
    row = {"id": 1, "title": "Uno", "text": "Una línea\u2028y otra\x85."}
    (tmp_path / "a.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\r\n\r\n", "utf-8")
    assert [(one.id, one.text) for one in read_articles(tmp_path / "a.jsonl")] == [("1", row["text"])]


def test_what_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(Invalid, match="UTF-8"):
        read_questions(tmp_path / "q.jsonl")
