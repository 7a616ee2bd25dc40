"""Turn a set of questions in SQuAD's form (XQuAD, SQAC, MLQA) into the files of `trato eval`.

    python tools/squad.py xquad.es.json FOLDER

writes FOLDER/articles.jsonl (one article a paragraph, its page's title) and FOLDER/questions.jsonl. Questions
of another language name the same paragraphs, so `xquad.en.json` makes English questions on Spanish pages.
"""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path


def main() -> None:
    """Read one file, write two."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    pages = json.loads(given.file.read_text("utf-8"))["data"]
    paragraphs = [(page.get("title", ""), part) for page in pages for part in page["paragraphs"]]
    numbered = [(f"p{number}", title, part) for number, (title, part) in enumerate(paragraphs)]
    given.folder.mkdir(parents=True, exist_ok=True)
    _write(
        given.folder / "articles.jsonl",
        (
            {"id": name, "title": title, "text": part["context"].strip("\ufeff")}
            for name, title, part in numbered
        ),
    )
    _write(
        given.folder / "questions.jsonl",
        ({"query": one["question"], "article": name} for name, _, part in numbered for one in part["qas"]),
    )


def _write(path: Path, rows: Iterable[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


if __name__ == "__main__":
    main()
