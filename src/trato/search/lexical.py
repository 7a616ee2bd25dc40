"""Finds articles by words, with tantivy; terms are stemmed before, for question and article alike."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import tantivy

HEAP_BYTES: Final = 50_000_000
SMALL_HEAP_BYTES: Final = 15_000_000  # the least that tantivy takes
TITLE_BOOST: Final = 2.0
MAX_TERMS: Final = 160


def schema() -> tantivy.Schema:
    """Return the fields: words of the title and of all, and the article's row."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", stored=True, indexed=True, fast=True)
    builder.add_text_field("title", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
    return builder.build()


class WordIndex:
    """An inverted index, in a folder or in memory; rows are numbered by the caller."""

    def __init__(self, folder: Path | None = None, *, existing: bool = False) -> None:
        self._schema = schema()
        if folder is None:
            self._index = tantivy.Index(self._schema)
        elif existing:
            self._index = tantivy.Index.open(str(folder))
        else:
            folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(self._schema, str(folder))
        self._writer: tantivy.IndexWriter | None = None
        self._searcher = self._index.searcher()

    def add(
        self, row: int, title: Sequence[str], body: Sequence[str], *, heap: int = SMALL_HEAP_BYTES
    ) -> None:
        """Add an article's terms; found after `commit`."""
        if self._writer is None:
            self._writer = self._index.writer(heap_size=heap, num_threads=1)
        document = tantivy.Document()
        document.add_unsigned("row", row)
        document.add_text("title", " ".join(title))
        document.add_text("body", " ".join(body))
        self._writer.add_document(document)

    def commit(self, *, last: bool = False) -> None:
        """Make what was added findable; with `last` nothing more is added."""
        if self._writer is not None:
            self._writer.commit()
            if last:
                self._writer.wait_merging_threads()
                self._writer = None
        self._index.reload()
        self._searcher = self._index.searcher()

    def find(self, terms: Mapping[str, float], limit: int) -> list[int]:
        """Return the rows that match best, best first."""
        searcher = self._searcher
        if not terms or searcher.num_docs == 0 or limit < 1:
            return []
        hits = searcher.search(self._query(terms.items()), limit=limit, count=False).hits
        return [int(row or 0) for row in searcher.fast_field_values("row", [address for _, address in hits])]

    def _query(self, terms: Iterable[tuple[str, float]]) -> tantivy.Query:
        clauses = []
        for term, weight in list(terms)[:MAX_TERMS]:
            for field, boost in (("title", TITLE_BOOST), ("body", 1.0)):
                query = tantivy.Query.term_query(self._schema, field, term, "freq")
                clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(query, weight * boost)))
        return tantivy.Query.boolean_query(clauses)
