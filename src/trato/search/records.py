"""An article as the index keeps it: one block that knows when it is damaged."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from trato.search.embedding import DIMENSIONS, Encoder, Vectors
from trato.search.sentences import split
from trato.search.text import words
from trato.search.values import Article
from trato.search.vocabulary import Vocabulary

LEAD_WORDS: Final = 120
MAX_TITLE: Final = 400
MAX_FULL: Final = 4_000
VIEWS: Final = 2  # vectors of the whole before those of title and sentences: its beginning, all of it
_HEADER: Final = 4  # numbers: checksum, words, sentences, bytes of text


class Damaged(Exception):
    """The block's checksum is wrong, or it ends too early."""


@dataclass(frozen=True, slots=True)
class Record:
    """What ranking needs of an article. Sentence 0 is the title, the last ones are how people ask for it.

    `tokens` are terms' numbers, `ends` where each sentence ends among them, `spans` its place in the text,
    which ends at 0 where it has none;
    `vectors` are the two views of the whole, then one for each sentence. `source` is the article as JSON.
    """

    source: bytes
    tokens: NDArray[np.int32]
    ends: NDArray[np.int32]
    spans: NDArray[np.int32]
    vectors: Vectors

    @property
    def article(self) -> Article:
        """Return the article as it was given."""
        fields = json.loads(self.source)
        fields["updated"] = date.fromisoformat(fields["updated"]) if fields["updated"] else None
        fields["questions"] = tuple(fields.get("questions", ()))
        return Article(**fields)

    @property
    def shown(self) -> int:
        """Return how many sentences, the title among them, stand in the article."""
        return 1 + int((self.spans[:, 1] > 0).sum())


def _source(article: Article) -> bytes:
    fields = asdict(article) | {"updated": article.updated and article.updated.isoformat()}
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")


def read_article(
    article: Article, vocabulary: Vocabulary, encoder: Encoder, vectors: Vectors | None = None
) -> Record:
    """Return the article's words, numbered in the vocabulary, and its vectors, which may be known."""
    spans = split(article.text)
    asked = [question[:MAX_TITLE] for question in article.questions]
    texts = [article.title[:MAX_TITLE], *(article.text[start:end] for start, end in spans), *asked]
    numbered = [vocabulary.learn(words(text), article.language) for text in texts]
    if vectors is None or len(vectors) != len(texts) + VIEWS:
        vectors = encoder.encode([*_views(article, texts[0]), *texts])
    return Record(
        _source(article),
        np.array([number for sentence in numbered for number in sentence], np.int32),
        np.cumsum([len(sentence) for sentence in numbered]).astype(np.int32),
        np.array([(0, 0), *spans, *((0, 0) for _ in asked)], np.int32),
        vectors,
    )


def _views(article: Article, title: str) -> list[str]:
    lead = " ".join(article.text.split(maxsplit=LEAD_WORDS)[:LEAD_WORDS])
    return [f"{title}. {lead}", f"{title}. {article.text[:MAX_FULL]}"]


def pack(record: Record) -> bytes:
    """Return the block of a record; vectors are kept in a byte a number, which costs no rank."""
    scales = np.maximum(np.abs(record.vectors).max(axis=1), 1e-6).astype(np.float32) / 127
    small = np.rint(record.vectors / scales[:, None]).astype(np.int8)
    parts = (record.tokens, record.ends, record.spans, scales, small)
    body = b"".join(part.tobytes() for part in parts) + record.source
    sizes = np.array([zlib.crc32(body), len(record.tokens), len(record.ends), len(record.source)], np.uint32)
    return sizes.tobytes() + body


def unpack(block: bytes) -> Record:
    """Return the record of a block, or raise `Damaged`."""
    if len(block) < _HEADER * 4:
        raise Damaged
    checksum, tokens, sentences, text = (int(size) for size in np.frombuffer(block, np.uint32, _HEADER))
    body = memoryview(block)[_HEADER * 4 :]
    if zlib.crc32(body) != checksum:
        raise Damaged
    rows = sentences + VIEWS
    ends_at = 4 * tokens
    spans_at = ends_at + 4 * sentences
    scales_at = spans_at + 8 * sentences
    small_at = scales_at + 4 * rows
    text_at = small_at + rows * DIMENSIONS
    scales = np.frombuffer(body, np.float32, rows, scales_at)
    small = np.frombuffer(body, np.int8, rows * DIMENSIONS, small_at).reshape(rows, DIMENSIONS)
    return Record(
        bytes(body[text_at : text_at + text]),
        np.frombuffer(body, np.int32, tokens, 0),
        np.frombuffer(body, np.int32, sentences, ends_at),
        np.frombuffer(body, np.int32, 2 * sentences, spans_at).reshape(sentences, 2),
        small * scales[:, None],
    )


def outline(records: Sequence[Record]) -> Vectors:
    """Return one unit vector for each record, of its title and all its sentences: what finds candidates."""
    rows = np.empty((len(records), DIMENSIONS), np.float32)
    for row, record in enumerate(records):
        title, *_ = sentences = record.vectors[VIEWS:]
        rest = sentences[1:].mean(axis=0) if len(sentences) > 1 else title
        rows[row] = title + rest / max(float(np.linalg.norm(rest)), 1e-6)
    lengths: Vectors = np.linalg.norm(rows, axis=1, keepdims=True)
    rows /= np.maximum(lengths, 1e-6)
    return rows
