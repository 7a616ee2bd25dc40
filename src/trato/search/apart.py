"""Reads questions in a process of its own, which ends with its work: what the encoder needs is given back.

The worker looks at what is new every few minutes; 150 MB are not kept for that.
"""

import asyncio
import base64
import json
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from trato.kit.processes import die_with_parent

if TYPE_CHECKING:
    from trato.search.embedding import Encoder

PATIENCE_S: Final = 120.0
_BATCH: Final = 64


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a text is about: its words that carry matter, stemmed and folded, and a unit vector."""

    words: frozenset[str]
    vector: NDArray[np.float32]


Texts = Sequence[tuple[str, str]]  # language and text


async def read_apart(texts: Texts) -> list[Meaning]:
    """Return what each text is about; raises `TimeoutError`, and `RuntimeError` when the process fails."""
    if not texts:
        return []
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "trato.search.apart", str(os.getpid())),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            said, _ = await child.communicate(json.dumps(list(texts)).encode())
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode:
        message = f"the encoder ended with {child.returncode}"
        raise RuntimeError(message)
    found = json.loads(said)
    vectors = np.frombuffer(base64.b64decode(found["vectors"]), np.float32).reshape(len(texts), -1)
    return [Meaning(frozenset(words), vector) for words, vector in zip(found["words"], vectors, strict=True)]


def read_with(encoder: "Encoder", texts: Texts) -> list[Meaning]:
    """Return what each text is about, here and now."""
    vectors = [
        vector
        for start in range(0, len(texts), _BATCH)
        for vector in encoder.encode([text for _, text in texts[start : start + _BATCH]])
    ]
    return [
        Meaning(matter(text, language), vector)
        for (language, text), vector in zip(texts, vectors, strict=True)
    ]


def matter(text: str, language: str) -> frozenset[str]:
    """Return the words of a text that carry matter, stemmed and folded."""
    from trato.decide.small_words import SMALL
    from trato.search.text import stem, words

    small = SMALL.get(language, frozenset())
    return frozenset(stem(word, language) for word in words(text) if word not in small)


def main() -> None:
    """Read texts as JSON from standard input and write what they are about; ends with its parent."""
    die_with_parent(int(sys.argv[1]), signal.SIGKILL)
    os.nice(10)
    from trato.search.embedding import shared_encoder

    texts = [(language, text) for language, text in json.load(sys.stdin)]
    found = read_with(shared_encoder(), texts)
    vectors = np.array([one.vector for one in found], np.float32)
    shown = {
        "words": [sorted(one.words) for one in found],
        "vectors": base64.b64encode(vectors.tobytes()).decode(),
    }
    sys.stdout.write(json.dumps(shown))


if __name__ == "__main__":
    main()
