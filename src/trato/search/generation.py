"""An index on disk: built beside the one that serves, then named the current one; checked when it is opened.

A folder holds generations and the file `CURRENT` with the name of one. Readers keep what they have opened:
blocks by an open file, words by a private copy, so that nothing that happens to the folder reaches them.
"""

import fcntl
import json
import os
import shutil
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from uuid import uuid4
from weakref import finalize

import numpy as np

from trato.kit.durable import sync_folder
from trato.search.catalogue import Built, Rows, projection_of, spoken
from trato.search.embedding import DIMENSIONS, NAME, Encoder, Vectors
from trato.search.lexical import HEAP_BYTES, WordIndex
from trato.search.records import outline, pack, read_article
from trato.search.values import Article
from trato.search.vocabulary import Vocabulary

FORMAT: Final = 1
CURRENT: Final = "CURRENT"
NONE: Final = "no index"
MANIFEST: Final = "manifest.json"
WHOLE_UNTIL: Final = (
    20_000  # articles whose outlines are kept in full; above, in the directions that differ most
)
PROJECTED: Final = 128
ABANDONED_S: Final = 3_600.0  # no reader takes so long to open a copy
_CHUNK: Final = 1 << 20

Known = Callable[[Article], Vectors | None]


class Unusable(Exception):
    """There is no index in the folder, or it is damaged, or of another version."""


class FileBlocks:
    """The blocks of a generation, read from a file that stays open whatever becomes of its name."""

    def __init__(self, path: Path, offsets: list[int]) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._offsets = offsets
        finalize(self, os.close, self._descriptor)

    def read(self, row: int) -> bytes:
        """Return the block of a row."""
        start, end = self._offsets[row], self._offsets[row + 1]
        return os.pread(self._descriptor, end - start, start)


def build(
    folder: Path, articles: Iterable[Article], encoder: Encoder, known: Known, step: Callable[[int], None]
) -> str:
    """Write a new generation, make it the current one, remove the older ones; return its name.

    To be called with `building` held. `known` gives the vectors of an article that did not change; `step` is
    told how many articles are done.
    """
    name = f"g-{uuid4().hex}"
    place = folder / name
    try:
        _write(place, articles, encoder, known, step)
        _name_current(folder, name)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    _remove_older(folder, name)
    return name


