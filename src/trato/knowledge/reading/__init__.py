"""Articles as other systems keep them: Markdown, HTML, CSV, JSON lines, Zendesk."""

from collections.abc import Iterator
from pathlib import Path

from trato.kit.errors import Invalid, NotFound
from trato.knowledge.reading import documents, structured, zendesk
from trato.knowledge.reading.rows import BadRow, Incoming

READERS = {
    ".md": documents.read_markdown,
    ".markdown": documents.read_markdown,
    ".html": documents.read_html,
    ".htm": documents.read_html,
    ".csv": structured.read_csv,
    ".tsv": structured.read_csv,
    ".jsonl": structured.read_lines,
    ".ndjson": structured.read_lines,
    ".json": zendesk.read,
}


def read(path: Path, language: str | None) -> Iterator[Incoming | BadRow]:
    """Yield what stands in a file, or in all files below a folder, in the order of their names.

    What cannot be read is a `BadRow` in its place. Raises `NotFound`, and `Invalid` for a kind of file that
    is not known and for a folder without any that is.
    """
    if not path.exists():
        raise NotFound("There is no {path}.", todo="Name a file or a folder.", values={"path": path})
    kinds = ", ".join(READERS)
    if path.is_file():
        if path.suffix.lower() not in READERS:
            raise Invalid(
                "{path} is of no kind that articles come in.",
                todo="They come in files of {kinds}.",
                values={"path": path.name, "kinds": kinds},
            )
        yield from _one(path, path.parent, language)
        return
    files = sorted(file for file in path.rglob("*") if file.is_file() and file.suffix.lower() in READERS)
    if not files:
        raise Invalid(
            "There is no article in {path}.",
            todo="They come in files of {kinds}.",
            values={"path": path, "kinds": kinds},
        )
    for file in files:
        yield from _one(file, path, language)


def _one(file: Path, root: Path, language: str | None) -> Iterator[Incoming | BadRow]:
    try:
        yield from READERS[file.suffix.lower()](file, root, language)
    except OSError as error:
        yield BadRow(str(file.relative_to(root)), f"cannot be read: {error.strerror or error}")
