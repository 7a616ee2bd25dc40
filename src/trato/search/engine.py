"""The search: articles in, ranked answers out. The index is a cache of articles that live elsewhere."""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from importlib import resources
from pathlib import Path
from threading import Lock, RLock, Thread
from typing import Any, Final

import numpy as np
import structlog

from trato.decide.answer_gate import Gate
from trato.decide.relevance import RankWeights
from trato.kit.language import detect_language
from trato.search import generation
from trato.search.catalogue import Catalogue, Name
from trato.search.embedding import Encoder, Vectors, shared_encoder
from trato.search.generation import Unusable
from trato.search.question import Question, Reader, synonym_tables
from trato.search.ranking import Ranked, rank
from trato.search.records import Damaged, Record, read_article, unpack
from trato.search.values import Article, Found, Hit, Synonyms

FALLBACK_LANGUAGE: Final = "es"
LOOK_S: Final = 1.0
SETTLE_AFTER: Final = 2_000  # changes in memory before the index is built anew
_PAUSE_S: Final = 60.0  # between two attempts to build

log = structlog.get_logger(__name__)

Source = Callable[[], Iterable[Article]]


def shipped() -> dict[str, Any]:
    """Return the weights of ranking and gate as they come with Trato."""
    found: dict[str, Any] = json.loads((resources.files("trato.search") / "weights.json").read_bytes())
    return found


