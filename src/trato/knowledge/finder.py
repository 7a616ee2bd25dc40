"""The search of one process: opened when somebody may need it, and kept as what is published.

The encoder takes two seconds and 150 MB, so an installation without articles never loads it, nor does one
whose help centre nobody reads.
"""

import asyncio
import contextlib
import threading
from collections.abc import Collection, Coroutine, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import UUID

import structlog

from trato.db.edge import Services
from trato.db.engine import Database
from trato.kit.clock import now
from trato.kit.errors import TooMany, Unavailable
from trato.kit.threads import beside
from trato.knowledge import queries, readers, tuning
from trato.knowledge.queries import PublishedText
from trato.knowledge.readers import Link, MayRead

if TYPE_CHECKING:  # its libraries are loaded with the first question
    from trato.search import Article, Found, Search
    from trato.search.embedding import Encoder

EXTRA: Final = "finder"  # its place in `Services.extras`
FOLLOW_S: Final = 0.4
PER_TEXT_S: Final = 20e-6  # to rest longer where there is more to count: 2.4 s with 100,000 texts
RETRY_S: Final = 5.0
PATIENCE_S: Final = 10.0  # of who asks while the index is opened
MAX_ASKING: Final = 8  # at once; each takes a core for 15 ms
BATCH: Final = 200
SMALL: Final = 2_000  # texts that are found while the others are still being read
_LOOK_S: Final = 0.5

