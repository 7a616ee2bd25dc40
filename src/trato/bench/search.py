"""Measures the search over many made-up articles: time of a whole answer, time to open, memory."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from trato.bench.children import resident_mb
from trato.kit.errors import Unavailable
from trato.search.embedding import DIMENSIONS, Vectors, shared_encoder
from trato.search.engine import Search
from trato.search.evaluation import percentiles
from trato.search.noise import noisy
from trato.search.values import Article

WORDS: Final = 60_000
SENTENCES: Final = 4_000
WORDS_IN_SENTENCE: Final = 14
SENTENCES_IN_ARTICLE: Final = 6
QUESTIONS: Final = 400
SEED: Final = 7
_SYLLABLES: Final = (
    "ca ción da dor en es ga gar ía is la lo ma men mi na no pa per que ra re ro sa ta te to tra va vi"
)

Say = Callable[[str], None]


class PooledEncoder:
    """Gives stored vectors for made-up sentences, so that a hundred thousand articles are ready in minutes.

    Questions are asked with the real encoder: what is timed is what happens.
    """

    def __init__(self, chance: np.random.Generator) -> None:
        self._pool = chance.standard_normal((SENTENCES, DIMENSIONS)).astype(np.float32)
        self._pool /= np.linalg.norm(self._pool, axis=1, keepdims=True)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one of the stored vectors for each text."""
        return self._pool[[hash(text) % SENTENCES for text in texts]]

    def knows(self, word: str) -> bool:
        """Say that no word is known: each typing error is mended, which takes longest."""
        return not word


def articles(count: int, chance: random.Random) -> Iterator[Article]:
    """Yield made-up articles whose words are as unevenly common as those of a language (Zipf)."""
    syllables = _SYLLABLES.split()
    words = list({"".join(chance.choices(syllables, k=chance.randint(2, 5))) for _ in range(WORDS)})
    weights = [1 / (place + 3) for place in range(len(words))]
    small = ["de", "la", "el", "en", "y", "para", "con", "que"]
    for number in range(count):
        drawn = chance.choices(words, weights, k=WORDS_IN_SENTENCE * SENTENCES_IN_ARTICLE)
        sentences = [
            " ".join(
                word if place % 3 else f"{word} {chance.choice(small)}" for place, word in enumerate(part)
            )
            for start in range(0, len(drawn), WORDS_IN_SENTENCE)
            if (part := drawn[start : start + WORDS_IN_SENTENCE])
        ]
        text = " ".join(f"{sentence.capitalize()}." for sentence in sentences)
        yield Article(f"a{number}", " ".join(drawn[:4]).capitalize(), text, "es")


def questions(count: int, pages: Sequence[Article], chance: random.Random) -> list[str]:
    """Return questions of some words of an article each, every second one typed in a hurry."""
    found = []
    for number in range(count):
        words = chance.choice(pages).text.replace(".", "").split()
        start = chance.randrange(max(len(words) - 10, 1))
        text = f"¿Cómo {' '.join(words[start : start + chance.randint(4, 10)]).lower()}?"
        found.append(noisy(text, number) if number % 2 else text)
    return found


def measure(count: int, say: Say) -> dict[str, Any]:
    """Build an index of `count` articles, then open and ask it in a process of its own, on one core."""
    chance = random.Random(SEED)
    with TemporaryDirectory(prefix="trato-bench-search-") as folder:
        place = Path(folder) / "index"
        pages = list(articles(count, chance))
        started = time.monotonic()
        builder = Search(place, encoder=PooledEncoder(np.random.default_rng(SEED)))
        builder.rebuild(pages, lambda done: say(f"{done} articles indexed") if done % 10_000 == 0 else None)
        say(f"built in {time.monotonic() - started:.0f} s, without encoding")
        asked = Path(folder) / "questions"
        asked.write_text("\n".join(questions(QUESTIONS, pages, chance)), "utf-8")
        del builder
        return _in_own_process(place, asked)


def _in_own_process(place: Path, asked: Path) -> dict[str, Any]:
    import json

    command = (sys.executable, "-m", "trato.bench.search", str(place), str(asked))
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 our own module
    if done.returncode:
        raise Unavailable(f"The search could not be measured: {done.stderr.strip()[-300:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def ask(place: Path, asked: Path) -> dict[str, Any]:
    """Open the index and ask; the limit below is encoding each question, which every answer needs."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    started = time.perf_counter()
    search = Search(place)
    search.find("una pregunta cualquiera para empezar")
    load_s = time.perf_counter() - started
    texts = asked.read_text("utf-8").split("\n")
    times, below = [], []
    for text in texts:
        begun = time.perf_counter()
        search.find(text)
        times.append(1000 * (time.perf_counter() - begun))
        begun = time.perf_counter()
        shared_encoder().encode([text])
        below.append(1000 * (time.perf_counter() - begun))
    p50, p95 = percentiles(times)
    return {
        "articles": len(search),
        "messages": 0,
        "p50_ms": p50,
        "p95_ms": p95,
        "rss_mb": resident_mb(os.getpid()),
        "load_s": round(load_s, 2),
        "ratio": round(p50 / max(percentiles(below)[0], 0.01), 2),
    }


if __name__ == "__main__":
    import json

    print(json.dumps(ask(Path(sys.argv[1]), Path(sys.argv[2]))))