class Search:
    """Finds articles for questions; safe to use from several threads.

    With a `folder` the index is kept on disk and shared by all processes of a machine; with a `source` of all
    articles, which may be given later, it is built by itself when it is missing or damaged. `synonyms` are
    groups of words that mean the same. `gate` and `weights` stand in for the shipped ones.
    """

    def __init__(
        self,
        folder: Path | None = None,
        source: Source | None = None,
        *,
        synonyms: Synonyms = (),
        gate: Gate | None = None,
        weights: RankWeights | None = None,
        encoder: Encoder | None = None,
    ) -> None:
        self._folder, self.source = folder, source
        self._encoder = encoder or shared_encoder()
        self._synonyms = synonym_tables({"": synonyms})
        self.gate = gate or Gate.of(shipped()["gate"])
        self.weights = weights or RankWeights.of(shipped()["rank"])
        self._catalogue = Catalogue()
        self._generation: str | None = None
        self._since: dict[Name, Article | None] = {}  # changes that the generation may not hold
        self._changing, self._building, self._busy = RLock(), Lock(), Lock()
        self._looked = self._failed = float("-inf")
        if folder is not None:
            self._open_or_build()

    def __len__(self) -> int:
        return len(self._catalogue)

    @property
    def generation(self) -> str | None:
        """Return the name of what was built last and is served; None without a folder."""
        return self._generation

    def tune(self, synonyms: Mapping[str, Synonyms], gate: Gate) -> None:
        """Take other synonyms, by language and under "" for all, and another gate, at once."""
        self._synonyms, self.gate = synonym_tables(synonyms), gate

    def names(self) -> set[Name]:
        """Return id and language of all articles that can be found."""
        with self._changing:
            return set(self._catalogue.where)

    def _open_or_build(self) -> None:
        """Serve what is on disk; where that cannot be, build it, unless another process just did."""
        if self._folder is None or self._followed():
            return
        if self.source is not None:
            with generation.building(self._folder):
                if not self._followed():
                    self._build(self.source(), lambda _: None)

    def _followed(self) -> bool:
        try:
            self._follow()
        except Unusable as reason:
            if reason.args != (generation.NONE,):
                log.warning("search.index_unusable", reason=str(reason))
            return False
        return True

    def put(self, article: Article) -> None:
        """Add an article or its new version, unless it is there; it is found when this returns."""
        article = with_language(article)
        with self._changing:
            name = article.id, article.language
            told = self._since.get(name, article) == article and not self._building.locked()
            if told and self._text_of(self._catalogue, name) == article:
                return
            self._since[article.id, article.language] = article
            self._add(self._catalogue, article)
            self._catalogue.settle()

    def remove(self, article_id: str, language: str | None = None) -> None:
        """Remove an article, in one language or in all; it is not found any more when this returns."""
        with self._changing:
            for name in [key for key in self._catalogue.where if key[0] == article_id]:
                if language in (None, name[1]):
                    self._since[name] = None
                    self._catalogue.remove(name)

    def rebuild(self, articles: Iterable[Article], step: Callable[[int], None] = lambda _: None) -> None:
        """Build the index anew from all articles, then serve it; meanwhile the old one serves.

        What is put or removed meanwhile stands. Without a folder the articles are added in memory.
        """
        if self._folder is None:
            self._build(articles, step)
        else:
            with generation.building(self._folder):
                self._build(articles, step)

    def _build(self, articles: Iterable[Article], step: Callable[[int], None]) -> None:
        every = map(with_language, articles)
        with self._building:
            with self._changing:
                self._since.clear()
            if self._folder is not None:
                generation.build(self._folder, every, self._encoder, self._known_vectors, step)
                self._follow_unless_gone()
                return
            fresh = Catalogue()
            for count, article in enumerate(every, 1):
                self._add(fresh, article)
                step(count)
            fresh.settle()
            self._take(None, fresh)

    def _known_vectors(self, article: Article) -> Vectors | None:
        record = self._record(self._catalogue, self._catalogue.where.get((article.id, article.language)))
        if record is None:
            return None
        same = replace(article, updated=None, helpful=0, unhelpful=0)
        known = replace(record.article, updated=None, helpful=0, unhelpful=0)
        return record.vectors if same == known else None

    def _add(self, catalogue: Catalogue, article: Article) -> None:
        name = article.id, article.language
        known = self._known_vectors(article) if name in self._catalogue.where else None
        catalogue.add(read_article(article, catalogue.vocabulary, self._encoder, known))

    def _follow(self) -> None:
        """Serve the generation that is current on disk, with what changed since it was begun."""
        if self._folder is None:
            return
        name, built = generation.load(self._folder)
        self._take(name, Catalogue(built))

    def _follow_unless_gone(self) -> None:
        """Serve what was just built; one that is removed meanwhile is no failure: the next look builds it."""
        try:
            self._follow()
        except generation.Unusable:
            if self._folder is None or generation.current(self._folder) is not None:
                raise
            log.info("search.removed_meanwhile")

    def _take(self, name: str | None, fresh: Catalogue) -> None:
        with self._changing:
            for changed, article in self._since.items():
                if article is None:
                    fresh.remove(changed)
                elif self._text_of(fresh, changed) != article:
                    self._add(fresh, article)
            fresh.settle()
            self._catalogue, self._generation = fresh, name

    def _text_of(self, catalogue: Catalogue, name: Name) -> Article | None:
        record = self._record(catalogue, catalogue.where.get(name))
        return record.article if record else None

    def _record(self, catalogue: Catalogue, row: int | None) -> Record | None:
        """Return the record of a row; a damaged one is as if it were not there, and starts a mend."""
        if row is None:
            return None
        try:
            return unpack(catalogue.block(row))
        except (Damaged, OSError):
            self._mend("an article's block is damaged")
            return None

    def find(
        self,
        text: str,
        *,
        language: str | None = None,
        limit: int = 10,
        today: date | None = None,
        allowed: Callable[[str], bool] = lambda _: True,
    ) -> Found:
        """Answer a question, whatever it holds, in bounded time.

        `language` is the reader's: the first guess at the question's, and the version that is shown of an
        article in several. `allowed` says which articles this reader may see. `today` lets fresh articles
        count more.
        """
        self._look_after()
        catalogue = self._catalogue
        question = self.read(text, language, catalogue)
        ranked = self.rank(question, catalogue, today=today, allowed=allowed)
        if ranked is None:
            return Found((), 0.0, answers=False, language=question.language, understood=question.mended)
        probability = self.gate.probability(ranked.signals)
        return Found(
            _hits(catalogue, ranked, language or question.language, limit),
            probability,
            answers=self.gate.answers(probability),
            language=question.language,
            understood=question.mended,
            signals=ranked.signals,
        )

    def read(self, text: str, language: str | None, catalogue: Catalogue | None = None) -> Question:
        """Return the question as it is understood against the articles' words."""
        catalogue = catalogue or self._catalogue
        offered = catalogue.languages()
        reader = Reader(catalogue.vocabulary, offered, len(catalogue), self._synonyms, self._encoder)
        return reader.read(text, language)

    def rank(
        self,
        question: Question,
        catalogue: Catalogue | None = None,
        *,
        today: date | None = None,
        allowed: Callable[[str], bool] = lambda _: True,
    ) -> Ranked | None:
        """Return the candidates by rank, None when there is none."""
        catalogue = catalogue or self._catalogue
        if not question.text or not len(catalogue):
            return None
        meaning = self._meaning(question)
        terms = {number: weight for wanted in question.wanted for number, weight in wanted.terms.items()}
        candidates = [
            (row, record)
            for row in catalogue.candidates(terms, meaning)
            if allowed(catalogue.rows.names[row][0])
            if (record := self._record(catalogue, row)) is not None
        ]
        return rank(catalogue, question, meaning, candidates, self.weights, today) if candidates else None

    def _meaning(self, question: Question) -> Vectors:
        """Return what the question means; a mended one counts half as it was written: mends may be wrong."""
        if question.mended == question.text:
            alone: Vectors = self._encoder.encode([question.text])[0]
            return alone
        both: Vectors = self._encoder.encode([question.text, question.mended]).sum(axis=0)
        both /= max(float(np.linalg.norm(both)), 1e-6)
        return both

    def _look_after(self) -> None:
        """At most once a second: serve what another process built, mend what is missing, settle changes."""
        now = time.monotonic()
        if self._folder is None or now - self._looked < LOOK_S:
            return
        self._looked = now
        named = generation.current(self._folder)
        if named is None:
            self._mend("the index is missing")
        elif named != self._generation:
            self._in_background(self._open_or_build)
        elif self._catalogue.changes > SETTLE_AFTER:
            self._mend("many changes")

    def _mend(self, reason: str) -> None:
        """Build the index anew in the background, where the source of all articles is known."""
        source = self.source
        if source is not None and time.monotonic() - self._failed > _PAUSE_S:
            log.info("search.mending", reason=reason)
            served = self._generation
            self._in_background(lambda: self._rebuild_unless_done(source, served))

    def _rebuild_unless_done(self, source: Source, served: str | None) -> None:
        """Build anew what was served as `served`, unless another process has built meanwhile."""
        if self._folder is None:
            self._build(source(), lambda _: None)
            return
        with generation.building(self._folder):
            named = generation.current(self._folder)
            if named in (None, served) or not self._followed():
                self._build(source(), lambda _: None)

    def _in_background(self, work: Callable[[], None]) -> None:
        if self._busy.acquire(blocking=False):
            Thread(target=self._run, args=(work,), name="search-index", daemon=True).start()

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception:
            # the old index goes on serving; the next look tries again
            self._failed = time.monotonic()
            log.exception("search.not_mended")
        finally:
            self._busy.release()


