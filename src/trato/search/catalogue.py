"""All articles of one index: the great part as it was built, and what has changed since, in memory."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from trato.search.embedding import DIMENSIONS, Vectors, blas
from trato.search.lexical import WordIndex
from trato.search.records import VIEWS, Record, outline, pack, unpack
from trato.search.values import Article
from trato.search.vocabulary import Vocabulary

BY_WORDS: Final = 30
BY_MEANING: Final = 20
MAX_GONE: Final = 500  # rows asked for in addition, for those that have been removed since

Name = tuple[str, str]


class Blocks(Protocol):
    """Where the blocks of the built part lie."""

    def read(self, row: int) -> bytes:
        """Return the block of a row, shorter than it was when the file was cut."""


@dataclass(slots=True)
class Rows:
    """What is kept of each article in memory, by row."""

    names: list[Name] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    helpful: list[int] = field(default_factory=list)
    unhelpful: list[int] = field(default_factory=list)

    def add(self, article: Article, length: int) -> None:
        """Add an article as the next row."""
        self.names.append((article.id, article.language))
        self.lengths.append(length)
        self.days.append(article.updated.toordinal() if article.updated else 0)
        self.helpful.append(article.helpful)
        self.unhelpful.append(article.unhelpful)


@dataclass(frozen=True, slots=True)
class Built:
    """The part that a generation on disk holds."""

    rows: Rows
    vocabulary: Vocabulary
    outlines: Vectors
    projection: Vectors | None
    words: WordIndex
    blocks: Blocks


class Catalogue:
    """Finds candidates and gives their records. Changed by one thread at a time, read by many."""

    def __init__(self, built: Built | None = None) -> None:
        self.rows = built.rows if built else Rows()
        self.vocabulary = built.vocabulary if built else Vocabulary()
        self._built = built
        self._first = len(self.rows.names)
        self._outlines: list[Vectors] = []
        self._stacked: Vectors | None = None
        self._blocks: list[bytes] = []
        self._words = WordIndex()
        self.where: dict[Name, int] = {name: row for row, name in enumerate(self.rows.names)}
        self.total_words = sum(self.rows.lengths)
        self._gone: set[int] = set()
        self._languages = Counter(language for _, language in self.where)

    def __len__(self) -> int:
        return len(self.where)

    @property
    def changes(self) -> int:
        """Return how many articles were added or removed since the built part was made."""
        return len(self._blocks) + len(self._gone)

    def languages(self) -> list[str]:
        """Return the languages of the articles."""
        return [language for language, count in self._languages.items() if count > 0]

    def add(self, record: Record) -> None:
        """Add an article, in place of the one of the same name; it is found after `settle`."""
        article = record.article
        row = len(self.rows.names)
        self._outlines.append(self._projected(outline([record])[0]))
        self._blocks.append(pack(record))
        self.rows.add(article, len(record.tokens))
        title, body = spoken(record, self.vocabulary)
        self._words.add(row, title, body)
        self.vocabulary.count(record.tokens.tolist(), 1)
        self.total_words += len(record.tokens)
        self.remove((article.id, article.language))
        self.where[article.id, article.language] = row
        self._languages[article.language] += 1

    def settle(self) -> None:
        """Make what was added findable."""
        self._words.commit()
        self._stacked = np.array(self._outlines) if self._outlines else None

    def remove(self, name: Name) -> bool:
        """Remove an article; it is found no more. Says whether it was there."""
        row = self.where.pop(name, None)
        if row is None:
            return False
        self._gone.add(row)
        self._languages[name[1]] -= 1
        self.total_words -= self.rows.lengths[row]
        self.vocabulary.count(unpack(self.block(row)).tokens.tolist(), -1)
        return True

    def block(self, row: int) -> bytes:
        """Return the packed record of a row."""
        if row >= self._first or self._built is None:
            return self._blocks[row - self._first]
        return self._built.blocks.read(row)

    def candidates(self, terms: Mapping[int, float], meaning: Vectors) -> list[int]:
        """Return the rows that may answer: the best by words, then the best by meaning."""
        named = {self.vocabulary.terms[number]: weight for number, weight in terms.items()}
        spare = min(len(self._gone), MAX_GONE)
        rows = self._words.find(named, BY_WORDS)
        if self._built is not None:
            rows = [*self._built.words.find(named, BY_WORDS + spare), *rows]
        found = dict.fromkeys(row for row in rows if row not in self._gone)
        found.update(dict.fromkeys(self._by_meaning(meaning, BY_MEANING, spare)))
        return [row for row in found if self.where.get(self.rows.names[row]) == row]

    def _by_meaning(self, meaning: Vectors, limit: int, spare: int) -> list[int]:
        asked = self._projected(meaning)
        likeness = []
        with blas().limit(limits=1, user_api="blas"):
            if self._built is not None and self._first:
                likeness.append(self._built.outlines @ asked)
            if self._stacked is not None:
                likeness.append(self._stacked @ asked)
        if not likeness:
            return []
        values = np.concatenate(likeness)
        wanted = min(limit + spare, len(values))
        best = np.argpartition(-values, wanted - 1)[:wanted]
        ordered = best[np.argsort(-values[best])].tolist()
        return [row for row in ordered if row not in self._gone][:limit]

    def _projected(self, vector: Vectors) -> Vectors:
        projection = self._built.projection if self._built else None
        return vector if projection is None else vector @ projection


def spoken(record: Record, vocabulary: Vocabulary) -> tuple[list[str], list[str]]:
    """Return the terms of the title and of title and text, as the word index takes them."""
    terms = [vocabulary.terms[number] for number in record.tokens.tolist()]
    return terms[: int(record.ends[0])], terms


def projection_of(outlines: Vectors, dimensions: int) -> Vectors:
    """Return the directions in which the articles differ most: (512, dimensions), the greatest first."""
    sample = outlines[:: max(len(outlines) // 20_000, 1)]
    with blas().limit(limits=1, user_api="blas"):
        _, directions = np.linalg.eigh(sample.T @ sample)
    found: NDArray[np.float32] = np.ascontiguousarray(directions[:, : -dimensions - 1 : -1], np.float32)
    return found


def stack(records: Sequence[Record]) -> tuple[Vectors, NDArray[np.int64]]:
    """Return the sentence vectors of several records as one, and which record each is of."""
    sentences = [record.vectors[VIEWS:] for record in records]
    document = np.repeat(np.arange(len(records)), [len(part) for part in sentences])
    return (np.concatenate(sentences) if sentences else np.empty((0, DIMENSIONS), np.float32)), document
