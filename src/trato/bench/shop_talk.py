"""Made-up messages of a shop in Spanish, Portuguese and English, with words as unevenly common as ours."""

import json
import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

SEED: Final = 7
RARE_WORDS: Final = 120_000  # names of things, slips, codes: the long tail of a language
_OF_PEOPLE: Final = """
ana luis maría josé lucía pedro sofía juan carmen diego valentina miguel julia rafael beatriz joão inês
antônio helena tiago emma oliver grace henry gómez fernández rodríguez lópez díaz ruiz sosa núñez silva
souza oliveira pereira costa smith brown taylor wilson clark
"""
_OF_A_SHOP: Final = """
heladera garantía pedido factura envío reclamo técnico reembolso devolución cuota tarjeta entrega dirección
demora repuesto motor puerta ruido lavarropas cocina televisor cable manual compra precio descuento sucursal
geladeira pedido nota entrega garantia troca reembolso atraso endereço loja máquina cartão boleto parcela
fridge warranty order invoice delivery refund replacement repair delay address store card receipt broken
"""
_SMALL: Final = (
    "de la que el en y a los se no un por con su para como más pero me le ya o este sí porque the to and"
)
_SYLLABLES: Final = (
    "ca ción da dor en es ga gar ía is la lo ma men mi na no pa per que ra re ro sa ta te to tra va vi çã lh"
)
LONG_SHARE: Final = 0.1  # of messages: a mail
NUMBER_SHARE: Final = 0.125  # of messages: an order, an amount
_WORD: Final = re.compile(r"[^\W\d_]{2,}")


class Talk:
    """Draws texts, by one seed the same ones; `shared` is a folder of real texts, used when there is one."""

    def __init__(self, shared: Path | None = None, seed: int = SEED) -> None:
        self._chance = random.Random(seed)
        self.matters = _OF_A_SHOP.split()
        self.people = [word.capitalize() for word in _OF_PEOPLE.split()]
        known = [*_SMALL.split(), *self.matters, *(word for word, _ in _real(shared).most_common())]
        self.words = list(dict.fromkeys(known))
        rare = (self._made_up() for _ in range(RARE_WORDS))
        self.words = list(dict.fromkeys([*self.words, *rare]))
        # Zipf-Mandelbrot: the n-th word of a language is as common as 1 / (n + 3).
        weights = np.cumsum(1 / (np.arange(len(self.words)) + 3))
        self._weights = weights / weights[-1]
        self._numbers = np.random.default_rng(seed)

    def _made_up(self) -> str:
        return "".join(self._chance.choices(_SYLLABLES.split(), k=self._chance.randint(2, 5)))

    def name(self) -> str:
        """Return the name of somebody."""
        return " ".join(self._chance.sample(self.people, 2))

    def messages(self, count: int) -> list[str]:
        """Return messages of some words, one in ten long, one in eight with a number."""
        chance = self._numbers
        long = chance.random(count) < LONG_SHARE
        lengths = np.where(long, chance.integers(40, 120, count), chance.integers(3, 25, count))
        drawn = self._drawn(int(lengths.sum()))
        said, at = [], 0
        for length in lengths.tolist():
            words = drawn[at : at + length]
            at += length
            if self._chance.random() < NUMBER_SHARE:
                words.append(str(self._chance.randrange(10_000, 9_999_999)))
            said.append(f"{' '.join(words)}.")
        return said

    def _drawn(self, count: int) -> list[str]:
        words = self.words
        return [
            words[place] for place in np.searchsorted(self._weights, self._numbers.random(count)).tolist()
        ]

    def common(self) -> str:
        """Return one of the commonest words that carry a matter."""
        return self._chance.choice(self.matters[:20])

    def word(self) -> str:
        """Return a word as often as people use it, of four letters and more."""
        while True:
            (found,) = self._drawn(1)
            if len(found) >= len("cuota") and found.isalpha():
                return found

    def slip(self) -> str:
        """Return a word with two of its letters exchanged."""
        word = self.common() if self._chance.random() < 0.5 else self.word()  # noqa: PLR2004  half of them
        at = self._chance.randrange(1, len(word) - 2)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def shared_texts() -> Path | None:
    """Return the folder of texts beside a checkout, or what TRATO_SHARED_DATA names, if it is there."""
    place = Path(os.environ.get("TRATO_SHARED_DATA", "../shared/data")) / "text"
    return place if place.is_dir() else None


def _real(shared: Path | None) -> Counter[str]:
    found: Counter[str] = Counter()
    for text in _texts(shared) if shared else ():
        found.update(_WORD.findall(text.lower()))
    return found


def _texts(shared: Path) -> Iterator[str]:
    for file in sorted(shared.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            yield from _strings(json.loads(line))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
