"""Knows the words that are in use, so that a misspelt one is mended before anything is looked for."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from typing import Final

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract
from sqlalchemy import text

from trato.db.engine import Database
from trato.kit.threads import beside

EXTRA: Final = "mender"  # its place in `Services.extras`
MOST: Final = 200_000  # words that are known, the most used
LEAST_USES: Final = 2
SHORTEST: Final = 4
FRESH_S: Final = 300.0
FAR_COMMONER: Final = 20  # times: then a word that is there may be a slip all the same
_LONG: Final = 8
_READ: Final = text("""
    SELECT word, uses FROM finding_word
    WHERE (uses >= :least OR named AND uses > 0) AND word ~ '^[^0-9#]{3,}$'
    ORDER BY uses DESC LIMIT :most
""")


class Words:
    """Words with their uses, filed by first letter and length."""

    def __init__(self, uses: Mapping[str, int]) -> None:
        self._uses = uses
        self._filed: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        for word in uses:
            self._filed[word[0], len(word)].append(word)

    def __len__(self) -> int:
        return len(self._uses)

    def mend(self, word: str, *, least_uses: int = 1) -> str | None:
        """Return the word in use that a misspelt one most likely meant, or None.

        One slip (a letter more, less, wrong, or two exchanged) in words of four letters, two from eight on.
        The first letter is taken to be right unless nothing is found so. Of the nearest the most used.
        """
        if len(word) < SHORTEST or not word.isalpha():
            return None
        limit = 2 if len(word) >= _LONG else 1
        for firsts, slips in (({word[0]}, limit), ({key[0] for key in self._filed} - {word[0]}, 1)):
            choices = [
                choice
                for first in firsts
                for length in range(len(word) - slips, len(word) + slips + 1)
                for choice in self._filed.get((first, length), ())
                if choice != word and self._uses[choice] >= least_uses
            ]
            found = extract(word, choices, scorer=OSA.distance, score_cutoff=slips, limit=40)
            if found:
                return min(found, key=lambda one: (one[1], -self._uses[one[0]]))[0]
        return None


class Mender:
    """Keeps a process's `Words`, read when the first misspelt word is met, and anew after a while."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._words: Words | None = None
        self._read_at = 0.0
        self._reading = asyncio.Lock()

    async def mend(self, word: str, *, least_uses: int = 1) -> str | None:
        """Return what a misspelt word most likely meant, or None; see `Words.mend`."""
        words = await self._known()
        return await beside(partial(words.mend, word, least_uses=least_uses), "mend")

    async def _known(self) -> Words:
        async with self._reading:
            if self._words is None or time.monotonic() - self._read_at > FRESH_S:
                async with self._db.connect() as c:
                    rows = await c.execute(_READ, {"least": LEAST_USES, "most": MOST})
                    uses = {row.word: row.uses for row in rows}
                self._words = await beside(partial(Words, uses), "mend-words")
                self._read_at = time.monotonic()
            return self._words