T = TypeVar("T")
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Result:
    """An article that was found; `passage` is empty where its title alone matched."""

    article_id: UUID
    link: Link
    passage: str
    score: float  # a difference of 1 makes one e times likelier than the other


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, the best first; `answers` says whether the first passage answers the question.

    `understood` is the question with its typing errors mended; empty when there was nothing to look for.
    """

    results: Sequence[Result]
    answers: bool
    understood: str
    signals: Sequence[float] = ()  # what that was decided on, kept beside what a reader says of it
    complete: bool = True  # False while the first index is being read: more may be found in a moment


NOTHING: Final = Answer((), answers=False, understood="")


class _Closed(Exception):
    """The process ends while the index is being built."""


class Finder:
    """Answers questions from what is published; run it beside the server.

    `data` is the installation's folder. What is published, changed or withdrawn is found or not found any
    more within a second; who may see what is asked of the database once more before it is shown.
    """

    def __init__(self, db: Database, data: Path, *, encoder: "Encoder | None" = None) -> None:
        self._db, self._data, self._encoder = db, data, encoder
        self._search: Search | None = None
        self._visible: dict[str, tuple[str, Collection[UUID]]] = {}
        self._numbers: dict[tuple[str, str], str] = {}
        self._state: object = None
        self._tuned: object = None
        self._generation: str | None = None
        self._wanted, self._ready, self._read = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._closed = threading.Event()
        self._asking = 0
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def is_open(self) -> bool:
        """Say whether the index is open: only then does it cost memory."""
        return self._search is not None

    def want(self) -> None:
        """Open the index soon, in the background: somebody may ask something."""
        self._wanted.set()

    async def run(self) -> None:
        """Open the index once it is wanted and keep it as what is published, until cancelled."""
        self._loop = asyncio.get_running_loop()
        try:
            await self._wanted.wait()
            while True:
                try:
                    pause_s = await self._follow()
                except Exception:
                    log.exception("finder.not_followed")
                    pause_s = RETRY_S
                await asyncio.sleep(pause_s)
        finally:
            self._closed.set()

    async def find(self, text: str, language: str, may: MayRead, *, limit: int = 10) -> Answer:
        """Answer a question with what its reader may see.

        While the first index is being read, what is found so far counts when it answers; else the reader
        waits a little for the rest. Raises `Unavailable` while the index is being opened, `TooMany` when too
        many ask at once.
        """
        self.want()
        await self._opened()
        ask = partial(self._find, text, language, may, limit)
        found = await ask()
        if found.answers or self._read.is_set():
            return found
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                await self._read.wait()
            return await ask()
        return replace(await ask(), complete=False)

    async def _find(self, text: str, language: str, may: MayRead, limit: int) -> Answer:
        if self._search is None:
            return NOTHING
        if self._asking >= MAX_ASKING:
            raise TooMany("There are too many requests.", retry_after_s=1, todo="Try again in a moment.")
        self._asking += 1
        try:
            found = await beside(partial(self._ask, self._search, text, language, may, limit), "question")
        finally:
            self._asking -= 1
        return await self._answer(found, may)

    async def _opened(self) -> None:
        if self._loop is None:
            raise Unavailable("The search is being prepared.", todo="Try again in a moment.")
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._ready.wait()
        except TimeoutError:
            raise Unavailable("The search is being prepared.", todo="Try again in a moment.") from None

    def _ask(self, search: "Search", text: str, language: str, may: MayRead, limit: int) -> "Found":
        visible = self._visible
        return search.find(
            text,
            language=language,
            limit=limit,
            today=now().date(),
            allowed=lambda article_id: article_id in visible and may.sees(*visible[article_id]),
        )

    async def _answer(self, found: "Found", may: MayRead) -> Answer:
        """Keep what this reader may see by now; without the first hit nothing is said to be an answer."""
        names = [(UUID(hit.id), hit.language) for hit in found.hits]
        if not names:
            return Answer((), answers=False, understood=found.understood)
        async with self._db.connect() as c:
            links = await readers.links(c, names, may)
        results = [
            Result(name[0], links[name], hit.passage.removeprefix("- ") if hit.end else "", hit.score)
            for name, hit in zip(names, found.hits, strict=True)
            if name in links
        ]
        answers = found.answers and names[0] in links
        return Answer(results, answers=answers, understood=found.understood, signals=found.signals)

    async def _follow(self) -> float:
        """Bring the index to what is published now; return how long to rest."""
        async with self._db.connect() as c:
            state = await queries.published_state(c)
            tuned = await tuning.state(c)
        if self._search is None and state[0]:
            async with self._db.connect() as c:
                self._see(await queries.published_numbers(c))
            self._search = await beside(partial(self._open, state[0]), "search-open")
            self._tuned = None
        search = self._search
        if search is not None and tuned != self._tuned:
            async with self._db.connect() as c:
                found = await tuning.read(c, self._data)
            search.tune(found.synonyms, found.gate)
            self._tuned = tuned
        self._ready.set()
        if search is not None and (state, search.generation) != (self._state, self._generation):
            await self._agree(search)
            self._state = state
            search.source = self._every_article  # what was read in pieces is kept on disk by its next look
        self._read.set()
        return FOLLOW_S + PER_TEXT_S * state[0]

    def _see(self, rows: Sequence[tuple[UUID, str, str, str, Collection[UUID]]]) -> None:
        self._visible = {str(row[0]): (row[3], row[4]) for row in rows}

    async def _agree(self, search: "Search") -> None:
        """Put what the index does not have as it is published, and remove what is not any more."""
        generation = search.generation
        async with self._db.connect() as c:
            rows = await queries.published_numbers(c)
        self._see(rows)
        numbers = {(str(article_id), language): number for article_id, language, number, *_ in rows}
        # what another process built may be older than what this one knew
        known = self._numbers if generation == self._generation else {}
        for article_id, language in search.names() - numbers.keys():
            await beside(partial(search.remove, article_id, language), "search-remove")
        changed = [name for name, number in numbers.items() if known.get(name) != number]
        ids = sorted({UUID(article_id) for article_id, _ in changed})
        for start in range(0, len(ids), BATCH):
            async with self._db.connect() as c:
                texts = await queries.published_texts(c, only=ids[start : start + BATCH], limit=10 * BATCH)
            await beside(partial(_put, search, texts), "search-put")
        self._numbers, self._generation = numbers, generation

    def _open(self, texts: int) -> "Search":
        """Open what is on disk. What is not is built whole, or, of a few texts, read while it is asked."""
        from trato.search import Search
        from trato.search.calibration import index_folder
        from trato.search.generation import current

        folder = index_folder(self._data)
        whole = texts > SMALL or current(folder) is not None
        source = self._every_article if whole else None
        search = Search(folder, source, encoder=self._encoder)
        search.find("ayuda")  # loads the encoder now, and not while the first reader waits
        return search

    def _every_article(self) -> "Iterator[Article]":
        """Yield all that is published, read by the loop in stretches: this runs in a thread."""
        behind = None
        while texts := self._from_loop(self._stretch(behind)):
            yield from map(article_of, texts)
            behind = texts[-1].article_id, texts[-1].language

    async def _stretch(self, behind: tuple[UUID, str] | None) -> list[PublishedText]:
        async with self._db.connect() as c:
            return await queries.published_texts(c, behind=behind)

    def _from_loop(self, asked: Coroutine[Any, Any, T]) -> T:
        if self._loop is None or self._closed.is_set():
            asked.close()
            raise _Closed
        future = asyncio.run_coroutine_threadsafe(asked, self._loop)
        while True:
            try:
                return future.result(_LOOK_S)
            except TimeoutError:
                if future.done():
                    raise
                if self._closed.is_set():
                    raise _Closed from None


def article_of(text: PublishedText) -> "Article":
    """Return a published text as the search takes it; its summary is its first paragraph."""
    from trato.search import Article

    return Article(
        id=str(text.article_id),
        title=text.title,
        text=f"{text.summary}\n\n{text.text}" if text.summary else text.text,
        language=text.language,
        updated=text.published_at.date(),
        helpful=text.solved,
        unhelpful=text.unsolved,
        questions=tuple(text.questions),
    )


def _put(search: "Search", texts: Sequence[PublishedText]) -> None:
    for text in texts:
        search.put(article_of(text))


def finder_of(shared: Services) -> Finder:
    """Return this process's search; raises `Unavailable` in a process that has none."""
    found: Finder | None = shared.extras.get(EXTRA)
    if found is None:
        raise Unavailable("The search is being prepared.", todo="Try again in a moment.")
    return found


def want(shared: Services) -> None:
    """Have the index opened in the background, where this process has one."""
    if EXTRA in shared.extras:
        finder_of(shared).want()