def with_language(article: Article) -> Article:
    """Return the article with its language, detected where nobody said it."""
    if article.language:
        return replace(article, language=article.language.replace("_", "-").split("-")[0].lower())
    found = detect_language(f"{article.title}. {article.text}")
    return replace(article, language=found or FALLBACK_LANGUAGE)


def _hits(catalogue: Catalogue, ranked: Ranked, language: str, limit: int) -> tuple[Hit, ...]:
    """Return each article once, in the reader's language where that version was found too."""
    chosen: dict[str, int] = {}
    names = [catalogue.rows.names[row] for row in ranked.rows]
    for place, (article_id, version) in enumerate(names):
        if article_id not in chosen or (version == language and names[chosen[article_id]][1] != language):
            chosen[article_id] = place
    best = {article_id: ranked.scores[place] for place, (article_id, _) in reversed(list(enumerate(names)))}
    return tuple(_hit(ranked, place, best[key]) for key, place in list(chosen.items())[:limit])


def _hit(ranked: Ranked, place: int, score: float) -> Hit:
    record, (first, last) = ranked.records[place], ranked.passage(place)
    article = record.article
    if first == 0:
        return Hit(article.id, article.title, article.language, article.title, 0, 0, score)
    start, end = int(record.spans[first, 0]), int(record.spans[last - 1, 1])
    return Hit(article.id, article.title, article.language, article.text[start:end], start, end, score)