@contextmanager
def building(folder: Path) -> Iterator[None]:
    """Hold the right to build in the folder, which one process has at a time; the others wait for it."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / ".building", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write(
    place: Path, articles: Iterable[Article], encoder: Encoder, known: Known, step: Callable[[int], None]
) -> None:
    place.mkdir()
    vocabulary, rows, offsets, outlines = Vocabulary(), Rows(), [0], []
    index = WordIndex(place / "words")
    with (place / "blocks").open("wb") as blocks:
        for article in articles:
            record = read_article(article, vocabulary, encoder, known(article))
            block = pack(record)
            blocks.write(block)
            offsets.append(offsets[-1] + len(block))
            outlines.append(outline([record])[0])
            vocabulary.count(record.tokens.tolist(), 1)
            index.add(len(rows.names), *spoken(record, vocabulary), heap=HEAP_BYTES)
            rows.add(article, len(record.tokens))
            step(len(rows.names))
        blocks.flush()
        os.fsync(blocks.fileno())
    index.commit(last=True)
    _write_outlines(place, np.array(outlines, np.float32).reshape(-1, DIMENSIONS))
    _write_json(
        place / "rows.json", {slot: getattr(rows, slot) for slot in Rows.__slots__} | {"offsets": offsets}
    )
    _write_json(place / "vocabulary.json", vocabulary.values())
    files = {
        str(path.relative_to(place)): [path.stat().st_size, _checksum(path) if path.name != "blocks" else 0]
        for path in sorted(place.rglob("*"))
        if path.is_file() and not path.name.endswith(".lock")
    }
    _write_json(place / MANIFEST, {"format": FORMAT, "encoder": NAME, "files": files})


def _write_outlines(place: Path, outlines: Vectors) -> None:
    if len(outlines) > WHOLE_UNTIL:
        projection = projection_of(outlines, PROJECTED)
        np.save(place / "projection.npy", projection)
        outlines = outlines @ projection
    np.save(place / "outlines.npy", outlines)


def _write_json(path: Path, value: Any) -> None:
    with path.open("w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, separators=(",", ":"))
        file.flush()
        os.fsync(file.fileno())


def _name_current(folder: Path, name: str) -> None:
    sync_folder(folder / name)
    beside = folder / f".{name}"
    beside.write_text(name, "utf-8")
    beside.replace(folder / CURRENT)
    sync_folder(folder)


def _remove_older(folder: Path, current: str) -> None:
    """Remove other generations, and copies that nobody can be opening any more: those of killed readers."""
    for path in folder.iterdir():
        left = path.name.startswith("reading-") and _age_s(path) > ABANDONED_S
        if left or (path.name.startswith("g-") and path.name != current):
            shutil.rmtree(path, ignore_errors=True)


def _age_s(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def current(folder: Path) -> str | None:
    """Return the name of the current generation, None when there is none."""
    try:
        name = (folder / CURRENT).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return name if name and (folder / name / MANIFEST).is_file() else None


def load(folder: Path) -> tuple[str, Built]:
    """Open the current generation, or raise `Unusable`.

    One that is replaced and removed while it is opened is no damage: the next one is opened.
    """
    name = current(folder)
    while name is not None:
        try:
            return name, _open(folder / name)
        except Exception as error:  # whatever a damaged file leads to, the mend is to build anew
            before, name = name, current(folder)
            if name in (None, before):
                raise Unusable(repr(error)) from error
    raise Unusable(NONE)


def _open(place: Path) -> Built:
    manifest = json.loads((place / MANIFEST).read_bytes())
    if manifest["format"] != FORMAT or manifest["encoder"] != NAME:
        raise Unusable("of another version")
    files: dict[str, list[int]] = manifest["files"]
    rows = json.loads(_checked(place, "rows.json", files))
    offsets = rows.pop("offsets")
    blocks = FileBlocks(place / "blocks", offsets)
    if (place / "blocks").stat().st_size != offsets[-1]:
        raise Unusable("blocks are cut")
    projected = "projection.npy" in files
    return Built(
        rows=Rows(**rows | {"names": [tuple(name) for name in rows["names"]]}),
        vocabulary=Vocabulary.of(json.loads(_checked(place, "vocabulary.json", files))),
        outlines=_array(place, "outlines.npy", files),
        projection=_array(place, "projection.npy", files) if projected else None,
        words=_private_words(place, files),
        blocks=blocks,
    )


def _private_words(place: Path, files: dict[str, list[int]]) -> WordIndex:
    """Open a copy of the word index whose files have no name any more: tantivy maps them into memory."""
    copy = Path(tempfile.mkdtemp(prefix="reading-", dir=place.parent))
    try:
        for name in files:
            if name.startswith("words/"):
                (copy / Path(name).name).write_bytes(_checked(place, name, files))
        return WordIndex(copy, existing=True)
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def _array(place: Path, name: str, files: dict[str, list[int]]) -> Vectors:
    from io import BytesIO

    found: Vectors = np.load(BytesIO(_checked(place, name, files)), allow_pickle=False)
    return found


def _checked(place: Path, name: str, files: dict[str, list[int]]) -> bytes:
    content = (place / name).read_bytes()
    size, checksum = files[name]
    if len(content) != size or zlib.crc32(content) != checksum:
        raise Unusable(f"{name} is damaged")
    return content


def _checksum(path: Path) -> int:
    found = 0
    for chunk in _chunks(path):
        found = zlib.crc32(chunk, found)
    return found


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
