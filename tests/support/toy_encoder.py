"""A sentence encoder for tests: texts that share words are alike; loads nothing and is deterministic."""

import zlib
from collections.abc import Sequence

import numpy as np

from trato.search.embedding import DIMENSIONS, Vectors
from trato.search.text import fold, words


class ToyEncoder:
    def __init__(self) -> None:
        self.encoded = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += len(texts)
        rows = np.array([self._vector(text) for text in texts], np.float32).reshape(-1, DIMENSIONS)
        lengths: Vectors = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
        rows /= lengths
        return rows

    def knows(self, word: str) -> bool:
        return word in {"casa", "tiempo", "house"}

    @staticmethod
    def _vector(text: str) -> Vectors:
        found = np.full(DIMENSIONS, 1e-3, np.float32)
        for word in words(text):
            seed = np.random.default_rng(zlib.crc32(fold(word)[:5].encode()))
            found += seed.standard_normal(DIMENSIONS).astype(np.float32)
        return found
