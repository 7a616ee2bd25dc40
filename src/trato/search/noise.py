"""Types a question as people do in a hurry: small letters, no accents, no signs, a slip here and there."""

import random
from typing import Final

from trato.search.text import fold

SLIPS: Final = 0.15  # share of the words of four letters or more
_MIN: Final = 4
_NEIGHBOURS: Final = {
    key: row[max(place - 1, 0) : place] + row[place + 1 : place + 2]
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for place, key in enumerate(row)
}


def noisy(text: str, seed: int) -> str:
    """Return the text in small letters, without accents and signs, with slips in every sixth longer word.

    A slip leaves a letter out, doubles it, exchanges two or hits a neighbouring key. At least one word of a
    text that has one long enough is hit. The same seed gives the same slips.
    """
    chance = random.Random(f"{seed}:{text}")  # noqa: S311 no secret
    words = ["".join(char for char in fold(word) if char.isalnum()) for word in text.lower().split()]
    long = [place for place, word in enumerate(words) if len(word) >= _MIN and word.isalpha()]
    hit = {place for place in long if chance.random() < SLIPS}
    if long and not hit:
        hit = {chance.choice(long)}
    return " ".join(_slip(word, chance) if place in hit else word for place, word in enumerate(words) if word)


def _slip(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word) - 1)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    kind = chance.randrange(4)
    if kind == 0:
        return before + after
    if kind == 1:
        return before + letter + letter + after
    if kind == 2:  # noqa: PLR2004 the third kind
        return before + after[:1] + letter + after[1:]
    return before + chance.choice(_NEIGHBOURS.get(letter) or letter) + after
